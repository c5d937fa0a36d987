-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Reproductions ---------------------------------------------------------------------------------------
-- A job of this kind runs the engine on a verdict's input; verdict_id is set from the start. NOT VALID: existing
-- rows satisfy the stricter previous check.
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

-- One open reproduction per verdict. Earlier versions wrote no such rows.
CREATE UNIQUE INDEX analysis_jobs_open_reproduction ON analysis_jobs (verdict_id)
    WHERE kind = 'reproduction' AND status IN ('queued', 'running');

-- Exports and imports ---------------------------------------------------------------------------------
-- Imports have no texts: an article is reduced to its page's metadata, a verdict to its public JSON.
ALTER TABLE inputs
    ADD COLUMN page json,
    ALTER COLUMN article DROP NOT NULL,
    ADD CONSTRAINT inputs_article_or_page CHECK (article IS NOT NULL OR page IS NOT NULL) NOT VALID;
ALTER TABLE verdicts ADD COLUMN served json;

-- The position of an import; the latest row names the origin of this database.
CREATE TABLE imports (
    export_id text PRIMARY KEY,
    origin text NOT NULL,
    manifest_sha256 text NOT NULL,
    since text,
    stage smallint NOT NULL DEFAULT 0,
    position text NOT NULL DEFAULT '',
    base_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz
);

-- migrate:down
DROP TABLE imports;
ALTER TABLE verdicts DROP COLUMN served;
ALTER TABLE inputs DROP CONSTRAINT inputs_article_or_page, DROP COLUMN page;
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
