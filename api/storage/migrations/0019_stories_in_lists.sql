-- migrate:up
SET LOCAL lock_timeout = '2s';

-- A story's JSON in lists, stored because building a hundred costs more than finding them. In three parts, as the
-- source changes independently: before it, the source up to its domain, and the rest.
ALTER TABLE stories ADD COLUMN json_before_source text, ADD COLUMN json_after_source text;
ALTER TABLE sources ADD COLUMN json text;

-- A time as in the API: UTC, in milliseconds.
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE FUNCTION write_story_json() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION write_source_json() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT left(row_to_json(w)::text, -1) INTO STRICT NEW.json FROM (SELECT NEW.id, NEW.slug, NEW.name, NEW.type) w;
    RETURN NEW;
END $$;

CREATE TRIGGER stories_json BEFORE INSERT OR UPDATE ON stories
    FOR EACH ROW EXECUTE FUNCTION write_story_json();
CREATE TRIGGER sources_json BEFORE INSERT OR UPDATE ON sources
    FOR EACH ROW EXECUTE FUNCTION write_source_json();
-- Also for bulk loads that disable triggers (session_replication_role).
ALTER TABLE stories ENABLE ALWAYS TRIGGER stories_json;
ALTER TABLE sources ENABLE ALWAYS TRIGGER sources_json;

-- Filled by the triggers, in one statement, as earlier versions had no large tables.
UPDATE stories SET json_before_source = NULL;
UPDATE sources SET json = NULL;
ALTER TABLE stories ALTER COLUMN json_before_source SET NOT NULL, ALTER COLUMN json_after_source SET NOT NULL;
ALTER TABLE sources ALTER COLUMN json SET NOT NULL;

-- migrate:down
DROP TRIGGER sources_json ON sources;
DROP TRIGGER stories_json ON stories;
DROP FUNCTION write_source_json();
DROP FUNCTION write_story_json();
DROP FUNCTION rfc3339(timestamptz);
ALTER TABLE sources DROP COLUMN json;
ALTER TABLE stories DROP COLUMN json_before_source, DROP COLUMN json_after_source;
