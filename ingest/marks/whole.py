"""All marks of a dataset as one text: rules to paste, then samples to test them with."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.labels import Label
from ingest.marks.evidence import read_marked, read_taken
from ingest.marks.journal import Mark
from ingest.marks.skeleton import write_skeleton
from ingest.marks.suggest import find_leftovers, write_leftovers, write_wrong
from ingest.rules import Rulebook


def write_marks(out: Path, marks: Sequence[Mark], rulebook: Rulebook) -> Iterator[str]:
    """The lines of it. Reads the dataset; raises `StoreError` if there is none."""
    if not marks:
        yield "# There are no marks. Make some in `ingest review`."
        return
    records = read_marked(out, marks)
    leftovers = find_leftovers(marks, rulebook)
    for site, found in leftovers.items():
        yield from ["", f"# -- left over on {site or 'pages of no known site'}", ""]
        yield from write_leftovers(site, found, rulebook)
    wrong: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.what == "wrong" and mark.rule:
            wrong[mark.rule].append(mark)
    taken = read_taken(out, wrong) if wrong else {}
    for rule, several in sorted(wrong.items()):
        yield from ["", f"# -- wrongly removed by {rule}", ""]
        yield from write_wrong(rule, several, taken[rule], rulebook)
    labels = {
        (site, mark.text): Label(f"{site or 'my-pack'}/{one.id}", one.kind)
        for site, found in leftovers.items()
        for one in found
        for mark in one.marks
    }
    by_page: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        by_page[mark.source, mark.source_digest].append(mark)
    for page, several in by_page.items():
        yield ""
        if page not in records:
            yield f"# {page[0]} is no longer in the dataset; there is no sample of it."
            continue
        own = {text: label for (site, text), label in labels.items() if site == records[page].site}
        folder, text = write_skeleton(records[page], several, own)
        name = "page.txt" if records[page].media_type == "text/plain" else "page.html"
        yield f"# -- my-samples/{folder}/expected.yaml: fails until the rules are mended"
        yield f"# cp {shlex.quote(page[0])} {shlex.quote(f'my-samples/{folder}/{name}')}"
        yield ""
        yield from text.rstrip("\n").split("\n")
