-- migrate:up
SET LOCAL lock_timeout = '2s';

-- attempts_before: attempts before the delivery was last resent; the retry schedule starts again after them.
-- succeeded_at: the first success, kept when the delivery is resent.
ALTER TABLE deliveries
    ADD COLUMN attempts_before integer NOT NULL DEFAULT 0,
    ADD COLUMN succeeded_at timestamptz;
UPDATE deliveries SET succeeded_at = finished_at WHERE status = 'succeeded';

-- migrate:down
ALTER TABLE deliveries DROP COLUMN attempts_before, DROP COLUMN succeeded_at;
