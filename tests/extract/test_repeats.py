"""What a page says again, on blocks made by hand."""

from __future__ import annotations

import pytest

from ingest.blocks import BOLD, RawBlock
from ingest.extract.repeats import CAPTION, REFRAIN, label_copies, label_lists, label_repeats

TEXT = [
    f"In the {ordinal} week of the strike the ferries stayed in port, and the islanders rowed across themselves."
    for ordinal in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
]
PICTURE = (
    "The harbour master, left, and the captain of the last ferry shake hands on the quay on Monday, Nov. 3."
)


def block(text: str, kind: str = "paragraph") -> RawBlock:
    return RawBlock(text, kind, 0, 0, 0, 0)  # type: ignore[arg-type]


def repeats(*lines: str, kind: str = "paragraph") -> dict[int, str]:
    blocks = [block(line, "paragraph" if line in TEXT else kind) for line in lines]
    return {number: label.rule for number, label in label_repeats(blocks, range(len(blocks))).items()}


def between(*lines: str) -> list[str]:
    """The text with the lines between its paragraphs in turn."""
    return [said for number, text in enumerate(TEXT) for said in (text, lines[number % len(lines)])]


def test_the_second_copy_of_an_article_goes() -> None:
    blocks = [block(line) for line in (*TEXT[:4], "Boats and tides")]
    twice = [*blocks, *blocks]
    assert set(label_copies(twice, range(10))) == {5, 6, 7, 8}
    assert not label_copies([*blocks, blocks[0], blocks[0], blocks[0]], range(8))
    lead = [block("Boats and tides"), *blocks[:4]]
    assert set(label_copies([*lead, *lead], range(10))) == {5, 6, 7, 8, 9}


def test_a_list_that_stands_above_and_below_the_article_goes() -> None:
    cards = [block(f"Another story: {line}", "item") for line in TEXT[:3]]
    text = [block(line) for line in TEXT]
    assert set(label_lists([*cards, *text, *cards], range(13))) == {0, 1, 2, 10, 11, 12}
    assert not label_lists([*cards, *text, *cards[:2]], range(12))
    apart = [item for card, line in zip(cards, text, strict=False) for item in (card, line)]
    assert not label_lists([*apart, *text, *apart], range(19))
    short = [block(f"Place {number}: the quay", "item") for number in range(3)]
    assert not label_lists([*short, *text, *short], range(13))


def test_a_caption_under_each_picture_of_a_gallery_goes() -> None:
    credits = ("Photo: Ann Lee, AP", "Photo: Bob Ray, AP", "Photo: Ann Lee, The Quay")
    gallery = [f"{PICTURE} {credit}" for credit in credits]
    assert repeats(*gallery, *TEXT) == dict.fromkeys(range(3), CAPTION.rule)
    assert not repeats(*gallery[:2], *TEXT)  # a deck and the paragraph that it quotes
    assert not repeats(*gallery, *TEXT, kind="cell")


def test_a_text_of_nothing_but_copies_stays() -> None:
    assert not repeats(*TEXT[:1], *[PICTURE] * 5)


@pytest.mark.parametrize(
    "line", ["Article content", "Vis mer", "Don't want to see this? Remove ads", "사진 확대"]
)
def test_one_line_between_all_paragraphs_goes(line: str) -> None:
    found = repeats(*between(line))
    assert found == dict.fromkeys(range(1, 14, 2), REFRAIN.rule)


@pytest.mark.parametrize(
    "lines",
    [
        ("Anna Sailor",),  # who speaks
        ("The mayor", "The captain of the ferry"),
        ("What we like", "What we do not like"),
        ("Why now?",),
        ("He said:",),
        ("Answer",),
        ("Ferry trail, 23 March",),
        ("It rained.",),
        ("* * *",),
    ],
)
def test_lines_that_are_the_article_s_stay(lines: tuple[str, ...]) -> None:
    assert not repeats(*between(*lines))


def test_a_line_said_four_times_and_headings_stay() -> None:
    assert not repeats(*between("Article content")[:8])
    bold = [block(line)._replace(flags=0 if line in TEXT else BOLD) for line in between("Why we like it")]
    assert not label_repeats(bold, range(len(bold)))
    assert not repeats(*between("Article content"), kind="heading")
