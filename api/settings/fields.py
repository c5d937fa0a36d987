"""The settings, read once from the environment. No other code reads the environment.

To add a setting, add a field to `Settings` and run `unspun settings > deploy/settings.env`.
"""

# Long because every setting is a field of one class, in the order of the operator's file.

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from api.settings.databases import Databases
from api.settings.language_model import LanguageModel
from api.settings.lists import CrawlerRule, Delay, Domain, Endpoint, IPNetwork, Port
from api.settings.production import production_faults
from api.settings.quotas import QuotaPolicy
from api.settings.values import PREFIX, About, Secret, SettingsError, field_types, parse, read_raw, variable


@dataclass(frozen=True, kw_only=True)
class Settings(LanguageModel, Databases):
    """All settings of a process. Raises SettingsError if two of them conflict."""

    production: Annotated[
        bool,
        About(
            "Set to true if others can reach this service. It then does not start with a missing or weak "
            "password, without https:// in base_url, or with demo and test settings.",
            danger="If false, the service starts with any password.",
        ),
    ] = False
    redis_url: Annotated[
        Secret | None,
        About(
            "Valkey or Redis, used as a cache; its data may be lost. Optional: without it the API works, but "
            "slower.",
            schemes=("redis", "rediss", "unix"),
            example="redis://:password@cache.internal:6379/0",
        ),
    ] = None
    host: Annotated[
        str, About("Address the API listens on.", danger="0.0.0.0 listens on all networks of the machine.")
    ] = "127.0.0.1"
    port: Annotated[int, About("TCP port the API listens on.", low=1, high=65535)] = 8000
    base_url: Annotated[
        str,
        About(
            "Public address of the API, used in all links; empty: http://127.0.0.1:PORT.",
            schemes=("http", "https"),
            danger="A wrong address puts dead links into stored documents.",
            example="https://unspun.example.org",
        ),
    ] = ""
    workers: Annotated[int, About("API processes. More than one per core does not help.", low=1, high=64)] = 1
    leave_notice_s: Annotated[
        float,
        About(
            "How long the API accepts new requests after SIGTERM while /readyz answers 503. Must exceed the "
            "time in which the load balancer notices. Open requests then have another 20 seconds.",
            unit="seconds",
            low=0,
            high=8,
        ),
    ] = 2.0
    worker_concurrency: Annotated[
        int,
        About(
            "Analyses that one `unspun worker` runs at a time, each in its own process.",
            low=1,
            high=64,
            danger="Each process may use analysis_memory_mb.",
        ),
    ] = 2
    worker_stop_s: Annotated[
        float,
        About(
            "How long a worker continues its running jobs after SIGTERM. Unfinished jobs are then returned to "
            "the queue.",
            unit="seconds",
            low=0,
            high=600,
            danger="Allow ten seconds more before SIGKILL.",
        ),
    ] = 25.0
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], About("The lowest level that is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["json", "console"],
        About("`json`: one JSON object per line; `console`: readable text."),
    ] = "json"
    data_dir: Annotated[
        Path,
        About("Folder for the data of the embedded servers; unused if database_url and redis_url are set."),
    ] = Path(".unspun")
    pool_min: Annotated[
        int,
        About("Open PostgreSQL connections per process, at least; limited by pool_max.", low=0, high=1000),
    ] = 4
    pool_max: Annotated[
        int,
        About(
            "Open PostgreSQL connections per process, at most.",
            low=1,
            high=1000,
            danger="The sum over all processes must stay below the server's max_connections.",
        ),
    ] = 10
    statement_timeout_ms: Annotated[
        int, About("Timeout of the API's SQL statements.", unit="milliseconds", low=100, high=600_000)
    ] = 5_000
    worker_statement_timeout_ms: Annotated[
        int, About("Timeout of the workers' SQL statements.", unit="milliseconds", low=100, high=600_000)
    ] = 60_000
    allow_loopback_fetch: Annotated[
        bool,
        About(
            "Whether pages may be fetched from this machine (127.0.0.0/8, ::1).",
            danger="For demo and tests only: in production it exposes the machine's own services.",
        ),
    ] = False
    fetch_host_map: Annotated[
        Mapping[str, str],
        About(
            "Hosts with fixed addresses instead of DNS: `host=address[:port]`, comma-separated.",
            danger="For demo and tests only.",
            example="news.example=127.0.0.1:8081",
        ),
    ] = field(default_factory=dict)
    security_contact: Annotated[
        str,
        About(
            "Contact for vulnerability reports, published in /.well-known/security.txt if set.",
            schemes=("https", "mailto"),
            example="mailto:security@unspun.example.org",
        ),
    ] = ""
    user_agent_contact: Annotated[
        str,
        About(
            "A URL or mail address in the User-Agent of every fetch, for site owners.",
            example="https://unspun.example.org/about",
        ),
    ] = ""
    fetch_denied_networks: Annotated[
        tuple[IPNetwork, ...],
        About(
            "Networks that are never contacted, in addition to private and reserved ones: for example your own "
            "public networks and your NAT64 prefix.",
            example="192.0.2.0/24,2001:db8::/32",
        ),
    ] = ()
    dns_servers: Annotated[
        tuple[Endpoint, ...],
        About(
            "Name servers for the hosts of pages, comma-separated; empty: the system's resolver.",
            example="192.0.2.53,[2001:db8::53]:5353",
        ),
    ] = ()
    egress_proxy: Annotated[
        Secret | None,
        About(
            "HTTP proxy for all fetches: CONNECT to ports 80 and 443 of the address that was resolved and "
            "checked. HTTP_PROXY and similar variables are ignored.",
            schemes=("http",),
            example="http://user:password@proxy.internal:4750",
        ),
    ] = None
    opted_out_publishers: Annotated[
        frozenset[Domain],
        About(
            "Domains, comma-separated, whose pages are not read, including subdomains.",
            example="news.example,gazette.example",
        ),
    ] = frozenset()
    fetch_delay_s: Annotated[
        float,
        About(
            "Minimum time between two page fetches from the same host by one worker process.",
            unit="seconds",
            low=0,
            high=60,
        ),
    ] = 1.0
    fetch_timeout_s: Annotated[
        float,
        About("Timeout for fetching one page, including redirects.", unit="seconds", low=1, high=120),
    ] = 20.0
    heartbeat_timeout_s: Annotated[
        float,
        About(
            "A job whose worker sends no heartbeat for this long goes to another worker.",
            unit="seconds",
            low=2,
            high=3600,
            danger="Below a few seconds, a busy worker loses running jobs.",
        ),
    ] = 10.0
    loop_timeout_s: Annotated[
        float,
        About(
            "An API or worker process whose event loop is blocked for this long is killed, logged and "
            "restarted; 0: never.",
            unit="seconds",
            low=0,
            high=600,
            danger="Below ten seconds, slow processes on a busy machine are killed.",
        ),
    ] = 30.0
    engine_profile: Annotated[
        Literal["full", "fast"],
        About(
            "The analysis engine: `full` parses syntax and fills every field, `fast` takes a tenth of the time "
            "and sets fields to null that it cannot measure.",
            danger="A change creates new verdict versions; the methodology page compares both engines.",
        ),
    ] = "full"
    analysis_timeout_s: Annotated[
        float,
        About(
            "Maximum CPU time for the analysis of one page; the wall-clock limit is ten times as long. A "
            "typical page takes half a second.",
            unit="seconds",
            low=1,
            high=3600,
        ),
    ] = 20.0
    analysis_memory_mb: Annotated[
        int,
        About(
            "Maximum memory of an analysis process.",
            unit="megabytes",
            low=700,  # the engine alone takes about 600
            high=65_536,
        ),
    ] = 1_500
    key_quotas: Annotated[
        tuple[QuotaPolicy, ...],
        About(
            "Quota of one key, counted in Valkey for all processes: a read costs 1, an analysis 10. Each policy "
            "is a token bucket, refilled every tenth of its time.",
            example="burst=600/60,daily=50000/86400",
        ),
    ] = (QuotaPolicy("burst", 12_000, 60), QuotaPolicy("daily", 2_000_000, 86_400))
    address_quotas: Annotated[
        tuple[QuotaPolicy, ...],
        About(
            "Quota of one address for reads without a key, counted per process. An IPv6 address counts by its "
            "first 64 bits.",
            danger="Behind a proxy that trusted_proxies does not list, all clients share one address.",
            example="burst=600/60",
        ),
    ] = (QuotaPolicy("burst", 6_000, 60),)
    bad_key_quotas: Annotated[
        tuple[QuotaPolicy, ...],
        About(
            "Invalid keys that one address may send, counted per process. Beyond this, all keys from the "
            "address are refused, valid ones included.",
            example="bad-keys=10/60",
        ),
    ] = (QuotaPolicy("bad-keys", 50, 300),)
    trusted_proxies: Annotated[
        tuple[IPNetwork, ...] | None,
        About(
            "Networks of your own proxies. X-Forwarded-For and X-Forwarded-Proto are trusted only from them; "
            "with an https base_url, keys sent over plain HTTP are refused. `none`: there is no proxy.",
            danger="Anyone who can send from these addresses can impersonate any client.",
            example="10.0.0.0/8,fd00::/8",
        ),
    ] = None
    memory_mb: Annotated[
        int,
        About(
            "Response cache of each API process. A story takes 20 to 50 KB in each format. 0 disables it.",
            unit="megabytes",
            low=0,
            high=65_536,
        ),
    ] = 64
    max_in_flight: Annotated[
        int,
        About(
            "Concurrent requests per process; further ones receive 503.",
            low=1,
            high=100_000,
        ),
    ] = 500
    max_connections: Annotated[
        int,
        About(
            "Open connections per process, including idle ones; further ones wait. The process raises its limit "
            "of open files accordingly.",
            low=16,
            high=1_000_000,
            danger="If it is below max_in_flight plus max_waiting, idle connections can block requests.",
        ),
    ] = 8_000
    body_timeout_s: Annotated[
        float, About("Timeout for receiving a request body.", unit="seconds", low=0.1, high=600)
    ] = 30.0
    max_queued_jobs: Annotated[
        int,
        About("Unfinished jobs of all accounts; beyond it, analyses are refused.", low=1, high=10_000_000),
    ] = 20_000
    max_queue_age_s: Annotated[
        int,
        About(
            "Maximum age of the oldest waiting job; beyond it, analyses are refused.",
            unit="seconds",
            low=1,
            high=604_800,
        ),
    ] = 3_600
    max_open_analyses: Annotated[
        int, About("Unfinished analyses per account; further ones are refused.", low=1, high=1_000_000)
    ] = 1_000
    max_urls_per_host: Annotated[
        int,
        About(
            "URLs of one host that an account may submit per minute; further ones are refused.",
            low=1,
            high=1_000_000,
        ),
    ] = 600
    max_open_appeals: Annotated[
        int, About("Undecided appeals per account; further ones are refused.", low=1, high=10_000)
    ] = 20
    bootstrap_admin_key: Annotated[
        Secret | None,
        About(
            "The administrator's key. If it is empty and there is no key, `unspun migrate` creates one and "
            "prints it once; `unspun serve` with embedded servers stores it as admin.key in data_dir.",
            danger="It has all rights.",
        ),
    ] = None
    public_reads: Annotated[
        bool,
        About(
            "Whether stories, verdicts, claims, sources and the taxonomy are readable without a key; otherwise "
            "a key with the scope stories:read is required."
        ),
    ] = True
    content_license: Annotated[
        str,
        About(
            "URL of the licence of the published content, included in every format.",
            schemes=("http", "https"),
            danger="A licence cannot be revoked for content already published.",
        ),
    ] = "https://creativecommons.org/licenses/by/4.0/"
    ai_training: Annotated[
        bool,
        About(
            "Whether published content may be used to train models, as robots.txt and Content-Signal declare. "
            "Search engines and answers with citations are allowed either way.",
            danger="Not enforced: only crawlers that respect robots.txt comply.",
        ),
    ] = True
    crawlers: Annotated[
        tuple[CrawlerRule, ...],
        About(
            "Exceptions for crawlers in robots.txt, by the user agent name used there.",
            example="Bytespider=disallow,GPTBot=allow",
        ),
    ] = ()
    content_usage: Annotated[
        bool, About("Whether to send Content-Usage too, an IETF draft that may still change.")
    ] = False
    indexnow_key: Annotated[
        str,
        About(
            "A freely chosen, public key for notifying search engines of changed pages (IndexNow), served at "
            "/KEY.txt. Empty: no notifications.",
            pattern="[A-Za-z0-9-]{8,128}",
            form="8 to 128 letters, digits or -",
            danger="The URLs of all new stories are sent to indexnow_url.",
            example="5f1c0a7e9d3b4c62",
        ),
    ] = ""
    indexnow_url: Annotated[
        str, About("The IndexNow endpoint; it informs the other search engines.", schemes=("https", "http"))
    ] = "https://api.indexnow.org/indexnow"
    idempotency_kept_s: Annotated[
        int,
        About(
            "Minimum time for which the response to a request with an Idempotency-Key is stored.",
            unit="seconds",
            low=86_400,  # what the API promises
            high=2_592_000,
        ),
    ] = 86_400
    analyses_kept_days: Annotated[
        int,
        About(
            "Minimum time for which a finished analysis is stored, with a draft's text and verdict; afterwards "
            "it is 410. Stories and their verdicts stay.",
            unit="days",
            low=30,  # what the API promises
            high=3_650,
        ),
    ] = 30
    feed_polling: Annotated[bool, About("Whether workers poll the feeds of sources for new stories.")] = True
    feed_concurrency: Annotated[
        int, About("Feeds that one `unspun worker` polls at a time; never two of one host.", low=1, high=500)
    ] = 20
    feed_interval_min_s: Annotated[
        int,
        About("Polling interval of the busiest feeds.", unit="seconds", low=10, high=86_400),
    ] = 300
    feed_interval_max_s: Annotated[
        int, About("Polling interval of inactive feeds.", unit="seconds", low=10, high=604_800)
    ] = 21_600
    feed_entry_max_age_h: Annotated[
        int,
        About(
            "Maximum age of a new feed entry, by its own date.",
            unit="hours",
            low=1,
            high=8_760,
        ),
    ] = 72
    feed_first_entries: Annotated[
        int,
        About(
            "The newest entries of a feed that are analysed at its first poll, at most.",
            low=0,
            high=1_000,
        ),
    ] = 10
    feed_entries_per_poll: Annotated[
        int,
        About(
            "Entries of a feed that are analysed per later poll, at most; the rest waits for the next poll.",
            low=1,
            high=1_000,
        ),
    ] = 50
    feed_entries_per_day: Annotated[
        int, About("Entries of a feed that are analysed per day (UTC), at most.", low=1, high=100_000)
    ] = 1_000

    exports_folder: Annotated[
        Path | None,
        About(
            "Folder for exports of all public data, written by a worker and served by the API at /v1/exports; "
            "on several machines, a shared folder. Empty: no exports; `unspun serve` with embedded servers uses "
            "the folder exports of data_dir.",
            example="/var/lib/unspun/exports",
        ),
    ] = None
    exports_every_hours: Annotated[int, About("Time between two exports.", unit="hours", low=1, high=720)] = (
        24
    )
    exports_kept: Annotated[
        int,
        About(
            "Number of exports that are retained; each contains all public data.",
            low=1,
            high=365,
        ),
    ] = 7
    story_revisits: Annotated[
        bool,
        About("Whether stories' pages are fetched again an hour, a day and a week after the first fetch."),
    ] = True

    events_kept_days: Annotated[
        int,
        About(
            "Minimum time for which events are stored in the event log.",
            unit="days",
            low=30,  # what the API promises
            high=3_650,
        ),
    ] = 30
    stream_max_s: Annotated[
        float,
        About(
            "Maximum duration of an event stream; the client then reconnects.",
            unit="seconds",
            low=0.1,
            high=3_600,
        ),
    ] = 900.0
    max_streams_per_key: Annotated[
        int, About("Event streams per key in each API process.", low=1, high=100_000)
    ] = 10
    max_waiting_per_key: Annotated[
        int,
        About(
            "Long polls per key in each API process: for the next event, or with `Prefer: wait`.",
            low=1,
            high=100_000,
        ),
    ] = 50
    max_waiting: Annotated[
        int,
        About(
            "Event streams and long polls of all keys in one API process. max_in_flight does not count them.",
            low=1,
            high=1_000_000,
        ),
    ] = 1_000
    webhook_keys: Annotated[
        Secret | None,
        About(
            "Keys that encrypt the secrets of webhook endpoints in the database, separated by full stops: 32 "
            "bytes each in URL-safe base64 (`openssl rand -base64 32 | tr +/ -_`). The first encrypts, all "
            "decrypt; `unspun webhooks reseal` re-encrypts everything with the first. Empty: no webhooks; "
            "`unspun serve` with embedded servers stores one as webhook.key in data_dir.",
            danger="Secrets whose key is removed are lost.",
        ),
    ] = None
    delivery_concurrency: Annotated[
        int, About("Concurrent webhook deliveries of one `unspun worker`.", low=1, high=5_000)
    ] = 500
    delivery_delays_s: Annotated[
        tuple[Delay, ...],
        About(
            "Delays between the attempts of a failed delivery, comma-separated; each varies randomly by up to a "
            "fifth. The number of delays is the number of retries.",
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
    )  # as Standard Webhooks recommends: ten attempts over 75 hours
    delivery_ports: Annotated[
        frozenset[Port],
        About("Ports that webhook endpoints may use in addition to 443, comma-separated.", example="8443"),
    ] = frozenset()
    delivery_networks: Annotated[
        tuple[IPNetwork, ...],
        About(
            "Networks from which deliveries are sent, published for subscribers' firewalls. It does not change "
            "the sending address.",
            example="192.0.2.16/28",
        ),
    ] = ()
    max_endpoints: Annotated[int, About("Webhook endpoints per account.", low=1, high=100_000)] = 50

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/"))
        if self.feed_interval_min_s > self.feed_interval_max_s:
            raise SettingsError(
                f"{PREFIX}FEED_INTERVAL_MIN_S must not be above "
                f"{PREFIX}FEED_INTERVAL_MAX_S ({self.feed_interval_max_s})"
            )
        faults = [*self.model_faults(), *(production_faults(self) if self.production else ())]
        if faults:
            raise SettingsError("\n".join(faults))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. An empty variable counts as not set.

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
