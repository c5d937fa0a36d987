-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Sitemaps: scored stories by the time at which they were first published here. Built in place, not CONCURRENTLY:
-- no version before this one kept a large table.
CREATE INDEX stories_sitemap ON stories (created_at, id) INCLUDE (updated_at, source_id) WHERE status = 'scored';

-- migrate:down
DROP INDEX stories_sitemap;
