-- migrate:up
SET LOCAL lock_timeout = '2s';

-- For misspelt names. A trusted extension: the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Lists of stories ------------------------------------------------------------------------------------
-- The indexes are not built CONCURRENTLY, as earlier versions had no large tables.
CREATE INDEX stories_by_source_type ON stories (source_type, listed_at DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_tactic ON stories (tactic, listed_at DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_source_score ON stories (source_id, score DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_type_score ON stories (primary_type, score DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_vertical_score ON stories (vertical, score DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_update ON stories (updated_at DESC, id DESC) WHERE status = 'scored';

-- Search ----------------------------------------------------------------------------------------------
-- The searchable words of a story: its public texts, never the article. A separate table, so that lists do not
-- read it and a change updates one index.
CREATE TABLE story_search (
    story_id text PRIMARY KEY REFERENCES stories,
    listed_at timestamptz NOT NULL,
    title text NOT NULL,
    deck text NOT NULL,
    summary text NOT NULL,
    keywords text NOT NULL,
    claims text NOT NULL,
    entities text NOT NULL,
    document tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A')
        || setweight(to_tsvector('english', entities), 'A')
        || setweight(to_tsvector('english', deck), 'B')
        || setweight(to_tsvector('english', keywords), 'B')
        || setweight(to_tsvector('english', summary), 'C')
        || setweight(to_tsvector('english', claims), 'D')
    ) STORED
);
CREATE INDEX story_search_document ON story_search USING gin (document) WITH (fastupdate = off);
CREATE INDEX story_search_listed ON story_search (listed_at DESC, story_id DESC);

-- A story's current words. U+E000 and U+E001 mark hits in snippets, so texts must not contain them.
CREATE FUNCTION words_of_story(wanted text)
RETURNS TABLE (story_id text, listed_at timestamptz, title text, deck text, summary text, keywords text,
               claims text, entities text)
LANGUAGE sql STABLE AS $$
    SELECT s.id, s.listed_at,
           translate(s.title, U&'\E000\E001', ''),
           translate(coalesce(s.deck, ''), U&'\E000\E001', ''),
           translate(coalesce(v.assessment ->> 'summary', ''), U&'\E000\E001', ''),
           translate(coalesce((SELECT string_agg(k.word, E'\n' ORDER BY k.place)
                               FROM json_array_elements_text(v.assessment -> 'keywords')
                                    WITH ORDINALITY AS k (word, place)), ''), U&'\E000\E001', ''),
           translate(coalesce((SELECT string_agg(c.body ->> 'text', E'\n' ORDER BY c.number)
                               FROM claims c WHERE c.story_id = s.id AND c.current), ''), U&'\E000\E001', ''),
           translate(coalesce((SELECT string_agg(e.name, E'\n' ORDER BY l.salience DESC, e.id)
                               FROM story_entities l JOIN entities e ON e.id = l.entity_id
                               WHERE l.story_id = s.id), ''), U&'\E000\E001', '')
    FROM stories s JOIN verdicts v ON v.id = s.verdict_id
    WHERE s.id = wanted
$$;

INSERT INTO story_search (story_id, listed_at, title, deck, summary, keywords, claims, entities)
SELECT w.story_id, w.listed_at, w.title, w.deck, w.summary, w.keywords, w.claims, w.entities
FROM stories s CROSS JOIN LATERAL words_of_story(s.id) w;

CREATE INDEX claims_text ON claims USING gin (to_tsvector('english', body ->> 'text')) WHERE current;
CREATE INDEX claims_by_source ON claims (source_id, listed_at DESC, id DESC) WHERE current;
CREATE INDEX claims_by_support ON claims (support, listed_at DESC, id DESC) WHERE current;
CREATE INDEX entities_by_type ON entities (type, id);
CREATE INDEX entities_name ON entities USING gin (name gin_trgm_ops);
CREATE INDEX sources_name ON sources USING gin (name gin_trgm_ops);

-- Filters ---------------------------------------------------------------------------------------------
-- Stories that match all filters that are not null. The planner inlines the body and drops null filters, so each
-- combination has its own plan; lists, counts, statistics and search share it.
CREATE FUNCTION stories_matching(
    of_status text, of_source text, of_source_type text, of_vertical text, of_type text, of_tactic text,
    min_score smallint, max_score smallint, of_band text, of_stance text, of_evidence text, of_language text,
    listed_after timestamptz, listed_before timestamptz, of_entity text, words text)
RETURNS SETOF stories LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT s.* FROM stories s
    WHERE s.status = of_status
      AND (of_source IS NULL OR s.source_id = of_source)
      AND (of_source_type IS NULL OR s.source_type = of_source_type)
      AND (of_vertical IS NULL OR s.vertical = of_vertical)
      AND (of_type IS NULL OR s.primary_type = of_type)
      AND (of_tactic IS NULL OR s.tactic = of_tactic)
      AND (min_score IS NULL OR s.score >= min_score)
      AND (max_score IS NULL OR s.score <= max_score)
      AND (of_band IS NULL OR s.band = of_band)
      AND (of_stance IS NULL OR s.stance = of_stance)
      AND (of_evidence IS NULL OR s.evidence_strength = of_evidence)
      AND (of_language IS NULL OR s.language = of_language)
      AND (listed_after IS NULL OR s.listed_at > listed_after)
      AND (listed_before IS NULL OR s.listed_at < listed_before)
      AND (of_entity IS NULL OR s.id = ANY (ARRAY(
          SELECT l.story_id FROM story_entities l WHERE l.entity_id = of_entity)))
      AND (words IS NULL OR s.id = ANY (ARRAY(
          SELECT f.story_id FROM story_search f WHERE f.document @@ websearch_to_tsquery('english', words)
          ORDER BY f.listed_at DESC, f.story_id DESC LIMIT 10000)))
$$;

-- The same for claims of current verdicts.
CREATE FUNCTION claims_matching(
    of_kind text, of_support text, of_verification text, of_risk text, of_source text, of_story text, words text)
RETURNS SETOF claims LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT c.* FROM claims c
    WHERE c.current
      AND (of_kind IS NULL OR c.kind = of_kind)
      AND (of_support IS NULL OR c.support = of_support)
      AND (of_verification IS NULL OR c.verification = of_verification)
      AND (of_risk IS NULL OR c.risk = of_risk)
      AND (of_source IS NULL OR c.source_id = of_source)
      AND (of_story IS NULL OR c.story_id = of_story)
      AND (words IS NULL
           OR to_tsvector('english', c.body ->> 'text') @@ websearch_to_tsquery('english', words))
$$;

-- The word of a name nearest to a misspelt one; null if none is near. The threshold is below the default, which
-- excludes two swapped letters in a name of eight.
CREATE FUNCTION nearest_name(misspelt text) RETURNS text
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.3 AS $$
    SELECT near.word
    FROM (SELECT e.name FROM entities e WHERE e.name %> misspelt
          UNION ALL SELECT o.name FROM sources o WHERE o.name %> misspelt) AS named,
         regexp_split_to_table(named.name, '\W+') AS near (word)
    WHERE similarity(near.word, misspelt) >= 0.3
    ORDER BY similarity(near.word, misspelt) DESC, near.word LIMIT 1
$$;

-- migrate:down
DROP FUNCTION nearest_name(text);
DROP FUNCTION claims_matching(text, text, text, text, text, text, text);
DROP FUNCTION stories_matching(text, text, text, text, text, text, smallint, smallint, text, text, text, text,
    timestamptz, timestamptz, text, text);
DROP INDEX sources_name, entities_name, entities_by_type, claims_by_support, claims_by_source, claims_text;
DROP FUNCTION words_of_story(text);
DROP TABLE story_search;
DROP INDEX stories_by_update, stories_by_vertical_score, stories_by_type_score, stories_by_source_score,
    stories_by_tactic, stories_by_source_type;
DROP EXTENSION pg_trgm;
