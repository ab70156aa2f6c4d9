"""The router when it is used wrongly: rights, channels, forged and repeated presses, broken handlers, nasty text."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.feature import Feature, Route, Settings
from bot.talk.incoming import HEARS
from bot.talk.router import Router
from bot.talk.seal import Seal
from club.dialogue import Action, Field, Kind, Message
from club.people import Place, Role
from club.texts import Texts
from storage.store import Store
from tests.kit.party import KEY, Party, give, to_the_preview
from tests.kit.stage import patient, text

# What anybody may write: empty, endless, right to left, marks, stand-ins, what no database takes.
NASTY = (
    "\x00",
    "\u200b\u2060",
    "\ud800",
    "a" * 10_000,
    "\u202eétirw",
    "שלום עולם",
    "👩‍👩‍👧 🇫🇷",
    "*gras* [lien](http://evil) **",
    "\ue0000\ue001",
    "{ $name } {0} %s",
    "'; DROP TABLE draft; --",
    "a\nb\r\nc\u2028d",
    "<b>&amp;</b>",
    ",,,",
    "é" * 64,
    "-1",
    "1" * 5_000,
)


# Rights.


async def test_roles_are_needed_and_said(party: Party) -> None:
    before = await party.tables("person", "account")
    refused = text(await party.say("/gouter", "zoe"))
    assert "il faut être un·e membre du Club" in refused
    assert "[Commencer]" in refused  # in a group too: the first word is one press away
    assert "il faut être un·e modérateur·rice" in text(await party.say("/chef paix"))
    assert await party.tables("person", "account") == before
    await party.invite("mona", role=Role.MODERATOR)
    assert "Goûter : paix" in text(await party.say("/chef paix", "mona"))


async def test_a_role_lost_between_question_and_confirmation(party: Party) -> None:
    await to_the_preview(party)
    preview = party.shown["ana", ""]
    await party.dismiss("ana")
    refused = await party.press("Valider")
    assert "Réf. R-102" in text(refused)
    assert refused is not None
    assert not refused.in_place
    assert await party.given() == []
    await party.invite("ana")
    party.shown["ana", ""] = preview
    assert "Goûter" in text(await party.press("Valider"))


async def test_a_role_lost_while_words_are_awaited(party: Party) -> None:
    await party.invite("mona", role=Role.MODERATOR)
    await party.say("/chef", "mona")
    await party.dismiss("mona")
    assert "Réf. R-102" in text(await party.say("la paix", "mona"))
    assert await party.given() == []
    # Said once: then words are for everything else again, and the question can still be given up.
    assert "Je n’ai pas compris" in text(await party.say("la paix", "mona"))


async def test_giving_up_needs_no_role(small: Party) -> None:
    await small.say("/gouter")
    await small.dismiss("ana")
    assert text(await small.press("Annuler")) == "Annulé. Rien n’a changé."


async def test_a_place_may_be_guarded(small: Party) -> None:
    assert text(await small.say("/gouter", where="cellar")) == "Pas ici : cave"
    assert (await small.tables())["draft"] == []


# Channels.


async def test_in_a_channel_only_commands_are_heard_and_answers_are_for_one_person(party: Party) -> None:
    assert await party.say("bonjour à toutes et tous", where="hall") is None
    assert await party.say("/inconnue", where="hall") is None
    assert await party.say("!!!", where="hall") is None
    assert await party.say("", where="hall") is None
    asked = await party.say("/gouter", where="hall")
    assert asked is not None
    assert asked.private
    assert await party.say("Crêpes", "paul", "hall") is None
    assert "Étape 2/5" in text(await party.say("Crêpes", where="hall"))
    assert "Je n’ai pas compris" in text(await party.say("Crêpes"))


async def test_a_question_in_a_channel_stops_listening_its_buttons_do_not(party: Party) -> None:
    await party.say("/gouter", where="hall")
    party.now += HEARS + timedelta(seconds=1)
    assert await party.say("Crêpes", where="hall") is None
    assert "Annulé" in text(await party.press("Annuler", where="hall"))
    await party.say("/gouter")
    party.now += timedelta(days=2)
    assert "Étape 2/5" in text(await party.say("Crêpes"))


# What must do nothing.


@given(st.text(max_size=70) | st.binary(max_size=64).map(lambda octets: octets.decode("latin-1")))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_forged_tokens_change_nothing(small: Party, token: str) -> None:
    await small.say("/gouter")
    if not token:
        return
    before = await small.tables("journal")
    assert "Réf. R-101" in text(await small.ask(replace(small.request(), token=token)))
    assert await small.tables("journal") == before


async def test_a_refused_button_is_noted_and_nothing_else_changes(party: Party) -> None:
    await to_the_preview(party)
    real = party.shown["ana", ""].actions[0].token
    body = real[8:]
    forged = [
        "",
        "x",
        body,
        "A" * 64,
        real[:-1],
        real + "0",
        f"{real[:8]}draft.confirm?k=2.5",
        f"{real[:8]}party",
        Seal(b"other").close(Action("x", "draft.confirm", {"k": "1.5"}), Place("scene", "ana")),
        Seal(KEY).close(Action("x", "draft.confirm", {"k": "1.5"}), Place("scene", "paul")),
        Seal(KEY).close(Action("x", "gone.route"), Place("scene", "ana")),
        "\x00" * 20,
        "\ud800" * 20,
    ]
    before = await party.tables("journal")
    for token in forged[1:]:
        assert "n’est pas valable ici : rien n’a changé" in text(await party.ask(replace(party.request(), token=token)))
    assert await party.tables("journal") == before
    async with party.store.begin() as tx:
        notes = await tx.journal.last(50)
    assert [note["action"] for note in notes] == ["button.refused"] * len(forged[1:])
    assert all(note["person_id"] for note in notes)
    party.shown["ana", ""] = Message((), (Action("Valider", "", token=real),))
    assert "Goûter" in text(await party.press("Valider"))


async def test_a_form_cannot_overrule_what_its_button_sealed(small: Party) -> None:
    await small.say("/souhait la paix")
    token = small.shown["ana", ""].actions[0].token
    await small.ask(replace(small.request(), token=token, values={"cake": "tart"}))
    assert (await small.given())[-1] == {"cake": "flan"}


async def test_an_update_that_comes_again_acts_once(party: Party) -> None:
    await to_the_preview(party)
    request = replace(party.request(), token=party.shown["ana", ""].actions[0].token, update="u-7")
    answers = await asyncio.gather(*(party.router.answer(request) for _ in range(3)))
    assert [text(answer) for answer in answers if answer is not None] == ["Goûter : Crêpes"]
    again = replace(party.request(), words="/souhait paix", update="u-8")
    assert await party.router.answer(again) is not None
    assert await party.router.answer(again) is None
    assert await party.router.answer(replace(again, place=Place("other", "ana"))) is not None
    assert len(await party.given()) == 3


async def test_what_is_refused_is_refused_once(party: Party) -> None:
    """A network may bring it again after a kill, though the refusal undid all that it began."""
    refused = replace(party.request("zoe"), words="/souhait paix", update="u-9")
    answers = await asyncio.gather(*(party.router.answer(refused) for _ in range(3)))
    assert ["Cette commande est réservée" in text(one) for one in answers if one is not None] == [True]
    assert await party.router.answer(refused) is None


async def test_a_handler_that_breaks_says_so_with_a_reference_and_undoes(
    party: Party, caplog: pytest.LogCaptureFixture
) -> None:
    before = await party.tables()
    with caplog.at_level(logging.ERROR):
        shown = text(await party.say("/casse"))
    assert shown.startswith("Un imprévu m’a empêché de répondre : rien n’a changé.")
    [record] = caplog.records
    reference = vars(record)["reference"]
    assert f"Réf. {reference}" in shown
    assert "/casse" not in caplog.text.replace(str(Path(__file__)), "")
    assert await party.tables() == before
    assert "Étape 1/5" in text(await party.say("/gouter"))


async def test_a_refusal_undoes_what_the_handler_wrote(party: Party) -> None:
    before = await party.tables()
    assert text(await party.say("/refus")) == "Pas ici : refus"
    assert await party.tables() == before


async def test_a_button_that_no_network_could_carry_undoes_what_it_came_with(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    party = Party(store, tmp_path / "texts")
    await party.invite("ana")

    async def too_long(request: object, desk: object) -> Message:
        await desk.tx.journal.note(party.now, "party")  # type: ignore[attr-defined]
        return Message((), (Action("x", "wish", {"wish": "é" * 40}),))

    route = Route("wish", too_long, listed=True)
    router = Router(store, party.texts, Settings(), Seal(KEY), [Feature((route,))], lambda: party.now, patient())
    assert "imprévu" in text(await router.answer(replace(party.request(), words="/souhait")))
    assert await party.given() == []


def test_a_list_that_no_feature_has_is_a_fault_at_the_start() -> None:
    field = Field("cake", lambda typed, _: typed, Kind.CHOICE, "nowhere")
    with pytest.raises(ValueError, match="nowhere"):
        Router(
            None,  # type: ignore[arg-type]
            Texts(),
            Settings(),
            Seal(KEY),
            [Feature((Route("x", give, (field,)),))],
            lambda: None,  # type: ignore[arg-type, return-value]
        )


async def test_a_menu_that_names_a_route_of_yesterday(small: Party) -> None:
    assert "Réf. R-101" in text(await small.ask(replace(small.request(), route="gone")))


# Whatever is written.


async def test_nasty_text_in_every_field_and_command(party: Party) -> None:
    for nasty in NASTY:
        await write_everywhere(party, nasty)


async def write_everywhere(party: Party, nasty: str) -> None:
    for words in (
        nasty,
        f"/{nasty}",
        f"/gouter {nasty}",
        f"/souhait {nasty}",
        f"/refus {nasty}",
        f"/gouter gâteau:{nasty}",
    ):
        answer = text(await party.say(words))
        assert answer
        assert "imprévu" not in answer
        assert len(answer) < 2_000
    await party.say("/gouter")
    for _ in range(5):
        shown = text(await party.say(nasty))
        assert "imprévu" not in shown
        assert len(shown) < 2_000
    await party.say("/gouter")
    shown = text(await party.fill(name=nasty, story=nasty, cake=nasty, guests=nasty, day=nasty))
    assert "imprévu" not in shown
    await party.ask(replace(party.request(), route="party", values={"name": nasty, "cake": nasty, nasty: nasty}))
    assert "imprévu" not in text(party.shown["ana", ""])
    lines = [span for message in party.shown.values() for line in message.lines for span in line]
    assert not any(span.link for span in lines)


async def test_nasty_names_of_people(party: Party) -> None:
    for number, nasty in enumerate(NASTY):
        request = replace(party.request(f"zoe{number}"), words="/start")
        shown = await party.ask(replace(request, person=replace(request.person, name=nasty)))
        assert "bienvenue" in text(shown)
        assert len(text(shown)) < 600


@given(
    st.lists(
        st.sampled_from(
            [
                "/gouter",
                "/souhait",
                "passer",
                "retour",
                "annuler",
                "1",
                "flan",
                "12/03",
                "valider",
                "Crêpes",
                "/aide",
                "garder cette réponse",
                "modifier : titre",
                "terminé",
                "press",
            ]
        ),
        max_size=25,
    ),
    st.data(),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nobody_is_ever_stuck(small: Party, words: list[str], data: st.DataObject) -> None:
    for said in words:
        shown = small.shown.get(("ana", ""))
        if said == "press" and shown is not None and shown.actions:
            label = data.draw(st.sampled_from([action.label for action in shown.actions]))
            answer = text(await small.press(label))
        else:
            answer = text(await small.say(said))
        assert answer
        assert "imprévu" not in answer
    await small.say("/gouter")
    await small.say("Crêpes")
    assert "Étape 2/5" in text(small.shown["ana", ""])
