"""robots.txt (RFC 9309), and the signals that say what may become of what is read (contentsignals.org)."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

# Each name stands for itself: a rule for one never covers another (RFC 9309 section 2.2.1). Names as published by
# their owners and gathered at github.com/ai-robots-txt/ai.robots.txt.
READERS: Final = (
    "OAI-SearchBot", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "PerplexityBot", "Perplexity-User",
    "Googlebot", "Bingbot", "DuckAssistBot", "Applebot", "MistralAI-User",
)  # fmt: skip
TRAINERS: Final = (
    "GPTBot", "ClaudeBot", "Google-Extended", "Applebot-Extended", "CCBot", "Amazonbot", "Meta-ExternalAgent",
    "Bytespider",
)  # fmt: skip
# What answers only to a key, or takes messages alone as /mcp does: nothing there is for a crawler. A look-up is
# one indexed read, and llms.txt tells those to use it who are asked about a page; what the bare address links is
# only its beginning, and leads nowhere.
_NOT_TO_CRAWL: Final = (
    "/v1/analyses", "/v1/appeals$", "/v1/events", "/v1/feeds", "/v1/keys", "/v1/lookup?url=$", "/v1/usage",
    "/v1/webhooks", "/mcp$",
)  # fmt: skip
_HEAD: Final = """\
# Verdicts on the framing of stories, for machines. Where to begin: {base_url}/llms.txt
# Content-Signal: search is an index with links and short excerpts, ai-input an answer that is given from what was
# read, ai-train the teaching of a model. {license} are the terms.
"""


class CrawlerPolicy(Struct, kw_only=True, frozen=True):
    """`public`: whether anything may be read without a key; `training`: whether it may teach models.

    `rules` say for single crawlers, by name, whether they may read at all. `usage`: whether Content-Usage is said
    beside Content-Signal.
    """

    public: bool
    training: bool
    rules: Mapping[str, bool]
    usage: bool

    def signals(self) -> list[tuple[str, str]]:
        """Names and values, the same in robots.txt and as headers."""
        if not self.public:
            return []
        train = self.training
        said = [("Content-Signal", f"search=yes, ai-input=yes, ai-train={'yes' if train else 'no'}")]
        return [*said, ("Content-Usage", f"search=y, train-ai={'y' if train else 'n'}")][: 1 + self.usage]


def robots_txt(policy: CrawlerPolicy, *, base_url: str, license_url: str) -> str:
    """Everybody; those who search and answer; those who gather for training; those who are named."""
    if not policy.public:
        return "# Reading needs a key here.\nUser-agent: *\nDisallow: /\n"
    named = {token.lower(): (token, allowed) for token, allowed in policy.rules.items()}
    groups = [_group(policy, ["*"], allowed=True)]
    for tokens, allowed in ((READERS, True), (TRAINERS, policy.training)):
        groups.append(_group(policy, [t for t in tokens if t.lower() not in named], allowed=allowed))
    for allowed in (True, False):
        groups.append(_group(policy, [t for t, may in named.values() if may is allowed], allowed=allowed))
    maps = f"Sitemap: {base_url}/sitemap.xml\nSitemap: {base_url}/news-sitemap.xml\n"
    return "\n".join([_HEAD.format(base_url=base_url, license=license_url), *filter(None, groups), maps])


def _group(policy: CrawlerPolicy, tokens: Sequence[str], *, allowed: bool) -> str:
    """A crawler heeds the group that names it and no other, so each says everything."""
    if not tokens:
        return ""
    lines = [f"User-agent: {token}" for token in tokens]
    if allowed:
        lines += [f"{name}: {value}" for name, value in policy.signals()]
        lines += ["Allow: /", *(f"Disallow: {path}" for path in _NOT_TO_CRAWL)]
    else:
        lines.append("Disallow: /")
    return "\n".join(lines) + "\n"
