"""Drafts of sites that do not exist: what is proposed, that it loads, and what it does to pages it has not seen."""

from __future__ import annotations

import re

import msgspec
import pytest
from made_sites import NAMES, class_site, microdata_site, text_site

from ingest.draft import draft_site, group_by_site, measure_effect
from ingest.draft.effect import read_truth, score_body
from ingest.draft.site import on_site, with_rules
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import Rulebook, load_rules
from ingest.rules.loader import load_file
from ingest.rules.model import SiteFile, as_list, as_when


@pytest.fixture(scope="module")
def packs() -> Rulebook:
    rulebook = load_rules()
    return Rulebook({}, rulebook.packs, rulebook.files)


@pytest.fixture(scope="module")
def hafen(packs):
    return draft_site("hafenblatt.example", microdata_site(6), packs)


@pytest.fixture(scope="module")
def tarn(packs):
    return draft_site("tarncourier.example", class_site(8, redesigned=3), packs)


@pytest.fixture(scope="module")
def norrland(packs):
    return draft_site("norrland.example", text_site(5), packs)


def test_every_draft_passes_the_strict_loader(hafen, tarn, norrland):
    for drafted in (hafen, tarn, norrland):
        loaded = load_file(f"{drafted.site}.yaml", drafted.text, SiteFile)
        assert loaded.mistakes == []
        assert loaded.value == drafted.rules


def test_the_same_pages_give_the_same_text(packs, hafen):
    assert draft_site("hafenblatt.example", microdata_site(6), packs).text == hafen.text


def test_itemprop_goes_before_hashed_classes(hafen):
    [layout] = hafen.rules.layouts
    assert as_list(layout.body) == ['[itemprop="articleBody"]']
    assert "css-" not in hafen.text and "sc-q" not in hafen.text


def test_head_of_the_file_comes_from_the_pages(hafen):
    assert (hafen.rules.name, hafen.rules.language) == ("Hafenblatt", "de")
    assert hafen.rules.timezone == "Europe/Berlin"


def test_fields_agree_with_the_structured_data(hafen):
    [layout] = hafen.rules.layouts
    assert layout.title == "h1"
    assert layout.authors == '[rel="author"]'
    assert layout.published.attr == "datetime"


def test_elements_with_a_telling_class_are_dropped(hafen):
    [layout] = hafen.rules.layouts
    assert (".share-bar", "share") in [(drop.css, drop.kind) for drop in layout.drop]


def test_wording_that_comes_again_is_stripped_from_a_page_not_given(packs, hafen):
    page = microdata_site(7)[6]
    before = clean_page(page, packs)
    after = clean_page(page, with_rules(packs, hafen.rules))
    assert "Kiosk am Ufer" in before.body
    assert "Kiosk am Ufer" not in after.body
    assert after.words_kept == before.words_kept - 13


def test_two_looks_give_two_layouts(tarn):
    whens = [as_when(layout.when).css for layout in tarn.rules.layouts]
    assert whens == [".story-text", ".oldstory"]
    assert [str(layout.id) for layout in tarn.rules.layouts] == ["2022", "2009"]


def test_lines_that_differ_in_a_number_become_one_pattern(tarn):
    patterns = [pattern for strip in tarn.rules.strip for pattern in as_list(strip.line)]
    assert r"^Tarn Courier archive, entry \d+: listen to this story in our podcast$" in patterns


def test_a_page_not_given_is_cleaner_than_without_the_draft(packs, tarn):
    page = class_site(12)[11]
    before, after = clean_page(page, packs), clean_page(page, with_rules(packs, tarn.rules))
    assert after.method == "rules" and after.layout == "2022"
    for furniture in ("boat race", "archive, entry", "seven valleys"):
        assert furniture in before.body
        assert furniture not in after.body


def test_no_paragraph_of_an_article_is_lost(packs, tarn):
    for page in class_site(12):
        after = clean_page(page, with_rules(packs, tarn.rules))
        for paragraph in re.findall(r"<p>(.+?)</p>", page.data.decode()):
            if "Tarn Courier" not in paragraph:
                assert paragraph in after.body


