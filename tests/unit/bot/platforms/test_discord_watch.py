"""What happens to places on a Discord server, told to the hub at once (promise 41)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord import THREAD, WRITE, Channel, _channel
from tests.kit.discord_world import World

GONE, OPEN = "unreachable-gone", ""
CLUB, HALL = "discord:2001", "discord:2002"


async def told(world: World, name: str, data: dict[str, Any]) -> list[tuple[str, str]]:
    """What was told once this event, and all that came before, was heard."""
    world.fake._publish(name, data)
    end = f"fin {len(world.heard)}"
    await world.fake.say(world.ana, end)
    await world.shown(f"reçu {end}")
    return world.places


async def open_with(world: World, **rights: int) -> Channel:
    hall = world.fake.add_channel("salle", 2002, **rights)
    await world.open(hub=world.hub)
    return hall


async def test_a_channel_that_goes_is_closed(world: World) -> None:
    await open_with(world)
    assert await told(world, "CHANNEL_DELETE", _channel(world.club)) == [(CLUB, GONE)]


async def test_a_right_that_comes_back_opens_the_channel(world: World) -> None:
    hall = await open_with(world, rights=WRITE & ~(1 << 11))
    assert await told(world, "CHANNEL_UPDATE", {**_channel(hall), "name": "nouveau"}) == []
    hall.rights = WRITE
    assert await told(world, "CHANNEL_UPDATE", _channel(hall)) == [(HALL, OPEN)]
    assert await told(world, "CHANNEL_UPDATE", {**_channel(hall), "name": "encore"}) == [(HALL, OPEN)]


async def test_a_channel_that_is_shown_again_opens(world: World) -> None:
    await open_with(world)
    assert await told(world, "CHANNEL_CREATE", _channel(Channel(2003, "vu", guild=500))) == [("discord:2003", OPEN)]


@pytest.mark.parametrize("by", ["role", "member"])
async def test_a_role_that_gains_rights_opens_what_it_may_write_to(world: World, by: str) -> None:
    world.fake.everyone = WRITE & ~(1 << 11)
    hall = await open_with(world, rights=WRITE & ~(1 << 10))  # stays hidden
    assert hall
    role = {**world.fake._guild()["roles"][0], "permissions": str(WRITE)}
    member = world.fake._guild()["members"][0]
    if by == "role":
        found = await told(world, "GUILD_ROLE_UPDATE", {"guild_id": "500", "role": role})
    else:
        found = await told(world, "GUILD_MEMBER_UPDATE", {**member, "guild_id": "500", "roles": ["600"]})
    assert found == [(CLUB, OPEN)]


async def test_other_members_and_names_of_roles_change_nothing(world: World) -> None:
    await open_with(world)
    role = {**world.fake._guild()["roles"][0], "name": "tous"}
    await told(world, "GUILD_ROLE_UPDATE", {"guild_id": "500", "role": role})
    member = {**world.fake._member(world.mona), "guild_id": "500", "roles": []}
    assert await told(world, "GUILD_MEMBER_UPDATE", member) == []


async def test_a_bot_that_is_sent_away_and_invited_again(world: World) -> None:
    await open_with(world)
    assert await told(world, "GUILD_DELETE", {"id": "500"}) == [(CLUB, GONE), (HALL, GONE)]
    world.places.clear()
    guild = {key: value for key, value in world.fake._guild().items() if key != "unavailable"}
    assert await told(world, "GUILD_CREATE", guild) == [(CLUB, OPEN), (HALL, OPEN)]


async def test_a_server_that_is_away_for_a_while_closes_nothing(world: World) -> None:
    await open_with(world)
    assert await told(world, "GUILD_DELETE", {"id": "500", "unavailable": True}) == []


async def test_a_thread_that_is_open_again_and_one_that_goes(world: World) -> None:
    thread = world.fake.add_channel("fil", 2010, THREAD, parent=2001)
    await world.open(hub=world.hub)
    name = "discord:2001:2010"
    assert await told(world, "THREAD_UPDATE", _channel(thread)) == []  # it was open
    closed = {**_channel(thread), "thread_metadata": {**_channel(thread)["thread_metadata"], "archived": True}}
    assert await told(world, "THREAD_UPDATE", closed) == []
    assert await told(world, "THREAD_UPDATE", _channel(thread)) == [(name, OPEN)]
    locked = {**_channel(thread), "thread_metadata": {**_channel(thread)["thread_metadata"], "locked": True}}
    assert await told(world, "THREAD_UPDATE", locked) == [(name, OPEN)]
    assert await told(world, "THREAD_UPDATE", _channel(thread)) == [(name, OPEN), (name, OPEN)]
    gone = {"id": "2010", "guild_id": "500", "parent_id": "2001", "type": THREAD}
    assert await told(world, "THREAD_DELETE", gone) == [(name, OPEN), (name, OPEN), (name, GONE)]


async def test_another_server_says_nothing(world: World) -> None:
    await world.open(hub=world.hub, guild="501")
    assert await told(world, "CHANNEL_DELETE", _channel(world.club)) == []
