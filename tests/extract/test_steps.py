"""Each step of the generic path on blocks made by hand, without HTML."""

from __future__ import annotations

import pytest

from ingest.blocks import BOLD, IN_FIGURE, IN_QUOTE, Document, Nodes, Picture, RawBlock
from ingest.elements import ARTICLE_BODY, BODY_HINT, tag_id
from ingest.extract import edges, phrases
from ingest.extract.container import common_ancestor, find_container, path, subtree
from ingest.extract.fallback import blocks_in
from ingest.extract.lines import label_line
from ingest.extract.measure import measure, value_of
from ingest.extract.parts import label_captions, label_parts, mark_pull_quotes
from ingest.extract.prune import prune
from ingest.records import BlockKind
from ingest.vocabulary import NUMBERS

SENTENCE = (
    "The ferry to the northern islands was late again on Monday, and nobody on the quay was surprised by it."
)
SHORT = "Boats and tides"


def nodes(*rows: tuple[int, str, str, int] | tuple[int, str]) -> Nodes:
    """A node table; each row is parent, tag, category, hint."""
    table = []
    for row in rows:
        parent, tag = row[:2]
        category, hint = (row[2], row[3]) if len(row) == 4 else ("", 0)
        table.append((parent, tag_id(tag), NUMBERS.get(category, 0), hint, 0, category))
    return Nodes.of(table)


def block(
    text: str, node: int = 0, kind: BlockKind = "paragraph", linked: int = 0, flags: int = 0
) -> RawBlock:
    return RawBlock(text, kind, 0, node, linked, flags)


def heading(text: str, node: int = 0, level: int = 2, linked: int = 0) -> RawBlock:
    return RawBlock(text, "heading", level, node, linked, 0)


@pytest.mark.parametrize(
    ("item", "positive"),
    [
        (block(SENTENCE), True),
        (block(SENTENCE, linked=len(SENTENCE)), False),
        (block(SHORT), False),
        (block(SENTENCE, flags=IN_FIGURE), False),
        (block(SENTENCE, kind="caption"), False),
        (block(SENTENCE, kind="item"), True),
        (block("Salt, pepper", kind="item"), False),
    ],
)
def test_value(item: RawBlock, positive: bool) -> None:
    assert (value_of(item) > 0) is positive


def test_measures_are_sums_over_subtrees() -> None:
    table = nodes((-1, "body"), (0, "div"), (1, "p"))
    sums = measure(table, [block(SENTENCE, 2), block(SHORT, 1, linked=len(SHORT))])
    assert sums.text == [len(SENTENCE) + len(SHORT)] * 2 + [len(SENTENCE)]
    assert sums.links == [1, 1, 0]
    assert sums.paragraphs == [1, 1, 1]


def test_furniture_goes_when_text_stands_outside() -> None:
    table = nodes((-1, "body"), (0, "div"), (0, "div", "share", 0))
    blocks = [block(SENTENCE, 1)] * 20 + [block("Share this story with your friends now.", 2)]
    assert prune(table, measure(table, blocks)) == [0, 0, NUMBERS["share"]]


def test_a_weak_word_does_not_take_the_article() -> None:
    table = nodes((-1, "body"), (0, "div"), (0, "div", "sidebar", 0))
    blocks = [block(SENTENCE, 1)] + [block(SENTENCE, 2)] * 20
    assert prune(table, measure(table, blocks)) == [0, 0, 0]


def test_the_share_is_summed_over_nodes_of_one_class() -> None:
    table = nodes((-1, "body"), *[(0, "div", "sidebar", 0)] * 10)
    blocks = [block(SENTENCE, index) for index in range(1, 11)]
    assert prune(table, measure(table, blocks)) == [0] * 11


def test_nothing_around_the_h1_goes() -> None:
    table = nodes((-1, "body"), (0, "div", "interface", 0), (1, "h1"), (0, "div"))
    blocks = [heading("Late ferries", 2), *[block(SENTENCE, 3)] * 20]
    assert not any(prune(table, measure(table, blocks)))


def test_relaxed_believes_no_class() -> None:
    table = nodes((-1, "body"), (0, "div", "sidebar", 0), (0, "aside", "aside", 0), (0, "div"))
    blocks = [block(SENTENCE, 1), block(SENTENCE, 2), *[block(SENTENCE, 3)] * 20]
    assert prune(table, measure(table, blocks), relaxed=True) == [0, 0, NUMBERS["aside"], 0]


def container(table: Nodes, blocks: list[RawBlock]) -> int:
    sums = measure(table, blocks)
    return find_container(table, blocks, sums, prune(table, sums), frozenset())


def test_the_container_holds_the_text_and_no_link_lists() -> None:
    table = nodes((-1, "body"), (0, "div"), (1, "div"), (0, "div"))
    links = [block(SHORT, 3, linked=len(SHORT))] * 5
    assert container(table, [*[block(SENTENCE, 2)] * 5, *links]) == 2


