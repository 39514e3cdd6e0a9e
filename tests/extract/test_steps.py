"""Each step of the generic path on blocks made by hand, without HTML."""

from __future__ import annotations

import pytest

from ingest.blocks import BOLD, CONTINUES, IN_FIGURE, IN_QUOTE, Document, Nodes, Picture, RawBlock
from ingest.elements import ARTICLE_BODY, BODY_HINT, tag_id
from ingest.extract import edges, phrases
from ingest.extract.chronicle import keep_chronicle
from ingest.extract.container import common_ancestor, find_container, path, subtree
from ingest.extract.fallback import blocks_in
from ingest.extract.lines import LINK, label_line, label_lines
from ingest.extract.lists import settle_lists
from ingest.extract.measure import measure, value_of, width
from ingest.extract.parts import label_captions, label_parts, mark_pull_quotes, mark_subheads
from ingest.extract.prune import prune
from ingest.labels import Label
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


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("night boat", 10),
        ("Fähre", 5),
        ("паром", 5),
        ("夜の船", 6),
        ("밤배", 4),
        ("第2便は夜の船", 13),
        ("\ud800", 1),
    ],
)
def test_width_is_what_a_reader_sees(text: str, columns: int) -> None:
    assert width(text) == columns


def test_a_short_sentence_of_ideographs_is_worth_as_much_as_its_translation() -> None:
    assert value_of(block("夜の船が二時に港を出て、島の人は皆喜んだ。")) > 25


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


def test_nothing_around_the_headline_goes() -> None:
    table = nodes((-1, "body"), (0, "div", "interface", 0), (1, "h2"), (1, "p"), (0, "p"))
    blocks = [heading("Late ferries", 2), *[block(SENTENCE, 3)] * 2, *[block(SENTENCE, 4)] * 9]
    sums = measure(table, blocks)
    assert prune(table, sums)[1]
    assert not any(prune(table, sums, known=[2]))


@pytest.mark.parametrize("category", ["related", "interface", "hidden", "newsletter", "caption"])
def test_a_text_is_the_articles_whatever_its_class_says(category: str) -> None:
    text = nodes((-1, "body"), (0, "div"), (0, "div", category, 0), *[(2, "p")] * 12)
    boxes = [node for i in range(12) for node in ((2, "div"), (3 + 2 * i, "p"))]
    cards = nodes((-1, "body"), (0, "div"), (0, "div", category, 0), *boxes)
    opening = [block(SENTENCE, 1)] * 12
    assert not any(prune(text, measure(text, opening + [block(SENTENCE, i) for i in range(3, 15)])))
    stories = [block(SENTENCE, i) for i in range(4, 27, 2)]
    assert prune(cards, measure(cards, opening + stories))[2] == NUMBERS[category]


@pytest.mark.parametrize("category", ["author", "comments", "cookie"])
def test_other_texts_are_nobodys_article(category: str) -> None:
    text = nodes((-1, "body"), (0, "div"), (0, "div", category, 0), *[(2, "p")] * 12)
    blocks = [block(SENTENCE, 1)] * 12 + [block(SENTENCE, i) for i in range(3, 15)]
    assert prune(text, measure(text, blocks))[2] == NUMBERS[category]


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


def test_articles_without_headlines_under_one_are_its_parts() -> None:
    rows = [(-1, "body"), (0, "h1"), (0, "div"), (2, "article"), (2, "article"), (4, "h2")]
    texts = [heading("Late ferries", 1), *[block(SENTENCE, 3)] * 4]
    assert container(nodes(*rows[:5]), [*texts, *[block(SENTENCE, 4)] * 4]) == 2
    assert container(nodes(*rows), [*texts, heading("Oars sell out", 5), *[block(SENTENCE, 4)] * 4]) == 3
    teasers = [block(SENTENCE, 4)] * 4 + [block(SHORT, 4, linked=len(SHORT))] * 8
    assert container(nodes(*rows[:5]), [*texts, *teasers]) == 3


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


