-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The positions of sweeps that walk through tables in steps.
CREATE TABLE sweep_positions (
    name text PRIMARY KEY,
    position text NOT NULL DEFAULT ''
);
INSERT INTO sweep_positions (name) VALUES ('inputs'), ('sources');

-- migrate:down
DROP TABLE sweep_positions;
