"""Names out of bylines, and where a page's bylines are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.authors import find_authors, parse_byline
from ingest.describe.byline import Byline, read_byline, restore_case
from ingest.describe.found import Hints
from ingest.structured import read_structured


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("Interview: Ann Lee", ["Ann Lee"]),
        ("About The Author", []),
        ("About The", []),
        ("記者王小明／台北報導", ["王小明"]),
        ("【記者王小明台北報導】", ["王小明"]),
        ("记者李四北京报道", ["李四"]),
        ("گزارش از آنا سیلر", ["آنا سیلر"]),
        ("by Ann Lee and Bo Day", ["Ann Lee", "Bo Day"]),
        ("Ann Lee, Bo Day and Cy Fox", ["Ann Lee", "Bo Day", "Cy Fox"]),
        ("Von Ute Ott und Jan Kern", ["Ute Ott", "Jan Kern"]),
        ("Ein Kommentar von Ute Ott", ["Ute Ott"]),
        ("Par Luc Roy et Eva Blanc", ["Luc Roy", "Eva Blanc"]),
        ("Por Ana Ruiz y Leo Paz", ["Ana Ruiz", "Leo Paz"]),
        ("Di Ugo Neri e Ida Bruni", ["Ugo Neri", "Ida Bruni"]),
        ("Par Ott", ["Par Ott"]),
        ("Par AFP", []),
        ("Af Ritzau", []),
        ("Ann Lee, AP Sports Writer", ["Ann Lee"]),
        ("Developed By Ann Lee", []),
        ("public domain", []),
        ("José Prado y Cruz", ["José Prado y Cruz"]),
        ("Автор: Иван Белов и Анна Лис", ["Иван Белов", "Анна Лис"]),
        ("بقلم سمير نور و هدى زين", ["سمير نور", "هدى زين"]),
        ("מאת דוד לב ורותי גל", ["דוד לב", "רותי גל"]),
        ("김하늘 기자", ["김하늘"]),
        ("文：李雨", ["李雨"]),
        ("Christoph von Stein", ["Christoph von Stein"]),
        ("Ann Lee, Senior Political Correspondent", ["Ann Lee"]),
        ("Staff Writer Ann Lee", ["Ann Lee"]),
        ("Ann Lee / Reporter", ["Ann Lee"]),
        ("Ann Lee in London and Bo Day in Paris", ["Ann Lee", "Bo Day"]),
        ("Ann Lee For The Cloud", ["Ann Lee"]),
        ("Ann Lee (al)", ["Ann Lee"]),
        ("Ann Lee | 5 May 2024 | 3 min read", ["Ann Lee"]),
        ("Ann Lee May 5, 2024", ["Ann Lee"]),
        ("Ann Lee @annlee ann@example.org https://example.org/ann", ["Ann Lee"]),
        ("Ute Ott, dpa", ["Ute Ott"]),
        ("Martin Luther Kay Jr.", ["Martin Luther Kay Jr."]),
        ("Ann Lee and Ann Lee", ["Ann Lee"]),
        ("ANN LEE and BO DAY", ["Ann Lee", "Bo Day"]),
        ("Posted on May 5, 2024 by Ann Lee", ["Ann Lee"]),
        ("Am 5. Mai 2024 von Ute Ott", ["Ute Ott"]),
        ("Text von Ute Ott   Illustration von Jan Kern", ["Ute Ott"]),
        ("Ann Lee Photos: Bo Day", ["Ann Lee"]),
        ("Text & Fotos: Ute Ott", ["Ute Ott"]),
        ("Text und Interview: Ute Ott", ["Ute Ott"]),
        ("Redaktion: Ute Ott und Jan Kern", ["Ute Ott", "Jan Kern"]),
        ("Autorin: Ute Ott, Projektleiterin der Wolke in Bonn", ["Ute Ott"]),
        ("Ann Lee, director of The Cloud", ["Ann Lee"]),
        ("The Cloud Staff | In section: | Great Lakes", []),
        ("Lee, A., Day, B. C.", ["A. Lee", "B. C. Day"]),
        ("Lee, Ann", ["Lee", "Ann"]),
        ("Cloud & Rain", []),
        ("Ann & Bo Day", ["Bo Day"]),
        ("作者：李雨 责任编辑：王河", ["李雨"]),
        ("责任编辑：王河", []),
        ("i", []),
        ("name", []),
        ("Show All Articles Of", []),
        ("Reuters", []),
        ("Redaktion", []),
        ("Cloud staff reporter", []),
        ("admin", []),
        ("https://example.org/authors/ann", []),
        ("@annlee", []),
        ("5 May 2024, 10:30", []),
        ("(Image: Some Agency/Bo Day)", []),
        ("", []),
        ("x" * 1000, []),
        ("Cultura RF)", []),
        ("Kommentar von", []),
        ("Ein Gastbeitrag von", []),
        ("Anna Weber, LCGB-Präsidentin", ["Anna Weber"]),
        ("Chronique de Jean Martin", ["Jean Martin"]),
        ("L’éditorial d’Anne Martin", ["Anne Martin"]),
        ("Análisis de Ana de León", ["Ana de León"]),
        ("Crónica de una mañana", []),
        ("山田太郎記者", ["山田太郎"]),
        ("BO DAY Associated Press", ["Bo Day"]),
        ("Ann Lee AP", ["Ann Lee"]),
        ("MAI THI ANI", ["Mai Thi Ani"]),
    ],
)
def test_byline(text: str, names: list[str]) -> None:
    assert list(parse_byline(text)) == names


@given(st.text(max_size=300))
def test_no_byline_raises(text: str) -> None:
    assert all(name.strip() == name and name for name in parse_byline(text))


def test_a_copyright_names_no_author() -> None:
    assert read_byline("Bild © Fenn") == Byline()


def test_groups_are_told_from_persons() -> None:
    assert read_byline("The Cloud, Ann Lee, AFP", site=frozenset({"thecloud"})).groups == ("The Cloud", "AFP")


def test_a_newsroom_keeps_the_word_that_makes_it_one() -> None:
    assert read_byline("Von The Cloud Redaktion", site=frozenset({"thecloud"})).groups == (
        "The Cloud Redaktion",
    )
    assert read_byline("The Cloud Staff", site=frozenset({"thecloud"})).groups == ("The Cloud Staff",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ANN O'HARA-MCKAY", "Ann O'Hara-McKay"),
        ("J.R. DAY", "J.R. Day"),
        ("AFP", "AFP"),
        ("Luc ROY", "Luc ROY"),
    ],
)
def test_capitals(name: str, expected: str) -> None:
    assert restore_case(name) == expected


def authors(html: str, hints: Hints | None = None) -> tuple[str, ...]:
    tree = LexborHTMLParser(html)
    found = find_authors(tree, read_structured(tree), hints or Hints(url="https://www.the-cloud.example/a"))
    return found.value if found else ()


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<ul class=authors><li>Ann Lee</li><li>Bo Day</li></ul>", ("Ann Lee", "Bo Day")),
        ("<div class=authors>By <a href=/a>Ann Lee</a><a href=/b>Bo Day</a></div>", ("Ann Lee", "Bo Day")),
        ("<div class=author><a href=/a>Ann Lee</a><span>Bo Day Media</span></div>", ("Ann Lee",)),
        ("<div class=author><a href=/a>Ann Lee</a><a href=/b>Reporter</a></div>", ("Ann Lee",)),
    ],
)
def test_names_in_a_list_or_each_in_a_link_are_all_authors(byline: str, names: tuple[str, ...]) -> None:
    assert authors(f"<h1>Rain</h1>{byline}<p>It rained.</p>") == names


def test_an_agencys_report_is_not_by_who_stands_beside_it() -> None:
    shown = (
        '<h1>Rain</h1><p class="byline">Par AFP</p><p>It rained.</p><div><p class="author">Ann Lee</p></div>'
    )
    assert authors(article("AFP") + shown) == ("AFP",)
    assert authors(article("The Cloud") + shown.replace("AFP", "The Cloud")) == ("Ann Lee",)
    assert authors('<meta name="author" content="AFP">' + shown) == ("AFP",)


def article(author: object) -> str:
    data = {"@type": "NewsArticle", "headline": "H", "author": author}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ("Ann Lee and Bo Day", ("Ann Lee", "Bo Day")),
        ({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",)),
        ({"@type": "Person", "name": ["Ann Lee", "Bo Day"]}, ("Ann Lee", "Bo Day")),
        ([{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "ANN LEE"}], ("Ann Lee",)),
        ([{"@type": "Organization", "name": "Sky Weekly"}, {"name": "Ann Lee"}], ("Ann Lee",)),
        ({"@type": "Organization", "name": "Sky Weekly"}, ("Sky Weekly",)),
        ({"@type": "Person", "name": "https://example.org/ann"}, ()),
        ({"@type": "Person", "name": "Siobh&aacute;n O&#39;Dea"}, ("Siobhán O'Dea",)),
        (None, ()),
        ([], ()),
        ({"name": {"x": 1}}, ()),
    ],
)
def test_json_ld(author: object, names: tuple[str, ...]) -> None:
    assert authors(article(author)) == names


def test_meta_that_is_an_address_is_passed_over() -> None:
    page = '<meta property="article:author" content="https://social.example/c"><meta name="byl" content="By Ann Lee">'
    assert authors(page) == ("Ann Lee",)


def test_organisation_only_where_no_person_is_named() -> None:
    page = article({"@type": "Organization", "name": "The Cloud"})
    assert authors(page) == ("The Cloud",)
    assert authors(page + '<h1>H</h1><p class="byline">By Ann Lee</p>') == ("Ann Lee",)


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">By Ann Lee and Bo Day</p>',
        '<div class="article-author"><span>By</span> <a>Ann Lee</a> <span>and</span> <a>Bo Day</a></div>',
        '<p>By <a rel="author" href="/a">Ann Lee</a>, <a rel="author" href="/b">Bo Day</a></p>',
        '<span itemprop="author" itemscope><i itemprop="name">Ann Lee</i></span><span itemprop="author">Bo Day</span>',
        "<div><em>By Ann Lee and Bo Day</em></div>",
    ],
)
def test_bylines_on_the_page(byline: str) -> None:
    assert authors(f"<h1>Rain is back</h1>{byline}<p>It rained all day in the hills.</p>") == (
        "Ann Lee",
        "Bo Day",
    )


def test_the_sites_name_behind_a_full_name_goes() -> None:
    site = frozenset({"thedailycloud", "lee"})
    assert read_byline("Ann Lee The Daily Cloud", site=site).persons == ("Ann Lee",)
    assert read_byline("Ann Lee", site=site).persons == ("Ann Lee",)


@pytest.mark.parametrize(
    "line", ["<b>Authorized</b>", "Text without notes", "<span class='authorized'>Ann Lee</span>"]
)
def test_what_only_looks_like_a_byline(line: str) -> None:
    assert authors(f"<h1>Rain</h1><div>{line}</div>") == ()


def test_commenters_are_no_authors() -> None:
    page = '<h1>H</h1><p>Text.</p><ul class="comments"><li><a class="author" rel="author">Troll King</a></li></ul>'
    assert authors(page) == ()


def test_layout_comes_first() -> None:
    assert authors(article("Bo Day"), Hints(fields={"authors": ("By Ann Lee",)})) == ("Ann Lee",)


def test_an_account_gives_way_to_the_name_that_is_shown() -> None:
    page = article({"@type": "Person", "name": "annlee"}) + "<h1>H</h1>"
    assert authors(page) == ("annlee",)
    assert authors(page + '<p class="byline">By Ann Lee</p>') == ("Ann Lee",)
    assert authors(page + '<p class="byline">By ann</p>') == ("annlee",)


def test_initials_give_way_to_a_name() -> None:
    page = '<h1>H</h1><div><a class="author">AL</a></div><p class="byline">By Ann Lee</p>'
    assert authors(page) == ("Ann Lee",)
    assert authors('<h1>H</h1><a class="author">AL</a>') == ("AL",)


@pytest.mark.parametrize("place", ["footer", "nav"])
def test_what_is_stated_as_author_may_stand_in_a_footer_or_menu(place: str) -> None:
    def page(name: str) -> str:
        return f"<article><header><h1>H</h1></header><p>Text.</p><{place}>{name}</{place}></article>"

    assert authors(page('<a rel="author" href="/ann">Ann Lee</a>')) == ("Ann Lee",)
    assert authors(page('<a class="author" href="/ann">Ann Lee</a>')) == ()


@pytest.mark.parametrize("place", ["<figure>{}</figure>", '<div class="media-box">{}</div>'])
def test_who_made_a_picture_is_no_author(place: str) -> None:
    assert authors("<div><h1>H</h1></div>" + place.format('<p class="byline">Bo Day</p>')) == ()


@pytest.mark.parametrize("folder", ["author", "authors", "autoren", "editors", "journalists", "contributors"])
def test_a_link_to_an_authors_page(folder: str) -> None:
    assert authors(f'<h1>H</h1><p><a href="/{folder}/ann-lee">Ann Lee</a></p>') == ("Ann Lee",)
    assert authors(f'<h1>H</h1><p><a href="/{folder}/">Ann Lee</a></p>') == ()


def test_a_long_box_about_an_author_is_not_run_together() -> None:
    box = f'<div class="author-info"><b>Ann Lee</b><i>Follow</i><p>{"Works with clouds. " * 11}</p></div>'
    assert authors(f"<h1>H</h1>{box}") == ()
