"""The networks, in the order in which people read of them. A new one is its folder and a line here."""

from __future__ import annotations

from typing import Any

from bot.platforms import console, discord, matrix, simulator, telegram
from bot.platforms.network import Network

NETWORKS: tuple[Network[Any], ...] = (
    telegram.NETWORK,
    discord.NETWORK,
    matrix.NETWORK,
    simulator.NETWORK,
    console.NETWORK,
)
BY_NAME = {network.name: network for network in NETWORKS}
