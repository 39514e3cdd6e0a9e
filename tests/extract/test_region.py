"""Where the article stands in a text page of an unknown site, and what stands between its lines."""

from __future__ import annotations

import pytest

from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import Rulebook, load_rules

LINES = [
    f"In the {ordinal} week of the strike the ferries stayed in port, and the islanders rowed across by themselves."
    for ordinal in (
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    )
]
MENU = ["Boats", "Tides", "Harbour", "Weather", "Letters", "Notices", "Archive"]
END = ["About the paper", "Advertise", "Imprint", "Jobs", "Help", "Contact the desk"]
TITLE = "Ferries stay in port"


@pytest.fixture(scope="module")
def packs() -> Rulebook:
    rules = load_rules()
    return Rulebook({}, rules.packs, rules.files)


def body(packs: Rulebook, *lines: str) -> list[str]:
    text = "\n\n".join(lines)
    record = clean_page(RawPage(data=text.encode(), source="page.txt", media_type="text/plain"), packs)
    assert isinstance(record, Record)
    return record.body.split("\n\n")


def page(*lines: str, before: tuple[str, ...] = ()) -> tuple[str, ...]:
    return (f"{TITLE} - The Quay Post", *MENU, TITLE, *before, *lines, *END)


def test_menu_and_end_go(packs: Rulebook) -> None:
    assert body(packs, *page(*LINES)) == LINES


def test_a_row_of_buttons_goes_also_between_deck_and_text(packs: Rulebook) -> None:
    deck = (
        "Why the islands have been cut off from the mainland since the new year, and who is to blame for it."
    )
    buttons = ("Facebook", "Twitter", "Email", "Pocket", "Copy link")
    found = body(packs, *page(*LINES, before=(deck, "Anna Sailor", *buttons, "Politics")))
    assert found[-len(LINES) :] == LINES
    assert not {*buttons, "Politics"} & set(found)


def test_comments_are_told_by_their_times(packs: Rulebook) -> None:
    comments = [
        line
        for n, text in enumerate(LINES)
        for line in (f"reader{n}", f"{n + 1} days ago at 07:4{n} am", text.replace("ferries", "boats"))
    ]
    assert body(packs, *page(*LINES, *comments)) == LINES


def test_a_text_that_says_when_keeps_its_lines(packs: Rulebook) -> None:
    lines = [*LINES, "Three boats left 2 days ago.", "The last one had left 5 weeks ago.", *LINES[:1]]
    assert body(packs, TITLE, *lines) == lines


def test_a_caption_said_again_and_again_goes(packs: Rulebook) -> None:
    caption = (
        "Islanders in a rowing boat on their way to the mainland on a grey morning in the week of the strike"
    )
    again = [f"{caption} (Photo: {name})" for name in ("Ann Lee", "Bo Day")]
    assert body(packs, *page(caption, again[0], *LINES[:5], again[1], *LINES[5:])) == LINES


def test_a_refrain_stays(packs: Rulebook) -> None:
    refrain = "Row, brothers, row, the tide is running out below."
    lines = [*LINES[:3], refrain, *LINES[3:6], refrain, *LINES[6:], refrain]
    assert body(packs, TITLE, *lines) == lines


@pytest.mark.parametrize(
    "facts",
    [
        [
            "June 9 – Northport, Pier 3",
            "June 10 – Southport, Pier 1",
            "June 14 – Eastport",
            "July 2 – Westport",
        ],
        ["8-9 ripe pears, cored", "1 lemon", "6 tbsp pectin", "1 tsp cinnamon", "1 1/2 cups of honey"],
        ["Gold 2,090.9; -0.2%", "Crude 79.43; -0.7%", "Brent 83.14; -0.5%", "Wheat 5.60; +0.1%"],
    ],
)
def test_a_list_of_facts_between_paragraphs_stays(packs: Rulebook, facts: list[str]) -> None:
    assert body(packs, *page(*LINES[:5], *facts, *LINES[5:])) == [*LINES[:5], *facts, *LINES[5:]]


def test_a_list_of_stories_between_paragraphs_goes(packs: Rulebook) -> None:
    stories = ["Oars sell out", "Nets mended in 2019", "Gulls return to the pier", "Lamp stays dark"]
    assert body(packs, *page(*LINES[:5], *stories, *LINES[5:])) == LINES


def test_the_list_that_a_colon_announces_stays(packs: Rulebook) -> None:
    names = [f"Boat number {'abcdefghijklmnopqrst'[n]}, “The Gull of the North”" for n in range(20)]
    lines = [*LINES, "These are all the boats that rowed across in the storm:", *names]
    assert body(packs, *page(*lines))[: len(lines)] == lines


def test_a_heading_of_other_stories_ends_the_article(packs: Rulebook) -> None:
    stories = [
        "Why did nobody listen to the gulls? They had warned us all (Video)",
        "Harbour board confronts its critics",
    ]
    assert body(packs, *page(*LINES, "Trending on the quay", *stories)) == LINES


def test_lines_said_twice_in_one_are_links(packs: Rulebook) -> None:
    link = "Oars sell out on the islands at last Oars sell out on the islands at last"
    assert (
        body(packs, *page(*LINES[:5], "Popular", link, "Bo Day", link[:36], "Ann Lee", *LINES[5:])) == LINES
    )


def test_times_and_counts_of_pictures_go(packs: Rulebook) -> None:
    scraps = ("9:41PM", "Image 3 of 5")
    assert body(packs, *page(*LINES[:5], scraps[0], *LINES[5:8], scraps[1], *LINES[8:])) == LINES


def test_a_date_line_that_says_so_goes_anywhere(packs: Rulebook) -> None:
    assert body(packs, *page(*LINES[:5], "Published 2:16 AM EST Nov 20, 2019", *LINES[5:])) == LINES


def test_a_text_that_is_nothing_but_an_article_stays_whole(packs: Rulebook) -> None:
    lines = [*LINES[:4], "Boats", "Tides", *LINES[4:], "Related words"]
    assert body(packs, TITLE, *lines) == lines
