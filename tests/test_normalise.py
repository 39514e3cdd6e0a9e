"""From the blocks that are left to the body, and back: replaying removals."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import CONTINUES, GLUED, RawBlock
from ingest.normalise import assemble, body_of
from ingest.records import Block, BlockKind, Removal
from ingest.words import clean_text


def raw(text: str, kind: BlockKind = "paragraph", flags: int = 0) -> RawBlock:
    return RawBlock(text, kind, 0, 0, 0, flags)


def gone(place: int, text: str, start: int = 0) -> Removal:
    return Removal("example.com/x", "ad", place, text, start)


def test_paragraphs_are_parted_by_one_empty_line():
    blocks = assemble([raw("One."), raw("Two.")], [])
    assert blocks == (Block("paragraph", "One.", 0, 0), Block("paragraph", "Two.", 0, 1))
    assert body_of(blocks) == "One.\n\nTwo."


def test_a_removed_block_is_out_and_places_stay():
    blocks = assemble([raw("One."), raw("Ad"), raw("Two.")], [gone(1, "Ad")])
    assert [(block.text, block.place) for block in blocks] == [("One.", 0), ("Two.", 2)]


def test_a_removed_part_leaves_tidy_white_space():
    blocks = assemble([raw("One two. Click here. Three.")], [gone(0, "Click here.", 9)])
    assert body_of(blocks) == "One two. Three."


def test_a_sentence_split_by_a_removed_line_is_joined():
    page = [raw("The mayor said that"), raw("Advertisement"), raw("nobody had asked him.")]
    blocks = assemble(page, [gone(1, "Advertisement")])
    assert blocks == (Block("paragraph", "The mayor said that nobody had asked him.", 0, 0),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The mayor said it.", "and then he left."),
        ("The mayor said that", "Nobody had asked him."),
        ("The mayor said:", "nobody had asked him."),
    ],
)
def test_what_is_no_split_sentence_stays_apart(before, after):
    assert len(assemble([raw(before), raw("Ad"), raw(after)], [gone(1, "Ad")])) == 2


def test_a_deck_is_not_joined_to_the_text_behind_a_byline():
    deck = "The islands have been cut off from the mainland since the new year and nobody knows for how much longer"
    page = [raw(deck), raw("By Anna Sailor"), raw("Ferries stayed in port.")]
    assert len(assemble(page, [Removal("generic/byline-line", "byline", 1, "By Anna Sailor")])) == 2
    assert len(assemble(page, [gone(1, "By Anna Sailor")])) == 1


def test_without_a_gap_nothing_is_joined():
    assert len(assemble([raw("The mayor said that"), raw("nobody had asked him.")], [])) == 2


def test_headings_and_items_are_not_joined():
    page = [raw("Heading without", "heading"), raw("Ad"), raw("small letters go on.")]
    assert len(assemble(page, [gone(1, "Ad")])) == 2


def test_blocks_that_say_they_continue_are_joined():
    page = [raw("The mayor said"), raw("nothing,", flags=CONTINUES), raw("twice.", flags=CONTINUES | GLUED)]
    assert body_of(assemble(page, [])) == "The mayor said nothing,twice."


def test_kinds_out_of_the_body_stand_in_blocks_only():
    blocks = assemble([raw("Text."), raw("Box.", "infobox"), raw("A boat", "caption")], [])
    assert len(blocks) == 3
    assert body_of(blocks) == "Text."


@pytest.mark.parametrize("removal", [gone(0, "Two", 0), gone(0, "One", 1), gone(0, "One.Two", 0)])
def test_a_removal_that_is_not_there_is_an_error(removal):
    with pytest.raises(ValueError, match="is not in block 0"):
        assemble([raw("One.")], [removal])


def test_overlapping_removals_are_an_error():
    with pytest.raises(ValueError, match="is not in block"):
        assemble([raw("One two three")], [gone(0, "One two", 0), gone(0, "two", 4)])


def test_invisible_characters_go_and_joiners_and_direction_stay():
    assert clean_text("co\u00adop\u200b\ufeff \u2060x") == "coop x"
    assert clean_text("می\u200cخواهم \u200fשלום") == "می\u200cخواهم \u200fשלום"
    assert clean_text("e\u0301") == "é"


@given(st.text(max_size=40))
def test_clean_text_is_done_after_once(text):
    once = clean_text(text)
    assert clean_text(once) == once == unicodedata.normalize("NFC", once)


@given(st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=8), max_size=8), st.data())
def test_kept_and_removed_are_the_whole(texts, data):
    places = data.draw(st.sets(st.sampled_from(range(len(texts))))) if texts else set()
    removals = [gone(place, texts[place]) for place in places]
    blocks = assemble([raw(text) for text in texts], removals)
    kept = "".join(block.text for block in blocks).replace(" ", "")
    assert kept == "".join(text for place, text in enumerate(texts) if place not in places)
