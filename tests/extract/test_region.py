"""Where the article stands in a text page of an unknown site, and what stands between its lines."""

from __future__ import annotations

import pytest

from ingest.extract import outline
from ingest.extract.region import label_surroundings
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import Rulebook, load_rules
from ingest.text import read_lines

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


def test_teasers_with_times_above_the_headline_are_no_comments(packs: Rulebook) -> None:
    headline = "Ferries stay in port for a tenth week"
    teasers = [
        line
        for n, text in enumerate(LINES * 2)
        for line in (f"{n + 1} days ago", text.replace("ferries", f"{n} trains"), "Comments")
    ]
    text = (f"{headline} - The Quay Post", *MENU, *LINES[:6], *teasers, *MENU, headline, *LINES, *END)
    assert set(LINES) <= set(body(packs, *text))


def test_filler_text_behind_the_article_goes(packs: Rulebook) -> None:
    filler = (
        "Quidem nam tempore ex harum repellat modi expedita; quia rerum est ut ullam voluptatem sunt dolor."
    )
    assert body(packs, *page(*LINES[:4], filler, filler.replace("Quidem nam", "Nam quidem"))) == LINES[:4]


def test_a_ruled_line_is_no_headline(packs: Rulebook) -> None:
    comments = [
        line
        for n, text in enumerate(LINES)
        for line in (
            f"reader{n}",
            f"{n + 1} days ago",
            f"{text.replace('ferries', 'boats')} Nobody told anybody anything about it until now.",
        )
    ]
    title = "Ferries stay in port for a tenth week of the strike"
    text = (f"{title} - The Quay Post", *MENU, *LINES, *comments[:18], "-" * 40, *comments[18:], *END)
    assert body(packs, *text) == LINES


COOKIES = [
    f"The {kind} cookies remember what was chosen on the page, and nobody is told of it who was not named in the list."
    for kind in ("needed", "counting", "sharing", "measuring", "foreign", "mapping", "playing", "lasting")
]


def test_what_cookies_are_for_is_no_article(packs: Rulebook) -> None:
    assert body(packs, *page(*LINES[:4]), *MENU, *COOKIES) == LINES[:4]


def test_cookies_are_eaten_too(packs: Rulebook) -> None:
    lines = [*LINES[:3], "At the quay Anna Sailor sold cookies to all who came.", *LINES[3:6]]
    assert body(packs, *page(*lines)) == lines


def test_an_article_about_cookies_is_one(packs: Rulebook) -> None:
    lines = [*LINES[:2], *COOKIES[:2], *LINES[2:4]]
    found = body(
        packs, "What cookies do on boats - The Quay Post", *MENU, "What cookies do on boats", *lines, *END
    )
    assert found == lines


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


def test_short_sentences_between_paragraphs_are_talk(packs: Rulebook) -> None:
    talk = ["Were you afraid?", "“No.”", "And now?", "Now I sleep."]
    assert body(packs, *page(*LINES[:5], *talk, *LINES[5:])) == [*LINES[:5], *talk, *LINES[5:]]


def test_short_numbered_headings_are_no_counts(packs: Rulebook) -> None:
    lines = [LINES[9], "1. Alba", LINES[0], "2. Bora", LINES[1], "3. Cora", *LINES[2:9]]
    assert body(packs, *page(*lines)) == lines


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


def test_an_article_without_its_page_keeps_its_lists_and_its_first_sentence(packs: Rulebook) -> None:
    sentence = LINES[0]
    inside = [f"{word} nets" for word in ("Blue", "Green", "Old", "Long")]
    ending = [
        "Two ripe pears, peeled",
        "A cup of honey",
        "Cinnamon",
        "Half a lemon",
        "A pinch of salt",
        "Six jars",
    ]
    article = [*LINES[:6], *inside, *LINES[6:], "What the pot needs", *ending]
    assert body(packs, *article) == [sentence, *article[1:]]
    framed = body(packs, *page(*LINES[:6], *inside, *LINES[6:]), *ending)
    assert not {*inside, *ending} & set(framed)


def test_a_menu_on_one_line_goes(packs: Rulebook) -> None:
    menu = (
        "Home Boats Tides Harbour Weather Letters Notices Archive Pilots Ropes Sails Anchors Charts Lights "
        * 2
    )
    assert body(packs, *page(*LINES, before=(menu.strip(),))) == LINES


def test_headlines_of_other_stories_behind_the_text_go(packs: Rulebook) -> None:
    stories = [f"• The {boat} leaves the harbour of the islands" for boat in ("Alba", "Bora", "Cora", "Dora")]
    assert body(packs, *page(*LINES, *stories)) == LINES


