"""The network `telegram` against a Telegram of ours, without a socket but for the webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.feature import Settings
from bot.platforms.base import Malformed, Moved, NotOpen, Parts, Services, TryLater, Unreachable
from bot.platforms.telegram import calls, updates
from bot.platforms.telegram.network import Telegram, address
from bot.platforms.telegram.updates import Webhook
from bot.questions.inline import sharer
from club.dialogue import Action, Form, Message, Request
from club.faq.knowledge import Knowledge
from club.faq.verdicts import Outcome, Verdict
from club.markup import as_text, plain, write
from club.people import Place
from club.texts import Texts
from connectors.web import Site
from tests.fakes.telegram import TOKEN, Direct, No, Silence
from tests.kit.faq import CLUB, COST, HELLO
from tests.kit.telegram_desk import ANA, CHANNEL, COMMANDS, GROUP, ZOE, Desk, here, make_desk


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(updates, "_FIRST", 0.0)
    monkeypatch.setattr(updates, "_LONGEST", 0.0)
    made = make_desk()
    yield made
    await made.bot.stop()
    assert not made.network.faults


async def test_menus_are_set_by_scope_and_only_when_they_changed(desk: Desk) -> None:
    await desk.start()
    await desk.until(lambda: len(desk.network.menus) == 3)
    menus = {scope: [one["command"] for one in menu] for scope, menu in desk.network.menus.items()}
    assert menus == {
        '{"type": "all_private_chats"}': ["start", "aide", "digest_apercu"],
        '{"type": "all_group_chats"}': ["aide"],
        '{"type": "all_chat_administrators"}': ["aide", "digest_apercu"],
    }
    await desk.bot.stop()
    await desk.start()
    desk.network.say(ANA, "/aide")
    await desk.shown(ANA, "reçu /aide")
    assert len(desk.network.called("setMyCommands")) == 3
    assert len(desk.network.called("getMyCommands")) == 6


async def test_answers_take_their_turn(desk: Desk) -> None:
    await desk.start()
    for words in ("un", "deux", "trois"):
        desk.network.say(ANA, words)
    await desk.shown(ANA, "trois")
    assert desk.turns == 3
    assert desk.network.texts(ANA) == ["reçu un", "reçu deux", "reçu trois"]


async def test_a_short_private_answer_to_a_press_is_a_window(desk: Desk) -> None:
    desk.show = lambda _: Message(as_text("Ce bouton n’est pas valable ici."), private=True)
    await desk.start()
    await desk.bot.send(here(GROUP), Message(as_text("à tous"), (Action("Voir", "x", token="t"),)), "k")
    desk.network.press(ZOE, "Voir", GROUP)
    await desk.until(lambda: desk.network.alerts)
    assert desk.network.alerts == [(ZOE, "Ce bouton n’est pas valable ici.", "")]
    assert desk.network.called("answerCallbackQuery")[0]["show_alert"] is True


async def test_who_never_wrote_first_gets_a_link(desk: Desk) -> None:
    desk.show = lambda _: Message(as_text("pour vous " + "x" * 300), private=True)
    await desk.start()
    await desk.bot.send(here(CHANNEL), Message(as_text("lettre"), (Action("La suite", "x", token="tok"),)), "k")
    desk.network.press(ZOE, "La suite", CHANNEL)
    await desk.until(lambda: desk.network.alerts)
    [(_, told, link)] = desk.network.alerts
    assert told == ""
    assert link.startswith("https://t.me/club_bot?start=p")
    desk.network.say(ZOE, "/aide", GROUP, thread=7)
    led = await desk.shown(GROUP, "ma réponse vous y attend")
    assert led["message_thread_id"] == 7
    assert led["reply_markup"]["inline_keyboard"][0][0] == {
        "text": "Ouvrir la conversation",
        "url": "https://t.me/club_bot?start=club",
    }


async def test_an_answer_waits_for_the_private_talk_to_be_opened(desk: Desk) -> None:
    desk.show = lambda request: Message(as_text(f"pour vous {request.words}"), private=not request.private)
    clock = [0.0]
    desk.clock = lambda: clock[0]
    await desk.start()
    for words in ("/un", "/deux"):
        desk.network.say(ZOE, words, GROUP)
    await desk.until(lambda: len(desk.network.texts(GROUP)) == 2)
    desk.network.say(ZOE, "/start club")
    await desk.shown(ZOE, "pour vous /deux")
    assert desk.network.texts(ZOE) == ["pour vous /start", "Pour « Club »\npour vous /deux"]
    assert len(desk.network.texts(GROUP)) == 2


async def test_an_answer_waits_for_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.show = lambda request: Message(as_text(f"pour vous {request.words}"), private=not request.private)
    clock = [0.0]
    desk.clock = lambda: clock[0]
    await desk.start()
    desk.network.say(ZOE, "/un", GROUP)
    await desk.until(lambda: desk.network.texts(GROUP))
    clock[0] = 16 * 60.0
    desk.network.say(ZOE, "/start club")
    desk.network.say(ZOE, "/encore")
    await desk.shown(ZOE, "pour vous /encore")
    assert desk.network.texts(ZOE) == ["pour vous /start", "pour vous /encore"]


async def test_a_question_of_a_form_does_not_wait_since_its_answer_would_be_heard_by_nobody(desk: Desk) -> None:
    form = Form("t", (), "s", Action("s", "f", token="f"))
    desk.show = lambda _: Message(as_text("Étape 1"), form=form, private=True)
    await desk.start()
    desk.network.say(ZOE, "/abonner", GROUP)
    await desk.shown(GROUP, "refaites votre demande ici")


async def test_rights_are_asked_for_groups_and_remembered(desk: Desk) -> None:
    await desk.start()
    desk.network.chats[GROUP].may_send = False
    for words in ("/un", "/deux"):
        desk.network.say(ANA, words, GROUP)
    desk.network.say(ZOE, "/trois", GROUP)
    desk.network.say(ANA, "/quatre")
    await desk.shown(ANA, "quatre")
    asked = {request.words: (request.may_manage, request.missing_rights) for request in desk.heard}
    assert asked["/un"] == asked["/deux"] == (True, ("« Envoyer des messages »",))
    assert asked["/trois"] == (False, ())
    assert asked["/quatre"] == (False, ())
    assert len(desk.network.called("getChatMember")) == 3  # Ana, the bot, Zoé


async def test_an_anonymous_administrator_is_told_and_asks_nothing(desk: Desk) -> None:
    await desk.start()
    group = {"id": GROUP, "type": "supergroup", "title": "Club"}
    desk.network.say(ANA, "/abonner", GROUP, sender_chat=group)
    await desk.shown(GROUP, "Rester anonyme")
    assert desk.heard == []


async def test_a_question_about_a_group_is_answered_in_private(desk: Desk) -> None:
    def show(request: Request) -> Message:
        form = Form("t", (), "s", Action("s", "f", token="f")) if request.words != "fin" else None
        return Message(as_text(f"question {request.words}"), form=form, private=True)

    desk.show = show
    await desk.start()
    desk.network.say(ANA, "/abonner", GROUP, thread=7)
    asked = await desk.shown(ANA, "question /abonner")
    assert asked["text"].startswith("Pour « Club »\n")
    for words in ("Bretagne", "/aide", "encore"):
        desk.network.say(ANA, words)
        await desk.shown(ANA, f"question {words}")
    assert [request.place for request in desk.heard] == [here(GROUP, "7"), here(GROUP, "7"), here(ANA), here(ANA)]


async def test_a_renamed_group_is_called_by_its_new_name(desk: Desk) -> None:
    desk.show = lambda request: Message(as_text(f"question {request.words}"), private=True)
    await desk.start()
    desk.network.fails(No(502, "Bad Gateway"), method="getChat")
    for name, words in (("Club", "/aide un"), ("Club des villes", "/aide deux")):
        desk.network.chats[GROUP].title = name
        desk.network.say(ANA, words, GROUP)
        assert (await desk.shown(ANA, words))["text"].startswith(f"Pour « {name} »")


async def test_a_message_that_is_gone_is_shown_anew(desk: Desk) -> None:
    desk.show = lambda _: Message(write("*suite*"), in_place=True)
    await desk.start()
    ref = await desk.bot.send(here(ANA), Message(as_text("?"), (Action("Oui", "x", token="t"),)), "k")
    message = desk.network.messages[ANA].pop(int(ref))
    desk.network.send_press(ANA, message, "t")
    shown = await desk.shown(ANA, "suite")
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


async def test_an_unchanged_message_is_no_fault(desk: Desk) -> None:
    card = Message(as_text("carte"), (Action("Oui", "x", token="t"),), in_place=True)
    desk.show = lambda _: card
    await desk.start()
    ref = await desk.bot.send(here(ANA), card, "k")
    await desk.bot.edit(here(ANA), ref, card)
    desk.network.press(ANA, "Oui")
    await desk.until(lambda: desk.network.answered)
    assert desk.network.texts(ANA) == ["carte"]


async def test_a_refused_answer_goes_out_plainly(desk: Desk) -> None:
    desk.show = lambda _: Message(write("*Gras* [lien](https://exemple.fr/)"))
    await desk.start()
    desk.network.fails(No(400, "Bad Request: can't parse entities: what"))
    desk.network.say(ANA, "x")
    shown = await desk.shown(ANA, "Gras lien (https://exemple.fr/)")
    assert "entities" not in shown


async def test_an_answer_waits_when_telegram_asks_to(desk: Desk) -> None:
    await desk.start()
    desk.network.refuses(1, times=2)
    desk.network.say(ANA, "patience")
    await desk.shown(ANA, "reçu patience")
    assert len(desk.network.called("sendMessage")) == 3


async def test_a_group_that_moved_is_told_to_the_hub_and_answered(desk: Desk) -> None:
    await desk.start()
    desk.network.group(-55, "Petit", kind="group")
    desk.network.migrate(-55, -1005)
    await desk.until(lambda: desk.moves)
    assert desk.moves == [(here(-55), here(-1005))]
    desk.network.say(ANA, "bonjour", -55)
    await desk.shown(-1005, "reçu bonjour")


async def test_whoever_adds_the_bot_is_told_the_places_name(desk: Desk) -> None:
    await desk.start()
    change = {
        "chat": desk.network.chats[CHANNEL].body(),
        "from": desk.network.users[ANA],
        "date": 1,
        "old_chat_member": {"status": "left", "user": {"id": 7000000001, "is_bot": True, "first_name": "Club"}},
        "new_chat_member": {"status": "member", "user": {"id": 7000000001, "is_bot": True, "first_name": "Club"}},
    }
    desk.network.push("my_chat_member", change)
    shown = await desk.shown(ANA, "On vient de m’ajouter à Actualités")
    assert f'place = "telegram:{CHANNEL}"' in shown["text"]


async def test_inline_mode_points_to_commands(desk: Desk) -> None:
    await desk.start()
    desk.network.ask_inline(ANA, "lettre")
    await desk.until(lambda: desk.network.inline)
    found, club = desk.network.inline
    assert (found["title"], found["description"]) == ("/digest apercu", "La prochaine lettre")
    assert found["input_message_content"]["message_text"] == "<b>/digest apercu</b> — La prochaine lettre"
    [[key]] = found["reply_markup"]["inline_keyboard"]
    assert key == {"text": "Ouvrir le Club ÉcoQuartier", "url": "https://t.me/club_bot?start=c_digest_apercu"}
    assert club["title"] == "Club ÉcoQuartier : s’abonner en privé"


async def test_inline_mode_offers_answers_with_their_source(desk: Desk) -> None:
    async def find(question: str) -> Verdict:
        return Verdict(Outcome.ANSWER, COST, 0.9, (CLUB, HELLO))

    share = sharer(Settings(knowledge=Knowledge(find)), Texts(), lambda: datetime(2027, 3, 9, tzinfo=UTC))
    desk.bot = Telegram(TOKEN, Texts(), hub=Services(share=share), request=Direct(desk.network))
    await desk.start()
    desk.network.ask_inline(ANA, "prix du label")
    await desk.until(lambda: desk.network.inline)
    cost, club, about = desk.network.inline
    assert (cost["title"], cost["description"]) == ("Le label est-il payant ?", "Réponse de cout.")
    assert "Source : " in cost["input_message_content"]["message_text"]
    assert cost["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/club_bot?start=c_faq"
    assert (club["title"], about["id"]) == ("Comment rejoindre le club ?", "club")


@pytest.mark.parametrize("words", ["", "/", "rien de tel"])
async def test_inline_mode_always_has_the_club_to_share(desk: Desk, words: str) -> None:
    await desk.start()
    desk.network.ask_inline(ANA, words)
    await desk.until(lambda: desk.network.inline)
    club = desk.network.inline[0]
    assert club["id"] == "club"
    assert "par thème et par région" in club["input_message_content"]["message_text"]
    [[key]] = club["reply_markup"]["inline_keyboard"]
    assert key["url"] == "https://t.me/club_bot?start=c_abonner"


async def test_a_long_letter_goes_on_where_it_stopped(desk: Desk) -> None:
    await desk.start()
    lines = [f"ligne {n} " + "x" * 90 for n in range(130)]
    long = Message(as_text("\n".join(lines)), (Action("Oui", "x", token="t"),))
    noted: list[tuple[int, str]] = []

    async def note(count: int, ref: str) -> None:
        noted.append((count, ref))

    desk.network.moods.append(("sendMessage", lambda: None))
    desk.network.fails(No(502, "Bad Gateway"))
    with pytest.raises(TryLater) as wait:
        await desk.bot.send(here(ANA), long, "k", Parts(note=note))
    assert not wait.value.doubt
    [(count, first)] = noted
    ref = await desk.bot.send(here(ANA), long, "k", Parts(count, first, note))
    assert "\n".join(desk.network.texts(ANA)) == "\n".join(lines)
    assert ref.split(",") == [str(ident) for ident in desk.network.messages[ANA]]
    await desk.bot.edit(here(ANA), ref, Message(as_text("court")))
    assert desk.network.texts(ANA) == ["court"]


async def test_the_same_key_is_sent_again_only_when_it_failed(desk: Desk) -> None:
    await desk.start()
    desk.network.fails(No(500, "Internal Server Error"))
    with pytest.raises(TryLater):
        await desk.bot.send(here(ANA), Message(as_text("x")), "k")
    first = await desk.bot.send(here(ANA), Message(as_text("x")), "k")
    assert await desk.bot.send(here(ANA), Message(as_text("x")), "k") == first
    assert desk.network.texts(ANA) == ["x"]


CASES = [
    (No(429, "Too Many Requests: retry after 7", retry_after=7), TryLater(7, told=True)),
    (No(500, "Internal Server Error"), TryLater(5)),
    (No(401, "Unauthorized"), TryLater(60)),
    (No(403, "Forbidden: bot was blocked by the user"), Unreachable("unreachable-blocked")),
    (No(403, "Forbidden: user is deactivated"), Unreachable("unreachable-gone")),
    (No(403, "Forbidden: bot was kicked from the supergroup chat"), Unreachable("unreachable-gone")),
    (No(400, "Bad Request: chat not found"), Unreachable("unreachable-gone")),
    (No(400, "Bad Request: have no rights to send a message"), Unreachable("unreachable-forbidden")),
    (No(400, "Bad Request: not enough rights to send text messages to the chat"), Unreachable("unreachable-forbidden")),
    (No(400, "Bad Request: need administrator rights in the channel chat"), Unreachable("unreachable-forbidden")),
    (No(400, "Bad Request: CHAT_RESTRICTED"), Unreachable("unreachable-forbidden")),
    (No(400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"), Unreachable("unreachable-forbidden")),
    (No(400, "Bad Request: CHAT_ADMIN_REQUIRED"), Unreachable("unreachable-forbidden")),
    (No(400, "Bad Request: USER_BANNED_IN_CHANNEL"), Unreachable("unreachable-forbidden")),
    (No(403, "Forbidden: CHAT_WRITE_FORBIDDEN"), Unreachable("unreachable-forbidden")),
    (No(403, "Forbidden: bot is not a member of the channel chat"), Unreachable("unreachable-forbidden")),
    (No(403, "Forbidden: a word that is new"), Unreachable("unreachable-forbidden")),
    (No(403, "Forbidden: the group chat was deleted"), Unreachable("unreachable-gone")),
    (No(403, "Forbidden: bots can't send messages to bots"), Unreachable("unreachable-gone")),
    (No(403, "Forbidden: bot can't initiate conversation with a user"), Unreachable("unreachable-blocked")),
    (No(400, "Bad Request: TOPIC_DELETED"), Unreachable("unreachable-gone")),
    (No(400, "Bad Request: BUTTON_USER_PRIVACY_RESTRICTED"), Malformed("Button_user_privacy_restricted")),
    (No(400, "Bad Request: TOPIC_CLOSED"), Unreachable("unreachable-closed")),
    (No(400, "Bad Request: message thread not found"), Unreachable("unreachable-closed")),
    (No(400, "Bad Request: x", migrate_to_chat_id=-1007), Moved(here(-1007))),
    (No(400, "Bad Request: can't parse entities"), Malformed("Can't parse entities")),
]


@pytest.mark.parametrize(("no", "meant"), CASES, ids=[str(no) for no, _ in CASES])
async def test_every_no_is_understood(desk: Desk, no: No, meant: Exception) -> None:
    await desk.start()
    desk.network.fails(no)
    with pytest.raises(type(meant)) as raised:
        await desk.bot.send(here(GROUP), Message(as_text("x")), "k")
    told = {name: value for name, value in vars(raised.value).items() if not name.startswith("__")}
    assert {k: v.casefold() if isinstance(v, str) else v for k, v in told.items()} == {
        k: v.casefold() if isinstance(v, str) else v for k, v in vars(meant).items()
    }


async def test_a_lost_answer_leaves_a_doubt(desk: Desk) -> None:
    await desk.start()
    desk.network.drops_the_answer()
    with pytest.raises(TryLater) as wait:
        await desk.bot.send(here(ANA), Message(as_text("x")), "k")
    assert wait.value.doubt
    assert desk.network.texts(ANA) == ["x"]


@pytest.mark.parametrize("ident", ["", "abc", "-", "--5", "1" * 30, "²", "@é"])
def test_what_is_no_place_of_telegram(ident: str) -> None:
    with pytest.raises(Unreachable):
        address(Place("telegram", ident))


def test_places_of_telegram() -> None:
    assert address(here(GROUP, "7")) == (GROUP, 7)
    assert address(Place("telegram", "@actus")) == ("@actus", None)
    with pytest.raises(Unreachable):
        address(here(GROUP, "x"))


async def test_a_closed_network_keeps_letters_waiting(desk: Desk) -> None:
    with pytest.raises(TryLater) as wait:
        await desk.bot.send(here(ANA), Message(as_text("x")), "k")
    assert not wait.value.doubt


async def test_a_token_that_is_refused_is_never_said(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    wrong = TOKEN[:-1] + "x"
    bot = Telegram(wrong, Texts(), request=Direct(desk.network))
    with pytest.raises(NotOpen) as closed:
        await bot.start(COMMANDS, desk.answer)
    assert closed.value.why == "network-token-refused"
    chain: BaseException | None = closed.value
    while chain is not None:
        assert wrong not in str(chain)
        chain = chain.__cause__


async def test_a_network_that_is_away_can_be_opened_later(desk: Desk) -> None:
    desk.network.down = True
    with pytest.raises(NotOpen) as closed:
        await desk.start()
    assert closed.value.why == "network-away"
    desk.network.down = False
    await desk.start()
    desk.network.say(ANA, "me revoilà")
    await desk.shown(ANA, "reçu me revoilà")


async def test_a_second_poller_is_told_and_outlived(desk: Desk) -> None:
    desk.network.fails(No(409, "Conflict: terminated by other getUpdates request"), times=5, method="getUpdates")
    await desk.start()
    desk.network.say(ANA, "toujours là")
    await desk.shown(ANA, "reçu toujours là")
    assert desk.closed == ["network-twice"] * 5 + [""]


CLOSED = [
    (No(401, "Unauthorized"), "network-token-refused"),
    (No(429, "Too Many Requests: retry after 1", retry_after=1), "network-busy"),
    (No(502, "Bad Gateway"), "network-away"),
    (Silence(), "network-away"),
    (ValueError("bug"), "network-away"),
]


@pytest.mark.parametrize(("no", "why"), CLOSED)
async def test_how_listening_goes_is_told_as_it_changes(desk: Desk, no: Exception, why: str) -> None:
    desk.network.fails(no, method="getUpdates")
    await desk.start()
    desk.network.say(ANA, "toujours là")
    await desk.shown(ANA, "reçu toujours là")
    assert desk.closed == [why, ""]


async def test_what_was_not_acted_on_is_brought_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = asyncio.Event()

    async def answer(request: Request) -> Message:
        desk.heard.append(request)
        desk.network.seen.set()
        await gate.wait()
        return Message(as_text("fait"))

    await desk.bot.start(COMMANDS, answer)
    desk.network.say(ANA, "un")
    await desk.until(lambda: desk.heard)
    assert len(desk.network.updates) == 1  # not confirmed: the hub has not acted
    gate.set()
    await desk.shown(ANA, "fait")
    await desk.until(lambda: desk.network.called("getUpdates")[-1].get("offset") and not desk.network.updates)


async def test_a_webhook_lets_in_whoever_knows_the_secret(desk: Desk) -> None:
    site = Site("127.0.0.1", 0)
    await site.open()
    hook = Webhook("https://hub.exemple.fr/telegram", "a-secret", site.attach)
    bot = Telegram(TOKEN, Texts(), webhook=hook, request=Direct(desk.network))
    await bot.start(COMMANDS, desk.answer)
    assert desk.network.webhook["url"] == hook.url
    assert desk.network.webhook["secret_token"] == "a-secret"
    assert "a-secret" not in repr(hook)
    desk.network.say(ANA, "bonjour")
    [update] = desk.network.updates
    url = f"http://127.0.0.1:{site.port}/telegram"
    async with aiohttp.ClientSession() as web:
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "other"}, {"X-Telegram-Bot-Api-Secret-Token": "é"}):
            async with web.post(url, data=b"{" * 100, headers=headers) as refused:
                assert refused.status == 403
        good = {"X-Telegram-Bot-Api-Secret-Token": "a-secret"}
        async with web.post(url, data=b"{not json", headers=good) as refused:
            assert refused.status == 400
        async with web.post(url, json=update, headers=good) as taken:
            assert taken.status == 200
        assert [(request.words, request.update) for request in desk.heard] == [("bonjour", str(update["update_id"]))]
        await bot.stop()
        async with web.post(url, json=update, headers=good) as gone:
            assert gone.status == 404
    await site.close()
    assert not desk.network.called("getUpdates")
    await desk.start()
    assert desk.network.called("deleteWebhook")


async def test_stopping_lets_an_answer_on_its_way_arrive(desk: Desk) -> None:
    await desk.start()
    desk.network.say(ANA, "dernier")
    await desk.until(lambda: desk.heard)
    await desk.bot.stop()
    assert desk.network.texts(ANA) == ["reçu dernier"]


async def test_one_bad_update_stops_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    await desk.start()
    desk.network.fails(RuntimeError("on purpose"), method="answerCallbackQuery")
    await desk.bot.send(here(ANA), Message(as_text("?"), (Action("Oui", "x", token="t"),)), "k")
    desk.network.press(ANA, "Oui")
    await desk.shown(ANA, "reçu")
    desk.network.say(ANA, "après")
    await desk.shown(ANA, "reçu après")


def test_plain_words_of_a_refusal() -> None:
    assert calls.why_unreachable("Bad Request: message is too long") == ""
    assert plain(Texts().lines("telegram-words-only"))
