"""What errands see of the world: an address is checked and looked at once, by the very code that collects; what people
sent is got from their network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.platforms.base import Platform, TryLater
from bot.sources.preview import source_at, try_address
from club.filetype import LARGEST, Received
from club.news import Preview, SourceTrouble
from club.refusal import Refused
from connectors.address import Allowed
from connectors.fetch import Fetched, Fetcher, Memo
from connectors.reader import Reader

# What a network answers of a file that it no longer keeps.
_GONE = {"trouble-not-found", "trouble-gone", "trouble-forbidden", "trouble-unauthorised", "trouble-status"}


@dataclass(frozen=True, slots=True)
class World:
    """Partners' sites, through the one fetcher and the one reader; the networks, by their names."""

    fetcher: Fetcher
    reader: Reader
    allowed: Allowed
    zone: str
    clock: Callable[[], datetime]
    platforms: Mapping[str, Platform] = field(default_factory=dict)

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

    async def download(self, handle: str) -> Received:
        """The file that a person sent; Refused, in words, when it is not to be had, empty or too large."""
        network = self.platforms.get(handle.partition(":")[0])
        if network is None:
            raise Refused("file-gone")
        try:
            sent = await network.fetch(handle, self._read)
        except TryLater as wait:
            raise Refused("file-later") from wait
        except SourceTrouble as trouble:
            raise _refusal(trouble) from trouble
        if not sent.data:
            raise Refused("file-empty")
        if len(sent.data) > LARGEST:
            raise Refused("file-too-big", megabytes=LARGEST >> 20)
        return sent

    async def _read(self, url: str) -> bytes:
        found = await self.fetcher.fetch(url, Memo())
        return found.body if isinstance(found, Fetched) else b""


def _refusal(trouble: SourceTrouble) -> Refused:
    if trouble.key == "trouble-too-big":
        return Refused("file-too-big", megabytes=trouble.values["megabytes"])
    return Refused("file-gone" if trouble.key in _GONE else "file-later")
