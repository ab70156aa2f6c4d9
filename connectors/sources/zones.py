"""Zones as calendars name them: IANA, Windows, with a vendor's prefix, as an offset, or defined in the file itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from connectors.sources.dates import PARIS, zone_named

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_LOCATION = re.compile(r"^X-LIC-LOCATION[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
_NAME = re.compile(r"^TZID[^:]*:(.+)$", re.MULTILINE | re.IGNORECASE)
_ESCAPE = re.compile(r"\\(.)")
_UTC = re.compile(
    r"z|zulu|utc|ut|gmt|(?:\((?:utc|gmt)\) ?)?(?:(?:coordinated )?universal(?: coordinated)? time|greenwich mean time"
    r"|temps universel(?: coordonn[eé])?)",
    re.IGNORECASE,
)
# A zone changes once or twice a year; another rhythm is a trap for whoever lists its changes.
_OTHER_RHYTHM = re.compile(r"FREQ=(?!YEARLY)", re.IGNORECASE)
_RULE = re.compile(r"^RRULE", re.MULTILINE | re.IGNORECASE)
_RULES = 20  # each is followed from its first year on
_LONGEST = 65_536  # characters of a definition: a century of changes fits


class Zones:
    """The zones of one calendar. `unknown` says that a name meant nothing and Paris was taken."""

    def __init__(self, definitions: Iterable[str], local: str) -> None:
        self.local = zone_named(local) or ZoneInfo(PARIS)
        self.unknown = False
        self._defined: Mapping[str, tzinfo] = dict(filter(None, map(_define, definitions)))

    def named(self, name: str) -> tzinfo:
        """The zone that a TZID means."""
        name = _plain(name)
        zone = _known(name) or self._defined.get(name.casefold()) or _offset(name) or _spoken(name)
        if zone is None:
            self.unknown = True
            return ZoneInfo(PARIS)
        return zone

    def spelled(self, zone: tzinfo | None, at: datetime) -> str:
        """An IANA name for the zone in which an event is stated. A calendar in UTC states nothing: the local one."""
        if isinstance(zone, ZoneInfo) and zone.key not in ("UTC", "Etc/UTC", "Etc/GMT", "GMT"):
            return zone.key
        offset = at.utcoffset()
        if not offset or offset == at.astimezone(self.local).utcoffset():
            return self.local.key
        hours, rest = divmod(offset, timedelta(hours=1))
        return self.local.key if rest or not -12 <= hours <= 14 else f"Etc/GMT{-hours:+d}"


def _known(name: str) -> tzinfo | None:
    """By the tables of IANA and of Windows; a vendor's path may stand before the name."""
    parts = name.strip("/").split("/")
    candidates = ["/".join(parts[i:]) for i in range(len(parts))] if name.startswith("/") else [name]
    for candidate in candidates:
        zone = zone_named(WINDOWS_TO_OLSON.get(candidate, candidate))
        if zone:
            return zone
    return None


def _plain(name: str) -> str:
    """A name of a zone without quotes, nor the escapes that it has as a text value (RFC 5545 §3.3.11)."""
    return " ".join(_ESCAPE.sub(r"\1", name.strip().strip('"')).split())


def _spoken(name: str) -> tzinfo | None:
    """UTC as people and programs call it."""
    return UTC if _UTC.fullmatch(name) else None


def _offset(name: str) -> tzinfo | None:
    found = _OFFSET.fullmatch(name)
    if not found:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if ahead >= timedelta(hours=24):
        return None
    return timezone(ahead if found[1] == "+" else -ahead)


def _define(definition: str) -> tuple[str, tzinfo] | None:
    name = _NAME.search(definition)
    if not name:
        return None
    location = _LOCATION.search(definition)
    zone: tzinfo | None = zone_named(location[1].strip()) if location else None
    if zone is None and not _is_trap(definition):
        try:
            component = Timezone.from_ical(definition)
            zone = component.to_tz(lookup_tzid=False) if isinstance(component, Timezone) else None
        except Exception:  # an ill-formed definition ends in any error; then the name alone counts
            return None
    return (_plain(name[1]).casefold(), zone) if zone else None


def _is_trap(definition: str) -> bool:
    """True when listing its changes would take for ever."""
    many = len(definition) > _LONGEST or len(_RULE.findall(definition)) > _RULES
    return many or bool(_OTHER_RHYTHM.search(definition))
