"""Texts in Markdown: blocks, links, and that no word of them is lost."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import RawBlock
from ingest.markdown_text import is_markdown, read_markdown
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import load_rules
from ingest.text import TIGHT

PAGE = """\
[Skip to content](#main)

[![The Gull](/logo.svg)](https://gull.example/)

  * [News](https://gull.example/news)
  * [Sport](https://gull.example/sport "All sport")
    * [Rowing](https://gull.example/sport/rowing)
  * [Weather](https://gull.example/weather)

# Old bridge comes down *stone by stone*

By **Ann Lee**

3 May 2024

![Two workers on the bridge](https://gull.example/i/bridge_(2).jpg)

The old bridge over the Wend, which had stood for ninety years, was closed on [Monday at noon](https://gull.example/1).

Nobody expected it so soon, said the mayor, who had come with her two children to see the first stone lifted out.

## What comes next

A new bridge of steel, twice as wide, is to be opened in three years; until then a ferry takes cars and people over.

[## River runs dry

  * By Bo Ray

  * 2 May 2024](https://gull.example/2 "River runs dry")

[Ferry to start on Friday, says harbour master.](https://gull.example/3)

[Schools get a new roof after the storm](https://gull.example/4)
"""


def texts(text: str) -> list[str]:
    return [block.text for block in read_markdown(text)]


def one(text: str) -> RawBlock:
    (block,) = read_markdown(text)
    return block


def test_a_page_of_markdown_gives_its_article():
    record = clean_page(RawPage(data=PAGE.encode(), source="a.md", media_type="text/plain"), load_rules())
    assert isinstance(record, Record)
    assert record.title == "Old bridge comes down stone by stone"
    assert record.authors == ("Ann Lee",)
    assert str(record.published_day) == "2024-05-03"
    first, second, subhead, last = record.blocks
    assert first.text.endswith("was closed on Monday at noon.") and second.text.startswith("Nobody")
    assert (subhead.kind, subhead.level, subhead.text) == ("heading", 2, "What comes next")
    assert last.text.endswith("cars and people over.")
    taken = {removal.text for removal in record.removals}
    assert {"Skip to content", "Rowing", "River runs dry", "Schools get a new roof after the storm"} <= taken
    assert not any("http" in text or "](" in text for text in taken)


def test_links_count_as_linked_also_where_one_holds_a_card():
    linked = {block.text: block.link_chars for block in read_markdown(PAGE)}
    assert linked["Rowing"] == 6 and linked["River runs dry"] == 14 and linked["2 May 2024"] == 10
    assert linked["Nobody expected it so soon, said the mayor, who had come with her two children to see the first "
                  "stone lifted out."] == 0  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "level", "said"),
    [
        ("## A *b* `c`", "heading", 2, "A b c"),
        ("Title\n=====", "heading", 1, "Title"),
        ("> said she", "quote", 0, "said she"),
        ("  * one", "item", 1, "one"),
        ("24. Dezember war es", "item", 1, "24. Dezember war es"),
        ("```\na\n  b\n```", "preformatted", 0, "a\n  b"),
        (r"1\. \[sic\] \*", "paragraph", 0, "1. [sic] *"),
        ("der** New York**plant", "paragraph", 0, "der New Yorkplant"),
        ("[a](http://x.example/a_(b) c?d=(e(f))) b", "paragraph", 0, "a b"),
        ('[a](/b "said \\"c\\" (d)") e', "paragraph", 0, "a e"),
        ("[a](javascript:go('x', 1)) e", "paragraph", 0, "a e"),
        ("[a][3] e\n\n   [3]: https://x.example/", "paragraph", 0, "a e"),
        ("Wow![say they](http://x.example/)", "paragraph", 0, "Wow!say they"),
        ("so![alt](http://x.example/a.jpg) it is", "paragraph", 0, "so it is"),
        ("a [b] (c) d", "paragraph", 0, "a [b] (c) d"),
        ("Caf\u00e9 &amp; bar", "paragraph", 0, "Caf\u00e9 & bar"),
    ],
)
def test_what_markdown_writes(text, kind, level, said):
    block = one(text)
    assert (block.kind, block.level, block.text) == (kind, level, said)


def test_rows_of_tables_keep_all_cells():
    rows = read_markdown("| a | b |\n| --- | --- |\n| c | d | e |\n")
    assert [(row.kind, row.text) for row in rows] == [("cell", "a | b"), ("cell", "c | d | e")]


def test_lines_of_a_paragraph_are_parted_and_known_to_be_tight():
    first, second = read_markdown("one\ntwo")
    assert (first.text, second.text) == ("one", "two") and second.flags & TIGHT and not first.flags & TIGHT


def test_a_wrapped_text_is_joined():
    words = [
        "The",
        "old",
        "bridge",
        "over",
        "the",
        "[Wend](https://gull.example/wend/a/long/way/to/write)",
        "was",
        "closed",
    ]
    lines, line = [], ""
    for word in words * 8:
        if len(line) + len(word) > 78:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    assert texts("\n".join([*lines, line])) == [
        " ".join(["The", "old", "bridge", "over", "the", "Wend", "was", "closed"] * 8)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A text.\n\nAnother one, with 2 * 3 * 4 and snake_case_names.",
        "#hashtag and #another\n#third",
        "# install\npip install x",
        "See [1] and [2] (both in print).",
        "The [sic](which he denied) stood there.",
    ],
)
def test_other_texts_are_not_taken_for_markdown(text):
    assert not is_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        "# A\n\n**b**",
        "# Old bridge\n\nIt came down.",
        "## A\n\nb\n\n## C\n\n# D",
        "[a](/b) [c](#d) [e](http://f)",
    ],
)
def test_markdown_is_told_by_its_links_and_headings(text):
    assert is_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "".join("  " * depth + f"- word{depth}\n" for depth in range(300)),
        "> " * 300 + "word299",
        "- " * 300 + "word299",
        "[" * 3000 + "word299",
        "![" * 3000 + "word299",
    ],
)
def test_nothing_is_lost_however_deep_it_stands(text):
    assert "word299" in " ".join(texts(text))


SIGNS = [
    "#",
    "##",
    "-",
    "*",
    "**",
    "_",
    "1.",
    "> ",
    "`",
    "[",
    "]",
    "![",
    "|",
    "---",
    "\\",
    "(",
    ")",
    "===",
    "<b>",
    "&",
]
PIECES = st.sampled_from([*"abcdefgh", *SIGNS, "\n", "\n\n", "    ", "\n```\n", "\n~~~\n", "<!--", "[x]: /y"])


@given(st.lists(PIECES, max_size=60))
def test_every_word_comes_out(pieces):
    text = " ".join(pieces)
    said = " ".join(texts(text))
    words = [word for word in re.findall(r"[a-h]+", text) if word != "b"]
    assert sorted(words) == sorted(word for word in re.findall(r"[a-h]+", said) if word != "b")


@pytest.mark.parametrize(
    ("source", "media_type"),
    [("a.md", None), ("b.zip!a.markdown", None), ("a.md.gz", None), ("a", "text/markdown")],
)
def test_a_file_that_says_so_is_markdown(source, media_type):
    text = "*Why the bridge goes*\n\nThe bridge over the Wend, which had stood for ninety years, came down on Monday."
    record = clean_page(RawPage(data=text.encode(), source=source, media_type=media_type), load_rules())
    assert isinstance(record, Record)
    assert record.media_type == "text/plain"
    assert "*" not in f"{record.title} {record.body}"


def test_a_fence_keeps_its_line_in_a_wrapped_text():
    sentence = (
        "The old bridge over the Wend, which had stood for ninety years, was closed on Monday at noon. "
    )
    wrapped = "\n".join(textwrap.wrap(sentence * 12, 72))
    text = f"# Old bridge comes down\n\n{wrapped}\n\n```\n{wrapped}\n```\n\n{wrapped}\n"
    assert not any("`" in block.text for block in read_markdown(text))


def wrapped(*paragraphs: str, width: int = 78) -> str:
    return "\n\n".join("\n".join(textwrap.wrap(text, width)) for text in paragraphs)


SENTENCES = [
    f"The old bridge of {town}, which had stood for ninety years, was closed on [Monday at noon](https://gull.example/"
    f"news/bridges-that-close/{town}-and-others), and nobody in the town knew what the ferries would do without it. "
    "The mayor, who came with her two children to see the first stone lifted out, said that a new one would be built "
    "before the winter, and that until then the boats would sail twice an hour, as they had in the days of old."
    for town in ("Wend", "Alder", "Marsh", "Quay", "Stone", "Mill")
]


def test_links_and_their_addresses_are_wrapped_like_the_text():
    text = wrapped(*SENTENCES).replace("bridges-that-close/", "bridges-that-\nclose/")
    assert texts(f"# Bridges\n\n{text}")[1:] == [
        re.sub(r"\[(.*?)\]\(.*?\)", r"\1", line) for line in SENTENCES
    ]


def test_a_break_that_is_meant_stays():
    text = wrapped(*SENTENCES).replace("closed on", "closed on  \n")
    assert len(texts(f"# Bridges\n\n{text}")) == 1 + 2 * len(SENTENCES)


def test_lines_of_many_lengths_are_no_wrapped_text():
    lines = [f"Ferry {'x' * number}x leaves at {number} in the morning" for number in range(20)]
    assert texts("# Ferries leave\n\n" + "\n".join(lines))[1:] == lines