@pytest.mark.parametrize(("long_posts", "stays"), [(1, False), (2, True)])
def test_a_short_post_among_long_ones_is_no_caption(long_posts: int, stays: bool) -> None:
    posts = long_posts + 1
    rows = [(-1, tag_id("body"), 0, 0, 0, ""), (0, tag_id("div"), 0, 0, 0, "thread")]
    rows += [(1, tag_id("div"), 0, 0, 0, "post")] * posts
    table = Nodes.of(rows, range(2, 2 + posts))
    texts = [block(SENTENCE, 1)] * 9 + [
        block(SENTENCE, node) for node in range(2, 1 + posts) for _ in range(4)
    ]
    found = parts(table, [*texts, block(SENTENCE, 1 + posts)])
    assert (found == set()) is stays


def test_a_slide_in_a_box_without_a_class_is_told_by_its_own() -> None:
    div = tag_id("div")
    rows = [(-1, tag_id("body"), 0, 0, 0, ""), (0, div, 0, 0, 0, "slides")]
    for number in range(3):
        rows += [(1, div, 0, 0, 0, ""), (2 + 2 * number, div, 0, 0, 0, "slide")]
    table = Nodes.of(rows, [3, 5, 7])
    texts = [block(SENTENCE, 1)] * 9 + [block(SENTENCE, node) for node in (3, 5) for _ in range(4)]
    assert not parts(table, [*texts, block(SENTENCE, 7)])


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


def test_a_sentence_around_pictures_of_formulas_is_no_caption() -> None:
    lines = [SENTENCE, "Let the boats", "and the tides", "be given", *[SENTENCE] * 8]
    parted = [block(line, flags=CONTINUES if 1 < place < 4 else 0) for place, line in enumerate(lines)]
    pictures = [Picture("a", None, 0, place) for place in (1, 2, 3)]
    assert not label_captions(Document(nodes((-1, "body")), parted, pictures, {}), range(12))


def test_lines_after_most_pictures_of_a_diary_are_its_text() -> None:
    lines = [SENTENCE, "The old quay", "The new quay", "The boat", SENTENCE]
    document = Document(
        nodes((-1, "body")),
        [block(line) for line in lines],
        [Picture("a", None, 0, place) for place in (1, 2, 3)],
        {},
    )
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
        (block("What do you think of the new boats?"), "generic/comments-phrase"),
        (block("What do you think of the new boats?", kind="question"), None),
        (block("/"), "generic/scrap"),
        (block("."), "generic/scrap"),
        (heading("•"), "generic/scrap"),
        (block("* * *"), None),
        (block("“…”"), None),
        (block("⚓⚓", kind="post"), None),
        (block("- | -", kind="cell"), None),
        (block("4,10 | 4,25 | 3,80", kind="cell"), None),
        (block("1\n2\n3", kind="preformatted"), "generic/line-numbers"),
        (block("12\n10\n3", kind="preformatted"), None),
        (block("Kommentarer"), "generic/comments-phrase"),
        (block("यह भी पढ़ें: ज्वार"), "generic/related-phrase"),
    ],
)
def test_lines(item: RawBlock, rule: str | None) -> None:
    label = label_line(item)
    assert (label.rule if label else None) == rule


def test_a_full_stop_behind_an_inline_part_is_no_scrap() -> None:
    blocks = [block("The ferry left at"), block("two", flags=CONTINUES), block(".", flags=CONTINUES)]
    assert not label_lines(blocks, range(3), [0])


def listed(rows: list[tuple[str, Label | None]]) -> list[str | None]:
    blocks = [block(text, kind="item") for text, _ in rows]
    labels = [label for _, label in rows]
    settle_lists(blocks, labels, range(len(rows)))
    return [label.rule if label else None for label in labels]


def test_a_link_in_a_list_of_text_stays() -> None:
    assert listed([("200 g of flour", None), ("1 spoon of salt", LINK), ("2 eggs", None)]) == [None] * 3


def test_a_link_below_a_list_is_a_button() -> None:
    assert listed([("2 oars", None), ("1 boat", None), ("Order now", LINK)])[2] == "generic/link-line"


