"""URLs of internal hosts in all spellings: addresses, names, wrappers, parser tricks, schemes, ports."""

import json
import random
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

from tests.hostile.corpus import Request, World

INSIDE = [
    IPv4Address(text)
    for text in (
        "127.0.0.1", "127.9.8.7", "0.0.0.0", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "169.254.170.2", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1",
        "192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    )
]  # fmt: skip
INSIDE_V6 = ["::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1", "2001:db8::1", "5f00::1", "4000::1"]  # fmt: skip
LOCAL = ["localhost", "LOCALHOST", "localhost.", "a.localhost", "printer", "printer.local", "db.internal", "metadata.google.internal",
         "router.lan", "nas.home.arpa", "localhost.localdomain", "kubernetes.default.svc.cluster.local", "hidden.onion", "valkey", "postgres"]  # fmt: skip
SCHEMES = ["file", "gopher", "dict", "ftp", "sftp", "ldap", "tftp", "jar", "data", "javascript", "view-source", "netdoc", "ws", "redis", "php", "blob", "about", "mailto", "unix", "s3"]  # fmt: skip


def _v4(chance: random.Random, address: IPv4Address) -> str:
    octets = list(address.packed)
    number = int(address)

    def part(value: int) -> str:
        return chance.choice(
            [
                str(value),
                hex(value),
                f"0X{value:X}",
                f"0{value:o}",
                f"0x{value:010x}",
                f"0{value:09o}" if value else "0",
            ]
        )

    match chance.randrange(8):
        case 0:
            return str(address)
        case 1:
            return part(number)
        case 2:
            return ".".join(part(octet) for octet in octets)
        case 3:
            return f"{part(octets[0])}.{part(number & 0xFFFFFF)}"
        case 4:
            return f"{part(octets[0])}.{part(octets[1])}.{part(number & 0xFFFF)}"
        case 5:
            return str(address).translate({ord(d): 0xFF10 + int(d) for d in "0123456789"})
        case 6:
            return str(address).replace(".", chance.choice("。．｡")) + chance.choice(["", ".", "。"])
        case _:
            return "".join(chr(0x2460 + int(d) - 1) if d in "123456789" else d for d in str(address))


def _v6(chance: random.Random, address: IPv4Address) -> str:
    high, low = int(address) >> 16, int(address) & 0xFFFF
    spelt = chance.choice([
        f"::ffff:{address}", f"::FFFF:{high:x}:{low:x}", f"0:0:0:0:0:ffff:{address}", f"::{address}",
        f"::ffff:0:{address}", f"64:ff9b::{address}", f"64:ff9b:1::{address}", f"2002:{high:x}:{low:x}::",
        f"2001:0:4136:e378:8000:63bf:{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}", f"2001:4860::5efe:{address}",
        *INSIDE_V6, IPv6Address(chance.choice(INSIDE_V6)).exploded.upper(),
    ])  # fmt: skip
    return f"[{spelt}{chance.choice(['', '', '', '%25eth0', '%eth0', '%251'])}]"


def inside_host(chance: random.Random, world: World) -> str:
    """A host that is internal without DNS."""
    address = chance.choice(INSIDE)
    return chance.choice([_v4, _v4, _v6])(chance, address) if chance.random() < 0.85 else chance.choice(LOCAL)


def literal_url(chance: random.Random, world: World) -> str:
    """A URL that must be refused before DNS."""
    host = inside_host(chance, world)
    ports = ["", "", ":80", ":443", ":8080", ":22", ":0", ":65536", ":99999999999", ":-1", ":+80", ":８０", ": 80", ":80x",
             f":{chance.choice(world.canary_ports)}"]  # fmt: skip
    port = chance.choice(ports)
    path = chance.choice(
        ["/", "", "/latest/meta-data/", "/?a=b", "/%0d%0aX:%20y", "/a b", "/#@site.example/", "/.."]
    )
    scheme = chance.choice(["http", "https", "HTTP", "hTTps"])
    secret = world.plant(chance) if chance.random() < 0.1 else "word"
    return chance.choice([
        f"{scheme}://{host}{port}{path}",
        f"{scheme}://{host}{port}{path}",
        f"{scheme}://{host}{port}{path}",
        f"{scheme}://site.example@{host}{port}{path}",
        f"{scheme}://ada:{secret}@{host}{port}{path}",
        f"{scheme}://{host}{port}\\@site.example/",
        f"{scheme}://site.example\\@{host}{port}{path}",
        f"{scheme}:\\\\{host}{path}",
        f"{scheme}:/{host}{path}",
        f"{scheme}:///{host}{path}",
        f"//{host}{path}",
        f"{scheme}://{host}\t{path}",
        f"{scheme}://{host}\r\nX-Injected: yes\r\n{path}",
        f"{scheme}://{quote(host, safe='')}{path}",
        f"{scheme}://{host}%00.site.example{path}",
        f"{scheme}://[{host}]{path}",
        f" \x00{scheme}://{host}{path}",
        f"url:{scheme}://{host}{path}",
        f"{chance.choice(SCHEMES)}://{host}{port}{path}",
        f"{chance.choice(SCHEMES)}:{host}",
        f"file:///etc/passwd?{host}",
        f"{scheme}://{host}{port}/{'a' * chance.choice([2_000, 2_048, 4_000])}",
        f"https://www.google.com/url?q={quote(f'{scheme.lower()}://{host}/', safe='')}",
        f"https://www.google.com/url?{'x=1&' * 70}q={quote(f'http://{host}/', safe='')}#",
        f"https://www.google.com/amp/{host}/",
        f"https://slack-redir.net/link?url=http://{quote(host)}:22/",
    ])  # fmt: skip


def _body(chance: random.Random, url: str) -> bytes:
    return json.dumps({"url": url}, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _post(kind: str, body: bytes, world: World, refused: bool) -> Request:
    headers = ((b"Content-Type", b"application/json"), (b"Authorization", b"Bearer " + world.key.encode()))
    return Request(kind, b"POST", b"/v1/analyses", headers, body, refused=refused)


def submit_inside(chance: random.Random, world: World) -> Request:
    url = literal_url(chance, world)
    # these may lead to the wrapper itself, a public host that the worker cannot reach
    outside = "google.com/url?x" in url or "google.com/amp/" in url
    return _post("ssrf: address", _body(chance, url), world, refused=not outside)


def submit_name(chance: random.Random, world: World) -> Request:
    """Submission of a public name that resolves to an internal address: accepted, then refused by the worker."""
    name = chance.choice(world.names)
    path = chance.choice(["/", "/a", "/admin", "/?x=1"])
    name = chance.choice([name, name.upper(), name + ".", name.replace(".", "。")])
    return _post("ssrf: name", _body(chance, f"http://{name}{path}"), world, refused=False)


def look_up_inside(chance: random.Random, world: World) -> Request:
    """Look-up of an internal URL; nothing is fetched."""
    url = quote(literal_url(chance, world), safe=chance.choice(["", "/:", "/:@?&="]))
    return Request("ssrf: look-up", b"GET", b"/v1/lookup?url=" + url.encode(), refused=False)
