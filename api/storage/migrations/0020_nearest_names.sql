-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Short names match the beginnings of longer words: `Glow` ranked before `Glowbird` for `glowbrid`. Misspelt
-- words are about as long as the correct ones.
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