def test_a_long_list_of_long_headlines_is_no_article(packs: Rulebook) -> None:
    stories = [
        f"• 'It was like a storm on the {bay} bay': The pilot of the Alba tells why the boat left the harbour of the"
        " islands so late in the night, and what the old sailors of the bay had to say about it in the morning"
        for bay in (
            first + second
            for first in ("Old", "Red", "Low", "Far")
            for second in ("er", "ish", "land", "wick")
        )
    ]
    assert body(packs, *page(*LINES, *stories)) == LINES


def test_items_that_end_sentences_stay(packs: Rulebook) -> None:
    points = [f"• The {boat} leaves the harbour at noon." for boat in ("Alba", "Bora", "Cora")]
    assert body(packs, *page(*LINES[:5], *points, *LINES[5:])) == [*LINES[:5], *points, *LINES[5:]]


def test_the_article_goes_on_behind_a_box(packs: Rulebook) -> None:
    box = [
        "Most wanted",
        "Ropes on sale",
        "Sails on sale",
        "Anchors on sale",
        "Charts on sale",
        "Lights on sale",
    ]
    assert body(packs, *page(*LINES[:7], *box, *LINES[7:])) == LINES


def test_numbered_headlines_are_no_list_of_facts(packs: Rulebook) -> None:
    ranking = [
        f"{number}. The boat {boat} is sold"
        for number, boat in enumerate(("Alba", "Bora", "Cora", "Dora"), 1)
    ]
    assert body(packs, *page(*LINES[:5], *ranking, *LINES[5:])) == LINES


@pytest.mark.parametrize(
    "line", ["Les også: Fergene blir i havn", "Lue myös: Lautat satamassa", "Читайте также: Паромы стоят"]
)
def test_lines_that_begin_as_furniture_does_go(packs: Rulebook, line: str) -> None:
    assert body(packs, *page(*LINES[:5], line, *LINES[5:])) == LINES


@pytest.mark.parametrize("answer", ["Antworten", "Reply", "返信", "Répondre"])
def test_comments_are_told_by_their_answers(packs: Rulebook, answer: str) -> None:
    comments = [
        line
        for number, name in enumerate(("Rope", "Sail", "Keel", "Mast"), 1)
        for line in (
            f"{number}. {name} says:",
            f"1{number}.05.2024, 10:2{number}",
            f"I have waited on the quay for {number} days now, and nobody has said a word to any of us about it.",
            answer,
        )
    ]
    assert body(packs, *page(*LINES, *comments)) == LINES


@pytest.mark.parametrize(
    ("heading", "signed"),
    [
        ("17 comments", "{name} says:"),
        ("17 Kommentare", "{number}. {name} sagt:"),
        ("Comments", "{name} 1{number}.05.2024 10:2{number}"),
        ("Comentarios", "{name} hace {number} días"),
    ],
)
def test_comments_are_told_by_their_heading_and_who_wrote_them(
    packs: Rulebook, heading: str, signed: str
) -> None:
    comments = [
        line
        for number, name in enumerate(("Rope", "Sail", "Keel"), 1)
        for line in (
            signed.format(number=number, name=name),
            f"I have waited on the quay for {number} days now, and nobody has said a word to any of us about it.",
        )
    ]
    assert body(packs, *page(*LINES, heading, *comments)) == LINES


def test_a_ticker_keeps_its_times(packs: Rulebook) -> None:
    told = [text.replace("In the", f"At bell {number} of the") for number, text in enumerate(LINES * 2)]
    rounds = [line for number, text in enumerate(told, 1) for line in (f"{number} hours ago", text)]
    found = body(packs, *page(*LINES[:3], *rounds))
    assert [line for line in found if "hours ago" not in line] == [*LINES[:3], *told]


def test_a_speaker_is_no_comment(packs: Rulebook) -> None:
    speech = [*LINES[:3], *(line for text in LINES[3:] for line in ("Anna Sailor says:", text))]
    assert body(packs, *page(*speech)) == speech


# Date, authors and title of the head


