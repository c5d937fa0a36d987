"""Malformed bodies: wrong shape, size, depth or encoding, and drafts of hostile HTML."""

import gzip
import json
import random
from typing import Any

from tests.hostile.corpus import Request, World

FIELDS = ["url", "text", "html", "title", "source", "source_type", "max_age", "account_id", "status", "score", "id", "__proto__", "constructor"]  # fmt: skip
ODD = [None, True, -1, 0, 1.5, 10**30, "", " ", "x", [], {}, [[]], {"$ne": 1}, "\u0000", "\u202e", "\ud800", "a" * 3_000, "\U0001f4a9", "<b>", "{{7*7}}"]  # fmt: skip
RAW = [
    b"", b" ", b"{", b"}", b"[", b"null", b"NaN", b"Infinity", b"1e999", b"'a'", b'{"url":}', b'{"url":"http://a.example/",}', b"{url:1}", b"/* */{}",
    b'{"text":"a"} {"text":"b"}', b'{"text":"a"}x', b"\xef\xbb\xbf{}", b'\xff\xfe{\x00}\x00', b'{"text":"\xff"}', b'{"text":"\xed\xa0\x80"}', b'{"text":"\\ud800"}',
    b'{"text":"\\u0000"}', b'{"text":"\\x41"}', b'{"text":"a\nb"}', b'{"text":1,"text":"a","text":null}', b"--x\r\nContent-Disposition: form-data\r\n\r\n",
    b"url=http://127.0.0.1/", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", b"\x00" * 64, b"\x80\x02]q\x00.",
]  # fmt: skip


def _submit(kind: str, body: bytes, world: World, chance: random.Random, refused: bool) -> Request:
    types = [b"application/json"] * 9 + [b"application/json; charset=utf-8"] * 3
    if refused:
        types += [b"text/plain", b"application/xml", b"application/json; charset=utf-16", b"multipart/form-data; boundary=x",
                  b"application/x-www-form-urlencoded", b"application/json, text/html", b"a" * 300, b"\xff"]  # fmt: skip
    headers = [(b"Content-Type", chance.choice(types)), (b"Authorization", b"Bearer " + world.key.encode())]
    if refused and chance.random() < 0.05:
        headers.append((b"Content-Encoding", chance.choice([b"gzip", b"br", b"deflate"])))
        body = gzip.compress(b" " * 1_000_000) if chance.random() < 0.5 else body
    return Request(kind, b"POST", b"/v1/analyses", tuple(headers), body, refused=refused)


def broken_json(chance: random.Random, world: World) -> Request:
    """Invalid JSON, or JSON that is no valid submission."""
    deep = chance.choice([33, 1_000, 20_000])
    body = chance.choice([
        *RAW, *RAW,
        b'{"url":' + b"[" * deep + b"]" * deep + b"}",
        b'{"text":' + b'{"a":' * deep + b"1" + b"}" * deep + b"}",
        b"[" * deep, b"{" * deep, b'{"a' * deep,
        b'{"text":' + b"9" * 5_000 + b"}",
        json.dumps({"a" * 5_000: 1}).encode(),
        json.dumps([{"url": "http://a.example/"}] * 500).encode(),
        json.dumps({f"k{n}": n for n in range(2_000)}).encode(),
    ])  # fmt: skip
    return _submit("json: broken", body, world, chance, refused=True)


def odd_fields(chance: random.Random, world: World) -> Request:
    """Fields with wrong types, internal fields, several inputs at once."""
    body: dict[str, Any] = {
        chance.choice(FIELDS): chance.choice(ODD) for _ in range(chance.choice([1, 2, 3]))
    }
    body[chance.choice(["account_id", "status", "score", "__proto__", "tries", "Url"])] = chance.choice(ODD)
    return _submit("json: fields", json.dumps(body).encode(), world, chance, refused=True)


def hostile_draft(chance: random.Random, world: World) -> Request:
    """A short draft of HTML that would run, fetch or exhaust something in a naive parser."""
    canary = f"http://127.0.0.1:{chance.choice(world.canary_ports)}/{chance.randrange(10**9)}"
    script = chance.choice([
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
        "</title><script>alert(1)</script>", "--><script>alert(1)</script>", "\u202e<b>x", "\x1b[2J\x1b[31m", "{{7*7}}${7*7}<%= 7*7 %>",
        '"}],"x":"</script>', "](javascript:alert(1))", "\r\nSet-Cookie: a=b", "%0d%0aX: y", "${jndi:ldap://127.0.0.1/a}",
    ])  # fmt: skip
    page = chance.choice([
        f"<title>{script}</title><p>{script}</p>",
        f"<base href='{canary}/'><img src='{canary}'><link rel=stylesheet href='{canary}'><script src='{canary}'></script>",
        f"<iframe src='{canary}'></iframe><object data='{canary}'></object><meta http-equiv=refresh content='0;url={canary}'>",
        f"<link rel=canonical href='{canary}'><meta property='og:url' content='{canary}'><p>words</p>",
        f"<!DOCTYPE a [<!ENTITY b SYSTEM '{canary}'>]><p>&b;</p>",
        f"<?xml-stylesheet href='{canary}'?><html xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='{canary}'/></html>",
        "<!DOCTYPE a [<!ENTITY l 'lol'>" + "".join(f"<!ENTITY l{n} '{'&l%s;' % (n - 1 or '') * 10}'>" for n in range(1, 10)) + "]><p>&l9;</p>",
        "<div>" * chance.choice([400, 3_000, 40_000]) + script,
        "<a href=x>" * chance.choice([500, 60_000]),
        f"<p {'a ' * 20_000}>{script}</p>",
        f"<p style='{'color:red;' * 9_000}'>{script}</p>",
        "<script type='application/ld+json'>" + '{"@graph":[' * 900 + "</script><p>x</p>",
        f"<script type='application/ld+json'>{json.dumps({'@type': script, 'headline': script, 'author': [{'name': script}] * 200})}</script>",
        f"<meta name=author content='{script}'><meta property=og:site_name content='{script}'><h1>{script}",
        "<!--" * 5_000 + script, "<![CDATA[" * 900, "\ufffe\uffff\u0000"[:2] + script, "&#0;&#x110000;&#xd800;" * 50, "<table>" * 300 + "<tr><td>",
        "<p>" + "a\u0301" * 5_000 + "</p>", "<p>\u200b" * 2_000, "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ])  # fmt: skip
    body: dict[str, Any] = {chance.choice(["html", "html", "html", "text"]): page}
    if chance.random() < 0.3:
        body |= {"title": script, "source": script[:150]}
    return _submit("draft", json.dumps(body).encode(), world, chance, refused=False)
