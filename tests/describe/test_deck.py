"""The summary under the headline, or the stated one."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.deck import find_deck
from ingest.describe.found import Found, Hints
from ingest.structured import read_structured

DECK = "After three dry months the rivers are rising again"
BODY = "<p>The first drops fell on Monday evening, when nobody was looking at the sky any more.</p>"


def deck(html: str, hints: Hints | None = None) -> Found[str] | None:
    tree = LexborHTMLParser(html)
    return find_deck(tree, read_structured(tree), hints or Hints())


@pytest.mark.parametrize(
    "name", ["standfirst", "article-lead", "deck", "Header-dek_x1", "subtitle", "StoryLead", "vorspann"]
)
def test_marked_text_after_the_headline(name: str) -> None:
    found = deck(f'<h1>Rain is back</h1><p class="{name}">{DECK}</p>{BODY}')
    assert found == Found(DECK, "page")


def test_unmarked_text_that_is_the_stated_description() -> None:
    head = f'<meta name="description" content="{DECK}">'
    assert deck(f"{head}<h1>Rain</h1><div><h2>{DECK}.</h2></div>{BODY}") == Found(f"{DECK}.", "page")


def test_stated_description_where_none_is_shown() -> None:
    assert deck(f'<meta property="og:description" content="{DECK}"><h1>Rain</h1>{BODY}') == Found(
        DECK, "meta"
    )


@pytest.mark.parametrize(
    "html",
    [
        f'<h1>Rain</h1><figure><p class="lead">{DECK}</p></figure>{BODY}',
        f'<h1>Rain</h1><p class="lead-caption">{DECK}</p>{BODY}',
        f'<h1>Rain</h1><p class="subtitle">Weather</p>{BODY}',
        f'<h1>Rain</h1>{BODY * 4}<p class="subtitle">{DECK}</p>',
        f'<h1>{DECK}</h1><p class="subtitle">{DECK}</p>{BODY}',
        "",
    ],
)
def test_what_is_no_deck(html: str) -> None:
    assert deck(html) is None


def test_layout_comes_first() -> None:
    assert deck("<h1>Rain</h1>", Hints(fields={"deck": ("The  layout's",)})) == Found(
        "The layout's", "layout"
    )


def test_a_sure_mark_goes_before_one_that_other_things_have_too() -> None:
    summary = '<div class="story-summary">It rains, and nobody knows for how long it will</div>'
    assert deck(f'<h1>Rain</h1>{summary}<h2 class="deck">{DECK}</h2>{BODY}') == Found(DECK, "page")
    assert deck(f'<h1>Rain</h1><p class="story-teaser">{DECK}</p>{BODY}') == Found(DECK, "page")


def test_of_unsure_marks_the_stated_one() -> None:
    head = f'<meta name="description" content="{DECK}">'
    line = '<p class="head-subline">Umbrellas are sold out</p>'
    assert deck(f'{head}<h1>Rain</h1>{line}<p class="teaser">{DECK}</p>{BODY}') == Found(DECK, "page")


@pytest.mark.parametrize("box", ['<div class="box-desc">{}</div>', '<div itemprop="description">{}</div>'])
def test_a_description_behind_the_text_is_of_something_else(box: str) -> None:
    assert deck(f"<h1>Rain</h1>{BODY}" + box.format("Ann Lee has written about clouds for years")) is None


def test_a_persons_profile_is_no_deck() -> None:
    profile = '<h4 class="profile__subtitle">Writes about clouds, rain and umbrellas</h4>'
    assert deck(f"<h1>Rain</h1>{profile}{BODY}") is None


def test_what_lies_over_the_page_is_no_deck() -> None:
    over = '<div class="subtitle-modal"><p class="subtitle">Be the first to know of every cloud that comes.</p></div>'
    under = '<p class="subtitle">Nobody in the harbour had ordered that much of it.</p>'
    page = f"<h1>Rain is back in town</h1>{over}{under}"
    found = deck(page)
    assert found and found.value == "Nobody in the harbour had ordered that much of it."


def test_a_day_and_a_name_are_no_deck() -> None:
    page = '<h1>Rain</h1><p class="subtitle">20. Mai 2019 - von Annette Wolke</p><p class="lead">{}</p>'
    found = deck(page.format("Nobody in the harbour had ordered that much of it."))
    assert found and found.value == "Nobody in the harbour had ordered that much of it."
