-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The key charged for an analysis, and the units; 0 after a refund.
ALTER TABLE analyses
    ADD COLUMN key_id text,
    ADD COLUMN charged integer NOT NULL DEFAULT 0;

-- An account's latest submissions, for its limits, and for its quota while Valkey is unavailable.
CREATE INDEX analyses_recent ON analyses (account_id, created_at);

-- migrate:down
DROP INDEX analyses_recent;
ALTER TABLE analyses DROP COLUMN key_id, DROP COLUMN charged;
