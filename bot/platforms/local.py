"""Networks that live on this machine: who lives there, and whether their port is free."""

from __future__ import annotations

import errno
import socket
from typing import Annotated

from pydantic import Field, field_validator

from bot.platforms.base import Finding
from bot.platforms.network import NetworkSection
from bot.toml.section import ConfigSection, Note, Switch, Words, want
from bot.toml.values import Standing
from club.people import Resident, Role
from club.system import why
from club.texts import Texts


class ResidentSection(ConfigSection):
    """Someone who lives there: `simulator:<id>`."""

    id: Annotated[str, want("config-want-resident", pattern=r"^[a-z0-9_-]{1,32}$")]
    name: Words
    role: Annotated[Standing, want("config-want-role")] = Role.MEMBER
    organisation: Note = ""


def _village() -> tuple[ResidentSection, ...]:
    return (
        ResidentSection(id="ana", name="Ana", role=Role.MEMBER),
        ResidentSection(id="paul", name="Paul", role=Role.PARTNER),
        ResidentSection(id="mona", name="Mona", role=Role.MODERATOR),
        ResidentSection(id="ada", name="Ada", role=Role.ADMIN),
    )


class LocalSection(NetworkSection):
    """A network of people who are named in the file; whoever reaches it can be any of them."""

    enabled: Switch = False
    people: Annotated[tuple[ResidentSection, ...], want("config-want-tables")] = Field(default_factory=_village)

    @field_validator("people")
    @classmethod
    def _somebody(cls, people: tuple[ResidentSection, ...]) -> tuple[ResidentSection, ...]:
        if not people:
            raise ValueError("nobody lives there")
        return people

    @property
    def is_on(self) -> bool:
        """True when it is enabled."""
        return self.enabled

    @property
    def residents(self) -> tuple[Resident, ...]:
        """Those who live there, with their roles."""
        return tuple(Resident(one.id, one.name, one.role, one.organisation) for one in self.people)


def busy(host: str, port: int, section: str, texts: Texts) -> Finding | None:
    """Why nobody can listen there; None when one can."""
    try:
        [(family, kind, proto, _, address), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return Finding(False, "cli-run-port-busy", {"port": str(port), "section": section})
        return Finding(False, "cli-system", {"file": f"{host}:{port}", "why": why(error, texts)})
    return None
