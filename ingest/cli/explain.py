"""Every block of a page with its verdict, for eyes."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.article import Article
from ingest.cli.options import printable
from ingest.labels import Cut
from ingest.words import count_words

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


def explain(article: Article, console: Console) -> None:
    """Print what the page was taken for, each field with its origin, and each block with its verdict."""
    console.print(_head(article))
    console.print(_fields(article))
    console.print(_blocks(article))
    kept = sum(
        count_words(b.text) for b, label in zip(article.blocks, article.labels, strict=True) if not label
    )
    total = sum(count_words(block.text) for block in article.blocks)
    console.print(
        f"{kept} words kept, {total - kept} removed, {article.words_outside} outside the article's scope."
    )


def _head(article: Article) -> Text:
    layout = f"layout {article.layout}" if article.layout else "no layout"
    container = article.facts.origins.get("body", "every line")
    flags = f"; flags: {', '.join(article.flags)}" if article.flags else ""
    site = article.site or "unknown site"
    return Text(printable(f"{site} · {article.method} · {layout} · scope: {container}{flags}"), style="bold")


def _fields(article: Article) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    facts = article.facts
    for name in ("title", "deck", "authors", "published", "section", "tags", "language", "access"):
        value = getattr(facts, name)
        if value:
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            origin = facts.origins.get(name, "")
            table.add_row(Text(name, style="green"), Text(printable(shown)), Text(origin, style="dim"))
    return table


def _blocks(article: Article) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), expand=True)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("rule", overflow="fold", max_width=32)
    table.add_column("text", ratio=1, overflow="fold")
    for place, block in enumerate(article.blocks):
        label, cuts = article.labels[place], article.cuts[place]
        if label is not None:
            style = COLOURS.get(label.kind, "red")
            verdict, rule = Text(label.kind, style=style), Text(label.rule, style=style)
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
