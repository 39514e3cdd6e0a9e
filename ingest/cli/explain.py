"""Every block of a page with its verdict, for eyes."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.article import Article
from ingest.cli.options import printable
from ingest.labels import Cut
from ingest.trace import Trace
from ingest.words import count_words

SHORT = 60

COLOURS = {
    "plea": "red",
    "newsletter": "red",
    "cookie": "yellow",
    "legal": "yellow",
    "ad": "yellow",
    "caption": "cyan",
    "credit": "cyan",
    "title": "green",
    "deck": "green",
    "byline": "green",
    "date": "green",
    "promo": "magenta",
    "related": "magenta",
    "share": "blue",
    "nav": "blue",
    "comments": "blue",
    "furniture": "blue",
}


def explain(article: Article, trace: Trace, console: Console) -> None:
    """Print what the page was taken for, each field with its candidates, and each block with its verdict."""
    console.print(_head(article, trace))
    for title, table in (
        ("layouts", _layouts(trace)),
        ("selectors", _selectors(trace)),
        ("fields", _fields(trace)),
    ):
        if table.row_count:
            console.print(Text(title, style="bold"))
            console.print(table)
    console.print(Text("blocks", style="bold"))
    console.print(_blocks(article, trace))
    kept = sum(
        count_words(b.text) for b, label in zip(article.blocks, article.labels, strict=True) if not label
    )
    total = sum(count_words(block.text) for block in article.blocks)
    console.print(
        f"{kept} words kept, {total - kept} removed, {article.words_outside} outside the article's scope."
    )


def _head(article: Article, trace: Trace) -> Text:
    layout = f"layout {article.layout}" if article.layout else "no layout"
    flags = f"; flags: {', '.join(article.flags)}" if article.flags else ""
    site = f"{article.site or 'unknown site'} (by {trace.site_by})"
    scope = f"scope: {trace.container or 'every line'}"
    return Text(printable(f"{site} · {article.method} · {layout} · {scope}{flags}"), style="bold")


def _layouts(trace: Trace) -> Table:
    table = _plain_table()
    for check in trace.layouts:
        style = "green" if check.chosen else "dim"
        table.add_row(Text(f"  {check.layout}", style=style), Text(printable(check.why), style=style))
    return table


def _selectors(trace: Trace) -> Table:
    table = _plain_table()
    for hits in trace.selectors:
        style = "" if hits.nodes else "dim"
        found = f"{hits.nodes} found" if hits.nodes else "nothing found"
        cells = (f"  {hits.use}", hits.css, found, (hits.example or "")[:SHORT])
        table.add_row(*(Text(printable(cell), style=style) for cell in cells))
    return table


def _fields(trace: Trace) -> Table:
    table = _plain_table()
    for name, field in trace.fields.items():
        origin = field.origin or ""
        table.add_row(Text(f"  {name}", style="green"), Text(origin), Text(printable(field.value or "–")))
        for candidate in field.candidates:
            where = f"{candidate.origin} {candidate.name}"
            cells = ("", where, candidate.value[: 2 * SHORT])
            table.add_row(*(Text(printable(cell), style="dim") for cell in cells))
    return table


def _plain_table() -> Table:
    return Table(show_header=False, box=None, padding=(0, 2, 0, 0))


def _blocks(article: Article, trace: Trace) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), expand=True)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("rule", overflow="fold", max_width=32)
    table.add_column("text", ratio=1, overflow="fold")
    for place, block in enumerate(article.blocks):
        label, cuts = article.labels[place], article.cuts[place]
        if label is not None:
            style = COLOURS.get(label.kind, "red")
            pattern = trace.blocks[place].pattern
            verdict, rule = Text(label.kind, style=style), Text(label.rule, style=style)
            if pattern:
                rule.append(f"\n{printable(pattern)[:SHORT]}", style="dim")
            text = Text(printable(block.text), style=f"{style} strike")
        else:
            verdict, rule = Text("keep" if block.kind == "paragraph" else block.kind), Text("")
            text = _with_cuts(block.text, cuts)
            if cuts:
                rule = Text(", ".join(cut.rule for cut in cuts), style=COLOURS.get(cuts[0].kind, "red"))
        table.add_row(str(place), verdict, rule, text)
    return table


def _with_cuts(text: str, cuts: tuple[Cut, ...]) -> Text:
    shown = Text(printable(text))
    for cut in cuts:
        shown.stylize(f"{COLOURS.get(cut.kind, 'red')} strike", cut.start, cut.end)
    return shown
