"""Questions, inquiries and entries written in chat, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from club.people import Person, Place
from storage.faq_entries import Written
from storage.store import Store

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA = Place("scene", "ana")


async def test_a_question_is_kept_with_its_last_judgement_and_forgotten(any_store: Store) -> None:
    async with any_store.begin() as tx:
        await tx.questions.keep("1", "le prix", "cout", "good", NOW)
        await tx.questions.keep("1", "le prix", "cout", "bad", NOW + HOUR)
        await tx.questions.keep("2", "les stages", "formation", "chosen", NOW)
    async with any_store.read() as tx:
        first, second = await tx.questions.since(NOW)
    assert (first.entry, first.is_label, first.is_unanswered) == ("formation", True, False)
    assert (second.how, second.is_label, second.is_unanswered, second.at) == ("bad", False, True, NOW + HOUR)
    async with any_store.begin() as tx:
        await tx.questions.purge(NOW + HOUR)
        assert [one.question for one in await tx.questions.since(NOW)] == ["le prix"]


async def test_an_inquiry_is_sent_and_answered_once(any_store: Store) -> None:
    async with any_store.begin() as tx:
        ana = (await tx.people.meet(Person("scene", "ana"), NOW)).number
        left = await tx.inquiries.begin("oubliée", ana, ANA, NOW)
        number = await tx.inquiries.begin("qui tond ?", ana, ANA, NOW)
        assert await tx.inquiries.get(left) is None
        assert await tx.inquiries.department_of(ana) == ""
        begun = await tx.inquiries.get(number)
        assert begun is not None
        masked = replace(begun, question="qui tond chez [nom masqué] ?")
        assert await tx.inquiries.send(masked, "2A", [ANA, Place("scene", "m")], NOW)
        assert not await tx.inquiries.send(begun, "30", [], NOW)
        assert await tx.inquiries.department_of(ana) == "2A"
        assert await tx.inquiries.count_since(ana, NOW - HOUR) == 1
        await tx.inquiries.reminded(number, 1)
        [waiting] = await tx.inquiries.open()
        assert waiting.question == masked.question
        assert (waiting.name, waiting.places, waiting.reminded) == (f"Q-{number}", (ANA, Place("scene", "m")), 1)
        assert await tx.inquiries.answer(number, "la commune", 7, NOW + HOUR)
        assert not await tx.inquiries.answer(number, "personne", 8, NOW + HOUR)
        answered = await tx.inquiries.get(number)
        assert answered is not None
        assert (answered.state, answered.answer, answered.answered_by) == ("answered", "la commune", 7)
        assert await tx.inquiries.open() == []
        await tx.inquiries.purge(NOW, NOW)
        assert await tx.inquiries.get(number) is not None
        await tx.inquiries.purge(NOW, NOW + HOUR)
        assert await tx.inquiries.get(number) is None


async def test_an_entry_is_decided_once_and_checked_once(any_store: Store) -> None:
    wanted = Written("Qui tond ?", ("a", "b"), "La commune.", ("Page", "https://exemple.fr/", "2027"), 3)
    async with any_store.begin() as tx:
        number = await tx.faq_entries.add(wanted, NOW)
        assert not await tx.faq_entries.checked(number, "live")
        assert await tx.faq_entries.decide(number, "checking", 4, NOW)
        assert not await tx.faq_entries.decide(number, "refused", 5, NOW)
        assert await tx.faq_entries.checked(number, "live")
        [live] = await tx.faq_entries.of_state("live")
        assert (live.variants, live.source, live.decided_by) == (("a", "b"), wanted.source, 4)
        assert await tx.faq_entries.get(number + 1) is None
