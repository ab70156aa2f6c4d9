"""The configuration: what is read, and every fault of it told with its place and without its secrets."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.config.model import Config, load
from bot.toml.faults import ConfigError, Fault, render_faults
from bot.toml.lines import Lines
from club.news import SourceKind
from club.people import Place, Role
from club.subscription import Cadence, Rhythm
from club.texts import Texts

EXAMPLE = Path(__file__).parents[4] / "config.example.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str, **environ: str) -> Config:
    Path("c.toml").write_text(text, "utf-8")
    return load(Path("c.toml"), {f"ECOHUB_{name}": value for name, value in environ.items()})


def faults(text: str, **environ: str) -> list[Fault]:
    with pytest.raises(ConfigError) as caught:
        read(text, **environ)
    return list(caught.value.faults)


def said(text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(text, **environ)
    return render_faults(caught.value, Texts())


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]:80/",
        "http://127.1:8080/",
        "http://%31%32%37.0.0.1/",
        "http://a..fr/",
    ],
)
def test_an_address_that_leads_inside_costs_no_other_source(folder: Path, url: str) -> None:
    config = read(f'[[sources]]\nname = "a"\nurl = "{url}"\n[[sources]]\nname = "b"\nurl = "https://exemple.fr/"')
    assert [source.url for source in config.sources] == [url, "https://exemple.fr/"]


@pytest.mark.parametrize(
    "url", ["ftp://h/", "file:///etc/passwd", "/etc/passwd", "<rss/>", "http://a:b@h/", "http://h\\t/"]
)
def test_what_is_no_address_of_the_web_is_a_fault_of_the_file(folder: Path, url: str) -> None:
    (fault,) = faults(f'[[sources]]\nname = "a"\nurl = "{url}"')
    assert (fault.line, fault.expected) == (3, "config-want-url")


def test_nothing_configured_gives_the_defaults(folder: Path) -> None:
    config = load(None, {})
    assert config.file is None
    assert config.networks == {}
    assert config.warnings == ()
    assert config.telegram is None
    assert config.fetch.timeout == 15
    assert config.fetch.max_bytes == 10 * 2**20
    assert config.database_url == f"sqlite+aiosqlite:///{folder}/data/ecohub.sqlite3"
    assert [(one.id, one.name, one.role) for one in config.simulator.people] == [
        ("ana", "Ana", Role.MEMBER),
        ("paul", "Paul", Role.PARTNER),
        ("mona", "Mona", Role.MODERATOR),
        ("ada", "Ada", Role.ADMIN),
    ]


def test_the_file_here_is_taken_and_a_named_one_before_it(folder: Path) -> None:
    Path("config.toml").write_text("[web]\nport = 1001\n")
    Path("other.toml").write_text("[web]\nport = 1002\n")
    Path("third.toml").write_text("[web]\nport = 1003\n")
    ports = [
        load(path, environ).web
        for path, environ in (
            (None, {}),
            (None, {"ECOHUB_CONFIG": "other.toml"}),
            (Path("third.toml"), {"ECOHUB_CONFIG": "other.toml"}),
        )
    ]
    assert [web and web.port for web in ports] == [1001, 1002, 1003]


@pytest.mark.parametrize("named", [None, Path("absent.toml")])
def test_a_named_file_that_is_missing_is_a_fault(named: Path | None) -> None:
    with pytest.raises(ConfigError) as caught:
        load(named, {} if named else {"ECOHUB_CONFIG": "absent.toml"})
    assert [(fault.file, fault.expected) for fault in caught.value.faults] == [("absent.toml", "config-bad-absent")]
    assert "absent.toml : ce fichier n’existe pas" in render_faults(caught.value, Texts())


def test_paths_begin_at_the_file_not_at_the_working_folder(folder: Path) -> None:
    (folder / "etc").mkdir()
    (folder / "etc" / "hub.toml").write_text('[database]\nurl = "sqlite+aiosqlite:///hub.db?timeout=9"\n')
    config = load(Path("etc/hub.toml"), {})
    assert config.folder == folder / "etc"
    assert config.database_url == f"sqlite+aiosqlite:///{folder}/etc/hub.db?timeout=9"
    assert config.data_folder == folder / "etc"


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:////var/lib/x.db", "postgresql+asyncpg://u:p@h/db"])
def test_absolute_and_served_databases_stay_as_written(folder: Path, url: str) -> None:
    config = read(f'[database]\nurl = "{url}"')
    assert config.database_url == url
    assert config.data_folder == (Path("/var/lib") if "sqlite" in url else folder / "data")


@pytest.mark.parametrize(
    "url", ["sqlite:///x", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "x", "mysql://h/d"]
)
def test_other_databases_are_refused_without_their_password(url: str) -> None:
    assert [(f.expected, f.found) for f in faults(f'[database]\nurl = "{url}"')] == [("config-want-database", "***")]


def test_channels_become_orders() -> None:
    config = read("""
        [club]
        timezone = "Indian/Reunion"
        [[channels]]
        name = "Eau"
        place = "discord:12:34"
        topics = ["Eau"]
        regions = ["76", "Bretagne", "outre-mer", "bretagne"]
        cadence = "Mensuel"
        hour = "8h30"
        weekday = "jeudi"
        [[channels]]
        name = "Essai"
        place = "simulator:essai"
        cadence = "interval"
        minutes = 2
        hour = 09:15:30
        topics = [3, "1"]
    """)
    water, trial = config.orders()
    assert (water.name, water.place, water.theme) == ("Eau", Place("discord", "12", "34"), "eau")
    assert water.wish.topics
    assert water.wish.regions == ("76", "53", "01", "02", "03", "04", "06")
    assert water.cadence == Cadence(Rhythm.MONTHLY, time(8, 30), 3, "Indian/Reunion")
    assert trial.wish.topics == (1, 3)
    assert trial.theme == ""
    assert trial.cadence == Cadence(Rhythm.INTERVAL, time(9, 15), 1, "Indian/Reunion", 2)


def test_sources_read_times_in_their_region() -> None:
    config = read("""
        [[sources]]
        name = "Île"
        url = "http://exemple.re/feed"
        kind = "ics"
        partner = "CAUE"
        region = "La Réunion"
        trusted = true
        [[sources]]
        name = "Pays"
        url = "https://exemple.fr"
        region = "France"
    """)
    island, country = config.club_sources()
    assert (island.region, island.zone, island.kind, island.trusted) == ("04", "Indian/Reunion", SourceKind.ICS, True)
    assert (country.region, country.zone, country.kind, country.url) == (
        "",
        "Europe/Paris",
        SourceKind.AUTO,
        "https://exemple.fr",
    )


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("membre", Role.MEMBER),
        ("Modératrice", Role.MODERATOR),
        ("moderateur", Role.MODERATOR),
        ("modérateur·rice", Role.MODERATOR),
        ("éditeur·rice", Role.EDITOR),
        ("Éditeur", Role.EDITOR),
        ("redacteur", Role.EDITOR),
        ("rédacteur·rice", Role.EDITOR),
        ("administrateur·rice", Role.ADMIN),
        ("admin", Role.ADMIN),
    ],
)
def test_roles_are_read_in_both_languages(word: str, role: Role) -> None:
    config = read(f'[[simulator.people]]\nid = "x"\nname = "X"\nrole = "{word}"')
    assert [one.role for one in config.simulator.people] == [role]


def test_the_example_names_roles_that_are_read() -> None:
    said = re.search(r"Rôles : ([^.]+)\.", EXAMPLE.read_text("utf-8"))
    assert said
    for word in said[1].replace("\n# ", " ").split(", "):
        config = read(f'[[simulator.people]]\nid = "x"\nname = "X"\nrole = "{word}"')
        assert config.simulator.people[0].role.word, word


@pytest.mark.parametrize("value", ["1", "0", '"true"', '"oui"', '"on"', "1.0", "[]"])
def test_a_switch_is_true_or_false(value: str) -> None:
    (fault,) = faults(f"[simulator]\nenabled = {value}")
    assert (fault.expected, fault.line) == ("config-want-switch", 2)


def test_a_variable_can_only_be_a_text() -> None:
    assert read("", SIMULATOR__ENABLED="true").simulator.enabled
    assert faults("", SIMULATOR__ENABLED="oui")[0].expected == "config-want-switch"


def test_a_place_and_an_address_serve_once() -> None:
    found = faults("""
        [[channels]]
        name = "A"
        place = "discord:1"
        [[channels]]
        name = "B"
        place = " discord:1"
        [[channels]]
        name = "C"
        place = "discord:1:2"
        [[sources]]
        name = "A"
        url = "https://exemple.fr"
        [[sources]]
        name = "B"
        url = "HTTPS://EXEMPLE.fr:443/#bas"
    """)
    assert [(one.expected, one.line) for one in found] == [
        ("config-want-unique-place", 7),
        ("config-want-unique-url", 16),
    ]


def test_one_value_stands_for_every_network_and_a_table_for_those_it_names() -> None:
    config = read('[delivery]\nrate = { telegram = 3 }\non_doubt = "hold"\nmax_in_flight = 2')
    assert (config.delivery.rate.telegram, config.delivery.rate.discord) == (3, 45)
    assert (config.delivery.on_doubt.telegram, config.delivery.on_doubt.matrix) == ("hold", "hold")
    assert config.delivery.max_in_flight.discord == 2


def test_the_environment_goes_over_the_file() -> None:
    config = read(
        "[fetch]\ntimeout = 3\nmax_bytes = 2000",
        FETCH__TIMEOUT="9.5",
        FETCH__ALLOW_PRIVATE="127.0.0.1:80, [::1]:90,nom.test:8080",
        SIMULATOR__ENABLED="true",
        DELIVERY__RATE__TELEGRAM="4",
        CLUB__ADMINS="simulator:ada",
        TEST_ANYTHING="ignored",
        CONFIG="ignored too",
    )
    assert (config.fetch.timeout, config.fetch.max_bytes) == (9.5, 2000)
    assert config.fetch.allow_private == ("127.0.0.1:80", "[::1]:90", "nom.test:8080")
    assert tuple(config.networks) == ("simulator",)
    assert config.delivery.rate.telegram == 4
    assert config.club.admins == ("simulator:ada",)


def test_secrets_come_from_files_and_are_never_shown(folder: Path) -> None:
    (folder / "secret").write_text("123:abc\n")
    (folder / "address").write_text("postgresql+asyncpg://u:hunter2@h/db")
    config = read("", TELEGRAM__TOKEN_FILE="secret", DATABASE__URL_FILE="address")
    assert config.telegram is not None
    assert config.telegram.token.get_secret_value() == "123:abc"
    assert config.database_url == "postgresql+asyncpg://u:hunter2@h/db"
    assert "123:abc" not in repr(config)
    assert "hunter2" not in repr(config)
    assert "hunter2" not in str(config.model_dump())


def test_no_fault_shows_a_secret() -> None:
    text = """
        [telegram]
        token = ["hunter2"]
        webhook_secret = 4242424242
        [discord]
        token = "hunter2"
        token2 = "hunter2"
        [database]
        url = "postgres://u:hunter2@h"
        [[sources]]
        name = "s"
        url = "https://u:hunter2@exemple.fr/"
        """
    caught = faults(text, MATRIX="hunter2", WEB__PUBLIC_URL="ftp://u:hunter2@h")
    assert len(caught) == 7
    shown = said(text, MATRIX="hunter2", WEB__PUBLIC_URL="ftp://u:hunter2@h") + str(ConfigError(caught)) + repr(caught)
    assert "hunter2" not in shown
    assert "4242424242" not in shown


def test_a_secret_given_twice_or_unreadable_is_a_fault() -> None:
    caught = faults(
        "", TELEGRAM__TOKEN="x", TELEGRAM__TOKEN_FILE="y", DISCORD__TOKEN_FILE="absent", FETCH__TIMEOUT_FILE="z"
    )
    assert {(fault.variable, fault.expected) for fault in caught} == {
        ("ECOHUB_TELEGRAM__TOKEN_FILE", "config-bad-twice"),
        ("ECOHUB_DISCORD__TOKEN_FILE", "config-want-secret-file"),
        ("ECOHUB_FETCH__TIMEOUT_FILE", "config-want-key"),
    }


def test_a_file_with_secrets_that_others_may_read_gives_a_warning() -> None:
    read('[telegram]\ntoken = "x"')
    Path("c.toml").chmod(0o604)
    assert load(Path("c.toml"), {}).warnings == (("config-warn-readable", {"file": "c.toml"}),)
    Path("c.toml").chmod(0o640)
    assert load(Path("c.toml"), {}).warnings == ()
    Path("c.toml").write_text("[web]\n")
    Path("c.toml").chmod(0o644)
    assert load(Path("c.toml"), {"ECOHUB_TELEGRAM__TOKEN": "x"}).warnings == ()


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("sqlite+aiosqlite:///data/ecohub.sqlite3", False),
        ("postgresql+asyncpg://localhost/ecohub", False),
        ("postgresql+asyncpg://hub:secret@localhost/ecohub", True),
    ],
)
def test_the_address_of_a_database_is_a_secret_when_it_holds_one(url: str, warned: bool) -> None:
    read(f'[database]\nurl = "{url}"')
    Path("c.toml").chmod(0o644)
    assert bool(load(Path("c.toml"), {}).warnings) is warned


def test_the_open_simulator_gives_a_warning() -> None:
    warnings = read("[simulator]\nenabled = true\nport = 9000").warnings
    assert [Texts().plain(key, **values) for key, values in warnings if "9000" in str(values)]


def test_every_fault_is_told_at_once_with_its_line() -> None:
    text = """# a comment
