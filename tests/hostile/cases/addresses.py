"""Addresses that lead inside, in every spelling, and what is no address of the web (promises 1–4)."""

from __future__ import annotations

from tests.hostile.case import Case, blocked, read, trouble
from tests.hostile.cases.pages import rss
from tests.hostile.server import says

HERE = "http://{}:{{secret}}/{{name}}"
INSIDE = [["127.0.0.1"]]
PUBLIC = "5.5.5.5"
FINE = says(rss("ouvert"))

SPELLINGS = {
    "loopback": "127.0.0.1",
    "loopback-other": "127.0.0.2",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "octal-whole": "017700000001",
    "hexadecimal": "0x7f.0.0.1",
    "hexadecimal-whole": "0x7f000001",
    "mixed-bases": "0x7f.0.0.01",
    "short": "127.1",
    "shorter": "127.0.1",
    "overflow": "4294967297",
    "zero": "0",
    "unspecified": "0.0.0.0",
    "private-ten": "10.0.0.1",
    "private-172": "172.16.0.1",
    "private-192": "192.168.1.1",
    "metadata": "169.254.169.254",
    "carrier": "100.64.0.1",
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "reserved": "240.0.0.1",
    "relays": "192.88.99.1",
    "documentation": "203.0.113.7",
    "v6-loopback": "[::1]",
    "v6-long": "[0:0:0:0:0:0:0:1]",
    "v6-unspecified": "[::]",
    "v6-mapped": "[::ffff:127.0.0.1]",
    "v6-mapped-hexadecimal": "[::ffff:7f00:1]",
    "v6-compatible": "[::127.0.0.1]",
    "v6-6to4": "[2002:7f00:1::]",
    "v6-nat64": "[64:ff9b::7f00:1]",
    "v6-nat64-local": "[64:ff9b:1::7f00:1]",
    "v6-teredo": "[2001:0:7f00:1::1]",
    "v6-unique-local": "[fd00::1]",
    "v6-link-local": "[fe80::1]",
    "v6-site-local": "[fec0::1]",
    "v6-multicast": "[ff02::1]",
    "trailing-dot": "127.0.0.1.",
    "ideographic-dots": "127。0。0。1",
    "fullwidth-digits": "１２７.０.０.１",
    "circled-digits": "①②⑦.⓪.⓪.①",
}

NOT_ADDRESSES = {
    "arabic-digits": "http://١٢٧.٠.٠.١:{secret}/",
    "zone": "http://[fe80::1%25eth0]:{secret}/",
    "zone-loopback": "http://[::1%lo]:{secret}/",
    "percent-host": "http://%31%32%37.0.0.1:{secret}/",
    "blank-in-host": "http://127.0.0.1 exemple.fr:{secret}/",
    "port-zero": "http://127.0.0.1:0/",
    "port-too-big": "http://127.0.0.1:99999/",
    "port-word": "http://127.0.0.1:http/",
    "two-ports": "http://127.0.0.1:80:{secret}/",
    "no-host": "http:///etc/passwd",
    "dot-host": "http://./",
    "double-dot-host": "http://exemple..fr/",
    "long-label": f"http://{'a' * 64}.fr/",
    "long-name": f"http://{'a.' * 130}fr/",
    "open-bracket": "http://[::1:{secret}/",
}

# Refused where the configuration is read, with its line (promises 4, 80).
AT_LOAD = {
    "tab-in-host": "http://127.0.0.1\t:8080/",
    "line-in-path": "http://127.0.0.1:8080/\r\nHost: exemple.fr",
    "bidi-in-host": "http://\u202eexemple.fr/",
    "user": "http://exemple.fr@127.0.0.1:8080/",
    "password": "http://exemple.fr:80@127.0.0.1:8080/",
    "backslash": "http://exemple.fr\\@127.0.0.1:8080/",
    "file": "file:///etc/passwd",
    "file-capitals": "FILE:///etc/passwd",
    "file-host": "file://127.0.0.1/etc/passwd",
    "ftp": "ftp://127.0.0.1:8080/",
    "gopher": "gopher://127.0.0.1:8080/_GET",
    "data": "data:application/xml,<rss><channel><item><title>SECRET</title></item></channel></rss>",
    "javascript": "javascript:alert(1)",
    "feed": "feed:http://127.0.0.1:8080/",
    "jar": "jar:http://127.0.0.1:8080/!/x",
    "no-scheme": "//127.0.0.1:8080/",
    "bare-path": "/etc/passwd",
    "climbing-path": "../../../../../../etc/passwd",
    "inline-xml": "<rss><channel><item><title>SECRET</title></item></channel></rss>",
    "inline-json": '{"version": "https://jsonfeed.org/version/1", "items": [{"title": "SECRET"}]}',
}

NAMES = {
    "localhost": "localhost",
    "localhost-capitals": "LOCALHOST",
    "localhost-dot": "localhost.",
    "localhost-below": "cms.localhost",
    "localhost-fancy": "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "name-of-the-inside": "interne.test",
    "digits-below-a-name": "127.0.0.1.nip.test",
}

CASES: tuple[Case, ...] = (
    *(blocked(f"address-{name}", HERE.format(host)) for name, host in SPELLINGS.items()),
    *(blocked(f"address-{name}", url, "trouble-url") for name, url in NOT_ADDRESSES.items()),
    *(
        blocked(f"name-{name}", HERE.format(host), names={host.lower() if host.isascii() else "localhost": INSIDE})
        for name, host in NAMES.items()
    ),
    blocked("address-endless", "http://exemple.fr/" + "a" * 3_000, "trouble-url-long"),
    blocked("address-fragment", "http://127.0.0.1:{secret}?fragment#@exemple.fr/"),
    trouble("name-unknown", FINE, "trouble-unreachable-dns", url="http://nulle-part.test:{port}/"),
    trouble(
        "name-silent",
        FINE,
        "trouble-timeout",
        url="http://muet.test:{port}/",
        slow=True,
        lookup=100.0,
        names={"muet.test": [["127.0.0.1"]]},
    ),
    # Public at the first look-up, private at the next: the address that was checked is the one that is dialled.
    read(
        "rebinding",
        FINE,
        1,
        url="http://rebond.test/",
        names={"rebond.test": [[PUBLIC], ["10.0.0.1"]]},
        dials=frozenset({PUBLIC}),
    ),
    blocked(
        "rebinding-at-once",
        "http://rebond-interne.test:{secret}/",
        "trouble-address",
        names={"rebond-interne.test": [["127.0.0.1"], ["5.5.5.6"]]},
        dials=frozenset({"5.5.5.6"}),
    ),
    read(
        "one-answer-of-two-is-private",
        FINE,
        1,
        url="http://double.test/",
        names={"double.test": [["10.0.0.1", "5.5.5.7"]]},
        dials=frozenset({"5.5.5.7"}),
    ),
    blocked(
        "every-answer-is-private",
        "http://prive.test/",
        "trouble-address",
        names={"prive.test": [["10.0.0.1", "192.168.0.1", "::1", "fd00::1"]]},
    ),
)
