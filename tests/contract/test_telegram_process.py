"""The program itself against a Telegram of ours over HTTP: what people do, and what Telegram does to us."""

from __future__ import annotations

import asyncio
import itertools
import re
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from club.dialogue import Action, Letter, Message
from club.markup import write
from club.people import Place
from storage.store import Store
from tests.fakes.telegram import TOKEN, No, Telegram
from tests.fakes.telegram_http import serve
from tests.kit.program import Program, free_port, plain_blanks
from tests.kit.tabs import Tab, texts

ANA, PAUL, ZOE = 1001, 1002, 1003
CLUB, NEWS = -1001000000001, -1002000000002


@dataclass
class Town:
    """The network, and the program that is told to use it."""

    network: Telegram
    program: Program
    stack: AsyncExitStack
    api: str
    err: str = ""

    def configure(self, more: str = "", token: str = TOKEN) -> None:
        self.program.configure(f'[telegram]\ntoken = "{token}"\napi_url = "{self.api}"\n{more}')

    async def until(self, holds: Callable[[], Any]) -> Any:
        async with asyncio.timeout(30):
            while not (found := holds()):
                self.network.seen.clear()
                await self.network.seen.wait()
        return found

    async def said(self, chat: int, words: str) -> str:
        """The last message there that holds these words, once there is one."""
        found = await self.until(lambda: [text for text in self.network.texts(chat) if words in text])
        return str(found[-1])

    def has(self, person: int, label: str) -> bool:
        """Whether such a button can be pressed."""
        shown = [one for message in self.network.messages[person].values() for one in self.network.labels(message)]
        return any(one in (label, f"☐ {label}", f"☑ {label}") for one in shown)

    async def letter(self, key: str, place: int | str, words: str, rest: str = "") -> None:
        """Another program puts a letter into the outbox, perhaps with a button that leads to the rest of it."""
        now = datetime.now(UTC)
        store = await Store.open(f"sqlite+aiosqlite:///{self.program.database}")
        async with store.begin() as tx:
            message = Message(write(words))
            if rest:
                body = await tx.outbox.write("rest", key, Message(write(rest)), now)
                message = message.offering(Action("La suite", "digest.rest", {"b": str(body)}))
            await tx.outbox.put(Letter(key, Place.parse(f"telegram:{place}"), message, now), now)
        await store.close()

    async def dialogue(self, person: int, *turns: tuple[str, str]) -> None:
        """Words or `[a button]`, and what must be shown next."""
        for words, shown in turns:
            if press := re.fullmatch(r"\[(.+)\]", words):
                label = press[1]
                await self.until(lambda label=label: self.has(person, label))
                self.network.press(person, label)
            else:
                self.network.say(person, words)
            await self.said(person, shown)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    network = Telegram()
    for ident, name in ((ANA, "Ana"), (PAUL, "Paul")):
        network.user(ident, name)
    network.user(ZOE, "Zoé", started=False)
    club = network.group(CLUB, "Club", forum=True)
    club.topics = {7: True}
    club.members |= {ANA: "administrator", PAUL: "member", ZOE: "member"}
    network.group(NEWS, "Actualités", kind="channel").members[ANA] = "creator"
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(serve(network))
        found = Town(network, Program(tmp_path), stack, api)
        found.configure()
        yield found
    assert not network.faults


async def test_every_command_and_its_buttons_in_private(town: Town) -> None:
    async with town.program.running() as (_, ready):
        assert ready.startswith("prêt · Telegram · ")
        await town.dialogue(
            ANA,
            ("/abonner", "il faut être un·e membre"),
            ("/start", "Bonjour Ana"),
            ("[M’abonner]", "Étape 1/3"),
            ("[Passer]", "Étape 2/3"),
            ("Occitanie", "Étape 3/3"),
            ("[Retour]", "Réponse gardée : Occitanie"),
            ("[▶]", "Étape 2/3"),
            ("[Bretagne]", "Étape 3/3"),
            ("[chaque jour à 8 h]", "Vérifiez avant de valider"),
            ("[Valider]", "C’est noté"),
            ("/abonnements", "Votre abonnement"),
            ("[Pause 1]", "En pause"),
            ("[Reprendre]", "C’est reparti"),
            ("/digest_apercu", "lettre"),
            ("/digest", "Que voulez-vous faire"),
            ("/digest maintenant", "Rien de nouveau"),
            ("/ici", f"telegram:{ANA}"),
            ("/aide@club_bot", "Que puis-je faire"),
            ("/desabonner 1", "C’est arrêté"),
            ("/abonnner", "Vouliez-vous dire /abonner"),
            ("/aide", "Trop de demandes"),
        )
    edits = town.network.called("editMessageText")
    assert len(edits) >= 6  # a form goes on in one message
    assert len(town.network.answered) == town.network._next_query - 1


