-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Retractions -----------------------------------------------------------------------------------------
-- The public statements of retracted stories. Retractions are final, so rows never change.
CREATE TABLE retractions (
    story_id text PRIMARY KEY REFERENCES stories,
    reason text NOT NULL,
    statement text NOT NULL,
    retracted_at timestamptz NOT NULL
);
CREATE INDEX retractions_time ON retractions (retracted_at);
CREATE TRIGGER retractions_immutable BEFORE UPDATE OR DELETE ON retractions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Sources ---------------------------------------------------------------------------------------------
-- Corrected sources are not overwritten by seeds or pages.
ALTER TABLE sources ADD COLUMN corrected_at timestamptz;

-- Jobs ------------------------------------------------------------------------------------------------
-- `stored`: a story's text is analysed again; story_id is set from the start. `erased`: an erased draft. NOT
-- VALID: existing rows satisfy the stricter previous checks.
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_kind_check,
    DROP CONSTRAINT analysis_jobs_status_check,
    DROP CONSTRAINT analysis_jobs_check1,
    ADD CONSTRAINT analysis_jobs_kind CHECK (kind IN ('url', 'text', 'html', 'stored')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_status
        CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'erased')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_draft_owner
        CHECK (kind IN ('url', 'stored') OR account_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_stored_story CHECK (kind <> 'stored' OR story_id IS NOT NULL) NOT VALID,
    ADD CONSTRAINT analysis_jobs_erased
        CHECK (status <> 'erased' OR (draft IS NULL AND draft_result IS NULL AND error IS NULL)) NOT VALID;

-- Appeals ---------------------------------------------------------------------------------------------
-- account_id and statement are private; the rest is public.
CREATE TABLE appeals (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts,
    story_id text NOT NULL REFERENCES stories,
    verdict_id text NOT NULL REFERENCES verdicts,
    status text NOT NULL CHECK (status IN ('open', 'upheld', 'rejected')),
    findings text[] NOT NULL,
    passages json NOT NULL,
    statement text NOT NULL,
    reply text,
    reply_by text,
    reply_shown boolean NOT NULL DEFAULT false,
    explanation text,
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    CHECK ((status = 'open') = (decided_at IS NULL)),
    CHECK ((status = 'open') = (explanation IS NULL)),
    CHECK (NOT reply_shown OR (reply IS NOT NULL AND status <> 'open'))
);
CREATE INDEX appeals_of_story ON appeals (story_id, id DESC);
CREATE INDEX appeals_of_verdict ON appeals (verdict_id, id DESC);
CREATE INDEX appeals_of_account ON appeals (account_id, id DESC);
CREATE INDEX appeals_open ON appeals (account_id) WHERE status = 'open';

-- Upheld appeals about a text: the findings of a rule at [start_offset, end_offset) do not count.
CREATE TABLE rulings (
    appeal_id text NOT NULL REFERENCES appeals,
    text_sha256 text NOT NULL,
    rule text NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    PRIMARY KEY (text_sha256, rule, start_offset, end_offset, appeal_id)
);
CREATE INDEX rulings_of_appeal ON rulings (appeal_id);
CREATE TRIGGER rulings_immutable BEFORE UPDATE OR DELETE ON rulings
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The rulings applied to a verdict, which depends only on them, the article and the engine.
ALTER TABLE verdicts ADD COLUMN rulings json NOT NULL DEFAULT '[]';

-- migrate:down
ALTER TABLE verdicts DROP COLUMN rulings;
DROP TABLE rulings, appeals, retractions;
ALTER TABLE sources DROP COLUMN corrected_at;
ALTER TABLE analysis_jobs
    DROP CONSTRAINT analysis_jobs_erased,
    DROP CONSTRAINT analysis_jobs_stored_story,
    DROP CONSTRAINT analysis_jobs_draft_owner,
    DROP CONSTRAINT analysis_jobs_status,
    DROP CONSTRAINT analysis_jobs_kind,
    ADD CONSTRAINT analysis_jobs_kind_check CHECK (kind IN ('url', 'text', 'html')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_status_check
        CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')) NOT VALID,
    ADD CONSTRAINT analysis_jobs_check1 CHECK (kind = 'url' OR account_id IS NOT NULL) NOT VALID;
