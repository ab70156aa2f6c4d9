"""An answer given by a person becomes an entry: two persons, a replay, and the asker is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.feature import Hub
from bot.questions import entries, learning
from tests.kit.stage import House, play, text

ASKED = "Qui tond la pelouse des ÉcoQuartiers ?"
ENTRY = {
    "entry-question": "Qui entretient les espaces verts ?",
    "entry-variants": "Qui tond la pelouse du quartier ?\nQui jardine dans le quartier ?",
    "entry-answer": "La commune entretient les espaces verts.",
    "entry-source": "Page d’essai",
    "entry-page": "https://exemple.fr/vert",
    "entry-version": "version de 2027",
}
OPENING = f"""
~ foire
Ana > /referent Gard {ASKED}
Ana > [Envoyer (Gard)]
Club < Q-1 (Gard)
~ envoi
Mona > /faq attente
Mona > [Répondre]
Mona > La commune entretient les espaces verts.
Mona > [Valider]
Club < [En faire une entrée]
Mona > [En faire une entrée]
Club < Étape 1/6
"""


async def write(house: House, **changed: str) -> str:
    await play(OPENING, house)
    return text(await house.fill("mona", ENTRY | {name.replace("_", "-"): value for name, value in changed.items()}))


async def test_an_entry_needs_two_persons_and_harms_no_other(house: House) -> None:
    assert "Vérifiez avant de valider" in await write(house)
    await play(
        """
Mona > [Valider]
Club < attend qu’une deuxième personne la valide
Ana > Qui jardine dans le quartier ?
Club ! La commune entretient
~ envoi
Club @moderation < Nouvelle entrée à valider
Club @moderation < Aussi demandé : Qui tond la pelouse du quartier ? · Qui jardine dans le quartier ?
""",
        house,
    )
    card = house.walls.posts["moderation"][-1]
    house.shown["mona", "moderation"] = house.shown["ada", "moderation"] = card
    await play(
        """
Mona @moderation > [Valider]
Club < Vous avez écrit cette entrée : une autre personne doit la valider.
Ada @moderation > [Valider]
Club < Je rejoue les questions gardées
~ relecture
~ envoi
Club @moderation < ✓ En ligne : « Qui entretient les espaces verts ? »
Club @ana < Votre question Q-1 a aidé le Club
Ana > Qui jardine dans le quartier ?
Club < La commune entretient les espaces verts.
Club < Source : Page d’essai
~ redémarrage
~ relecture
Ana > Qui jardine dans le quartier ?
Club < La commune entretient les espaces verts.
Mona > /journal
Club < entrée n° 1 mise en ligne dans la base
Club < – Question : Qui entretient les espaces verts ?
Club < – État : validée, à l’essai → en ligne
Club < entrée n° 1 validée
Club < entrée n° 1 proposée pour la base
Club < – Réponse : La commune entretient les espaces verts.
Club < réponse donnée à la question Q-1
Club < – État : en attente d’une réponse → répondue
""",
        house,
    )


async def test_the_card_says_how_far_the_replay_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_EVERY", 1)  # all five of the questions that ship with the small base
    await write(house)
    await play("Mona > [Valider]\n~ envoi", house)
    house.shown["ada", "moderation"] = house.walls.posts["moderation"][-1]
    await play("Ada @moderation > [Valider]\n~ relecture\n~ envoi", house)
    begun, *further, settled, told = map(text, house.walls.posts["moderation"])
    assert begun == (
        "Entrée validée, à l’essai : Qui entretient les espaces verts ?\n"
        "J’apprends à répondre avec elle, puis je rejoue les questions gardées (5)."
    )
    assert [one.split("\n")[1] for one in further] == ["Questions rejouées : 2 sur 5.", "Questions rejouées : 4 sur 5."]
    assert settled == told
    assert told.startswith("✓ En ligne")


async def test_an_entry_that_takes_the_questions_of_another_is_not_put_live(house: House) -> None:
    """It says nearly the same as another entry: those who asked for that one would lose their answer."""
    wanted = {
        "entry_question": "Le prix du label, combien est-ce ?",
        "entry_variants": "prix du label\nle label coûte combien\nle prix du label",
    }
    assert "Vérifiez avant de valider" in await write(house, **wanted)
    await play("Mona > [Valider]\n~ envoi", house)
    house.shown["ada", "moderation"] = house.walls.posts["moderation"][-1]
    await play(
        """
Ada @moderation > [Valider]
~ relecture
~ envoi
Club @moderation < n’est pas mise en ligne
Club @ana ∅
Ana > Le label est-il payant ?
Club < Réponse de cout.
""",
        house,
    )


async def test_what_is_there_already_is_not_written_again(house: House) -> None:
    assert "Où se former ?" in await write(house, entry_question="Où se former ?")


async def test_entries_past_their_review_are_listed(house: House) -> None:
    await play(
        """
~ foire
Mona > /faq perimees
Club < Aucune réponse n’est à relire.
~ 2027-06-02 10:00
Mona > /faq perimees
Club < réponses sont à relire
Club < Le label est-il payant ? — à revoir avant le mardi 1er juin 2027
Mona > [Où se former ?]
Club < ⚠ à revérifier
""",
        house,
    )


async def test_once_a_month_what_was_not_answered_is_counted(house: House) -> None:
    await play("~ foire", house)
    async with house.store.begin() as tx:
        for number, (question, entry, how) in enumerate(
            [
                ("tondre la pelouse", "", "none"),
                ("qui arrose la pelouse", "", "human"),
                ("le prix", "cout", "bad"),
                ("parfait", "club", "good"),
            ]
        ):
            await tx.questions.keep(f"{number}", question, entry, how, house.now)
    house.now += timedelta(days=30)
    hub = Hub(house.store, house.texts, house.settings, house.clock)
    for _ in range(2):
        await entries.report(hub)
    await play(
        """
~ envoi
Club @moderation < Questions restées sans réponse depuis le lundi 1er mars 2027 : 3
Club @moderation < pelouse : 2
Club @moderation < Le label est-il payant ? : 1
""",
        house,
    )
    assert len(house.walls.posts["moderation"]) == 1
