-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Sitemaps: scored stories by the time at which they were first published here. Built in place, not CONCURRENTLY:
-- no version before this one kept a large table.
CREATE INDEX stories_sitemap ON stories (created_at, id) INCLUDE (updated_at, source_id) WHERE status = 'scored';

-- Stories that search engines are still to be told of, where they are told at all. noted_at tells a later change
-- from the one that is being told.
CREATE TABLE search_notices (
    story_id text PRIMARY KEY REFERENCES stories,
    noted_at timestamptz NOT NULL
);
CREATE INDEX search_notices_noted ON search_notices (noted_at);

-- migrate:down
DROP TABLE search_notices;
DROP INDEX stories_sitemap;
