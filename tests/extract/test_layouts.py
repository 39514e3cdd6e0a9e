"""Whole pages in the looks that publishing systems give them, made by hand with words of our own.

`layouts/<name>.html`, with the class names and the structure of each system; `layouts/expected.yaml` says what must
be found in it.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import Rulebook, load_rules

FOLDER = Path(__file__).parent / "layouts"


class Expected(msgspec.Struct, forbid_unknown_fields=True):
    wanted: list[str]
    unwanted: list[str]
    title: str | None = None
    authors: list[str] | None = None
    day: str | None = None


EXPECTED = msgspec.yaml.decode((FOLDER / "expected.yaml").read_bytes(), type=dict[str, Expected])


@pytest.fixture(scope="module")
def packs() -> Rulebook:
    rules = load_rules()
    return Rulebook({}, rules.packs, rules.files)


def test_every_page_has_its_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.html")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_of_that_look(name: str, packs: Rulebook) -> None:
    expected = EXPECTED[name]
    data = (FOLDER / f"{name}.html").read_bytes()
    record = clean_page(RawPage(data=data, source=name, url="https://quaypost.example/pier/lamp"), packs)
    assert isinstance(record, Record)
    assert [text for text in expected.wanted if text not in record.body] == []
    assert [text for text in expected.unwanted if text in record.body] == []
    if expected.title is not None:
        assert record.title == expected.title
    if expected.authors is not None:
        assert list(record.authors) == expected.authors
    if expected.day is not None:
        assert record.published is not None
        assert record.published.date().isoformat() == expected.day
