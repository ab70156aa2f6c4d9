"""Nothing is kept longer than the configuration says (promise 76): each feature forgets what is its own."""

from __future__ import annotations

from collections.abc import Iterable

from bot.feature import Feature, Hub


async def clean_up(features: Iterable[Feature], hub: Hub) -> None:
    """Forget what nobody needs any more, in short transactions: nobody waits long for one of them."""
    for purge in [kept.purge for feature in features for kept in feature.holds if kept.purge]:
        async with hub.desk() as desk:
            await purge(desk)