def test_what_is_left_of_a_list_of_links_goes_with_them() -> None:
    rows = [("Keep", LINK), ("This page is among your own now", None), ("Print", LINK), ("Send", LINK)]
    assert listed(rows)[1] == "generic/rest-of-list"
    rows[1] = ("The ferry was late again on Monday.", None)
    assert listed(rows)[1] is None


@pytest.mark.parametrize(
    "rows", [[("Oars", LINK), ("Boats", None)], [("Oars", LINK), ("Sails", LINK), ("Boats", None)]]
)
def test_short_and_mixed_lists_are_left_alone(rows: list[tuple[str, Label | None]]) -> None:
    assert listed(rows) == [label.rule if label else None for _, label in rows]


@pytest.mark.parametrize(
    ("line", "tells"),
    [
        ("Published on March 5, 2024 in Harbours", True),
        ("Publicado el 5 marzo, 2024 por AB en Puertos", True),
        ("5. März 2024 | Häfen", True),
        ("Montag, 05.03.2024 von Ann Lee", True),
        ("Harbour news 5 March 2024 14:05", True),
        ("最終更新日：2024年3月5日", True),
        ("Updated rules keep the boats in port", False),
        ("5 March 2024 was the day the boats stayed in port", False),
        ("Since 2024 the boats leave at 14:05 and at dawn", False),
    ],
)
def test_lines_that_tell_the_day(line: str, tells: bool) -> None:
    assert phrases.tells_date(line) is tells


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


def lead(blocks: list[RawBlock], descriptions: frozenset[str] = frozenset()) -> list[str | None]:
    labels = edges.label_lead(blocks, range(len(blocks)), {"lateferries"}, set(), descriptions)
    return [labels[n].kind if n in labels else None for n in range(len(blocks))]


def test_a_heading_above_the_title_is_no_text() -> None:
    assert lead([heading("The north"), heading("Late ferries", level=1)]) == ["furniture", "title"]


def test_a_heading_that_ends_in_the_title_is_the_title() -> None:
    blocks = [heading("Harbours Late ferries of the north"), block(SENTENCE)]
    labels = edges.label_lead(blocks, range(1), {"lateferriesofthenorth"}, set())
    assert labels[0].kind == "title"
    assert not edges.label_lead(blocks, range(1), {"thenorth"}, set())


def test_a_heading_that_the_page_gives_as_its_description_is_the_deck() -> None:
    deck = "What keeps the boats in port"
    assert lead([heading(deck)], frozenset({"whatkeepstheboatsinport"})) == ["deck"]
    assert lead([heading(deck)]) == [None]


def test_a_line_above_a_list_in_the_lead_is_its_heading() -> None:
    points = block("Boats stay in port", kind="item")
    assert lead([block("In short"), points]) == [None, None]
    assert lead([block("In short"), block(SENTENCE)]) == ["furniture", None]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Von Ann Lee", "byline"),
        ("Por Bo DAY y Ann de la Mar", "byline"),
        ("Von Anfang an blieben sie im Hafen", None),
        ("Par temps calme, rien ne bouge ici", None),
    ],
)
def test_bylines_of_other_languages_in_the_lead(line: str, kind: str | None) -> None:
    assert lead([block(line)]) == [kind]


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


@pytest.mark.parametrize(
    ("line", "linked", "goes"),
    [
        ("Following the boats", False, False),
        ("Following the boats", True, True),
        ("Related costs", False, False),
        ("Related stories", False, True),
        ("Leave a comment on the boats", False, True),
        ("Comments (3)", False, True),
    ],
)
def test_a_heading_that_only_begins_like_those_over_other_stories(
    line: str, *, linked: bool, goes: bool
) -> None:
    below = [block(SENTENCE), block(SHORT, linked=len(SHORT) * linked)]
    blocks = [*[block(SENTENCE)] * 12, heading(line), *below]
    labels = edges.label_tail(blocks, [value_of(item) for item in blocks], range(15))
    assert list(labels) == ([12, 13, 14] if goes else [])


