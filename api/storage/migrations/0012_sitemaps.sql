-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Sitemaps: scored stories by first publication. Not CONCURRENTLY, as earlier versions had no large tables.
CREATE INDEX stories_sitemap ON stories (created_at, id) INCLUDE (updated_at, source_id) WHERE status = 'scored';

-- The IndexNow outbox. noted_at distinguishes a later change from the one being sent.
CREATE TABLE search_notices (
    story_id text PRIMARY KEY REFERENCES stories,
    noted_at timestamptz NOT NULL
);
CREATE INDEX search_notices_noted ON search_notices (noted_at);

-- migrate:down
DROP TABLE search_notices;
DROP INDEX stories_sitemap;
