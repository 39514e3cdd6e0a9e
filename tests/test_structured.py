"""What pages state about themselves, in every shape seen in the wild."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ingest.structured import Structured, decode_json, plain, read_structured, strings, types_of


def read(html: str) -> Structured:
    return read_structured(LexborHTMLParser(html))


def ld(*scripts: str) -> Structured:
    return read("".join(f'<script type="application/ld+json">{script}</script>' for script in scripts))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('[{"a": 1}, {"b": 2}]', [[{"a": 1}, {"b": 2}]]),
        ('{"a": [1, 2,], "b": {"c": 3,},}', [{"a": [1, 2], "b": {"c": 3}}]),
        ('{"a": [1,,2]}', [{"a": [1, 2]}]),
        ('{"a": "line\none\ttab"}', [{"a": "line\none\ttab"}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('//<![CDATA[\n{"a": 1}\n//]]>', [{"a": 1}]),
        ('/*<![CDATA[*/ {"a": 1} /*]]>*/', [{"a": 1}]),
        ('{"a": 1};', [{"a": 1}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        (r'{"a": "it\'s"}', [{"a": "it's"}]),
        ("{&quot;a&quot;: 1}", [{"a": 1}]),
        ('{"a": ", ]"}', [{"a": ", ]"}]),
        ('{"a": ', []),
        ("", []),
        ("window.x = 3", []),
    ],
)
def test_json_is_read_or_repaired_where_certain(script: str, expected: list[object]) -> None:
    assert decode_json(script) == expected


@given(st.text(alphabet='{}[]",:\\ a1\n', max_size=80))
def test_no_script_raises(script: str) -> None:
    decode_json(script)
    ld(script)


@given(st.text(max_size=200))
def test_no_page_raises(html: str) -> None:
    read(html)


def test_types_may_be_lists_and_have_prefixes() -> None:
    assert types_of({"@type": ["http://schema.org/NewsArticle", "schema:Thing", 3]}) == (
        "NewsArticle",
        "Thing",
    )
    assert len(ld('{"@type": ["Thing", "ReportageNewsArticle"], "headline": "H"}').articles) == 1


def test_graph_members_are_found_and_references_filled_in() -> None:
    structured = ld(
        """{"@graph": [
        {"@type": "Article", "@id": "#a", "headline": "H", "author": {"@id": "#p"}, "publisher": {"@id": "#o"}},
        {"@type": "Person", "@id": "#p", "name": "Ann Lee"},
        {"@type": "Organization", "@id": "#o", "name": "The Cloud"}]}"""
    )
    (article,) = structured.articles
    assert article["author"]["name"] == "Ann Lee"
    assert article["publisher"]["name"] == "The Cloud"
    assert [item["name"] for item in structured.others] == ["Ann Lee", "The Cloud"]


def test_objects_that_refer_to_each_other_end() -> None:
    structured = ld(
        '[{"@type": "Article", "@id": "#a", "author": {"@id": "#b"}, "headline": "H"},'
        '{"@type": "Person", "@id": "#b", "mainEntityOfPage": {"@id": "#a"}}]'
    )
    assert structured.articles[0]["author"]["@type"] == "Person"


def test_main_entity_is_found() -> None:
    assert ld('{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "H"}}').articles


def test_the_page_s_own_article_comes_first() -> None:
    other = '{"@type": "NewsArticle", "headline": "Another story", "url": "https://example.org/b"}'
    own = '{"@type": "NewsArticle", "headline": "This story", "url": "https://example.org/a?x=1"}'
    head = '<link rel="canonical" href="http://example.org/a/">'
    page = head + "".join(f'<script type="application/ld+json">{s}</script>' for s in (other, own))
    assert [a["headline"] for a in read(page).articles] == ["This story", "Another story"]
    titled = "<title>This story - The Cloud</title>" + page.removeprefix(head)
    assert read(titled).articles[0]["headline"] == "This story"


def test_one_broken_script_does_not_cost_the_others() -> None:
    assert len(ld("{broken", '{"@type": "Article", "headline": "H"}').articles) == 1


def test_meta_names_are_folded_and_contents_unescaped_in_order() -> None:
    structured = read(
        '<meta property="OG:Title" content=" A &amp;amp; B "><meta name="author" content="Ann">'
        '<meta itemprop="author" content="Bo"><meta name="empty" content=" "><meta name="date" value="2024">'
    )
    assert structured.meta == {"og:title": ("A & B",), "author": ("Ann", "Bo"), "date": ("2024",)}


def test_microdata_takes_content_then_date_then_text() -> None:
    structured = read(
        '<time itemprop="datePublished" datetime="2024-05-05">yesterday</time><h1 itemprop="headline">A <b>B</b></h1>'
        '<div itemprop="author" itemscope><span>by</span> <b itemprop="name">Ann Lee</b></div>'
    )
    assert structured.microdata["datePublished"] == ("2024-05-05",)
    assert structured.microdata["headline"] == ("A B",)
    assert structured.microdata["author"] == ("Ann Lee",)


def test_head_elements() -> None:
    structured = read(
        '<html lang="de-CH"><head><title> A\n B </title><link rel="canonical" href="https://example.org/x"></head>'
        "<body><svg><title>icon</title></svg><h1>H</h1></body></html>"
    )
    assert structured.page_title == "A B"
    assert structured.canonical == "https://example.org/x"
    assert structured.language == "de-CH"
    assert [node.text() for node in structured.headings] == ["H"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("A &amp;quot;B&amp;quot;", 'A "B"'),
        ("<p>One</p><p>two</p>", "One two"),
        ("soft\u00adhyphen \u200b", "softhyphen"),
        ("a < b", "a < b"),
        (None, ""),
        (3, ""),
    ],
)
def test_plain_text(value: object, expected: str) -> None:
    assert plain(value) == expected


def test_strings_of_any_shape() -> None:
    value = ["Ann", {"name": "Bo"}, {"name": ["Cy", "Di"]}, {"@value": "Ed"}, 3, None, ""]
    assert list(strings(value)) == ["Ann", "Bo", "Cy", "Di", "Ed"]
