"""A record as Markdown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.markdown import blocks_to_markdown, to_markdown
from ingest.records import Block, Record


def record(**fields: object) -> Record:
    known = {
        "page_id": "p",
        "source": "s",
        "source_digest": "d",
        "media_type": "text/html",
        "method": "generic",
    }
    return Record(**{"body": "Text.", "blocks": (Block("paragraph", "Text."),), **known, **fields})  # type: ignore[arg-type]


def test_title_deck_byline_and_body():
    day = datetime(2024, 5, 1, tzinfo=UTC)
    page = record(title="A *bold* title", deck="The deck", authors=("Ada Lind", "Bo Ek"), published=day)
    lines = ["# A \\*bold\\* title", "*The deck*", "Ada Lind, Bo Ek · 2024-05-01", "Text.\n"]
    assert to_markdown(page) == "\n\n".join(lines)


def test_a_record_with_nothing_but_text():
    assert to_markdown(record()) == "Text.\n"


def test_every_kind_of_the_body():
    blocks = [
        Block("heading", "A heading", 3),
        Block("item", "• one", 1),
        Block("item", "two", 2),
        Block("quote", "Said one."),
        Block("quote", "Said two."),
        Block("cell", "a | b"),
        Block("cell", "1 | 2"),
        Block("preformatted", "x = 1\ny"),
        Block("question", "Why?"),
        Block("post", "A post"),
        Block("caption", "not in the body"),
    ]
    assert blocks_to_markdown(blocks).split("\n\n") == [
        "### A heading",
        "- one\n  - two",
        "> Said one.\n>\n> Said two.",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "```\nx = 1\ny\n```",
        "**Why?**",
        "> A post",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("1. no list", r"\1. no list"),
        ("> no quote", r"\> no quote"),
        ("[no](link)", r"\[no\](link)"),
        ("a_b*c", r"a\_b\*c"),
        ("| no table", r"\| no table"),
    ],
)
def test_text_that_looks_like_markup_stays_text(text, shown):
    assert blocks_to_markdown([Block("paragraph", text)]) == shown


def test_a_fence_inside_a_fence():
    assert blocks_to_markdown([Block("preformatted", "```")]) == "~~~~\n```\n~~~~"
