"""The router, by a feature that asks for everything: questions, forms, drafts and their buttons."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from club.dialogue import Choice, Kind
from storage.tables import draft
from tests.kit.party import CAKES, PEOPLE, Party, to_the_preview
from tests.kit.stage import text

# Question by question.


async def test_a_whole_talk(party: Party) -> None:
    asked = text(await party.say("/gouter"))
    assert asked == "Étape 1/5\nQuel titre ?\n[Annuler]"
    assert text(await party.say("Crêpes")) == "Étape 2/5\nQuel récit ?\n[Retour]\n[Passer]\n[Annuler]"
    asked = text(await party.press("Passer"))
    assert asked.startswith("Étape 3/5\nQuel gâteau ?\n[Tarte]\n[Fondant au chocolat]\n[Flan]\n[Retour]\n[Annuler]")
    asked = text(await party.press("Fondant au chocolat"))
    assert asked.startswith("Étape 4/5\nQui vient ?\n[Ana Îlot]\n[Paul]")
    assert "Terminé" not in asked
    await party.press("Paul")
    await party.press("Ada")
    await party.press("Mona")
    shown = text(await party.press("Ada"))
    assert shown.startswith(
        "Étape 4/5\nQui vient ?\nRéponse gardée : Paul, Mona\n[Ana Îlot]\n[☑ Paul]\n[☑ Mona]\n[Ada]"
    )
    await party.press("Terminé")
    assert text(party.shown["ana", ""]).startswith("Étape 5/5\nQuel jour ?")
    assert text(await party.say("12/03")) == "\n".join(
        (
            "Vérifiez avant de valider",
            "Titre : Crêpes",
            "Récit : (vide)",
            "Gâteau : Fondant au chocolat",
            "Invité·es : Paul, Mona",
            "Jour du goûter : 12/03",
            "Bientôt : Crêpes",
            "[Valider]",
            "[Modifier : Titre]",
            "[Modifier : Récit]",
            "[Modifier : Gâteau]",
            "[Modifier : Invité·es]",
            "[Modifier : Jour du goûter]",
            "[Annuler]",
        )
    )
    assert await party.given() == []
    assert text(await party.press("Valider")) == "Goûter : Crêpes"
    assert await party.given() == [{"name": "Crêpes", "cake": "fondant", "guests": "('p2', 'p3')", "day": "2027-03-12"}]


async def test_the_number_of_steps_is_fixed_at_the_start(small: Party) -> None:
    await small.ask(replace(small.request(), route="party", values={"cake": "flan", "day": "12/03"}))
    assert "Étape 1/3" in text(small.shown["ana", ""])
    assert "Étape 2/3" in text(await small.say("Crêpes"))
    assert "Étape 3/3" in text(await small.press("Passer"))
    recap = text(await small.say("1"))
    assert "Gâteau : Flan" in recap
    assert "Modifier : Gâteau" not in recap


async def test_back_keeps_what_was_given_and_one_goes_on_with_it(small: Party) -> None:
    await small.say("/gouter")
    await small.say("Crêpes")
    back = text(await small.press("Retour"))
    assert back.startswith("Étape 1/5\nQuel titre ?\nRéponse gardée : Crêpes")
    assert "[Retour]" not in back
    assert "Étape 2/5" in text(await small.press("Garder cette réponse"))
    await small.press("Retour")
    await small.say("Gaufres")
    await small.press("Passer")
    await small.press("Flan")
    kept = text(await small.press("Retour"))
    assert "[☑ Flan]" in kept
    assert "Étape 4/5" in text(await small.press("Flan"))


async def test_a_required_answer_cannot_be_passed_and_cancelling_drops_all(party: Party) -> None:
    await party.say("/gouter")
    assert "Passer" not in text(party.shown["ana", ""])
    refused = text(await party.say("passer"))
    assert "Étape 2/5" in refused  # it is a title like another
    assert text(await party.press("Annuler")) == "Annulé. Rien n’a changé."
    assert "Je n’ai pas compris" in text(await party.say("Crêpes"))
    assert "draft" in await party.tables()
    assert (await party.tables())["draft"] == []


async def test_every_answer_can_be_changed_before_it_is_confirmed(small: Party) -> None:
    await to_the_preview(small)
    assert "Réponse gardée : Crêpes" in text(await small.press("Modifier : Titre"))
    assert "Titre : Gaufres" in text(await small.say("Gaufres"))  # one answer is corrected in one step
    await small.press("Modifier : Jour du goûter")
    await small.say("13/03")
    await small.press("Valider")
    [given] = await small.given()
    assert (given["name"], given["day"]) == ("Gaufres", "2027-03-13")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("ab", "C’est un peu court : 2 caractères, il en faut au moins 3."),
        ("a", "C’est un peu court : 1 caractère, il en faut"),
        ("a" * 41, "C’est trop long : 41 caractères, le maximum est 40."),
        ("\u200b", "Cette réponse est nécessaire."),
        ("", "Cette réponse est nécessaire."),
    ],
)
async def test_a_wrong_answer_is_told_why_and_asked_again(small: Party, words: str, reason: str) -> None:
    await small.say("/gouter")
    shown = text(await small.say(words))
    assert shown.startswith(reason)
    assert "Étape 1/5\nQuel titre ?" in shown


async def test_buttons_may_be_named_in_words(small: Party) -> None:
    await small.say("/gouter")
    await small.say("Crêpes")
    assert "Étape 1/5" in text(await small.say("retour"))
    assert "Étape 2/5" in text(await small.say("/garder cette réponse"))
    assert "Étape 3/5" in text(await small.say("PASSER"))
    await small.say("flan")
    await small.press("Paul")
    assert "Étape 5/5" in text(await small.say("terminé"))
    await small.say("passer")
    assert "Il reste à valider" in text(await small.say("euh"))
    assert "Quel titre" in text(await small.say("modifier : titre"))
    assert text(await small.say("/annuler")) == "Annulé. Rien n’a changé."


async def test_a_route_that_changes_nothing_asks_only_what_it_needs_and_acts_at_once(small: Party) -> None:
    asked = text(await small.say("/souhait"))
    assert asked == "Quel souhait ?\n[Annuler]"
    assert text(await small.say("la paix")) == "Goûter : la paix\n[Le mien]"
    assert text(await small.press("Le mien")) == "Goûter : flan"
    assert text(await small.say("/souhait la santé")) == "Goûter : la santé\n[Le mien]"
    assert text(await small.say("/gouter porter un toast")).startswith("Je n’ai pas compris") is False


async def test_typed_answers_are_new_messages_and_pressed_ones_replace(small: Party) -> None:
    await small.say("/gouter")
    typed = await small.say("Crêpes")
    pressed = await small.press("Passer")
    assert typed is not None
    assert pressed is not None
    assert (typed.in_place, pressed.in_place) == (False, True)
    await small.say("/souhait")
    done = await small.say("la paix")
    assert done is not None
    assert not done.in_place


# A form filled at once.


async def test_a_form_shows_every_field_and_is_filled_at_once(party: Party) -> None:
    await party.say("/gouter")
    form = party.form()
    assert (form.title, form.send) == ("Goûter", "Aperçu")
    assert [(b.name, b.kind, b.label, b.required) for b in form.blanks] == [
        ("name", Kind.LINE, "Titre", True),
        ("story", Kind.PARAGRAPH, "Récit", False),
        ("cake", Kind.CHOICE, "Gâteau", True),
        ("guests", Kind.CHOICES, "Invité·es", True),
        ("day", Kind.MOMENT, "Jour du goûter", False),
    ]
    assert form.blanks[2].choices == CAKES
    shown = text(await party.fill(name="Crêpes", story="", cake="tart", guests="p1,p12", day=""))
    assert "Invité·es : Ana Îlot, Ada" in shown
    await party.press("Valider")
    assert await party.given() == [{"name": "Crêpes", "cake": "tart", "guests": "('p1', 'p12')"}]


async def test_faults_stand_at_their_fields_and_good_values_are_kept(small: Party) -> None:
    await small.say("/gouter")
    shown = await small.fill(name="ab", story="Long récit", cake="pizza", guests="", day="hier")
    assert shown is not None
    assert text(shown).startswith("C’est un peu court")
    blanks = {blank.name: blank for blank in small.form().blanks}
    assert {name for name, blank in blanks.items() if blank.fault} == {"name", "cake", "guests", "day"}
    assert [blanks[name].value for name in ("name", "story", "cake", "day")] == ["ab", "Long récit", "", "hier"]
    assert blanks["day"].fault == "Pas ici : jour"
    assert "Étape 3/5" in text(await small.fill(name="Crêpes", cake="", guests="p1", day="12/03"))
    assert "Récit : Long récit" in text(await small.fill(cake="Flan"))
    await small.press("Valider")
    assert (await small.given())[0]["guests"] == "('p1',)"


# Drafts.


async def test_a_draft_survives_a_restart_and_an_old_button_still_works(party: Party) -> None:
    await party.say("/gouter")
    await party.say("Crêpes")
    party.start()
    party.now += timedelta(days=29)
    assert "Étape 3/5" in text(await party.press("Passer"))
    party.start()
    assert "Étape 4/5" in text(await party.say("flan"))


async def test_another_form_sets_a_draft_aside_and_its_buttons_take_it_up_again(party: Party) -> None:
    await party.say("/gouter")
    first = await party.say("Crêpes")
    await party.say("/souhait")
    assert first is not None
    party.shown["ana", ""] = first
    assert "Étape 3/5" in text(await party.press("Passer"))
    assert "Étape 4/5" in text(await party.say("flan"))
    # The wish was set aside in its turn; once the party is over, words find it.
    await party.press("Annuler")
    assert "[Reprendre : Souhait]" in text(await party.say("la paix"))
    assert "Quel souhait" in text(await party.press("Reprendre : Souhait"))
    assert "la paix" in text(await party.say("la paix"))


async def test_help_in_the_middle_leaves_the_question_open(small: Party) -> None:
    await small.say("/gouter")
    assert "Que puis-je faire" in text(await small.say("/aide"))
    assert "Étape 2/5" in text(await small.say("Crêpes"))


async def test_the_draft_of_another_person_or_place_is_out_of_reach(party: Party) -> None:
    await to_the_preview(party, where="hall")
    press = next(action.token for action in party.shown["ana", "hall"].actions if action.label == "Valider")
    before = await party.tables()
    gone = await party.ask(replace(party.request("paul", "hall"), token=press))
    assert "n’est plus ouvert" in text(gone)
    assert gone is not None
    assert not gone.in_place
    assert await party.tables() == before
    elsewhere = await party.ask(replace(party.request("ana"), token=press))
    assert "Réf. R-101" in text(elsewhere)
    assert "Je n’ai pas compris" in text(await party.say("Valider", "paul"))
    assert await party.given() == []
    assert "Goûter : Crêpes" in text(await party.press("Valider", "ana", "hall"))


async def test_confirming_twice_acts_once(party: Party) -> None:
    await to_the_preview(party)
    preview = party.shown["ana", ""]
    await party.press("Valider")
    party.shown["ana", ""] = preview
    for label in ("Valider", "Modifier : Titre", "Annuler"):
        party.shown["ana", ""] = preview
        assert "Ce choix n’est plus ouvert" in text(await party.press(label))
    assert len(await party.given()) == 1


async def test_presses_at_the_same_instant_act_once(party: Party) -> None:
    await to_the_preview(party)
    action = party.shown["ana", ""].actions[0]
    request = replace(party.request(), token=action.token)
    answers = await asyncio.gather(*(party.router.answer(request) for _ in range(4)))
    assert sorted(text(answer)[:6] for answer in answers) == ["Ce cho", "Ce cho", "Ce cho", "Goûter"]
    assert len(await party.given()) == 1


async def test_answers_at_the_same_instant_leave_one_draft(party: Party) -> None:
    starts = [party.router.answer(replace(party.request(), words="/gouter")) for _ in range(4)]
    assert all("Étape 1/5" in text(answer) for answer in await asyncio.gather(*starts))
    async with party.store.engine.connect() as connection:
        active = await connection.scalar(select(func.count()).where(draft.c.active))
        await connection.rollback()
    assert active == 1


async def test_a_press_on_an_older_step_goes_back_there_and_words_follow(small: Party) -> None:
    await small.say("/gouter")
    await small.say("Crêpes")
    await small.press("Passer")
    cakes = small.shown["ana", ""]
    await small.press("Flan")
    small.cakes = CAKES[:2]
    small.shown["ana", ""] = cakes
    again = text(await small.press("Flan"))
    assert again.startswith("Gâteau : ce choix n’est plus proposé.")
    assert "Étape 3/5" in again
    assert text(await small.say("tarte")).startswith("Étape 4/5")


async def test_an_old_preview_shows_what_is_confirmed_before_it_is(small: Party) -> None:
    await to_the_preview(small)
    old = small.shown["ana", ""]
    await small.press("Modifier : Titre")
    await small.say("Gaufres")
    small.shown["ana", ""] = old
    assert "Titre : Gaufres" in text(await small.press("Valider"))
    assert await small.given() == []
    await small.press("Valider")
    assert (await small.given())[0]["name"] == "Gaufres"


# Choices that changed meanwhile.


async def test_a_choice_that_left_the_list_is_never_another_one(small: Party) -> None:
    await small.say("/souhait la paix")
    small.cakes = (Choice("f", "Flan aux œufs", ("flan",)),)
    assert text(await small.press("Le mien")).startswith("Gâteau : ce choix n’est plus proposé.")
    assert len(await small.given()) == 1


async def test_ticks_that_left_the_list_are_dropped(small: Party) -> None:
    await small.ask(replace(small.request(), route="party", values={"name": "Crêpes", "cake": "flan"}))
    await small.press("Passer")
    await small.press("Mona")
    await small.press("Paul")
    small.people = [one for one in PEOPLE if one.value != "p3"]
    await small.press("Terminé")
    assert "Invité·es : Paul\n" in text(await small.press("Passer"))


async def test_a_box_that_left_the_list_cannot_be_ticked(small: Party) -> None:
    await small.ask(replace(small.request(), route="party", values={"name": "Crêpes", "cake": "flan"}))
    await small.press("Passer")
    small.people = PEOPLE[:3]
    assert "ce choix n’est plus proposé" in text(await small.press("Ada"))
    assert "Étape 2/3" in text(small.shown["ana", ""])
    assert "Étape 3/3" in text(await small.say("paul"))


async def test_a_list_that_changed_before_the_confirmation(party: Party) -> None:
    await to_the_preview(party)
    party.cakes = CAKES[:2]
    again = text(await party.press("Valider"))
    assert again.startswith("Gâteau : ce choix n’est plus proposé.")
    assert "Gâteau : (n’est plus proposé)" in again
    assert await party.given() == []
    await party.press("Modifier : Gâteau")
    await party.press("Tarte")
    await party.press("Valider")
    assert (await party.given())[0]["cake"] == "tart"


async def test_a_preview_that_refuses_leaves_the_answers_to_change(small: Party) -> None:
    await small.say("/gouter")
    shown = text(await small.fill(name="Interdit", cake="flan", guests="p1"))
    assert shown.startswith("Pas ici : interdit\nVérifiez avant de valider")
    await small.press("Modifier : Titre")
    assert "Étape 2/5" in text(await small.say("Permis"))
