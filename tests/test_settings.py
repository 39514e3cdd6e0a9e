"""What a caller may choose: which kinds of blocks the body holds."""

from __future__ import annotations

import pytest

import ingest
from ingest.records import Record
from ingest.settings import BODY_KINDS, OTHER_KINDS, Settings

PAGE = """<html><body><article><h1>Bridge opens early</h1>
<p>The mayor opened the new bridge on Monday at noon, three weeks before anybody had expected it.</p>
<figure><img src="a.jpg"><figcaption>The bridge at noon, seen from the pier</figcaption></figure>
<p>The old bridge, which had stood for ninety years, is to be taken down stone by stone in spring.</p>
<table><tr><td>Length</td><td>90 m</td></tr><tr><td>Width</td><td>9 m</td></tr></table>
<p>Nobody knows yet what is to become of the ferry that has crossed the river here since the old days.</p>
</article></body></html>"""
CAPTION, ROW = "The bridge at noon, seen from the pier", "Length | 90 m"


def clean(**choice: tuple[str, ...]) -> Record:
    record = ingest.clean(PAGE, settings=Settings(**choice))
    assert isinstance(record, Record)
    return record


def test_by_default_captions_are_out_and_tables_in():
    record = clean()
    assert CAPTION not in record.body and ROW in record.body
    assert [image.caption for image in record.images] == [CAPTION]


def test_an_included_caption_is_kept_in_its_place_and_in_images():
    record = clean(include=("caption",))
    paragraphs = record.body.split("\n\n")
    assert paragraphs.index(CAPTION) == 1
    assert [image.caption for image in record.images] == [CAPTION]
    assert CAPTION not in [removal.text for removal in record.removals]


def test_an_excluded_kind_stays_in_blocks_only():
    record = clean(exclude=("cell",))
    assert ROW not in record.body
    assert ROW in [block.text for block in record.blocks]


def test_other_settings_give_another_digest():
    digests = {
        clean().rules_digest,
        clean(include=("caption",)).rules_digest,
        clean(exclude=("cell",)).rules_digest,
    }
    assert len(digests) == 3
    assert clean().rules_digest == clean(include=()).rules_digest


@pytest.mark.parametrize(
    "choice", [{"include": ("paragraph",)}, {"exclude": ("paragraph",)}, {"exclude": ("x",)}]
)
def test_what_cannot_be_chosen_is_a_usage_error(choice):
    with pytest.raises(ingest.UsageError, match="not among the kinds to choose from"):
        Settings(**choice)


def test_the_kinds_are_apart():
    assert not set(BODY_KINDS) & set(OTHER_KINDS)
