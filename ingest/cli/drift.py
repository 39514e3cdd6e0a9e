"""`ingest rules drift`: has a site changed under its rules?"""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.cli.options import printable
from ingest.drift import MIN_PAGES, PAST_PAGES, Compared, Drift, find_drift

EXIT_DRIFT = 4


def register(rules_app: typer.Typer) -> None:
    rules_app.command()(drift)


def drift(
    out: Annotated[str, typer.Argument(help="The dataset's folder or URI.", metavar="OUT")],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="RUN|DATE",
            help="Judge the pages from this run or day on, instead of each site's last run.",
        ),
    ] = None,
    site: Annotated[
        str | None, typer.Option(metavar="SITE", help="Only this site, with all its figures.")
    ] = None,
    min_pages: Annotated[
        int, typer.Option(min=1, metavar="N", help="The fewest pages to judge a site by.")
    ] = MIN_PAGES,
    past: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many earlier pages of each site to compare with.")
    ] = PAST_PAGES,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Compare the newest pages of each site in the dataset OUT with the site's own earlier pages.

    Names rules that stopped or take far more, layouts that find nothing, fields that went empty or come from
    elsewhere, dates that jumped, bodies that shrank or grew, and new lines that recur.

    Exit codes:

    - 0 no drift
    - 1 there is no dataset in OUT
    - 2 wrong usage
    - 4 drift found
    """
    found = find_drift(out, since=since, site=site, min_pages=min_pages, past=past)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        _show(found, Console(highlight=False), with_figures=site is not None)
    if found.findings:
        raise typer.Exit(EXIT_DRIFT)


def _show(found: Drift, console: Console, *, with_figures: bool) -> None:
    if with_figures:
        for compared in found.compared:
            console.print(_figures_table(compared))
    if found.findings:
        console.print(_findings_table(found))
    console.print(_say_totals(found), markup=False)


def _findings_table(found: Drift) -> Table:
    table = Table(show_edge=False)
    for name in ("site", "change", "of", "what"):
        table.add_column(name, overflow="fold")
    changed = {(c.site, c.media): c.rules_changed for c in found.compared}
    last = None
    for finding in found.findings:
        group = finding.site, finding.media
        note = " (rules changed)" if changed.get(group) else ""
        table.add_row(
            "" if group == last else _cell(f"{finding.site} {finding.media}{note}"),
            finding.what,
            _cell(finding.examples[0] if finding.examples else finding.name),
            _cell(finding.says),
        )
        last = group
    return table


def _figures_table(compared: Compared) -> Table:
    title = f"{compared.site} {compared.media}: {compared.pages_before:,} pages before, {compared.pages_now:,} now"
    table = Table("measure", "name", "before", "now", show_edge=False, title=Text(printable(title)))
    table.title_justify = "left"
    for column in table.columns[2:]:
        column.justify = "right"
    for figure in compared.figures:
        words = figure.measure in ("words_removed", "body_words")
        values = (_value(value, words=words) for value in (figure.before, figure.now))
        table.add_row(figure.measure, _cell(figure.name), *values)
    return table


def _value(value: float | None, *, words: bool) -> str:
    if value is None:
        return ""
    return f"{value:,.1f}" if words else f"{value:.0%}"


def _cell(text: str) -> Text:
    return Text(printable(text))


def _say_totals(found: Drift) -> str:
    changed = len({(finding.site, finding.media) for finding in found.findings})
    said = f"Drift on {changed:,} of {len(found.compared):,} sites compared"
    return said + (f"; {len(found.too_few):,} have too few pages." if found.too_few else ".")
