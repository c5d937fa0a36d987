-- migrate:up
SET LOCAL lock_timeout = '2s';

-- A short name shares most of what it has with any longer word that begins with it: `Glow` came before `Glowbird` for
-- `glowbrid`. Letters are swapped, doubled or left out, so a misspelt word is about as long as what is meant.
CREATE OR REPLACE FUNCTION nearest_name(misspelt text) RETURNS text
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.3 AS $$
    SELECT near.word
    FROM (SELECT e.name FROM entities e WHERE e.name %> misspelt
          UNION ALL SELECT o.name FROM sources o WHERE o.name %> misspelt) AS named,
         regexp_split_to_table(named.name, '\W+') AS near (word)
    WHERE similarity(near.word, misspelt) >= 0.3
    ORDER BY similarity(near.word, misspelt) * least(length(near.word), length(misspelt))
             / greatest(length(near.word), length(misspelt)) DESC,
             near.word
    LIMIT 1
$$;

-- migrate:down
CREATE OR REPLACE FUNCTION nearest_name(misspelt text) RETURNS text
LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.3 AS $$
    SELECT near.word
    FROM (SELECT e.name FROM entities e WHERE e.name %> misspelt
          UNION ALL SELECT o.name FROM sources o WHERE o.name %> misspelt) AS named,
         regexp_split_to_table(named.name, '\W+') AS near (word)
    WHERE similarity(near.word, misspelt) >= 0.3
    ORDER BY similarity(near.word, misspelt) DESC, near.word LIMIT 1
$$;
