-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Changes of served objects, for processes with copies. Numbers are assigned at commit under the counter's lock,
-- so they are in the order of visibility.
CREATE TABLE change_counter (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    n bigint NOT NULL
);
INSERT INTO change_counter (n) VALUES (0);

CREATE TABLE changes (
    number bigint PRIMARY KEY,
    object_id text NOT NULL,
    row_version bigint NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX changes_noted ON changes (noted_at);

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE next bigint;
BEGIN
    UPDATE change_counter SET n = n + 1 RETURNING n INTO next;
    INSERT INTO changes (number, object_id, row_version) VALUES (next, NEW.id, NEW.row_version);
    RETURN NULL;
END $$;

-- Deferred: the counter is locked during commit only. New rows are in nobody's cache.
CREATE CONSTRAINT TRIGGER stories_noted AFTER UPDATE ON stories DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.row_version <> NEW.row_version) EXECUTE FUNCTION note_change();
CREATE CONSTRAINT TRIGGER sources_noted AFTER UPDATE ON sources DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.row_version <> NEW.row_version) EXECUTE FUNCTION note_change();

-- migrate:down
DROP TRIGGER stories_noted ON stories;
DROP TRIGGER sources_noted ON sources;
DROP FUNCTION note_change();
DROP TABLE changes, change_counter;
