"""The Telegram of ours over HTTP, as Telegram serves its Bot API: fields of a form, JSON back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.fakes.telegram import TOKEN, Silence, Telegram, Upload


@asynccontextmanager
async def serve(telegram: Telegram, port: int = 0) -> AsyncIterator[str]:
    """The address to be configured as `telegram.api_url`."""

    async def answer(request: web.Request) -> web.Response:
        form: dict[str, str] = {}
        files: dict[str, Upload] = {}
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.file.read(), value.content_type)
            else:
                form[name] = str(value)
        try:
            code, body = await telegram.call(request.match_info["token"], request.match_info["method"], form, files)
        except Silence:
            if request.transport:
                request.transport.abort()
            return web.Response()
        return web.json_response(body, status=code)

    async def give(request: web.Request) -> web.Response:
        data = telegram.files.get(request.match_info["name"])
        if request.match_info["token"] != TOKEN or data is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=data)

    app = web.Application(client_max_size=60 * 2**20)
    app.router.add_get("/file/bot{token}/documents/{name}.bin", give)
    app.router.add_route("*", "/bot{token}/{method}", answer)
    # A question that nobody waits for any more ends, as on Telegram.
    runner = web.AppRunner(app, shutdown_timeout=0, handle_signals=False, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    finally:
        await runner.cleanup()
