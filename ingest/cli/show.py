"""`ingest show`: what is in a dataset."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.options import printable
from ingest.store import read, read_rejects

COLUMNS = ["published", "site", "title", "words_kept", "words_removed", "method", "source"]


def register(app: typer.Typer) -> None:
    app.command()(show)


def show(
    out: Annotated[str, typer.Argument(help="The dataset's folder or URI.", metavar="OUT")],
    site: Annotated[str | None, typer.Option(help="Only this site's articles.", metavar="HOST")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many articles, the newest first.", metavar="N")] = 20,
) -> None:
    """List the newest articles of the dataset OUT, and count what it holds.

    Exit codes:

    - 0 done
    - 1 there is no dataset in OUT
    - 2 wrong usage
    """
    only = None if site is None else pc.field("site") == site
    newest, sites = _read_newest(out, only, limit)
    refused = read_rejects(out).to_table(columns=["reason"], filter=only)
    reasons = Counter(refused.column("reason").to_pylist())
    console = Console(highlight=False)
    if newest.num_rows:
        console.print(_articles_table(newest))
    console.print(_say_totals(sites, reasons), markup=False)


def _read_newest(out: str, only: Any, limit: int) -> tuple[pa.Table, Counter[str | None]]:
    """The newest articles, those without a date last, and the number of articles of each site; in one pass."""
    dataset = read(out)
    newest = pa.schema([dataset.schema.field(name) for name in COLUMNS]).empty_table()
    sites: Counter[str | None] = Counter()
    for batch in dataset.to_batches(columns=COLUMNS, filter=only):
        sites.update(batch.column("site").to_pylist())
        rows = pa.concat_tables([newest, pa.Table.from_batches([batch])])
        order = pc.sort_indices(rows, [("published", "descending"), ("source", "ascending")])
        newest = rows.take(order[:limit])
    return newest, sites


def _articles_table(articles: pa.Table) -> Table:
    table = Table(show_edge=False)
    for name in ("published", "site", "title", "words", "removed", "method", "source"):
        justify: Literal["left", "right"] = "right" if name in ("words", "removed") else "left"
        table.add_column(name, justify=justify, no_wrap=name not in ("site", "title", "source"))
    for row in articles.to_pylist():
        table.add_row(
            f"{row['published']:%Y-%m-%d}" if row["published"] else "",
            _cell(row["site"]),
            _cell(row["title"]),
            f"{row['words_kept']:,}",
            f"{row['words_removed']:,}",
            _cell(row["method"]),
            _cell(Path(row["source"]).name),
        )
    return table


def _cell(text: str | None) -> Text:
    return Text(printable(text or ""), overflow="ellipsis", no_wrap=True)


def _say_totals(sites: Counter[str | None], reasons: Counter[str]) -> str:
    refused = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common())
    counts = f"articles {sites.total():,}, sites {len(sites):,}, rejects {reasons.total():,}"
    return f"{counts} ({refused})" if refused else counts
