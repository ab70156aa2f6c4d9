"""How long things are kept (promise 76)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Retention:
    """The unit is in the name."""

    declined_months: int = 6
    journal_months: int = 12
    journal_names_months: int = 3
    news_months: int = 12
    deliveries_days: int = 30
    inactive_months: int = 36
    warning_days: int = 30


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months earlier, or the last day of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    year = max(year, 1)  # the configuration may say « for ever » in its own way
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
