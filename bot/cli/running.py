"""`run` and `demo`: the hub itself."""

from __future__ import annotations

import asyncio
from functools import partial

import click

from bot.app import Opened, serve
from bot.cli.base import TEXTS, Port, exit_with, read_config, with_config
from bot.cli.database import say_warnings
from bot.hub.liveness import health_url
from bot.hub.plan import Plan, plan_of
from bot.hub.site import Busy
from bot.logs import set_up_logs
from bot.platforms.networks import BY_NAME
from bot.toml.faults import ConfigError, render_faults
from storage.health import explained
from storage.store import Store


@click.command(help=TEXTS.plain("cli-run"))
@with_config
def run() -> None:
    """Everything that is configured."""
    config = read_config()
    say_warnings(config)
    plan = plan_of(config)
    set_up_logs(secrets=plan.secrets)
    try:
        with explained(plan.database_url):
            asyncio.run(serve(plan, partial(_say_ready, plan), reread=_reread))
    except Busy as busy:
        exit_with(TEXTS.plain("cli-run-port-busy", port=str(busy.port), section=busy.section))


def _reread() -> Plan | None:
    """What the file says now; None, said on stderr, when it cannot be used: the hub goes on as it is."""
    try:
        config = read_config()
    except ConfigError as error:
        click.echo(f"{render_faults(error, TEXTS)}\n{TEXTS.plain('cli-run-not-followed')}", err=True)
        return None
    if config.file is None:  # nothing is to be followed; every source would be paused
        click.echo(TEXTS.plain("cli-run-not-followed"), err=True)
        return None
    return plan_of(config)


@click.command(help=TEXTS.plain("cli-demo"))
@click.option("--port", type=Port(), metavar="PORT", default=8765, help=TEXTS.plain("cli-demo-port"))
@click.option("--console", is_flag=True, help=TEXTS.plain("cli-demo-console"))
@click.option("--reset", is_flag=True, help=TEXTS.plain("cli-demo-reset"))
def demo(port: int, *, console: bool, reset: bool) -> None:
    """A village, partners' sites and a chat, all on this machine."""
    from bot.demo.village import FOLDER, demonstrate, seed

    async def main() -> None:
        async with demonstrate(FOLDER, port, reset=reset, console=console) as plan:
            set_up_logs(FOLDER / "journal.log")

            async def prepare(store: Store) -> None:
                await seed(store, plan)

            with explained(plan.database_url):
                await serve(plan, partial(_say_ready, plan), prepare=prepare)

    try:
        asyncio.run(main())
    except Busy as busy:
        exit_with(TEXTS.plain("cli-port-busy", port=str(busy.port)))


def _say_ready(plan: Plan, opened: Opened) -> None:
    """One line, flushed, once sockets listen (choice A23); a network that is not open is said with its reason."""
    parts = [TEXTS.plain("cli-ready")]
    pages = [section.url for section in plan.networks.values() if section.url]
    parts.extend(TEXTS.plain("cli-ready-simulator", url=url) for url in pages)
    if plan.web is not None:
        parts.append(TEXTS.plain("cli-ready-web", url=health_url(plan.web)))
        if plan.is_demo:
            parts.append(TEXTS.plain("cli-ready-pages", url=f"{plan.public_url}/"))
    for name in plan.networks:
        said = TEXTS.plain(f"network-name-{name}")
        if name in opened.closed:
            parts.append(TEXTS.plain("cli-ready-closed", network=said, why=TEXTS.plain(opened.closed[name])))
        elif not BY_NAME[name].is_here:
            parts.append(said)
    if not plan.networks:
        parts.append(TEXTS.plain("cli-ready-no-network"))
    parts.append(TEXTS.plain("cli-ready-sources", count=opened.sources))
    parts.append(TEXTS.plain("cli-ready-channels", count=opened.channels))
    if plan.is_answering:
        parts.append(TEXTS.plain("cli-ready-answers"))
    click.echo(" · ".join(parts))
    for url in pages if plan.is_demo else ():
        click.echo(TEXTS.plain("cli-demo-open", url=url))
