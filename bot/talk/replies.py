"""What is said to who types half a command, or one that does not exist."""

from __future__ import annotations

from bot.talk.commands import Commands
from bot.talk.forms import key
from club.dialogue import Action, Message
from club.people import Role
from club.refusal import Refused
from club.texts import Texts

NOT_MEMBER = "role-needed-member"
_SHOWN = 60  # characters of what was typed that are said back


def show_refusal(refusal: Refused, texts: Texts) -> Message:
    """Why not; the first word is one press away, wherever it is shown."""
    message = Message(texts.lines(refusal.key, **refusal.values))
    if refusal.key != NOT_MEMBER:
        return message
    return message.offering(Action(texts.plain("start-button"), "start.then", {"r": str(refusal.values["route"])}))


def show_group(group: tuple[str, ...], role: Role, commands: Commands, texts: Texts) -> Message:
    """A word that several commands begin with: those that this person may use are offered as buttons."""
    mine = tuple(name for name in group if commands.route(name).role <= role)
    names = mine or group
    routes = [commands.route(name) for name in names]
    helps = [texts.plain(f"route-{key(route)}.help") for route in routes]
    lines = [texts.line("group-line", command=f"/{name}", help=told) for name, told in zip(names, helps, strict=True)]
    actions = [Action(f"/{name}", route.name) for name, route in zip(names, routes, strict=True)]
    return Message(texts.lines("group-title")).adding(lines).offering(*actions)


def show_unknown(near: str, words: str, commands: Commands, texts: Texts) -> Message:
    """The closest command is proposed."""
    typed = words.split()[0][:_SHOWN]
    if not near:
        help_ = Action(texts.plain("help-button"), "help")
        return Message(texts.lines("command-unknown", typed=typed)).offering(help_)
    action = Action(f"/{near}", commands.route(near).name)
    return Message(texts.lines("command-near", typed=typed, near=f"/{near}")).offering(action)
