-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Keys ------------------------------------------------------------------------------------------------
-- prefix identifies the key in logs. row_version rises with every change of the key, not with its use.
ALTER TABLE api_keys
    ADD COLUMN prefix text,
    ADD COLUMN replaces text REFERENCES api_keys,
    ADD COLUMN row_version bigint NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX api_keys_one_successor ON api_keys (replaces) WHERE revoked_at IS NULL;

-- Audit -----------------------------------------------------------------------------------------------
-- Who did what to which object. Without foreign keys, as entries outlive their objects. account_id and key_id are
-- null without a caller: see actor.
CREATE TABLE audit_log (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL CHECK (actor IN ('key', 'command_line', 'service')),
    account_id text,
    key_id text,
    action text NOT NULL,
    object_id text NOT NULL,
    before_sha256 bytea,
    after_sha256 bytea,
    address text,
    request_id text,
    CHECK ((actor = 'key') = (key_id IS NOT NULL))
);
CREATE INDEX audit_log_object ON audit_log (object_id, number);
CREATE TRIGGER audit_log_immutable BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_kept BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Idempotency -----------------------------------------------------------------------------------------
-- Responses to requests with an Idempotency-Key, written in the transaction of the effect. digest is of account,
-- method, path and key, as a path may exceed an index entry.
CREATE TABLE idempotency_records (
    digest bytea PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts,
    fingerprint bytea NOT NULL,
    status smallint NOT NULL,
    headers json NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_records_age ON idempotency_records (created_at);

-- migrate:down
DROP TABLE idempotency_records, audit_log;
DROP INDEX api_keys_one_successor;
ALTER TABLE api_keys DROP COLUMN prefix, DROP COLUMN replaces, DROP COLUMN row_version;
