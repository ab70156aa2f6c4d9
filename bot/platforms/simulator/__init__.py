"""A chat in the browser, on loopback only: `network` starts, stops and sends, `page` shows, `posts` remembers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.platforms.base import Finding, Pace, Services
from bot.platforms.local import LocalSection, busy
from bot.platforms.network import Inspection, Network, Notice
from bot.toml.section import Port

if TYPE_CHECKING:
    from bot.platforms.simulator.network import Simulator

HOST = "127.0.0.1"


class SimulatorSection(LocalSection):
    """The chat in the browser; whoever reaches its port can be administrator."""

    port: Port = 8765

    @property
    def own_port(self) -> int:
        """The page's port."""
        return self.port

    @property
    def url(self) -> str:
        """The page."""
        return f"http://{HOST}:{self.port}/"

    def warnings(self) -> Iterable[Notice]:
        """It is open to this whole machine."""
        yield "config-warn-simulator", {"port": str(self.port)}


def _make(section: SimulatorSection, services: Services) -> Simulator:
    from bot.platforms.simulator.network import Simulator

    return Simulator(_file(services), section.residents, services.channels, section.port, services.texts)


async def _check(section: SimulatorSection, inspection: Inspection) -> list[Finding]:
    from bot.platforms.simulator.posts import is_sound

    file, found = _file(inspection.services), []
    if not is_sound(file):
        found.append(Finding(False, "storage-simulator", {"file": str(file)}))
    if not inspection.is_running:
        free = Finding(True, "cli-check-simulator", {"port": str(section.port)})
        found.append(busy(HOST, section.port, "simulator", inspection.services.texts) or free)
    return found


def _file(services: Services) -> Path:
    return services.folder / "simulator.sqlite3"


NETWORK = Network(
    "simulator",
    SimulatorSection,
    default=SimulatorSection(),
    make=_make,
    check=_check,
    pace=Pace(rate=1000),
    is_here=True,
)
