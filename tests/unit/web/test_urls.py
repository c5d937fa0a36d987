"""One parser, one normal form, one key for all variants of a URL."""

import string
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.errors import InvalidRequest, UrlNotAllowed
from api.web.tracking_parameters import NAMES, PREFIXES, is_tracking
from api.web.urls import MAX_LENGTH, normalize, parse_target, url_key, variants

NOT_URLS = [
    "",
    " ",
    "not a url",
    "example.com/page",
    "//example.com/page",
    "/page",
    "http:",
    "http:/example.com",
    "http:example.com",
    "http://",
    "http:///page",
    "http://?q",
    "http://#part",
    "http://:80/",
    "http://exa mple.com/",
    "http://example.com:http/",
    "http://example.com:0/",
    "http://example.com:65536/",
    "http://example.com:99999999999999999999/",
    "http://example..com/",
    "http://.example.com/",
    "http://-example.com/",
    "http://example-.com/",
    "http://exa%6dple.com/",
    "http://%31%32%37.0.0.1/",
    "http://exam<ple.com/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[fe80::1%25eth0]/",
    "http://[1.2.3.4]/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://1.2.3.08/",
    "http://4294967296/",
    "http://0x1ffffffff/",
    "http://xn--a.com/",
    "http://example.com\\@127.0.0.1/",
    "http://a\\@127.0.0.1/",
    "http://example.com/a\\b",
    "http://example.com/\x00",
    "http://example.com/\npage",
    "http://exa\tmple.com/",
    "http://example.com/\x7f",
    "http://example.com/\x85",
    "http://example.com/\ud800",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 127 + "com/",
    "http://example.com/" + "a" * MAX_LENGTH,
    "http://example.com/" + "\u4e00" * 300,
]  # fmt: skip
NOT_ALLOWED = [
    "ftp://example.com/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,hello",
    "mailto:ann@example.com",
    "gopher://example.com/",
    "ws://example.com/",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://@example.com/",
    "http://example.com@127.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST:8080/",
    "http://api.localhost/",
    "http://localhost./",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://router.home.arpa/",
    "http://host.localdomain/",
    "http://intranet/",
    "http://com/",
    "http://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54/",
]
ADDRESSES = {
    "http://127.1/": "127.0.0.1",
    "http://0x7f.1/": "127.0.0.1",
    "http://0X7F.0.0.1/": "127.0.0.1",
    "http://2130706433/": "127.0.0.1",
    "http://0177.0.0.1/": "127.0.0.1",
    "http://0x7f000001/": "127.0.0.1",
    "http://017700000001/": "127.0.0.1",
    "http://127.0.1/": "127.0.0.1",
    "http://0/": "0.0.0.0",
    "http://0x/": "0.0.0.0",
    "http://127.0.0.1./": "127.0.0.1",
    "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/": "127.0.0.1",
    "http://127\u30020\u30020\u30021/": "127.0.0.1",
    "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/": "127.0.0.1",
    "http://[::ffff:7f00:1]/": "::ffff:7f00:1",
    "http://[0:0:0:0:0:0:0:1]/": "::1",
    "http://[::FFFF:127.0.0.1]/": "::ffff:7f00:1",
    "http://8.8.8.8/": "8.8.8.8",
}


