"""Discord. `read` and `show` are pure, `network` starts, stops and sends; nothing of it is imported before it is used,
so that drawing a message needs no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from bot.platforms.base import Finding, Pace, Services
from bot.platforms.network import Inspection, Network, NetworkSection
from bot.toml.section import Address, Secret, want
from bot.toml.values import Ident, Standing
from club.dialogue import Message
from club.texts import Texts

if TYPE_CHECKING:
    from bot.platforms.discord.network import Discord


class DiscordSection(NetworkSection):
    """The Discord bot and the one server it serves."""

    token: Secret
    api_url: Address = "https://discord.com/api/v10"
    guild: Annotated[Ident | None, want("config-want-ident")] = None
    roles: Annotated[dict[Ident, Standing], want("config-want-roles")] = Field(default_factory=dict)


def _make(section: DiscordSection, services: Services) -> Discord:
    from bot.platforms.discord.network import Discord

    return Discord(
        section.token.get_secret_value(),
        services.texts,
        api_url=section.api_url,
        guild=section.guild or "",
        roles=section.roles,
        hub=services,
        suggest=services.suggest,
    )


async def _check(section: DiscordSection, inspection: Inspection) -> list[Finding]:
    return await _make(section, inspection.services).examine(inspection.places)


def _draw(message: Message, texts: Texts) -> Sequence[Mapping[str, Any]]:
    from bot.platforms.discord.show import show

    return show(message, texts)


NETWORK = Network(
    "discord",
    DiscordSection,
    make=_make,
    check=_check,
    draw=_draw,
    # Nine tenths of what Discord bears: fifty calls a second; five messages in five seconds in a channel.
    pace=Pace(rate=45, gap=timedelta(seconds=1)),
)
