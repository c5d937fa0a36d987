-- migrate:up transaction:false
-- The trigger writes each story's list JSON again, with its happening, a thousand stories in a transaction.
DO $$
DECLARE
    last text := '';
BEGIN
    LOOP
        WITH batch AS (SELECT id FROM stories WHERE id > last ORDER BY id LIMIT 1000),
             written AS (UPDATE stories s SET json_after_source = '' FROM batch b WHERE s.id = b.id RETURNING s.id)
        SELECT max(id) INTO last FROM written;
        EXIT WHEN last IS NULL;
        COMMIT;
    END LOOP;
END $$;

-- migrate:down
SELECT 1;
