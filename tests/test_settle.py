"""What blocks turn out to be once the whole page is known."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.blocks import IN_FIGURE, RawBlock
from ingest.walk import walk

LINES = [
    f"In week {number} the ferries stayed in port, and the islanders rowed across by themselves, as they had for years."
    for number in range(8)
]


def blocks(html: str) -> list[RawBlock]:
    body = LexborHTMLParser(html).body
    assert body is not None
    return walk(body).blocks


@pytest.mark.parametrize("opened", ["<figure><img src=a.jpg>", "<figure><img src=a.jpg><figcaption>A ferry"])
def test_a_figure_that_is_never_closed_does_not_take_the_article(opened: str) -> None:
    page = f"<p>{LINES[0]}</p>{opened}" + "".join(f"<p>{line}</p>" for line in LINES[1:])
    texts = [block for block in blocks(page) if block.kind == "paragraph" and not block.flags & IN_FIGURE]
    assert [block.text for block in texts] == LINES


def test_a_figure_keeps_its_captions() -> None:
    few = "".join(f"<p>{line}</p>" for line in LINES[:3])
    parted = "".join(f"<div><p>{line}</p></div>" for line in LINES)
    linked = "".join(f"<p><a href=/>{line}</a></p>" for line in LINES)
    short = "<p>A boat</p>" * 30
    for inside in (few, parted, linked, short):
        assert all(block.flags & IN_FIGURE for block in blocks(f"<figure><img src=a.jpg>{inside}</figure>"))
