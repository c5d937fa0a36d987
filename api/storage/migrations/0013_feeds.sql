-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Feeds -----------------------------------------------------------------------------------------------
-- One poll per host at a time: claiming a feed moves free_at past the end of the poll.
CREATE TABLE feed_hosts (
    host text PRIMARY KEY,
    free_at timestamptz NOT NULL
);

-- key is the normalised URL without scheme. claims is the fence: only the latest claim may record a poll.
-- Validators and digest are of the last document that was processed completely. taken_today counts the analyses
-- of taken_on.
CREATE TABLE feeds (
    id text PRIMARY KEY,
    source_id text NOT NULL REFERENCES sources ON DELETE CASCADE,
    url text NOT NULL,
    key text NOT NULL UNIQUE,
    host text NOT NULL REFERENCES feed_hosts,
    kind text,
    status text NOT NULL CHECK (status IN ('active', 'gone')),
    interval_s integer NOT NULL CHECK (interval_s > 0),
    next_poll_at timestamptz NOT NULL,
    claims integer NOT NULL DEFAULT 0,
    etag text,
    last_modified text,
    sha256 bytea,
    last_polled_at timestamptz,
    last_read_at timestamptz,
    last_status smallint,
    last_error text,
    failures integer NOT NULL DEFAULT 0,
    last_reading json,
    entries_seen bigint NOT NULL DEFAULT 0,
    entries_taken bigint NOT NULL DEFAULT 0,
    taken_on date,
    taken_today integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE status = 'active';
CREATE INDEX feeds_of_host ON feeds (host, next_poll_at, id) WHERE status = 'active';
CREATE INDEX feeds_of_source ON feeds (source_id, id);

-- URLs announced by feeds, unique across feeds; digest is the SHA-256 of the URL key. job_id is null if it was
-- not analysed. look_at is the next check of the job's result, null if it is settled; retries counts retries.
CREATE TABLE feed_entries (
    digest bytea PRIMARY KEY,
    feed_id text REFERENCES feeds ON DELETE SET NULL,
    job_id text REFERENCES analysis_jobs,
    retries smallint NOT NULL DEFAULT 0,
    look_at timestamptz,
    seen_at timestamptz NOT NULL
);
CREATE INDEX feed_entries_feed ON feed_entries (feed_id);
CREATE INDEX feed_entries_seen ON feed_entries (seen_at);
CREATE INDEX feed_entries_look ON feed_entries (look_at) WHERE look_at IS NOT NULL;

-- Subscriptions at WebSub hubs, one per feed. token is the secret end of the callback URL. sealed is hub.secret.
-- try_at is the next request to the hub: the first, a retry, or a renewal.
CREATE TABLE hub_subscriptions (
    token text PRIMARY KEY,
    feed_id text NOT NULL UNIQUE REFERENCES feeds ON DELETE CASCADE,
    hub text NOT NULL,
    topic text NOT NULL,
    sealed bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'active', 'denied')),
    try_at timestamptz NOT NULL,
    asked_at timestamptz,
    expires_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    last_notice_at timestamptz,
    last_error text,
    created_at timestamptz NOT NULL
);
CREATE INDEX hub_subscriptions_due ON hub_subscriptions (try_at);

-- Stories ---------------------------------------------------------------------------------------------
-- When a story's page was found missing (404 or 410); null while it is available.
ALTER TABLE stories ADD COLUMN page_gone_at timestamptz;

-- Stories whose pages are fetched again; step counts the revisits.
CREATE TABLE revisits (
    story_id text PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    step smallint NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX revisits_due ON revisits (due_at);

-- migrate:down
DROP TABLE revisits;
ALTER TABLE stories DROP COLUMN page_gone_at;
DROP TABLE hub_subscriptions, feed_entries, feeds, feed_hosts;
