"""The language model that gives a second judgement: where it runs, what it may read, what it may cost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from api.settings.values import PREFIX, About, Secret

_LOCAL_NETWORKS: Final = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)
# Names that no public name server resolves: RFC 6761, RFC 6762, and ICANN's resolution of 2024-07-29.
_LOCAL_NAMES: Final = (".localhost", ".local", ".internal")


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """The fields of `Settings` about the language model. Without `llm_url` no model is called."""

    llm_url: Annotated[
        str,
        About(
            "Base URL of an OpenAI-compatible server, which ends before /chat/completions. Empty: no language "
            "model is called. It may be on a private network; redirects are not followed.",
            schemes=("http", "https"),
            danger="The server reads the text of articles, as llm_default_policy and llm_drafts allow.",
            example="http://127.0.0.1:11434/v1",
        ),
    ] = ""
    llm_model: Annotated[
        str, About("Name of the model, as the server knows it. Required with llm_url.", example="my-model")
    ] = ""
    llm_key_file: Annotated[
        Path | None,
        About(
            "File with the key for the server, sent as a bearer token. It is read before each request, so the "
            "key can be replaced without a restart.",
            example="/run/secrets/llm_key",
        ),
    ] = None
    llm_ca_file: Annotated[
        Path | None,
        About(
            "File with the certificate of your own authority (PEM) for llm_url. Empty: the public authorities.",
            example="/run/secrets/ca.pem",
        ),
    ] = None
    llm_is_local: Annotated[
        bool | None,
        About(
            "Whether the model runs on your machines, so that `local_only` texts may be sent to it. Empty: true "
            "for loopback and private addresses, and for host names without a dot or under .localhost, .local "
            "or .internal.",
            danger="If true for a server of others, they receive `local_only` texts.",
        ),
    ] = None
    llm_timeout_s: Annotated[
        float,
        About(
            "Timeout of one call, including the wait for others and the whole answer.",
            unit="seconds",
            low=1,
            high=3_600,
        ),
    ] = 120.0
    llm_concurrency: Annotated[
        int, About("Concurrent calls of one `unspun worker`; further ones wait.", low=1, high=64)
    ] = 2
    llm_context_tokens: Annotated[
        int,
        About(
            "Context of the model as the server runs it, prompt and answer together. Longer requests are not "
            "sent.",
            unit="tokens",
            low=1_024,
            high=10_000_000,
            danger="Ollama cuts longer prompts without an error: its own default is 4,096.",
        ),
    ] = 32_768
    llm_max_output_tokens: Annotated[
        int,
        About(
            "Maximum length of one answer, including a model's reasoning. A judgement takes up to 3,000.",
            unit="tokens",
            low=64,
            high=1_000_000,
        ),
    ] = 4_096
    llm_dialect: Annotated[
        str,
        About(
            "How requests ask for JSON and name their limits. Empty: found out by trying; `unspun doctor` shows "
            "it.",
            pattern=r"(json_schema|json_object_schema|json_object|none) "
            r"(max_tokens|max_completion_tokens)( seed)?( temperature)?",
            form="json_schema, json_object_schema, json_object or none, then max_tokens or "
            "max_completion_tokens, then the optional fields to send (seed temperature), separated by spaces",
            example="json_object max_tokens seed temperature",
        ),
    ] = ""
    llm_extra_body: Annotated[
        str,
        About(
            "Fields for the body of each request, as a JSON object.",
            example='{"reasoning_effort":"low"}',
        ),
    ] = ""
    llm_price_input: Annotated[
        float | None,
        About("Price of a million tokens of a prompt, in any currency.", low=0, high=10_000),
    ] = None
    llm_price_output: Annotated[
        float | None,
        About("Price of a million tokens of an answer, in the same currency.", low=0, high=10_000),
    ] = None
    llm_daily_budget: Annotated[
        float | None,
        About(
            "Maximum cost of all calls in a day (UTC), in the currency of the prices; both are required. Empty: "
            "no limit.",
            low=0,
            high=1_000_000,
        ),
    ] = None
    llm_daily_tokens: Annotated[
        int,
        About(
            "Maximum of tokens in a day (UTC), prompts and answers of all calls; 0: no limit. A story takes "
            "about 12,000.",
            unit="tokens",
            low=0,
            high=100_000_000_000,
        ),
    ] = 1_000_000
    llm_when: Annotated[
        Literal["all", "above_score", "unsure", "on_request"],
        About(
            "Which stories get a second judgement: all, those that the rules score above llm_above_score, those "
            "of whose type the rules are not sure (llm_below_confidence), or only those for which a client asks."
        ),
    ] = "all"
    llm_above_score: Annotated[
        int | None, About("The score for `above_score` in llm_when.", low=0, high=99, example="40")
    ] = None
    llm_below_confidence: Annotated[
        float, About("The confidence for `unsure` in llm_when.", low=0, high=1)
    ] = 0.6
    llm_wait: Annotated[
        float,
        About(
            "How long the analysis of a page waits for the model before it is published. If the model is in "
            "time, the first version has both judgements; if not, it has the rules', and the second opinion "
            "follows. 0: the rules' verdict is always published first. At most llm_concurrency analyses of one "
            "`unspun worker` wait at a time, beside those that it works on; others are published without "
            "waiting, so a slow model holds up no worker. Drafts and stored texts never wait.",
            unit="seconds",
            low=0,
            high=3_600,
        ),
    ] = 0.0
    llm_publishes: Annotated[
        Literal["agreed", "llm", "rules"],
        About(
            "The judgement that is published: the model's if it names the rules' type, and no score more than "
            "20 points lower (`agreed`), the model's always (`llm`), or the rules' always (`rules`). The other "
            "stands beside it. In languages that the rules cannot read the model judges alone, with `rules` not "
            "at all."
        ),
    ] = "agreed"
    llm_reviews_rules: Annotated[
        bool,
        About(
            "Whether a third call asks the model which findings of the rules it would keep, at most 18 of a "
            "story. It takes about 4,000 tokens; the answer stands beside both judgements and changes neither. "
            "If it fails, the second judgement is published without it."
        ),
    ] = False
    llm_review_tokens: Annotated[
        int,
        About(
            "Maximum length of the answer to that call, including a model's reasoning, if it is below "
            "llm_max_output_tokens.",
            unit="tokens",
            low=64,
            high=1_000_000,
        ),
    ] = 900
    llm_prose_language: Annotated[
        Literal["story", "english"],
        About(
            "The language of the sentences that the model writes on a story that is not in English: the story's, "
            "or English, with names as the story has them. Stored answers keep theirs."
        ),
    ] = "story"
    llm_default_policy: Annotated[
        Literal["never", "local_only", "allowed"],
        About(
            "Whether the text of sources without a policy of their own may be sent to the model: never, only to "
            "a local one, or to any.",
            danger="Texts that are sent to a server of others have left your control.",
        ),
    ] = "local_only"
    llm_drafts: Annotated[
        Literal["never", "local_only", "allowed"],
        About("The same for drafts, which are private texts of an account."),
    ] = "never"
    llm_mark_secret: Annotated[
        Secret | None,
        About(
            "Secret from which the marks before an article's sentences in a prompt are derived, so that a page "
            "cannot write such lines. Empty: derived from base_url, which its author knows, but a page that "
            "contains its own mark then still takes 2^48 attempts.",
            danger="After a change, texts that are judged again need new calls.",
        ),
    ] = None

    @property
    def llm_local(self) -> bool:
        """Whether the model is on the operator's own machines."""
        if self.llm_is_local is not None:
            return self.llm_is_local
        host = (urlsplit(self.llm_url).hostname or "").rstrip(".")
        try:
            address = ip_address(host)
        except ValueError:
            return bool(host) and ("." not in host or host.endswith(_LOCAL_NAMES))
        return any(address in network for network in _LOCAL_NETWORKS if network.version == address.version)

    def extra_body(self) -> dict[str, Any]:
        """The object in `llm_extra_body`. Raises ValueError for other text."""
        if not self.llm_extra_body:
            return {}
        value = json.loads(self.llm_extra_body)
        if not isinstance(value, dict):
            raise ValueError("not an object")
        return value

    def model_faults(self) -> Iterator[str]:
        """One line for each contradiction, with the variables and the fix."""
        if bool(self.llm_url) != bool(self.llm_model):
            given, lacking = ("URL", "MODEL") if self.llm_url else ("MODEL", "URL")
            yield f"{PREFIX}LLM_{given} is set without {PREFIX}LLM_{lacking}: set both or neither"
        yield from self._address_faults()
        try:
            self.extra_body()
        except (ValueError, RecursionError):
            yield f"{PREFIX}LLM_EXTRA_BODY must be a JSON object"
        if self.llm_max_output_tokens >= self.llm_context_tokens:
            yield (
                f"{PREFIX}LLM_MAX_OUTPUT_TOKENS must be below {PREFIX}LLM_CONTEXT_TOKENS "
                f"({self.llm_context_tokens}), which includes the prompt"
            )
        if (self.llm_when == "above_score") != (self.llm_above_score is not None):
            yield f"{PREFIX}LLM_ABOVE_SCORE and {PREFIX}LLM_WHEN=above_score need each other"
        yield from self._budget_faults()

    def _address_faults(self) -> Iterator[str]:
        """Messages do not repeat the URL, which may contain a password."""
        try:
            parts = urlsplit(self.llm_url)
            sound = not self.llm_url or bool(parts.hostname and parts.port != 0)
        except ValueError:
            sound = False
        if not sound:
            yield f"{PREFIX}LLM_URL is not a URL with a host"
        elif parts.username is not None or parts.query or parts.fragment:
            yield (
                f"{PREFIX}LLM_URL must not contain a user, a query or a fragment: put the key into a file and "
                f"name it in {PREFIX}LLM_KEY_FILE"
            )

    def _budget_faults(self) -> Iterator[str]:
        answer, price, budget = self.llm_max_output_tokens, self.llm_price_output, self.llm_daily_budget
        if (self.llm_price_input is None) != (price is None):
            yield f"{PREFIX}LLM_PRICE_INPUT and {PREFIX}LLM_PRICE_OUTPUT need each other"
        elif budget is not None and price is None:
            yield (
                f"{PREFIX}LLM_DAILY_BUDGET needs {PREFIX}LLM_PRICE_INPUT and {PREFIX}LLM_PRICE_OUTPUT; without "
                f"prices use {PREFIX}LLM_DAILY_TOKENS"
            )
        elif budget is not None and price is not None and budget < price * answer / 1_000_000:
            yield f"{PREFIX}LLM_DAILY_BUDGET does not pay for one answer of {answer} tokens"
        if 0 < self.llm_daily_tokens <= answer:
            yield f"{PREFIX}LLM_DAILY_TOKENS must exceed {PREFIX}LLM_MAX_OUTPUT_TOKENS ({answer})"
