-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Events ----------------------------------------------------------------------------------------------
-- Separate scans of public events and of an account's.
CREATE INDEX events_public ON events (sequence) WHERE account_id IS NULL;
CREATE INDEX events_by_account ON events (account_id, sequence) WHERE account_id IS NOT NULL;

-- Fan-out jobs, written by the statement that appends the events.
CREATE TABLE fan_outs (
    first_sequence bigint PRIMARY KEY,
    last_sequence bigint NOT NULL
);

-- Endpoints -------------------------------------------------------------------------------------------
-- Empty event_types: all. missed_after is the last event before the missed ones, for which there are no rows
-- because the circuit breaker was open. row_version rises with every change by the owner.
CREATE TABLE webhook_endpoints (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts,
    url text NOT NULL,
    description text NOT NULL,
    event_types text[] NOT NULL,
    predicate text,
    payload text NOT NULL CHECK (payload IN ('thin', 'full')),
    status text NOT NULL CHECK (status IN ('pending', 'active', 'disabled')),
    disabled_reason text,
    first_failure_at timestamptz,
    last_failure_at timestamptz,
    failing_since timestamptz,
    breaker_until timestamptz,
    missed_after bigint,
    row_version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((status = 'disabled') = (disabled_reason IS NOT NULL))
);
CREATE INDEX webhook_endpoints_account ON webhook_endpoints (account_id, id);
CREATE INDEX webhook_endpoints_missed ON webhook_endpoints (breaker_until) WHERE missed_after IS NOT NULL;

-- Encrypted; the one without an expiry is current.
CREATE TABLE webhook_secrets (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id text NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz
);
CREATE UNIQUE INDEX webhook_secrets_current ON webhook_secrets (endpoint_id) WHERE expires_at IS NULL;
CREATE INDEX webhook_secrets_endpoint ON webhook_secrets (endpoint_id, number);

-- Deliveries ------------------------------------------------------------------------------------------
-- One per endpoint and event. message is an event outside the log: a ping, a test. claims is the fence: only the
-- latest claim may record an outcome.
CREATE TABLE deliveries (
    id text PRIMARY KEY,
    endpoint_id text NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    event_id text NOT NULL,
    event_sequence bigint,
    event_type text NOT NULL,
    message json,
    status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'cancelled')),
    attempts integer NOT NULL DEFAULT 0,
    claims integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    UNIQUE (endpoint_id, event_id),
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((event_sequence IS NULL) = (message IS NOT NULL))
);
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, id);

CREATE TABLE delivery_attempts (
    id text PRIMARY KEY,
    delivery_id text NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    endpoint_id text NOT NULL,
    number integer NOT NULL,
    attempted_at timestamptz NOT NULL,
    status_code integer,
    latency_ms integer NOT NULL,
    error text,
    answer text NOT NULL
);
CREATE INDEX delivery_attempts_delivery ON delivery_attempts (delivery_id, id);
CREATE INDEX delivery_attempts_endpoint ON delivery_attempts (endpoint_id, id);

-- migrate:down
DROP TABLE delivery_attempts, deliveries, webhook_secrets, webhook_endpoints, fan_outs;
DROP INDEX events_public, events_by_account;
