-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Callbacks -------------------------------------------------------------------------------------------
-- Endpoints that receive the end of an analysis, regardless of event_types.
CREATE TABLE analysis_callbacks (
    analysis_id text NOT NULL REFERENCES analyses ON DELETE CASCADE,
    endpoint_id text NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
    PRIMARY KEY (analysis_id, endpoint_id)
);
CREATE INDEX analysis_callbacks_endpoint ON analysis_callbacks (endpoint_id);

-- Endpoints -------------------------------------------------------------------------------------------
-- rate_limit: deliveries per second; NULL: unlimited. paced_until: the earliest start of the next one, for all
-- workers. headers: encrypted JSON; header_names are not. missed_until: the last event of a bounded recovery.
ALTER TABLE webhook_endpoints
    ADD COLUMN rate_limit integer CHECK (rate_limit > 0),
    ADD COLUMN paced_until timestamptz,
    ADD COLUMN headers bytea,
    ADD COLUMN header_names text[] NOT NULL DEFAULT '{}',
    ADD COLUMN missed_until bigint;

-- Deliveries ------------------------------------------------------------------------------------------
-- The backlog of endpoints.
CREATE INDEX deliveries_waiting ON deliveries (endpoint_id, next_attempt_at) WHERE status = 'pending';

-- Events ----------------------------------------------------------------------------------------------
-- Events by time.
CREATE INDEX events_by_time ON events (created_at);

-- migrate:down
DROP INDEX events_by_time;
DROP INDEX deliveries_waiting;
ALTER TABLE webhook_endpoints
    DROP COLUMN rate_limit, DROP COLUMN paced_until, DROP COLUMN headers, DROP COLUMN header_names,
    DROP COLUMN missed_until;
DROP TABLE analysis_callbacks;
