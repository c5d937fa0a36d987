"""A page's canonical URL is trusted within its site, and only recorded across sites."""

import pytest

from api.web.canonical import Canonical, canonical_url
from api.web.sites import bare_host, registrable_domain, same_site, source_domains

PAGE = "https://news.example.co.uk/2031/harbour?id=7"


class TestCanonicalUrl:
    @pytest.mark.parametrize(
        "declared",
        [
            "https://other.example.org/harbour",
            "https://example.com/harbour",
            "https://co.uk/harbour",
            "https://news.example.co.uk.evil.example/harbour",
            "https://news.example.co.uk:8443/harbour",
            "https://93.184.216.34/harbour",
        ],
    )
    def test_records_another_sites_canonical_as_a_hint(self, declared: str) -> None:
        assert canonical_url(PAGE, declared) == Canonical(PAGE, declared)

    @pytest.mark.parametrize(
        ("page", "declared"),
        [
            ("https://anna.github.io/post", "https://bert.github.io/post"),
            ("https://anna.blogspot.com/post", "https://bert.blogspot.com/post"),
            ("https://a.co.uk/post", "https://b.co.uk/post"),
            ("https://anna.substack.com/p/post", "https://bert.substack.com/p/post"),
            ("https://anna.example.com/post", "https://bert.example.com/post"),
            ("http://93.184.216.34/post", "http://93.184.216.35/post"),
        ],
    )
    def test_separates_sites_under_a_shared_suffix(self, page: str, declared: str) -> None:
        assert canonical_url(page, declared) == Canonical(page, declared)

    @pytest.mark.parametrize(
        "declared",
        [
            None,
            "",
            "   ",
            "javascript:alert(1)",
            "http://localhost/harbour",
            "http://[broken/",
            "https://user:secret@news.example.co.uk/",
            "https://news.example.co.uk/",
            "/",
            "https://news.example.co.uk\\@evil.example/",
            PAGE,
        ],
    )
    def test_ignores_an_empty_declaration(self, declared: str | None) -> None:
        assert canonical_url(PAGE, declared) == Canonical(PAGE, None)

    @pytest.mark.parametrize(
        ("page", "declared", "expected"),
        [
            (PAGE, "//www.news.example.co.uk/harbour", "https://www.news.example.co.uk/harbour"),
            (PAGE, "/2031/harbour/", "https://news.example.co.uk/2031/harbour/"),
            (PAGE, "//news.example.co.uk/x?utm_source=y", "https://news.example.co.uk/x"),
            (PAGE, "http://news.example.co.uk/x", "https://news.example.co.uk/x"),
            ("http://example.org/a", "https://example.org/a", "https://example.org/a"),
            ("https://amp.example.org/a", "https://www.example.org/a", "https://www.example.org/a"),
            ("https://m.example.org/a", "https://example.org/a", "https://example.org/a"),
            ("https://anna.github.io/post?x", "https://anna.github.io/post", "https://anna.github.io/post"),
            ("https://example.org/?utm_source=x", "https://example.org/", "https://example.org/"),
            ("http://93.184.216.34/a?b", "http://93.184.216.34/a", "http://93.184.216.34/a"),
        ],
    )
    def test_believes_a_page_within_its_site(self, page: str, declared: str, expected: str) -> None:
        assert canonical_url(page, declared) == Canonical(expected, None)

    def test_normalizes_the_url_of_a_page_that_declares_none(self) -> None:
        assert (
            canonical_url("https://Example.org/a?b=2&a=1&gclid=x#c", None).url
            == "https://example.org/a?a=1&b=2"
        )


class TestSites:
    @pytest.mark.parametrize(
        ("host", "domain"),
        [
            ("a.b.example.com", "example.com"),
            ("example.co.uk", "example.co.uk"),
            ("news.example.co.uk", "example.co.uk"),
            ("anna.github.io", "anna.github.io"),
            ("github.io", "github.io"),
            ("www.gov.uk", "www.gov.uk"),
            ("a.b.unknown", "b.unknown"),
            ("93.184.216.34", "93.184.216.34"),
            ("2001:4860::1", "2001:4860::1"),
        ],
    )
    def test_finds_the_domain_that_one_registrant_holds(self, host: str, domain: str) -> None:
        assert registrable_domain(host) == domain

    def test_distinguishes_sites(self) -> None:
        assert same_site("m.example.com", "www.example.com")
        assert not same_site("blog.example.com", "www.example.com")
        assert not same_site("example.com", "example.org")
        assert not same_site("2001:4860::1", "2001:4860::2")

    @pytest.mark.parametrize(
        ("host", "domains"),
        [
            ("www.example.com", ["example.com"]),
            ("blog.news.example.co.uk", ["blog.news.example.co.uk", "news.example.co.uk", "example.co.uk"]),
            ("amp.example.com", ["example.com"]),
            ("anna.github.io", ["anna.github.io"]),
            ("93.184.216.34", ["93.184.216.34"]),
        ],
    )
    def test_lists_the_domains_of_a_publisher_nearest_first(self, host: str, domains: list[str]) -> None:
        assert source_domains(host) == domains

    @pytest.mark.parametrize(
        ("host", "bare"),
        [("www.example.com", "example.com"), ("m.example.com", "example.com"), ("example.com", None),
         ("amp.dev", None), ("www.gov.uk", None), ("m.co.uk", None)],
    )  # fmt: skip
    def test_strips_the_prefix_of_a_form(self, host: str, bare: str | None) -> None:
        assert bare_host(host) == bare
