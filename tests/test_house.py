"""The rules of the house: who may import whom, no circle, small files, texts in the catalogues and nowhere else."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent

from bot.platforms.network import Network
from bot.platforms.networks import BY_NAME, NETWORKS
from club.texts import LANGUAGES, MissingText, Texts

ROOT = Path(__file__).parents[1]
PACKAGES = ("club", "digest", "storage", "connectors", "bot")

# Package -> what it may import of ours and of others (choice C10).
FLOORS: dict[str, set[str]] = {
    "club": {"club", "fluent", "babel", "frontmatter", "yaml", "numpy", "scipy"},
    "digest": {"digest", "club"},
    "storage": {"storage", "club", "sqlalchemy", "alembic"},
    "connectors": {
        "connectors",
        "club",
        "storage",
        "aiohttp",
        "yarl",
        "idna",
        "brotli",
        "feedparser",
        "lxml",
        "icalendar",
    }
    | {"recurring_ical_events", "nh3", "jinja2", "markupsafe"},
    "bot": {*PACKAGES, "pydantic", "pydantic_core", "click", "rich", "apscheduler", "aiohttp", "aiosqlite", "jinja2"}
    | {"markupsafe", "telegram", "discord", "yarl", "prometheus_client"},
}

# Library -> the only modules that may know it; a trailing dot means the whole package.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "apscheduler": ("bot.hub.schedule",),
    "telegram": ("bot.platforms.telegram.",),
    "discord": ("bot.platforms.discord.",),
    "click": ("bot.cli.",),
    "rich": ("bot.cli.",),
    "pydantic": (
        "bot.config.model",
        "bot.config.sections",
        "bot.config.values",
        "bot.toml.",
        "bot.platforms.",
    ),
    "pydantic_core": ("bot.config.sections", "bot.config.values", "bot.toml.", "bot.platforms.telegram"),
    "aiosqlite": ("bot.platforms.", "storage."),
}
ONE_FILE_EACH = (
    "feedparser",
    "recurring_ical_events",
    "apscheduler",
    "asyncpg",
    "prometheus_client",
    "nh3",
    "frontmatter",
    "yaml",
)

# Part of a package -> the only modules of ours it may import.
ROOMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("connectors.sources.", ("club.", "connectors.sources.")),
    ("connectors.outlets.", ("club.", "connectors.outlets.")),
    ("bot.platforms.base", ("club.",)),
    ("bot.demo.", ("club.", "bot.demo.")),
    ("bot.feature", ("club.", "storage.", "connectors.outlets.sheet")),
    ("bot.cards.", ("club.", "bot.cards.")),
)
# In its room by subject; it puts the partners' site and the hub together, so it is held to the rules of `bot`.
OUTDOORS = "bot.demo.village"

MOST_LINES = 350
MOST_LINES_OF_A_FUNCTION = 40

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # what is shown has none, tables of bytes do
FRENCH = re.compile("[«»’àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ]")
# Dates are put together where Babel's French falls short.
SPOKEN = {("club.texts", " à ")}

KEY = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?:\.[a-z]+)?")
# What says a text whose key is its first argument.
SAYERS = {"plain", "line", "lines", "words", "say", "want", "Fault", "Refused", "SourceTrouble", "StorageTrouble"}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    def belongs_to(self, part: str) -> bool:
        return belongs(self.name, part)


def belongs(name: str, part: str) -> bool:
    """`part` is a module, with a dot at its end a package and all that it holds, with a star all that begin so."""
    if part.endswith("*"):
        return name.startswith(part[:-1])
    return f"{name}.".startswith(part) if part.endswith(".") else name == part


@cache
def modules() -> tuple[Module, ...]:
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name, path, ast.parse(path.read_text("utf-8"))))
    return tuple(found)


@cache
def names() -> frozenset[str]:
    return frozenset(module.name for module in modules())


def imports(module: Module) -> Iterator[str]:
    """Every module that is imported anywhere in the file, by its full name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module.name}: relative import"
            origin = str(node.module)
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if inner in names() else origin


def ours(module: Module) -> set[str]:
    return {name for name in imports(module) if name.partition(".")[0] in PACKAGES}


def literals(module: Module) -> Iterator[str]:
    """The string literals of a file, docstrings aside."""
    yield from literals_in(module.tree)


