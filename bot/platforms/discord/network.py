"""Discord: discord.py keeps the connection that listens, our own calls speak. Nothing is opened before `start`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote, urlsplit

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.platforms.base import WHOLE, Answer, Finding, NotOpen, Parts, Read, Services, Suggest, no_suggestion
from bot.platforms.discord.calls import ROOT, Call, Calls, Refusal
from bot.platforms.discord.interactions import InteractionHandler
from bot.platforms.discord.letters import Letters
from bot.platforms.discord.listening import Listener
from bot.platforms.discord.menu import Menu, same
from bot.platforms.discord.messages import MessageHandler
from bot.platforms.discord.place_events import Watch
from bot.platforms.discord.read import FILE
from bot.platforms.discord.rights import examine
from club.dialogue import Choice, Command, Message, Request
from club.filetype import Received
from club.people import Person, Place, Role
from club.refusal import Refused
from club.texts import Texts

log = logging.getLogger(__name__)

READY = 20.0  # seconds for the connection to open
LAST = 1.0  # seconds that answers on their way have when stopping, and that the connection has to close
KEEPERS = ("cdn.discordapp.com", "media.discordapp.net")  # where Discord keeps what people send
AGAIN = (5.0, 300.0)  # seconds before a lost connection is opened anew: at first, at most


def make_client() -> discord.Client:
    """A client that was not started: no privileged intent, no cache of messages or members, nobody mentioned."""
    # The library would warn that it cannot talk aloud, which nobody asked for.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    return discord.Client(
        intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
        allowed_mentions=discord.AllowedMentions.none(),
        max_messages=None,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        guild_ready_timeout=0.3,
    )


class Discord:
    """The network `discord`: private talks `discord:<person>`, channels `discord:<channel>`, threads and posts
    `discord:<channel>:<thread>`. `roles` maps ids of roles of the server to the hub's."""

    name = "discord"

    def __init__(
        self,
        token: str,
        texts: Texts,
        *,
        api_url: str = ROOT,
        guild: str = "",
        roles: Mapping[str, Role] | None = None,
        hub: Services | None = None,
        suggest: Suggest = no_suggestion,
        client: Callable[[], discord.Client] = make_client,
        call: Call | None = None,
    ) -> None:
        self._token = token
        self._root = api_url.rstrip("/")
        self._texts = texts
        self._make_client = client
        self._calls = Calls(self._root, token)
        self._call: Call = call or self._calls
        self.roles = dict(roles or {})
        self._ears = Listener(self._call, texts, guild, self.roles, hub or Services(), suggest)
        self._words = MessageHandler(self._ears)
        self._letters = Letters(self._call, texts, lambda ident: self.client.get_channel(ident))
        self.client = self._new_client()
        self._connection: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None

    def _new_client(self) -> discord.Client:
        client = self._make_client()
        ears, words = self._ears, self._words
        talk = InteractionHandler(ears, words)

        async def on_disconnect() -> None:
            self._tell(client, "network-away")

        async def on_ready() -> None:
            self._tell(client)

        async def on_resumed() -> None:
            self._tell(client)

        async def on_interaction(event: discord.Interaction) -> None:
            ears.start(talk.hear(event))

        async def on_message(message: discord.Message) -> None:
            ears.me = client.user.id if client.user else ears.me
            words.hear(message)

        for heard in (on_disconnect, on_ready, on_resumed, on_interaction, on_message):
            client.event(heard)
        Watch(ears).attach(client)
        return client

    def _tell(self, client: discord.Client, closed: str = "") -> None:
        """How listening goes, from when it was open to when it is stopped."""
        if self._listening and client is self.client:
            self._ears.hub.closed(closed)

    # Listening

    async def start(self, commands: Sequence[Command], answer: Answer) -> None:
        """Log in, register the commands when they changed, listen; NotOpen when Discord refuses or is away."""
        self.prepare(commands, answer)
        if self.client.is_closed() or self._listening:
            await self.stop()
            self.client = self._new_client()
        await self._open()
        self._listening = asyncio.create_task(self._keep_listening())

    def prepare(self, commands: Sequence[Command], answer: Answer) -> None:
        """Know the commands and whom to ask."""
        self._ears.menu, self._ears.answer = Menu(commands), answer

    async def _open(self) -> None:
        # The library keeps its addresses in its classes: one Discord a process.
        Route.BASE = self._root
        try:
            await self.client.login(self._token)
            self._ears.me = self.client.user.id if self.client.user else 0
            gateway = await self._call("GET", "/gateway")
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway["url"])
            await self.register()
            await self._connect()
        except (Refusal, discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, KeyError) as away:
            await self._close()
            raise NotOpen(_why(away)) from away
        except BaseException:
            await self._close()
            raise

    async def register(self) -> None:
        """Tell Discord our commands, unless it knows them so already."""
        path = f"/applications/{self.client.application_id}/commands"
        ours = self._ears.menu.bodies(await self._fixed_choices())
        if not same(ours, await self._call("GET", path) or []):
            await self._call("PUT", path, ours)
            log.info("commands registered", extra={"count": len(ours)})

    async def _fixed_choices(self) -> dict[tuple[str, str], Sequence[Choice]]:
        nobody = Request(Person(self.name, ""), Place(self.name, ""))
        return {
            (command.name, blank.name): await self._ears.suggest(_asking(nobody, command), blank.name)
            for command, blank in self._ears.menu.fixed()
        }

    async def _connect(self) -> None:
        """Return once events come."""
        connection = asyncio.create_task(self.client.connect(reconnect=True))
        ready = asyncio.create_task(self.client.wait_until_ready())
        self._connection = connection
        try:
            async with asyncio.timeout(READY):
                await asyncio.wait({connection, ready}, return_when=asyncio.FIRST_COMPLETED)
            if connection.done():
                connection.result()
                raise TimeoutError
        finally:
            ready.cancel()
            await asyncio.gather(ready, return_exceptions=True)

    async def _keep_listening(self) -> None:
        """The library resumes what it can; what it gives up is opened anew, later and later."""
        while self._connection:
            ended = (await asyncio.gather(self._connection, return_exceptions=True))[0]
            log.warning("connection lost", extra={"why": type(ended).__name__})
            self._ears.hub.closed(_why(ended))
            wait, most = AGAIN
            while not await self._opened_after(wait):
                wait = min(wait * 2, most)
            self._ears.hub.closed("")

    async def _opened_after(self, wait: float) -> bool:
        await asyncio.sleep(wait)
        await self._close()
        self.client = self._new_client()
        try:
            await self._open()
        except NotOpen as still:
            log.warning("network still closed", extra={"platform": self.name, "why": still.why})
            self._ears.hub.closed(still.why)
            return False
        return True

    async def stop(self) -> None:
        """Stop listening; answers on their way have a second."""
        listening, self._listening = self._listening, None
        if listening:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        await asyncio.gather(self._ears.end(LAST), self._close())
        await self._calls.close()

    async def _close(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST):
                await self.client.close()
        if self._connection:
            self._connection.cancel()
            await asyncio.gather(self._connection, return_exceptions=True)

    # Speaking

    async def send(self, place: Place, message: Message, key: str, parts: Parts = WHOLE) -> str:
        """Show it there; the reference is the numbers of its messages, joined by « + »."""
        return await self._letters.send(place, message, key, parts)

    async def edit(self, place: Place, ref: str, message: Message) -> None:
        """Show it instead; parts too many go, further ones follow."""
        await self._letters.edit(place, ref, message)

    async def fetch(self, handle: str, read: Read) -> Received:
        """The file with this handle, which is its address at Discord's."""
        url = handle.removeprefix(FILE)
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        if parts.hostname not in {*KEEPERS, urlsplit(self._root).hostname}:
            raise Refused("file-gone")
        return Received(unquote(parts.path).rpartition("/")[2], await read(url))

    # Looking

    async def examine(self, places: Sequence[tuple[Place, str]]) -> list[Finding]:
        """The token, the server, and what the bot lacks in each of these places; nothing is listened to."""
        try:
            return await examine(self._call, places, self._ears.guild, self._texts)
        finally:
            await self._calls.close()


def _why(ended: BaseException | None) -> str:
    """Why the network is closed, as a text key; 4004 is the gateway's word for a token that it refuses."""
    if isinstance(ended, discord.LoginFailure) or (isinstance(ended, discord.ConnectionClosed) and ended.code == 4004):
        return "network-token-refused"
    return "network-token-refused" if isinstance(ended, Refusal) and ended.status == 401 else "network-away"


def _asking(nobody: Request, command: Command) -> Request:
    return Request(nobody.person, nobody.place, words=f"/{command.name}")
