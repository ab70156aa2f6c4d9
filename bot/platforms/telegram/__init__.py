"""Telegram. `read` and `show` are pure, `network` starts, stops and sends; nothing of it is imported before it is used,
so that drawing a message needs no library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr, field_validator
from pydantic_core import PydanticCustomError

from bot.platforms.base import Finding, Pace, Services
from bot.platforms.network import Inspection, Network, NetworkSection
from bot.toml.section import Address, Secret
from club.dialogue import Message
from club.people import Place
from club.texts import Texts

if TYPE_CHECKING:
    from bot.platforms.telegram.network import Telegram


class TelegramSection(NetworkSection):
    """The Telegram bot; without `webhook_url` it asks for updates itself."""

    token: Secret
    api_url: Address = "https://api.telegram.org/bot"
    webhook_url: Address | None = None
    webhook_secret: Secret | None = None

    @field_validator("webhook_secret")
    @classmethod
    def _is_sayable(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise PydanticCustomError("config-want-webhook-secret", "only letters, digits, _ and -")
        return secret

    @property
    def needs_web(self) -> bool:
        """True when Telegram is to bring updates itself."""
        return self.webhook_url is not None


def _make(section: TelegramSection, services: Services) -> Telegram:
    from bot.platforms.telegram.network import Telegram
    from bot.platforms.telegram.updates import Webhook

    # Without a secret of its own, one for this run: Telegram is told it at the start.
    secret = section.webhook_secret.get_secret_value() if section.webhook_secret else token_urlsafe(32)
    hook = Webhook(section.webhook_url, secret, services.mount) if section.webhook_url else None
    return Telegram(section.token.get_secret_value(), services.texts, section.api_url, hook, services)


async def _check(section: TelegramSection, inspection: Inspection) -> list[Finding]:
    return await _make(section, inspection.services).examine(inspection.places)


def _draw(message: Message, _: Texts) -> Sequence[Mapping[str, Any]]:
    from bot.platforms.telegram.show import show

    return [sheet.body() for sheet in show(message)]


def is_group(place: Place) -> bool:
    """True for groups and channels, whose ids are below zero."""
    return place.id.startswith("-")


_SECOND = timedelta(seconds=1)

NETWORK = Network(
    "telegram",
    TelegramSection,
    make=_make,
    check=_check,
    draw=_draw,
    # Nine tenths of what Telegram bears: thirty messages a second, one a second in a chat, twenty a minute in a group.
    pace=Pace(rate=28, gap=_SECOND, group_gap=3 * _SECOND, is_group=is_group),
    seals_whole_chat=True,
)
