"""New sources in chat: look at an address, keep it or offer it, decide on what was offered (choice C32)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot import fields
from bot.changes import Facts, change, of_source
from bot.feature import Desk, Feature, Handler, Outside, Route
from bot.sources.access import URL, free_name, say_once, taken
from bot.sources.preview import SHOWN, latest, show_preview
from club.dialogue import Action, Choice, Field, Kind, Message, Reading, Request
from club.markup import Line
from club.news import Origin, Preview, Source, SourceTrouble
from club.people import Place, Role
from club.refusal import Refused
from club.regions import regions
from club.texts import Texts
from connectors.address import check_url
from storage.proposals import Proposal

A_DAY = 3  # of one person (promise 36)
MOST_WAITING = 20
NATIONAL = "FR"

PROPOSAL = Field("p", fields.number)
NAME = Field("called", fields.line(2, 80))
REGION = Field("area", fields.code, Kind.CHOICE, "source-regions")
REASON = Field("reason", fields.line(3, 300))


async def where(request: Request, desk: Desk) -> Sequence[Choice]:
    """Where a source speaks of: everywhere, or one region."""
    national = Choice(NATIONAL, desk.texts.plain("source-national"))
    return [national, *(Choice(one.code, one.name, one.aliases) for one in regions().regions)]


# What an address would give


async def try_out(request: Request, desk: Desk) -> Message:
    """What would be read at an address, without keeping it."""
    return await desk.errand(request, "source.test", url=request[URL])


async def tried(given: Mapping[str, str], outside: Outside) -> Handler:
    """Errand of `/source tester`: what is published at `url`."""
    return await _see(given["url"], outside, _tell)


async def _see(url: str, outside: Outside, tell: Callable[[Preview, Request, Desk], Awaitable[Message]]) -> Handler:
    try:
        return partial(tell, await outside.look(url))
    except SourceTrouble as trouble:
        return partial(_cannot, trouble)


async def _cannot(trouble: SourceTrouble, request: Request, desk: Desk) -> Message:
    return Message(say_once(trouble, desk.texts))


async def _tell(sight: Preview, request: Request, desk: Desk) -> Message:
    return desk.say("source-tried", url=sight.url).adding(show_preview(sight, desk.texts))


# Offering it


async def offer(request: Request, desk: Desk) -> Message:
    """Look at the address; what is found is kept only once it is confirmed."""
    await _check_new(request[URL], "", desk)
    return await desk.errand(request, "source.add", url=request[URL])


async def found(given: Mapping[str, str], outside: Outside) -> Handler:
    """Errand of `/source ajouter`: what is published at `url`, to be proposed."""
    return await _see(given["url"], outside, _propose)


async def _propose(sight: Preview, request: Request, desk: Desk) -> Message:
    _check_role(request, desk)
    await _check_new(sight.url, sight.feed, desk)
    names, _ = taken(await desk.tx.sources.all())
    partner, region = await _organisation(request, desk)
    wanted = Proposal(
        url=sight.url,
        name=free_name(sight.title if sight.title != sight.url else "", sight.url, names)[:80],
        partner=partner,
        region=region,
        sample=tuple(one.title for one in latest(sight.harvest)[:SHOWN]),
        author=request.person.number,
        private=Place(request.person.platform, request.person.id),
    )
    number = await desk.tx.proposals.add(wanted, desk.now)
    message = desk.say("source-found", url=sight.url).adding(show_preview(sight, desk.texts))
    return _ask(message, replace(wanted, id=number), request, desk)


def _ask(message: Message, one: Proposal, request: Request, desk: Desk) -> Message:
    """The question below: as it would be known, and the buttons."""
    texts, is_moderator = desk.texts, request.person.role >= Role.MODERATOR
    message = message.adding(texts.lines("source-as", name=one.name, region=_region(one.region, texts)))
    if not is_moderator:
        message = message.adding(texts.lines("source-as-offer"))
    keep = "source-keep-button" if is_moderator else "source-offer-button"
    values = {"p": str(one.id)}
    return message.offering(
        Action(texts.plain(keep), "source.keep", values),
        Action(texts.plain("source-detail-button"), "source.detail", values),
        Action(texts.plain("source-drop-button"), "source.drop", values),
    )


async def detail(request: Request, desk: Desk) -> Message:
    """Another name, another region; then the question again."""
    one = await _mine(request, desk)
    names, _ = taken(await desk.tx.sources.all())
    if request[NAME] in names:
        raise Refused("source-name-taken", name=request[NAME])
    region = "" if request[REGION] == NATIONAL else request[REGION]
    await desk.tx.proposals.detail(one.id, request[NAME], region)
    changed = replace(one, name=request[NAME], region=region)
    message = desk.say("source-found", url=one.url).adding(_sample(one, desk.texts))
    return _ask(message, changed, request, desk)


async def drop(request: Request, desk: Desk) -> Message:
    """Forget what was found at the address."""
    one = await _mine(request, desk)
    await desk.tx.proposals.drop(one.id)
    return desk.say("source-dropped").replacing()


async def keep(request: Request, desk: Desk) -> Message:
    """A moderator's is a source at once; a partner's waits for one (promise 37)."""
    one = await _mine(request, desk)
    await _check_new(one.url, "", desk)
    if request.person.role >= Role.MODERATOR:
        await desk.tx.proposals.decide(one.id, "accepted", request.person.number, desk.now, was="found")
        return (await _become(one, request, desk)).replacing()
    if await desk.tx.proposals.count_since(request.person.number, desk.now - timedelta(days=1)) >= A_DAY:
        raise Refused("source-too-many-a-day", most=A_DAY)
    if len(await desk.tx.proposals.waiting()) >= MOST_WAITING:
        raise Refused("source-too-many-waiting")
    await desk.tx.proposals.submit(one.id)
    proposed = change(after=_facts(one, "journal-is-waiting"))
    await desk.note(request, "source.proposed", f"proposal={one.id}", **proposed)
    await desk.tell_moderators(_card_key(one), _card(one, request.person.name, desk.texts))
    return desk.say("source-proposed", name=one.name).replacing()


async def _become(one: Proposal, request: Request, desk: Desk) -> Message:
    """The proposal as a source, read at the next pass."""
    names, _ = taken(await desk.tx.sources.all())
    zone = regions().region(one.region).zone if one.region else desk.settings.zone
    name = free_name(one.name, one.url, names)
    source = Source(name, one.url, partner=one.partner, region=one.region, zone=zone, origin=Origin.CHAT)
    if not await desk.tx.sources.add(source, desk.now):
        raise Refused("source-name-taken", name=name)
    kept = await desk.tx.sources.get(name)
    if kept is not None:
        await desk.tx.proposals.became(one.id, kept.source.id)
        subject = f"source={kept.source.id}"
        before = {"state": "journal-is-waiting"} if one.state == "waiting" else {}
        added = change(before, of_source(kept.source, "journal-is-read"))
        await desk.note(request, "source.added", subject, proposal=one.id, **added)
    return desk.say("source-added", name=name)


def _facts(one: Proposal, state: str) -> Facts:
    return of_source(Source(one.name, one.url, partner=one.partner, region=one.region), state)


async def _mine(request: Request, desk: Desk) -> Proposal:
    one = await desk.tx.proposals.get(request[PROPOSAL])
    if one is None or one.state != "found" or one.author != request.person.number:
        raise Refused("source-offer-gone")
    return one


def _check_role(request: Request, desk: Desk) -> None:
    """Once more: the look took a moment."""
    if request.person.role < Role.PARTNER:
        raise Refused("role-needed", role=desk.texts.plain("role-partner.needed"))


async def _check_new(url: str, feed: str, desk: Desk) -> None:
    """Refused when one of these addresses is read already, or waits for a decision."""
    await _check_unread((url, feed), desk)
    if any(one.url == url for one in await desk.tx.proposals.waiting()):
        raise Refused("source-waiting")


async def _check_unread(urls: tuple[str, ...], desk: Desk) -> None:
    for state in await desk.tx.sources.all():
        if _address(state.source.url) in urls:
            raise Refused("source-known", name=state.source.name)


def _address(url: str) -> str:
    try:
        return check_url(url)
    except SourceTrouble:
        return url


async def _organisation(request: Request, desk: Desk) -> tuple[str, str]:
    """For whom a partner speaks, and the region that bounds it."""
    if request.person.role >= Role.MODERATOR:
        return "", ""
    found = await desk.tx.people.organisations(request.person.number, desk.now)
    return next(iter(sorted(found.items())), ("", ""))


# Deciding


def _card_key(one: Proposal) -> str:
    return f"proposal:{one.id}"


def _card(one: Proposal, author: str, texts: Texts) -> Message:
    """What moderators read; it carries its own buttons."""
    values = {"p": str(one.id)}
    return Message(_told(one, author, texts)).offering(
        Action(texts.plain("source-accept-button"), "source.accept", values),
        Action(texts.plain("source-refuse-button"), "source.refuse", values),
    )


def _told(one: Proposal, author: str, texts: Texts) -> tuple[Line, ...]:
    who = " · ".join(filter(None, (author, one.partner))) or texts.plain("source-author-unknown")
    lines = texts.lines("source-card", name=one.name, url=one.url, who=who, region=_region(one.region, texts))
    return (*lines, *_sample(one, texts))


def _sample(one: Proposal, texts: Texts) -> tuple[Line, ...]:
    """The titles that were seen at the address."""
    return tuple(texts.line("look-undated", title=title) for title in one.sample)


async def accept(request: Request, desk: Desk) -> Message:
    """It is a source from now on; its author is told."""
    one = await _to_decide(request, desk)
    if one.state == "waiting":
        await _check_unread((one.url,), desk)
    if not await desk.tx.proposals.decide(one.id, "accepted", request.person.number, desk.now):
        first = await _decided(one, desk)
        return desk.say(first.key, **first.values)
    await _become(one, request, desk)
    await _settle(one, "source-accepted", request, desk)
    return desk.say("source-accepted-done", name=one.name)


async def refuse(request: Request, desk: Desk) -> Message:
    """It is not; the reason is told to its author."""
    one = await _to_decide(request, desk)
    reason = request[REASON]
    if not await desk.tx.proposals.decide(one.id, "refused", request.person.number, desk.now, reason):
        first = await _decided(one, desk)
        return desk.say(first.key, **first.values)
    refused = change({"state": "journal-is-waiting"}, _facts(one, "journal-is-refused"))
    await desk.note(request, "source.refused", f"proposal={one.id}", **refused)
    await _settle(one, "source-refused", request, desk, reason=reason)
    return desk.say("source-refused-done", name=one.name)


async def _to_decide(request: Request, desk: Desk) -> Proposal:
    """The proposal, if it was submitted and this person may decide on it (promise 32)."""
    one = await desk.tx.proposals.get(request[PROPOSAL])
    if one is None or one.state == "found":
        raise Refused("source-offer-gone")
    organisations = await desk.tx.people.organisations(request.person.number, desk.now)
    if one.author == request.person.number or (one.partner and one.partner in organisations):
        raise Refused("source-own")
    return one


async def undecided(request: Request, desk: Desk) -> None:
    """Raise Refused before a reason is asked for what was decided meanwhile, or is not this person's to decide."""
    number = PROPOSAL.read(request.values.get(PROPOSAL.name, ""), Reading(desk.now))
    one = await _to_decide(replace(request, read={PROPOSAL.name: number}), desk)
    if one.state != "waiting":
        raise await _decided(one, desk)


