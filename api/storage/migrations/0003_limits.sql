-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Which key paid for an analysis, and how many units; 0 once they were given back.
ALTER TABLE analyses
    ADD COLUMN key_id text,
    ADD COLUMN charged integer NOT NULL DEFAULT 0;

-- An account's latest submissions: for its caps, and for its quota while Valkey is away.
CREATE INDEX analyses_recent ON analyses (account_id, created_at);

-- migrate:down
DROP INDEX analyses_recent;
ALTER TABLE analyses DROP COLUMN key_id, DROP COLUMN charged;
