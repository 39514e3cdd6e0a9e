"""`ingest rules import`: the rules of other projects, which the user has downloaded, as files of the user's own."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.cli.options import printable
from ingest.errors import UsageError
from ingest.imports.cosmetic_list import COMMENTS, EXCEPTIONS, TAKEN, import_cosmetics, pack_name
from ingest.imports.overlay import read_checkout, read_lists, write_rules
from ingest.imports.site_config import EXPRESSIONS, OUTCOMES, Finding, Outcome
from ingest.imports.site_file import SiteImport, import_sites
from ingest.rules import Rulebook, load_rules

import_app = typer.Typer(help="Make rules of other projects' rules.", no_args_is_help=True)

Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Your folder of rules; by default the last of those that INGEST_RULES names."
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help="Write over files that are there, and lie over bundled rules.")
]


def register(rules_app: typer.Typer) -> None:
    rules_app.add_typer(import_app, name="import")


def overlay_folder(out: Path | None) -> Path:
    """Where the user's rules are."""
    named = [name for name in os.environ.get("INGEST_RULES", "").split(os.pathsep) if name]
    if out is None and not named:
        raise UsageError("Say with --out DIR which folder of rules shall get the files.")
    return out or Path(named[-1])


@import_app.command(name="site-config")
def import_site_config(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of site-config files, host.txt.")],
    out: Out = None,
    force: Force = False,
) -> None:
    """Make a rule file of each FiveFilters site-config file: XPath becomes CSS, every line is accounted for.

    Lines that are not taken over are printed with file, line and reason, and stand in the rule file as comments.
    Sites that have rules, bundled or your own, keep them without --force.

    Exit codes:

    - 0 done, whatever could not be converted
    - 2 wrong usage
    """
    target = overlay_folder(out)
    sources, findings = read_checkout(folder)
    bundled = load_rules()
    sites = list(import_sites(sources, sorted(bundled.packs)))
    findings += [finding for site in sites for finding in site.findings]
    for finding in sorted(findings, key=lambda f: (f.file, f.line)):
        if finding.message and (finding.outcome != "not needed" or finding.name in EXPRESSIONS):
            print(printable(str(finding)))
    written = _write_sites(sites, target, bundled, force)
    _print_directives(findings)
    expressions, converted = sum(s.expressions for s in sites), sum(s.converted for s in sites)
    share = f" ({converted / expressions:.1%})" if expressions else ""
    print(f"\n{converted:,} of {expressions:,} XPath expressions converted{share}.")
    print(f"{len(sources):,} files read, {written:,} rule files written to {target}.")


@import_app.command(name="cosmetic")
def import_cosmetic(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Filter lists you have downloaded.")],
    out: Out = None,
    name: Annotated[
        str | None, typer.Option(help="The pack's name; by default the first file's.", metavar="NAME")
    ] = None,
    force: Force = False,
) -> None:
    """Make a pack of the cosmetic filters of EasyList, AdGuard or uBlock Origin lists.

    The pack holds for every page: on unknown sites and on those with rules. Exceptions are honoured. Scripts, styles
    and procedural filters are left out, counted, and shown with examples.

    Exit codes:

    - 0 done, whatever was left out
    - 2 wrong usage
    """
    target = overlay_folder(out)
    lists = read_lists(files)
    pack = name or pack_name(file for file, _ in lists)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", pack):
        raise UsageError(f"{pack!r} is no name for a pack: lower-case letters, digits and dashes.")
    path = target / "cosmetic" / f"{pack}.json"
    made = import_cosmetics(pack, lists)
    if not write_rules(path, made.text, force=force):
        raise UsageError(f"{path} is there already; --force writes over it.")
    for skipped in made.skipped:
        print(f"{skipped.lines:,} left out: {skipped.reason}")
        for example in skipped.examples:
            print(f"    {printable(example)}")
    for what in (TAKEN, EXCEPTIONS, COMMENTS):
        print(f"{made.counts.get(what, 0):,} {what}")
    print(f"Written to {path}.")


def _write_sites(sites: Iterable[SiteImport], target: Path, bundled: Rulebook, force: bool) -> int:
    written = 0
    for site in sites:
        owner = bundled.site_of_host(site.site)
        path = target / f"{site.site}.yaml"
        if site.text is None:
            print(f"{site.site}: nothing to write, no line of it became a rule")
        elif owner not in (None, site.site) and site.site in bundled.sites[str(owner)].hosts:
            print(f"{site.site}: not written, the bundled rules of {owner} are for this host")
        elif owner == site.site and not force:
            print(f"{site.site}: not written, there are bundled rules; --force lays these over them")
        elif write_rules(path, site.text, force=force):
            written += 1
        else:
            print(f"{site.site}: not written, {path} is there; --force writes over it")
    return written


def _print_directives(findings: Iterable[Finding]) -> None:
    counts: dict[str, Counter[Outcome]] = {}
    for finding in findings:
        name = finding.name if finding.outcome != "unknown" else "(no directive)"
        counts.setdefault(name, Counter())[finding.outcome] += 1
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("directive", no_wrap=True)
    for outcome in OUTCOMES:
        table.add_column(outcome, justify="right")
    for name in sorted(counts, key=lambda name: (-counts[name].total(), name)):
        table.add_row(printable(name), *(f"{counts[name][o]:,}" if counts[name][o] else "" for o in OUTCOMES))
    print()
    Console(highlight=False).print(table)
