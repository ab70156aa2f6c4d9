"""What the pages say is what the program does."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_page_of_commands_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert (ROOT / "docs" / "commandes.md").read_text("utf-8") == made.commands_page(), "run: make docs"


def test_every_page_that_is_linked_exists() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
def test_the_service_is_one_that_systemd_takes(tmp_path: Path) -> None:
    unit = (ROOT / "docs" / "ecohub.service").read_text("utf-8")
    assert "/opt/ecohub/.venv/bin/ecohub" in unit
    installed = tmp_path / "ecohub.service"
    installed.write_text(unit.replace("/opt/ecohub/.venv/bin/ecohub", "/bin/true"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", installed], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ecohub.service" not in done.stderr


def test_every_command_of_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for word in re.findall(r"^make (\w+)", readme, re.MULTILINE):
        assert re.search(rf"^{word}:", makefile, re.MULTILINE), word


@pytest.mark.parametrize(
    "page",
    [
        "CHANGELOG.md",
        "README.md",
        "docs/exploiter.md",
        "config.example.toml",
        "bot/demo/texts.toml",
        "bot/demo/partners/LISEZMOI.md",
    ],
)
def test_our_french_pages_have_the_french_apostrophe(page: str) -> None:
    lines = (ROOT / page).read_text("utf-8").splitlines()
    straight = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
    assert not [line for line in lines if straight.search(line) and not line.startswith("# What the demonstration's")]
