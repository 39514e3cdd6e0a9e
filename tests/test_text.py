"""Plain text as blocks."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import CONTINUES
from ingest.text import TIGHT, join_broken, join_drop_caps, mark_hard_wraps, part_glued, read_lines, unwrap

WRAPPED = """The harbour master opened the gate at six in the
morning, long before the first boat was due, and
nobody on the pier had slept because of the noise
that the wind had made in the rigging of the old
ships, which were to leave on the same day.

By noon the wind had turned, so the council put
the race off until the following Saturday, and
the older sailors said they had seen it coming.
"""


def test_a_block_is_a_line_that_is_not_empty():
    texts = [block.text for block in read_lines("One  two\n\n \t\n three\r\nfour\u2028five")]
    assert texts == ["One two", "three", "four", "five"]


def test_tight_lines_have_no_empty_line_before_them():
    assert [bool(block.flags & TIGHT) for block in read_lines("a\nb\n\nc\nd")] == [False, True, False, True]


def test_bullets_are_items():
    assert [block.kind for block in read_lines("• one\n- two\n-three\n* four\ntext")] == [
        *("item", "item", "paragraph", "item", "paragraph")
    ]


def test_invisible_characters_go_and_the_text_is_nfc():
    assert [block.text for block in read_lines("co\u00adop\u200b\n\u200b\ncafe\u0301")] == ["coop", "café"]


def wraps(text: str) -> list[bool]:
    blocks = read_lines(text)
    return [bool(b.flags & CONTINUES) for b in mark_hard_wraps(blocks, [True] * len(blocks))]


def test_hard_wrapped_lines_go_on():
    assert wraps(WRAPPED) == [False, True, True, True, True, False, True, True]


def test_a_line_a_paragraph_is_not_hard_wrapped():
    assert not any(
        wraps("\n".join(f"Line {n} is a sentence of its own and ends like one." for n in range(9)))
    )


def test_a_list_of_names_is_not_hard_wrapped():
    assert not any(
        wraps("\n".join(["Ada Lind", "Bo Ek", "Carl Dahl", "Dora Falk", "Eva Grahn", "Finn Holm"]))
    )


def test_a_removed_line_is_no_part_of_the_wrap():
    blocks = read_lines(WRAPPED)
    kept = [place != 2 for place in range(len(blocks))]
    flags = [bool(b.flags & CONTINUES) for b in mark_hard_wraps(blocks, kept)]
    assert not flags[2] and not flags[3]


@given(st.text(max_size=200))
def test_no_word_is_lost(text):
    blocks = read_lines(text)
    assert all(block.text == " ".join(block.text.split()) and block.text for block in blocks)
    assert len(mark_hard_wraps(blocks, [True] * len(blocks))) == len(blocks)


PARTED = [
    "The harbour master",
    "Anna Sailor",
    "said on Monday that the ferries, among them the",
    "Alba",
    "and the",
    "Bora",
    ", would stay in port",
    "until the ice",
    "(see the",
    "chart",
    ") is gone.",
    "A second sentence of hers, which was longer than the first, went on",
    "about the tides",
    "and about",
    "the old lighthouse",
    "of the bay.",
]


@pytest.mark.parametrize("line_end", ["\n", "\n\n", "\n\n\n"])
def test_sentences_parted_at_their_links_are_joined(line_end):
    assert [block.text for block in join_broken(read_lines(line_end.join(PARTED)))] == [
        "The harbour master",
        "Anna Sailor said on Monday that the ferries, among them the Alba and the Bora, would stay in port until the"
        " ice (see the chart) is gone.",
        "A second sentence of hers, which was longer than the first, went on about the tides and about the old"
        " lighthouse of the bay.",
    ]


def test_an_empty_line_parts_where_not_all_lines_have_one():
    text = "\n\n".join(["\n".join(PARTED[:8]), *PARTED[8:]])
    assert "said on Monday that the ferries, among them the Alba" in "".join(
        block.text for block in join_broken(read_lines("\n".join([*PARTED, text])))
    )
    assert PARTED[12] in [block.text for block in join_broken(read_lines("\n".join([*PARTED, text])))]


def test_names_that_are_links_are_joined_to_the_words_that_lead_on_to_them():
    more = [
        *("The", "Alba", "sails to the islands in the north of the bay again."),
        *("By", "Anna Sailor", "Monday, 3 May at 7:45 am by", "Ann Lee and her brother in the port"),
        *("The board has asked the owners of the", "Bora", "and its crew to wait."),
        *("Ferries wait for the ice in the bay to go", "The Alba and the Bora are in the port of the town."),
    ]
    found = [block.text for block in join_broken(read_lines("\n".join([*PARTED, *more])))]
    assert found[3:] == [
        "The Alba sails to the islands in the north of the bay again.",
        "By",
        "Anna Sailor",
        "Monday, 3 May at 7:45 am by",
        "Ann Lee and her brother in the port",
        "The board has asked the owners of the Bora and its crew to wait.",
        "Ferries wait for the ice in the bay to go",
        "The Alba and the Bora are in the port of the town.",
    ]


def test_few_lines_that_go_on_are_left_alone():
    blocks = read_lines("\n".join([*PARTED[:4], *(f"Line {number} of a poem" for number in range(300))]))
    assert join_broken(blocks) is blocks


def test_a_menu_in_small_letters_is_no_sentence():
    menu = [
        "boats",
        "tides",
        "harbour",
        "weather",
        "letters",
        "notices",
        "archive",
        "imprint",
        "jobs",
        "help",
    ]
    assert [block.text for block in join_broken(read_lines("\n".join(menu)))] == menu


@given(st.lists(st.text(alphabet="aB ,.(", min_size=1, max_size=12), max_size=40))
def test_no_letter_is_lost_by_joining(lines):
    blocks = read_lines("\n".join(lines))
    joined = join_broken(blocks)
    assert "".join("".join(b.text.split()) for b in joined) == "".join(
        "".join(b.text.split()) for b in blocks
    )


# -- wrapped at one width ------------------------------------------------------------------------------------

STORY = [
    "The harbour master opened the gate at six in the morning, long before the first boat was due, and nobody on "
    "the pier had slept because of the noise that the wind had made in the rigging of the old ships on that day.",
    "By noon the wind had turned, so the council put the race off until the following Saturday; the older sailors "
    "said they had seen it coming, as they had in every year since the lighthouse was built on the rock.",
    "Nobody was hurt. The ferry to the islands sails again on Monday, at half past seven and at noon, from pier two.",
]
MENU = ["News", "Sport", "Weather and tides", "Letters to the editor", "About us"]


def wrapped(paragraphs: list[str], indent: str = "   ") -> list[str]:
    lines = [*MENU, ""]
    for paragraph in paragraphs:
        lines += [*textwrap.wrap(paragraph, 72, initial_indent=indent, subsequent_indent=indent), ""]
    return lines


def test_the_paragraphs_of_a_wrapped_text_are_whole_before_they_are_judged():
    texts = [block.text for block in read_lines("\n".join(wrapped(STORY * 3)))]
    assert texts == [*MENU, *STORY * 3]


def test_a_text_with_lines_of_many_lengths_is_not_wrapped():
    lines = [sentence + "." for story in STORY for sentence in story.split(", ")] * 4
    assert unwrap(lines) is lines
    short = [paragraph[:70] for paragraph in STORY * 6]
    assert unwrap([*short, *STORY * 3]) == [*short, *STORY * 3]


@given(st.lists(st.text(alphabet="aB .,-", max_size=90), max_size=60))
def test_no_letter_is_lost_by_unwrapping(lines):
    assert "".join("".join(unwrap(lines)).split()) == "".join("".join(lines).split())


# -- elements without a blank between them -------------------------------------------------------------------


def glued(text: str) -> list[str]:
    return [block.text for block in part_glued(read_lines(text))]


def test_sentences_and_menus_without_blanks_are_parted():
    menu = "Skip to contentNewsSportWeather and tidesLettersAbout us"
    page = menu + "".join(STORY * 2) + "Read moreShareImprint"
    assert glued(page) == [
        *("Skip to content", "News", "Sport", "Weather and tides", "Letters", "About us", *STORY * 2),
        *("Read more", "Share", "Imprint"),
    ]


def test_words_of_one_letter_begin_sentences_too():
    text = "They went.I stayed.A storm came in.“I knew it,” she said.So did he.Nobody slept."
    assert glued(text) == [
        *(
            "They went.",
            "I stayed.",
            "A storm came in.",
            "“I knew it,” she said.",
            "So did he.",
            "Nobody slept.",
        )
    ]


def test_few_sentences_without_a_blank_are_the_writers():
    text = "It closed.The mayor said so. NewsSportWeatherLetters"
    assert glued(text) == [text]


def test_names_with_capitals_inside_stay_whole():
    names = "Mr McKay of the OpenSea group and his PortWatch said so; McKay left OpenSea, not PortWatch."
    assert names in glued(names + "".join(STORY * 2))


def test_abbreviations_and_addresses_are_no_ends_of_sentences():
    text = "The U.S.Navy and gull.Example of v1.Beta came, e.g.Anna."
    assert glued(text + " " + "".join(STORY * 2))[0].startswith("The U.S.Navy and gull.")


@given(st.lists(st.sampled_from(["ab.", "Cd", "eF", " ", "gh!”", "“Ij", "K", "12.", ")"]), max_size=60))
def test_no_letter_is_lost_by_parting(pieces):
    text = "".join(pieces)
    assert "".join("".join(glued(text)).split()) == "".join(text.split())


def capped(*lines: str) -> list[str]:
    return [block.text for block in join_drop_caps(read_lines("\n\n".join(lines)))]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["W", "hat do the sailors say?"], ["What do the sailors say?"]),
        (["T", "he ferry sails.", "In the port he waits."], ["The ferry sails.", "In the port he waits."]),
        (["A", "dv Lee rose.", "Nobody knew Adv Lee."], ["Adv Lee rose.", "Nobody knew Adv Lee."]),
        (
            ["I", "n May it rained.", "A", "s in June.", "As in old days."],
            ["In May it rained.", "As in June.", "As in old days."],
        ),
    ],
)
def test_a_first_letter_on_its_own_line_goes_to_its_word(lines, joined):
    assert capped(*lines)[: len(joined)] == joined


@pytest.mark.parametrize(
    "lines",
    [
        ["A", "long time passed.", "It was along the shore, a long way."],
        ["W", "rundzie padł gol.", "To był gol w rundzie."],
        ["B", "Boats are late."],
        ["X", "he said, and he left."],
    ],
)
def test_a_letter_that_is_a_word_or_a_button_stays(lines):
    assert capped(*lines) == lines
