"""The walk: what becomes a block, of which kind, and that nothing is lost or told twice."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.blocks import (
    BOLD,
    CONTINUES,
    GLUED,
    IN_FIGURE,
    IN_QUOTE,
    ORDERED,
    WHOLE,
    Document,
    Link,
    RawBlock,
)
from ingest.elements import ARTICLE_BODY, BODY_HINT, DECK_HINT
from ingest.vocabulary import NAMES
from ingest.walk import walk


def read(html: str, **options: bool) -> Document:
    body = LexborHTMLParser(html).body
    assert body is not None
    return walk(body, **options)


LONG = "The ferry to the northern islands was late again on Monday, and nobody was surprised by it."


def told(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(html).blocks]


def category(document: Document, block: RawBlock) -> str:
    return NAMES[document.nodes.category[block.node]]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p> One\n  <b>two</b>&nbsp;three </p>", [("paragraph", "One two three")]),
        ("<p>One<br>two<br><br>three</p>", [("paragraph", "One two"), ("paragraph", "three")]),
        (
            f"<p>{LONG}<br> {LONG}<br>{LONG}<br>two</p>",
            [("paragraph", LONG)] * 2 + [("paragraph", f"{LONG} two")],
        ),
        (f"<p>{LONG}<br><i>{LONG}</i></p>", [("paragraph", LONG)] * 2),
        (f"<p>{LONG[:-1]}<br>{LONG}</p>", [("paragraph", f"{LONG[:-1]} {LONG}")]),
        (f"<li>{LONG}<br>{LONG}</li>", [("item", f"{LONG} {LONG}")]),
        ("one<hr>two", [("paragraph", "one"), ("paragraph", "two")]),
        ("<h2>Head</h2>text", [("heading", "Head"), ("paragraph", "text")]),
        ("<blockquote><p>Said</p></blockquote>", [("quote", "Said")]),
        ("<pre>a\n  b\n</pre>", [("preformatted", "a\n  b")]),
        ("<figure><img src=x><figcaption>Seen</figcaption></figure>", [("caption", "Seen")]),
        ("<table><tr><th>a<td>b<tr><td>c<td>d</table>", [("cell", "a | b"), ("cell", "c | d")]),
        (
            "<table><tr><td><p>one<p>two<td>x</table>",
            [("paragraph", "one"), ("paragraph", "two"), ("cell", "x")],
        ),
        ("<blockquote class=twitter-tweet><p>Hi</p>me</blockquote>", [("post", "Hi"), ("post", "me")]),
        ("<div class=factbox><h3>Facts</h3><p>One</p></div>", [("infobox", "Facts"), ("infobox", "One")]),
        ("<aside class=pull-quote>Said</aside>", [("pullquote", "Said")]),
        ("<select><option>a<option>b</select>", [("paragraph", "a b")]),
        ("<p>a<script>x</script><style>y</style><svg><text>z</text></svg>b</p>", [("paragraph", "ab")]),
        ("<ruby>word<rp>(</rp><rt>reading</rt></ruby>", [("paragraph", "word")]),
        ("<noscript><p>kept</p></noscript>", [("paragraph", "kept")]),
    ],
)
def test_kinds(html: str, blocks: list[tuple[str, str]]) -> None:
    assert told(html) == blocks


def test_bold_questions_make_an_interview_from_three_on() -> None:
    asked = "<p><b>Why so late?</b></p><p>The tide.</p>"
    assert [block.kind for block in read(asked * 3).blocks] == ["question", "paragraph"] * 3
    assert [block.kind for block in read(asked * 2).blocks] == ["paragraph"] * 4


def test_navigation_is_one_block_that_reads_as_links() -> None:
    (block,) = read("<nav><ul><li>Home<li>News</ul></nav>").blocks
    assert (block.text, block.link_chars) == ("Home News", 9)


def test_items_know_their_depth_and_order() -> None:
    blocks = read("<ul><li>a<ol><li>b</ol><li>c</ul>").blocks
    assert [(block.text, block.level, bool(block.flags & ORDERED)) for block in blocks] == [
        ("a", 1, False),
        ("b", 2, True),
        ("c", 1, False),
    ]


def test_an_inline_element_with_a_verdict_stands_by_itself() -> None:
    document = read("<p>Rain <span class=share-tools>Tweet</span>, then sun.</p><p>Next.</p>")
    assert [block.text for block in document.blocks] == ["Rain", "Tweet", ", then sun.", "Next."]
    assert [block.flags & (CONTINUES | GLUED) for block in document.blocks] == [
        0,
        CONTINUES,
        CONTINUES | GLUED,
        0,
    ]
    assert category(document, document.blocks[1]) == "share"


def test_marks_reach_all_that_a_node_holds_and_part_paragraphs() -> None:
    tree = LexborHTMLParser("<div><p>One <i>two</i> three</p></div><p>four</p>")
    assert tree.body is not None
    marks = {tree.css_first("div").mem_id: 1, tree.css_first("i").mem_id: 2}
    document = walk(tree.body, marks)
    assert [(block.text, document.nodes.mark[block.node]) for block in document.blocks] == [
        ("One", 1),
        ("two", 2),
        ("three", 1),
        ("four", 0),
    ]


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<nav>x</nav>", "navigation"),
        ("<footer>x</footer>", "footer"),
        ("<button>x</button>", "control"),
        ("<form>x</form>", "form"),
        ("<aside>x</aside>", "aside"),
        ("<div hidden>x</div>", "invisible"),
        ("<p style='DISPLAY: none'>x</p>", "invisible"),
        ("<p>a<span aria-hidden=true>x</span></p>", "invisible"),
        ("<div role=dialog>x</div>", "role"),
        ("<div class='a cookie-bar'>x</div>", "cookie"),
        ("<div id=comments>x</div>", "comments"),
        ("<div class=story-body>x</div>", ""),
    ],
)
def test_categories(html: str, name: str) -> None:
    document = read(html)
    assert category(document, document.blocks[-1]) == name


def test_hints() -> None:
    document = read(
        "<div class=entry-content>a</div><div itemprop=articleBody>b</div><p class=standfirst>c</p>"
    )
    assert [document.nodes.hint[block.node] for block in document.blocks] == [
        BODY_HINT,
        ARTICLE_BODY,
        DECK_HINT,
    ]


def test_link_characters_and_bold() -> None:
    (block,) = read("<p><b><a href=/x>All linked</a></b></p>").blocks
    assert block.link_chars == len("All linked")
    assert block.flags & BOLD


def test_links_are_placed_in_the_text() -> None:
    document = read("<p>See  <a href=/1>one</a> and\n<a href=/2>one\n two</a>.</p>", links=True)
    assert document.blocks[0].text == "See one and one two."
    assert document.links == {0: [Link(4, 7, "/1"), Link(12, 19, "/2")]}
    table = read("<table><tr><td>a<td><a href=/1>b</a></table>", links=True)
    assert table.links == {0: [Link(4, 5, "/1")]}


def test_pictures_say_where_they_stand() -> None:
    document = read(
        "<p>a</p><figure><img data-src='l.jpg' src=blank.gif alt=Sea><figcaption>b</figcaption></figure>"
    )
    (picture,) = document.pictures
    assert (picture.url, picture.alt, picture.place) == ("l.jpg", "Sea", 1)
    assert document.nodes.picture[picture.node]
    assert document.blocks[1].flags & IN_FIGURE


def test_the_largest_flags_do_not_leak_out_of_a_quote() -> None:
    blocks = read("<blockquote>a</blockquote><p>b</p>").blocks
    assert [bool(block.flags & IN_QUOTE) for block in blocks] == [True, False]


@pytest.mark.parametrize(
    "html",
    [
        "<span class=share>" * 200_000 + "x",
        "<b>x</b><p>y" * 100_000,
        "<br>" * 200_000 + "x",
        "<table><tr><td>x<td>y" * 3_000,
        f"<p class='{'ab ' * 300_000}'>x",
        "<nav><h1>x</h1>" * 20_000 + "word " * 1_000,
    ],
    ids=["deep", "wide", "breaks", "tables", "names", "navigation"],
)
def test_hostile_nesting_and_width_take_linear_time(html: str) -> None:
    body = LexborHTMLParser(html).body
    assert body is not None
    began = time.process_time()
    document = walk(body)
    assert time.process_time() - began < 20
    assert document.blocks


WORDS = st.text("abcdefg ", min_size=1, max_size=8)
TAG_NAMES = """
    p div span b a section h2 ul li blockquote table tr td th figure figcaption nav footer button form i em article pre
    select option label noscript details summary dl dt dd aside center small br img hr script style
