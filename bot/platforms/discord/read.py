"""What Discord tells, read: words, pressed buttons and lists, filled forms. Pure; nothing here is believed, the router
checks every token and value."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.platforms.discord.show import FILL, FORM, LABEL, PART, PICK, PRESS, READ, TICK, UPLOAD
from club.dialogue import NO, YES
from club.people import Place

ATTACHMENT = 11  # an option that is a file
FILE = "discord:"  # of the handle of what a person sent; its address follows

_NUMBERED = re.compile(rf"[{PRESS}{PICK}{TICK}]\d{{0,4}}:(?P<token>.*)", re.DOTALL)
_READ = re.compile(rf"{READ}(?P<person>\d{{1,20}}):(?P<message>\d{{1,20}})")


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was pressed: tokens in order, or a form to open (`fill`), or an answer that waits (`person`, `message`)."""

    tokens: tuple[str, ...] = ()
    fill: bool = False
    person: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form that was sent: its token and values by field; `partial` when it was one window of several."""

    token: str
    values: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False


def pressed(custom_id: str, values: Sequence[str], ticked: Collection[str]) -> Pressed:
    """What a component's id and values say; `ticked` are the boxes of its list that were ticked when it was shown."""
    waiting = _READ.fullmatch(custom_id)
    if waiting:
        return Pressed(person=waiting["person"], message=waiting["message"])
    if custom_id.startswith(FILL):
        return Pressed((custom_id.removeprefix(FILL),), fill=True)
    numbered = _NUMBERED.fullmatch(custom_id)
    if numbered is None:
        return Pressed((custom_id,))
    if custom_id.startswith(TICK):
        # Each box that changed is pressed; those of the list that were left as they are say nothing.
        changed = [value for value in values if value not in ticked]
        return Pressed((*changed, *(token for token in ticked if token not in values)))
    return Pressed(tuple(values[:1]) if custom_id.startswith(PICK) else (numbered["token"],))


def filled(data: Mapping[str, Any]) -> SentForm:
    """The form that a window sent."""
    custom_id = str(data.get("custom_id", ""))
    files = (data.get("resolved") or {}).get("attachments") or {}
    values = dict(_values(data.get("components") or [], files))
    partial = custom_id.startswith(PART)
    return SentForm(custom_id.removeprefix(PART if partial else FORM), values, partial)


def _values(components: Sequence[Mapping[str, Any]], files: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for one in components:
        part = one.get("component") if one.get("type") == LABEL else None
        if not part:
            continue
        given = part.get("values") or []
        if part.get("type") == UPLOAD:
            given = [f"{FILE}{files[ident]['url']}" for ident in given if ident in files]
        value = part.get("value") if "value" in part else ",".join(given)
        found.append((str(part.get("custom_id", "")), value or ""))
    return found


def options(given: Mapping[str, Mapping[str, Any]], resolved: Mapping[str, Any]) -> dict[str, str]:
    """What was given with a command, by option: a file as its handle, yes and no as their codes."""
    files = resolved.get("attachments") or {}
    return {name: _value(one, files) for name, one in given.items() if "value" in one}


def _value(option: Mapping[str, Any], files: Mapping[str, Any]) -> str:
    given = option["value"]
    if option.get("type") == ATTACHMENT:
        url = files.get(str(given), {}).get("url", "")
        return f"{FILE}{url}" if url else ""
    return (YES if given else NO) if isinstance(given, bool) else str(given)


def spoken(content: str, me: int) -> tuple[str, bool]:
    """The words of a message without the mention of the bot, and whether they hold one: an answer to what the bot said
    reaches it too."""
    words, count = re.subn(rf"<@!?{me}>", " ", content)
    return words.strip(), count > 0


def place_of(channel: Any, person: int) -> Place:
    """Where one speaks: a private talk bears its person's id, a thread stands behind its channel."""
    if isinstance(channel, discord.Thread):
        return Place("discord", str(channel.parent_id), str(channel.id))
    if isinstance(channel, discord.abc.GuildChannel):
        return Place("discord", str(channel.id))
    return Place("discord", str(person))


def may_manage(rights: discord.Permissions) -> bool:
    """Whether such rights make one who settles what a channel receives."""
    return rights.administrator or rights.manage_channels or rights.manage_guild


def lacking(rights: discord.Permissions, channel: Any) -> tuple[str, ...]:
    """What the bot would need to write there, as keys of texts."""
    needed = {"discord-right-view-channel": rights.view_channel}
    if isinstance(channel, discord.Thread):
        needed["discord-right-send-messages-in-threads"] = rights.send_messages_in_threads
    elif isinstance(channel, discord.ForumChannel):
        needed["discord-right-create-posts"] = rights.send_messages
    else:
        needed["discord-right-send-messages"] = rights.send_messages
    return () if rights.administrator else tuple(key for key, there in needed.items() if not there)
