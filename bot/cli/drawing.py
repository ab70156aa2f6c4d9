"""Tables and progress, by Rich; imported by the commands that draw, when they draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.cli.base import TEXTS


def draw_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout; what stands in its cells is text, never markup."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(TEXTS.plain(column), overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal, nothing elsewhere; call what it gives with how much is done."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(TEXTS.plain(label), total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def working(label: str) -> Iterator[None]:
    """A sign on stderr, where that is a terminal, that something takes its time."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(TEXTS.plain(label)):
        yield
