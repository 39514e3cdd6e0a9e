"""What a dataset says about its marks: the marked records, and what else the rules in question took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow.compute as pc
import pyarrow.dataset as ds

from ingest.marks.journal import Mark
from ingest.records import Record
from ingest.store import read

BATCH_ROWS = 2048


class Taken(NamedTuple):
    """What a rule took in the whole dataset: how often each text, and how many blocks of a page how often."""

    texts: Counter[str]
    lengths: Counter[int]


def read_marked(out: Path, marks: Sequence[Mark]) -> dict[tuple[str, str], Record]:
    """The records that carry marks, by `source` and `source_digest`. Those no longer in the dataset are missing."""
    wanted = {(mark.source, mark.source_digest) for mark in marks}
    sources = sorted({source for source, _ in wanted})
    found = {}
    for batch in read(out).to_batches(filter=ds.field("source").isin(sources), batch_size=BATCH_ROWS):
        for row in batch.to_pylist():
            key = row["source"], row["source_digest"]
            if key in wanted:
                found[key] = record_of(row)
    return found


def record_of(row: Mapping[str, Any]) -> Record:
    """A row of `records/` as the record it was."""
    fields = {name: row[name] for name in Record.__struct_fields__ if name in row}
    return msgspec.convert(fields | {"origins": dict(row["origins"])}, Record)


def read_taken(out: Path, rules: Collection[str]) -> dict[str, Taken]:
    """What these rules took. Goes over all removals of the dataset."""
    found = {rule: Taken(Counter(), Counter()) for rule in rules}
    for batch in read(out).to_batches(columns=["removals"], batch_size=BATCH_ROWS):
        removals = batch.column("removals")
        flat, pages = removals.flatten(), pc.list_parent_indices(removals)
        ours = pc.is_in(flat.field("rule"), value_set=pc.cast(sorted(rules), "string"))
        names, texts = (flat.field(name).filter(ours).to_pylist() for name in ("rule", "text"))
        lengths = Counter(zip(pages.filter(ours).to_pylist(), names, strict=True))
        for rule, text in zip(names, texts, strict=True):
            found[rule].texts[text] += 1
        for (_, rule), length in lengths.items():
            found[rule].lengths[length] += 1
    return found
