"""Which hosts are one site: registrable domains by the Public Suffix List, private suffixes included.

The list ships inside the `tld` package and is read from there, never from the network.
"""

from tld import get_fld

from api.web.hosts import host_address

# Subdomains that hold the same pages as the domain itself, in another form.
_FORMS = ("www.", "m.", "mobile.", "amp.")
# Hosts under which strangers publish, each on a subdomain, that the Public Suffix List does not have.
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
    """The domain that one registrant holds: `news.example.co.uk` → `example.co.uk`.

    A suffix under which strangers publish counts as such (`anna.github.io` is a site of its own). An address,
    a bare suffix and a host without a known suffix of fewer than three labels are their own domain.
    """
    if host_address(host) is not None:
        return host
    domain = get_fld(f"http://{host}", fail_silently=True)
    if domain is None:  # no such suffix: by the list's own rule the last label is one
        return ".".join(host.split(".")[-2:])
    if domain in _PLATFORMS and host not in (domain, f"www.{domain}"):
        return ".".join(host.split(".")[-domain.count(".") - 2 :])
    return domain


def same_site(first: str, second: str) -> bool:
    """Whether two canonical hosts are one, but for `www.` and the mobile and AMP forms.

    Not whether they have one registrable domain: no list knows every host that gives subdomains to strangers.
    """
    return (bare_host(first) or first) == (bare_host(second) or second)


def source_domains(host: str) -> list[str]:
    """The domains under which a publisher may be known, the nearest first.

    `blog.news.example.com` → itself, `news.example.com`, `example.com`. A `www.` is dropped.
    """
    host = bare_host(host) or host
    domain = registrable_domain(host)
    found = [host]
    while found[-1] != domain and "." in found[-1]:
        found.append(found[-1].partition(".")[2])
    return found


def bare_host(host: str) -> str | None:
    """The host without its `www.`, mobile or AMP prefix; None where it has none or is nothing without it."""
    prefix = next((p for p in _FORMS if host.startswith(p)), None)
    if prefix is None or host_address(host) is not None:
        return None
    bare = host.removeprefix(prefix)
    return bare if bare.endswith(registrable_domain(host)) else None