async def test_pages_of_a_long_list_are_turned_after_a_restart(town: Town) -> None:
    def keys() -> list[str]:
        return town.network.labels(list(town.network.messages[ANA].values())[-1])

    async with town.program.running():
        await town.dialogue(ANA, ("/start", "Bonjour"), ("/abonner", "Étape 1/3"), ("[Passer]", "Étape 2/3"))
        assert "1/3" in keys()
    async with town.program.running():
        town.network.press(ANA, "▶")
        await town.until(lambda: "2/3" in keys())
        town.network.press(ANA, "▶")
        await town.until(lambda: "3/3" in keys())
        chosen = keys()[0]
        await town.dialogue(ANA, (f"[{chosen}]", "Étape 3/3"), ("[Annuler]", "Annulé"))


async def test_a_form_goes_on_after_a_kill(town: Town) -> None:
    async with town.program.running() as (process, _):
        await town.dialogue(ANA, ("/start", "Bonjour"), ("/abonner", "Étape 1/3"), ("[Passer]", "Étape 2/3"))
        process.kill()
        await process.wait()
    town.network.say(ANA, "Bretagne")  # while nobody listens
    async with town.program.running():
        await town.said(ANA, "Étape 3/3")
        await town.dialogue(ANA, ("[Passer]", "Région : Bretagne"), ("[Valider]", "C’est noté"))


