"""The first word and the help: what one may do here, by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import fields
from bot.changes import change, of_roles
from bot.feature import Desk, Feature, Route
from club.dialogue import Action, Choice, Command, Field, FollowUp, Kind, Message, Request
from club.markup import Line
from club.people import Role

# Changes with the wording of `start-member`: what a person agreed to is kept with it (promise 71).
CONSENT = "2026-11"
THEN = Field("r", fields.line(1, 40))  # a route, told by a button
SUBJECT = Field("subject", fields.code, Kind.CHOICE, "commands", required=False, beyond="all-commands")


async def start(request: Request, desk: Desk) -> Message:
    """An explicit act: from now on the Club may write to this person, who becomes a member."""
    person = request.person
    await desk.tx.people.consent(person.number, CONSENT, person.platform, desk.now)
    # Asked of the store: a role that a server lends is worth nothing in private, nor once it is taken back.
    if await desk.tx.people.role(person.number, desk.now) < Role.MEMBER:
        await desk.tx.people.give(person.number, Role.MEMBER, desk.now, "start")
        await desk.note(request, "member.joined", **change(of_roles((), Role.VISITOR), of_roles((), Role.MEMBER)))
    if request.private:
        await desk.tx.subscriptions.wake_place(request.place, "paused-unreachable")
    name = person.name or desk.texts.plain("start-nobody")
    return desk.say("start-member", name=name).offering(*_buttons(max(person.role, Role.MEMBER), desk))


async def start_then(request: Request, desk: Desk) -> Message:
    """The same, then what this person wanted to do: one press for a newcomer."""
    message = await start(request, desk)
    return replace(message, follow_up=FollowUp(request[THEN]), actions=())


async def show_help(request: Request, desk: Desk) -> Message:
    """A few lines for this role, then buttons; or what one command does, or each of those that begin alike."""
    subject = request.get(SUBJECT)
    if asked := [one for one in desk.commands if one.name == subject]:
        return _explain(asked[0], desk)
    if subject:
        lines = [_line(one.name, [one], desk) for one in _allowed(request, desk) if _group(one) == subject]
        return desk.say("help-group", name=f"/{subject}").adding(lines)
    role = request.person.role
    message = desk.say(f"help-{role.word}").adding(_lines(_allowed(request, desk), desk))
    if role < Role.MEMBER:
        later = [f"/{one.name}" for one in desk.commands if one.role == Role.MEMBER]
        message = message.adding(desk.texts.lines("help-later", commands=", ".join(later)))
    return message.offering(*_buttons(role, desk))


async def commands(request: Request, desk: Desk) -> Sequence[Choice]:
    """What help may be about: what this person may do, and the words that several commands begin with."""
    mine = _allowed(request, desk)
    names = {one.name for one in mine}
    groups = dict.fromkeys(group for one in mine if (group := _group(one)) and group not in names)
    return [*(Choice(name, f"/{name}") for name in groups), *map(_choice, mine)]


async def all_commands(request: Request, desk: Desk) -> Sequence[Choice]:
    """Every command, those of other roles too."""
    return [_choice(one) for one in desk.commands]


def _choice(one: Command) -> Choice:
    return Choice(one.name, f"/{one.name}", one.aliases)


def _allowed(request: Request, desk: Desk) -> list[Command]:
    return [one for one in desk.commands if one.role <= request.person.role]


def _group(one: Command) -> str:
    """The word that a command of two words shares with others, "" when it is one word."""
    return one.name.partition(" ")[0] if " " in one.name else ""


def _lines(mine: Sequence[Command], desk: Desk) -> list[Line]:
    """A line a command, one for all that begin with the same word."""
    groups: dict[str, list[Command]] = {}
    for one in mine:
        groups.setdefault(f"{_group(one)} " if _group(one) else one.name, []).append(one)
    return [_line(name.strip(), some, desk) for name, some in groups.items()]


def _line(name: str, some: Sequence[Command], desk: Desk) -> Line:
    if len(some) == 1:
        return desk.texts.line("group-line", command=f"/{some[0].name}", help=some[0].summary)
    return desk.texts.line("help-group-line", commands=", ".join(f"/{one.name}" for one in some), name=name)


def _explain(asked: Command, desk: Desk) -> Message:
    message = desk.say("help-command", usage=asked.usage, summary=asked.summary)
    if asked.aliases:
        message = message.adding(desk.texts.lines("help-command-aliases", names=", ".join(asked.aliases)))
    return message


def _buttons(role: Role, desk: Desk) -> tuple[Action, ...]:
    if role < Role.MEMBER:
        return (Action(desk.texts.plain("start-button"), "start"),)
    return tuple(
        Action(desk.texts.plain(f"help-{name}-button"), route)
        for name, route in (
            ("subscribe", "subscribe"),
            ("subscriptions", "subscriptions"),
            ("preview", "digest.preview"),
        )
    )


FEATURE = Feature(
    routes=(
        Route("start", start, role=Role.VISITOR, listed=True),
        Route("start.then", start_then, (THEN,), role=Role.VISITOR),
        Route("help", show_help, (SUBJECT,), role=Role.VISITOR, listed=True),
    ),
    lists={"commands": commands, "all-commands": all_commands},
)
