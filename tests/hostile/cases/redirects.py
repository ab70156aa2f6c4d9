"""Redirects that go round, go inside, go on, or bring something (promises 1, 4, 5)."""

from __future__ import annotations

from club.news import Health
from tests.hostile.case import Case, read, trouble
from tests.hostile.cases.pages import rss
from tests.hostile.server import Answer, Visit, by_path, head, in_turn, says, writes

FINE = says(rss("arrivé"))


def to(location: str, status: int = 302) -> Answer:
    return says(status=status, Location=location)


def led(name: str, location: str, *keys: str, status: int = 302) -> Case:
    """A redirect to where nobody may go."""
    return Case(name, to(location, status), keys or ("trouble-address",), health=Health.BLOCKED)


async def bomb(visit: Visit) -> None:
    """A redirect whose body has no end."""
    if visit.number > 1:
        await FINE(visit)
        return
    await visit.send(head(302, [("Location", "/ok"), ("Transfer-Encoding", "chunked")]))
    while True:
        await visit.send(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


def raw_location(octets: bytes) -> Answer:
    return in_turn(writes(b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: " + octets + b"\r\n\r\n"), FINE)


CASES: tuple[Case, ...] = (
    trouble("redirect-to-itself", to("/redirect-to-itself"), "trouble-redirect-loop"),
    trouble("redirect-round", by_path({"/a": to("/b"), "/b": to("/a")}, to("/a")), "trouble-redirect-loop", requests=3),
    trouble("redirect-endless", to("/{n}"), "trouble-redirects", requests=6),
    trouble(
        "redirect-six",
        by_path({f"/{n}": to(f"/{n + 1}") for n in range(1, 6)} | {"/6": FINE}, to("/1")),
        "trouble-redirects",
        requests=6,
    ),
    read(
        "redirect-five",
        by_path({f"/{n}": to(f"/{n + 1}") for n in range(1, 5)} | {"/5": FINE}, to("/1")),
        1,
        requests=6,
    ),
    read("redirect-relative", by_path({"/b": FINE}, to("b")), 1, requests=2),
    read("redirect-protocol-relative", in_turn(to("//127.0.0.1:{port}/b"), FINE), 1, requests=2),
    read("redirect-fragment", in_turn(to("/b#/../etc/passwd"), FINE), 1, requests=2),
    read("redirect-with-an-endless-body", bomb, 1, requests=2),
    read("redirect-raw-bytes", raw_location("/été".encode()), 1, requests=2),
    read("redirect-latin-bytes", raw_location("/été".encode("latin-1")), 1, requests=2),
    trouble("redirect-nowhere", says(status=301), "trouble-redirect-empty"),
    trouble("redirect-empty", to(""), "trouble-redirect-empty"),
    trouble("redirect-blank", to("   "), "trouble-redirect-empty"),
    trouble(
        "redirect-https-that-is-none",
        to("https://127.0.0.1:{port}/"),
        "trouble-unreachable-tls",
        "trouble-cut",
        "trouble-unreachable",
        requests=2,
    ),
    trouble("redirect-choices", says(status=300, Location="/b"), "trouble-status"),
    trouble("redirect-by-proxy", says(status=305, Location="http://127.0.0.1:{secret}/"), "trouble-status"),
    trouble("redirect-switch", says(status=306, Location="http://127.0.0.1:{secret}/"), "trouble-status"),
    trouble(
        "redirect-by-refresh",
        says("<html>x</html>", type="text/html", Refresh="0; url=http://127.0.0.1:{secret}/"),
        "trouble-no-feed",
        requests=6,
    ),
    led("redirect-inside", "http://127.0.0.1:{secret}/"),
    led("redirect-inside-for-good", "http://127.0.0.1:{secret}/", status=308),
    led("redirect-inside-protocol-relative", "//127.0.0.1:{secret}/"),
    led("redirect-inside-decimal", "http://2130706433:{secret}/"),
    led("redirect-inside-mapped", "http://[::ffff:7f00:1]:{secret}/"),
    led("redirect-metadata", "http://169.254.169.254/latest/meta-data/"),
    led("redirect-file", "file:///etc/passwd", "trouble-scheme"),
    led("redirect-ftp", "ftp://127.0.0.1:{secret}/", "trouble-scheme"),
    led("redirect-data", "data:text/xml,<rss/>", "trouble-scheme"),
    led("redirect-javascript", "javascript:alert(1)", "trouble-scheme"),
    led("redirect-user", "http://x:y@127.0.0.1:{port}/", "trouble-url-user"),
    led("redirect-user-of-a-name", "http://exemple.fr@127.0.0.1:{secret}/", "trouble-url-user"),
    # Not an address of another host to us: it stays a path of the same one.
    trouble("redirect-backslash", to("http:\\\\127.0.0.1:{secret}\\"), "trouble-redirect-loop", requests=2),
    led("redirect-bad-port", "http://127.0.0.1:x/", "trouble-url"),
    led("redirect-long", "/" + "a" * 4_000, "trouble-url-long"),
    Case(
        "redirect-two-places",
        writes(
            b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:1/\r\n"
            b"Location: file:///etc/passwd\r\n\r\n"
        ),
        ("trouble-address", "trouble-scheme", "trouble-url"),
        health=Health.BLOCKED,
    ),
    Case(
        "redirect-rebinding",
        in_turn(to("http://saut.test/"), to("http://saut.test:{secret}/"), FINE),
        ("trouble-address",),
        health=Health.BLOCKED,
        requests=2,
        names={"saut.test": [["5.5.5.8"], ["127.0.0.1"]]},
        dials=frozenset({"5.5.5.8"}),
    ),
)
