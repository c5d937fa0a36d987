-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Engines' proposals for articles, stored so that a new analysis does not request them again.
CREATE TABLE proposals (
    input_digest text NOT NULL,
    engine text NOT NULL,
    prompt text NOT NULL,
    job_id text NOT NULL,
    story_id text REFERENCES stories,
    proposal bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (input_digest, engine, prompt)
);
CREATE INDEX proposals_job ON proposals (job_id);
CREATE INDEX proposals_story ON proposals (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX proposals_unpublished ON proposals (created_at) WHERE story_id IS NULL;

-- migrate:down
DROP TABLE proposals;
