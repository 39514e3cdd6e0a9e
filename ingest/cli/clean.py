"""`ingest clean`: one page, printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import typer
from rich.console import Console

from ingest.cli.explain import explain
from ingest.cli.options import Exclude, Include, printable, rule_folders, settings_of
from ingest.errors import UsageError
from ingest.markdown import to_markdown, with_links
from ingest.pipeline import Refused, clean_page, read_article
from ingest.records import RawPage, Record, Reject
from ingest.rules import load_rules
from ingest.sources import find_source, read_source
from ingest.trace import trace_page

REFUSED = 3
"""Exit code for a page that gave no article."""


def register(app: typer.Typer) -> None:
    app.command(name="clean")(clean)


def clean(
    page: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A page, or - to read it from standard input.")
    ],
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The page's address, when it does not say it itself."),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A folder of rule files laid over the bundled ones."),
    ] = None,
    media_type: Annotated[
        str | None,
        typer.Option(
            metavar="TYPE", help="text/html, text/plain or text/markdown, when the name does not tell."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole record as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the article as Markdown.")] = False,
    links: Annotated[bool, typer.Option("--links", help="With --markdown: keep the page's links.")] = False,
    include: Include = None,
    exclude: Exclude = None,
    explain_it: Annotated[
        bool, typer.Option("--explain", help="Show every block with its verdict and rule.")
    ] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Print the same explanation, and more, as JSON.")
    ] = False,
) -> None:
    """Print one page as readable text.

    Exit codes:

    - 0 an article
    - 1 failed
    - 2 wrong usage or bad rules
    - 3 the page is no article; the reason is printed
    """
    if sum((as_json, markdown, explain_it, trace)) > 1:
        raise UsageError("Choose one of --json, --markdown, --explain and --trace.")
    settings = settings_of(include, exclude)
    raw = _read(page, url, media_type)
    rulebook = load_rules(*rule_folders(rules))
    if isinstance(raw, Reject):
        _refuse(raw, as_json)
    if trace:
        print(
            msgspec.json.format(msgspec.json.encode(trace_page(raw, rulebook, settings)), indent=2).decode()
        )
        return
    if explain_it:
        article = read_article(raw, rulebook, settings)
        if not isinstance(article, Refused):
            explain(article, trace_page(raw, rulebook, settings), Console())
            return
    result = clean_page(raw, rulebook, settings)
    if isinstance(result, Reject):
        _refuse(result, as_json)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
    elif markdown:
        article = read_article(raw, rulebook, settings, links=links)
        blocks = None if isinstance(article, Refused) else with_links(article)
        print(_safe(to_markdown(result, settings, blocks=blocks)), end="")
    else:
        print(_safe(readable(result)), end="")


def _read(page: str, url: str | None, media_type: str | None) -> RawPage | Reject:
    if page == "-":
        return RawPage(data=sys.stdin.buffer.read(), source="-", url=url, media_type=media_type)
    raw = read_source(find_source(page))
    if isinstance(raw, Reject):
        return raw
    return msgspec.structs.replace(raw, url=url or raw.url, media_type=media_type or raw.media_type)


def _refuse(reject: Reject, as_json: bool) -> NoReturn:
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(reject), indent=2).decode())
    else:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            printable(f"No article: {reject.reason}. {reject.detail}."), markup=False
        )
    raise typer.Exit(REFUSED)


def readable(record: Record) -> str:
    """The article as a person would read it: title, deck, byline and date, body."""
    head = [record.title] if record.title else []
    if record.deck:
        head.append(record.deck)
    line = [", ".join(record.authors)] if record.authors else []
    if record.published:
        line.append(
            f"{record.published:%Y-%m-%d %H:%M} UTC"
            if record.published_has_time
            else f"{record.published:%Y-%m-%d}"
        )
    if line:
        head.append(" · ".join(line))
    return "\n\n".join([*head, record.body]) + "\n"


def _safe(text: str) -> str:
    """The text without control characters a terminal would obey."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t" or char > "\x9f")