class TestParseTarget:
    @pytest.mark.parametrize("url", NOT_URLS)
    def test_refuses_what_is_not_a_url(self, url: str) -> None:
        with pytest.raises(InvalidRequest):
            parse_target(url)

    @pytest.mark.parametrize("url", NOT_ALLOWED)
    def test_refuses_a_url_that_is_not_allowed(self, url: str) -> None:
        with pytest.raises(UrlNotAllowed):
            parse_target(url)

    @pytest.mark.parametrize(("url", "address"), ADDRESSES.items())
    def test_reads_an_address_in_any_spelling(self, url: str, address: str) -> None:
        target = parse_target(url)
        assert str(target.address) in (address, "::ffff:127.0.0.1")
        assert target.address == parse_target(target.url).address

    def test_parts_a_url(self) -> None:
        target = parse_target(" HTTPS://News.Example.COM.:8443/a/./b/../c%7e?x=%41&y=%e4#part ")
        assert (target.scheme, target.host, target.port) == ("https", "news.example.com", 8443)
        assert (target.path, target.query) == ("/a/c~", "x=A&y=%E4")
        assert target.authority == "news.example.com:8443"
        assert target.url == "https://news.example.com:8443/a/c~?x=A&y=%E4"
        assert target.address is None

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://example.com", "http://example.com/"),
            ("http://example.com:80/", "http://example.com/"),
            ("https://example.com:443", "https://example.com/"),
            ("http://example.com:443/", "http://example.com:443/"),
            ("http://example.com:/", "http://example.com/"),
            ("http://example.com?q", "http://example.com/?q"),
            ("http://example.com/?", "http://example.com/"),
            ("http://example.com/../../a", "http://example.com/a"),
            ("http://example.com/a/%2e%2e/b", "http://example.com/b"),
            ("http://example.com/a/..", "http://example.com/"),
            ("http://example.com/a/.", "http://example.com/a/"),
            ("http://example.com/100%", "http://example.com/100%25"),
            ("http://example.com/a%2fb", "http://example.com/a%2Fb"),
            ("http://example.com/a b", "http://example.com/a%20b"),
            ("http://example.com/a%00b", "http://example.com/a%00b"),
            ("http://example.com/\u4e00", "http://example.com/%E4%B8%80"),
            ("http://example.com/a|b?c[]=<d>", "http://example.com/a%7Cb?c%5B%5D=%3Cd%3E"),
            ("http://B\u00fccher.example/", "http://xn--bcher-kva.example/"),
            ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
            ("http://stra\u00dfe.example/", "http://xn--strae-oqa.example/"),
            ("http://my_blog.example.com/", "http://my_blog.example.com/"),
            ("http://ex\u00adample.com/", "http://example.com/"),
            ("http://[2001:4860:4860:0::8888]:8080/", "http://[2001:4860:4860::8888]:8080/"),
            ("http://example.com/a@b:c", "http://example.com/a@b:c"),
        ],
    )
    def test_spells_a_url_one_way(self, url: str, expected: str) -> None:
        assert parse_target(url).url == expected


class TestNormalize:
    @pytest.mark.parametrize(
        "url", ["nothing", "ftp://example.com/", "https://www.google.com/url?q=http://localhost/"]
    )
    def test_refuses_what_the_parser_refuses(self, url: str) -> None:
        with pytest.raises((InvalidRequest, UrlNotAllowed)):
            normalize(url)

    def test_drops_tracking_and_sorts_what_is_left(self) -> None:
        url = "https://example.com/a?b=2&UTM_Source=x&a=1&fbclid=y&b=1&&mc_cid=z&ref=front&%75tm_medium=q"
        assert normalize(url) == "https://example.com/a?a=1&b=2&b=1"

    def test_keeps_what_chooses_the_page(self) -> None:
        url = "https://example.com/?article=7&id=3&lang=en&p=12&page=2&source=desk&title=x&v=abc"
        assert normalize(url) == url

    @pytest.mark.parametrize(
        ("link", "page"),
        [
            ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2Fa&usg=x", "https://example.com/a"),
            ("https://google.co.uk/url?q=https://example.com/a&sa=D", "https://example.com/a"),
            ("https://www.google.com/amp/s/example.com/a/amp?utm_source=x", "https://example.com/a/amp"),
            ("https://www.google.com/amp/example.com/a", "http://example.com/a"),
            ("https://example-com.cdn.ampproject.org/c/s/example.com/a", "https://example.com/a"),
            ("http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fexample.com%2fa&c=1", "https://example.com/a"),
            ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Ffbclid%3Dx&h=y", "https://example.com/a"),
            ("https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.com%2Fa", "https://example.com/a"),
            ("https://r.search.yahoo.com/_ylt=x/RU=https%3a%2f%2fexample.com%2fa/RK=2/RS=y-", "https://example.com/a"),
            ("https://news.google.com/rss/articles/CBMiFWh0dHBzOi8vZXhhbXBsZS5jb20vYdIBAA?oc=5", "https://example.com/a"),
            ("https://l.facebook.com/l.php?u=https%3A%2F%2Fgoogle.com%2Furl%3Fq%3Dhttps%3A%2F%2Fexample.com%2Fa",
             "https://example.com/a"),
        ],
    )  # fmt: skip
    def test_unwraps_a_link_that_carries_another(self, link: str, page: str) -> None:
        assert normalize(link) == page

    @pytest.mark.parametrize(
        "url",
        [
            "https://www.google.com/url?" + "a=1&" * 60 + "q=https://example.com/",
            "https://www.google.com/url?q=words",
            "https://www.google.com/search?q=https%3A%2F%2Fexample.com%2F",
            "https://news.google.com/rss/articles/CBMiAU_yqLNabc",
            "https://news.google.com/rss/articles/A",
            "https://example.com/url?q=https%3A%2F%2Fother.example%2F",
        ],
    )
    def test_leaves_a_link_that_carries_none(self, url: str) -> None:
        assert normalize(url) == url


