-- migrate:up
SET LOCAL lock_timeout = '2s';

-- It is empty, as no verdict is contested yet: the table is read once, while writers wait.
CREATE INDEX verdicts_contested ON verdicts (id) WHERE contested;

-- migrate:down
DROP INDEX verdicts_contested;
