"""Malformed HTTP: methods, paths, headers and parameters that are repeated, wrong, huge or disguised."""

import random
from collections.abc import Sequence

from tests.hostile.corpus import Request, World
from tests.hostile.urls import inside_host

LISTS = ["/v1/stories", "/v1/claims", "/v1/sources", "/v1/taxonomy", "/v1/lookup", "/problems", "/", "/livez", "/readyz", "/docs", "/openapi.json"]  # fmt: skip
NAMES = ["limit", "cursor", "url", "min_score", "max_score", "spin_type", "source", "status", "q", "sort", "support", "story", "as_of", "include", "__proto__", "limit[]", "limit[$gt]", "access_token", "api_key"]  # fmt: skip
VALUES = ["", "1", "0", "-1", "101", "1e2", "0x10", "９", "99999999999999999999999", "NaN", "null", "true", "[]", "{}", "*", "%00", "%ff", "%c0%af", "%", "%u0041",
          "' OR '1'='1", "1; DROP TABLE stories--", "${7*7}", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "\u202eabc", "a" * 600, "2026-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59"]  # fmt: skip
OVERRIDES = [b"X-HTTP-Method-Override", b"X-HTTP-Method", b"X-Method-Override", b"_method"]
ELSEWHERE = [b"X-Original-URL", b"X-Rewrite-URL", b"X-Forwarded-Host", b"X-Forwarded-For", b"X-Forwarded-Proto", b"X-Real-IP", b"Forwarded", b"X-Host", b"True-Client-IP", b"Via", b"Origin", b"Referer"]  # fmt: skip


def _escaped(text: str) -> bytes:
    return "".join(c if "!" <= c <= "~" else "".join(f"%{o:02X}" for o in c.encode()) for c in text).encode()


def _key(world: World) -> tuple[bytes, bytes]:
    return (b"Authorization", b"Bearer " + world.key.encode())


def path_trick(chance: random.Random, world: World) -> Request:
    """A path that a naive router would normalise."""
    base = chance.choice(LISTS).strip("/") or "v1"
    path = chance.choice([
        f"//{base}", f"/./{base}", f"/v1/../{base}", f"/{base}/..;/admin", f"/{base}/%2e%2e/%2e%2e/etc/passwd", f"/{base}%00",
        f"/{base}%2f..", f"/{base};jsessionid=1", f"/{base}\\..\\admin", f"/{base}/", f"/{base}//", f"/{base}.json", f"/{base}%20",
        f"/{base}%0d%0aSet-Cookie:%20a=b", "/%c0%ae%c0%ae/etc/passwd", "/..%252f..%252fetc/passwd", "/docs/assets/../../app.py",
        "/docs/assets/%2e%2e%2f%2e%2e%2fapp.py", "/docs/assets/..%5c..%5capp.py", f"/v1/stories/{'a' * chance.choice([300, 5_000])}",
        "/v1/stories/sto_%F0%9F%92%A9", "/v1/analyses/ana_' OR 1=1", "/v1/verdicts/%", "/v1/claims/{claim}", "/v1/stories/sto_0/verdicts/x",
        "/.git/config", "/.env", "/metrics", "/debug", "/admin", "/v1/keys", "/v2/stories", "/V1/STORIES", "/v1/stories/\u0130", "*", "?", "",
        "http://127.0.0.1/", f"http://{inside_host(chance, world)}/", "/" + "a/" * 500,
    ])  # fmt: skip
    target = _escaped(path)
    drops = not target.startswith(b"/")
    return Request("path", chance.choice([b"GET", b"HEAD", b"OPTIONS", b"POST"]), target or b"/", drops=drops)


def parameters(chance: random.Random, world: World) -> Request:
    """Unknown, repeated, nested, mistyped or misencoded parameters."""
    pairs = []
    for _ in range(chance.choice([1, 1, 2, 2, 3, 40])):
        value = chance.choice(VALUES)
        if chance.random() < 0.05:
            value = world.plant(chance) if chance.random() < 0.5 else f"unspun_live_{world.plant(chance)}"
        pairs.append(f"{chance.choice(NAMES)}{chance.choice(['=', '=', '=', '', '=='])}{value}")
    if chance.random() < 0.3:
        pairs.append(pairs[0])
    raw = _escaped(chance.choice(["&", "&", "&", ";", "&&", "?"]).join(pairs))
    if chance.random() < 0.1:
        raw += chance.choice([b"%", b"\xff", b"#x", b"&" * 3_000, b"=" + b"a" * 9_000])
    headers = (_key(world),) if chance.random() < 0.3 else ()
    # the HTTP parser refuses characters that no URI may contain
    drops = any(octet in raw for octet in b'<>"\xff')
    return Request("parameters", b"GET", chance.choice(LISTS).encode() + b"?" + raw, headers, drops=drops)


def method_trick(chance: random.Random, world: World) -> Request:
    """A wrong method, directly or by an override header."""
    method = chance.choice(
        [
            b"DELETE",
            b"PUT",
            b"PATCH",
            b"TRACE",
            b"PROPFIND",
            b"BREW",
            b"get",
            b"G\xc3\x8bT",
            b"CONNECT",
            b"A" * 300,
            b"GET",
            b"POST",
        ]
    )
    headers: list[tuple[bytes, bytes]] = [_key(world)] if chance.random() < 0.5 else []
    if method in (b"GET", b"POST") or chance.random() < 0.5:
        headers.append((chance.choice(OVERRIDES), chance.choice([b"DELETE", b"PUT", b"PATCH", b"CONNECT"])))
    target = chance.choice(
        [
            b"/v1/stories/sto_0",
            b"/v1/analyses/ana_0",
            b"/v1/sources/x",
            b"/v1/stories?_method=DELETE",
            b"/problems",
        ]
    )
    odd = method not in (b"DELETE", b"PUT", b"PATCH", b"TRACE", b"GET", b"POST", b"PROPFIND", b"BREW")
    return Request("method", method, target, tuple(headers), refused=method != b"GET", drops=odd)


