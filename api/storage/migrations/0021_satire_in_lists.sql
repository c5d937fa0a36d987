-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Whether the current verdict classifies the text as satire; null without a verdict on it.
ALTER TABLE stories ADD COLUMN satire boolean;

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

-- Verdicts before the satire field do not contain it. In one statement, as in 0019.
UPDATE stories s
SET satire = CASE WHEN v.assessment -> 'spin' ->> 'primary' IS NOT NULL
                  THEN coalesce((v.assessment -> 'spin' ->> 'satire')::boolean, false) END
FROM verdicts v WHERE v.id = s.verdict_id;

-- migrate:down
CREATE OR REPLACE FUNCTION write_story_json() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT left(row_to_json(w)::text, -1) || ',"source":' INTO STRICT NEW.json_before_source
    FROM (SELECT 'story' AS object, NEW.id, NEW.slug, NEW.url, NEW.status, NEW.title,
                 rfc3339(NEW.published_at) AS published_at, NEW.language, NEW.vertical) w;
    SELECT ',"domain":' || to_json(NEW.source_domain) || '},' || substr(row_to_json(w)::text, 2)
    INTO STRICT NEW.json_after_source
    FROM (SELECT NEW.verdict_id, NEW.version, NEW.primary_type AS "primary", NEW.secondary_type AS secondary,
                 NEW.tactic, NEW.score, NEW.band, NEW.stance, NEW.deck, rfc3339(NEW.created_at) AS created_at,
                 rfc3339(NEW.updated_at) AS updated_at, NULL AS match) w;
    RETURN NEW;
END $$;
ALTER TABLE stories DROP COLUMN satire;
UPDATE stories SET json_after_source = '';
