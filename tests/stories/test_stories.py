"""Every story of this folder is played end to end; members can read and correct them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.stage import House, play

STORIES = {path.stem: path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.txt"))}


@pytest.mark.parametrize("story", STORIES)
async def test_story(story: str, tmp_path: Path) -> None:
    house = House(tmp_path / "hub.sqlite3")
    await house.open()
    try:
        await play(STORIES[story], house)
    finally:
        await house.close()
