-- migrate:up
SET LOCAL lock_timeout = '2s';

-- A story's JSON as it stands in lists, written with its row: to make a hundred of them costs more than to find them.
-- In two parts, for between them stands the source, which changes by itself.
ALTER TABLE stories ADD COLUMN json_before_source text, ADD COLUMN json_after_source text;

-- A time as everywhere in the contract: UTC, to the millisecond.
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE FUNCTION write_story_json() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT left(row_to_json(w)::text, -1) || ',"source":' INTO STRICT NEW.json_before_source
    FROM (SELECT 'story' AS object, NEW.id, NEW.slug, NEW.url, NEW.status, NEW.title,
                 rfc3339(NEW.published_at) AS published_at, NEW.language, NEW.vertical) w;
    SELECT ',' || substr(row_to_json(w)::text, 2) INTO STRICT NEW.json_after_source
    FROM (SELECT NEW.verdict_id, NEW.version, NEW.primary_type AS "primary", NEW.secondary_type AS secondary,
                 NEW.tactic, NEW.score, NEW.band, NEW.stance, NEW.deck, rfc3339(NEW.created_at) AS created_at,
                 rfc3339(NEW.updated_at) AS updated_at, NULL AS match) w;
    RETURN NEW;
END $$;

CREATE TRIGGER stories_json BEFORE INSERT OR UPDATE ON stories
    FOR EACH ROW EXECUTE FUNCTION write_story_json();
-- Also for who loads many rows without other triggers (session_replication_role).
ALTER TABLE stories ENABLE ALWAYS TRIGGER stories_json;

-- The trigger fills it. In place: no version before this one kept a large table.
UPDATE stories SET json_before_source = NULL;
ALTER TABLE stories ALTER COLUMN json_before_source SET NOT NULL, ALTER COLUMN json_after_source SET NOT NULL;

-- What a story says of its source, as JSON. A function of one expression: the planner puts it in the place of the call.
CREATE FUNCTION source_json(o sources, domain text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat('{"id":"', o.id, '","slug":', to_json(o.slug), ',"name":', to_json(o.name), ',"type":"', o.type,
                  '","domain":', to_json(domain), '}')
$$;

-- migrate:down
DROP FUNCTION source_json(sources, text);
DROP TRIGGER stories_json ON stories;
DROP FUNCTION write_story_json();
DROP FUNCTION rfc3339(timestamptz);
ALTER TABLE stories DROP COLUMN json_before_source, DROP COLUMN json_after_source;
