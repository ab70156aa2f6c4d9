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


# --- every reason that is cited can be opened

SOURCES = ("*.py", "*.toml", "*.ftl", "*.js", "*.css", "*.html", "*.md", "Makefile")
NUMBERS = r"(\d+(?:–\d+)?(?:(?:, | and )\d+(?:–\d+)?)*)"
DECISIONS = ROOT / "docs" / "decisions"


def cited(pattern: str, *, in_tests: bool = True) -> dict[str, set[str]]:
    """What is cited, with the files that cite it."""
    found: dict[str, set[str]] = {}
    for folder in (
        "bot",
        "club",
        "connectors",
        "digest",
        "storage",
        "benchmarks",
        "docs",
        *(["tests"] if in_tests else []),
        ".",
    ):
        for kind in SOURCES:
            paths = (ROOT / folder).glob(kind) if folder == "." else (ROOT / folder).rglob(kind)
            for path in paths:
                if "pages" in path.parts:
                    continue
                for match in re.finditer(pattern, path.read_text("utf-8")):
                    found.setdefault(match[1], set()).add(str(path.relative_to(ROOT)))
    return found


def numbers(written: str) -> set[int]:
    """`1–4, 9` are five numbers."""
    spans = (part.partition("–") for part in re.findall(r"\d+(?:–\d+)?", written))
    return {number for first, _, last in spans for number in range(int(first), int(last or first) + 1)}


def test_every_promise_that_is_cited_is_told() -> None:
    told = set(map(int, re.findall(r'<a id="(\d+)">', (ROOT / "docs" / "promises.md").read_text("utf-8"))))
    wanted = {number for written in cited(rf"\bpromises?\s+{NUMBERS}") for number in numbers(written)}
    assert wanted
    assert wanted <= told
    assert told == set(range(1, 62)) | set(range(70, 89))


def test_every_decision_that_is_cited_has_its_page() -> None:
    pages = {int(page.name[:4]) for page in DECISIONS.glob("[0-9]*.md")}
    wanted = {number for written in cited(rf"\bdecisions?\s+{NUMBERS}") for number in numbers(written)}
    assert wanted
    assert wanted <= pages


def test_every_choice_that_is_cited_is_told() -> None:
    page = (DECISIONS / "0015-first-choices.md").read_text("utf-8")
    told = set(re.findall(r"[ACS]\d+", " ".join(re.findall(r"^- \*\*(.+?)\*\*", page, re.MULTILINE))))
    wanted = {one for written in cited(r"\bchoices? ([ACS]\d+(?:, [ACS]\d+)*)") for one in written.split(", ")}
    assert wanted
    assert wanted <= told


def test_every_page_that_a_comment_names_exists() -> None:
    """Tests name pages that they make."""
    for name, files in cited(r"(?<![\w/<>*.-])([\w./-]+\.md)\b", in_tests=False).items():
        places = [ROOT / name, ROOT / "docs" / name, *((ROOT / file).parent / name for file in files)]
        assert any(place.exists() for place in places) or [*DECISIONS.glob(name)], f"{name}, named in {sorted(files)}"
