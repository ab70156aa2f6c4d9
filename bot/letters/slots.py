"""When an edition is due: the latest slot of a cadence, as a pure function of the instant (decision 16, choice C22).

A local time that the spring change skips is served an hour later; one that autumn repeats is served once, since both
have the same local date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from club.subscription import Cadence, Rhythm

# How late an edition may still leave (promise 43).
LATE = {
    Rhythm.DAILY: timedelta(hours=12),
    Rhythm.WEEKLY: timedelta(hours=72),
    Rhythm.MONTHLY: timedelta(hours=72),
    Rhythm.INTERVAL: timedelta(hours=12),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One instant at which an edition is due; `key` names it once for all: `2027-03-09`, `2027-W10`, `i29341`."""

    key: str
    due_at: datetime


def latest(cadence: Cadence, now: datetime) -> Slot:
    """The last slot that is past at `now`."""
    if cadence.rhythm is Rhythm.INTERVAL:
        period, phase = 60 * cadence.minutes, 60 * cadence.at.minute + cadence.at.second
        number = (int(now.timestamp()) - phase) // period
        return Slot(f"i{number}", datetime.fromtimestamp(number * period + phase, UTC))
    zone = ZoneInfo(cadence.zone)
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in range(-1, 70))
    return next(slot for slot in _slots(cadence, days, zone) if slot.due_at <= now)


def following(cadence: Cadence, now: datetime) -> Slot:
    """The first slot after `now`: what a person is told."""
    if cadence.rhythm is Rhythm.INTERVAL:
        return latest(cadence, now + timedelta(minutes=cadence.minutes))
    zone = ZoneInfo(cadence.zone)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(-1, 70))
    return next(slot for slot in _slots(cadence, days, zone) if slot.due_at > now)


def is_too_late(cadence: Cadence, slot: Slot, now: datetime) -> bool:
    """True when the slot is to be noted as skipped, its entries left for the next one."""
    return now - slot.due_at > LATE[cadence.rhythm]


def _slots(cadence: Cadence, days: Iterator[date], zone: ZoneInfo) -> Iterator[Slot]:
    for day in days:
        if cadence.rhythm is not Rhythm.DAILY and day.weekday() != cadence.weekday:
            continue
        if cadence.rhythm is Rhythm.MONTHLY and day.day > 7:
            continue
        yield Slot(_key(cadence.rhythm, day), _instant(datetime.combine(day, cadence.at, zone)))


def _key(rhythm: Rhythm, day: date) -> str:
    if rhythm is Rhythm.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if rhythm is Rhythm.MONTHLY else day.isoformat()


def _instant(local: datetime) -> datetime:
    """The instant of a local time; fold 0: the first of two in autumn, and 02:30 becomes 03:30 in spring."""
    return local.astimezone(UTC)
