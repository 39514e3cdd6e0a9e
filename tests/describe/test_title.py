"""Which of a page's titles is the headline, and what does not belong to it."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.found import Hints
from ingest.describe.title import find_title, strip_site
from ingest.structured import read_structured

HINTS = Hints(url="https://www.the-cloud.example/a")


def title(html: str, hints: Hints = HINTS) -> str | None:
    tree = LexborHTMLParser(html)
    found = find_title(tree, read_structured(tree), hints)
    return found.value if found else None


@pytest.mark.parametrize("separator", ["|", "-", "–", "—", "·", "::", "»", ":"])
def test_site_name_is_dropped_on_either_side(separator: str) -> None:
    names = frozenset({"thecloud"})
    assert strip_site(f"Rain is back {separator} The Cloud", names) == "Rain is back"
    assert strip_site(f"The Cloud {separator} Rain is back", names) == "Rain is back"


def test_what_is_not_the_site_stays() -> None:
    assert strip_site("Rain - and then snow", frozenset({"thecloud"})) == "Rain - and then snow"
    assert strip_site("Rain | Weather | The Cloud", frozenset({"thecloud"})) == "Rain"
    assert strip_site("The Cloud // » Rain is back", frozenset({"thecloud"})) == "Rain is back"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<title>Rain is back - The Cloud</title><h1>The Cloud</h1><h1>Rain is back</h1>", "Rain is back"),
        (
            '<title>Rain is back again</title><meta property="og:title" content="Wet day"><h1>Rain is back again</h1>',
            "Rain is back again",
        ),
        ('<meta property="og:title" content="Rain is back in town"><h1>Menu</h1>', "Rain is back in town"),
        (
            '<meta property="og:title" content="Rain is back in town"><h1>Weather: Rain is back in town</h1>',
            "Weather: Rain is back in town",
        ),
        (
            '<meta property="og:title" content="Rain is back in town">'
            "<h1><span>Weather</span> Rain is back in town</h1>",
            "Rain is back in town",
        ),
        (
            '<meta property="og:title" content="Rain is back in town">'
            "<h1>Rain is back in town <small>and it will stay</small></h1>",
            "Rain is back in town",
        ),
        (
            '<meta property="og:title" content="Weather: Rain is back"><h1><span>Weather</span> Rain is back</h1>',
            "Weather: Rain is back",
        ),
        (
            '<meta property="og:title" content="Rain is back | Daily Mail"><h1>Rain <em>is</em> back</h1>',
            "Rain is back",
        ),
        ("<title>Only a title - The Cloud</title>", "Only a title"),
        ("<h1>Only a heading</h1>", "Only a heading"),
        ("<title>R&amp;amp;D is back</title>", "R&D is back"),
        ("<p>nothing</p>", None),
        ("", None),
    ],
)
def test_headline(html: str, expected: str | None) -> None:
    assert title(html) == expected


def test_truncated_statement_gives_way_to_the_whole() -> None:
    page = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Rain is back in the..."}</script>'
        '<meta property="og:title" content="Rain is back in the whole of the land">'
    )
    assert title(page) == "Rain is back in the whole of the land"


def test_layout_comes_first() -> None:
    assert title("<h1>Other</h1>", Hints(fields={"title": (" ", "The layout's")})) == "The layout's"
    given = Hints(url="https://www.the-cloud.example/a", fields={"title": ("Rain again | The Cloud",)})
    assert title("", given) == "Rain again"


def test_parts_of_a_heading_are_set_apart() -> None:
    assert title("<h1><span>Weather</span><span>: rain is back</span></h1>") == "Weather: rain is back"


def article(headline: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{headline}"}}</script>'


@pytest.mark.parametrize(
    ("stated", "shared", "shown", "expected"),
    [
        ("Weather: Rain is back", "Weather: Rain is back", "Rain is back", "Weather: Rain is back"),
        ("Rain is back", "Rain is back", "Rain is back in the land", "Rain is back in the land"),
        ("Rain is back", "Rain is back!", "Rain is back", "Rain is back"),
        ("Rain is back", "Weather: Rain is back", "Rain is back", "Rain is back"),
        ("Rain is back in town", "All wet again", "Rain is back in town", "Rain is back in town"),
        (
            "Rain is back in all of town",
            "Rain is back in all of town",
            "Rain news",
            "Rain is back in all of town",
        ),
        ("Umbrellas sell out", "Rain is back in town", "Our best stories", "Umbrellas sell out"),
    ],
)
def test_what_json_ld_and_the_shared_title_agree_on(
    stated: str, shared: str, shown: str, expected: str
) -> None:
    assert (
        title(f'{article(stated)}<meta property="og:title" content="{shared}"><h1>{shown}</h1>') == expected
    )


@pytest.mark.parametrize("address", ["/", "https://other.example/", "/index.html", "/de/", "/?locale=de-DE"])
def test_a_heading_that_leads_home_is_the_sites_name(address: str) -> None:
    logo = f'<h1><a href="{address}">Pictures of clouds</a></h1>'
    page = f"<title>Rain is back – Pictures of clouds</title>{logo}<h1>Rain is back</h1>"
    assert title(page, Hints()) == "Rain is back"


@pytest.mark.parametrize("address", ["/rain", "#top", "/?p=12", "https://other.example/rain", ""])
def test_a_heading_that_leads_elsewhere_is_the_title(address: str) -> None:
    page = f'<title>Clouds</title><h1><a href="{address}">Rain is back</a></h1>'
    assert title(page, Hints()) == "Rain is back"


def test_an_issue_of_the_site_has_a_title() -> None:
    page = (
        '<meta property="og:title" content="The Cloud 02/2024"><title>The Cloud 02/2024 | The Cloud</title>'
    )
    assert title(page) == "The Cloud 02/2024"


TRAILS = [
    "<ol><li>Weather</li><li><h1>{}</h1></li></ol>",
    "<nav><a href='/weather'>Weather</a><h1>{}</h1></nav>",
    "<div class='page-breadcrumbs'><span><h1>{}</h1></span></div>",
    "<h1 class='breadcrumb__last'>{}</h1>",
    "<h1 itemprop='alternativeHeadline'>{}</h1>",
]


@pytest.mark.parametrize("trail", TRAILS)
def test_a_heading_in_the_breadcrumbs_gives_way_to_the_headline_shown(trail: str) -> None:
    head = f"<title>Rain in town: what to know</title>{article('Town is wet again')}"
    crumb = trail.format("Rain in town: what to know")
    assert title(f"{head}{crumb}<h2>More</h2><h2>Town is wet again</h2>") == "Town is wet again"
    assert title(f"{head}{crumb}<h2>More</h2>") == "Rain in town: what to know"
    shared = '<meta property="og:title" content="Wet again, and nobody knows why">'
    assert title(f"{head}{shared}{crumb}") == "Wet again, and nobody knows why"
    assert title(f"{head}{crumb}<h2><span>Weather</span>Town is wet again</h2>") == "Town is wet again"


@pytest.mark.parametrize("line", ["<p>{}</p>", "<div><b>{}</b></div>"])
def test_a_title_alone_loses_what_the_page_does_not_show(line: str) -> None:
    nowhere = Hints()
    page = "<title>Rain is back in town - Pictures of clouds</title>" + line
    assert title(page.format("Rain is back in town"), nowhere) == "Rain is back in town"
    assert title(page.format("Something else"), nowhere) == "Rain is back in town - Pictures of clouds"
    whole = "<h2>Rain is back in town – Pictures of clouds</h2>" + line.format("Rain is back in town")
    assert title(page.format("x") + whole, nowhere) == "Rain is back in town - Pictures of clouds"
    assert (
        title("<title>雨又来了今天-云彩网</title>" + line.format("雨又来了今天"), nowhere) == "雨又来了今天"
    )


def test_a_title_that_a_lesser_heading_shows_goes_before_a_sections_name() -> None:
    page = "<title>Rain is back in town</title><h1>Weather</h1>{}"
    assert title(page.format("<h2>Rain is back in town</h2>"), Hints()) == "Rain is back in town"
    assert title(page.format("<h2>Something else</h2>"), Hints()) == "Weather"


def test_a_title_of_all_pages_gives_way_to_the_line_marked_as_the_entrys() -> None:
    page = "<title>News of the harbour</title>{}"
    line = "<p><span class='headline entry-title'>Rain is back in town</span></p>"
    assert title(page.format(line), Hints()) == "Rain is back in town"
    assert title(page.format(line + line.replace("back", "gone")), Hints()) == "News of the harbour"


def test_a_heading_marked_as_the_headline_is_no_witness_for_its_own_buttons() -> None:
    heading = "<h1 itemprop=headline><i>At sea: </i><span>Rain is back again</span> <b>Open editor</b></h1>"
    assert title(f"{heading}<title>At sea: Rain is back again</title>") == "At sea: Rain is back again"
    assert title(heading) == "At sea: Rain is back again Open editor"
