-- migrate:up
SET LOCAL lock_timeout = '2s';

-- How far the sweeps came that walk through a whole table bit by bit, round after round.
CREATE TABLE sweep_positions (
    name text PRIMARY KEY,
    position text NOT NULL DEFAULT ''
);
INSERT INTO sweep_positions (name) VALUES ('inputs'), ('sources');

-- migrate:down
DROP TABLE sweep_positions;