def test_text_pages_give_lines_and_fields(packs, norrland):
    page = text_site(6)[5]
    assert norrland.rules.describe.published is not None
    assert norrland.rules.recognise
    after = clean_page(page, with_rules(packs, norrland.rules))
    assert isinstance(after, Record)
    assert after.site == "norrland.example"  # recognised by its wording: the page has no address
    for furniture in ("presses of the Norrland", "printed on the island", "Mooring fees"):
        assert furniture not in after.body
    assert after.published is not None and after.published.day == 8


def test_every_rule_says_what_it_was_seen_on(tarn):
    lines = tarn.text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("  - id: ") and lines.index("strip:") < number:
            assert lines[number - 1].startswith("  # might wrongly take: ")
            assert re.match(r"  # on \d+ of \d+ pages: .{1,60}$", lines[number - 2])


def test_one_page_gives_a_layout_and_no_wording(packs):
    drafted = draft_site("tarncourier.example", class_site(1), packs)
    [layout] = drafted.rules.layouts
    assert layout.title is None and layout.authors is None  # agreement on one page may be chance
    assert not drafted.rules.strip
    assert "One page" in drafted.text


def test_what_all_pages_name_as_author_gets_no_selector(packs, hafen):
    pages = microdata_site(6)
    for page_number, page in enumerate(pages):
        data = page.data
        for name in NAMES:
            data = data.replace(name.encode(), NAMES[0].encode())
        pages[page_number] = msgspec.structs.replace(page, data=data)
    [layout] = draft_site("hafenblatt.example", pages, packs).rules.layouts
    assert layout.authors is None and hafen.rules.layouts[0].authors


def test_the_same_article_twice_is_one_page(packs):
    page = class_site(1)[0]
    drafted = draft_site("tarncourier.example", [page, page], packs)
    assert len(drafted.pages) == 1 and drafted.skipped == 1
    assert not drafted.rules.strip


def test_no_article_no_draft(packs):
    assert draft_site("empty.example", [RawPage(data=b"<p></p>", media_type="text/html")], packs) is None


def test_pages_are_grouped_by_the_address_they_state():
    unknown = RawPage(data=b"<p>Hello</p>", media_type="text/html")
    groups = group_by_site([*microdata_site(2), *class_site(1), unknown])
    assert {site: len(pages) for site, pages in groups.items()} == {
        None: 1,
        "hafenblatt.example": 2,
        "tarncourier.example": 1,
    }


def test_effect_counts_what_each_rule_takes(packs, tarn):
    effect = measure_effect(tarn, packs)
    assert effect.pages == 8
    assert effect.kept_with < effect.kept_without
    assert all(rule.rule.startswith("tarncourier.example/") for rule in effect.rules)
    race = next(rule for rule in effect.rules if "boat race" in rule.example)
    assert race.pages == race.texts == 8


def test_effect_scores_against_truth(packs, hafen):
    raws = [page.raw for page in hafen.pages]
    rows = [
        {"id": "0", "body": clean_page(on_site(raws[0], hafen.site), with_rules(packs, hafen.rules)).body}
    ]
    effect = measure_effect(hafen, packs, read_truth(rows, raws))
    assert effect.judged == 1
    assert effect.with_f1 == 1.0 > effect.without_f1


def test_score_of_bodies():
    assert score_body("", "") == 1.0
    assert score_body("one two three four", "") == 0.0


HOSTILE = (
    "<h1>'\"\x07: # {x}</h1><div class=\"a'b article-body\" id='x:y'>"
    + "".join(f"<p>It''s {{{n}}} [a] #&#x85; \u2028 (b+)+$ \\d ^ | {'word ' * 30}end.</p>" for n in range(4))
    + "<p>Subscribe: 'now' {at} \"once\" # \\ ^$ (((</p></div>"
)


def test_hostile_wording_gives_a_file_that_loads(packs):
    pages = [
        RawPage(
            data=(HOSTILE + f"<p>{chr(97 + n) * 3} {'other ' * (20 + n)}.</p>").encode(),
            media_type="text/html",
        )
        for n in range(3)
    ]
    assert draft_site("hostile.example", pages, packs) is not None
