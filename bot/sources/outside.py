"""What errands see of the world: an address is checked and looked at once, by the very code that collects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.sources.preview import source_at, try_address
from club.news import Preview
from connectors.address import Allowed
from connectors.fetch import Fetcher
from connectors.reader import Reader


@dataclass(frozen=True, slots=True)
class World:
    """Partners' sites, through the one fetcher and the one reader."""

    fetcher: Fetcher
    reader: Reader
    allowed: Allowed
    zone: str
    clock: Callable[[], datetime]

    def check(self, url: str) -> str:
        """The address as it will be asked for; SourceTrouble when the hub refuses to dial it."""
        return self.allowed.check(url)

    async def look(self, url: str) -> Preview:
        """What is published there now; SourceTrouble when there is nothing to read."""
        source = source_at(self.check(url), (), self.zone)
        found = (await try_address(source, self.fetcher, self.reader, self.clock())).discovery
        return Preview(
            source.url,
            found.read.harvest,
            feed="" if found.direct else found.found.url,
            others=tuple((one.title or one.url, one.url) for one in found.others),
            moved=found.moved or "",
        )
