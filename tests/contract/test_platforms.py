"""What every platform promises, played on each of them through a small stage of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.base import Answer, Malformed, Unreachable
from club.dialogue import Action, Blank, Choice, Form, Kind, Message, Request
from club.markup import as_text, plain, write
from club.people import Place
from tests.kit.discord_stage import DiscordStage
from tests.kit.platforms import ConsoleStage, SimulatorStage, Stage
from tests.kit.telegram_stage import TelegramStage

STAGES = {"console": ConsoleStage, "simulator": SimulatorStage, "telegram": TelegramStage, "discord": DiscordStage}


@pytest.fixture(params=STAGES.values(), ids=STAGES.keys())
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Any]:
    made: Stage = request.param(tmp_path)
    yield made
    await made.close()


def place(stage: Stage, name: str) -> Place:
    return Place(stage.platform.name, stage.ident(name))


def answering(show: Callable[[Request], Message | None]) -> tuple[list[Request], Answer]:
    heard: list[Request] = []

    async def answer(request: Request) -> Message | None:
        heard.append(request)
        return show(request)

    return heard, answer


def echo(request: Request) -> Message:
    return Message(as_text(f"reçu {request.words or request.token}"))


async def test_words_arrive_with_who_spoke_and_where(stage: Stage) -> None:
    heard, answer = answering(echo)
    await stage.open(answer)
    await stage.say("ana", "/aide")
    await stage.until("ana", "reçu /aide")
    await stage.say("mona", "bonjour à tous", "actualites")
    await stage.until("paul", "reçu bonjour à tous", "actualites")
    first, second = heard
    assert (first.person.account, first.person.name) == (str(place(stage, "ana")), "Ana")
    assert (first.place, first.private, first.may_manage) == (place(stage, "ana"), True, False)
    assert (second.place, second.private, second.may_manage) == (place(stage, "actualites"), False, True)
    assert (second.words, second.token, second.ref) == ("bonjour à tous", "", "")
    assert first.update
    assert first.update != second.update
    assert stage.shown("paul") == []


async def test_a_member_may_not_manage_a_channel(stage: Stage) -> None:
    heard, answer = answering(echo)
    await stage.open(answer)
    await stage.say("paul", "/abonner", "actualites")
    await stage.until("paul", "reçu", "actualites")
    assert not heard[0].may_manage


async def test_thirty_actions_are_reachable_and_their_tokens_come_back_verbatim(stage: Stage) -> None:
    heard, answer = answering(echo)
    await stage.open(answer)
    tokens = {f"Choix {n:02}": f"~{n}|é&=?%00<\"'>" for n in range(30)}
    actions = tuple(Action(label, "choose", {"n": label}, token) for label, token in tokens.items())
    ref = await stage.platform.send(place(stage, "ana"), Message(as_text("Choisissez"), actions), "choice")
    await stage.until("ana", "Choix 29")
    for label, token in tokens.items():
        await stage.press("ana", label)
        await stage.until("ana", f"reçu {token}")
    assert [request.token for request in heard] == list(tokens.values())
    assert {request.ref for request in heard} == {ref}
    assert {request.words for request in heard} == {""}


async def test_a_long_text_survives_both_ways(stage: Stage) -> None:
    heard, answer = answering(lambda request: Message(as_text(f"{request.words} " * 3 + "fin")))
    await stage.open(answer)
    words = ("é🌿ab cd " * 500).strip()
    await stage.say("ana", words)
    await stage.until("ana", " fin")
    assert heard[0].words == words
    assert stage.shown("ana") == [f"{words} {words} {words} fin"]


@pytest.mark.parametrize(
    "title",
    [
        "*gras* _trait_ `code` ~barré~ [lien](https://exemple.fr)",
        "<script>alert(1)</script> &lt;b&gt; {{ 7 * 7 }} { $name }",
        "@everyone @here <@123> #actualites",
        "שלום \u202etxet\u202c عربى",
        "👩‍👩‍👧 É\u0301co 🇫🇷",
        "[#actualites · 1] 1. Valider",
    ],
)
async def test_what_people_wrote_is_shown_literally(stage: Stage, title: str) -> None:
    _, answer = answering(echo)
    await stage.open(answer)
    message = Message(write("*Titre* : \ue0000\ue001", (title,)), (Action(title, "x", token="t"),))
    await stage.platform.send(place(stage, "actualites"), message, "k")
    await stage.until("ana", "Titre", "actualites")
    [shown] = stage.shown("ana", "actualites")
    assert plain(message.lines) in shown
    assert shown.count(title) == 2


async def test_the_same_key_is_shown_once(stage: Stage) -> None:
    _, answer = answering(echo)
    await stage.open(answer)
    letter = Message(as_text("La lettre"))
    sent: list[Awaitable[str]] = [stage.platform.send(place(stage, "actualites"), letter, "letter-1") for _ in range(5)]
    refs = await asyncio.gather(*sent)
    other = await stage.platform.send(place(stage, "actualites"), letter, "letter-2")
    await stage.platform.send(place(stage, "actualites"), Message(as_text("après")), "letter-3")
    await stage.until("ana", "après", "actualites")
    assert stage.shown("ana", "actualites") == ["La lettre", "La lettre", "après"]
    assert len(set(refs)) == 1
    assert other != refs[0]


async def test_an_edit_replaces(stage: Stage) -> None:
    heard, answer = answering(echo)
    await stage.open(answer)
    before = Message(as_text("avant"), (Action("Ancien", "x", token="old"),))
    ref = await stage.platform.send(place(stage, "ana"), before, "k")
    await stage.until("ana", "avant")
    after = Message(as_text("après"), (Action("Nouveau", "x", token="new"),))
    await stage.platform.edit(place(stage, "ana"), ref, after)
    await stage.until("ana", "après")
    assert not any("avant" in shown for shown in stage.shown("ana"))
    await stage.press("ana", "Nouveau")
    await stage.until("ana", "reçu new")
    assert heard[0].ref == ref


@pytest.mark.parametrize("ref", ["", "0", "999", "-1", "²", "1.5", "9" * 40, "x"])
async def test_editing_what_is_not_there_is_refused(stage: Stage, ref: str) -> None:
    _, answer = answering(echo)
    await stage.open(answer)
    own = await stage.platform.send(place(stage, "ana"), Message(as_text("à moi")), "k")
    with pytest.raises(Malformed):
        await stage.platform.edit(place(stage, "ana"), ref, Message(as_text("faux")))
    with pytest.raises(Malformed):
        await stage.platform.edit(place(stage, "actualites"), own, Message(as_text("faux")))


async def test_an_answer_in_place_replaces_what_was_pressed(stage: Stage) -> None:
    _, answer = answering(lambda _: Message(as_text("Publié."), in_place=True))
    await stage.open(answer)
    card = Message(as_text("À relire"), (Action("Publier", "x", token="t"),))
    await stage.platform.send(place(stage, "moderation"), card, "card")
    await stage.until("mona", "À relire", "moderation")
    await stage.press("mona", "Publier", "moderation")
    await stage.until("ana", "Publié.", "moderation")
    assert stage.shown("ana", "moderation") == ["Publié."]


async def test_a_private_answer_is_for_one_pair_of_eyes(stage: Stage) -> None:
    def show(request: Request) -> Message:
        return Message(
            as_text(f"pour vous {request.words or request.token}"), (Action("Partager", "x", token="t7"),), private=True
        )

    heard, answer = answering(show)
    await stage.open(answer)
    await stage.say("ana", "une question", "actualites")
    await stage.until("ana", "pour vous une question", "actualites")
    await stage.platform.send(place(stage, "actualites"), Message(as_text("à tous")), "k")
    await stage.until("paul", "à tous", "actualites")
    assert stage.shown("paul", "actualites") == ["à tous"]
    await stage.press("ana", "Partager", "actualites")
    await stage.until("ana", "pour vous t7", "actualites")
    assert (heard[1].token, heard[1].place) == ("t7", place(stage, "actualites"))


async def test_a_private_answer_never_replaces_what_everyone_sees(stage: Stage) -> None:
    _, answer = answering(lambda _: Message(as_text("secret"), private=True, in_place=True))
    await stage.open(answer)
    await stage.platform.send(
        place(stage, "actualites"), Message(as_text("à tous"), (Action("Voir", "x", token="t"),)), "k"
    )
    await stage.until("ana", "à tous", "actualites")
    await stage.press("ana", "Voir", "actualites")
    await stage.until("ana", "secret", "actualites")
    await stage.platform.send(place(stage, "actualites"), Message(as_text("fin")), "end")
    await stage.until("paul", "fin", "actualites")
    assert [text.split("\n")[0] for text in stage.shown("paul", "actualites")] == ["à tous", "fin"]


async def test_no_answer_shows_nothing(stage: Stage) -> None:
    _, answer = answering(lambda request: None if request.words == "rien" else echo(request))
    await stage.open(answer)
    await stage.say("ana", "rien")
    await stage.say("ana", "puis")
    await stage.until("ana", "reçu puis")
    assert stage.shown("ana") == ["reçu puis"]


async def test_a_fault_of_the_hub_is_a_sentence_and_not_the_end(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def show(request: Request) -> Message:
        if request.words == "boum":
            raise ZeroDivisionError("secret detail")
        return echo(request)

    _, answer = answering(show)
    await stage.open(answer)
    await stage.say("ana", "boum", "actualites")
    await stage.until("ana", "incident", "actualites")
    await stage.say("ana", "encore")
    await stage.until("ana", "reçu encore")
    [told] = stage.shown("ana", "actualites")
    assert "Traceback" not in told
    assert "secret" not in told
    reference = re.search(r"[0-9a-f]{6}", told)
    assert reference
    assert any(getattr(record, "reference", "") == reference[0] and record.exc_info for record in caplog.records)
    assert stage.shown("paul", "actualites") == []


async def test_an_unknown_place_is_unreachable(stage: Stage) -> None:
    _, answer = answering(echo)
    await stage.open(answer)
    with pytest.raises(Unreachable) as gone:
        await stage.platform.send(place(stage, "personne"), Message(as_text("x")), "k")
    assert gone.value.why == "unreachable-gone"


async def test_boxes_are_shown_ticked_or_not(stage: Stage) -> None:
    _, answer = answering(echo)
    await stage.open(answer)
    boxes = tuple(
        Action(label, "tick", {"c": label}, label, chosen=label == "Corse") for label in ("Corse", "Bretagne")
    )
    message = Message(as_text("Régions"), (*boxes, Action("Valider", "send", token="v")))
    assert [message.is_box(action) for action in message.actions] == [True, True, False]
    await stage.platform.send(place(stage, "ana"), message, "k")
    await stage.until("ana", "Valider")
    await stage.press("ana", "Bretagne")
    await stage.until("ana", "reçu Bretagne")


async def test_a_form_comes_back_with_its_token_and_values(tmp_path: Path) -> None:
    blanks = (
        Blank("title", Kind.LINE, "Titre"),
        Blank("topics", Kind.CHOICES, "Thèmes", choices=(Choice("1", "Eau"), Choice("2", "Sols"))),
        Blank("photo", Kind.FILE, "Photo", required=False),
    )
    form = Form("Votre récit", blanks, "Déposer", Action("Déposer", "tell", token="form-token"))
    heard, answer = answering(lambda r: echo(r) if r.token else Message(as_text("Titre ?"), form=form))
    stage = SimulatorStage(tmp_path)
    await stage.open(answer)
    await stage.say("ana", "/experience")
    await stage.until("ana", "Titre ?")
    await stage.fill("ana", {"title": "Îlot <b>frais</b>", "topics": "1,2"})
    await stage.until("ana", "reçu form-token")
    assert heard[1].values == {"title": "Îlot <b>frais</b>", "topics": "1,2"}
    assert heard[1].ref
    await stage.close()


@pytest.mark.parametrize("where", ["", "actualites"])
async def test_an_answer_is_replaced_by_what_was_being_looked_for(stage: Stage, where: str) -> None:
    shown: asyncio.Future[tuple[Place, str]] = asyncio.get_running_loop().create_future()

    async def note(place: Place, ref: str) -> None:
        shown.set_result((place, ref))

    def show(request: Request) -> Message:
        if request.token:
            return Message(as_text("C’est gardé."), in_place=True, private=bool(where))
        return Message(as_text("Je lis la page…"), private=bool(where), shown=note)

    heard, answer = answering(show)
    await stage.open(answer)
    await stage.say("ana", "/aide", where)
    seen_at, ref = await shown
    found = Message(as_text("Trouvé."), (Action("Garder", "x", token="t9"),), private=bool(where))
    await stage.platform.edit(seen_at, ref, found)
    here = "" if stage.platform.name == "telegram" else where  # a group's private answers are shown in private
    await stage.until("ana", "Trouvé.", here)
    assert not any("Je lis" in one for one in stage.shown("ana", here))
    assert not any("Trouvé" in one for one in stage.shown("paul", where)) or not where
    await stage.press("ana", "Garder", here)
    await stage.until("ana", "C’est gardé.", here)
    assert heard[-1].place == seen_at
