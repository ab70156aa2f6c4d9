"""Addresses found in foreign documents: what may be stored, and when two are the same page. Nothing is fetched."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote, urljoin, urlsplit

from connectors.sources.clean import without_unseen

LINK = 2048  # characters
# As most addresses are, and as all are stored.
_PLAIN = re.compile(r"https?://((?:[a-z0-9-]++\.)+[a-z0-9-]++)((?:/[A-Za-z0-9._~-]*+)*+)")
_WITH_HOST = re.compile(r"https?://[^/?#\s]\S*+")
_PORTS = {"http": 80, "https": 443}
# Of the page alone, never of its content.
_TRACKING = re.compile(r"(?:utm_|pk_|mtm_|at_|debut_).*|xtor|fbclid|gclid|chash|phpsessid|var_mode", re.IGNORECASE)
_UNSAFE = re.compile(r'[\s"<>\\^`{|}]')
_NO_HOST = re.compile(r'[\s"<>\\^`{|}%@,;()\']|^$|^\.|\.\.')
_AMPERSAND = re.compile("&(?:amp;|#0*38;)+")
_WRITTEN = "".join(map(chr, range(0x21, 0x7F)))
_ESCAPED = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


def absolute(link: str, *bases: str) -> str:
    """The link seen from the nearest base, each base itself seen from the next; "" when it cannot be read."""
    address = link.strip()
    if not address or _WITH_HOST.fullmatch(address):
        return address
    for base in bases:
        with suppress(ValueError):
            address = urljoin(base, address)
    return address


def normalise_link(link: str) -> str | None:
    """The http(s) address as stored, without tracking; None when it leads nowhere or is refused.

    An address with a name or a password in it is refused: it is a secret or a lure.
    """
    if _PLAIN.fullmatch(link) and len(link) <= LINK:
        return link
    if ":" not in link:
        return None
    link = _AMPERSAND.sub("&", without_unseen(link).strip())
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    if scheme not in _PORTS or "@" in parts.netloc or _NO_HOST.search(host):
        return None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port and port != _PORTS[scheme] else "")
    query = "&".join(part for part in parts.query.split("&") if part and not _is_tracking(part))
    fragment = "" if _is_tracking(parts.fragment) else parts.fragment
    rest = parts.path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    address = f"{scheme}://{place}" + _UNSAFE.sub(lambda sign: quote(sign[0], safe=""), rest)
    return address if len(address) <= LINK else None


def link_key(link: str | None) -> str:
    """What two addresses of one page have in common: no scheme, `www.`, last slash, tracking or fragment; "" = none.

    `index.php/` counts as nothing: eZ sites answer with and without it.
    """
    return page_and_place(link)[0]


def page_and_place(link: str | None) -> tuple[str, str]:
    """The key of the page, and what stands behind the `#`, as stored."""
    address = normalise_link(link or "")
    if address is None:
        return "", ""
    if plain := _PLAIN.fullmatch(address):
        host, path, port, query, place = plain[1], plain[2], "", "", ""
    else:
        parts = urlsplit(address)
        host, path, query, place = parts.hostname or "", _spell(parts.path), _spell(parts.query), parts.fragment
        port = f":{parts.port}" if parts.port else ""
        with suppress(UnicodeError):
            host = host if host.isascii() else host.encode("idna").decode()
    page = host.removeprefix("www.").rstrip(".") + port + path.replace("/index.php/", "/").rstrip("/")
    return page + (f"?{query}" if query else ""), place


def _is_tracking(part: str) -> bool:
    return bool(_TRACKING.fullmatch(part.partition("=")[0]))


def _spell(text: str) -> str:
    """One spelling for equal paths: accents escaped, escapes in capitals, needless ones undone."""

    def respell(escape: re.Match[str]) -> str:
        sign = chr(int(escape[1], 16))
        return sign if _UNRESERVED.match(sign) else escape[0].upper()

    return _ESCAPED.sub(respell, quote(text, safe=_WRITTEN))
