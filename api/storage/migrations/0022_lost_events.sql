-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The newest deleted event: earlier ones cannot be recovered completely.
ALTER TABLE event_counter ADD COLUMN forgotten bigint, ADD COLUMN forgotten_at timestamptz;

-- The last event that was deleted before the endpoint received it.
ALTER TABLE webhook_endpoints ADD COLUMN lost_through bigint;

-- migrate:down
ALTER TABLE webhook_endpoints DROP COLUMN lost_through;
ALTER TABLE event_counter DROP COLUMN forgotten_at, DROP COLUMN forgotten;
