"""How far a run is: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SECONDS_BETWEEN_LINES = 30

Advance = Callable[[int], object]


@contextmanager
def show_progress(console: Console, count_pages: Callable[[], int | None]) -> Iterator[Advance]:
    """A function to call with each number of pages finished. The total is counted beside the work."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("pages"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("pages", total=None)
        Thread(target=lambda: progress.update(task, total=count_pages()), daemon=True).start()
        yield lambda pages: progress.advance(task, pages)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} pages/s" if task.speed else "- pages/s")


def _lines(console: Console) -> Advance:
    return now_and_then(lambda pages, rate: console.print(f"{pages:,} pages, {rate:,.0f} pages/s"))


def now_and_then(say: Callable[[int, float], object]) -> Advance:
    """A count of finished pages that says how many there are, and how many a second."""
    started = said = monotonic()
    done = 0

    def advance(pages: int) -> None:
        nonlocal said, done
        done += pages
        now = monotonic()
        if now - said >= SECONDS_BETWEEN_LINES:
            said = now
            say(done, done / (now - started))

    return advance
