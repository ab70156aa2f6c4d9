"""Who partners are: an authority, a housing body, a State service, or another; and how one joins in its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Family(StrEnum):
    """The four families of the Club, for which visits keep places."""

    AUTHORITY = "authority"
    HOUSING = "housing"
    STATE = "state"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that takes part. `trusted`: what its partners publish needs no moderator; `regions`: INSEE codes
    of where it works, () = everywhere."""

    id: int
    name: str
    family: Family = Family.OTHER
    regions: tuple[str, ...] = ()
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code that makes one person a partner of one organisation, once, until it expires. Only a digest of the code is
    kept."""

    id: int
    organisation: int
    made_by: int
    made_at: datetime
    expires_at: datetime
    used_by: int | None = None
    used_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """True while the invitation can be used."""
        return self.used_at is None and now < self.expires_at
