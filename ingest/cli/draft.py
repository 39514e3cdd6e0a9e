"""`ingest rules draft`: a rule file proposed from some pages of a site, its effect shown before it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingest.anonymise import make_sample
from ingest.cli.new import write_schema
from ingest.cli.options import printable, rule_folders
from ingest.cli.sample import print_report
from ingest.draft import Draft, Effect, choose_examples, draft_site, group_by_site, measure_effect
from ingest.draft.effect import read_truth
from ingest.draft.evidence import is_site_name
from ingest.draft.site import with_rules
from ingest.errors import UsageError
from ingest.records import RawPage
from ingest.rules import Rulebook, load_rules
from ingest.rules.schema import MODELINE
from ingest.sources import find_sources, read_source

FEW = 3
MAX_READ = 5_000
MAX_EXAMPLE = 50
SAMPLES = "samples"
"""Where the samples go, in the folder of the rule files."""


def register(rules_app: typer.Typer) -> None:
    rules_app.command(name="draft")(draft)


def draft(
    pages: Annotated[list[Path], typer.Argument(metavar="FOLDER|FILE...", help="Pages of the site.")],
    site: Annotated[
        str | None,
        typer.Option(
            metavar="HOST", help="Take all pages as this site's; by default each page's own address tells."
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the rule files go, made if it is not there.")
    ] = Path("rules-draft"),
    truth: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="True bodies as JSON lines with `id` (the file's name) or `url`, and `body`."
        ),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR", help="A folder of rule files laid over the bundled ones."),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Make samples of so many of the pages; 0 for none."),
    ] = 2,
    force: Annotated[bool, typer.Option("--force", help="Overwrite rule files that are there.")] = False,
) -> None:
    """Propose a rule file from a handful of pages of a site (3 and more; better 20), and show what it does.

    Some of the pages are made into samples in `samples` beside it, in other words.

    Exit codes:

    - 0 written
    - 1 no article among the pages, nothing written
    - 2 wrong usage or bad rules
    """
    rulebook = load_rules(*rule_folders(rules))
    groups = _by_site(_read(pages), site)
    targets = {name: out / f"{name}.yaml" for name in groups}
    if existing := [str(path) for path in targets.values() if path.exists() and not force]:
        raise UsageError(
            f"{', '.join(existing)} is there already; use --force to overwrite it, or another --out."
        )
    rows = _read_rows(truth) if truth else []
    console = Console(highlight=False)
    written = 0
    for name, raws in groups.items():
        drafted = draft_site(name, raws, rulebook)
        if drafted is None:
            console.print(Text(f"{name}: no article on {len(raws)} pages, no rule file.", style="yellow"))
            continue
        _report(drafted, measure_effect(drafted, rulebook, read_truth(rows, raws)), console)
        out.mkdir(parents=True, exist_ok=True)
        targets[name].write_text(MODELINE + drafted.text, encoding="utf-8")
        write_schema(out)
        console.print(f"written: {targets[name]}", soft_wrap=True)
        _make_samples(drafted, rulebook, out / SAMPLES, samples, console)
        written += 1
    if not written:
        raise typer.Exit(1)


def _make_samples(drafted: Draft, rulebook: Rulebook, folder: Path, count: int, console: Console) -> None:
    """Some of the pages in other words, with what the draft makes of them."""
    own = with_rules(rulebook, drafted.rules)
    for raw in choose_examples(drafted, rulebook, count):
        print_report(make_sample(raw, own, folder, site=drafted.site), console)


def _read(paths: list[Path]) -> list[RawPage]:
    """The pages that can be read; the others are none of a draft's business."""
    raws = []
    for source in find_sources(paths):
        raw = read_source(source)
        if isinstance(raw, RawPage):
            raws.append(raw)
        if len(raws) == MAX_READ:
            break
    if not raws:
        raise UsageError("There are no pages to read in what you have named.")
    return raws


def _by_site(raws: list[RawPage], site: str | None) -> dict[str, list[RawPage]]:
    if site is not None:
        name = site.lower().removeprefix("www.")
        if not is_site_name(name):
            raise UsageError(f"{site!r} is not a host such as example.org.")
        return {name: raws}
    groups = group_by_site(raws)
    unknown = groups.pop(None, [])
    if unknown and not groups:
        raise UsageError("None of the pages carries its address; name their site with --site HOST.")
    return {name: own for name, own in groups.items() if name is not None}


def _read_rows(path: Path) -> list[object]:
    try:
        lines = path.read_bytes().splitlines()
        return [msgspec.json.decode(line) for line in lines if line.strip()]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.DecodeError as error:
        raise UsageError(f"{path} must hold one JSON object a line: {error}.") from error


# -- report --------------------------------------------------------------------------------------------------


def _report(drafted: Draft, effect: Effect, console: Console) -> None:
    pages = len(drafted.pages)
    console.print(Text(f"{drafted.site}: {pages} page{'s' * (pages > 1)}", style="bold"))
    if pages < FEW:
        console.print(
            Text(
                f"Fewer than {FEW} pages: what comes again cannot be told from what does not.", style="yellow"
            )
        )
    if drafted.skipped:
        console.print(f"{drafted.skipped} more without an article, or with one seen before.")
    if effect.rules:
        console.print(_table(effect))
    console.print(
        f"words kept: {effect.kept_without:,} without the draft, {effect.kept_with:,} with it; "
        f"removed: {effect.removed_without:,}, {effect.removed_with:,}"
    )
    if effect.guarded:
        console.print(Text(f"would have cost an article: {', '.join(effect.guarded)}", style="red"))
    if effect.judged:
        console.print(
            f"F1 on {effect.judged} pages: {effect.without_f1:.4f} without, {effect.with_f1:.4f} with"
        )


def _table(effect: Effect) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("rule", "kind", "pages", "texts", "words", "for example"):
        table.add_column(column, justify="right" if column in ("pages", "texts", "words") else "left")
    for rule in effect.rules:
        example = printable(rule.example)
        shown = example if len(example) <= MAX_EXAMPLE else f"{example[: MAX_EXAMPLE - 1]}…"
        table.add_row(
            Text(rule.rule), rule.kind, str(rule.pages), str(rule.texts), str(rule.words), Text(shown)
        )
    return table