LABEL = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8).map(lambda t: "a" + t)
HOSTS = st.lists(LABEL, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))
PARTS = st.text(max_size=8).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t))
PATHS = st.lists(PARTS.map(lambda t: quote(t, safe="")), max_size=4).map(lambda p: "/" + "/".join(p))
QUERIES = st.lists(st.tuples(LABEL, PARTS), max_size=4, unique_by=lambda pair: pair[0])
URLS = st.builds(
    lambda scheme, host, path, query: (
        f"{scheme}://{host}{path}" + ("?" + "&".join(f"{k}={quote(v)}" for k, v in query) if query else "")
    ),
    st.sampled_from(["http", "https"]),
    HOSTS,
    PATHS,
    QUERIES,
)
TRACKING = st.sampled_from([*NAMES, *(prefix + "x" for prefix in PREFIXES)])


class TestProperties:
    @given(st.text(max_size=60))
    def test_any_text_is_a_url_or_is_refused(self, text: str) -> None:
        for url in (text, f"http://{text}", f"https://example.com/{text}"):
            try:
                target = parse_target(url)
            except (InvalidRequest, UrlNotAllowed):
                continue
            assert target.url.isascii()
            assert not set(target.url) & set(' \\#<>"\x00\n')
            assert parse_target(target.url) == target

    @given(URLS)
    def test_normalizing_twice_changes_nothing(self, url: str) -> None:
        assert normalize(normalize(url)) == normalize(url)

    @given(URLS, st.permutations(range(4)), st.lists(TRACKING, max_size=3), st.booleans())
    def test_all_variants_of_a_url_share_a_key(
        self, url: str, order: list[int], tracking: list[str], secure: bool
    ) -> None:
        base, _, query = url.partition("?")
        parameters = [p for p in query.split("&") if p]
        assume(len({p.partition("=")[0] for p in parameters}) == len(parameters))
        assume(not any(is_tracking(p.partition("=")[0]) for p in parameters))
        mixed = [parameters[i] for i in order if i < len(parameters)] + parameters[4:]
        mixed = [f"{name}=1" for name in tracking] + mixed
        host, slash, path = base.partition("://")[2].partition("/")
        other = "https" if secure else "http"
        written = f"{other}://{host.upper()}.:{443 if secure else 80}{slash}{path}?{'&'.join(mixed)}#part"
        assert url_key(written) == url_key(url)

    @given(URLS, st.sampled_from(["", "www.", "m.", "amp.", "mobile."]), st.booleans())
    def test_a_url_is_among_the_variants_of_its_forms(self, url: str, prefix: str, slashed: bool) -> None:
        scheme, _, rest = url.partition("://")
        base, mark, query = rest.partition("?")
        form = f"{scheme}://{prefix}{base.rstrip('/') + '/' if slashed else base}{mark}{query}"
        assert url_key(form) == variants(form)[0]
        assume(not base.endswith("//"))
        assert url_key(url) in variants(form)


class TestVariants:
    def test_include_the_plain_form_of_amp_and_mobile(self) -> None:
        plain = url_key("https://www.example.com/news/a")
        for form in (
            "https://www.example.com/news/a/amp/",
            "https://www.example.com/news/a/amp",
            "https://www.example.com/amp/news/a",
            "https://amp.example.com/news/a",
            "https://m.example.com/news/a/",
            "https://www.example.com/news/a?amp=1",
            "https://www.example.com/news/a?outputType=amp",
            "https://www.google.com/amp/s/www.example.com/news/a",
        ):
            assert plain in variants(form), form

    def test_include_the_folder_of_an_index_file(self) -> None:
        assert url_key("https://example.com/a/") in variants("https://example.com/a/index.html")

    def test_strips_no_prefix_that_is_the_domain_itself(self) -> None:
        assert not any(
            key.startswith(("dev/", "gov.uk/", "www.dev/")) for key in variants("https://amp.dev/a")
        )
        assert not any(key.startswith("gov.uk/") for key in variants("https://www.gov.uk/a"))

    def test_makes_no_names_of_an_address(self) -> None:
        assert variants("http://93.184.216.34/a") == ["93.184.216.34/a", "93.184.216.34/a/"]


class TestIsTracking:
    @pytest.mark.parametrize(
        "name", ["id", "p", "page", "q", "v", "article", "story", "lang", "s", "source", "utm"]
    )
    def test_leaves_what_chooses_a_page(self, name: str) -> None:
        assert not is_tracking(name)

    @pytest.mark.parametrize("name", ["utm_source", "UTM_ID", "fbclid", "Gclid", "mc_eid", "_hsenc", "ref"])
    def test_knows_campaign_parameters(self, name: str) -> None:
        assert is_tracking(name)
