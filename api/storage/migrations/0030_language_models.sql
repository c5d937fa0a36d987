-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Answers of language models, before verification against the text. `part` counts the parts of the text from 0.
-- The answer is UTF-8 in bytea: models write U+0000, which text refuses.
CREATE TABLE model_answers (
    request_digest text NOT NULL,
    model text NOT NULL,
    input_digest text NOT NULL,
    call text NOT NULL,
    part smallint NOT NULL,
    prompt_digest text NOT NULL,
    answer bytea NOT NULL,
    recorded boolean NOT NULL,
    prompt_tokens integer,
    completion_tokens integer,
    cost_micros bigint,
    job_id text,
    story_id text REFERENCES stories,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (request_digest, model)
);
CREATE INDEX model_answers_input ON model_answers (input_digest);
CREATE INDEX model_answers_job ON model_answers (job_id);
CREATE INDEX model_answers_story ON model_answers (story_id) WHERE story_id IS NOT NULL;
CREATE INDEX model_answers_unpublished ON model_answers (created_at) WHERE story_id IS NULL;

-- Use of models in a UTC day, in tokens and in millionths of the currency of the prices (0 without prices): by calls
-- that have ended, and the most that open calls may add.
CREATE TABLE model_budgets (
    day date PRIMARY KEY,
    tokens_spent bigint NOT NULL DEFAULT 0,
    tokens_reserved bigint NOT NULL DEFAULT 0,
    micros_spent bigint NOT NULL DEFAULT 0,
    micros_reserved bigint NOT NULL DEFAULT 0,
    CONSTRAINT model_budgets_amounts CHECK (
        least(tokens_spent, tokens_reserved, micros_spent, micros_reserved) >= 0)
);

-- Calls of models: the most that each can cost. An ended one is in the day's sum with its actual cost.
CREATE TABLE model_calls (
    id text PRIMARY KEY,
    day date NOT NULL REFERENCES model_budgets,
    tokens bigint NOT NULL,
    micros bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    has_ended boolean NOT NULL DEFAULT false
);
CREATE INDEX model_calls_open ON model_calls (expires_at) WHERE NOT has_ended;
CREATE INDEX model_calls_day ON model_calls (day);

-- Whether the texts of a source may be sent to a language model; null: the default of the settings.
ALTER TABLE sources
    ADD COLUMN model_use text,
    ADD CONSTRAINT sources_model_use CHECK (model_use IN ('never', 'local_only', 'allowed')) NOT VALID;

-- Where a page opts out of use by language models; null: unknown, as the input was stored by an earlier version or
-- imported.
ALTER TABLE inputs ADD COLUMN opt_outs text[];

-- migrate:down
ALTER TABLE inputs DROP COLUMN opt_outs;
ALTER TABLE sources DROP COLUMN model_use;
DROP TABLE model_calls;
DROP TABLE model_budgets;
DROP TABLE model_answers;
