-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Verdicts on the text without some sentences, made on request (see ScoreExplanation.read_again). The spans are in
-- the words of the text, of which the quote budget serves a part.
CREATE TABLE read_again (
    verdict_id text NOT NULL REFERENCES verdicts,
    engine_digest text NOT NULL,
    readings json NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (verdict_id, engine_digest)
);

-- A job of this kind makes them. NOT VALID: existing rows satisfy the stricter previous checks.
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_kind,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    DROP CONSTRAINT analysis_jobs_reproduced_verdict,
    ADD CONSTRAINT analysis_jobs_kind
        CHECK (kind IN ('url', 'text', 'html', 'stored', 'reproduction', 'explanation')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner
        CHECK (kind IN ('url', 'stored', 'reproduction', 'explanation') OR account_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_of_verdict
        CHECK (kind NOT IN ('reproduction', 'explanation') OR verdict_id IS NOT NULL) NOT VALID;

-- One open job of a kind per verdict; jobs of other kinds have no verdict while they are open.
CREATE UNIQUE INDEX analysis_jobs_open_of_verdict ON analysis_jobs (verdict_id, kind)
    WHERE status IN ('queued', 'running');

-- migrate:down
DROP INDEX analysis_jobs_open_of_verdict;
DELETE FROM analyses USING analysis_jobs j WHERE j.id = analyses.job_id AND j.kind = 'explanation';
DELETE FROM analysis_jobs WHERE kind = 'explanation';
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_of_verdict,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    DROP CONSTRAINT analysis_jobs_kind,
    ADD CONSTRAINT analysis_jobs_kind
        CHECK (kind IN ('url', 'text', 'html', 'stored', 'reproduction')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner
        CHECK (kind IN ('url', 'stored', 'reproduction') OR account_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_reproduced_verdict
        CHECK (kind <> 'reproduction' OR verdict_id IS NOT NULL) NOT VALID;
DROP TABLE read_again;