def test_the_first_article_is_the_pages_own() -> None:
    table = nodes((-1, "body"), (0, "article"), (0, "article"))
    assert container(table, [block(SENTENCE, 1)] * 4 + [block(SENTENCE, 2)] * 4) == 1


@pytest.mark.parametrize("hint", [BODY_HINT, ARTICLE_BODY])
def test_a_marked_body_narrows_the_container(hint: int) -> None:
    table = nodes((-1, "body"), (0, "div"), (1, "div", "", hint), (1, "div"))
    assert container(table, [*[block(SENTENCE, 2)] * 6, *[block(SENTENCE, 3)] * 2]) == 2


def test_of_two_marked_bodies_neither_narrows() -> None:
    table = nodes((-1, "body"), (0, "div"), (1, "div", "", BODY_HINT), (1, "div", "", BODY_HINT))
    assert container(table, [*[block(SENTENCE, 2)] * 6, *[block(SENTENCE, 3)] * 4]) == 1


def test_deep_nesting_of_marked_bodies_takes_linear_time() -> None:
    depth = 20_000
    table = nodes((-1, "body"), *[(index, "div", "", BODY_HINT) for index in range(depth)])
    assert container(table, [block(SENTENCE, depth)] * 5) == depth
    assert common_ancestor(table, [depth, 1, depth // 2]) == 1


def test_tree_walks() -> None:
    table = nodes((-1, "body"), (0, "main"), (1, "div"), (1, "p"), (0, "div"))
    assert subtree(table, 1) == range(1, 4)
    assert common_ancestor(table, [2, 3]) == 1
    assert common_ancestor(table, [2, 4]) == 0
    assert path(table, 3) == "main > p"
    assert path(table, 0) == "body"


def parts(table: Nodes, blocks: list[RawBlock]) -> set[str]:
    sums = measure(table, blocks)
    return {label.rule for label in label_parts(table, sums, [0] * len(table), 1).values()}


def test_a_short_node_beside_a_picture_is_its_caption() -> None:
    table = nodes((-1, "body"), (0, "div"), (1, "div"))
    table.picture[2] = True
    assert parts(table, [*[block(SENTENCE, 1)] * 20, block("The quay at dawn", 2)]) == {
        "generic/beside-picture"
    }


def test_lists_of_links_and_cards_go() -> None:
    table = nodes((-1, "body"), (0, "div"), (1, "div"), (1, "div"))
    links = [block(SHORT, 2, linked=len(SHORT))] * 3
    cards = [heading(SHORT, 3, linked=len(SHORT)), block(SENTENCE, 3)] * 2
    found = parts(table, [*[block(SENTENCE, 1)] * 20, *links, *cards])
    assert found == {"generic/link-list", "generic/teasers"}


def test_lines_after_pictures() -> None:
    table = nodes((-1, "body"))
    lines = [SENTENCE, "The old quay", SENTENCE, "The new quay", SENTENCE]
    pictures = [Picture("a", None, 0, 1), Picture("b", None, 0, 3)]
    document = Document(table, [block(line) for line in lines], pictures, {})
    assert set(label_captions(document, range(5))) == {1, 3}
    document.pictures.pop()
    assert not label_captions(document, range(5))


SAID = "Nobody on the quay was surprised by it"


@pytest.mark.parametrize(
    ("lines", "pulled"),
    [
        ([(SENTENCE, "paragraph"), (SAID, "quote")], [1]),
        ([(SAID, "quote"), ("Ann Lee, sailor", "quote"), (SENTENCE, "paragraph")], [0, 1]),
        ([(SENTENCE, "paragraph"), ("We were all surprised", "quote")], []),
        ([(SENTENCE, "paragraph"), ("on Monday", "quote")], []),
        ([(SENTENCE, "paragraph"), (SAID, "quote"), (SENTENCE.swapcase()[::-1], "quote")], []),
        ([(SAID, "quote"), (SAID, "quote")], []),
    ],
)
def test_a_quote_that_stands_in_the_text_is_a_pull_quote(
    lines: list[tuple[str, BlockKind]], pulled: list[int]
) -> None:
    blocks = [block(text, kind=kind) for text, kind in lines]
    marked = mark_pull_quotes(blocks, [None] * len(blocks))
    assert [place for place, b in enumerate(marked) if b.kind == "pullquote"] == pulled
    assert [b.text for b in marked] == [text for text, _ in lines]


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        (block(SENTENCE), None),
        (block(SHORT, linked=len(SHORT)), "generic/link-line"),
        (block(SENTENCE, linked=len(SENTENCE)), None),
        (block(SHORT, linked=len(SHORT), flags=IN_QUOTE), None),
        (block("Read more: the tide tables"), "generic/related-phrase"),
        (block("Lesen Sie auch: Gezeiten"), "generic/related-phrase"),
        (block("Advertisement"), "generic/ad-phrase"),
        (block("Advertisement spending rose by a tenth, " + SENTENCE * 3), None),
        (block("Foto: A. Sailor"), "generic/credit-phrase"),
        (block("A. Sailor/Getty Images"), "generic/credit-line"),
        (block("12. März 2024, 14:05 Uhr"), "generic/date-line"),
        (block("Seen from the quay", flags=IN_FIGURE), "generic/figure"),
        (block("Seen from the quay", kind="caption"), "generic/caption"),
        (heading("Read more"), None),
        (block("Read more", kind="post"), None),
    ],
)
def test_lines(item: RawBlock, rule: str | None) -> None:
    label = label_line(item)
    assert (label.rule if label else None) == rule


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("Updated: March 5, 2024 at 3:04 PM", True),
        ("5 mars 2024", True),
        ("2024年3月5日", True),
        ("05.03.2024", True),
        ("14:05 Uhr", True),
        ("5.3.2024 - 14:05 UhrLesedauer: 2 Min.", True),
        ("March on", False),
        ("May 2024 be kinder to sailors", False),
        ("12", False),
        ("Palm Bay 18 22 13 17", False),
    ],
)
def test_dates(line: str, is_date: bool) -> None:
    assert phrases.is_date(line) is is_date


