"""Plays a story against the whole house: router, real store, outbox, partners' site on loopback; the clock is given.

# a title, or a remark
Ana > /abonner                words, in her private talk
Ana @occitanie > /abonner     words, in a channel; « @club » in them names the bot
Ana > [Valider]               presses that button of the last message shown to her there
Ana > /source tester {site}/  words, the partners' site in them
Club < Étape 1/3              the last answer holds this; further lines must follow in order
Club ! Étape 2                the last answer does not hold this
Club @club < La lettre        the last letter in that channel (or @ana: in her private talk) holds this
Club @club ∅                  nothing was posted there since the last look
~ 2027-03-09 10:00            the clock, in Paris
~ collecte                    visits the partners
~ paraît : un titre           a partner publishes this, on https://partenaire.test/1, 2…
~ canal occitanie 76          a channel that follows that region
~ panne                       that partner's site refuses us
~ réparé                      and lets us in again
~ ronde                       looks at how the sources fare
~ course                      does what was asked of the network; its result takes the place of the answer
~ envoi                       composes what is due and empties the outbox
~ foire                       opens the small knowledge base of tests/kit/faq.py, and waits for it
~ textes                      reads what was published and dropped in, for questions without an entry
~ rappels                     what waits for a person is brought to mind
~ relecture                   entries that were validated are tried, and go live
Ana > {code}                  uses the invitation that was shown last
~ redémarrage                 the program stops and starts again
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import Collector
from bot.demo.site import open_site
from bot.feature import Hub, Settings
from bot.features import FEATURES
from bot.letters.editions import prepare_due
from bot.platforms.text import NAME, unnamed
from bot.post.delivery import Delivery
from bot.questions.learning import Learning
from bot.questions.passages import Shelving
from bot.questions.process import Answers
from bot.sources.alerts import watch
from bot.sources.filing import file_new
from bot.sources.outside import World
from bot.talk.errands import ErrandRunner
from bot.talk.expiry import ending
from bot.talk.flood import SPAN, Flood
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Action, Command, Form, Message, Request
from club.faq.knowledge import Knowledge
from club.faq.meaning import Meaning
from club.filetype import Received
from club.markup import plain
from club.news import Harvest, Health, Item, Origin, Source, SourceKind
from club.people import Person, Place, Role
from club.refusal import Refused
from club.regions import Regions
from club.subscription import Cadence, Rhythm, Subscription, Wish
from club.texts import Texts
from club.topics import Topics
from connectors.address import Allowed
from connectors.fetch import Fetcher
from connectors.reader import Reader
from connectors.rhythm import USUAL
from connectors.sources.clean import clean_text
from connectors.sources.identity import identify
from storage.owner import Worker
from storage.sources import failure, success
from storage.store import Store
from tests.kit.faq import ENTRIES, LABELLED

PARIS = ZoneInfo("Europe/Paris")
VILLAGE = {"ana": Role.MEMBER, "paul": Role.PARTNER, "mona": Role.MODERATOR, "ada": Role.ADMIN, "zoe": Role.VISITOR}
KEY = b"une clef pour les tests, rien de plus"


@dataclass
class Walls:
    """The network of a story: what was posted where."""

    name: str = "scene"
    posts: dict[str, list[Message]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    shown: dict[tuple[str, str], Message] = field(default_factory=dict)
    files: dict[str, Received] = field(default_factory=dict)  # what people sent, by handle: `scene:1`

    async def start(self, commands: Sequence[Command], answer: object) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, place: Place, message: Message, key: str, parts: object = None) -> str:
        assert key not in self.keys, "the same letter twice"
        self.keys.add(key)
        self.posts.setdefault(place.id, []).append(message)
        return key

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        who, answered, where = ref.partition("@")
        if answered:
            self.shown[who, where] = message
        else:
            self.posts.setdefault(place.id, []).append(message)

    async def fetch(self, handle: str, read: object) -> Received:
        if handle not in self.files:
            raise Refused("file-gone")
        return self.files[handle]


class House:
    """A hub on a temporary file, with a clock of its own."""

    def __init__(self, file: Path) -> None:
        self.url = f"sqlite+aiosqlite:///{file}"
        self.now = datetime(2027, 3, 9, 10, 0, tzinfo=PARIS)
        self.walls = Walls()
        self.shown = self.walls.shown
        self.texts = Texts()
        self.settings = Settings(moderators=(Place("scene", "moderation"),))
        self.dropped = file.parent / "textes"
        self._folder = file.parent / "faq"
        self._answers: Answers | None = None
        self._learning: Learning | None = None
        self.store: Store
        self.router: Router
        self._published = 0
        self._code = ""
        self._site: AsyncExitStack | None = None
        self._collector: Collector

    def clock(self) -> datetime:
        return self.now

    @property
    def hub(self) -> Hub:
        return Hub(self.store, self.texts, self.settings, self.clock)

    async def open(self) -> None:
        self.store = await Store.open(self.url)
        self.router = Router(self.store, self.texts, self.settings, Seal(KEY), FEATURES, self.clock, patient())
        async with self.store.begin() as tx:
            for ident, role in VILLAGE.items():
                met = await tx.people.meet(Person("scene", ident, ident.title()), self.now)
                if role:
                    await tx.people.give(met.number, role, self.now, "village")

    async def close(self) -> None:
        if self._site is not None:
            await self._site.aclose()
        if self._answers is not None:
            await self._answers.stop()
        await self.store.close()

    async def restart(self) -> None:
        await self.store.close()
        if self._answers is not None:
            self._know(self._answers)
        await self.open()

    async def answer(self) -> None:
        """Questions are answered from the small knowledge base from now on."""
        self._answers = Answers(self._folder, Meaning("none"))
        self._answers.start(ENTRIES, LABELLED)
        self._know(self._answers)
        await self.restart()
        async with asyncio.timeout(90):
            await self._answers.ready.wait()

    async def learn(self) -> None:
        """Entries that were validated go live, or not."""
        assert self._learning is not None
        assert self._answers is not None
        async with asyncio.timeout(120):
            await self._learning.run(self.hub)
            await self._answers.settled()

    def _know(self, answers: Answers) -> None:
        knowledge = Knowledge(answers.find, self.clock)
        knowledge.know(ENTRIES)
        self._learning = Learning(
            knowledge, answers, lambda: Answers(self._folder, Meaning("none")), lambda: ENTRIES, lambda: LABELLED
        )
        self.settings = replace(self.settings, knowledge=knowledge)

    async def say(self, who: str, words: str, where: str = "") -> Message | None:
        """Words, or a button by its label in brackets, or an update of which only the values matter."""
        request = self.request(who, where)
        if words == "{code}":  # the last invitation that was shown to anybody
            words = f"/organisation rejoindre {self._code}"
        if "{site}" in words:
            await self._open_site()
            words = words.replace("{site}", f"http://127.0.0.1:{self.site.port}")
        if press := re.fullmatch(r"\[(.+)\]", words):
            action = find(self.shown[who, where], press[1])
            answer = await self.router.answer(replace(request, token=action.token))
        else:
            words, named = unnamed(words, NAME) if where else (words, False)
            answer = await self.router.answer(replace(request, words=words, named=named))
        if answer is not None:
            self.shown[who, where] = answer
            if code := re.search(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", text(answer)):
                self._code = code[0]
            if answer.shown:
                await answer.shown(request.place, f"{who}@{where}")
        return answer

    async def fill(self, who: str, values: dict[str, str], where: str = "") -> Message | None:
        """The form of the last message, sent with these values."""
        form = self.shown[who, where].form
        assert isinstance(form, Form)
        request = replace(self.request(who, where), token=form.action.token, values=values)
        answer = await self.router.answer(request)
        if answer is not None:
            self.shown[who, where] = answer
        return answer

    def request(self, who: str, where: str = "") -> Request:
        place = Place("scene", where or who)
        manages = VILLAGE.get(who, Role.VISITOR) >= Role.MODERATOR
        return Request(Person("scene", who, who.title()), place, private=not where, may_manage=manages)

    async def collect(self) -> None:
        if await self._open_site():
            async with self.store.begin() as tx:
                await tx.sources.follow_config(self.site.sources, self.now)
        collector = replace(self._collector, store=self.store)  # the program may have started again since
        await collector.collect(everything=True)

    async def _open_site(self) -> bool:
        """The partners' site, opened when it is first wanted; True then."""
        if self._site is not None:
            return False
        self._site = AsyncExitStack()
        self.site = await open_site(self.clock)
        self._site.push_async_callback(self.site.close)
        reader = Reader()
        self._site.push_async_callback(reader.close)
        fetcher = await self._site.enter_async_context(Fetcher(self.allowed))
        self._collector = Collector(self.store, fetcher, reader, USUAL, self.clock)
        return True

    @property
    def allowed(self) -> Allowed:
        return Allowed.parse([f"127.0.0.1:{self.site.port}"])

    async def run_errands(self) -> None:
        """What was asked of the network is done, and its results arrive."""
        await self._open_site()
        hub = Hub(self.store, self.texts, self.settings, self.clock)
        fetcher, reader, networks = self._collector.fetcher, self._collector.reader, {self.walls.name: self.walls}
        world = World(fetcher, reader, self.allowed, self.settings.zone, self.clock, networks)
        wanted = {name: one for feature in FEATURES for name, one in feature.errands.items()}
        assert await ErrandRunner(hub, wanted, world, self.router.follow).run_due(), "nothing was asked of the network"
        await self.deliver()

    async def publish(self, title: str) -> None:
        """An article of this title is read at a partner's, and filed."""
        self._published += 1
        link = f"https://partenaire.test/{self._published}"
        [item] = identify([Item(link, "", clean_text(title), link, self.now)])
        async with self.store.begin() as tx:
            await tx.sources.add(Source("Partenaire", "https://partenaire.test/rss", origin=Origin.CHAT), self.now)
            state = await tx.sources.get("Partenaire")
            assert state is not None
            await tx.news.keep([(state.source, Harvest(SourceKind.FEED, items=(item,)))], self.now)
            await tx.sources.note({state.source.id: success(self.now, self.now)})
        await file_new(self.store, Topics.load(), Regions.load(), self.clock)

    async def refuse(self, *, lasting: bool = True) -> None:
        """The partner's site refuses a visit, or no longer does."""
        async with self.store.begin() as tx:
            state = await tx.sources.get("Partenaire")
            assert state is not None
            after = self.now + timedelta(hours=4)
            if lasting:
                key = "trouble-forbidden"
                await tx.sources.note(
                    {state.source.id: failure(state, self.now, after, Health.ERROR, key, {}, gone=False, deadly=False)}
                )
            else:
                await tx.sources.note({state.source.id: success(self.now, after)})

    async def deliver(self) -> int:
        """Compose what is due, end what was left, and send everything that waits; how many letters left."""
        hub = Hub(self.store, self.texts, self.settings, self.clock)
        await prepare_due(hub)
        await ending({route.name: route for feature in FEATURES for route in feature.routes})(hub)
        delivery = Delivery(self.store, {"scene": self.walls}, {}, Seal(KEY), Worker(1), self.clock)
        left = 0
        while True:
            self.now += timedelta(milliseconds=10)  # the pace of the network
            if not await delivery.deliver_one("scene"):
                return left
            left += 1

    async def channel(self, name: str, wish: Wish, cadence: Cadence | None = None) -> None:
        """A channel of the configuration that receives editions."""
        cadence = cadence or Cadence(Rhythm.DAILY)
        order = Subscription(Place("scene", name), wish, cadence, self.now, name=name)
        async with self.store.begin() as tx:
            await tx.subscriptions.follow_config([order], self.now)


