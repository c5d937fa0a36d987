-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Expired jobs and their feed entries. Not CONCURRENTLY, as earlier versions had no large tables.
CREATE INDEX analysis_jobs_ended ON analysis_jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX feed_entries_job ON feed_entries (job_id) WHERE job_id IS NOT NULL;

-- Drafts are deleted with their jobs.
DROP INDEX analysis_jobs_kept;

-- migrate:down
CREATE INDEX analysis_jobs_kept ON analysis_jobs (finished_at) WHERE draft IS NOT NULL OR draft_result IS NOT NULL;
DROP INDEX feed_entries_job;
DROP INDEX analysis_jobs_ended;
