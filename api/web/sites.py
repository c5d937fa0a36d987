"""Sites and their domains by the Public Suffix List, including private suffixes, from the `tld` package."""

from tld import get_fld, utils

from api.web.hosts import host_address

utils.codecs_open = open  # type: ignore[assignment,attr-defined]  # its own reads the list in twice the time

# Prefixes of hosts with the same pages in another form.
_FORMS = ("www.", "m.", "mobile.", "amp.")
# Hosting platforms with a subdomain per user that the Public Suffix List lacks.
_PLATFORMS = frozenset(
    {
        "beehiiv.com",
        "ghost.io",
        "hashnode.dev",
        "livejournal.com",
        "medium.com",
        "over-blog.com",
        "substack.com",
        "tumblr.com",
        "typepad.com",
        "wordpress.com",
    }
)


def registrable_domain(host: str) -> str:
    """The registered domain: `news.example.co.uk` → `example.co.uk`.

    A user's subdomain of a hosting platform is a domain (`anna.github.io`), and so are addresses, bare
    suffixes, and hosts of fewer than three labels without a known suffix.
    """
    if host_address(host) is not None:
        return host
    domain = get_fld(f"http://{host}", fail_silently=True)
    if domain is None:  # unknown suffix: the list's default rule is the last label
        return ".".join(host.split(".")[-2:])
    if domain in _PLATFORMS and host not in (domain, f"www.{domain}"):
        return ".".join(host.split(".")[-domain.count(".") - 2 :])
    return domain


def same_site(first: str, second: str) -> bool:
    """Whether two canonical hosts differ only by `www.`, mobile and AMP prefixes.

    Registered domains are not compared, as no list contains all hosting platforms.
    """
    return (bare_host(first) or first) == (bare_host(second) or second)


def source_domains(host: str) -> list[str]:
    """A host and its parent domains without `www.`, nearest first: `blog.news.example.com`, `news.example.com`,
    `example.com`.
    """
    host = bare_host(host) or host
    domain = registrable_domain(host)
    domains = [host]
    while domains[-1] != domain and "." in domains[-1]:
        domains.append(domains[-1].partition(".")[2])
    return domains


def bare_host(host: str) -> str | None:
    """The host without `www.`, mobile or AMP prefix; None if it has none or consists of it."""
    prefix = next((p for p in _FORMS if host.startswith(p)), None)
    if prefix is None or host_address(host) is not None:
        return None
    bare = host.removeprefix(prefix)
    return bare if bare.endswith(registrable_domain(host)) else None
