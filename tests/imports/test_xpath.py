"""XPath to CSS: both find the same elements on the same page, or the expression is refused with a reason."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from selectolax.lexbor import LexborHTMLParser

from ingest.imports.selectors import UnconvertibleError
from ingest.imports.xpath import NEAREST_ONLY, Place, convert
from ingest.imports.xpath_syntax import XPathError, parse

CLASSES = ("story", "story-text", "lead story", "text", "box ad", "ad", "side box", "byline", " text", "ad-")
IDS = ("main", "foot", "main-text", "box")
WORDS = ("Reef", "tide table", "Quay notes", "a 'b' c", "mend", "Mend the nets")
TAGS = ("div", "section", "article", "span", "b", "em", "ul", "figure", "aside")


def make_page(seed: int) -> str:
    """A page of some sixty elements whose tags both parsers nest alike; `data-n` names each."""
    chance = random.Random(seed)
    count = 0

    def element(depth: int) -> str:
        nonlocal count
        count += 1
        number, tag, attributes = count, chance.choice(TAGS), ""
        if chance.random() < 0.6:
            attributes += f' class="{chance.choice(CLASSES)}"'
        if chance.random() < 0.2:
            attributes += f' id="{chance.choice(IDS)}"'
        if chance.random() < 0.2:
            attributes += f' title="{chance.choice(WORDS)}"'
        if chance.random() < 0.1:
            attributes += ' hidden=""'
        inside = ""
        for _ in range(chance.randint(0, 4) if depth < 5 else 0):
            inside += chance.choice(("", chance.choice(WORDS))) + element(depth + 1)
        inside += chance.choice(("", *WORDS))
        link = f'<a data-n="a{number}" href="/{chance.choice(("tag/x", "news/1", "tag/"))}">{number}</a>'
        inside += link if chance.random() < 0.3 else ""
        return f'<{tag} data-n="{number}"{attributes}>{inside}</{tag}>'

    body = "".join(element(0) for _ in range(6))
    table = '<table data-n="t"><tbody data-n="tb"><tr data-n="r1"><td data-n="c1">x</td></tr></tbody></table>'
    return f"<!doctype html><html><head><title>T</title></head><body>{body}{table}</body></html>"


PAGES = [make_page(seed) for seed in range(12)]
READ = [(html.fromstring(page).getroottree(), LexborHTMLParser(page)) for page in PAGES]

SAME = {
    # attributes
    "//div[@class='story']": 'div[class="story"]',
    "//*[@id='main']": "#main",
    "//div[@id='main-text']/span": "div#main-text > span",
    "//div[contains(@class,'story')]": 'div[class*="story"]',
    "//div[contains(concat(' ',@class,' '),' ad ')]": "div.ad",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' box ')]": ".box",
    "//*[contains(concat(' ', @class), ' text')]": '*:is([class*=" text"], [class^="text"])',
    "//*[contains(concat(@class, ' '), 'ad ')]": '*:is([class*="ad "], [class$="ad"])',
    "//*[concat(' ', @class) = ' ad']": '[class="ad"]',
    "//div[starts-with(@class,'lead')]": 'div[class^="lead"]',
    "//*[substring(@class, string-length(@class) - 3) = 'text']": '[class$="text"]',
    "//*[substring(@class, string-length(@class) - string-length('ad') + 1) = 'ad']": '[class$="ad"]',
    "//*[substring(@class, 1, 4) = 'lead']": '[class^="lead"]',
    "//*[@title]": "[title]",
    "//*[not(@class)]": "*:not([class])",
    "//a[not(starts-with(@href, '/tag'))]": 'a:not([href^="/tag"])',
    "//*[@class!='ad']": '[class]:not([class="ad"])',
    "//*[not(@class='ad')]": '*:not([class="ad"])',
    "//*[string-length(@title) > 0]": '[title]:not([title=""])',
    "//*[@class='ad' and @id]": '[class="ad"][id]',
    "//*[@class='ad' or @id='box']": '*:is([class="ad"], #box)',
    "//*[not(@class='ad' or @id='box')]": '*:not([class="ad"], #box)',
    "//*[(@class='ad' or @class='text') and not(@id)]": '*:is([class="ad"], [class="text"]):not([id])',
    "//*[@title=\"a 'b' c\"]": "[title=\"a 'b' c\"]",
    "//*['ad' = @class]": '[class="ad"]',
    "//*[contains(translate(@title,'ABCDEFGHIJKLMNOPQRSTUVWXYZ','abcdefghijklmnopqrstuvwxyz'),'quay')]": (
        '[title*="quay" i]'
    ),
    # steps and axes
    "//section": "section",
    "/html/body/div": "html > body > div",
    "//div//a": "div a",
    "//div/*/a": "div > * > a",
    "//div/descendant::a": "div a",
    "//div/child::span": "div > span",
    "//div/following-sibling::span": "div ~ span",
    "//div/following-sibling::*": "div ~ *",
    "//div/following-sibling::*[1]": "div + *",
    "//div/following-sibling::*[1][self::span]": "div + *:is(span)",
    "//a/..": "*:has(> a)",
    "//a/parent::div": "div:has(> a)",
    "//a/ancestor::section": "section:has(a)",
    "//b//a/ancestor::div[@class]": "div:has(*:is(b a))[class]",
    "//em/preceding-sibling::span": "span:has(~ em)",
    "//div/self::div[@id]": "div[id]",
    "//b/ancestor-or-self::div": "div:is(b, :has(b))",
    "//section/descendant-or-self::*": "*:is(section, section *)",
    "//*[self::div or self::span]": "*:is(:is(div), :is(span))",
    "//*[name()='em']": "*:is(em)",
    "//table/tbody/tr/td": "table > tbody > tr > td",
    "(//div | //span)/a": "*:is(div, span) > a",
    "(//div[@id])[@class]": "div[id][class]",
    "//a/preceding-sibling::*[1]": "*:has(+ a)",
    "(//div)[1]/span": "div:not(div *, *:is(div, *:has(div)) ~ *, *:is(div, *:has(div)) ~ * *) > span",
    # conditions on other elements
    "//div[a]": "div:has(> a)",
    "//div[.//a]": "div:has(a)",
    "//div[descendant::a]": "div:has(a)",
    "//div[a/@href='/tag/x']": 'div:has(> a[href="/tag/x"])',
    "//div[.//a[contains(@href,'news')]]": 'div:has(a[href*="news"])',
    "//span[parent::div]": "span:is(div > *)",
    "//span[../a]": "span:is(*:has(> a) > *)",
    "//span[ancestor::section]": "span:is(section *)",
    "//span[not(ancestor::section or ancestor::div)]": "span:not(:is(section *), :is(div *))",
    "//em[preceding-sibling::span]": "em:is(span ~ *)",
    "//em[following-sibling::span/a]": "em:has(~ span > a)",
    "//div[section[.//em]]": "div:has(> section:has(em))",
    "//div[not(*)]": "div:not(:has(> *))",
    "//div[count(a) > 0]": "div:has(> a)",
    "//div[count(.//a) = 0]": "div:not(:has(a))",
    "//span[//b]": "span:is(:root:has(b) *)",
    # places
    "//div[1]": "div:nth-of-type(1)",
    "//div/*[2]": "div > *:nth-child(2)",
    "//div[last()]": "div:nth-last-of-type(1)",
    "//div[last()-1]": "div:nth-last-of-type(2)",
    "//div[position()>1]": "div:nth-of-type(n+2)",
    "//div[position()<=2]": "div:nth-of-type(-n+2)",
    "//div[position()<3]": "div:nth-of-type(-n+2)",
    "//div[position()!=1]": "div:nth-of-type(n+2)",
    "//div[position()<last()]": "div:nth-last-of-type(n+2)",
    "//div[@class][1]": "div[class]:nth-child(1 of :is(div[class]))",
    "//*[contains(@class,'ad')][last()]": '[class*="ad"]:nth-last-child(1 of :is([class*="ad"]))',
    "//div[2][@class]": "div:nth-of-type(2)[class]",
    "//div[1]/a[1]": "div:nth-of-type(1) > a:nth-of-type(1)",
    # unions
    "//div[@id] | //span[@id]": "div[id], span[id]",
    "//b|//em|//a": "b, em, a",
    # text
    "//b[contains(text(),'tide')]": 'b:lexbor-contains("tide")',
    "//div[contains(.,'Quay')]": 'div:is(:lexbor-contains("Quay"), :has(:lexbor-contains("Quay")))',
    "//div[.//b[contains(text(),'Reef')]]": 'div:has(b:lexbor-contains("Reef"))',
    "//div[not(contains(., 'Reef'))]": 'div:not(:lexbor-contains("Reef"), :has(:lexbor-contains("Reef")))',
}

FIRST_TEXT_ONLY = ("//b[contains(text(),'tide')]", "//div[.//b[contains(text(),'Reef')]]")
"""In XPath 1.0 `contains(text(), …)` asks the first text of the element; the selector asks all of its own texts."""


def found_by_xpath(expression, tree):
    return sorted(name for node in tree.xpath(expression) if (name := node.get("data-n")))


def found_by_css(css, tree):
    return sorted(name for node in tree.css(css) if (name := node.attributes.get("data-n")))


@pytest.mark.parametrize("expression", SAME)
def test_reads_well(expression):
    places = convert(expression).places
    assert [place.css for place in places] == [SAME[expression]]
    assert places[0] == Place(SAME[expression])


@pytest.mark.parametrize("expression", SAME)
def test_finds_the_same_elements(expression):
    (place,) = convert(expression).places
    assert convert(expression).remarks == ()
    asked = expression
    if expression in FIRST_TEXT_ONLY:
        asked = expression.replace("contains(text(),", "text()[contains(.,").replace("')]", "')]]", 1)
    hits = 0
    for by_xpath, by_css in READ:
        expected = found_by_xpath(asked, by_xpath)
        hits += len(expected)
        assert found_by_css(place.css, by_css) == expected
    assert hits, "the pages hold nothing for it"


TESTS = (
    "@class='ad'",
    "contains(@class,'story')",
    "contains(concat(' ',@class,' '),' text ')",
    "starts-with(@class,'side')",
    "@id",
    "@id='box'",
    "not(@class)",
    "a",
    ".//em",
    "not(.//a)",
    "../a",
    "ancestor::section",
    "preceding-sibling::b",
    "following-sibling::*",
    "1",
    "last()",
    "position()<3",
    "@title or @id",
    "@class and not(@id)",
    "contains(., 'Quay')",
    "self::div or self::em",
)
STEPS = st.builds(
    lambda axis, tag, tests: axis + tag + "".join(f"[{test}]" for test in tests),
    st.sampled_from(
        (
            "/",
            "//",
            "/following-sibling::",
            "/descendant::",
            "/parent::",
            "/ancestor::",
        )
    ),
    st.sampled_from(("*", *TAGS)),
    st.lists(st.sampled_from(TESTS), max_size=2),
)
PATHS = st.builds(
    lambda tag, test, steps: f"//body//{tag}{test}{''.join(steps)}",
    st.sampled_from(("*", *TAGS)),
    st.sampled_from(("", *(f"[{test}]" for test in TESTS))),
    st.lists(STEPS, max_size=3),
)


@given(PATHS, st.sampled_from(READ))
def test_what_converts_finds_the_same(expression, read):
    try:
        places, remarks = convert(expression)
    except UnconvertibleError:
        return
    by_xpath, by_css = read
    expected = found_by_xpath(expression, by_xpath)
    found = found_by_css(places[0].css, by_css)
    assert set(found) <= set(expected) if NEAREST_ONLY in remarks else found == expected


@given(st.lists(PATHS, min_size=1, max_size=2), st.sampled_from(READ))
def test_the_first_on_the_page(expressions, read):
    by_xpath, by_css = read
    expression = f"({' | '.join(expressions)})[1]"
    try:
        (place,), remarks = convert(expression)
    except UnconvertibleError:
        return
    if NEAREST_ONLY not in remarks:
        assert found_by_css(place.first, by_css) == found_by_xpath(expression, by_xpath)


@pytest.mark.parametrize(
    ("expression", "css"),
    [
        ("//a/ancestor::div[1]", "div:has(a):not(:has(div:has(a)))"),
        ("//a/ancestor::*[@class][1]", "*:has(a)[class]:not(:has(*:has(a)[class]))"),
        ("//i/following-sibling::b[1]", "i ~ b:not(i ~ b ~ *)"),
        ("//i/preceding-sibling::b[1]", "b:has(~ i):not(:has(~ b:has(~ i)))"),
    ],
)
def test_the_nearest_of_several(expression, css):
    page = (
        '<!doctype html><body><div data-n="1" class="x"><p><b data-n="2">x</b><b data-n="3">x</b><i data-n="4">x</i>'
        '<b data-n="5">x</b><b data-n="6">x</b></p><div data-n="7"><div data-n="8" class="x">'
        '<a data-n="9" href="/">x</a></div></div></div></body>'
    )
    (place,), remarks = convert(expression)
    assert (place.css, remarks) == (css, (NEAREST_ONLY,))
    expected = found_by_xpath(expression, html.fromstring(page).getroottree())
    assert found_by_css(css, LexborHTMLParser(page)) == expected
    assert len(expected) == 1


def test_attributes_and_texts_are_getters():
    assert convert("//meta[@name='author']/@content").places[0] == Place('meta[name="author"]', "content")
    assert convert("//@datetime").places[0].css == "[datetime]"
    assert convert("//h1/text()").places[0] == Place("h1", text=True)
    assert convert("//h1//text()").places[0].css == "*:is(h1, h1 *)"
    assert [p.attr for p in convert("//time/@datetime | //time | //b").places] == ["datetime", None]


def test_where_only_the_first_is_meant_both_selectors_are_there():
    first = "h1:not(h1 *, *:is(h1, *:has(h1)) ~ *, *:is(h1, *:has(h1)) ~ * *)"
    assert convert("(//h1)[1]").places == (Place("h1", first=first),)
    assert convert("string(//h1)").places == (Place("h1", first=first),)
    assert convert("substring-after(//h1, ':')").places == (Place("h1", first=first, cut=True),)
    of_a_union = convert("(//time | //b)[1]/@datetime").places[0]
    assert of_a_union[:2] == ("*:is(time, b)", "datetime")
    assert of_a_union.first.startswith("*:is(*:is(time, b))[datetime]:not(")
    assert [place.css for place in convert("(//h1)[1] | (//h2)[1] | //h3 | //h4").places] == [
        "h1",
        "h2",
        "h3, h4",
    ]


def test_tables_get_the_body_every_tree_has():
    page = LexborHTMLParser("<!doctype html><table id=q><tr><td>a<td>b<tr><td>c</table>")
    for expression in ("//table/tr/td", "//*[@id='q']/tr/td"):
        assert len(page.css(convert(expression).places[0].css)) == 3


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("//div[contains(@class='ad')]", "`contains()` takes 2 arguments, not 1"),
        ("//div[contain(@class,'ad')]", "did you mean `contains`"),
        ("//div[ends-with(@class,'ad')]", "XPath 1.0 has no function `ends-with()`"),
        ("//div[@text()='x']", "the text of an element is `text()`"),
        ("//div[class='x']", "a strip rule does: `line: '^x$'`"),
        ("(//div)[last()]", "does not count matches"),
        ("//div/following::p", "no axis `following`"),
        ("//p[preceding::h2]", "no axis `preceding`"),
        ("//div[@class=x]", "`x` needs quotes"),
        ("//p[.='Read on? (2)']", r"line: '^Read on\? \(2\)$'"),
        ("//div[contains(@class, ad)]", "`ad` needs quotes"),
        ("//div[@class='a' or 'b']", "'b' by itself is always true"),
        ("//div[contains('class','x')]", "'class' stands where"),
        ("//div[@class='x'", "`]` is missing before the end"),
        ("//div[@class='x]", "a quote is not closed"),
        ("//", "a step is missing"),
        ("/div", "at the top of the document stands only `html`"),
        ("//div[0]", "there is no place 0"),
        ("//a/folowing-sibling::b", "did you mean `following-sibling`"),
        ("(//div)[2]", "does not count matches"),
        ("//div/descendant::p[1]", "does not count on the axis"),
        ("//a/ancestor::div[2]", "does not count on the axis"),
        ("//a[ancestor::div[1]/@id='x']", "does not count on the axis"),
        ("//div/namespace::p", "no axis `namespace`"),
        ("//div" + "//parent::a" * 20, "longer than 4,000 characters"),
        ("//h2[.='Notes']", "line: '^Notes$'"),
        ("//h2[starts-with(., 'Notes')]", "line: '^Notes'"),
        ("//p[text()]", "whether an element has text"),
        ("//p[normalize-space()='']", "CSS does not compare whole texts"),
        ("//p[count(a) > 3]", "CSS does not count"),
        ("//p[string-length(.) < 20]", "CSS does not count"),
        ("//div/@*", "any attribute"),
        ("//div/text()[3]", "one text among several"),
        ("//comment()", "not `comment()`"),
        ("//div/node()", "not `node()`"),
        ("concat('By ', //b)", "it joins several texts"),
        ("translate(//b, 'a', 'b')", "it changes letters of a text"),
        ("'Marlow Finch'", "a constant text"),
        ("//div[@a=@b]", "compared with another text"),
    ],
)
def test_says_why_not(expression, reason):
    with pytest.raises(UnconvertibleError) as refused:
        convert(expression)
    assert reason in str(refused.value)


def test_remarks_say_what_differs():
    assert "starts nowhere" in convert("div[@id='x']").remarks[0]
    assert "starts nowhere" in convert("(b | //i)[1]").remarks[0]
    assert "lower-case" in convert("//DIV").remarks[0]
    assert "lower-case" in convert("//div[b/@itemProp='x']").remarks[0]
    assert "white space" in convert("//div[starts-with(normalize-space(@class), 'x')]").remarks[0]
    assert "the first one's only" in convert("//div[contains(a, 'x')]").remarks[0]
    assert convert("//div").remarks == ()


@given(st.text(alphabet="/[]()@.*|='\" adivnot:-<>+,12", max_size=40))
def test_nothing_raises_but_the_two_errors(text):
    with suppress(UnconvertibleError):
        convert(text)
    with suppress(XPathError):
        parse(text)


def test_hostile_expressions_end_soon():
    for text in (
        "(" * 3_000,
        "-" * 3_999 + "1",
        "|".join(["//a"] * 900),
        "//a" + "[a" * 900,
        "a" * 9_000,
        "//a" + "//self::a" * 300,
        "//b/ancestor::a" + "[1]" * 900,
        "(//a)" + "[1]" * 900 + "/b",
        f"//a[contains(concat('{'x' * 900}', @b, '{'x' * 900}'), '{'x' * 901}')]",
    ):
        with suppress(UnconvertibleError):
            convert(text)
