"""`ingest report`: one page to look at a dataset with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import StoreError


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    out: Annotated[str, typer.Argument(help="The dataset's folder or URI.", metavar="OUT")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="The file to write; one that is there is replaced.", metavar="FILE"
        ),
    ] = Path("report.html"),
) -> None:
    """Write one HTML page that shows what the dataset OUT holds and what each rule took.

    The page holds everything it shows, so it opens from disk and as an attachment.

    Exit codes:

    - 0 written
    - 1 there is no dataset in OUT, or the file cannot be written
    - 2 wrong usage
    """
    from ingest.report import make_report  # brings the templates

    page = make_report(out).encode()
    try:
        output.write_bytes(page)
    except OSError as error:
        raise StoreError(
            f"Cannot write {output}: {error.strerror or error}. Name another file with -o."
        ) from error
    print(f"Wrote {output}, {len(page) / 1_000_000:.1f} MB.")
