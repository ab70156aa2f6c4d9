"""Matrix and Tchap. The file may name it; this version does not speak it."""

from __future__ import annotations

from bot.platforms.base import Pace
from bot.platforms.network import Network, NetworkSection
from bot.toml.section import Address, Secret, Words


class MatrixSection(NetworkSection):
    """The account on Matrix or Tchap."""

    homeserver: Address
    user: Words
    token: Secret


NETWORK = Network("matrix", MatrixSection, pace=Pace(rate=1))
