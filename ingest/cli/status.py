"""`ingest status`: how large a dataset is, how its runs went, and what is unfinished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.options import printable
from ingest.status import DatasetStatus, read_status


def register(app: typer.Typer) -> None:
    app.command()(status)


def status(
    out: Annotated[str, typer.Argument(help="The dataset's folder or URI.", metavar="OUT")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say how large the dataset OUT is, how its last runs went, and what is unfinished.

    Exit codes:

    - 0 done
    - 1 there is no dataset in OUT
    - 2 wrong usage
    """
    found = read_status(out)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        _show(found, Console(highlight=False))


def _show(found: DatasetStatus, console: Console) -> None:
    for name, table in (("records", found.records), ("rejects", found.rejects)):
        size = f"{table.rows:,} rows in {table.parts:,} parts, {table.bytes / 1e6:,.1f} MB"
        console.print(f"{name}  {size}")
    if found.reasons:
        console.print("rejects by reason: " + _counts(found.reasons))
    if found.largest_sites:
        console.print(f"{found.sites:,} sites: " + _counts(found.largest_sites), markup=False)
    if found.last_runs:
        console.print(_runs_table(found.last_runs))
    for sentence in found.unfinished:
        console.print(printable(sentence), markup=False)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{printable(name)} {number:,}" for name, number in counts.items())


def _runs_table(runs: list[dict[str, Any]]) -> Table:
    table = Table(show_edge=False)
    columns = ("run_id", "command", "status", "read", "records", "rejects", "skipped", "seconds")
    for name in columns:
        table.add_column(name, justify="left" if name in columns[:3] else "right")
    for run in runs:
        values = {"command": "run", **run, "rejects": sum((run.get("rejects") or {}).values())}
        table.add_row(*(Text(_value(values.get(name))) for name in columns))
    return table


def _value(value: object) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else printable(str(value or ""))