def test_the_lead_gives_title_deck_byline_and_date() -> None:
    blocks = [
        heading("Late ferries", level=1),
        block("What keeps the boats from leaving"),
        block("By Anna Sailor"),
        block("5 March 2024"),
        block("North"),
    ]
    labels = edges.label_lead(blocks, range(5), {"lateferries"}, {1})
    assert [labels[number].kind for number in range(5)] == ["title", "deck", "byline", "date", "furniture"]


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (block(SENTENCE), None),
        (heading("Late ferries", level=1), "title"),
        (heading("What keeps the boats of the northern line from leaving the quay in time"), "deck"),
        (block("North Harbour, staff reporter | 5 March 2024"), "furniture"),
    ],
)
def test_the_opening(item: RawBlock, kind: str | None) -> None:
    label = edges.label_opening(item, frozenset())
    assert (label.kind if label else None) == kind


def test_a_trailing_section_of_other_stories_goes() -> None:
    blocks = [*[block(SENTENCE)] * 9, heading("Related"), block(SHORT), heading("Comments"), block(SHORT)]
    values = [value_of(item) for item in blocks]
    assert list(edges.label_tail(blocks, values, range(13))) == [9, 10, 11, 12]


def test_a_section_of_text_under_such_a_heading_stays() -> None:
    blocks = [*[block(SENTENCE)] * 9, heading("Related work"), *[block(SENTENCE)] * 3]
    assert not edges.label_tail(blocks, [value_of(item) for item in blocks], range(13))


def test_contributors_and_addresses_at_the_end() -> None:
    blocks = [block(SENTENCE), block("Anna Sailor contributed to this report."), block("anna@example.org")]
    assert set(edges.label_contributors(blocks, range(3))) == {1, 2}


def test_lines_that_only_name_the_authors() -> None:
    text = ["Von Ann Lee", *[SENTENCE] * 4, "Ann Lee", *[SENTENCE] * 4, "ANN LEE", "(Bo Day)"]
    blocks = [block(line) for line in text]
    labels = edges.label_signatures(blocks, [None] * len(blocks), ["Ann Lee", "Bo Day"])
    assert [place for place, label in enumerate(labels) if label] == [0, 10, 11]
    assert edges.label_signatures(blocks, labels, []) == labels
    assert edges.label_signatures(blocks[-2:], [None, None], ["Ann Lee", "Bo Day"]) == [None, None]


def test_what_tells_of_an_author_under_the_text_is_no_text() -> None:
    blocks = [
        *(block(line) for line in (SENTENCE, "Ann Lee is a sailor.", *[SENTENCE] * 5)),
        heading("Local news"),
        heading("New here"),
        block("Ann Lee joined the paper in 2019. She covers the sea."),
    ]
    labels = edges.label_signatures(blocks, [None] * len(blocks), ["Ann Lee"])
    assert [place for place, label in enumerate(labels) if label] == [7, 8, 9]
    said = [*blocks[:-1], block("Ann Lee has said nothing.")]
    assert not any(edges.label_signatures(said, [None] * len(said), ["Ann Lee"]))


def test_scraps_at_the_end() -> None:
    blocks = [block(SENTENCE), heading("More"), block("x", flags=BOLD)]
    assert set(edges.label_trail(blocks, [value_of(item) for item in blocks], range(3))) == {1, 2}


def test_blocks_of_another_text() -> None:
    text = f"- {SHORT}\n{SENTENCE}"
    assert blocks_in(text, [block(SHORT), block("Boats"), block(SENTENCE.upper()), block("...")]) == [0, 2]
