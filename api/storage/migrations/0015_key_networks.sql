-- migrate:up
SET LOCAL lock_timeout = '2s';

-- From where a key may be used, as CIDR; empty: from anywhere.
ALTER TABLE api_keys ADD COLUMN networks text[] NOT NULL DEFAULT '{}';

-- migrate:down
ALTER TABLE api_keys DROP COLUMN networks;
