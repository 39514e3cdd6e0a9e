"""What a draft adds to the generic extractor, and where it leaves the word to it."""

from __future__ import annotations

import pytest
from made_sites import deck_site, titled_site

from ingest.draft import draft_pages, draft_site
from ingest.draft.about import About
from ingest.draft.evidence import read_page
from ingest.draft.fields import FieldFinding
from ingest.draft.lines import Text, find_lines
from ingest.draft.site import with_rules
from ingest.draft.write import MAX_LOSS, Findings, LayoutFinding, write_draft
from ingest.pipeline import clean_page
from ingest.rules import Rulebook, load_rules
from ingest.words import letters


@pytest.fixture(scope="module")
def packs() -> Rulebook:
    rulebook = load_rules()
    return Rulebook({}, rulebook.packs, rulebook.files)


def test_pages_read_before_give_the_same_draft(packs):
    raws = deck_site(3)
    read = [page for raw in raws if (page := read_page(raw, packs))]
    assert (
        draft_pages("quaynews.example", read, packs).text == draft_site("quaynews.example", raws, packs).text
    )


def test_a_heading_that_is_the_deck_leaves_the_body(packs):
    drafted = draft_site("quaynews.example", deck_site(4), packs)
    page = deck_site(5)[4]
    before, after = clean_page(page, packs), clean_page(page, with_rules(packs, drafted.rules))
    assert before.deck in before.body
    assert after.deck == before.deck and after.deck not in after.body
    assert after.body == before.body.replace(before.deck, "").lstrip("# \n")
    [taken] = [removal for removal in after.removals if removal.text == after.deck]
    assert taken.kind == "deck" and taken.rule.startswith("quaynews.example/")


def test_a_deck_on_one_page_is_no_evidence(packs):
    drafted = draft_site("quaynews.example", deck_site(1), packs)
    assert not any(drop.kind == "deck" for layout in drafted.rules.layouts for drop in layout.drop)


def test_the_title_is_left_to_the_search_where_nothing_tells_its_sources_apart(packs):
    drafted = draft_site("titles.example", titled_site(["{}", "{}", "{} | Titles"]), packs)
    assert [layout.title for layout in drafted.rules.layouts] == [None]


def test_the_title_is_the_headline_where_readers_elsewhere_were_told_another(packs):
    *given, left = titled_site(["{}", "{}", "Nine times {}", "Nine herons and a lamp post by the weir"])
    drafted = draft_site("titles.example", given, packs)
    assert [layout.title for layout in drafted.rules.layouts] == ["h1"]
    assert f">{clean_page(left, with_rules(packs, drafted.rules)).title}</h1>" in left.data.decode()


def layout(agreement: float, *fields: FieldFinding) -> LayoutFinding:
    return LayoutFinding("page", ".story", 3, agreement, 1.0, fields, ())


def findings(*layouts: LayoutFinding) -> Findings:
    about = About("The Quay", "en", None, ())
    return Findings("quaynews.example", 3, 0, about, [], [], layouts, [], [])


TITLE = FieldFinding("title", "h1", None, 3, 3)


def test_a_body_that_fits_worse_than_the_generic_extractors_is_not_proposed():
    text, rules = write_draft(findings(layout(1 - 2 * MAX_LOSS, TITLE)))
    [found] = rules.layouts
    assert not found.body and found.title == "h1"
    assert "no body: the generic extractor agrees as well or better, 1.000" in text


def test_a_body_that_fits_as_well_is_proposed():
    _, rules = write_draft(findings(layout(1 - MAX_LOSS / 2, TITLE)))
    assert rules.layouts[0].body == ".story"


def test_a_bare_tag_has_to_be_better():
    for agreement, body in ((0.99, None), (0.991, "article")):
        found = layout(agreement, TITLE)._replace(css="article", generic=0.99)
        assert write_draft(findings(found))[1].layouts[0].body == body


def test_every_spelling_of_a_line_has_its_pattern():
    def page(number: int, line: str) -> Text:
        own = f"Page {'abc'[number]} has a sentence of its own with more than a dozen words in it here."
        texts = [own, own.upper(), line]
        return Text(texts, [letters(text) for text in texts], [True] * 3, frozenset(), frozenset())

    spelt = ["Found a mistake? Tell us.", "Found a mistake?Tell us.", "Found a mistake? Tell us."]
    pages = [page(number, line) for number, line in enumerate(spelt)]
    [found] = find_lines(pages, load_rules().rules_for(None), "en")
    assert found.patterns == (r"^Found a mistake\? Tell us\.$", r"^Found a mistake\?Tell us\.$")
