"""Settings: one frozen field each, read once from the environment; nothing else reads the environment.

To add a setting, add one field to `Settings` and run `unspun settings > deploy/settings.env`.
"""

# Long because every setting is a field of one struct, in the order in which the operator reads them.

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from api.settings.databases import Databases
from api.settings.lists import CrawlerRule, Delay, Domain, Endpoint, IPNetwork, Port
from api.settings.production import production_faults
from api.settings.quotas import QuotaPolicy
from api.settings.values import PREFIX, About, Secret, SettingsError, field_types, parse, read_raw, variable


@dataclass(frozen=True, kw_only=True)
class Settings(Databases):
    """All settings of one process. Raises SettingsError when two of them contradict each other."""

    production: Annotated[
        bool,
        About(
            "Whether others reach this service. Nothing starts then with a password that is missing or easy to "
            "guess, without https:// in base_url, or with what is for demo and tests only.",
            danger="Without it the service starts with any password.",
        ),
    ] = False
    redis_url: Annotated[
        Secret | None,
        About(
            "Valkey or Redis, a cache that may be lost. Without it the API works, slower.",
            schemes=("redis", "rediss", "unix"),
            example="redis://:password@cache.internal:6379/0",
        ),
    ] = None
    host: Annotated[
        str, About("Address the API listens on.", danger="0.0.0.0 is open to all networks of the machine.")
    ] = "127.0.0.1"
    port: Annotated[int, About("TCP port the API listens on.", low=1, high=65535)] = 8000
    base_url: Annotated[
        str,
        About(
            "Public address of the API, in every link it gives out; empty: http://127.0.0.1:PORT.",
            schemes=("http", "https"),
            danger="A wrong address puts dead links into documents that clients keep.",
            example="https://unspun.example.org",
        ),
    ] = ""
    workers: Annotated[
        int, About("Processes that answer HTTP; one a core is the most that helps.", low=1, high=64)
    ] = 1
    leave_notice_s: Annotated[
        float,
        About(
            "How long the API still takes new requests after it was asked to stop, while /readyz already says "
            "503: longer than the balancer needs to notice. What is then at work gets another 20 seconds.",
            unit="seconds",
            low=0,
            high=8,
        ),
    ] = 2.0
    worker_concurrency: Annotated[
        int,
        About(
            "Analyses that one `unspun worker` runs at a time, each in a process of its own.",
            low=1,
            high=64,
            danger="Each may use the full analysis_memory_mb.",
        ),
    ] = 2
    worker_stop_s: Annotated[
        float,
        About(
            "How long a worker that was asked to stop goes on with what it began. What is not done by then is "
            "given back, and other workers have it at once.",
            unit="seconds",
            low=0,
            high=600,
            danger="Whoever stops the worker must wait ten seconds longer before killing it.",
        ),
    ] = 25.0
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], About("The least severe lines that are written.")
    ] = "info"
    log_format: Annotated[
        Literal["json", "console"],
        About("`json`: one object a line for machines; `console`: for people at a terminal."),
    ] = "json"
    data_dir: Annotated[
        Path, About("Folder of the embedded servers' data; unused with database_url and redis_url set.")
    ] = Path(".unspun")
    pool_min: Annotated[
        int,
        About("Connections to PostgreSQL that each process keeps open; pool_max at most.", low=0, high=1000),
    ] = 4
    pool_max: Annotated[
        int,
        About(
            "The most connections to PostgreSQL of each process.",
            low=1,
            high=1000,
            danger="All processes together must stay below the server's max_connections.",
        ),
    ] = 10
    statement_timeout_ms: Annotated[
        int, About("The longest a statement of the API may run.", unit="milliseconds", low=100, high=600_000)
    ] = 5_000
    worker_statement_timeout_ms: Annotated[
        int, About("The longest a statement of a worker may run.", unit="milliseconds", low=100, high=600_000)
    ] = 60_000
    allow_loopback_fetch: Annotated[
        bool,
        About(
            "Whether pages may be fetched from this machine itself (127.0.0.0/8, ::1).",
            danger="For demo and tests only: in production it lets anyone read the machine's own services.",
        ),
    ] = False
    fetch_host_map: Annotated[
        Mapping[str, str],
        About(
            "Hosts that are not looked up but found at a fixed address: `host=address[:port]`, by commas.",
            danger="For demo and tests only.",
            example="news.example=127.0.0.1:8081",
        ),
    ] = field(default_factory=dict)
    security_contact: Annotated[
        str,
        About(
            "Where weaknesses of this service are reported: what /.well-known/security.txt says, if anything.",
            schemes=("https", "mailto"),
            example="mailto:security@unspun.example.org",
        ),
    ] = ""
    user_agent_contact: Annotated[
        str,
        About(
            "A URL or mail address in the User-Agent of every fetch, so that sites can reach the operator.",
            example="https://unspun.example.org/about",
        ),
    ] = ""
    fetch_denied_networks: Annotated[
        tuple[IPNetwork, ...],
        About(
            "Networks that are never contacted, beside the private and reserved ones: the operator's own with "
            "public addresses, and the prefix of a NAT64 of theirs.",
            example="192.0.2.0/24,2001:db8::/32",
        ),
    ] = ()
    dns_servers: Annotated[
        tuple[Endpoint, ...],
        About(
            "Name servers that are asked for the hosts of pages, by commas; empty: the system's resolver.",
            example="192.0.2.53,[2001:db8::53]:5353",
        ),
    ] = ()
    egress_proxy: Annotated[
        Secret | None,
        About(
            "A proxy through which all fetches leave, by CONNECT to ports 80 and 443 of the address that was "
            "looked up and checked here. HTTP_PROXY and its like are not read.",
            schemes=("http",),
            example="http://user:password@proxy.internal:4750",
        ),
    ] = None
    opted_out_publishers: Annotated[
        frozenset[Domain],
        About(
            "Domains, by commas, whose pages are not read, nor those of their subdomains.",
            example="news.example,gazette.example",
        ),
    ] = frozenset()
    fetch_delay_s: Annotated[
        float,
        About(
            "The least time between two pages that one worker process asks of the same host.",
            unit="seconds",
            low=0,
            high=60,
        ),
    ] = 1.0
    fetch_timeout_s: Annotated[
        float,
        About("The longest one page may take to fetch, redirects included.", unit="seconds", low=1, high=120),
    ] = 20.0
    heartbeat_timeout_s: Annotated[
        float,
        About(
            "A job whose worker gave no sign for this long is taken over by another.",
            unit="seconds",
            low=2,
            high=3600,
            danger="Below a few seconds a busy worker loses jobs it is still doing.",
        ),
    ] = 10.0
    loop_timeout_s: Annotated[
        float,
        About(
            "An API or worker process whose event loop stands still for this long is ended, told of in the log, "
            "and started again; 0: never.",
            unit="seconds",
            low=0,
            high=600,
            danger="Below ten seconds a busy machine ends processes that are only slow.",
        ),
    ] = 30.0
    engine_profile: Annotated[
        Literal["full", "fast"],
        About(
            "Which engine judges: `full` reads syntax and fills every field, `fast` takes a tenth of the time "
            "and leaves null what it cannot see.",
            danger="Another engine's verdicts are new versions; figures of both are on the methodology page.",
        ),
    ] = "full"
    analysis_timeout_s: Annotated[
        float,
        About(
            "The most CPU that the reading of one page may take; ten times as much time ends it too. An "
            "ordinary page takes half a second.",
            unit="seconds",
            low=1,
            high=3600,
        ),
    ] = 20.0
    analysis_memory_mb: Annotated[
        int,
        About(
            "The most memory of the process that runs it.",
            unit="megabytes",
            low=700,  # the engine alone takes some 600
            high=65_536,
        ),
    ] = 1_500
    key_quotas: Annotated[
        tuple[QuotaPolicy, ...],
        About(
            "What one key may ask for, counted in Valkey for all processes together: a read is 1, an analysis "
            "10. Each policy is a bucket that is refilled in tenths of its time.",
            example="burst=600/60,daily=50000/86400",
        ),
    ] = (QuotaPolicy("burst", 12_000, 60), QuotaPolicy("daily", 2_000_000, 86_400))
    address_quotas: Annotated[
        tuple[QuotaPolicy, ...],
        About(
            "What one address may read without a key, counted by each process for itself. Of IPv6 the first 64 "
            "bits are the address.",
            danger="Behind a proxy that trusted_proxies does not name, all clients are one address.",
            example="burst=600/60",
        ),
    ] = (QuotaPolicy("burst", 6_000, 60),)
    bad_key_quotas: Annotated[
        tuple[QuotaPolicy, ...],
        About(
            "How many keys that are not valid an address may send, counted by each process for itself. Past it "
            "no key is taken from there, not even a valid one.",
            example="bad-keys=10/60",
        ),
    ] = (QuotaPolicy("bad-keys", 50, 300),)
    trusted_proxies: Annotated[
        tuple[IPNetwork, ...] | None,
        About(
            "Networks of the operator's own proxies: from them, and nobody else, X-Forwarded-For is believed, "
            "and X-Forwarded-Proto, by which a key that was sent over plain HTTP is refused where base_url is "
            "https. `none` says that clients reach the service without one.",
            danger="Who sends from these addresses can pass for any client.",
            example="10.0.0.0/8,fd00::/8",
        ),
    ] = None
    memory_mb: Annotated[
        int,
        About(
            "What each API process holds of the answers that are asked for most: a story takes 20 to 50 KB in "
            "each of its forms. 0: nothing.",
            unit="megabytes",
            low=0,
            high=65_536,
        ),
    ] = 64
    max_in_flight: Annotated[
        int,
        About(
            "Requests that one process answers at a time; more are sent away with 503 for a moment.",
            low=1,
            high=100_000,
        ),
    ] = 500
    max_connections: Annotated[
        int,
        About(
            "Connections that one process holds, those included on which nothing is asked; more have to wait. "
            "The process raises its limit of open files as far as it may.",
            low=16,
            high=1_000_000,
            danger="Below max_in_flight and max_waiting together, idle connections keep requests out.",
        ),
    ] = 8_000
    body_timeout_s: Annotated[
        float, About("How long the body of a request may take to arrive.", unit="seconds", low=0.1, high=600)
    ] = 30.0
    max_queued_jobs: Annotated[
        int, About("Unfinished jobs of all accounts; past it no analysis is taken.", low=1, high=10_000_000)
    ] = 20_000
    max_queue_age_s: Annotated[
        int,
        About(
            "How long the oldest job may wait for a worker; past it no analysis is taken.",
            unit="seconds",
            low=1,
            high=604_800,
        ),
    ] = 3_600
    max_open_analyses: Annotated[
        int, About("The most unfinished analyses of one account; more are refused.", low=1, high=1_000_000)
    ] = 1_000
    max_urls_per_host: Annotated[
        int,
        About(
            "The most URLs of one host that an account may submit in a minute; more are refused.",
            low=1,
            high=1_000_000,
        ),
    ] = 600
    max_open_appeals: Annotated[
        int, About("The most undecided appeals of one account; more are refused.", low=1, high=10_000)
    ] = 20
    bootstrap_admin_key: Annotated[
        Secret | None,
        About(
            "The administrator's key. Without it and any other, `unspun migrate` makes one and shows it once; "
            "`unspun serve` with embedded servers keeps it in the file admin.key of data_dir.",
            danger="Who has it may do everything.",
        ),
    ] = None
    public_reads: Annotated[
        bool,
        About(
            "Whether stories, verdicts, claims, sources and the taxonomy are readable without a key; "
            "if not, the key needs the scope stories:read."
        ),
    ] = True
    content_license: Annotated[
        str,
        About(
            "Address of the terms under which others may use what the service publishes; every form names it.",
            schemes=("http", "https"),
            danger="It is a promise to those who cite a verdict: it cannot be taken back from what they have.",
        ),
    ] = "https://creativecommons.org/licenses/by/4.0/"
    ai_training: Annotated[
        bool,
        About(
            "Whether what the service publishes may teach models: what robots.txt tells the crawlers that gather "
            "texts for it, and what Content-Signal says. Search and answers that cite are welcome either way.",
            danger="It is a wish. Only crawlers that heed robots.txt follow it.",
        ),
    ] = True
    crawlers: Annotated[
        tuple[CrawlerRule, ...],
        About(
            "Crawlers that robots.txt treats otherwise than their kind, by the names that they read there.",
            example="Bytespider=disallow,GPTBot=allow",
        ),
    ] = ()
    content_usage: Annotated[
        bool, About("Whether to say the same as Content-Usage too, an IETF draft that may still change.")
    ] = False
    indexnow_key: Annotated[
        str,
        About(
            "A key of your choice, no secret, with which search engines are told of pages that changed "
            "(IndexNow); it is served at /KEY.txt. Empty: nobody is told.",
            pattern="[A-Za-z0-9-]{8,128}",
            form="8 to 128 letters, digits or -",
            danger="The addresses of all new stories are then sent to indexnow_url.",
            example="5f1c0a7e9d3b4c62",
        ),
    ] = ""
    indexnow_url: Annotated[
        str, About("Where search engines are told; one tells the others.", schemes=("https", "http"))
    ] = "https://api.indexnow.org/indexnow"
    idempotency_kept_s: Annotated[
        int,
        About(
            "How long the answer to a request with an Idempotency-Key is kept for its repetitions, at least.",
            unit="seconds",
            low=86_400,  # what the API promises
            high=2_592_000,
        ),
    ] = 86_400
    analyses_kept_days: Annotated[
        int,
        About(
            "How long an analysis is kept after its end, at least, with a draft's text and verdict; later it is "
            "410. Stories and their verdicts stay.",
            unit="days",
            low=30,  # what the API promises
            high=3_650,
        ),
    ] = 30
    feed_polling: Annotated[bool, About("Whether the workers ask the feeds of sources for new stories.")] = (
        True
    )
    feed_concurrency: Annotated[
        int, About("Feeds that one `unspun worker` asks at a time; of one host never two.", low=1, high=500)
    ] = 20
    feed_interval_min_s: Annotated[
        int,
        About(
            "How often a feed is asked that always has something new.", unit="seconds", low=10, high=86_400
        ),
    ] = 300
    feed_interval_max_s: Annotated[
        int, About("How often one is asked that never has.", unit="seconds", low=10, high=604_800)
    ] = 21_600
    feed_entry_max_age_h: Annotated[
        int,
        About(
            "How old what a feed announces may be, by its own date, to count as new.",
            unit="hours",
            low=1,
            high=8_760,
        ),
    ] = 72
    feed_first_entries: Annotated[
        int,
        About(
            "The most entries of a feed, the newest, that are analysed when it is read for the first time.",
            low=0,
            high=1_000,
        ),
    ] = 10
    feed_entries_per_poll: Annotated[
        int,
        About(
            "The most entries of a feed that one later poll has analysed; the rest waits for the next.",
            low=1,
            high=1_000,
        ),
    ] = 50
    feed_entries_per_day: Annotated[
        int, About("The most entries of a feed that are analysed in a day (UTC).", low=1, high=100_000)
    ] = 1_000

    exports_folder: Annotated[
        Path | None,
        About(
            "Folder into which a worker writes everything public as files, and from which the API serves them at "
            "/v1/exports; where they run on several machines, one that all share. Without it there are none; "
            "`unspun serve` with embedded servers uses the folder exports of data_dir.",
            example="/var/lib/unspun/exports",
        ),
    ] = None
    exports_every_hours: Annotated[
        int, About("How often an export is written.", unit="hours", low=1, high=720)
    ] = 24
    exports_kept: Annotated[
        int,
        About(
            "How many exports are kept; each is whole, so each is as large as all that is served.",
            low=1,
            high=365,
        ),
    ] = 7
    story_revisits: Annotated[
        bool,
        About("Whether pages of stories are read again an hour, a day and a week after their first reading."),
    ] = True

    events_kept_days: Annotated[
        int,
        About(
            "How long events are kept for those who read the log or recover from it, at least.",
            unit="days",
            low=30,  # what the API promises
            high=3_650,
        ),
    ] = 30
    stream_max_s: Annotated[
        float,
        About(
            "The longest one event stream is open; its client then comes back for the rest.",
            unit="seconds",
            low=0.1,
            high=3_600,
        ),
    ] = 900.0
    max_streams_per_key: Annotated[
        int, About("The most event streams of one key in each API process.", low=1, high=100_000)
    ] = 10
    max_waiting_per_key: Annotated[
        int,
        About(
            "The most requests of one key that wait in each API process: for the next event, or with "
            "`Prefer: wait`.",
            low=1,
            high=100_000,
        ),
    ] = 50
    max_waiting: Annotated[
        int,
        About(
            "Event streams and other requests of all keys that wait in one API process. They are not counted "
            "by max_in_flight.",
            low=1,
            high=1_000_000,
        ),
    ] = 1_000
    webhook_keys: Annotated[
        Secret | None,
        About(
            "Keys, parted by full stops, that seal the secrets of webhook endpoints in the database: 32 bytes "
            "each in URL-safe base64 (`openssl rand -base64 32 | tr +/ -_`). The first one seals, all of them "
            "open; `unspun webhooks reseal` seals everything with the first. Without any there are no webhooks; "
            "`unspun serve` with embedded servers keeps one in the file webhook.key of data_dir.",
            danger="Secrets sealed with a key that was taken away are lost.",
        ),
    ] = None
    delivery_concurrency: Annotated[
        int, About("Deliveries that one `unspun worker` has under way at a time.", low=1, high=5_000)
    ] = 500
    delivery_delays_s: Annotated[
        tuple[Delay, ...],
        About(
            "How long a delivery that failed waits before each further attempt, by commas: as many attempts as "
            "there are delays follow the first one. A fifth more or less is chosen by chance.",
            unit="seconds",
            example="5,300,1800,7200",
        ),
    ] = (
        Delay(5),
        Delay(300),
        Delay(1_800),
        Delay(7_200),
        Delay(18_000),
        Delay(36_000),
        Delay(50_400),
        Delay(72_000),
        Delay(86_400),
    )  # as Standard Webhooks advises: with the first attempt ten over 75 hours
    delivery_ports: Annotated[
        frozenset[Port],
        About("Ports of webhook endpoints that are allowed beside 443, by commas.", example="8443"),
    ] = frozenset()
    delivery_networks: Annotated[
        tuple[IPNetwork, ...],
        About(
            "Networks from which deliveries leave, as subscribers are told so that their firewalls let them in; "
            "the service sends from wherever it runs, or its egress_proxy does.",
            example="192.0.2.16/28",
        ),
    ] = ()
    max_endpoints: Annotated[
        int, About("The most webhook endpoints of one account.", low=1, high=100_000)
    ] = 50

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/"))
        if self.feed_interval_min_s > self.feed_interval_max_s:
            raise SettingsError(
                f"{PREFIX}FEED_INTERVAL_MIN_S must not be above "
                f"{PREFIX}FEED_INTERVAL_MAX_S ({self.feed_interval_max_s})"
            )
        if self.production and (faults := list(production_faults(self))):
            raise SettingsError("\n".join(faults))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings of these variables. An empty variable counts as not set.

        Raises SettingsError with one line for each bad value.
        """
        values: dict[str, Any] = {}
        problems: list[str] = []
        for name, hint in field_types(cls).items():
            try:
                raw = read_raw(environ, name, hint)
                if raw is not None:
                    values[name] = parse(raw, hint)
            except ValueError as problem:
                problems.append(f"{variable(name)} {problem}")
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(**values)