async def test_a_group_is_told_nothing_that_is_for_one_person(town: Town) -> None:
    async with town.program.running():
        await town.dialogue(ANA, ("/start", "Bonjour"))
        town.network.say(ANA, "/abonner@club_bot", CLUB, thread=7)
        await town.said(ANA, "Pour « Club »\nÉtape 1/3")
        await town.dialogue(
            ANA,
            ("[Passer]", "Étape 2/3"),
            ("Bretagne", "Étape 3/3"),  # typed in private, for the group
            ("[chaque jour à 8 h]", "Vérifiez"),
            ("[Valider]", "C’est noté pour ce canal"),
            ("/abonnements", "Vous ne recevez encore rien"),
        )
        assert town.network.texts(CLUB) == []
        town.network.say(ANA, "/abonnements", CLUB, thread=7)
        await town.said(ANA, "L’abonnement de ce canal")
        town.network.say(ZOE, "/aide", CLUB)
        await town.said(CLUB, "Je réponds en privé")
        [led] = town.network.messages[CLUB].values()
        assert led["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/club_bot?start=club"
        town.network.say(ZOE, "/start club")
        await town.said(ZOE, "Bonjour Zoé")
        town.network.say(PAUL, "/start")
        await town.said(PAUL, "Bonjour Paul")
        town.network.say(PAUL, "/abonner", CLUB)
        await town.said(PAUL, "seule une personne qui le gère")


async def test_a_second_poller_is_said_and_outlived(town: Town) -> None:
    process = await town.program.start("run")
    assert process.stdout
    assert process.stderr
    assert b"Telegram" in await process.stdout.readline()
    town.network.fails(No(409, "Conflict: terminated by other getUpdates request"), times=2, method="getUpdates")
    town.network.say(ANA, "/start")
    await town.said(ANA, "Bonjour")
    town.network.say(ANA, "/aide")
    await town.said(ANA, "Que puis-je faire")
    process.send_signal(signal.SIGTERM)
    _, err = await process.communicate()
    assert b"network closed platform=telegram why=network-twice" in err
    assert process.returncode == 0
    assert TOKEN.encode() not in err


async def test_a_network_that_closes_is_said_elsewhere_until_it_is_back(town: Town) -> None:
    network, port = town.network, free_port()
    town.configure(f"[simulator]\nenabled = true\nport = {port}\n")
    home = f"http://127.0.0.1:{port}"
    async with town.program.running(), aiohttp.ClientSession(headers={"Origin": home}) as web:
        tab = Tab(web, home, await web.ws_connect(f"{home}/live"))
        await tab.look("ana")

        async def state(number: int) -> str:
            await tab.say(f"update-{number:04}", words="/etat")
            news = await tab.until(lambda news: any(text.startswith("État du hub") for text in texts(news["posts"])))
            return plain_blanks("".join(texts(news["posts"])))

        assert "Telegram : ouvert" in await state(0)
        network.fails(No(401, "Unauthorized"), times=1000, method="getUpdates")
        network.say(ANA, "/aide")
        asked = itertools.count(1)
        while "Telegram : ouvert" in (said := await state(next(asked))):
            pass
        assert "Telegram : fermé, le jeton est refusé ; les lettres qui l’attendent partiront à son retour" in said


async def test_a_bad_token_is_said_and_tried_again_while_the_rest_works(town: Town) -> None:
    town.configure(token=TOKEN[:-1] + "x")
    checked = await town.program("check")
    assert checked.code == 1
    assert "✗ Telegram : le jeton est refusé" in checked.out
    process = await town.program.start("run")
    assert process.stdout
    assert "Telegram fermé (le jeton est refusé), nouvel essai bientôt" in (await process.stdout.readline()).decode()
    process.terminate()
    _, err = await process.communicate()
    assert b"network not open platform=telegram why=network-token-refused" in err
    assert TOKEN[:-1].encode() not in err
    assert process.returncode == 0


async def test_letters_wait_go_on_follow_and_stop(town: Town) -> None:
    """429, a cut in the middle of a long letter, a refused drawing, a group that moved, a person who blocked us."""
    network = town.network
    network.group(-55, "Petit", kind="group")
    async with town.program.running():
        await town.dialogue(ANA, ("/start", "Bonjour"), ("/abonner Bretagne", "Étape 1/2"))
        await town.dialogue(ANA, ("[Passer]", "Étape 2/2"), ("[Passer]", "Vérifiez"), ("[Valider]", "C’est noté"))

        network.refuses(1)
        await town.letter("429", NEWS, "après le silence")
        await town.said(NEWS, "après le silence")

        long = "\n".join(f"ligne {n} " + "x" * 90 for n in range(100))
        network.drops_the_answer(method="sendMessage")
        await town.letter("long", f"{CLUB}:7", long)
        await town.said(CLUB, "ligne 99 ")
        lines = [line for text in network.texts(CLUB) for line in text.split("\n")]
        first = len(network.texts(CLUB)[0].split("\n"))
        assert lines == long.split("\n")[:first] + long.split("\n")  # the part whose answer was lost, twice at most
        assert {message["message_thread_id"] for message in network.messages[CLUB].values()} == {7}

        network.fails(No(400, "Bad Request: can't parse entities: unsupported"))
        await town.letter("plain", NEWS, "*Gras* et [lien](https://exemple.fr/)")
        await town.said(NEWS, "Gras et lien (https://exemple.fr/)")

        network.migrate(-55, -1005, tell=False)
        await town.letter("moved", -55, "vous nous suivez")
        await town.said(-1005, "vous nous suivez")

        network.blocked.add(ANA)
        await town.letter("blocked", ANA, "perdu")
        await town.letter("after", NEWS, "pour finir")
        await town.said(NEWS, "pour finir")
        await town.dialogue(ANA, ("/abonnements", "arrêté : je ne peux plus écrire ici"), ("/start", "Bonjour Ana"))
        await town.dialogue(ANA, ("/abonnements", "prochaine lettre"))
    assert "perdu" not in str(network.texts(ANA))


async def test_the_rest_of_a_channels_letter_is_for_whoever_presses(town: Town) -> None:
    network = town.network
    async with town.program.running():
        await town.letter("rest", NEWS, "La lettre", rest="La *suite* " + "x" * 200)
        await town.said(NEWS, "La lettre")
        network.press(ZOE, "La suite", NEWS)
        [(who, told, link)] = await town.until(lambda: network.alerts)
        assert (who, told) == (ZOE, "")
        parameter = link.removeprefix("https://t.me/club_bot?start=")
        assert re.fullmatch(r"[\w-]{1,64}", parameter)
        network.say(ZOE, f"/start {parameter}")
        await town.said(ZOE, "Bonjour Zoé")
        await town.said(ZOE, "Pour « Actualités »\nLa suite xxx")
        network.press(ZOE, "La suite", NEWS)
        await town.until(lambda: len([text for text in network.texts(ZOE) if "La suite" in text]) == 2)
        assert len(network.texts(NEWS)) == 1


async def test_a_configured_group_stays_followed_and_check_says_what_to_write(town: Town) -> None:
    network = town.network
    network.group(-55, "Petit", kind="group").members[ANA] = "administrator"
    town.configure('[[channels]]\nname = "Petit"\nplace = "telegram:-55"\n')
    async with town.program.running():
        network.migrate(-55, -1005)
        await town.until(lambda: not network.updates)
    async with town.program.running():
        network.say(ANA, "/start")
        await town.said(ANA, "Bonjour")
        network.say(ANA, "/abonnements", -1005)
        await town.said(ANA, "L’abonnement de ce canal")
    done = await town.program("check")
    assert "! « Petit » : ce groupe a un nouvel identifiant, je le suis." in done.out
    assert 'remplacez "telegram:-55" par "telegram:-1005"' in done.out
    assert "✓ Telegram, Petit : je peux y écrire" in done.out
    assert done.code == 0


async def test_a_bot_that_is_put_out_pauses_at_once_and_goes_on_when_it_is_back(town: Town) -> None:
    network = town.network
    town.configure(f'[[channels]]\nname = "Actus"\nplace = "telegram:{NEWS}"\n')
    async with town.program.running():
        network.makes_bot("kicked", NEWS, ANA)
        await town.until(lambda: not network.updates)
        done = await town.program("check")
        assert "! Canal « Actus » : en pause, je n’ai pas pu y écrire." in done.out
        assert "✗ Telegram, Actus : @club_bot n’en est pas membre" in done.out
        assert "✓ Canaux : 0" in done.out
        assert done.code == 1
        network.makes_bot("administrator", NEWS, ANA)
        await town.until(lambda: not network.updates)
        done = await town.program("check")
        assert "en pause" not in done.out
        assert "✓ Telegram, Actus : je peux y écrire" in done.out
    assert {call["chat_id"] for call in network.called("sendMessage")} == {ANA}  # who added it is told the id


async def test_a_button_works_in_a_topic_that_telegram_no_longer_names(town: Town) -> None:
    network = town.network
    network.started.add(ZOE)
    async with town.program.running():
        await town.letter("rest", f"{CLUB}:7", "La lettre", rest="La *suite* " + "x" * 200)
        await town.said(CLUB, "La lettre")
        [(ident, message)] = network.messages[CLUB].items()
        [[key]] = message["reply_markup"]["inline_keyboard"]
        network.send_press(ZOE, network.forgotten(CLUB, ident), key["callback_data"])
        await town.said(ZOE, "Pour « Club »\nLa suite xxx")
        network.send_press(ZOE, network.forgotten(NEWS, ident), key["callback_data"])
        await town.until(lambda: network.alerts)
        assert "R-101" in network.alerts[0][1]  # and in no other chat


async def test_check_names_what_is_missing_and_the_click_that_grants_it(town: Town) -> None:
    network = town.network
    network.chats[NEWS].bot_may_post = False
    network.group(-1003, "Muet").may_send = False
    network.group(-1004, "Parti").members.clear()
    network.group(-1006, "Sorti", kind="channel").members.clear()
    network.chats[CLUB].topics[9] = False
    network.group(-55, "Petit", kind="group")
    network.migrate(-55, -1005, tell=False)
    places = {
        "Actus": NEWS,
        "Club": CLUB,
        "Sujet": f"{CLUB}:7",
        "Perdu": f"{CLUB}:8",
        "Clos": f"{CLUB}:9",
        "Sorti": -1006,
        "Muet": -1003,
        "Parti": -1004,
        "Petit": -55,
        "Rien": -99,
    }
    rows = "".join(f'[[channels]]\nname = "{name}"\nplace = "telegram:{place}"\n' for name, place in places.items())
    town.configure(rows)
    done = await town.program("check")
    lines = [line for line in done.out.splitlines() if "Telegram" in line]
    for expected in (
        "✓ Telegram : le robot @club_bot répond",
        "✗ Telegram, Actus : il manque le droit « Publier des messages ». Dans Telegram : ouvrez le canal",
        "✓ Telegram, Club : je peux y écrire",
        "✓ Telegram, Sujet : je peux y écrire",
        "✗ Telegram, Perdu : le sujet 8 n’existe plus",
        "✗ Telegram, Clos : le sujet 9 est fermé",
        "✗ Telegram, Sorti : @club_bot n’en est pas membre. Dans Telegram : ouvrez le canal",
        "✗ Telegram, Muet : il manque le droit « Envoyer des messages »",
        "✗ Telegram, Parti : @club_bot n’en est pas membre",
        'place = "telegram:-1005"',
        "✗ Telegram, Rien : le robot ne connaît pas le lieu telegram:-99",
    ):
        assert any(expected in line for line in lines), (expected, lines)
    assert done.code == 1
    assert not network.called("sendMessage")
