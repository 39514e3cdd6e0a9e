"""The generic path as a whole, on small pages of our own."""

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest import Record, clean
from ingest.blocks import Document
from ingest.extract.generic import Selection, extract_generic, select
from ingest.walk import walk

TEXT = [
    f"In the {ordinal} week of the strike the ferries stayed in port, and the islanders rowed across themselves."
    for ordinal in ("first", "second", "third", "fourth", "fifth", "sixth")
]
BODY = "".join(f"<p>{line}</p>" for line in TEXT)
PAGE = f"""
<nav><a href=/>Home</a> <a href=/n>News</a></nav>
<main><article>
<h1>Ferries stay in port</h1>
<p class=standfirst>Why the islands are cut off</p>
<p class=byline>By Anna Sailor</p>
<div class=story>
<figure><img src=quay.jpg><figcaption>The quay</figcaption></figure>
{BODY}
<p>Read more: <a href=/t>Tide tables</a></p>
<div class=share-bar><p>Tell your friends</p></div>
<h3>Related</h3><p><a href=/r>Oars sell out</a></p>
</div></article></main>
<footer>All rights reserved</footer>
"""


def read(html: str) -> tuple[LexborHTMLParser, Document]:
    tree = LexborHTMLParser(html)
    assert tree.body is not None
    return tree, walk(tree.body)


def kept(document: Document, selection: Selection) -> list[str]:
    return [document.blocks[number].text for number in selection.kept]


def test_the_body_and_a_reason_for_all_else_in_the_scope() -> None:
    _, document = read(PAGE)
    selection = select(document, titles=["Ferries stay in port"])
    assert kept(document, selection) == TEXT
    reasons = {
        document.blocks[number].text: label.kind
        for number in selection.scope
        if (label := selection.labels[number]) is not None
    }
    assert reasons["The quay"] == "caption"
    assert reasons["Tell your friends"] == "share"
    assert reasons["Oars sell out"] == "related"
    assert all(selection.labels[n] is None for n in range(len(document.blocks)) if n not in selection.scope)
    assert all(label.rule.startswith("generic/") for label in selection.labels if label)


def test_title_and_deck_are_recognised() -> None:
    _, document = read(PAGE.replace("<div class=story>", "").replace("</div></article>", "</article>"))
    selection = select(document, titles=["Ferries stay in port"])
    assert selection.title_block is not None
    assert document.blocks[selection.title_block].text == "Ferries stay in port"
    assert selection.deck_block is not None
    assert document.blocks[selection.deck_block].text == "Why the islands are cut off"
    assert kept(document, selection) == TEXT


def test_short_lines_that_add_up_are_text() -> None:
    lines = ["We left the quay at two.", *["The sea was calm and the night was clear"] * 12]
    _, document = read(
        "<main><h1>Night boat</h1>" + "".join(f"<p>{line}</p>" for line in lines) + "<p>Fin</p></main>"
    )
    assert kept(document, select(document, titles=["Night boat"]))[:13] == lines


def test_a_given_container_is_taken() -> None:
    _, document = read(f"<section><p>{TEXT[0]}</p></section><div>{BODY}</div>")
    assert kept(document, select(document, container=1)) == TEXT[:1]


def test_text_that_every_class_calls_furniture_is_found() -> None:
    tree, document = read(f"<div class=comments>{BODY}</div>")
    assert kept(document, extract_generic(tree, document)) == TEXT


def test_the_text_that_the_description_quotes_is_no_furniture() -> None:
    teasers = "".join(f"<p>{line.replace('ferries', 'trains')}</p>" for line in TEXT)
    boxes = "".join(f"<div><p>{line}</p></div>" for line in TEXT)
    page = f"<h1>Ferries</h1><div class=banner>{boxes}</div><div class=column>{teasers}</div>"
    _, document = read(page)
    assert TEXT[0] not in kept(document, select(document))
    assert kept(document, select(document, descriptions=[TEXT[0]]))[: len(TEXT)] == TEXT


FORM = "".join(f"<p>Please enter {line[7:40]} here, and then once more to confirm.</p>" for line in TEXT)
LEAD = (
    f"The ferries stayed in port for a sixth week, and nobody knows when they will sail. {TEXT[0]} {TEXT[5]}"
)


