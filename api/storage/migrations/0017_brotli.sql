-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The third coding of a document. NULL: stored by an earlier release, and rendered anew at its next reading.
ALTER TABLE documents ADD COLUMN body_br bytea;

-- migrate:down
ALTER TABLE documents DROP COLUMN body_br;