def test_contributors_and_addresses_at_the_end() -> None:
    blocks = [block(SENTENCE), block("Anna Sailor contributed to this report."), block("anna@example.org")]
    assert set(edges.label_contributors(blocks, range(3))) == {1, 2}
    blocks[1:] = [
        block("To contact Anna write to anna@example.org"),
        block("For tickets write to anna@example.org"),
    ]
    assert set(edges.label_contributors(blocks, range(3))) == {1}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("More boats? Sign up for our weekly newsletter.", "newsletter"),
        ("If the tides matter to you, please consider making a donation.", "plea"),
        ("Follow Ann Lee on Instagram or write to her.", "share"),
        ("Folge uns doch auch auf Mastodon", "share"),
        ("Tell us about your boat in the comments!", "comments"),
        ("Words: Ann Lee Photos: Bo Day", "credit"),
        ("(Noch keine Bewertungen)", "furniture"),
        ("The crew signed up for the night boat.", None),
        ("Nobody could follow them on the water.", None),
        (SENTENCE, None),
    ],
)
def test_what_readers_are_asked_to_do_under_an_article(line: str, kind: str | None) -> None:
    labels = edges.label_endings([block(SENTENCE), block(line)], [None, None])
    assert [label.kind if label else None for label in labels] == [None, kind]


def test_such_a_line_with_text_below_it_stays() -> None:
    blocks = [block("Follow Ann Lee on Instagram."), *[block(SENTENCE)] * 2]
    assert not any(edges.label_endings(blocks, [None] * 3))
    assert not any(edges.label_endings(blocks[:1], [None]))


def test_lines_that_only_name_the_authors() -> None:
    text = ["Von Ann Lee", *[SENTENCE] * 4, "Ann Lee", *[SENTENCE] * 4, "ANN LEE", "(Bo Day)"]
    blocks = [block(line) for line in text]
    labels = edges.label_signatures(blocks, [None] * len(blocks), ["Ann Lee", "Bo Day"])
    assert [place for place, label in enumerate(labels) if label] == [0, 10, 11]
    assert edges.label_signatures(blocks, labels, []) == labels
    assert edges.label_signatures(blocks[-2:], [None, None], ["Ann Lee", "Bo Day"]) == [None, None]


@pytest.mark.parametrize(
    ("line", "is_signature"),
    [
        ("Ann Lee and Bo Day", True),
        ("TEXT BY ANN LEE", True),
        ("Bo Day, reporter", True),
        ("Ann Lee and Cid Fox", False),
        ("Ann Lee and Bo Day spoke.", False),
    ],
)
def test_several_authors_in_a_line(line: str, *, is_signature: bool) -> None:
    blocks = [block(line), *[block(SENTENCE)] * 4]
    labels = edges.label_signatures(blocks, [None] * len(blocks), ["Ann Lee", "Bo Day"])
    assert [label is not None for label in labels] == [is_signature, False, False, False, False]
    post = [blocks[0]._replace(kind="post"), *blocks[1:]]
    assert not any(edges.label_signatures(post, [None] * len(blocks), ["Ann Lee", "Bo Day"]))


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


@pytest.mark.parametrize(
    ("heads", "kept"),
    [
        (["March 3, 2021", "April 14, 2021", "May 20, 2021"], True),
        (["10:05", "11:30", "12:45"], True),
        (["March 3, 2021", "April 14, 2021"], False),
        (["March 3, 2021", "March 3, 2021", "March 3, 2021"], False),
    ],
)
def test_the_days_of_a_chronicle_are_its_text(heads: list[str], *, kept: bool) -> None:
    blocks = [block("Updated June 1, 2021"), *(block(line) for head in heads for line in (head, SENTENCE))]
    labels = [label_line(item) for item in blocks]
    assert all(labels[1::2])
    keep_chronicle(blocks, [value_of(item) for item in blocks], labels, range(len(blocks)))
    assert labels[0] is not None
    assert any(labels[1::2]) is not kept


def test_days_over_links_are_those_of_other_stories() -> None:
    heads = [block(f"May {day}, 2021") for day in range(1, 6)]
    blocks = [item for head in heads for item in (head, block(SHORT, linked=len(SHORT)))]
    labels = [label_line(item) for item in blocks]
    keep_chronicle(blocks, [value_of(item) for item in blocks], labels, range(len(blocks)))
    assert all(labels)


