from __future__ import annotations

import re
from pathlib import Path

from ingest.sources import MAX_BYTES
from ingest.sources.containers import ENDINGS
from ingest.sources.fields import USUAL
from ingest.sources.source import SUFFIXES
from ingest.sources.stream import EXPANDS_FREELY, MOST_EXPANSION

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")


def test_every_ending_is_documented():
    table = PAGE.partition("## WARC")[0]
    named = set(re.findall(r"`(\.[\w.]+)`", table))
    packed = {name + more for name in (".jsonl", ".ndjson", ".wet") for more in (".gz", ".zst")} - {
        ".wet.zst"
    }
    assert set(ENDINGS) <= named | packed
    assert {suffix.removesuffix(".gz").removesuffix(".zst") for suffix in SUFFIXES} <= named
    assert named <= {*ENDINGS, *SUFFIXES, ".warc.wet", ".gz", ".zst"}


def test_the_usual_names_of_columns_are_documented():
    rows = dict(
        re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", PAGE.partition("## JSON")[2], re.MULTILINE)
    )
    assert {name: re.findall(r"`(\w+)`", cell) for name, cell in rows.items()} == {
        name: list(usual) for name, usual in USUAL.items()
    }


def test_limits_are_as_written():
    assert f"beyond {MAX_BYTES >> 20} MiB" in PAGE
    assert EXPANDS_FREELY == 1024**3 and f"more than {MOST_EXPANSION} times its size" in PAGE
