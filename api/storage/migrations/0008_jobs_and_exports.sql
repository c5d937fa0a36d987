-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The latest attempt to read a page.
CREATE INDEX analysis_jobs_of_url ON analysis_jobs (url_key, created_at DESC) WHERE kind = 'url';

-- Expired drafts and their verdicts.
CREATE INDEX analysis_jobs_kept ON analysis_jobs (finished_at) WHERE draft IS NOT NULL OR draft_result IS NOT NULL;

-- migrate:down
DROP INDEX analysis_jobs_kept;
DROP INDEX analysis_jobs_of_url;
