-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Jobs that are old enough to go, and whose feed entries they are. Built in place, not CONCURRENTLY: no version before
-- this one kept a large table.
CREATE INDEX analysis_jobs_ended ON analysis_jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX feed_entries_job ON feed_entries (job_id) WHERE job_id IS NOT NULL;

-- Drafts go with their jobs.
DROP INDEX analysis_jobs_kept;

-- migrate:down
CREATE INDEX analysis_jobs_kept ON analysis_jobs (finished_at) WHERE draft IS NOT NULL OR draft_result IS NOT NULL;
DROP INDEX feed_entries_job;
DROP INDEX analysis_jobs_ended;
