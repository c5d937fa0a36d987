"""robots.txt (RFC 9309), and the permitted uses of content (contentsignals.org)."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

# A rule for one name never covers another (RFC 9309 section 2.2.1). Names as published by their owners, from
# github.com/ai-robots-txt/ai.robots.txt.
READERS: Final = (
    "OAI-SearchBot", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "PerplexityBot", "Perplexity-User",
    "Googlebot", "Bingbot", "DuckAssistBot", "Applebot", "MistralAI-User",
)  # fmt: skip
TRAINERS: Final = (
    "GPTBot", "ClaudeBot", "Google-Extended", "Applebot-Extended", "CCBot", "Amazonbot", "Meta-ExternalAgent",
    "Bytespider",
)  # fmt: skip
# Paths that need a key or take only messages (/mcp). Look-ups stay open, since llms.txt recommends them; only the
# incomplete address without a URL, which pages link, is excluded.
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
    """`public`: reads need no key; `training`: content may train models; `rules`: crawler name to permission;
    `usage`: send Content-Usage beside Content-Signal.
    """

    public: bool
    training: bool
    rules: Mapping[str, bool]
    usage: bool

    def signals(self) -> list[tuple[str, str]]:
        """Names and values, for robots.txt and headers."""
        if not self.public:
            return []
        train = self.training
        signals = [("Content-Signal", f"search=yes, ai-input=yes, ai-train={'yes' if train else 'no'}")]
        return [*signals, ("Content-Usage", f"search=y, train-ai={'y' if train else 'n'}")][: 1 + self.usage]


def robots_txt(policy: CrawlerPolicy, *, base_url: str, license_url: str) -> str:
    """Groups for all crawlers, readers, trainers, and those in `rules`."""
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
    """A crawler obeys only the group that names it, so each group is complete."""
    if not tokens:
        return ""
    lines = [f"User-agent: {token}" for token in tokens]
    if allowed:
        lines += [f"{name}: {value}" for name, value in policy.signals()]
        # last: parsers that obey the first match would read everything
        lines += [*(f"Disallow: {path}" for path in _NOT_TO_CRAWL), "Allow: /"]
    else:
        lines.append("Disallow: /")
    return "\n".join(lines) + "\n"
