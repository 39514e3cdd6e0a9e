"""The wording rules at work: lines, ranges, parts, neighbours, zones, captions, and the guard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.labels import Label
from ingest.rules.loader import load_file
from ingest.rules.model import PackFile, SiteFile
from ingest.rules.rulebook import SiteRules
from ingest.strip import Picture, Stripped, is_prose, strip_blocks

PROSE = [
    "The harbour master opened the gate at six in the morning, long before the first boat was due.",
    "Nobody on the pier had slept, and the coffee that the baker sent down was gone within minutes.",
    "By noon the wind had turned, so the council put the race off until the following Saturday.",
    "The older sailors said that they had seen it coming, and the younger ones said nothing at all.",
]


def site_rules(strip: str = "", pack: str = "") -> SiteRules:
    """Rules of example.com, and of a pack called `shared`, from the items of their `strip` lists."""
    site = load_file(
        "example.com.yaml",
        f"site: example.com\nhosts: [example.com]\nuse: [shared]\nstrip:\n{_indent(strip)}",
        SiteFile,
    )
    packs = load_file("shared.yaml", f"pack: shared\nabout: x\nstrip:\n{_indent(pack)}", PackFile)
    assert site.value and packs.value, site.mistakes + packs.mistakes
    return SiteRules(site.value, [packs.value])


def _indent(items: str) -> str:
    return "\n".join(f"  {line}" for line in items.strip().splitlines()) or "  []"


def strip(texts: list[str], rules: SiteRules, media: str = "text") -> Stripped:
    return strip_blocks(texts, rules, media)


def taken(texts: list[str], rules: SiteRules, media: str = "text") -> list[str]:
    labels = strip(texts, rules, media).labels
    return [text for text, label in zip(texts, labels, strict=True) if label]


# -- lines and ranges ----------------------------------------------------------------------------------------


def test_a_line_rule_stamps_site_and_id():
    stripped = strip(["Share", PROSE[0]], site_rules("- {id: button, kind: share, line: '^Share$'}"))
    assert stripped.labels == [Label("example.com/button", "share"), None]


def test_a_pack_stamps_its_own_name():
    stripped = strip(["Share"], site_rules(pack="- {id: button, kind: share, line: '^Share$'}"))
    assert stripped.labels == [Label("shared/button", "share")]


def test_a_packs_wording_takes_no_page_that_stands_in_one_line():
    rules = site_rules(
        pack="- {id: sign, kind: legal, line: 'Rights reserved'}\n- {id: pic, kind: caption, line: '\\(Photo: Lee\\)$'}"
    )
    story, text = " ".join(PROSE), "The tide came in again before noon, and nobody was there to see it. "
    assert taken([text * 50 + "Rights reserved.", text * 20 + "(Photo: Lee)"], rules) == []
    assert len(taken([text * 30 + "Rights reserved.", text * 5 + "(Photo: Lee)", story], rules)) == 2
    own = site_rules("- {id: sign, kind: legal, line: 'Rights reserved'}")
    assert len(taken([text * 50 + "Rights reserved.", story], own)) == 1


def test_among_equals_the_first_in_the_file_wins_and_the_site_before_its_packs():
    rules = site_rules(
        "- {id: one, kind: ad, line: '^Sh'}\n- {id: two, kind: nav, line: '^Share$'}",
        "- {id: three, kind: share, line: '^Share$'}",
    )
    assert strip(["Share"], rules).labels[0].rule == "example.com/one"


def test_a_range_takes_both_ends_and_needs_its_end_in_reach():
    rules = site_rules("- {id: plea, kind: plea, from: '^Dear', through: '^Thank', at_most: 4}")
    assert taken(["Dear all", "a", "b", "Thank you", "c"], rules) == ["Dear all", "a", "b", "Thank you"]
    assert taken(["Dear all", "a", "b", "c", "Thank you"], rules) == []


def test_a_range_goes_on_over_neighbouring_ends():
    rules = site_rules("- {id: plea, kind: plea, from: '^Dear', through: ', (CEO|Editor)$'}")
    assert taken(["Dear all", "A, CEO", "B, Editor", "text"], rules) == ["Dear all", "A, CEO", "B, Editor"]


def test_a_range_through_end_takes_the_rest_of_the_page():
    rules = site_rules("- {id: more, kind: related, from: '^More stories$', through: end}")
    assert taken([*PROSE, "More stories", "One", "Two"], rules) == ["More stories", "One", "Two"]


def test_a_range_with_an_end_or_the_end_of_the_page():
    rules = site_rules("- {id: more, kind: related, from: '^More$', through: ['^Enough$', end]}")
    assert taken(["More", "One", "Enough", PROSE[0]], rules) == ["More", "One", "Enough"]
    assert taken([PROSE[0], "More", "One"], rules) == ["More", "One"]


def test_while_takes_what_matches_and_stops_at_the_first_that_does_not():
    rules = site_rules("- {id: list, kind: nav, from: '^Topics$', while: '^#'}")
    assert taken(["Topics", "#a", "#b", "text", "#c"], rules) == ["Topics", "#a", "#b"]


def test_while_goes_on_over_blocks_that_other_rules_took():
    rules = site_rules(
        "- {id: list, kind: nav, from: '^Topics$', while: '^#'}\n- {id: ad, kind: ad, line: '^Ad$'}"
    )
    stripped = strip(["Topics", "#a", "Ad", "#b"], rules)
    assert [label.rule for label in stripped.labels] == [
        *("example.com/list", "example.com/list", "example.com/ad", "example.com/list")
    ]


def test_own_wording_goes_before_a_range_wherever_it_stands_in_the_file():
    rules = site_rules(
        "- {id: plea, kind: plea, from: '^Dear', through: '^Thank'}\n- {id: credit, kind: credit, line: '^Photo:'}"
    )
    labels = strip(["Dear", "Photo: X", "Thank you"], rules).labels
    assert [label.rule for label in labels] == ["example.com/plea", "example.com/credit", "example.com/plea"]


def test_previous_and_next_are_the_neighbours():
    rules = site_rules("- {id: alt, kind: caption, line: '^[^.]+$', previous: 'min read$', next: '^Photo:'}")
    assert taken(["3 min read", "A boat", "Photo: X"], rules) == ["A boat"]
    assert taken(["3 min read", "A boat", "text"], rules) == []
    assert taken(["A boat", "Photo: X"], rules) == []


def test_head_and_tail_are_what_stands_before_and_behind_the_prose():
    rules = site_rules(
        "- {id: menu, kind: nav, line: '^Sport$', where: head}\n- {id: foot, kind: nav, line: '^World$', where: tail}"
    )
    page = ["Sport", "World", PROSE[0], "Sport", "World", PROSE[1], "Sport", "World"]
    labels = strip(page, rules).labels
    assert [place for place, label in enumerate(labels) if label] == [0, 7]


def test_media_limits_a_rule():
    rules = site_rules("- {id: x, kind: nav, line: '^Sport$', media: text}")
    assert taken(["Sport"], rules, "text") == ["Sport"]
    assert taken(["Sport"], rules, "html") == []


def test_labels_that_are_there_stay():
    rules = site_rules("- {id: x, kind: nav, line: '^Sport$'}")
    given_label = Label("example.com/box", "ad")
    assert strip_blocks(["Sport"], rules, "html", [given_label]).labels == [given_label]


# -- parts of blocks -----------------------------------------------------------------------------------------


def test_part_cuts_what_matches():
    rules = site_rules(r"- {id: listen, kind: promo, part: '\s*Click here to listen\.'}")
    text = PROSE[0] + " Click here to listen."
    (cut,) = strip([text], rules).cuts[0]
    assert text[cut.start : cut.end] == " Click here to listen."
    assert (cut.rule, cut.kind) == ("example.com/listen", "promo")


def test_part_cuts_its_group_cut_only():
    rules = site_rules(r"- {id: by, kind: byline, part: '^(?P<cut>By [A-Z ]+)[A-Z][a-z]'}")
    text = "By ADA LINDTalks went on."
    (cut,) = strip([text], rules).cuts[0]
    assert text[cut.end :] == "Talks went on."


def test_a_block_wholly_cut_is_taken_whole():
    stripped = strip(["Ad Ad"], site_rules("- {id: ad, kind: ad, part: 'Ad'}"))
    assert stripped.labels == [Label("example.com/ad", "ad")]
    assert stripped.cuts == [()]


def test_cuts_do_not_overlap():
    rules = site_rules("- {id: a, kind: ad, part: 'one two'}\n- {id: b, kind: ad, part: 'two three'}")
    cuts = strip(["zero one two three four"], rules).cuts[0]
    assert [cut.rule for cut in cuts] == ["example.com/a"]


def test_a_block_cut_first_and_taken_later_is_taken_whole():
    rules = site_rules(
        "- {id: the, kind: promo, part: 'The '}\n- {id: more, kind: related, from: '^More$', through: end}"
    )
    stripped = strip([*PROSE, "More", "The race"], rules)
    assert stripped.labels[-1].rule == "example.com/more"
    assert stripped.cuts[-1] == ()


# -- captions ------------------------------------------------------------------------------------------------


def test_groups_of_the_pattern_are_caption_and_credit():
    rules = site_rules(
        r"- {id: caption, kind: caption, line: '^(?P<caption>.+) \((?:photo|credit): (?P<credit>.*)\)$'}"
    )
    assert strip(["A boat (photo: Ada Lind)"], rules).pictures == [Picture(0, "A boat", "Ada Lind")]


def test_without_groups_the_whole_block_is_the_caption_or_credit():
    rules = site_rules(
        "- {id: cap, kind: caption, line: '^Seen'}\n- {id: cred, kind: credit, line: '^Photo'}"
    )
    assert strip(["Seen from the pier", "Photo Ada Lind"], rules).pictures == [
        Picture(0, "Seen from the pier", None),
        Picture(1, None, "Photo Ada Lind"),
    ]


# -- the guard -----------------------------------------------------------------------------------------------


def test_a_rule_that_takes_everything_takes_nothing_and_is_named():
    stripped = strip(PROSE, site_rules("- {id: broad, kind: promo, line: '.'}"))
    assert stripped.labels == [None] * 4
    assert stripped.guarded == ("example.com/broad",)


def test_a_part_rule_that_cuts_everything_cuts_nothing_and_is_named():
    stripped = strip(PROSE, site_rules(r"- {id: broad, kind: promo, part: '\w+'}"))
    assert stripped.cuts == [()] * 4
    assert stripped.guarded == ("example.com/broad",)


def test_the_other_rules_still_work_when_one_is_stopped():
    rules = site_rules("- {id: broad, kind: promo, line: '.'}\n- {id: ad, kind: ad, line: '^Ad$'}")
    stripped = strip([*PROSE, "Ad"], rules)
    assert [label and label.rule for label in stripped.labels] == [None] * 4 + ["example.com/ad"]


def test_a_range_to_the_end_that_would_eat_the_article_is_stopped():
    rules = site_rules("- {id: more, kind: related, from: '^More$', through: end}")
    stripped = strip([PROSE[0], "More", *PROSE * 4], rules)
    assert stripped.guarded == ("example.com/more",)
    assert not any(stripped.labels)


def test_a_range_with_an_end_has_more_leave_than_an_open_one():
    article = PROSE * 2
    plea = ["Dear all", *PROSE * 4, "Thank you"]
    closed = site_rules("- {id: plea, kind: plea, from: '^Dear', through: '^Thank'}")
    opened = site_rules("- {id: plea, kind: plea, from: '^Dear', through: end}")
    assert strip([*plea, *article], closed).guarded == ()
    assert strip([*article, *plea], opened).guarded == ("example.com/plea",)


def test_a_plea_bigger_than_a_short_article_still_goes():
    rules = site_rules("- {id: plea, kind: plea, from: '^Dear', through: '^Thank'}")
    page = [PROSE[0], "Dear all", *PROSE[1:], *PROSE[1:], "Thank you", PROSE[0]]
    stripped = strip(page, rules)
    assert stripped.guarded == ()
    assert [text for text, label in zip(page, stripped.labels, strict=True) if not label] == [PROSE[0]] * 2


def test_a_wall_with_nothing_else_goes_by_the_wording_of_a_pack():
    notice = "We and our partners use cookies to measure how this site is used and to show you advertising."
    page = [notice, f"{notice} Again.", f"{notice} And again.", f"{notice} Once more.", "Accept all"]
    in_pack = site_rules(pack="- {id: notice, kind: cookie, line: '^We and our partners|^Accept all$'}")
    assert all(strip(page, in_pack).labels)
    of_site = site_rules("- {id: notice, kind: cookie, line: '^We and our partners|^Accept all$'}")
    assert strip(page, of_site).guarded == ("example.com/notice",)


def test_what_is_short_is_never_guarded():
    assert all(strip(PROSE[:1], site_rules("- {id: broad, kind: promo, line: '.'}")).labels)


def test_prose():
    assert is_prose(PROSE[0])
    assert not is_prose("News Sport Weather Travel")
    assert not is_prose("A heading of no more than twelve words, without a full stop here")
    assert is_prose(" ".join(["word"] * 24))


# -- properties ----------------------------------------------------------------------------------------------

PAGES = st.lists(
    st.sampled_from([*PROSE, "Dear all", "Thank you", "Ad", "More", "#a", "By ADA LIND", "Sport"]),
    max_size=30,
)
RULES = site_rules(
    "- {id: plea, kind: plea, from: '^Dear', through: '^Thank', at_most: 6}\n"
    "- {id: ad, kind: ad, line: '^Ad$'}\n"
    "- {id: more, kind: related, from: '^More$', through: end}\n"
    "- {id: tags, kind: nav, from: '^#', while: '^#'}\n"
    "- {id: menu, kind: nav, line: '^Sport$', where: tail}\n"
    "- {id: the, kind: promo, part: '(?i)the ', next: '^Ad$'}",
)  # fmt: skip


@given(PAGES)
def test_cuts_are_inside_kept_blocks_in_order_and_apart(page):
    stripped = strip(page, RULES)
    for text, label, cuts in zip(page, stripped.labels, stripped.cuts, strict=True):
        assert not (label and cuts)
        end = 0
        for cut in cuts:
            assert end <= cut.start < cut.end <= len(text)
            end = cut.end


@given(PAGES)
def test_an_article_of_some_length_is_never_lost(page):
    stripped = strip([*PROSE, *page], RULES)
    kept = [t for t, label in zip([*PROSE, *page], stripped.labels, strict=True) if not label and is_prose(t)]
    assert kept