def patient() -> Flood:
    """A limit that finds a minute between any two commands: stories are played faster than people type."""
    return Flood(clock=itertools.count(0.0, SPAN).__next__)


def find(message: Message, label: str) -> Action:
    """The button of that label; the label may be cut short by an ellipsis."""
    wanted = [
        a for a in message.actions if a.label == label or (label.endswith("…") and a.label.startswith(label[:-1]))
    ]
    assert wanted, f"no button {label!r} among {[action.label for action in message.actions]}"
    return wanted[0]


_SAID = re.compile(r"(?P<who>[A-ZÉa-zé]+)\s*(?:@(?P<where>\S+))?\s*(?P<mark>[><!∅])\s?(?P<words>.*)")


async def play(story: str, house: House) -> None:
    """Play the story; AssertionError tells the line that did not go as told."""
    speaker: tuple[str, str] = ("", "")
    at = 0
    for number, line in enumerate(story.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("~"):
            await _happen(line[1:].strip(), house)
            at = 0
            continue
        said = _SAID.fullmatch(line)
        assert said, f"line {number}: {line!r} is no line of a story"
        words, where = said["words"].strip(), said["where"] or ""
        if said["who"] != "Club":
            speaker, at = (said["who"].lower(), where), 0
            answer = await house.say(said["who"].lower(), words, where)
            if answer is None:
                house.shown.pop(speaker, None)
        elif where:
            _look(house, where, said["mark"], words, number)
        else:
            shown = text(house.shown.get(speaker))
            if said["mark"] == "∅":
                assert not shown, f"line {number}: {shown!r} was said"
            elif said["mark"] == "!":
                assert words not in shown, f"line {number}: {words!r} stands in\n{shown}"
            else:
                found = shown.find(words, at)
                assert found >= 0, f"line {number}: {words!r} does not stand (in order) in\n{shown}"
                at = found


def _look(house: House, where: str, mark: str, words: str, number: int) -> None:
    posts = house.walls.posts.get(where, [])
    if mark == "∅":
        assert not posts, f"line {number}: posted in {where}: {text(posts[-1])}"
        return
    assert posts, f"line {number}: nothing was posted in {where}"
    assert (words in text(posts[-1])) is (mark == "<"), f"line {number}: {words!r} {mark} {text(posts[-1])}"


async def _send(house: House) -> None:
    house.walls.posts.clear()
    await house.deliver()


async def _remind(house: House) -> None:
    for job in (job for feature in FEATURES for job in feature.jobs):
        await job.run(house.hub)


_HAPPENS: Mapping[str, Callable[[House], Awaitable[None]]] = {
    "collecte": House.collect,
    "panne": House.refuse,
    "réparé": partial(House.refuse, lasting=False),
    "ronde": lambda house: watch(house.hub),
    "course": House.run_errands,
    "envoi": _send,
    "rappels": _remind,
    "relecture": House.learn,
    "textes": lambda house: Shelving(house.settings.knowledge, house.dropped).run(house.hub),
    "foire": House.answer,
    "redémarrage": House.restart,
}


async def _happen(what: str, house: House) -> None:
    if what in _HAPPENS:
        await _HAPPENS[what](house)
    elif what.startswith("canal "):
        _, name, region = what.split()
        await house.channel(name, Wish(regions=(region,)))
    elif what.startswith("paraît :"):
        await house.publish(what.partition(":")[2].strip())
    else:
        house.now = datetime.strptime(what, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


def text(message: Message | None) -> str:
    """What a person reads, buttons included; no-break spaces as spaces."""
    if message is None:
        return ""
    buttons = "".join(f"\n[{'☑ ' if action.chosen else ''}{action.label}]" for action in message.actions)
    return (plain(message.lines) + buttons).replace("\u00a0", " ").replace("\u202f", " ")