def record_of(packs: Rulebook, *lines: str, url: str | None = None) -> Record:
    text = "\n\n".join(lines)
    record = clean_page(
        RawPage(data=text.encode(), source="page.txt", media_type="text/plain", url=url), packs
    )
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("12.05.2024, 10:20 Uhr • Lesezeit: 5 Minuten", ()),
        ("12 May 2024", ()),
        ("Anna Sailor, 12.05.2024 10:20 Uhr", ("Anna Sailor",)),
        ("So 12.05.24 | 10:20 Uhr | Von Anna Sailor", ("Anna Sailor",)),
        ("Quayside, May 12, 2024, 12:30 Uhr", ()),
    ],
)
def test_a_line_with_the_date_may_say_more(packs: Rulebook, line: str, authors: tuple[str, ...]) -> None:
    record = record_of(packs, *page(line, *LINES))
    assert str(record.published_day) == "2024-05-12" and record.body.split("\n\n") == LINES
    assert record.authors == authors


def test_a_sentence_that_begins_with_a_day_is_no_date_line(packs: Rulebook) -> None:
    line = "5 March 2024 was the day the boats stayed in port"
    assert record_of(packs, *page(line, *LINES)).published is None


def test_the_date_may_stand_above_the_headline(packs: Rulebook) -> None:
    lines = (f"{TITLE} - The Quay Post", *MENU, "12 May 2024", "Anna Sailor", TITLE, *LINES, *END)
    record = record_of(packs, *lines)
    assert (str(record.published_day), record.authors) == ("2024-05-12", ("Anna Sailor",))


def test_a_date_far_above_has_to_say_what_it_is(packs: Rulebook) -> None:
    lines = (f"{TITLE} - The Quay Post", "12 May 2024", *MENU, *MENU[::-1], *MENU, TITLE, *LINES, *END)
    assert record_of(packs, *lines).published is None
    assert record_of(
        packs, *("Published 12 May 2024" if line == "12 May 2024" else line for line in lines)
    ).published


def test_a_name_in_the_head_is_the_authors_that_the_page_tells_more_of(packs: Rulebook) -> None:
    about = "Anna Sailor has lived on the islands since she was a child, and she still does."
    assert record_of(packs, *page("Anna Sailor", "The Quay", *LINES, about)).authors == ("Anna Sailor",)
    assert record_of(packs, *page("Anna Sailor", "The Quay", *LINES)).authors == ()


def test_without_a_headline_the_first_line_is_the_title(packs: Rulebook) -> None:
    lines = (f"{TITLE} - The Quay Post", *MENU, *LINES, "© The Quay Post", "The Quay Post on paper", *END)
    assert record_of(packs, *lines).title == TITLE


def test_the_sites_name_is_known_by_its_address(packs: Rulebook) -> None:
    lines = (f"{TITLE} - Quay Post", *MENU, *LINES, *END)
    assert record_of(packs, *lines, url="https://www.quaypost.example/1").title == TITLE


def test_the_bar_of_an_archive_goes_and_tells_the_site(packs: Rulebook) -> None:
    bar = [
        f"The {n}. collection keeps what the crawlers of the archive brought home from the sea."
        for n in range(30)
    ]
    copy = "The Wayback Machine - https://web.archive.org/web/20171217161500/https://www.quay.example/ferries"
    lines = (f"{TITLE} - The Quay Post", "10 captures", *bar, copy, *page(*LINES)[1:])
    assert body(packs, *lines) == LINES
    text = "\n\n".join(lines)
    record = clean_page(RawPage(data=text.encode(), source="page.txt", media_type="text/plain"), packs)
    assert isinstance(record, Record)
    assert record.site == "quay.example"
    assert [cut.rule for cut in record.removals if cut.text.startswith("The Wayback")] == ["text/archive-bar"]


def test_a_headline_that_asks_goes_with_the_list_of_stories_at_the_end(packs: Rulebook) -> None:
    end = [
        "You may also like",
        "Who will row next?",
        "Related topics",
        "Copyright notice",
        "Cookie policy",
        "Reject all",
    ]
    assert body(packs, *page(*LINES)[: -len(END)], *end) == LINES


@pytest.mark.parametrize(("below", "goes"), [("October 6, 2019 21:30", True), ("By Anna Sailor", False)])
def test_a_short_menu_goes_where_the_site_s_rules_know_the_page(below: str, goes: bool) -> None:
    lines = [f"{TITLE} - The Quay Post", "Boats", "Letters to the editor", TITLE, below, *LINES]
    blocks = read_lines("\n\n".join(lines))
    labels = label_surroundings(blocks, [None] * len(blocks), known=True)
    assert (labels[1:3] == [outline.MENU] * 2) is goes
    dated = read_lines("\n\n".join([lines[0], "October 6, 2019 21:30", *lines[1:]]))
    assert not any(label_surroundings(dated, [None] * len(dated), known=True)[:4])


