"""The steps of a draft by themselves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ingest.draft.head_lines import date_shape
from ingest.draft.lines import Text, exact, find_lines
from ingest.draft.selectors import is_stable, selectors_of, word_of
from ingest.draft.write import example, quote
from ingest.rules import load_rules
from ingest.rules.loader import read_yaml
from ingest.rules.match import check_css, compile_pattern


@pytest.mark.parametrize("name", ["article-body", "storyText", "article__body--wide", "StoryBodyCompanion"])
def test_names_a_person_wrote(name):
    assert is_stable(name)


@pytest.mark.parametrize(
    "name",
    [
        "css-abcdef",
        "sc-bdVaJa",
        "kPvQZn",
        "c12",
        "text-lg",
        "md:flex",
        "x",
        "pt-4",
        "a_b1",
        "story__text__Kjxdw",
    ],
)
def test_names_a_tool_made(name):
    assert not is_stable(name)


def selectors(html: str) -> list[str]:
    node = LexborHTMLParser(html).body.first_child
    return [selector.css for selector in selectors_of(node)]


def test_selectors_of_an_element_most_telling_first():
    html = '<div itemprop="articleBody" data-testid="body-copy" id="story" class="css-1x story-text">x</div>'
    assert selectors(html) == [
        '[itemprop="articleBody"]',
        '[data-testid="body-copy"]',
        "#story",
        ".story-text",
    ]


def test_module_names_keep_their_readable_part():
    assert selectors('<div class="ArticleBody_content__x1Y2z">x</div>') == [
        '[class*="ArticleBody_content__"]'
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_attributes_give_selectors_that_compile(names, value):
    node = LexborHTMLParser("<div>x</div>").body.first_child
    node.attrs["class"], node.attrs["data-testid"] = names, value
    assert all(check_css(selector.css) is None for selector in selectors_of(node))


@given(st.text(min_size=1).filter(str.isprintable))
def test_exact_patterns_match_their_own_text_only(text):
    pattern = compile_pattern(exact(text))
    assert pattern.search(text)
    assert not pattern.search(f"{text}x")


@given(st.text().filter(str.isprintable))
def test_quoted_text_is_read_back(text):
    source, mistakes = read_yaml("<test>", f"note: {quote(text)}\n")
    assert not mistakes and source.value == {"note": text}


@given(st.text())
def test_examples_stay_on_their_line(text):
    assert len(example(text)) <= 60
    source, _ = read_yaml("<test>", f"# {example(text)}\nnote: x\n")
    assert source.value == {"note": "x"}


@given(st.text(max_size=60))
def test_rule_ids_are_valid(text):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", word_of(text))


def test_date_shape_reads_another_date():
    shape = compile_pattern(date_shape("Updated: 3 March 2021, 10:05"))
    assert shape.search("Updated: 21 April 2024, 9:45").group("value") == "21 April 2024, 9:45"
    assert not shape.search("Updated: yesterday")


# -- repeated lines


def text(*lines: str, sure: tuple[str, ...] = (), fields: tuple[str, ...] = ()) -> Text:
    keys = ["".join(filter(str.isalnum, line.casefold())) for line in lines]
    letters = ["".join(filter(str.isalnum, line.casefold())) for line in (*sure, *fields)]
    return Text(
        lines, keys, [True] * len(lines), frozenset(letters[: len(sure)]), frozenset(letters[len(sure) :])
    )


def own(number: int) -> str:
    letter = "abcdefgh"[number]
    return f"Page {letter} has a sentence of its own with more than a dozen words in it, {letter}."


@pytest.fixture(scope="module")
def packs():
    return load_rules().rules_for(None)


def patterns(pages, packs):
    return [pattern for finding in find_lines(pages, packs, "en") for pattern in finding.patterns]


def test_a_line_on_one_page_stays(packs):
    assert patterns([text(own(0), "Only here"), text(own(1)), text(own(2))], packs) == []


def test_a_short_line_amid_the_text_needs_more_evidence(packs):
    def page(n):
        return text(own(n), "The background", own(n) + " Again.")

    assert patterns([page(0), page(1)], packs) == []
    assert patterns([page(0), page(1), page(2)], packs) == ["^The background$"]


def test_two_articles_on_one_event_share_a_sentence(packs):
    line = "Nobody in the valley could say on whose boat the lantern had been lit that night."

    def page(n, *shared):
        return text(own(n), *shared, own(n) + " Again.")

    assert patterns([page(0, line), page(1, line), page(2)], packs) == []
    assert len(patterns([page(0, line), page(1, line), page(2, line)], packs)) == 1


def test_what_is_certainly_the_articles_stays(packs):
    line = "Readers of the valley paper are invited to the yearly race on the lake at noon"
    pages = [text(own(n), line, own(n) + " Again.", sure=(line,)) for n in range(4)]
    assert patterns(pages, packs) == []


def test_titles_names_and_bylines_stay(packs):
    pages = [
        text("Mira Tolden", "By Juno Karvel", own(n), own(n) + "!", fields=("Mira Tolden",)) for n in range(4)
    ]
    assert patterns(pages, packs) == []


def test_rows_of_lines_become_a_range(packs):
    row = ("Ferries and tides", "Harbour office", "Letters to the mast", "Lighthouse keepers")
    findings = find_lines([text(own(n), own(n) + "!", *row) for n in range(4)], packs, "en")
    assert [(f.patterns, f.through, f.pages) for f in findings] == [
        (("^Ferries and tides$",), "^Lighthouse keepers$", 4)
    ]


def test_a_telling_beginning_becomes_a_pattern(packs):
    pages = [
        text(own(n), f"Read more from the valley: {'uvwxyz'[n]} boat sinks", own(n) + "!") for n in range(4)
    ]
    [pattern] = patterns(pages, packs)
    assert pattern.startswith("^Read more from the valley:.{1,")