def literals_in(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        yield from literals_in(child)


def read_only(module: Module) -> frozenset[str]:
    """What is given to `re`: patterns that the program reads with, never shows."""
    calls = (
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
    )
    return frozenset(literal for call in calls for literal in literals_in(call))


def test_there_is_a_house() -> None:
    assert {module.package for module in modules()} == set(PACKAGES)


def test_each_floor_imports_downward_and_its_own_libraries_only() -> None:
    strangers = {
        f"{module.name} imports {name}"
        for module in modules()
        for name in imports(module)
        if (top := name.partition(".")[0]) not in FLOORS[module.package] and top not in sys.stdlib_module_names
    }
    assert not strangers


def test_a_library_is_known_where_it_belongs_only() -> None:
    strays = {
        f"{module.name} imports {name}"
        for module in modules()
        for name in imports(module)
        if (places := ONLY_IN.get(name.partition(".")[0])) and not any(module.belongs_to(place) for place in places)
    }
    assert not strays


@pytest.mark.parametrize("library", ONE_FILE_EACH)
def test_one_file_knows(library: str) -> None:
    files = {m.name for m in modules() for name in imports(m) if name.partition(".")[0] == library}
    assert len(files) <= 1


def test_rooms_keep_their_doors() -> None:
    through = {
        f"{module.name} imports {name}"
        for module in modules()
        for room, allowed in ROOMS
        if module.belongs_to(room) and module.name != OUTDOORS
        for name in ours(module)
        if not any(belongs(name, part) for part in allowed)
    }
    assert not through


def test_a_room_of_subjects_knows_no_other_and_none_of_the_roof() -> None:
    roof = ("bot.app", "bot.features", "bot.cli.")
    through = {
        f"{module.name} imports {name}"
        for module in modules()
        for name in ours(module)
        if (room := subject(module.name)) and (subject(name) not in ("", room) or any(belongs(name, p) for p in roof))
    }
    assert not through


def subject(name: str) -> str:
    """The room of a subject that the module is in, "" = none."""
    room = room_of(name)
    return room if room in subjects() else ""


def room_of(name: str) -> str:
    """`bot.talk` for `bot.talk.router`; a file at the root is a room by itself."""
    return ".".join(name.split(".")[:2])


@cache
def subjects() -> frozenset[str]:
    """Rooms of subjects, read from the tree: those that hand on FEATURES."""
    return frozenset(
        module.name
        for module in modules()
        if module.path.name == "__init__.py"
        and room_of(module.name) == module.name
        and any(isinstance(node, ast.Name) and node.id == "FEATURES" for node in ast.walk(module.tree))
    )


def test_a_room_of_a_subject_hands_on_its_features_alone() -> None:
    """So what a room is for is read in its first lines, and who wants a part of it names that part."""
    through = {
        f"{module.name} imports {name}"
        for module in modules()
        for name in imports(module)
        if name in subjects() and module.name != "bot.features"
    }
    assert not through
    assert all(ast.get_docstring(m.tree, clean=False) for m in modules() if m.name in subjects())


def test_rooms_of_the_bot_stand_on_floors() -> None:
    """No arrow between two rooms runs back up."""
    arrows: dict[str, set[str]] = {}
    for module in modules():
        if module.package == "bot" and module.name != "bot":
            rooms = {room_of(name) for name in ours(module) if belongs(name, "bot.")}
            arrows.setdefault(room_of(module.name), set()).update(rooms - {room_of(module.name)})
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


MOST_FILES_AT_THE_ROOT = 8


def test_the_root_of_the_bot_stays_small() -> None:
    at_the_root = {path.name for path in (ROOT / "bot").glob("*.py")} - {"__init__.py"}
    assert len(at_the_root) <= MOST_FILES_AT_THE_ROOT


SHARED = ("bot.platforms.base", "bot.platforms.text", "bot.platforms.network", "bot.platforms.local", "bot.toml.")


def test_a_platform_knows_the_words_the_base_and_its_own_parts() -> None:
    through = {
        f"{module.name} imports {name}"
        for module in modules()
        if module.belongs_to("bot.platforms.") and module.name != "bot.platforms.networks"
        for name in ours(module)
        if not any(belongs(name, part) for part in ("club.", *SHARED)) and not name.startswith(family(module.name))
    }
    assert not through


def family(platform: str) -> str:
    """`bot.platforms.simulator` for `bot.platforms.simulator.page`: what is inside one package."""
    return ".".join(platform.split(".")[:3])


# Where a network may be named outside its folder: the demonstration says which one it opens, the log which libraries
# it keeps quiet, an address how Matrix writes threads.
NAMED_IN = {"bot.demo.village", "bot.logs", "club.people"}


def test_a_network_is_named_in_its_folder_only() -> None:
    names = {network.name for network in NETWORKS}
    told = {
        f"{module.name}: {literal}"
        for module in modules()
        if not module.belongs_to("bot.platforms.") and module.name not in NAMED_IN
        for literal in literals(module)
        if literal in names
    }
    assert not told


def test_every_folder_of_the_networks_hands_on_its_row() -> None:
    folders = {path.parent.name for path in (ROOT / "bot" / "platforms").glob("*/__init__.py")}
    assert folders == set(BY_NAME)


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.name)
def test_every_network_is_called_in_words(network: Network[Any]) -> None:
    assert all(has(Texts(language), f"network-name-{network.name}") for language in LANGUAGES)


