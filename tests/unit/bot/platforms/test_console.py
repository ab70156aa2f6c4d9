from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.console.network import Console
from club.dialogue import Action, Attachment, Message, Request
from club.markup import as_text, write
from club.people import Place, Resident, Role
from club.texts import Texts

PEOPLE = (Resident("ana", "Ana"), Resident("mona", "Mona", Role.MODERATOR))
CHANNELS = ((Place("console", "actualites"), "actualités"),)


class Terminal:
    """A keyboard, a screen, and a hub that answers with what it heard."""

    def __init__(self) -> None:
        self.keys = asyncio.StreamReader(limit=1000)
        self.screen = io.StringIO()
        self.ended = asyncio.Event()
        self.console = Console(PEOPLE, CHANNELS, Texts(), self.keys, self.screen, on_end=self.ended.set)
        self.heard: list[Request] = []
        self.answer = Message(as_text("vu"))

    async def hear(self, request: Request) -> Message:
        self.heard.append(request)
        return self.answer

    async def start(self) -> None:
        await self.console.start((), self.hear)

    async def types(self, *lines: str) -> str:
        """What the screen shows once these lines are dealt with and the input has ended."""
        self.keys.feed_data("".join(f"{line}\n" for line in lines).encode())
        self.keys.feed_eof()
        await self.ended.wait()
        return self.screen.getvalue()


@pytest.fixture
async def terminal() -> AsyncIterator[Terminal]:
    made = Terminal()
    await made.start()
    yield made
    await made.console.stop()


async def test_one_becomes_another_person_by_id_or_name(terminal: Terminal) -> None:
    shown = await terminal.types("un", ":qui mona", "deux", ":qui ANA", "trois")
    assert [request.person.id for request in terminal.heard] == ["ana", "mona", "ana"]
    assert "Vous êtes Mona, en privé avec le Club." in shown
    assert "Mona > deux" in shown


async def test_one_goes_to_a_channel_and_back(terminal: Terminal) -> None:
    shown = await terminal.types(":qui mona", ":dans #actualites", "un", ":dans privé", "deux")
    assert [(request.place.id, request.private, request.may_manage) for request in terminal.heard] == [
        ("actualites", False, True),
        ("mona", True, False),
    ]
    assert "Mona #actualites > un" in shown


async def test_nobody_enters_the_private_talk_of_another(terminal: Terminal) -> None:
    shown = await terminal.types(":dans mona", "un")
    assert terminal.heard[0].place.id == "ana"
    assert "Je ne connais pas le lieu « mona »" in shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":qui zoé", "Je ne connais pas « zoé » ici. Personnes : ana, mona."),
        (":qui", "Personnes : ana, mona."),
        (":dans nulle part", "Lieux : privé, actualites."),
        (":partir", "Je ne connais pas « :partir »."),
    ],
)
async def test_what_is_unknown_is_said(terminal: Terminal, line: str, said: str) -> None:
    assert said in await terminal.types(line)
    assert terminal.heard == []


async def test_quitting_stops_listening_at_once(terminal: Terminal) -> None:
    await terminal.types("un", ":quitter", "deux")
    assert [request.words for request in terminal.heard] == ["un"]


async def test_empty_lines_say_nothing(terminal: Terminal) -> None:
    await terminal.types("", "   ", "un")
    assert [request.words for request in terminal.heard] == ["un"]


async def test_a_line_too_long_is_refused_and_the_next_one_heard(terminal: Terminal) -> None:
    terminal.keys.feed_data(b"a" * 5000 + b"\n")
    shown = await terminal.types("un")
    assert "Cette ligne est trop longue" in shown
    assert terminal.heard[-1].words == "un"


async def test_a_number_that_nothing_bears_is_words(terminal: Terminal) -> None:
    terminal.answer = Message(as_text("?"), (Action("Oui", "x", token="yes"), Action("Non", "x", token="no")))
    await terminal.types("début", "2", "3", "0", "²", "01", "12345")
    assert [(request.words, request.token) for request in terminal.heard] == [
        ("début", ""),
        ("", "no"),
        ("3", ""),
        ("0", ""),
        ("²", ""),
        ("", "yes"),
        ("12345", ""),
    ]


async def test_the_private_actions_of_another_cannot_be_pressed(terminal: Terminal) -> None:
    terminal.answer = Message(as_text("pour vous"), (Action("Oui", "x", token="yes"),), private=True)
    shown = await terminal.types(":dans actualites", "un", ":qui mona", ":dans actualites", "1")
    assert (terminal.heard[1].words, terminal.heard[1].token) == ("1", "")
    assert "[#actualites · pour Ana seulement · 1]" in shown


