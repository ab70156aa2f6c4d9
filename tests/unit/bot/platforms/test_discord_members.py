"""What a role of the server is worth in private: asked of Discord, known for a minute, worth nothing in doubt."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import bot.platforms.discord.members as module
from bot.platforms.discord.calls import Refusal
from bot.platforms.discord.members import Members
from club.people import Role


class Server:
    """Members as REST tells them; what is no list of roles is raised."""

    def __init__(self, **members: Any) -> None:
        self.members = members
        self.calls: list[str] = []
        self.now = 0.0
        self.known = Members(self, "500", {"6": Role.MODERATOR, "7": Role.PARTNER}, lambda: self.now)

    async def __call__(self, method: str, path: str, body: Any = None) -> Any:
        self.calls.append(f"{method} {path}")
        said = self.members.get(path.rpartition("/")[2], Refusal(404, 10007))
        if isinstance(said, list):
            return {"roles": said}
        if said is None:
            await asyncio.Event().wait()
        raise said


async def test_the_highest_counts_and_is_asked_for_once_a_minute() -> None:
    server = Server(**{"1": ["7", "6", "8"]})
    assert await server.known.role("1") is Role.MODERATOR
    server.members["1"] = []
    server.now = 59.0
    assert await server.known.role("1") is Role.MODERATOR
    server.now = 60.0
    assert await server.known.role("1") is Role.VISITOR
    assert server.calls == ["GET /guilds/500/members/1"] * 2


async def test_who_is_no_member_is_asked_after_once_a_minute_too() -> None:
    server = Server()
    assert [await server.known.role("9"), await server.known.role("9")] == [Role.VISITOR] * 2
    assert len(server.calls) == 1


@pytest.mark.parametrize("said", [Refusal(500), Refusal(403, 50001), Refusal(0, why="no connection"), None])
async def test_in_doubt_no_role_is_lent_and_it_is_asked_again(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WITHIN", 0.01)
    server = Server(**{"1": said})
    assert await server.known.role("1") is Role.VISITOR
    server.members["1"] = ["6"]
    assert await server.known.role("1") is Role.MODERATOR


async def test_those_of_long_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    server = Server(**{str(n): ["6"] for n in range(6)})
    for n in range(6):
        server.now = n * 40.0
        assert await server.known.role(str(n)) is Role.MODERATOR
    assert len(server.known._known) <= 3
