"""Which addresses the hub may visit. Pure: nothing is looked up or dialled here (promises 1–4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

import idna

from club.news import SourceTrouble

IP = IPv4Address | IPv6Address

MAX_LENGTH = 2048

# Where an IPv4 address hides inside an IPv6 one: network, bits to the right of it. Teredo and the local NAT64 prefix
# (RFC 8215) carry one too, at a place of their owner's choice; they are outside GLOBAL_UNICAST and never public.
_EMBEDDING = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (IPv6Network("::/96"), 0),  # compatible; `::` and `::1` become 0.0.0.0 and 0.0.0.1, which are not public
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_RELAYS = IPv4Network("192.88.99.0/24")  # RFC 7526 withdrew them; `is_global` still says yes

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_KEPT = "/%:@!$&'()*+,;=~[]"


def is_public(ip: IP) -> bool:
    """True when the whole internet may be meant: an address and whatever IPv4 it embeds are both global."""
    if ip.is_multicast or not ip.is_global:
        return False
    if isinstance(ip, IPv4Address):
        return ip not in _RELAYS
    for network, shift in _EMBEDDING:
        if ip in network:
            return is_public(IPv4Address(int(ip) >> shift & 0xFFFF_FFFF))
    return ip in _GLOBAL_UNICAST


def check_url(text: str) -> str:
    """The address as it will be asked for: http(s), lower-case ASCII host, no default port, no fragment.

    SourceTrouble (blocked) for everything else; a private address passes here and is refused when dialled.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise SourceTrouble("trouble-url-long", blocked=True, limit=MAX_LENGTH)
    if _CONTROL.search(text):
        raise SourceTrouble("trouble-url", blocked=True)
    try:
        url = _rebuild(text)
    except ValueError:
        raise SourceTrouble("trouble-url", blocked=True) from None
    if len(url) > MAX_LENGTH:
        raise SourceTrouble("trouble-url-long", blocked=True, limit=MAX_LENGTH)
    return url


def _rebuild(text: str) -> str:
    """The parts put together again, so that no two readers of the address can see two hosts in it."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https"):
        raise SourceTrouble("trouble-scheme", blocked=True)
    if "@" in parts.netloc:
        raise SourceTrouble("trouble-url-user", blocked=True)
    host, port = _host(parts.hostname or ""), parts.port
    if port == 0:
        raise ValueError(text)
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host += f":{port}"
    # A Location header may hold raw bytes; aiohttp hands them over as surrogate escapes.
    path = quote(parts.path, safe=_KEPT, errors="surrogateescape") or "/"
    query = quote(parts.query, safe=_KEPT + "?", errors="surrogateescape")
    return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")


def _host(written: str) -> str:
    if ":" in written:  # urlsplit gives IPv6 hosts without their brackets
        if "%" in written:
            raise ValueError(written)
        return f"[{IPv6Address(written)}]"
    if len(written) > 253:
        raise ValueError(written)
    host = written if written.isascii() else idna.encode(written, uts46=True).decode("ascii")
    if not _HOST_NAME.fullmatch(host):
        raise ValueError(host)
    # « 2130706433 », « 0x7f.1 », « 127.1 » are 127.0.0.1 to some readers: only the plain spelling is taken.
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise SourceTrouble("trouble-address", blocked=True, host=host) from None
    return host


@dataclass(frozen=True, slots=True)
class Allowed:
    """What `fetch.allow_private` permits beyond public addresses: exact addresses with a port, and names with a port
    (choice A9)."""

    addresses: frozenset[tuple[IP, int]] = frozenset()
    names: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> Allowed:
        """Read `127.0.0.1:8080`, `[::1]:80`, `partenaire.test:8080`; ValueError with the entry that cannot be read."""
        addresses, names = set(), set()
        for entry in entries:
            try:
                parts = urlsplit(f"//{entry.strip()}")
                host, port = _host(parts.hostname or ""), parts.port
            except (ValueError, SourceTrouble):
                raise ValueError(entry) from None
            if not port or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
                raise ValueError(entry)
            try:
                addresses.add((ip_address(host.strip("[]")), port))
            except ValueError:
                names.add((host.rstrip("."), port))
        return cls(frozenset(addresses), frozenset(names))

    def check(self, url: str) -> str:
        """The address of a new source as it will be asked for; SourceTrouble when it is sure that it would not be
        dialled (promises 1–4). What a name leads to is known when it is dialled."""
        address = check_url(url)
        parts = urlsplit(address)
        host = parts.hostname or ""
        with suppress(ValueError):
            ip = ip_address(host)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            if not is_public(ip) and not self.permits(host, ip, port):
                raise SourceTrouble("trouble-address", blocked=True, host=host)
        return address

    def permits(self, name: str, ip: IP, port: int) -> bool:
        """True when a visit to `name` may dial this address and port although it is not public."""
        return (ip, port) in self.addresses or (name.rstrip("."), port) in self.names