def test_a_lead_alone_is_more_of_an_article_than_a_form() -> None:
    lead = LEAD[:200] + "."
    page = f"<h1>Ferries</h1><div class=intro><p>{lead}</p></div><div class=login><form>{FORM}</form></div>"
    tree, document = read(page)
    assert kept(document, extract_generic(tree, document, descriptions=[lead])) == [lead]


def test_a_list_of_headlines_is_no_second_opinion() -> None:
    headlines = "".join(f"<p><a href=/{n}>{line}</a></p>" for n, line in enumerate(TEXT))
    tree, document = read(f"<h1>Ferries</h1><p>Subscribers only.</p><div>{headlines}</div>")
    assert "trafilatura" not in extract_generic(tree, document).flags


@pytest.mark.parametrize(
    "furniture",
    [
        "<footer class=footer><p>{}</p></footer>",
        "<select class=archive-dropdown><option>{}</select>",
        "<nav class=widgets><p>{}</p></nav>",
    ],
)
def test_some_tags_are_furniture_whatever_their_class(furniture: str) -> None:
    tree, document = read(f"<h1>Ferries</h1><p>{LEAD[:80]}.</p><div>{furniture.format(' '.join(TEXT))}</div>")
    assert kept(document, extract_generic(tree, document)) == [LEAD[:80] + "."]


def test_a_share_bar_is_not_relaxed_into_the_text() -> None:
    bar = (
        "<div class=sharedaddy>Share this: <a href=/a>Here</a> <a href=/b>There</a> Like this: Loading.</div>"
    )
    _, document = read(f"<h1>Ferries</h1><article><p>{LEAD[:60]}.</p>{bar}</article>")
    assert kept(document, select(document)) == [LEAD[:60] + "."]


FILLER = "<p>Quidem nam tempore ex harum repellat modi. Expedita quia rerum est ut ullam; voluptatem sunt dolor.</p>"


def test_filler_text_behind_the_article_is_a_paywall() -> None:
    record = clean(f"<h1>Ferries</h1><article><p>{TEXT[0]}</p><p>{TEXT[1]}</p>{FILLER * 3}</article>")
    assert isinstance(record, Record)
    assert record.body == f"{TEXT[0]}\n\n{TEXT[1]}"
    assert {removal.kind for removal in record.removals if "filler" in removal.rule} == {"plea"}
    assert (record.truncated, record.access) == (True, "gated")


@pytest.mark.parametrize(
    ("address", "is_shown"),
    [
        ("https://secure.gravatar.com/avatar/1d53", False),
        ("/static/icons/close.svg", False),
        ("/images/logo-compact.svg?v=2", False),
        ("/img/spacer.gif", False),
        ("/img/pixel.gif", False),
        ("/photos/the-ferry-with-its-logo.jpg", True),
        ("/photos/logo-painted-on-the-quay.jpg", True),
        ("/photos/avatar-2.jpg", True),
        ("/photos/icon.php?of=saint", True),
    ],
)
def test_icons_and_portraits_of_accounts_are_no_pictures_of_the_article(address: str, is_shown: bool) -> None:
    record = clean(
        f"<h1>Ferries</h1><article><p>{TEXT[0]}</p><img src='{address}'><p>{TEXT[1]}</p></article>"
    )
    assert isinstance(record, Record)
    assert [image.url for image in record.images] == ([address] if is_shown else [])


def test_filler_text_alone_or_around_is_the_text() -> None:
    for text in (FILLER * 3, f"{FILLER}<p>{TEXT[0]}</p><p>{TEXT[1]}</p>{FILLER}"):
        record = clean(f"<h1>Ferries</h1><article>{text}</article>")
        assert isinstance(record, Record)
        assert "Quidem nam tempore" in record.body
        assert not record.truncated


def test_structured_text_is_the_last_resort() -> None:
    tree, document = read("<p>Please turn on JavaScript</p>")
    selection = extract_generic(tree, document, article_body="\n\n".join(TEXT))
    assert selection.method == "structured"
    assert selection.paragraphs == tuple(TEXT)
    assert not selection.kept


def test_structured_text_replaces_another_text() -> None:
    other = [line.replace("ferries", "trains").replace("rowed", "walked") for line in TEXT[:4]]
    tree, document = read(f"<h1>Ferries</h1><article>{''.join(f'<p>{line}</p>' for line in other)}</article>")
    assert extract_generic(tree, document, article_body="\n".join(TEXT * 3)).method == "structured"
    assert extract_generic(tree, document, article_body="\n".join(TEXT)).method == "generic"


