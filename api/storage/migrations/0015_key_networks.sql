-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Networks from which a key may be used, as CIDR; empty: any.
ALTER TABLE api_keys ADD COLUMN networks text[] NOT NULL DEFAULT '{}';

-- migrate:down
ALTER TABLE api_keys DROP COLUMN networks;