async def test_every_saying_has_an_id_of_its_own_also_after_a_restart(terminal: Terminal) -> None:
    await terminal.types("un", "un")
    again = Terminal()
    await again.start()
    await again.types("un")
    await again.console.stop()
    assert len({request.update for request in terminal.heard + again.heard}) == 3


async def test_text_moves_neither_the_cursor_nor_the_margin(terminal: Terminal) -> None:
    message = Message(as_text("\x1b[2J\x07\x9b31m\ttitre\r\n[#actualites · 1]\nfin"))
    await terminal.console.send(Place("console", "ana"), message, "k")
    shown = await terminal.types("\x1b]0;pris\x07")
    assert not {"\x1b", "\x07", "\x9b", "\r", "\t"} & set(shown)
    assert "\n[#actualites · 1]" not in shown
    assert "\n  [#actualites · 1]\n  fin\n" in shown


async def test_a_letter_that_arrives_while_one_types_gives_the_prompt_again(terminal: Terminal) -> None:
    await asyncio.sleep(0)
    assert terminal.screen.getvalue().endswith("\nAna > ")
    await terminal.console.send(CHANNELS[0][0], Message(write("*La lettre* · [lire](https://exemple.fr/a)")), "k")
    shown = terminal.screen.getvalue()
    assert "Ana > \n[#actualites · 1]\n" in shown
    assert "  La lettre · lire (https://exemple.fr/a)\n" in shown
    assert shown.endswith("Ana > ")


async def test_an_edit_is_printed_under_the_same_number(terminal: Terminal) -> None:
    ref = await terminal.console.send(CHANNELS[0][0], Message(as_text("avant")), "k")
    await terminal.console.edit(CHANNELS[0][0], ref, Message(as_text("après")))
    assert f"[#actualites · {ref} · modifié]\n  après\n" in terminal.screen.getvalue()


async def test_stopping_lets_an_answer_on_its_way_be_shown() -> None:
    terminal = Terminal()
    asked, go = asyncio.Event(), asyncio.Event()

    async def answer(_: Request) -> Message:
        asked.set()
        await go.wait()
        return Message(as_text("enfin"))

    await terminal.console.start((), answer)
    terminal.keys.feed_data(b"un\n")
    await asked.wait()
    stopping = asyncio.create_task(terminal.console.stop())
    go.set()
    await stopping
    assert "  enfin\n" in terminal.screen.getvalue()


TALK = """
import asyncio
from bot.platforms.console.network import Console
from club.dialogue import Message
from club.markup import as_text
from club.people import Resident
from club.texts import Texts

async def main():
    ended = asyncio.Event()
    console = Console([Resident("ana", "Ana")], [], Texts(), on_end=ended.set)
    async def answer(request):
        return Message(as_text("vu " + request.words))
    await console.start((), answer)
    await ended.wait()
    await console.stop()

asyncio.run(main())
"""


@pytest.mark.parametrize("end", [":quitter\n", ""])
def test_it_talks_over_a_pipe_and_ends_with_it(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", TALK], input=f"bonjour\n{end}".encode(), capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "[Ana · 1]\n  vu bonjour\n" in done.stdout.decode()


LIST = Attachment("inscrits.csv", "text/csv", b"nom\nAna\n")
CHART = Attachment("mois.png", "image/png", b"\x89PNG", "Douze inscrites en mars,\nhuit en avril")


async def test_what_a_message_carries_is_put_down_for_its_owner_alone(tmp_path: Path) -> None:
    screen = io.StringIO()
    console = Console(PEOPLE, CHANNELS, Texts(), asyncio.StreamReader(), screen, tmp_path / "made" / "files")
    for key in ("a", "b"):
        await console.send(Place("console", "ana"), Message(as_text("Voici"), attachments=(LIST, CHART)), key)
    files = sorted(one for one in (tmp_path / "made").rglob("*") if one.is_file())
    assert sorted((one.name, one.read_bytes(), one.stat().st_mode & 0o777) for one in files) == [
        ("inscrits.csv", LIST.data, 0o600),
        ("mois.png", CHART.data, 0o600),
    ]
    shown = screen.getvalue()
    assert all(f"à ouvrir dans {one}" in shown for one in files)
    assert "  Pièce jointe : inscrits.csv (1 ko)" in shown
    assert "  En mots : Douze inscrites en mars, huit en avril" in shown


@pytest.mark.parametrize("folder", [None, "taken"])
async def test_what_cannot_be_put_down_is_told(folder: str | None, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    screen = io.StringIO()
    console = Console(PEOPLE, CHANNELS, Texts(), asyncio.StreamReader(), screen, folder and tmp_path / folder)
    await console.send(Place("console", "ana"), Message(as_text("Voici"), attachments=(LIST,)), "a")
    assert "Voici\n  Pièce jointe : inscrits.csv (1 ko), qui n’a pas pu être écrite" in screen.getvalue()
