-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Reproductions ---------------------------------------------------------------------------------------
-- A job of this kind runs the engine once more on what a verdict was made from; verdict_id names it from the start.
-- NOT VALID: rows of before fit already, by the narrower check that they were written under.
ALTER TABLE analysis_jobs
    ADD COLUMN reproduction json,
    DROP CONSTRAINT analysis_jobs_kind,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    ADD CONSTRAINT analysis_jobs_kind
        CHECK (kind IN ('url', 'text', 'html', 'stored', 'reproduction')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner
        CHECK (kind IN ('url', 'stored', 'reproduction') OR account_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_reproduced_verdict
        CHECK (kind <> 'reproduction' OR verdict_id IS NOT NULL) NOT VALID;

-- One open reproduction a verdict, whoever asks for it. No version before this one wrote such rows.
CREATE UNIQUE INDEX analysis_jobs_open_reproduction ON analysis_jobs (verdict_id)
    WHERE kind = 'reproduction' AND status IN ('queued', 'running');

-- migrate:down
DROP INDEX analysis_jobs_open_reproduction;
DELETE FROM analyses USING analysis_jobs j WHERE j.id = analyses.job_id AND j.kind = 'reproduction';
DELETE FROM analysis_jobs WHERE kind = 'reproduction';
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_reproduced_verdict,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    DROP CONSTRAINT analysis_jobs_kind,
    ADD CONSTRAINT analysis_jobs_kind CHECK (kind IN ('url', 'text', 'html', 'stored')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner
        CHECK (kind IN ('url', 'stored') OR account_id IS NOT NULL) NOT VALID,
    DROP COLUMN reproduction;
