"""Addresses found in foreign documents: what may be stored, and when two are the same page. Nothing is fetched."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote, urljoin, urlsplit

from connectors.sources.clean import without_unseen

LINK = 2048  # characters
_PORTS = {"http": 80, "https": 443}
# Of the page alone, never of its content (partners.md §2.7).
_TRACKING = re.compile(r"(?:utm_|pk_|mtm_|at_|debut_).*|xtor|fbclid|gclid|chash|phpsessid|var_mode", re.IGNORECASE)
_UNSAFE = re.compile(r'[\s"<>\\^`{|}]')
_NO_HOST = re.compile(r'[\s"<>\\^`{|}%@,;()\']|^$|^\.|\.\.')
_AMPERSAND = re.compile("&(?:amp;|#0*38;)+")
_ESCAPED = re.compile("%([0-9a-fA-F]{2})")
_UNRESERVED = re.compile("[A-Za-z0-9._~-]")


def absolute(link: str, *bases: str) -> str:
    """The link seen from the nearest base, each base itself seen from the next; "" when it cannot be read."""
    address = link.strip()
    if not address:
        return ""
    for base in bases:
        with suppress(ValueError):
            address = urljoin(base, address)
    return address


def normalise_link(link: str) -> str | None:
    """The http(s) address as stored, without tracking; None when it leads nowhere or is refused.

    An address with a name or a password in it is refused: it is a secret or a lure.
    """
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
    address = normalise_link(link or "")
    if address is None:
        return ""
    parts = urlsplit(address)
    host = parts.hostname or ""
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    host = host.removeprefix("www.").rstrip(".") + (f":{parts.port}" if parts.port else "")
    path = _spell(parts.path).replace("/index.php/", "/").rstrip("/")
    return f"{host}{path}" + (f"?{_spell(parts.query)}" if parts.query else "")


def fragment_of(link: str | None) -> str:
    """What stands behind the `#` of an address, as stored."""
    return (normalise_link(link or "") or "").partition("#")[2]


def _is_tracking(part: str) -> bool:
    return bool(_TRACKING.fullmatch(part.partition("=")[0]))


def _spell(text: str) -> str:
    """One spelling for equal paths: accents escaped, escapes in capitals, needless ones undone."""

    def respell(escape: re.Match[str]) -> str:
        sign = chr(int(escape[1], 16))
        return sign if _UNRESERVED.match(sign) else escape[0].upper()

    return _ESCAPED.sub(respell, quote(text, safe="".join(map(chr, range(0x21, 0x7F)))))