async def _decided(one: Proposal, desk: Desk) -> Refused:
    """Who was first, and when."""
    now = await desk.tx.proposals.get(one.id) or one
    names = await desk.tx.people.names([now.decided_by or 0])
    who = names.get(now.decided_by or 0) or desk.texts.plain("source-author-unknown")
    return Refused(f"source-decided-{now.state}", who=who, at=now.decided_at or desk.now)


async def _settle(one: Proposal, key: str, request: Request, desk: Desk, **values: object) -> None:
    """Tell the author, and on each card who decided."""
    texts = desk.texts
    if one.private is not None:
        told = Message(texts.lines(f"{key}-author", name=one.name, **values))
        await desk.send(f"proposal:{one.id}:told", one.private, told, priority=2)
    authors = await desk.tx.people.names([one.author or 0])
    lines = _told(one, authors.get(one.author or 0, ""), texts)
    who = request.person.name or texts.plain("source-author-unknown")
    card = Message((*lines, *texts.lines(f"{key}-card", who=who, **values)))
    await desk.settle_moderators(_card_key(one), card)


async def waiting(request: Request, desk: Desk) -> Message:
    """The cards of what waits for a decision, the oldest first."""
    offered = await desk.tx.proposals.waiting()
    if not offered:
        return desk.say("source-none-waiting")
    names = await desk.tx.people.names([one.author or 0 for one in offered])
    oldest = offered[0]
    message = desk.say("source-waiting-title", count=len(offered))
    card = _card(oldest, names.get(oldest.author or 0, ""), desk.texts)
    return message.adding(card.lines).offering(*card.actions)


def _region(code: str, texts: Texts) -> str:
    return regions().region(code).name if code else texts.plain("source-national")


FEATURE = Feature(
    routes=(
        Route("source.add", offer, (URL,), Role.PARTNER, listed=True),
        Route("source.test", try_out, (URL,), Role.PARTNER, listed=True),
        Route("source.keep", keep, (PROPOSAL,), Role.PARTNER),
        Route("source.detail", detail, (PROPOSAL, NAME, REGION), Role.PARTNER),
        Route("source.drop", drop, (PROPOSAL,), Role.PARTNER),
        Route("source.waiting", waiting, (), Role.MODERATOR, listed=True),
        Route("source.accept", accept, (PROPOSAL,), Role.MODERATOR),
        Route("source.refuse", refuse, (PROPOSAL, REASON), Role.MODERATOR, guard=undecided, changes=True),
    ),
    lists={"source-regions": where},
    errands={"source.test": tried, "source.add": found},
)
