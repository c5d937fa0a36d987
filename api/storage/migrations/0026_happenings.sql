-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The kind of event in a verdict's news (`happening.kind`); null for satire and in verdicts of earlier engines, whose
-- assessments do not have it.
ALTER TABLE verdicts ADD COLUMN happening text;
ALTER TABLE stories ADD COLUMN happening text;
ALTER TABLE claims ADD COLUMN happening text;

CREATE OR REPLACE FUNCTION write_story_json() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT left(row_to_json(w)::text, -1) || ',"source":' INTO STRICT NEW.json_before_source
    FROM (SELECT 'story' AS object, NEW.id, NEW.slug, NEW.url, NEW.status, NEW.title,
                 rfc3339(NEW.published_at) AS published_at, NEW.language, NEW.vertical) w;
    SELECT ',"domain":' || to_json(NEW.source_domain) || '},' || substr(row_to_json(w)::text, 2)
    INTO STRICT NEW.json_after_source
    FROM (SELECT NEW.verdict_id, NEW.version, NEW.primary_type AS "primary", NEW.secondary_type AS secondary,
                 NEW.tactic, NEW.score, NEW.band, NEW.stance, NEW.satire, NEW.happening, NEW.deck,
                 rfc3339(NEW.created_at) AS created_at, rfc3339(NEW.updated_at) AS updated_at, NULL AS match) w;
    RETURN NEW;
END $$;

-- The filters of 0007 and a happening. Earlier code calls the functions without it.
CREATE FUNCTION stories_matching(
    of_status text, of_source text, of_source_type text, of_vertical text, of_type text, of_tactic text,
    min_score smallint, max_score smallint, of_band text, of_stance text, of_evidence text, of_language text,
    listed_after timestamptz, listed_before timestamptz, of_entity text, words text, of_happening text)
RETURNS SETOF stories LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT s.*
    FROM stories_matching(of_status, of_source, of_source_type, of_vertical, of_type, of_tactic, min_score,
                          max_score, of_band, of_stance, of_evidence, of_language, listed_after, listed_before,
                          of_entity, words) s
    WHERE of_happening IS NULL OR s.happening = of_happening
$$;
CREATE FUNCTION claims_matching(
    of_kind text, of_support text, of_verification text, of_risk text, of_source text, of_story text, words text,
    of_happening text)
RETURNS SETOF claims LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT c.*
    FROM claims_matching(of_kind, of_support, of_verification, of_risk, of_source, of_story, words) c
    WHERE of_happening IS NULL OR c.happening = of_happening
$$;

-- migrate:down
DROP FUNCTION claims_matching(text, text, text, text, text, text, text, text);
DROP FUNCTION stories_matching(text, text, text, text, text, text, smallint, smallint, text, text, text, text,
    timestamptz, timestamptz, text, text, text);
CREATE OR REPLACE FUNCTION write_story_json() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT left(row_to_json(w)::text, -1) || ',"source":' INTO STRICT NEW.json_before_source
    FROM (SELECT 'story' AS object, NEW.id, NEW.slug, NEW.url, NEW.status, NEW.title,
                 rfc3339(NEW.published_at) AS published_at, NEW.language, NEW.vertical) w;
    SELECT ',"domain":' || to_json(NEW.source_domain) || '},' || substr(row_to_json(w)::text, 2)
    INTO STRICT NEW.json_after_source
    FROM (SELECT NEW.verdict_id, NEW.version, NEW.primary_type AS "primary", NEW.secondary_type AS secondary,
                 NEW.tactic, NEW.score, NEW.band, NEW.stance, NEW.satire, NEW.deck,
                 rfc3339(NEW.created_at) AS created_at, rfc3339(NEW.updated_at) AS updated_at, NULL AS match) w;
    RETURN NEW;
END $$;
ALTER TABLE claims DROP COLUMN happening;
ALTER TABLE stories DROP COLUMN happening;
ALTER TABLE verdicts DROP COLUMN happening;
UPDATE stories SET json_after_source = '';
