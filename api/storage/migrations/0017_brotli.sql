-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The Brotli form of a document. NULL: stored by an earlier release, rendered again at the next read.
ALTER TABLE documents ADD COLUMN body_br bytea;

-- migrate:down
ALTER TABLE documents DROP COLUMN body_br;
