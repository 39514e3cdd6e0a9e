"""`python -m benchmarks.ledger`: what a second run over unchanged sources costs before it finds nothing to do.

Makes a dataset of so many rows (unless it is there) and measures, in processes of their own: reading the ledger from
the dataset, and asking it for every source. For comparison the identity columns of the same files are read with
pyarrow alone.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Annotated, Any

import pyarrow as pa
import typer

from benchmarks.command import console
from ingest.ledger import IDENTITY, read_ledger
from ingest.records import Block, Record
from ingest.schema import records_table
from ingest.store import open_output, read, write_part

PART_ROWS = 512
"""As the runner makes them: many small parts is the worst case, and what a schedule leaves behind."""

WORDS = 300


def sources(rows: int) -> Iterator[tuple[str, str]]:
    """Source and stamp of each row, made of its number."""
    for number in range(rows):
        yield (
            f"/data/scraped/site-{number % 997}.example/2024/{number:09}.html",
            f"{number * 31}-{number * 37:019}",
        )


def make_dataset(out: Path, rows: int) -> None:
    """A dataset with that many records: own identities, and bodies from a few dozen."""
    random = Random(1)
    pool = records_table([_make_record(random) for _ in range(64)], "run-1", datetime(2024, 5, 1, tzinfo=UTC))
    open_output(out)
    every = sources(rows)
    for first in range(0, rows, PART_ROWS):
        numbers = range(first, min(first + PART_ROWS, rows))
        table = pool.take(pa.array([random.randrange(len(pool)) for _ in numbers]))
        names, stamps = zip(*(next(every) for _ in numbers), strict=True)
        columns = {
            "page_id": [blake2b(f"p{number}".encode(), digest_size=16).hexdigest() for number in numbers],
            "source": names,
            "source_digest": [
                blake2b(f"d{number}".encode(), digest_size=16).hexdigest() for number in numbers
            ],
            "source_stamp": stamps,
        }
        for name, values in columns.items():
            place = table.schema.get_field_index(name)
            table = table.set_column(place, table.schema.field(name), pa.array(values, pa.string()))
        write_part(table, out / "records", f"{first:09}")


def _make_record(random: Random) -> Record:
    body = " ".join("".join(random.choices("abcdefghijklmnop", k=random.randint(2, 9))) for _ in range(WORDS))
    return Record(
        page_id="",
        source="",
        source_digest="",
        media_type="text/html",
        site="site.example",
        body=body,
        blocks=(Block("paragraph", body),),
        method="generic",
    )


def measure(what: str, out: Path, rows: int) -> dict[str, Any]:
    """Seconds, of the clock and of the CPU, and the process's largest size in MB, after what was asked."""
    started = time.perf_counter()
    answer: dict[str, Any] = {}
    if what == "columns":
        for _ in read(out).to_batches(columns=list(IDENTITY[:-1])):
            pass
    elif what == "ledger":
        ledger = read_ledger(out)
        answer["read CPU s"] = round(time.process_time(), 2)
        asked = time.process_time()
        passed = sum(ledger.unchanged(source, stamp) for source, stamp in sources(rows))
        assert passed == rows, f"{rows - passed} of {rows} sources were not passed over"
        answer["asked a CPU second"] = round(rows / (time.process_time() - asked))
    answer["s"] = round(time.perf_counter() - started, 2)
    answer["CPU s"] = round(time.process_time(), 2)
    answer["MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return answer


def main(
    rows: Annotated[int, typer.Option(min=1, help="Rows of the dataset.")] = 1_000_000,
    out: Annotated[
        Path | None, typer.Option(help="Keep the dataset here, and use it if it is there.")
    ] = None,
    only: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure the ledger of a made-up dataset."""
    if only and out:
        print(json.dumps(measure(only, out, rows)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = out or Path(temporary) / "dataset"
        if not folder.exists():
            make_dataset(folder, rows)
        for what in ("imports", "columns", "ledger"):
            command = [
                sys.executable,
                "-m",
                "benchmarks.ledger",
                "--rows",
                str(rows),
                "--out",
                str(folder),
                "--only",
            ]
            said = subprocess.run([*command, what], capture_output=True, text=True, check=True).stdout
            console.print(
                f"{what:8}", ", ".join(f"{name} {value:,}" for name, value in json.loads(said).items())
            )


if __name__ == "__main__":
    typer.run(main)
