-- migrate:up
SET LOCAL lock_timeout = '2s';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Accounts and keys -----------------------------------------------------------------------------------
CREATE TABLE accounts (
    id text PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE api_keys (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts,
    name text NOT NULL,
    secret_sha256 bytea NOT NULL UNIQUE,
    last_four text NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_keys_account ON api_keys (account_id, id);

-- Sources ---------------------------------------------------------------------------------------------
CREATE TABLE sources (
    id text PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    type text NOT NULL,
    feeds text[] NOT NULL,
    ownership text,
    known boolean NOT NULL,
    row_version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX sources_by_type ON sources (type, id);

CREATE TABLE source_domains (
    domain text PRIMARY KEY,
    source_id text NOT NULL REFERENCES sources ON DELETE CASCADE,
    position smallint NOT NULL
);
CREATE INDEX source_domains_source ON source_domains (source_id, position);

-- Stories ---------------------------------------------------------------------------------------------
-- listed_at is published_at, or the time of the first fetch if the page has no date. The columns from verdict_id
-- on repeat the current verdict, so that lists read one table. row_version rises with every visible change.
CREATE TABLE stories (
    id text PRIMARY KEY,
    slug text NOT NULL UNIQUE,
    canonical_key text NOT NULL UNIQUE,
    canonical_hint_key text,
    url text NOT NULL,
    source_id text NOT NULL REFERENCES sources,
    source_type text NOT NULL,
    source_domain text NOT NULL,
    status text NOT NULL CHECK (status IN ('scored', 'not_scorable', 'retracted')),
    title text NOT NULL,
    author text,
    author_organization text,
    published_at timestamptz,
    listed_at timestamptz NOT NULL,
    language text,
    vertical text,
    categories text[] NOT NULL,
    input_digest text NOT NULL,
    verdict_id text NOT NULL,
    version integer NOT NULL,
    primary_type text,
    secondary_type text,
    tactic text,
    score smallint,
    band text,
    stance text,
    evidence_strength text,
    deck text,
    row_version bigint NOT NULL DEFAULT 1,
    checked_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((status = 'scored') = (score IS NOT NULL)
           OR status = 'retracted')
);
CREATE INDEX stories_listed ON stories (listed_at DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_unscored ON stories (status, listed_at DESC, id DESC) WHERE status <> 'scored';
CREATE INDEX stories_by_source ON stories (source_id, listed_at DESC, id DESC);
CREATE INDEX stories_by_type ON stories (primary_type, listed_at DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_vertical ON stories (vertical, listed_at DESC, id DESC) WHERE status = 'scored';
CREATE INDEX stories_by_score ON stories (score DESC, id DESC) WHERE status = 'scored';

-- The URLs of a story, by normalised key without scheme.
CREATE TABLE story_aliases (
    key text PRIMARY KEY,
    url text NOT NULL,
    story_id text NOT NULL REFERENCES stories,
    kind text NOT NULL CHECK (kind IN ('canonical', 'submitted', 'redirect', 'syndicated')),
    created_at timestamptz NOT NULL
);
CREATE INDEX story_aliases_story ON story_aliases (story_id, created_at, key);

-- Inputs, one row per distinct article record. The text is stored for rescoring, never served.
CREATE TABLE inputs (
    story_id text NOT NULL REFERENCES stories,
    digest text NOT NULL,
    kind text NOT NULL,
    article json NOT NULL,
    words integer NOT NULL,
    characters integer NOT NULL,
    text_sha256 text NOT NULL,
    extractor text NOT NULL,
    flags text[] NOT NULL,
    fetched_at timestamptz NOT NULL,
    PRIMARY KEY (story_id, digest)
);

-- MinHash of a story's text; texts that share a band share its row.
CREATE TABLE story_signatures (
    story_id text PRIMARY KEY REFERENCES stories,
    signature bytea NOT NULL
);
CREATE TABLE story_bands (
    band bigint NOT NULL,
    story_id text NOT NULL REFERENCES stories,
    PRIMARY KEY (band, story_id)
);
CREATE INDEX story_bands_story ON story_bands (story_id);

-- Verdicts --------------------------------------------------------------------------------------------
-- assessment is json, not jsonb, because reproductions compare bytes.
CREATE TABLE verdicts (
    id text PRIMARY KEY,
    story_id text NOT NULL REFERENCES stories DEFERRABLE INITIALLY DEFERRED,
    version integer NOT NULL,
    reason text NOT NULL,
    engine_name text NOT NULL,
    engine_version text NOT NULL,
    engine_digest text NOT NULL,
    taxonomy_version text NOT NULL,
    input_digest text NOT NULL,
    text_sha256 text NOT NULL,
    assessment json NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (story_id, version)
);
CREATE TRIGGER verdicts_immutable BEFORE UPDATE OR DELETE ON verdicts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER verdicts_kept BEFORE TRUNCATE ON verdicts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A claim's id depends on its normalised sentence; body is the public JSON.
CREATE TABLE claims (
    id text PRIMARY KEY,
    story_id text NOT NULL REFERENCES stories,
    sentence_key bytea NOT NULL,
    verdict_id text NOT NULL REFERENCES verdicts DEFERRABLE INITIALLY DEFERRED,
    source_id text NOT NULL REFERENCES sources,
    current boolean NOT NULL,
    number smallint NOT NULL,
    role text NOT NULL,
    kind text NOT NULL,
    support text NOT NULL,
    verification text NOT NULL,
    risk text NOT NULL,
    body json NOT NULL,
    listed_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (story_id, sentence_key)
);
CREATE INDEX claims_listed ON claims (listed_at DESC, id DESC) WHERE current;
CREATE INDEX claims_by_kind ON claims (kind, support, listed_at DESC, id DESC) WHERE current;
CREATE INDEX claims_of_story ON claims (story_id, number) WHERE current;

CREATE TABLE entities (
    id text PRIMARY KEY,
    type text NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (type, key)
);
CREATE TABLE story_entities (
    entity_id text NOT NULL REFERENCES entities,
    story_id text NOT NULL REFERENCES stories,
    salience real NOT NULL,
    listed_at timestamptz NOT NULL,
    PRIMARY KEY (story_id, entity_id)
);
CREATE INDEX story_entities_entity ON story_entities (entity_id, listed_at DESC, story_id DESC);

-- Rendered at publication; renderer is the digest of the code and settings.
CREATE TABLE documents (
    object_id text NOT NULL,
    form text NOT NULL,
    object_version bigint NOT NULL,
    renderer text NOT NULL,
    etag text NOT NULL,
    body bytea NOT NULL,
    body_gzip bytea NOT NULL,
    last_modified timestamptz NOT NULL,
    PRIMARY KEY (object_id, form)
);

-- Analyses --------------------------------------------------------------------------------------------
-- A job is the work, shared by all submitters of a URL; an analysis is one submitter's view of it.
CREATE TABLE analysis_jobs (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('url', 'text', 'html')),
    account_id text REFERENCES accounts,
    url text,
    url_key text,
    draft json,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    tries integer NOT NULL DEFAULT 0,
    crashes integer NOT NULL DEFAULT 0,
    alone boolean NOT NULL DEFAULT false,
    story_id text REFERENCES stories,
    verdict_id text REFERENCES verdicts,
    draft_result json,
    error json,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    CHECK ((kind = 'url') = (url_key IS NOT NULL)),
    CHECK (kind = 'url' OR account_id IS NOT NULL)
);
CREATE UNIQUE INDEX analysis_jobs_open ON analysis_jobs (url_key)
    WHERE kind = 'url' AND status IN ('queued', 'running');
CREATE INDEX analysis_jobs_unfinished ON analysis_jobs (created_at) WHERE status IN ('queued', 'running');

CREATE TABLE analyses (
    id text PRIMARY KEY,
    account_id text NOT NULL REFERENCES accounts,
    job_id text NOT NULL REFERENCES analysis_jobs,
    submitted_url text,
    created_at timestamptz NOT NULL,
    UNIQUE (account_id, job_id)
);
CREATE INDEX analyses_job ON analyses (job_id);

-- Events ----------------------------------------------------------------------------------------------
-- The counter's row is locked last in a transaction, so numbers are gapless and in commit order.
CREATE TABLE event_counter (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    n bigint NOT NULL
);
INSERT INTO event_counter (n) VALUES (0);

CREATE TABLE events (
    sequence bigint PRIMARY KEY,
    id text NOT NULL UNIQUE,
    type text NOT NULL,
    account_id text REFERENCES accounts,
    story_id text REFERENCES stories,
    data json NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TRIGGER events_immutable BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TABLE events, event_counter, analyses, analysis_jobs, documents, story_entities, entities, claims,
    verdicts, story_bands, story_signatures, inputs, story_aliases, stories, source_domains, sources,
    api_keys, accounts;
DROP FUNCTION refuse_change();
