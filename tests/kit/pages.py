"""The public pages over a store: one typed gathering, one letter, served on loopback as the program serves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config.model import Config
from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.hub.liveness import Liveness
from bot.hub.plan import plan_of
from bot.hub.site import open_site
from club.gathering import Approval, Gathering, event_of
from club.issue import Issue
from club.news import Edition, EditionLine, Harvest, Section, SourceKind
from club.subscription import Wish
from club.texts import Texts
from storage.news import Marks
from storage.store import Store

NOW = datetime(2027, 3, 9, 10, tzinfo=ZoneInfo("Europe/Paris"))
SITE = "https://club.example"
VISIT = Gathering(
    organisation=0,
    title="Visite du quartier des Prés",
    start=NOW + timedelta(days=2, hours=4),
    end=NOW + timedelta(days=2, hours=6),
    venue="Salle des fêtes, Albi",
    description="Une visite des jardins de pluie.\nAvec l’équipe qui les a dessinés.",
    page="https://ush.example/visite",
    approval=Approval.PUBLISHED,
    regions=("76",),
    uid="a1",
)


@dataclass
class Pages:
    """A site that listens, and the store behind it."""

    store: Store
    port: int = 0
    now: datetime = NOW

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def hold(self, wanted: Gathering = VISIT) -> int:
        """The gathering is published; the number of its event."""
        async with self.store.begin() as tx:
            organisation = await tx.organisations.ensure("USH")
            one = await tx.gatherings.add(replace(wanted, organisation=organisation.id), self.now)
            source = await tx.sources.typed(organisation, "Europe/Paris", self.now)
            await tx.news.keep([(source, Harvest(SourceKind.ICS, events=(event_of(one),)))], self.now)
            entry = await tx.news.number(source.id, event_of(one).identity)
            assert entry is not None
            await tx.gatherings.shows(one.id, entry)
            waiting = await tx.news.unfiled()
            marks = [Marks(row.news.id, row.fingerprint, row.news.story, one.topics, one.regions) for row in waiting]
            await tx.news.file(marks, self.now)
            return entry

    async def send_letter(self, name: str = "2027-03-09-eau") -> None:
        """A letter of all that is kept was sent to a channel."""
        async with self.store.begin() as tx:
            lines = tuple(EditionLine(Section.EVENTS, one) for one in await tx.news.entries(None))
            issue = Issue(
                "Eau · Occitanie", Wish(), Edition(lines[:7], lines[7:], until=self.now), self.now, self.now, name
            )
            await tx.issues.keep("slot", {name: issue})


@asynccontextmanager
async def open_pages(store: Store) -> AsyncIterator[Pages]:
    """The pages, as long as the block runs."""
    made = Pages(store)
    hub = Hub(store, Texts(), Settings(public_url=SITE), lambda: made.now)
    plan = replace(plan_of(Config()), web=("127.0.0.1", 0))
    pulse = Liveness({}, timedelta(minutes=30))
    site = await open_site(plan, hub, pulse, (page for feature in FEATURES for page in feature.pages))
    made.port = site.port
    try:
        yield made
    finally:
        await site.close()
