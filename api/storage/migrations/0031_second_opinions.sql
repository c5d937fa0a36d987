-- migrate:up
SET LOCAL lock_timeout = '2s';

-- The assessment of the judge whose verdict is not the published one, and how far the two agree (schemas/agreements.py).
-- Null: one judge only.
ALTER TABLE verdicts
    ADD COLUMN second json,
    ADD COLUMN agreement json,
    ADD COLUMN contested boolean;

-- A job of this kind asks a language model for its judgement. NOT VALID: existing rows satisfy the stricter previous
-- checks.
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_kind,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    DROP CONSTRAINT analysis_jobs_of_verdict,
    ADD CONSTRAINT analysis_jobs_kind CHECK (
        kind IN ('url', 'text', 'html', 'stored', 'reproduction', 'explanation', 'second_opinion')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner CHECK (
        kind IN ('url', 'stored', 'reproduction', 'explanation', 'second_opinion') OR account_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_of_verdict CHECK (
        kind NOT IN ('reproduction', 'explanation', 'second_opinion') OR verdict_id IS NOT NULL) NOT VALID;

-- migrate:down
DELETE FROM analyses USING analysis_jobs j WHERE j.id = analyses.job_id AND j.kind = 'second_opinion';
DELETE FROM analysis_jobs WHERE kind = 'second_opinion';
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_of_verdict,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    DROP CONSTRAINT analysis_jobs_kind,
    ADD CONSTRAINT analysis_jobs_kind
        CHECK (kind IN ('url', 'text', 'html', 'stored', 'reproduction', 'explanation')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner
        CHECK (kind IN ('url', 'stored', 'reproduction', 'explanation') OR account_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_of_verdict
        CHECK (kind NOT IN ('reproduction', 'explanation') OR verdict_id IS NOT NULL) NOT VALID;
ALTER TABLE verdicts DROP COLUMN contested, DROP COLUMN agreement, DROP COLUMN second;