RELATED = Label("generic/link-list", "related")


@pytest.mark.parametrize(
    ("line", "after", "goes"),
    [
        (heading("Other boats"), heading("The night"), True),
        (heading("Other boats"), heading("The night", level=3), False),
        (heading("Other boats"), block(SENTENCE), False),
        (heading("You may also like"), block(SENTENCE), True),
        (block("More from the harbour:"), block(SENTENCE), True),
        (block("More from the harbour was not to be had."), block(SENTENCE), False),
        (block("The boats that stayed:"), block(SENTENCE), False),
    ],
)
def test_what_announces_only_what_is_gone_goes_too(line: RawBlock, after: RawBlock, goes: bool) -> None:
    blocks = [block(SENTENCE), line, block(SHORT), after, block(SENTENCE)]
    labels = edges.label_orphans(blocks, [None, None, RELATED, None, None])
    assert (labels[1] is not None) is goes
    assert labels[0] is labels[3] is labels[4] is None


def test_headings_over_captions_and_single_links_stay() -> None:
    blocks = [heading("Oars"), block(SHORT), heading("Sails"), block(SHORT)]
    labels = [None, LINK, None, Label("generic/figure", "caption")]
    assert edges.label_orphans(blocks, labels) == labels


def test_bold_lines_between_paragraphs_are_headings() -> None:
    blocks = [
        block(SENTENCE),
        block("The night boat", flags=BOLD),
        block(SENTENCE),
        heading("At dawn", level=2),
        block("Nobody came.", flags=BOLD),
        block(SENTENCE),
        block("The end", flags=BOLD),
    ]
    marked = mark_subheads(blocks, [None] * len(blocks))
    assert [place for place, b in enumerate(marked) if b.kind == "heading"] == [1, 3]
    assert marked[1].level == 3
    assert mark_subheads(blocks, [None, RELATED, *[None] * 5]) == blocks


def test_scraps_at_the_end() -> None:
    blocks = [block(SENTENCE), heading("More"), block("x", flags=BOLD)]
    assert set(edges.label_trail(blocks, [value_of(item) for item in blocks], range(3))) == {1, 2}


def test_blocks_of_another_text() -> None:
    text = f"- {SHORT}\n{SENTENCE}"
    assert blocks_in(text, [block(SHORT), block("Boats"), block(SENTENCE.upper()), block("...")]) == [0, 2]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("See also: Oars sell out", "related"),
        ("See also", None),
        ("Oars: a test", None),
        ("See also the quay", None),
    ],
)
def test_a_heading_that_announces_another_story_goes(text: str, kind: str | None) -> None:
    label = label_line(heading(text, 0))
    assert (label and label.kind) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Harbour > Ferries > Late again", "nav"),
        ("Hafen › Fähren › Bis Montag fährt nichts", "nav"),
        ("Ann Lee/The Daily Cloud", "credit"),
        ("{{article.status}} - {{article.updated}}", "furniture"),
        ("A > B", None),
        ("« Oui » dit-il, « mais » pas » ainsi » que vous pensez", None),
        ("He wrote 5 > 3 > 1 on the wall and left.", None),
        ("Ann Lee / The Daily Cloud said that the ferry was late.", None),
    ],
)
def test_lines_told_by_their_form(text: str, kind: str | None) -> None:
    label = label_line(block(text))
    assert (label and label.kind) == kind


def test_a_body_marked_in_several_parts_is_whole() -> None:
    rows = [(-1, "body"), (0, "article")]
    rows += [(1, "section", "", ARTICLE_BODY), (1, "div"), (1, "section", "", ARTICLE_BODY)]
    table = nodes(*rows)
    texts = [*[block(SENTENCE, 2)] * 4, block(SHORT, 3), *[block(SENTENCE, 4)] * 6]
    assert container(table, texts) == 1
    headed = nodes(*rows[:3], (1, "h2"), (1, "section", "", ARTICLE_BODY))
    assert container(headed, [*[block(SENTENCE, 2)] * 4, heading("Oars sell out", 3), *texts[5:]]) == 4
