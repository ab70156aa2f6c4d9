"""A chat in the terminal, which the demonstration alone turns on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.platforms.base import Pace, Services
from bot.platforms.local import LocalSection
from bot.platforms.network import Network

if TYPE_CHECKING:
    from bot.platforms.console.network import Console


class ConsoleSection(LocalSection):
    """Who speaks in the terminal."""


def _make(section: ConsoleSection, services: Services) -> Console:
    from bot.platforms.console.network import Console

    folder = services.folder / "pieces-jointes"
    return Console(section.residents, services.channels, services.texts, folder=folder, on_end=services.stop)


NETWORK = Network(
    "console",
    ConsoleSection,
    default=ConsoleSection(),
    is_in_file=False,
    make=_make,
    pace=Pace(rate=1000),
    is_here=True,
)
