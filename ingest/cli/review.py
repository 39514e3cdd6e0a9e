"""`ingest review`: a dataset in the browser, on this machine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(review)


def review(
    out: Annotated[Path, typer.Argument(help="The dataset's folder.", metavar="OUT")],
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="The port to listen at; 0 is any free one.")
    ] = 8765,
) -> None:
    """Show the dataset OUT in the browser: sites, rules and what each removed, articles, rejects; mark what is wrong.

    Only this machine can ask. Ctrl-C ends it.

    Exit codes:

    - 0 ended by Ctrl-C
    - 1 there is no dataset in OUT
    - 2 wrong usage, or the port is in use
    """
    from ingest.review.serve import serve

    with suppress(KeyboardInterrupt):
        serve(out, port, lambda address: print(f"Reviewing {out} at {address} until Ctrl-C.", flush=True))
