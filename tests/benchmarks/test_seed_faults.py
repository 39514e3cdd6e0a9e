"""The line-by-line check itself, on a labelled page of our own words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import seeds
from benchmarks.seeds import Seed
from ingest.records import Image, Record, Removal

PAGE = """The mill reopens

March 3, 2020 09:00
The wheel turns again. (photo: A. Lee)

After forty years the wheel of
the lower mill turns again.
Dear friend, please give.

What comes next
The town plans a fair.
"""
TRUTH = {
    "id": "mill",
    "file": "mill.txt",
    "title": "The mill reopens",
    "published": "2020-03-03T09:00",
    "lines": ["title", "date", "caption", "body", "body", "plea", "heading", "body"],
}
BODY = (
    "After forty years the wheel of the lower mill turns again.\n\nWhat comes next\n\nThe town plans a fair."
)
REMOVALS = (
    Removal("common/title", "title", 0, "The mill reopens"),
    Removal("common/date", "date", 1, "March 3, 2020 09:00"),
    Removal("common/caption", "caption", 2, "The wheel turns again."),
    Removal("common/plea", "plea", 5, "Dear friend, please give."),
)


@pytest.fixture
def seed(tmp_path: Path) -> Seed:
    (tmp_path / "mill.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "truth.jsonl").write_text(json.dumps(TRUTH) + "\n", encoding="utf-8")
    (found,) = seeds.read_seeds(tmp_path)
    return found


def record(body: str = BODY, removals: tuple[Removal, ...] = REMOVALS) -> Record:
    return Record(
        page_id="0",
        source="mill.txt",
        source_digest="0",
        media_type="text/plain",
        title="The mill reopens",
        published=datetime(2020, 3, 3, 7, 0, tzinfo=UTC),
        images=(Image(caption="The wheel turns again.", credit="A. Lee"),),
        body=body,
        removals=removals,
        method="generic",
    )


def test_a_right_record_has_no_faults(seed: Seed) -> None:
    for check in (seeds.body_faults, seeds.removal_faults, seeds.field_faults, seeds.caption_faults):
        assert list(check(seed, record())) == []


def test_a_missing_line(seed: Seed) -> None:
    faults = list(seeds.body_faults(seed, record(BODY.replace("What comes next\n\n", ""))))
    assert faults == ["line 10 (heading) is missing: What comes next"]


def test_text_that_is_no_article(seed: Seed) -> None:
    middle, end = "Dear friend, please give.\n\nWhat comes next", "fair.\n\nShare"
    faults = list(
        seeds.body_faults(seed, record(BODY.replace("What comes next", middle).replace("fair.", end)))
    )
    assert faults == [
        "before line 10 stands what is no article: Dear friend, please give.",
        "after the last line stands what is no article: Share",
    ]


def test_a_line_nothing_accounts_for(seed: Seed) -> None:
    wrong = Removal("common/share", "share", 5, "Dear friend, please give.")
    assert list(seeds.removal_faults(seed, record(removals=(*REMOVALS[:2], wrong)))) == [
        "line 4 (caption) was taken as nothing: The wheel turns again. (photo: A. Lee)",
        "line 8 (plea) was taken as share: Dear friend, please give.",
    ]


def test_every_label_has_its_kinds(seed: Seed) -> None:
    assert set(seed.lines) <= {*seeds.KINDS, *seeds.ARTICLE}