[fetch]
timout = 3
timeout = "quinze"
allow_private = [
  "127.0.0.1:80",
  "127.0.0.1",
]
max_bytes = true
[telegram]
[fech]
[club]
timezone = "Europe/Pari"
admins = ["simulatr:ada"]
[[channels]]
name = "a"
place = "simulator"
cadence = "hebdomadair"
[[channels]]
name = "A "
place = "simulator:x"
topics = ["eau", 21]
regions = ["Occitanei"]
cadence = "quotidien"
weekday = "mardi"
hour = "25:00"
[[channels]]
name = "c"
place = "simulator:c"
cadence = "interval"
[[channels]]
name = "d"
place = "simulator:d"
minutes = 3
[[sources]]
name = "x"
url = "ftp://h/"
kind = "fed"
region = "OM"
"""
    caught = [(f.line, f.key, f.found, f.expected.removeprefix("config-want-"), f.nearest) for f in faults(text)]
    assert caught == [
        (3, "[fetch] timout", "timout", "key", "timeout"),
        (4, "[fetch] timeout", "quinze", "seconds", ""),
        (5, "[fetch] allow_private #2", "127.0.0.1", "hosts", ""),
        (9, "[fetch] max_bytes", "true", "bytes", ""),
        (10, "[telegram] token", "", "secret", ""),
        (11, "[fech]", "fech", "key", "fetch"),
        (13, "[club] timezone", "Europe/Pari", "zone", "Europe/Paris"),
        (14, "[club] admins #1", "simulatr:ada", "accounts", "simulator"),
        (17, "[[channels]] #1 place", "simulator", "place", ""),
        (18, "[[channels]] #1 cadence", "hebdomadair", "rhythm", "hebdomadaire"),
        (20, "[[channels]] #2 name", "A ", "unique", ""),
        (22, "[[channels]] #2 topics #2", "21", "topics", ""),
        (23, "[[channels]] #2 regions #1", "Occitanei", "regions", "Occitanie"),
        (25, "[[channels]] #2 weekday", "mardi", "no-day", ""),
        (26, "[[channels]] #2 hour", "25:00", "hour", ""),
        (27, "[[channels]] #3 minutes", "", "minutes", ""),
        (34, "[[channels]] #4 minutes", "3", "no-minutes", ""),
        (37, "[[sources]] #1 url", "ftp://h/", "url", ""),
        (38, "[[sources]] #1 kind", "fed", "kind", "feed"),
        (39, "[[sources]] #1 region", "OM", "region", ""),
    ]


@pytest.mark.parametrize("hour", ["24:00", "8", "midi", "08:60", "8h5"])
def test_what_is_no_hour_is_refused(hour: str) -> None:
    (fault,) = faults(f'[[channels]]\nname = "a"\nplace = "simulator:a"\nhour = "{hour}"')
    assert (fault.line, fault.expected) == (4, "config-want-hour")


def test_a_fault_reads_as_a_sentence() -> None:
    assert said('\n[fetch]\ntimeout = "quinze"\ntimout = 1') == (
        "c.toml, ligne 3, [fetch] timeout : « quinze » trouvé ; attendu : un nombre de secondes entre 1 et 300.\n"
        "c.toml, ligne 4, [fetch] timout : « timout » trouvé ; attendu : une clé connue "
        "(allow_private, timeout, max_bytes, contact). Vouliez-vous dire « timeout » ?"
    )
    assert said("", FETCH__TIMEOT="1").startswith("variable ECOHUB_FETCH__TIMEOT : « timeot » trouvé")
    assert said("", FETCH__TIMEOT="1").endswith("Vouliez-vous dire « ECOHUB_FETCH__TIMEOUT » ?")
    assert "[matrix] user : rien n’est indiqué ; attendu" in said("", MATRIX__TOKEN="x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOO", "1"),
        ("FETCH", "1"),
        ("FETCH__", "1"),
        ("", "1"),
        ("__", "1"),
        ("FETCH__TIMEOUT__DEEPER", "1"),
        ("CHANNELS", "1"),
        ("SOURCES__0__NAME", "1"),
        ("SIMULATOR__PEOPLE", "ana"),
        ("WEB__PORT", "80 80"),
        ("SIMULATOR__ENABLED", "peut-être"),
        ("CLUB__TIMEZONE", "../../etc/passwd"),
        ("CLUB__TIMEZONE", "\udcff"),
        ("CLUB__ADMINS", "\udcff:\udcff"),
        ("TELEGRAM__TOKEN_FILE", "\0"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    assert f"ECOHUB_{name}" in {fault.variable for fault in faults("", **{name: value})}


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        (b"[web]\nport = \n", 2, "config-bad-toml"),
        (b"[web]\n\nport = 3\nport = 4\n", 4, "config-bad-toml"),
        (b'[web]\nhost = """never\nclosed\n', 3, "config-bad-toml"),
        (b"a = " + b"1" * 5000, 1, "config-bad-toml"),
        (b"[web]\nhost = '\xe9'\n", 2, "config-bad-encoding"),
        (b"a = " + b"[" * 50_000, None, "config-bad-depth"),
    ],
)
def test_a_file_that_cannot_be_read_has_one_fault(content: bytes, line: int | None, key: str) -> None:
    Path("c.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load(Path("c.toml"), {})
    assert [(fault.line, fault.expected) for fault in caught.value.faults] == [(line, key)]
    assert render_faults(caught.value, Texts()).startswith("c.toml")


def test_a_folder_is_not_a_file(folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(folder, {})
    assert [fault.expected for fault in caught.value.faults] == ["config-bad-unreadable"]


def test_a_byte_order_mark_and_windows_lines_do_not_matter() -> None:
    Path("c.toml").write_bytes(b"\xef\xbb\xbf[web]\r\nport = 9000\r\nprot = 1\r\n")
    with pytest.raises(ConfigError) as caught:
        load(Path("c.toml"), {})
    assert [(fault.line, fault.nearest) for fault in caught.value.faults] == [(3, "port")]


def test_the_line_is_where_the_statement_begins() -> None:
    lines = Lines(
        '[a]\nb = """\n[c]\nd = 1\n"""\n\n[c]\nd = { e = 1,  f = [ 2 ] }\n'
        "# [[g]]\n[[g]]\nh.i = 3\n[[g]]\nh = [\n 1,\n\n 2 ]"
    )
    places: dict[tuple[str | int, ...], int | None] = {
        ("a",): 1,
        ("a", "b"): 2,
        ("c",): 7,
        ("c", "d", "f", 0): 8,
        ("g", 0): 10,
        ("g", 0, "h", "i"): 11,
        ("g", 1): 12,
        ("g", 1, "h", 1): 13,
        ("g", 1, "absent"): 12,
        ("absent", "x"): None,
    }
    assert {path: lines.find(path) for path in places} == places


# --- the example


def keys(model: type[BaseModel], at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        inner = [kind for kind in walk(field.annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if inner:
            yield from keys(inner[0], (*at, name))
        else:
            yield (*at, name)


def walk(annotation: object) -> Iterator[object]:
    yield annotation
    for inner in get_args(annotation):
        yield from walk(inner)


def written_keys(tree: object, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(tree, dict) and not all(name.isdigit() for name in tree):  # a table of numbers is one value
        for name, value in tree.items():
            yield from written_keys(value, (*at, name))
    elif isinstance(tree, list) and tree and isinstance(tree[0], dict):
        for row in tree:
            yield from written_keys(row, at)
    else:
        yield at


def test_the_example_shows_the_defaults() -> None:
    assert load(EXAMPLE, {}).model_dump() == load(None, {}).model_dump()


def test_the_example_uncommented_loads_and_names_every_key() -> None:
    text = re.sub(r"^# (?=\[|\w+ = )", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    config = read(text)
    assert config.telegram
    assert len(config.orders()) == 2
    assert len(config.club_sources()) == 1
    assert set(written_keys(tomllib.loads(text))) == set(keys(Config))


# --- any tree


def toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower() if isinstance(value, bool | float) else str(value)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


KNOWN = sorted({name for path in keys(Config) for name in path})
names = st.sampled_from(KNOWN) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = (
    st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["simulator:x", "http://h", "weekly", "08:00", "Occitanie", "eau", "127.0.0.1:80", "hold", "1"])
    | st.times().map(lambda at: at.replace(tzinfo=None))
    | st.dates()
)
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)


def sections(at: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Trees of known keys with any values: they get past the names."""
    by_section: dict[str, list[str]] = {}
    for path in keys(Config):
        by_section.setdefault(path[0], []).append(path[1])
    inner = {
        name: (tables if name in ("channels", "sources") else trees_of)(st.sampled_from(sorted(set(inner))))
        for name, inner in by_section.items()
    }
    return st.fixed_dictionaries({}, optional=inner)


def trees_of(names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.dictionaries(names, trees, max_size=4)


def tables(names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.lists(trees_of(names), max_size=2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(names, trees, max_size=5) | sections())
def test_any_tree_is_a_configuration_or_located_faults(tree: dict[str, Any]) -> None:
    text = "\n".join(f"{quoted(key)} = {toml(value)}" for key, value in tree.items())
    try:
        config = read(text)
    except ConfigError as error:
        assert error.faults
        assert len(render_faults(error, Texts()).split("\n")) == len(error.faults)
        for fault in error.faults:
            assert fault.file == "c.toml"
            section = re.match(r"\[+([a-z]+)", fault.key)
            if section and section[1] in Config.model_fields and fault.expected != "config-want-key":
                assert fault.line == list(tree).index(section[1]) + 1
    else:
        config.orders()
        config.club_sources()
        assert isinstance(config.database_url, str)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.lists(st.sampled_from([*KNOWN, "x", "", "token_file"]), min_size=1, max_size=3).map("__".join),
        st.text(st.characters(exclude_characters="\0"), max_size=20),
        max_size=5,
    )
)
def test_any_environment_is_a_configuration_or_named_faults(environ: dict[str, str]) -> None:
    variables = {f"ECOHUB_{name.upper()}": value for name, value in environ.items()}
    try:
        load(None, variables)
    except ConfigError as error:
        for fault in error.faults:
            assert fault.variable in variables or not fault.found, "a missing key has no variable of its own"
        assert render_faults(error, Texts()).encode("utf-8")


# --- the chats


@pytest.mark.parametrize(("secret", "fits"), [("une-longue_suite9", True), ("avec espace", False), ("é", False)])
def test_a_webhooks_secret_is_what_telegram_takes(secret: str, fits: bool) -> None:
    text = f'[telegram]\ntoken = "t"\nwebhook_url = "https://hub.exemple.fr/t"\nwebhook_secret = "{secret}"\n'
    if fits:
        assert read(text).telegram
        return
    with pytest.raises(ConfigError) as faults:
        read(text)
    assert "webhook_secret" in str(faults.value)
    assert secret not in str(faults.value)


def test_roles_of_a_server_are_roles_of_the_hub() -> None:
    discord = read('[discord]\ntoken = "t"\nroles = { "123" = "partenaire" }\n').discord
    assert discord
    assert {key: role.word for key, role in discord.roles.items()} == {"123": "partner"}
    for wrong in ('{ "abc" = "partenaire" }', '{ "123" = "roi" }', '["123"]'):
        with pytest.raises(ConfigError):
            read(f'[discord]\ntoken = "t"\nroles = {wrong}\n')