def header_trick(chance: random.Random, world: World) -> Request:
    """Repeated, wrong or huge headers, or those of a missing proxy."""
    inside = inside_host(chance, world).encode("utf-8")
    date = chance.choice([b"Mon, 99 Foo 2026", b"0", b"-1", b"9" * 400, b"Thu, 01 Jan 1970 00:00:00 +9999"])
    choices: list[Sequence[tuple[bytes, bytes]]] = [
        [(chance.choice(ELSEWHERE), chance.choice([b"http://" + inside + b"/", inside, b"/admin", b"for=" + inside]))],
        [(b"Host", inside)],
        [(b"Host", b"unspun.test"), (b"Host", b"127.0.0.1")],
        [(b"Authorization", b"Bearer " + world.plant(chance).encode())],
        [(b"Authorization", b"Bearer unspun_live_" + world.plant(chance).encode()), _key(world)],
        [(b"Authorization", b"Basic " + world.plant(chance).encode())],
        [(b"Authorization", chance.choice([b"", b"Bearer", b"Bearer " + b"a" * 9_000, b"Bearer \xff\xfe", b"Digest x", b"bearer  x"]))],
        [(b"Cookie", b"session=" + world.plant(chance).encode())],
        [(b"If-None-Match", chance.choice([b"*", b'"' * 5_000, b'W/"x", ' * 400, b"\xff"]))],
        [(b"If-Modified-Since", date)],
        [(b"Accept-Encoding", chance.choice([b"gzip;q=nan", b"*;q=-1", b"gzip;q=" + b"1" * 500, b"br, zstd", b",,,;;;q"]))],
        [(b"Prefer", chance.choice([b"wait=-1", b"wait=1e9", b"wait=\xc2\xb2", b"respond-async, wait=" + b"9" * 300, b'wait="']))],
        [(b"X-Request-Id", chance.choice([b"a\tb", b"../../x", b"a" * 500, b'"><script>', b"\xc3\xa9", b"${jndi:ldap://127.0.0.1/a}"]))],
        [(b"traceparent", chance.choice([b"00-" + b"0" * 32 + b"-" + b"1" * 16 + b"-01", b"00-" + b"f" * 9_000, b'00-"}', b"\xff", b"ff--", inside]))],
        [(b"X-%d" % n, b"y") for n in range(chance.choice([20, 90]))],
        [(b"X-Long", b"a" * chance.choice([4_000, 60_000]))],
        [(b"User-Agent", chance.choice([b"<script>alert(1)</script>", b"${jndi:ldap://127.0.0.1/}", b"() { :;}; /bin/id", b"\x1b[31m"]))],
        [(b"Range", b"bytes=" + b"0-0," * 300)],
        [(b"Accept", chance.choice([b"*/*;q=" + b"9" * 99, b"text/html", b"application/xml", b"\xff", b"a" * 3_000]))],
        [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"), (b"Sec-WebSocket-Key", b"x")],
        [(b"Content-Type", b"text/plain"), (b"Transfer-Encoding", b"identity")],
        [(b"Idempotency-Key", chance.choice([b"", b"a" * 3_000, b"\xff", b"'; DROP TABLE x--"]))],
        [(b"Last-Event-ID", b"-1"), (b"traceparent", b"00-" + b"0" * 200)],
    ]  # fmt: skip
    headers = tuple(chance.choice(choices))
    return Request("header", b"GET", chance.choice(LISTS).encode(), headers, drops=True)


def smuggling(chance: random.Random, world: World) -> Request:
    inner = b"GET /admin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    headers, body = chance.choice([
        (((b"Content-Length", b"0"), (b"Transfer-Encoding", b"chunked")), b"0\r\n\r\n" + inner),
        (((b"Content-Length", b"5"), (b"Content-Length", b"6")), b"hello!"),
        (((b"Content-Length", b"-5"),), b"hello"),
        (((b"Content-Length", b"+5"),), b"hello"),
        (((b"Content-Length", b"5, 5"),), b"hello"),
        (((b"Content-Length", b"0x5"),), b"hello"),
        (((b"Content-Length", b"9" * 40),), b"hello"),
        (((b"Transfer-Encoding", b"xchunked"),), b"5\r\nhello\r\n0\r\n\r\n"),
        (((b"Transfer-Encoding", b"chunked, identity"),), b"0\r\n\r\n" + inner),
        (((b"Transfer-Encoding", b" chunked"), (b"transfer-encoding", b"x")), b"0\r\n\r\n" + inner),
        (((b"Transfer-Encoding", b"chunked"),), b"ffffffffffffffffff\r\nx"),
        (((b"Transfer-Encoding", b"chunked"),), b"5;" + b"a" * 5_000 + b"\r\nhello\r\n0\r\n\r\n"),
        (((b"Transfer-Encoding", b"chunked"),), b"0\r\nX-Trailer: y\r\nAuthorization: Bearer z\r\n\r\n"),
        (((b"X-Fold", b"a\r\n b"),), b""),
        (((b"X-Bare", b"a\nX-Other: b"),), b""),
        (((b"X-Nul", b"a\x00b"),), b""),
        (((b"X Space", b"a"),), b""),
        (((b"", b"a"),), b""),
        (((b"Expect", b"100-continue"), (b"Content-Length", b"5")), b"hello"),
    ])  # fmt: skip
    headers = (*headers, (b"Content-Type", b"application/json"), (b"Connection", b"close"))
    return Request("smuggling", b"POST", b"/v1/analyses", headers, body, refused=True, drops=True)