FACTS = [
    "Ferries",
    "Sea Eagle",
    "Built",
    "Sunderland",
    "Crew",
    "nine",
    "Speed",
    "eleven knots",
    "Owner",
    "the islands",
]
LEAD = " ".join(LINES[:3])
COMMENTS_HEADING = "Comments"


def test_a_table_under_the_first_paragraph_does_not_make_it_a_menu(packs: Rulebook) -> None:
    found = body(packs, TITLE, LEAD, *FACTS, *LINES[3:], COMMENTS_HEADING)
    assert found[0] == LEAD
    assert [line for line in LINES[3:] if line not in found] == []


def test_a_line_that_says_the_title_again_is_no_headline_below_the_text(packs: Rulebook) -> None:
    more = [line.replace("ferries", name) for name in ("steamers", "trawlers") for line in LINES]
    found = body(packs, TITLE, LEAD, *MENU[:5], LINES[3], f"{TITLE} and port", *more, COMMENTS_HEADING)
    assert found[0] == LEAD


def test_a_menu_above_the_headline_goes_though_a_long_notice_stands_above_it(packs: Rulebook) -> None:
    notice = (
        "Your browser is old and this site will not look as it was meant to until you get a new one. " * 3
    )
    found = body(
        packs, f"{TITLE} - The Quay Post", notice, *MENU, *END, *FACTS, TITLE, *LINES, COMMENTS_HEADING
    )
    assert found == LINES


def test_a_first_sentence_is_no_title_though_a_line_below_is_furniture(packs: Rulebook) -> None:
    assert body(packs, *LINES, "Share this article", COMMENTS_HEADING)[0] == LINES[0]


def test_a_heading_below_the_text_is_no_author(packs: Rulebook) -> None:
    text = "\n\n".join(
        [TITLE, LEAD * 3, "Sea Eagle", f"The Sea Eagle sails. {LEAD}", *LINES, "Share this article"]
    )
    record = clean_page(RawPage(data=text.encode(), source="page.txt", media_type="text/plain"), packs)
    assert isinstance(record, Record)
    assert record.authors == () and "Sea Eagle" in record.body.split("\n\n")


NOTICE = "Privacy Notice:"
OTHERS = [f"Harbour master {name} found at last" for name in ("Olsen", "Berg", "Lund", "Dahl", "Moe")]


def test_paragraphs_far_behind_are_the_articles_when_they_speak_of_its_title(packs: Rulebook) -> None:
    boats = [
        (f"The {name} sails well, and costs little money all the same.", f"Seats {name}", f"Price {name}")
        for name in ("Alba", "Bora", "Cora", "Dora", "Edda", "Flora", "Gaia")
    ]
    between = [line for boat in boats for line in (*boat, f"Wet seats {boat[1]}")]
    more = [line.replace("strike", "autumn") for line in LINES[:6]]
    found = body(packs, *page(*LINES, *between, *more))
    assert [line for line in found if line in (*LINES, *more)] == [*LINES, *more]
    others = [line.replace("ferries", "trains").replace("port", "town") for line in more]
    assert not {*body(packs, *page(*LINES, *between, *others))} & {*others}


def test_three_paragraphs_behind_a_long_box_are_the_articles(packs: Rulebook) -> None:
    box = ["DON'T MISS", *OTHERS, "Sea Eagle", "INSIGHT", "VIDEO", "The quay on Monday"]
    found = body(packs, *page(*LINES[:6], *box, *LINES[6:]))
    assert [line for line in LINES if line not in found] == []


def test_an_article_goes_on_behind_a_notice_when_much_follows(packs: Rulebook) -> None:
    box = ["Sign up to", "First Tide", "Every morning", *OTHERS, "Sea Eagle", NOTICE]
    more = [line.replace("ferries", "steamers") for line in LINES[:6]]
    assert more[5] in body(packs, *page(*LINES, *box, *more))
    assert more[1] not in body(packs, *page(*LINES, *box, *more[:2]))


def test_a_long_paragraph_behind_a_box_of_links_is_the_articles(packs: Rulebook) -> None:
    links = [f"* [{other}](/{number})" for number, other in enumerate([*OTHERS, *map(str.upper, OTHERS)])]
    last = f"{LINES[8]} {LINES[9]} Nobody knows when the boats will sail again, and the harbour board will not say."
    menu, end = ([f"* [{line}](/{line[:3]})" for line in lines] for lines in (MENU, END))
    found = body(packs, "\n".join(menu), f"# {TITLE}", *LINES[:8], "\n".join(links), last, "\n".join(end))
    assert last in found
    assert not set(OTHERS) & set(found)