"""
TAGS = st.sampled_from(TAG_NAMES.split())
CLASSES = st.sampled_from(
    ["", "share", "comments", "story-body", "twitter-tweet", "factbox", "caption", "hidden"]
)
PIECES = st.lists(
    st.one_of(
        WORDS,
        st.builds("<{0} class='{1}'>".format, TAGS, CLASSES),
        st.builds("</{0}>".format, TAGS),
    ),
    max_size=40,
)
INVISIBLE = {"script", "style"}


def visible_text(node: LexborNode) -> list[str]:
    """Another way to the same text: every text node that no invisible element holds."""
    texts = []
    for text in node.traverse(include_text=True):
        if text.tag != "-text":
            continue
        holder = text.parent
        while holder is not None and holder.tag not in INVISIBLE:
            holder = holder.parent
        if holder is None:
            texts.append(text.text_content or "")
    return texts


def squeeze(text: str) -> str:
    return re.sub(r"[\s|]+", "", text)


@settings(max_examples=300)
@given(PIECES)
def test_every_text_is_in_exactly_one_block(pieces: list[str]) -> None:
    body = LexborHTMLParser("".join(pieces)).body
    assert body is not None
    document = walk(body)
    assert squeeze("".join(block.text for block in document.blocks)) == squeeze("".join(visible_text(body)))
    parents = document.nodes.parent
    assert all(parent < index for index, parent in enumerate(parents))
    assert all(0 <= block.node < len(parents) for block in document.blocks)
    assert all(block.text and 0 <= block.link_chars <= len(block.text) for block in document.blocks)
    assert not document.blocks or not document.blocks[0].flags & CONTINUES


# ---------------------------------------------------------------- elements taken whole


def test_a_menu_is_one_block_and_its_pictures_are_kept():
    document = read(
        "<div class='menu'><ul><li><a>News</a><li><a>Sport <img src='x.png'></a></ul></div><p>Text"
    )
    assert [block.text for block in document.blocks] == ["News Sport", "Text"]
    assert document.blocks[0].flags & WHOLE
    assert document.blocks[0].link_chars == len("News") + len("Sport")
    assert [picture.url for picture in document.pictures] == ["x.png"]


@pytest.mark.parametrize(
    "inside",
    [
        "<h1>The headline</h1><p>by line</p>",
        "<p>" + "A long paragraph is no label. " * 4 + "</p><p>two</p>",
        "<p>" + "</p><p>".join(["A text of thirty characters..."] * 8) + "</p>",
        "<figure><img src=x><figcaption>What the picture shows</figcaption></figure><p>two</p>",
    ],
)
def test_an_element_that_may_hold_the_article_is_looked_at_piece_by_piece(inside):
    document = read(f"<div class='menu'>{inside}</div>")
    assert len(document.blocks) > 1
    assert not any(block.flags & WHOLE for block in document.blocks)


def test_what_lies_outside_the_marked_elements_is_told_in_large_blocks():
    tree = LexborHTMLParser(
        "<div><p>one<p>two<h1>Head</h1></div><main><p>three<p>four</main><div><h1>More</h1><p>five</div>"
    )
    main = tree.css_first("main")
    around = {main.parent.mem_id, main.parent.parent.mem_id}
    document = walk(tree.body, {main.mem_id: 1}, around=around)
    assert [block.text for block in document.blocks] == ["one", "two", "Head", "three", "four", "More five"]


@pytest.mark.parametrize("tag", ["nav", "footer"])
def test_navigation_that_was_never_closed_is_looked_at_piece_by_piece(tag):
    text = "<p>" + "A text of thirty characters... " * 40
    blocks = read(f"<{tag}><a href=/>Home</a><article><h1>Head</h1>{text}</article>").blocks
    assert [block.text for block in blocks[:2]] == ["Home", "Head"]
    assert len(read(f"<{tag}><a href=/>Home</a>{text}</{tag}><h1>Head</h1>{text}").blocks) == 3


@pytest.mark.parametrize(
    ("opening", "linked"),
    [("<a name=top>", False), ("<a id=top>", False), ("<a href=/>", True), ("<a>", True)],
)
def test_a_long_text_after_an_anchor_that_was_never_closed_is_no_link(opening, linked):
    (block,) = read(f"<p>{opening}" + "A text of thirty characters... " * 4).blocks
    assert (block.link_chars > 0) is linked


def test_looking_into_furniture_is_bounded():
    page = "<div class='menu'>" * 3000 + "<p>" + "word " * 100
    assert len(read(page).blocks) == 1