def test_the_roof_is_imported_by_none() -> None:
    below = {m.name for m in modules() if m.package != "bot" and any(belongs(name, "bot.") for name in ours(m))}
    assert not below


def test_no_circle() -> None:
    try:
        TopologicalSorter({module.name: ours(module) - {module.name} for module in modules()}).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_one_name_is_one_thing() -> None:
    """A public class is found by its name alone."""
    places: dict[str, list[str]] = {}
    for module in modules():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module.name)
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_files_stay_small() -> None:
    lengths = {module.name: module.path.read_text("utf-8").count("\n") for module in modules()}
    assert not {name: length for name, length in lengths.items() if length > MOST_LINES}


def test_functions_stay_small() -> None:
    long = {
        f"{module.name}.{node.name}: {lines}"
        for module in modules()
        if not module.belongs_to("storage.migrations.")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert not long


def test_no_french_in_the_code() -> None:
    """One letter alone is not a text; the demonstration plays partners' sites, which write French."""
    shown = {
        (module.name, literal)
        for module in modules()
        if not module.belongs_to("bot.demo.") or module.name == OUTDOORS
        for literal in literals(module)
        if len(literal) > 1
        and FRENCH.search(literal)
        and not CONTROL.search(literal)
        and literal not in read_only(module)
    }
    assert shown <= SPOKEN


# --- texts: what the code asks for is written, what is written is asked for


@dataclass(frozen=True)
class Wanted:
    """Keys as the code writes them: whole ones, and patterns of those it puts together (`f"role-{word}"`)."""

    keys: frozenset[str]
    patterns: frozenset[str]


@cache
def wanted() -> Wanted:
    keys, patterns = set(), set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr) and (pattern := pattern_of(node)):
                patterns.add(pattern)
        for literal in literals(module):
            keys.add(literal)
            if re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-", literal):  # a beginning that is handed on
                patterns.add(re.escape(literal) + PART)
    return Wanted(frozenset(keys), frozenset(patterns))


PART = "[a-z0-9-]+"


def pattern_of(node: ast.JoinedStr) -> str:
    """The keys that an f-string can make; "" when its beginning is not written in it."""
    first = node.values[0] if node.values else None
    if not (isinstance(first, ast.Constant) and re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*-", str(first.value))):
        return ""
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else PART for part in node.values)


def said_keys(module: Module) -> Iterator[str]:
    """Keys that stand where only a text key can stand."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        key = node.args[0]
        if name in SAYERS and isinstance(key, ast.Constant) and KEY.fullmatch(str(key.value)):
            yield str(key.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_code_says_is_written(language: str) -> None:
    texts = Texts(language)
    missing = {f"{module.name}: {key}" for module in modules() for key in said_keys(module) if not has(texts, key)}
    assert not missing


def has(texts: Texts, key: str) -> bool:
    try:
        texts.lines(key)
    except MissingText as missing:
        return str(missing) != key  # only its values are missing
    return True


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_is_written_is_said(language: str) -> None:
    asked = {key.partition(".")[0] for key in wanted().keys}
    made = re.compile("|".join({pattern.partition(r"\.")[0] for pattern in wanted().patterns}) or "$")
    unused = {key for key in Texts(language) if key not in asked and not made.fullmatch(key)}
    assert not unused


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_of_keys_leads_somewhere(language: str) -> None:
    keys = set(Texts(language))
    lost = {
        pattern
        for pattern in wanted().patterns
        if not any(re.fullmatch(pattern.partition(r"\.")[0], key) for key in keys)
    }
    assert not lost


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_parse_whole(language: str) -> None:
    """A line that Fluent cannot read would be skipped without a word."""
    for path in sorted((ROOT / "club" / "texts" / language).glob("*.ftl")):
        junk = [e for e in FluentParser().parse(path.read_text("utf-8")).body if isinstance(e, fluent.Junk)]
        assert not junk, f"{path.name}: {junk[0].content}"
