"""An edition that was sent, as it can be read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from club.news import Edition
from club.subscription import Wish


@dataclass(frozen=True, slots=True)
class Issue:
    """An edition as it was sent at `sent_at`; its lines tell their entries as they are kept today.

    `title` is what it is about (« Eau · Occitanie »); `name` the last part of its public address
    (« 2027-03-09-eau-occitanie »), "" when only persons received it. `changed_at`: when it was sent, or later when an
    entry of it was corrected since.
    """

    title: str
    wish: Wish
    edition: Edition
    sent_at: datetime
    changed_at: datetime
    name: str = ""
    id: int = 0
