"""Discord as it behaves: windows, lists, races, refusals, lost connections — against a Discord of ours over HTTP."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import bot.platforms.discord.interactions as talk
import bot.platforms.discord.network as module
from bot.platforms.base import Malformed, NotOpen, Parts, TryLater, Unreachable
from bot.platforms.discord import rights
from bot.platforms.discord.calls import Refusal
from bot.platforms.discord.network import Discord
from club.dialogue import Action, Blank, Form, Kind, Message, Request
from club.markup import as_text
from club.people import Place, Role
from club.texts import Texts
from tests.fakes.discord import DM, FORUM, NEWS, THREAD, TOKEN, WRITE, parts
from tests.kit.discord_stage import MANAGE, read
from tests.kit.discord_world import COMMANDS, FORM, World, place

# --- commands


async def test_commands_are_registered_when_they_changed(world: World) -> None:
    await world.open()
    registered = {one["name"]: one for one in world.fake.commands}
    assert list(registered) == ["aide", "abonner", "digest"]
    theme, name = registered["abonner"]["options"]
    assert [choice["value"] for choice in theme["choices"]] == ["water", "soil", "sun"]
    assert (theme["name"], name["name"], "autocomplete" in name) == ("theme", "nom", False)
    assert [one["name"] for one in registered["digest"]["options"]] == ["apercu", "maintenant"]
    assert registered["digest"]["options"][1]["options"][0]["autocomplete"]
    await world.reopen()
    puts = [path for method, path, _, _ in world.fake.calls if method == "PUT"]
    assert len(puts) == 1


async def test_a_command_arrives_with_its_options(world: World) -> None:
    await world.open(roles={"600": Role.MODERATOR}, guild="500")
    await world.fake.slash(world.mona, "abonner", world.club, theme="water", nom="Îlot")
    await world.shown("reçu /abonner", world.club, world.mona)
    [request] = world.heard
    assert (request.words, request.values) == ("/abonner", {"theme": "water", "name": "Îlot"})
    assert (request.person.account, request.person.name, request.place) == ("discord:1002", "Mona", place(2001))
    assert (request.private, request.may_manage, request.granted) == (False, True, Role.MODERATOR)
    assert request.update
    await world.fake.slash(world.ana, "digest maintenant", sujets="water")
    await world.shown("reçu /digest maintenant")
    assert (world.heard[1].values, world.heard[1].private) == ({"topics": "water"}, True)
    assert (world.heard[1].granted, world.heard[1].may_manage) == (Role.VISITOR, False)


async def test_a_role_is_read_at_each_press(world: World) -> None:
    await world.open(roles={"600": Role.MODERATOR})
    await world.discord.send(place(2001), Message(as_text("À décider"), (Action("Publier", "x", token="t"),)), "k")
    card = await world.shown("À décider", world.club)
    for roles, role in ((["600"], Role.MODERATOR), ([], Role.VISITOR)):
        world.mona.roles = roles
        world.mona.rights = WRITE | (MANAGE if roles else 0)
        pressed = await world.fake.press(world.mona, card, "Publier")
        await world.answered(pressed, 4)
        assert (world.heard[-1].granted, world.heard[-1].may_manage) == (role, bool(roles))


async def test_a_role_of_the_server_counts_in_private(world: World) -> None:
    await world.open(roles={"600": Role.MODERATOR}, guild="500")
    await world.fake.slash(world.mona, "aide")
    await world.shown("reçu /aide", person=world.mona)
    await world.fake.say(world.ana, "bonjour")
    await world.shown("reçu bonjour")
    assert [(one.private, one.granted) for one in world.heard] == [(True, Role.MODERATOR), (True, Role.VISITOR)]


async def test_in_private_nobody_is_asked_after_where_no_role_is_mapped(world: World) -> None:
    await world.open(guild="500")
    await world.fake.slash(world.mona, "aide")
    await world.shown("reçu /aide", person=world.mona)
    assert not [path for _, path, _, _ in world.fake.calls if "/members/" in path]


async def test_what_the_bot_lacks_is_told_in_words(world: World) -> None:
    await world.open()
    world.club.rights = 1 << 10
    await world.fake.slash(world.ana, "aide", world.club)
    await world.shown("reçu /aide", world.club)
    assert world.heard[0].missing_rights == ("« Envoyer des messages »",)


async def test_another_server_is_not_served(world: World) -> None:
    await world.open(guild="501")
    asked = await world.fake.slash(world.ana, "aide", world.club)
    await world.shown("Je ne sers pas ce serveur", world.club)
    await world.fake.say(world.ana, "bonjour", world.club)
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")
    assert asked.answered == [4]
    assert len(world.heard) == 1


async def test_what_is_typed_is_completed(world: World) -> None:
    await world.open()
    asked = await world.fake.complete(world.ana, "digest maintenant", "sujets", "water, s")
    await world.answered(asked, 8)
    assert asked.choices == [
        {"name": "water, Sols", "value": "water,soil"},
    ]
    asked = await world.fake.complete(world.ana, "digest maintenant", "sujets", "ÉNER")
    await world.answered(asked, 8)
    assert asked.choices == [{"name": "Énergie", "value": "sun"}]


# --- windows


async def test_a_command_with_a_form_opens_a_window(world: World) -> None:
    await world.open()
    world.reply = lambda request: (
        Message(as_text(f"reçu {dict(request.values)}"), private=True)
        if request.token
        else Message(as_text("Quel titre ?"), form=FORM, private=True)
    )
    asked = await world.fake.slash(world.ana, "abonner", world.club)
    await world.answered(asked, 9)
    assert asked.modal
    assert [row["label"] for row in asked.modal["components"]] == ["Titre", "Thème", "Sujets"]
    sent = await world.fake.submit(asked, title="Îlot *frais*", theme=["water"])
    await world.answered(sent, 4)
    assert world.heard[1].token == "form-token"
    assert world.heard[1].values == {"title": "Îlot *frais*", "theme": "water", "topics": "soil"}
    assert not world.heard[1].partial


async def test_a_faulty_window_is_answered_by_the_question_and_a_button_that_opens_it_again(world: World) -> None:
    await world.open()
    question = Message(as_text("C’est un peu court."), (Action("Annuler", "x", token="cancel"),), FORM, private=True)
    question = replace(question, again=Action("", "again", token="again"))
    world.reply = lambda _: question
    asked = await world.fake.slash(world.ana, "abonner", world.club)
    await world.answered(asked, 9)
    await world.fake.submit(asked, title="x")
    message = await world.shown("C’est un peu court.", world.club)
    assert [part["label"] for part in parts(message)] == ["Annuler", "Tout revoir"]
    await world.reopen()
    again = await world.fake.press(world.ana, message, "Tout revoir")
    await world.answered(again, 9)
    assert world.heard[-1].token == "again"


async def test_a_slow_hub_is_waited_for_and_its_window_opens_by_a_button(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "FIRST", 0.05)
    await world.open()
    ready = asyncio.Event()

    async def slowly(request: Request) -> Message:
        if not request.token:
            await ready.wait()
        return Message(as_text("Quel titre ?"), form=FORM, private=True, again=Action("", "again", token="again"))

    world.reply = slowly
    asked = await world.fake.slash(world.ana, "abonner", world.club)
    await world.answered(asked, 5)
    ready.set()
    message = await world.shown("Quel titre ?", world.club)
    assert world.fake.seen(world.mona, world.club) == []
    opened = await world.fake.press(world.ana, message, "Tout revoir")
    await world.answered(opened, 9)


async def test_a_slow_press_is_answered_in_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "FIRST", 0.05)
    await world.open()
    ready = asyncio.Event()

    async def slowly(request: Request) -> Message:
        await ready.wait()
        return Message(as_text("C’est noté."), in_place=request.token == "a")

    world.reply = slowly
    card = Message(as_text("À vous"), (Action("Un", "x", token="a"), Action("Deux", "y", token="b")))
    await world.discord.send(place(1001), card, "k")
    message = await world.shown("À vous")
    other = await world.fake.press(world.ana, message, "Deux")
    asked = await world.fake.press(world.ana, message, "Un")
    await world.answered(asked, 6)
    await world.answered(other, 6)
    ready.set()
    await world.fake.until(lambda: len(world.fake.seen(world.ana)) == 2 and not parts(message))
    assert [read(one["content"]) for one in world.fake.seen(world.ana)] == ["C’est noté.", "C’est noté."]


@pytest.mark.parametrize("late", [False, True])
async def test_what_was_pressed_may_be_gone_meanwhile(
    world: World, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "FIRST", 0.05 if late else 5)
    await world.open()

    async def gone(request: Request) -> Message:
        for channel in world.fake.channels.values():
            channel.messages.clear()
        if late:
            await world.fake.until(lambda: world.fake.asked[int(request.update)].answered)
        return Message(as_text("C’est noté."), in_place=True)

    world.reply = gone
    await world.discord.send(place(1001), Message(as_text("À vous"), (Action("Un", "x", token="a"),)), "k")
    await world.fake.press(world.ana, await world.shown("À vous"), "Un")
    await world.shown("C’est noté.")


async def test_a_long_form_comes_in_several_windows(world: World) -> None:
    await world.open()
    blanks = tuple(Blank(f"b{n}", Kind.LINE, f"Champ {n}") for n in range(7))
    form = Form("Long", blanks, "Envoyer", Action("", "fill", token="form-token"))
    world.reply = lambda request: Message(
        as_text("Suite"), form=replace(form, at=5 if request.partial else 0), again=Action("", "a", token="again")
    )
    asked = await world.fake.slash(world.ana, "abonner")
    await world.answered(asked, 9)
    assert asked.modal
    sent = await world.fake.submit(asked, **{f"b{n}": str(n) for n in range(5)})
    await world.answered(sent, 4)
    assert world.heard[-1].partial
    world.reply = lambda _: Message(as_text("Suite"), form=replace(form, at=5))
    opened = await world.fake.press(world.ana, await world.shown("Suite"), "Remplir")
    await world.answered(opened, 9)
    assert opened.modal
    assert [row["component"]["custom_id"] for row in opened.modal["components"]] == ["b5", "b6"]


async def test_a_button_that_begins_something_opens_its_window(world: World) -> None:
    await world.open()
    await world.discord.send(place(1001), Message(as_text("Bonjour"), (Action("M’abonner", "x", token="t"),)), "k")
    world.reply = lambda _: Message(as_text("Quel titre ?"), form=FORM)
    asked = await world.fake.press(world.ana, await world.shown("Bonjour"), "M’abonner")
    await world.answered(asked, 9)
    world.reply = lambda _: Message(as_text("Étape 2"), form=FORM, in_place=True)
    asked = await world.fake.press(world.ana, await world.shown("Bonjour"), "M’abonner")
    await world.answered(asked, 7)


async def test_boxes_that_changed_are_pressed_one_after_the_other(world: World) -> None:
    await world.open()
    boxes = tuple(Action(name, "tick", {"k": name}, name, chosen=name in "AB") for name in "ABCD")
    await world.discord.send(place(1001), Message(as_text("Cochez"), boxes), "k")
    message = await world.shown("Cochez")
    [box] = parts(message)
    await world.fake._press(
        world.ana, message, {"custom_id": box["custom_id"], "component_type": 3, "values": ["B", "D", "C"]}
    )
    await world.shown("reçu A")
    assert [request.token for request in world.heard] == ["D", "C", "A"]
    assert len({request.update for request in world.heard}) == 3
    same = await world.fake._press(
        world.ana, message, {"custom_id": box["custom_id"], "component_type": 3, "values": ["A", "B"]}
    )
    await world.answered(same, 6)
    assert len(world.heard) == 3


@pytest.mark.parametrize(
    "custom_id", ["x", "b9:forged", "s0:0", "x0:0", "f:forged", "m:forged", "w:1:2", "w:x", "é" * 50]
)
async def test_forged_buttons_reach_the_router_or_nobody(world: World, custom_id: str) -> None:
    await world.open()
    await world.discord.send(place(2001), Message(as_text("Carte"), (Action("Voir", "x", token="t"),)), "k")
    asked = await world.fake.forge(world.ana, await world.shown("Carte", world.club), custom_id)
    await world.fake.until(lambda: asked.answered)
    assert all(request.token in custom_id for request in world.heard)


# --- words


async def test_words_to_the_bot_are_heard_and_others_are_not(world: World) -> None:
    await world.open()
    world.reply = lambda request: Message(as_text(f"reçu {request.words}"))
    world.fake._publish(
        "MESSAGE_CREATE",
        world.fake._shown(world.club, world.fake._message(world.club, 1001, {"content": "entre nous"})),
    )
    await world.fake.say(world.ana, "bonjour", world.club)
    answer = await world.shown("reçu bonjour", world.club)
    assert [request.words for request in world.heard] == ["bonjour"]
    [body] = [body for method, path, body, _ in world.fake.calls if method == "POST" and path.endswith("/messages")]
    assert body["message_reference"]["message_id"]
    assert answer["nonce"].startswith("r")


async def test_a_files_address_comes_with_the_words(world: World) -> None:
    await world.open()
    file = {
        "id": "7",
        "filename": "a.png",
        "size": 1,
        "url": "https://cdn.exemple.fr/a.png",
        "proxy_url": "https://x.fr",
    }
    await world.fake.say(world.ana, "voici", attachments=[file])
    await world.shown("reçu voici")
    assert world.heard[0].files == ("discord:https://cdn.exemple.fr/a.png",)


async def test_an_answer_for_one_person_is_read_by_that_person(world: World) -> None:
    await world.open()
    await world.fake.say(world.ana, "et moi ?", world.club)
    notice = await world.shown("Votre réponse vous attend", world.club)
    assert "reçu" not in str(world.club.messages)
    await world.fake.press(world.mona, notice, "Lire ma réponse")
    await world.shown("pour la personne qui a posé la question", world.club, world.mona)
    await world.fake.press(world.ana, notice, "Lire ma réponse")
    await world.shown("reçu et moi ?", world.club)
    await world.fake.until(lambda: int(notice["id"]) not in world.club.messages)
    assert "attend" not in str(world.fake.seen(world.ana, world.club))
    assert "reçu" not in str(world.fake.seen(world.mona, world.club))


async def test_an_answer_that_waited_too_long_says_so(world: World) -> None:
    await world.open()
    await world.fake.say(world.ana, "et moi ?", world.club)
    notice = await world.shown("Votre réponse vous attend", world.club)
    await world.reopen()
    await world.fake.press(world.ana, notice, "Lire ma réponse")
    await world.shown("n’est plus gardée", world.club)


async def test_a_bot_may_be_refused_a_reply(world: World) -> None:
    await world.open()
    world.reply = lambda request: Message(as_text("reçu"))
    world.fake.trouble("POST", "/channels/2001/messages", 400, 160002)
    await world.fake.say(world.ana, "bonjour", world.club)
    await world.shown("reçu", world.club)


# --- sending


async def test_a_thread_is_written_to(world: World) -> None:
    thread = world.fake.add_channel("fil", 2002, THREAD, parent=2001)
    await world.open()
    await world.discord.send(place(2001, 2002), Message(as_text("La lettre")), "k")
    await world.shown("La lettre", thread)
    await world.fake.slash(world.ana, "aide", thread)
    await world.shown("reçu /aide", thread)
    assert world.heard[0].place == place(2001, 2002)


async def test_a_forum_gets_a_post_with_its_tags(world: World) -> None:
    tags = [{"id": "31", "name": "Occitanie"}, {"id": "32", "name": "Eau"}]
    forum = world.fake.add_channel("forum", 2003, FORUM, tags=tags, flags=16)
    await world.open()
    letter = Message(as_text("La lettre d’Occitanie\n" + "ligne\n" * 500))
    noted: list[tuple[int, str]] = []

    async def note(count: int, ref: str) -> None:
        noted.append((count, ref))

    ref = await world.discord.send(place(2003), letter, "k", Parts(note=note))
    [post] = [one for one in world.fake.channels.values() if one.parent == forum.id]
    assert post.name == "La lettre d’Occitanie"
    assert ref == "+".join(str(ident) for ident in post.messages)
    assert noted[0] == (1, ref.partition("+")[0])
    [body] = [body for _, path, body, _ in world.fake.calls if path.endswith("/threads")]
    assert body["applied_tags"] == ["31"]
    await world.discord.edit(place(2003), ref, Message(as_text("Rectifié")))
    assert [one["content"] for one in post.messages.values()] == ["Rectifié"]


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_post_whose_answer_was_lost_is_looked_for(world: World, arrived: bool) -> None:
    forum = world.fake.add_channel("forum", 2003, FORUM)
    await world.open()
    letter = Message(as_text("La lettre\n" + "ligne\n" * 500))
    other = await world.discord.send(place(2003), Message(as_text("La lettre\nd’hier")), "j")
    world.fake.trouble("POST", "/channels/2003/threads", 502, done=arrived)
    with pytest.raises(TryLater) as wait:
        await world.discord.send(place(2003), letter, "k")
    assert wait.value.doubt
    ref = await world.discord.send(place(2003), letter, "k", Parts(doubt=True))
    posts = [one for one in world.fake.channels.values() if one.parent == forum.id]
    assert len(posts) == 2
    assert ref.partition("+")[0] not in (other, "")
    assert len(posts[1].messages) == len(ref.split("+")) > 1


async def test_a_post_that_may_not_be_looked_for_is_sent_again(world: World) -> None:
    world.fake.add_channel("forum", 2003, FORUM, rights=WRITE & ~(1 << 16))
    await world.open()
    await world.discord.send(place(2003), Message(as_text("La lettre")), "k")
    world.fake.trouble("GET", "/guilds/500/threads/active", 503)
    with pytest.raises(TryLater):
        await world.discord.send(place(2003), Message(as_text("La lettre")), "k", Parts(doubt=True))
    await world.discord.send(place(2003), Message(as_text("La lettre")), "k", Parts(doubt=True))
    assert len([one for one in world.fake.channels.values() if one.parent == 2003]) == 2


async def test_a_forum_that_the_connection_has_not_told_of_is_waited_for(world: World) -> None:
    await world.open()
    world.fake.add_channel("forum", 2003, FORUM)
    with pytest.raises(TryLater):
        await world.discord.send(place(2003), Message(as_text("La lettre")), "k")
    world.fake.add_channel("salon", 2005)
    await world.discord.send(place(2005), Message(as_text("La lettre")), "k")
    await world.shown("La lettre", world.fake.channels[2005])


async def test_an_announcement_is_published(world: World) -> None:
    news = world.fake.add_channel("annonces", 2004, NEWS)
    await world.open()
    await world.discord.send(place(2004), Message(as_text("La lettre")), "k")
    assert (await world.shown("La lettre", news))["crossposted"]


async def test_a_long_letter_goes_on_where_it_stopped(world: World) -> None:
    await world.open()
    letter = Message(as_text("\n".join(f"{n:04} " + "x" * 90 for n in range(60))))
    left: list[Parts] = []

    async def note(count: int, ref: str) -> None:
        left.append(Parts(count, ref))
        if count == 2:
            world.fake.trouble("POST", "/channels/2001/messages", 500)

    with pytest.raises(TryLater) as wait:
        await world.discord.send(place(2001), letter, "k", Parts(note=note))
    assert wait.value.doubt
    ref = await world.discord.send(place(2001), letter, "k", left[-1])
    contents = [one["content"] for one in world.club.messages.values()]
    assert len(contents) == len(set(contents)) == len(ref.split("+"))
    assert "\n".join(contents) == "\n".join(f"{n:04} " + "x" * 90 for n in range(60))


async def test_an_answer_that_was_lost_shows_the_letter_once(world: World) -> None:
    await world.open()
    world.fake.trouble("POST", "/channels/2001/messages", 502, done=True)
    with pytest.raises(TryLater) as wait:
        await world.discord.send(place(2001), Message(as_text("La lettre")), "k")
    assert wait.value.doubt
    await world.discord.send(place(2001), Message(as_text("La lettre")), "k")
    assert len(world.club.messages) == 1


@pytest.mark.parametrize("forum", [False, True])
async def test_an_edit_may_grow_and_is_shown_once(world: World, forum: bool) -> None:
    world.fake.add_channel("forum", 2003, FORUM)
    await world.open()
    where = place(2003 if forum else 2001)
    ref = await world.discord.send(where, Message(as_text("court")), "k")
    shown = world.fake.channels[int(ref)] if forum else world.club
    longer = Message(as_text("\n".join(["long " * 80] * 8)))
    world.fake.trouble("POST", f"/channels/{shown.id}/messages", 502, done=True)
    with pytest.raises(TryLater):
        await world.discord.edit(where, ref, longer)
    await world.discord.edit(where, ref, longer)
    assert len(shown.messages) == 2
    await world.discord.edit(where, "+".join(map(str, shown.messages)), Message(as_text("court de nouveau")))
    assert [one["content"] for one in shown.messages.values()] == ["court de nouveau"]


async def test_an_edit_of_what_is_gone_is_refused(world: World) -> None:
    await world.open()
    ref = await world.discord.send(place(2001), Message(as_text("court")), "k")
    world.club.messages.clear()
    with pytest.raises(Malformed):
        await world.discord.edit(place(2001), ref, Message(as_text("autre")))


@pytest.mark.parametrize(
    ("status", "code", "error", "what"),
    [
        (403, 50001, Unreachable, "unreachable-forbidden"),
        (403, 50013, Unreachable, "unreachable-forbidden"),
        (403, 50007, Unreachable, "unreachable-blocked"),
        (403, 50278, Unreachable, "unreachable-blocked"),
        (403, 50009, Unreachable, "unreachable-forbidden"),
        (400, 40067, Unreachable, "unreachable-forbidden"),
        (400, 50008, Unreachable, "unreachable-forbidden"),
        (400, 200000, Unreachable, "unreachable-forbidden"),
        (400, 160005, Unreachable, "unreachable-closed"),
        (404, 10003, Unreachable, "unreachable-gone"),
        (400, 50083, Unreachable, "unreachable-closed"),
        (400, 50035, Malformed, "400 50035 as asked by the test"),
        (503, 0, TryLater, (0.0, False, False)),
        (500, 0, TryLater, (0.0, False, True)),
        (401, 0, TryLater, (60, True, False)),
        (400, 40003, TryLater, (5.0, False, False)),
    ],
)
async def test_refusals_say_what_to_do(world: World, status: int, code: int, error: Any, what: object) -> None:
    await world.open()
    world.fake.trouble("POST", "/channels/2001/messages", status, code)
    with pytest.raises(error) as no:
        await world.discord.send(place(2001), Message(as_text("x")), "k")
    got = (no.value.after, no.value.told, no.value.doubt) if error is TryLater else no.value.why
    assert got == what


@pytest.mark.parametrize("everywhere", [True, False])
async def test_too_many_requests_are_waited_out(world: World, everywhere: bool) -> None:
    await world.open()
    world.fake.trouble("POST", "/channels/2001/messages", 429, retry_after=7.5, everywhere=everywhere)
    with pytest.raises(TryLater) as wait:
        await world.discord.send(place(2001), Message(as_text("x")), "k")
    assert (wait.value.after, wait.value.told) == (7.5, everywhere)
    await world.discord.send(place(2001), Message(as_text("x")), "k")


async def test_an_exhausted_channel_is_not_asked_again(world: World) -> None:
    await world.open()
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "60"}
    world.fake.trouble("POST", "/channels/2001/messages", 503).headers.update(spent)
    for _ in range(2):
        with pytest.raises(TryLater):
            await world.discord.send(place(2001), Message(as_text("x")), "k")
    assert len([path for _, path, _, _ in world.fake.calls if path == "/channels/2001/messages"]) == 1


async def test_who_blocks_the_bot_is_unreachable(world: World) -> None:
    await world.open()
    world.ana.blocks = True
    with pytest.raises(Unreachable) as gone:
        await world.discord.send(place(1001), Message(as_text("x")), "k")
    assert gone.value.why == "unreachable-blocked"


async def test_a_private_talk_is_opened_once(world: World) -> None:
    await world.open()
    for n in range(3):
        await world.discord.send(place(1001), Message(as_text("x")), f"k{n}")
    assert len([path for _, path, _, _ in world.fake.calls if path == "/users/@me/channels"]) == 1
    assert world.fake.dm(world.ana).type == DM


async def test_a_server_that_is_away_is_tried_later(world: World) -> None:
    await world.open()
    await world.discord.send(place(1001), Message(as_text("x")), "k")
    port = world.fake.port
    await world.fake.close()
    with pytest.raises(TryLater):
        await world.discord.send(place(1001), Message(as_text("y")), "l")
    await world.fake.open(port)
    await world.discord.send(place(1001), Message(as_text("y")), "l")
    assert [one["content"] for one in world.fake.seen(world.ana)] == ["x", "y"]


# --- the connection


async def test_a_dropped_connection_is_resumed_and_nothing_is_lost(world: World) -> None:
    await world.open()
    await world.fake.drop()
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")
    assert (world.fake.identified, world.fake.resumed, len(world.heard)) == (1, 1, 1)


@pytest.mark.parametrize(("op", "data", "counts"), [(7, None, (1, 1)), (9, True, (1, 1)), (9, False, (2, 0))])
async def test_orders_of_the_gateway_are_followed(world: World, op: int, data: Any, counts: tuple[int, int]) -> None:
    await world.open()
    await world.fake.order(op, data)
    await world.fake.until(lambda: (world.fake.identified, world.fake.resumed) == counts)
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")


async def test_what_the_library_gives_up_is_opened_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", (0.01, 0.1))
    await world.open()
    await world.fake.drop(code=4004)
    await world.fake.until(lambda: world.fake.identified == 2)
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")


@pytest.mark.parametrize("trouble", ["dropped", "ordered", "invalidated", "away"])
async def test_how_listening_goes_is_told(world: World, trouble: str) -> None:
    await world.open(hub=world.hub)
    if trouble == "dropped":
        await world.fake.drop()
    elif trouble == "away":
        port = world.fake.port
        await world.fake.close()
        await world.fake.open(port)
    else:
        await world.fake.order(*((7, None) if trouble == "ordered" else (9, False)))
    await world.fake.until(lambda: world.told[-1:] == [""])
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")
    await world.discord.stop()
    assert set(world.told[:-1]) == {"network-away"}


async def test_a_token_that_is_withdrawn_is_told_until_it_is_good_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", (0.01, 0.05))
    await world.open(hub=world.hub)
    world.fake.token = "another"
    await world.fake.drop(code=4004)
    await world.fake.until(lambda: [s for _, path, _, s in world.fake.calls if path == "/users/@me"].count(401) > 1)
    assert world.told[-1] == "network-token-refused"
    assert "" not in world.told
    world.fake.token = TOKEN
    await world.fake.until(lambda: world.told[-1] == "")
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")


async def test_a_refused_token_is_told_and_may_be_tried_again(world: World) -> None:
    await world.fake.open()
    world.discord = Discord("wrong", Texts(), api_url=world.fake.root)
    with pytest.raises(NotOpen) as no:
        await world.discord.start(COMMANDS, world.answer)
    assert no.value.why == "network-token-refused"
    world.fake.token = "wrong"
    await world.discord.start(COMMANDS, world.answer)
    await world.fake.slash(world.ana, "aide")
    await world.shown("reçu /aide")


async def test_nobody_there_is_told(world: World) -> None:
    await world.fake.open()
    root = world.fake.root
    await world.fake.close()
    world.discord = Discord(TOKEN, Texts(), api_url=root)
    with pytest.raises(NotOpen) as no:
        await world.discord.start(COMMANDS, world.answer)
    assert no.value.why == "network-away"


async def test_nothing_is_opened_before_it_starts() -> None:
    discord = Discord(TOKEN, Texts())
    await discord.stop()


# --- looking


async def test_what_is_missing_is_found_without_listening(world: World) -> None:
    good = world.fake.add_channel("bon", 2010)
    mute = world.fake.add_channel("muet", 2011, rights=WRITE & ~(1 << 11))
    forum = world.fake.add_channel("forum", 2012, FORUM, rights=WRITE & ~(1 << 11))
    thread = world.fake.add_channel("fil", 2013, THREAD, parent=2010)
    locked = world.fake.add_channel("clos", 2015, THREAD, parent=2010, locked=True)
    spare = world.fake.add_channel("sobre", 2016, rights=WRITE & ~(1 << 15 | 1 << 16))
    hidden = world.fake.add_channel("caché", 2014, rights=0)
    await world.fake.open()
    looked = Discord(TOKEN, Texts(), api_url=world.fake.root, guild="500")
    places = [place(one.id) for one in (good, mute, forum, hidden)] + [place(good.id, thread.id), place(4040404)]
    places += [place(good.id, locked.id), place(spare.id)]
    found = await looked.examine([(one, "N") for one in places])
    said = [Texts().plain(one.key, **one.values) for one in found]
    assert [one.well for one in found] == [True, True, False, False, False, True, False, False, True, True]
    assert "« Envoyer des messages »" in said[2]
    assert "#muet" in said[2]
    assert "« Créer des publications »" in said[3]
    assert "discord:2014" in said[4]
    assert "fil verrouillé" in said[7]
    assert [one.note for one in found[8:]] == [False, True]
    assert "« Voir les anciens messages »" in said[9]
    assert "« Joindre des fichiers »" in said[9]
    assert world.fake.identified == 0
    assert len([path for _, path, _, _ in world.fake.calls if path == "/guilds/500"]) == 1
    refused = await Discord("wrong", Texts(), api_url=world.fake.root).examine([])
    assert [(one.well, one.key) for one in refused] == [(False, "discord-check-token")]
    [_, server] = await Discord(TOKEN, Texts(), api_url=world.fake.root, guild="999").examine([])
    assert f"permissions={rights.ASKED.value}" in Texts().plain(server.key, **server.values)


async def test_a_server_that_keeps_its_events_for_people_is_told(world: World) -> None:
    world.fake.everyone = WRITE & ~(1 << 44)
    await world.fake.open()
    [_, server] = await Discord(TOKEN, Texts(), api_url=world.fake.root, guild="500").examine([])
    assert (server.well, server.note) == (True, True)
    assert "« Créer des évènements »" in Texts().plain(server.key, **server.values)


def test_the_invitation_of_the_page_asks_for_what_the_program_uses() -> None:
    page = (Path(__file__).parents[4] / "docs" / "discord.md").read_text("utf-8")
    assert re.findall(r"permissions=(\d+)", page) == [str(rights.ASKED.value)]
    assert rights.ASKED.value == WRITE


async def test_a_check_without_an_answer_blames_nobody() -> None:
    async def call(method: str, path: str, **_: object) -> dict[str, object]:
        if path == "/users/@me":
            return {"id": "1", "username": "club"}
        raise Refusal(429, why="slow down", after=1)

    found = await rights.examine(call, [(Place("discord", "5"), "Actus")], "9", Texts())  # type: ignore[arg-type]
    assert [one.key for one in found] == ["discord-check-token-good", "discord-check-unsure"]