def test_structured_text_does_not_replace_a_body() -> None:
    tree, document = read(PAGE)
    assert extract_generic(tree, document, article_body="\n".join(TEXT) * 9).method == "generic"


def test_empty_pages() -> None:
    for html in ("", "<p>", "<nav>Home</nav>", "<script>x</script>"):
        tree, document = read(html)
        assert not extract_generic(tree, document).paragraphs


def test_the_tree_is_not_changed() -> None:
    tree, document = read("<p>Too little</p>")
    before = tree.html
    extract_generic(tree, document)
    assert tree.html == before


@pytest.mark.parametrize(
    "html",
    [
        "<span class=share>" * 50_000 + TEXT[0],
        f"<p>{TEXT[0]}<img>" * 20_000,
        "<div class=entry-content>x</div>" * 30_000,
    ],
    ids=["deep", "text", "bodies"],
)
def test_hostile_pages_take_linear_time(html: str) -> None:
    _, document = read(html)
    began = time.process_time()
    select(document, titles=["x"], descriptions=[TEXT[0]])
    assert time.process_time() - began < 10


def test_panels_that_unfold_are_the_articles() -> None:
    panel = f"<div role=tablist><div role=tab><h4>More</h4></div><div role=tabpanel>{BODY}</div></div>"
    own = "".join(f"<p>{line.replace('ferries', 'trains')}</p>" for line in TEXT)
    _, document = read(f"<main><h1>Night boat</h1>{own}{panel}</main>")
    assert set(TEXT) <= set(kept(document, select(document, titles=["Night boat"])))


def test_a_short_article_under_its_headline_goes_before_a_longer_text_elsewhere() -> None:
    short = "".join(f"<p>{line}</p>" for line in TEXT[:2])
    desk = "".join(f"<p>{line} Write to the desk, or call.</p>" for line in TEXT[2:5])
    links = "<p><a href=/l>Letters to the editor of the Quay Post</a></p>" * 60
    page = f"<div><h1>Ferries stay in port</h1><div>{short}</div></div>{links}<div><div>{desk}</div></div>"
    _, document = read(page)
    assert kept(document, select(document, titles=["Ferries stay in port"])) == TEXT[:2]
    _, document = read(page.replace("<h1>Ferries stay in port</h1>", "<h1>The Quay Post</h1>"))
    assert kept(document, select(document, titles=["Ferries stay in port"]))[-1].endswith("or call.")


@pytest.mark.parametrize(
    "line",
    [
        "By Anna Sailor Updated Nov 13, 2019, 10:28am EST",
        "Monday November 18, 2019 7:45 am PST by Anna Sailor",
        "Von Anna Sailor",
        "Mo 18.11.19 | 14:07 Uhr | Von Anna Sailor",
        "November 18, 2019 / 1:07 AM / The Quay Post",
    ],
)
def test_who_wrote_it_and_when_goes_behind_a_deck_too(line: str) -> None:
    deck = "The islands have been cut off from the mainland since the new year, and nobody knows for how much longer"
    record = clean(f"<title>Ferries</title><h1>Ferries</h1><div><p>{deck}</p><p>{line}</p>{BODY}</div>")
    assert isinstance(record, Record)
    assert record.body.split("\n\n") == [deck, *TEXT]


def test_when_something_takes_place_stays() -> None:
    lines = [TEXT[0], "When: 13 May 2019, 20:00", *TEXT[1:]]
    record = clean(
        f"<title>Ferries</title><h1>Ferries</h1><div>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
    )
    assert isinstance(record, Record)
    assert record.body.split("\n\n") == lines


def test_a_fragment_that_states_no_title_has_the_heading_above_its_text() -> None:
    record = clean(
        f"<div><h4>The Quay Post</h4><h2>Ferries stay in port</h2><h3>North</h3>{BODY}<h2>More</h2></div>"
    )
    assert isinstance(record, Record)
    assert (record.title, record.origins["title"]) == ("Ferries stay in port", "page")
    record = clean(f"<div>{BODY}<h2>Ferries stay in port</h2>{BODY}</div>")
    assert isinstance(record, Record) and record.title is None
