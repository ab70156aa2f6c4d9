"""What people do on Telegram, as the hub understands it; what has no rights asks for nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update, User

from bot.platforms.telegram.links import (
    command_parameter,
    place_link,
    press_parameter,
    read_command,
    read_place,
    read_press,
)
from bot.platforms.telegram.read import Heard, read
from club.people import Person, Place
from tests.fakes.telegram import BOT, Telegram

ME = User.de_json(BOT, None)
ANA, GROUP, CHANNEL = 1001, -1001000000001, -1002000000002


@pytest.fixture
def network() -> Telegram:
    network = Telegram()
    network.user(ANA, "Ana")
    network.group(GROUP, "Club", forum=True)
    network.group(CHANNEL, "Actualités", kind="channel")
    return network


def heard(network: Telegram) -> tuple[Heard, ...]:
    [update] = network.updates
    network.updates.clear()
    return read(Update.de_json(update, None), ME)


def said(network: Telegram, text: str = "", chat: int = 0, **more: Any) -> tuple[Heard, ...]:
    network.say(ANA, text, chat, **more)
    return heard(network)


def test_words_in_private(network: Telegram) -> None:
    [one] = said(network, " bonjour  à tous ")
    request = one.request
    assert (request.person, request.place) == (Person("telegram", "1001", "Ana"), Place("telegram", "1001"))
    assert (request.words, request.private, request.update) == ("bonjour  à tous", True, "5000")
    assert (one.chat, one.thread, one.in_private, one.told) == (ANA, None, True, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/aide", "/aide"),
        ("/aide@club_bot", "/aide"),
        ("/AIDE@Club_Bot  moi", "/AIDE moi"),
        ("/digest_apercu", "/digest apercu"),
        ("/digest_apercu@club_bot", "/digest apercu"),
        ("/abonner eau_potable", "/abonner eau_potable"),
        ("/", "/"),
    ],
)
def test_commands_as_people_say_them(network: Telegram, typed: str, words: str) -> None:
    [one] = said(network, typed)
    assert one.request.words == words


@pytest.mark.parametrize(
    ("typed", "words", "named"),
    [
        ("@club_bot le label ?", "le label ?", True),
        ("le label, @CLUB_BOT ?", "le label, ?", True),
        ("@club_bot", "", True),
        ("@club_bots le label ?", "@club_bots le label ?", False),
        ("a@club_bot", "a@club_bot", False),
        ("/faq @club_bot ?", "/faq @club_bot ?", False),
        ("le label ?", "le label ?", False),
    ],
)
def test_words_that_name_the_bot_in_a_group(network: Telegram, typed: str, words: str, *, named: bool) -> None:
    [one] = said(network, typed, GROUP)
    assert (one.request.words, one.request.named, one.request.private) == (words, named, False)
    [alone] = said(network, typed)
    assert (alone.request.words, alone.request.named) == (typed, False)


def test_another_bots_command_is_not_ours(network: Telegram) -> None:
    assert said(network, "/aide@other_bot", GROUP) == ()
    assert said(network, "/aide@other_bot") == ()


def test_a_topic_is_a_place_and_an_answer_is_not(network: Telegram) -> None:
    [one] = said(network, "/abonner", GROUP, thread=7)
    assert (one.request.place, one.thread) == (Place("telegram", str(GROUP), "7"), 7)
    assert (one.request.private, one.in_private) == (False, False)
    [one] = said(network, "/abonner", GROUP, message_thread_id=9)  # an answer to message 9
    assert (one.request.place, one.thread) == (Place("telegram", str(GROUP)), None)


SOMEONE = {"id": GROUP, "type": "supergroup", "title": "Club"}
BY_CHANNEL = {"id": CHANNEL, "type": "channel", "title": "Actualités"}
FORWARDED = {"type": "hidden_user", "sender_user_name": "X", "date": 1}


@pytest.mark.parametrize("more", [{"sender_chat": SOMEONE}, {"sender_chat": BY_CHANNEL}])
def test_who_hides_behind_a_chat_is_told_so(network: Telegram, more: dict[str, Any]) -> None:
    [one] = said(network, "/abonner", GROUP, **more)
    assert one.told == "telegram-anonymous"
    assert said(network, "bonjour", GROUP, **more) == ()


def test_what_a_linked_channel_posts_is_for_nobody(network: Telegram) -> None:
    assert said(network, "/abonner", GROUP, sender_chat=BY_CHANNEL, is_automatic_forward=True) == ()


def test_another_bot_has_no_rights(network: Telegram) -> None:
    network.users[ANA] = {**network.users[ANA], "is_bot": True}
    [one] = said(network, "/abonner", GROUP)
    assert one.told == "telegram-anonymous"
    assert said(network, "mots", GROUP) == ()


def test_what_is_forwarded_is_nobodys_word(network: Telegram) -> None:
    [one] = said(network, "/abonner", forward_origin=FORWARDED)
    assert one.told == "telegram-forwarded"
    assert said(network, "/abonner", GROUP, forward_origin=FORWARDED) == ()


def test_a_channels_posts_are_not_read(network: Telegram) -> None:
    post = {"message_id": 5, "date": 1, "chat": BY_CHANNEL, "sender_chat": BY_CHANNEL, "text": "/abonner"}
    network.push("channel_post", post)
    assert heard(network) == ()


def test_documents_and_photos_come_with_their_handles(network: Telegram) -> None:
    document = {"file_id": "DOC", "file_unique_id": "d"}
    [one] = said(network, document=document, caption=" Ma fiche ")
    assert (one.request.words, one.request.files) == ("Ma fiche", ("telegram:DOC",))
    sizes = [{"file_id": name, "file_unique_id": name, "width": 1, "height": 1} for name in ("S", "L")]
    [one] = said(network, photo=sizes)
    assert (one.request.words, one.request.files) == ("", ("telegram:L",))


def test_what_cannot_be_read_is_said_in_private_only(network: Telegram) -> None:
    voice = {"file_id": "V", "file_unique_id": "v", "duration": 3}
    [one] = said(network, voice=voice)
    assert one.told == "telegram-words-only"
    assert said(network, chat=GROUP, voice=voice) == ()
    assert said(network, new_chat_title="Nouveau", chat=GROUP) == ()


def test_links_bring_a_command_or_a_press_after_the_first_word(network: Telegram) -> None:
    first, then = said(network, f"/start {command_parameter('digest apercu')}")
    assert (first.request.words, then.request.words) == ("/start", "/digest apercu")
    assert first.request.update != then.request.update
    place = Place("telegram", str(CHANNEL))
    first, then = said(network, f"/start {press_parameter(place, 'abcdefghdigest.rest?b=12')}")
    assert (then.request.place, then.request.token) == (place, "abcdefghdigest.rest?b=12")
    assert (then.request.private, then.in_private) == (False, True)
    [only] = said(network, "/start nimporte quoi")
    assert only.request.words == "/start"


@given(st.text(max_size=70))
def test_any_parameter_is_read(text: str) -> None:
    found = read_press(text)
    assert found is None or found[0].id.startswith("-")
    assert read_command(text) == "" or text.startswith("c_")


@given(st.text(max_size=64))
def test_a_place_is_read_from_our_own_links_only(text: str) -> None:
    assert read_place("club_bot", text) is None


@pytest.mark.parametrize("place", [Place("telegram", "-55"), Place("telegram", str(GROUP), "7")])
def test_a_groups_link_names_it(place: Place) -> None:
    assert read_place("club_bot", place_link("club_bot", place)) == place


def test_a_press_longer_than_a_link_brings_nothing() -> None:
    assert press_parameter(Place("telegram", str(CHANNEL)), "x" * 59) == ""


def shown(text: str, link: str = "", length: int | None = None, sender: dict[str, Any] = BOT) -> dict[str, Any]:
    author = {key: sender[key] for key in ("id", "is_bot", "first_name")}
    message = {"message_id": 9, "date": 1, "chat": {"id": ANA, "type": "private"}, "from": author, "text": text}
    size = len(text.split("\n")[0]) if length is None else length
    entities = [{"type": "text_link", "offset": 0, "length": size, "url": link}] if link else []
    return {**message, "entities": entities}


GROUPS_LINK = place_link("club_bot", Place("telegram", str(GROUP), "7"))


def test_a_press_in_private_may_be_about_a_group(network: Telegram) -> None:
    network.send_press(ANA, shown("Pour « Club »\nThème ?", GROUPS_LINK), "tok")
    [one] = heard(network)
    assert (one.request.place, one.request.private) == (Place("telegram", str(GROUP), "7"), False)
    assert (one.chat, one.pressed, one.request.ref, one.request.token) == (ANA, 9, "9", "tok")


@pytest.mark.parametrize(
    "message",
    [
        shown("Titre d’une actualité\nsuite", GROUPS_LINK, length=5),
        shown("Pour « Club »\nThème ?", "https://t.me/other_bot?start=in-55"),
        shown("Pour « Club »\nThème ?", GROUPS_LINK, sender={"id": ANA, "is_bot": False, "first_name": "Ana"}),
        shown("Thème ?"),
    ],
)
def test_nothing_else_passes_for_a_group(network: Telegram, message: dict[str, Any]) -> None:
    network.send_press(ANA, message, "tok")
    [one] = heard(network)
    assert (one.request.place, one.request.private) == (Place("telegram", str(ANA)), True)


def test_an_answer_to_a_question_about_a_group_is_about_it(network: Telegram) -> None:
    [one] = said(network, "Bretagne", reply_to_message=shown("Pour « Club »\nRégion ?", GROUPS_LINK))
    assert (one.request.place, one.request.private) == (Place("telegram", str(GROUP), "7"), False)
    [one] = said(network, "/aide", reply_to_message=shown("Pour « Club »\nRégion ?", GROUPS_LINK))
    assert one.request.private


def test_a_page_is_turned_and_kept(network: Telegram) -> None:
    key = {"inline_keyboard": [[{"text": "2/3", "callback_data": "=1=again"}, {"text": "a/b", "callback_data": "x"}]]}
    network.send_press(ANA, {**shown("?"), "reply_markup": key}, "=2=again")
    [one] = heard(network)
    assert (one.request.token, one.page) == ("again", 2)
    network.send_press(ANA, {**shown("?"), "reply_markup": key}, "choice")
    [one] = heard(network)
    assert (one.request.token, one.page) == ("choice", 1)


def test_a_press_on_a_message_that_telegram_no_longer_shows(network: Telegram) -> None:
    gone = {"message_id": 9, "date": 0, "chat": {"id": CHANNEL, "type": "channel", "title": "Actualités"}}
    network.send_press(ANA, gone, "tok")
    [one] = heard(network)
    assert (one.request.place, one.request.token, one.page) == (Place("telegram", str(CHANNEL)), "tok", 0)
    assert (one.is_gone, one.request.ref, one.pressed) == (True, "9", 9)
