-- migrate:up
SET LOCAL lock_timeout = '2s';

-- They are empty, as no row has a happening yet: the tables are read once, while writers wait. CONCURRENTLY would be
-- deadlocked by another process that waits to migrate.
CREATE INDEX stories_by_happening ON stories (happening, listed_at DESC, id DESC)
    WHERE status = 'scored' AND happening IS NOT NULL;
CREATE INDEX claims_by_happening ON claims (happening, listed_at DESC, id DESC)
    WHERE current AND happening IS NOT NULL;

-- migrate:down
DROP INDEX claims_by_happening, stories_by_happening;
