"""Every decision that the code notes can be read by people."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot
import storage
from club.texts import Texts

FOLDERS = [Path(package.__file__ or "").parent for package in (bot, storage)]


def noted() -> set[str]:
    """The actions that stand in a call of `note`."""
    found = set()
    for path in (path for folder in FOLDERS for path in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "note" and len(node.args) > 1:
                action = node.args[1]
                if isinstance(action, ast.Constant) and "." in str(action.value):
                    found.add(str(action.value))
    return found


def test_something_is_noted() -> None:
    assert {"source.paused", "role.given", "letter.dead"} <= noted()


@pytest.mark.parametrize("action", sorted(noted()))
def test_every_action_has_its_sentence(action: str) -> None:
    assert Texts().plain(f"journal-{action.replace('.', '-')}", subject="4")
