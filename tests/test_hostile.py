"""Hostile input is only input: each page comes out as a record or a named reject, and soon."""

from __future__ import annotations

import json
import time
from functools import cache

import pytest

from ingest.decode import MAX_PAGE_BYTES
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record, Reject
from ingest.rules import Rulebook, load_rules

SENTENCE = "The ferry left the old pier at two in the morning with eleven fishermen and a dog on board. "
ARTICLE = f"<article><h1>The night ferry</h1>{f'<p>{SENTENCE * 3}</p>' * 8}</article>"
TEXT = "The night ferry\n\n" + f"{SENTENCE * 3}\n\n" * 8
SECONDS = 5.0
BIG_SECONDS = 20.0
"""For pages of ten megabytes, on a slow shared machine."""


@cache
def rulebook() -> Rulebook:
    return load_rules()


def clean(
    data: bytes | str, source: str = "a.html", seconds: float = SECONDS, **fields: str
) -> Record | Reject:
    """The result, which must be there in time."""
    rulebook().rules_for(None).match("")
    raw = RawPage(data=data.encode() if isinstance(data, str) else data, source=source, **fields)  # type: ignore[arg-type]
    start = time.perf_counter()
    result = clean_page(raw, rulebook())
    assert time.perf_counter() - start < seconds
    return result


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>The night ferry</title>{head}</head><body>{body}</body></html>"


def has_article(result: Record | Reject) -> bool:
    return isinstance(result, Record) and result.body.count("The ferry left the old pier") == 24


# --- nothing to read


@pytest.mark.parametrize("source", ["a.html", "a.txt", "a"])
@pytest.mark.parametrize("data", [b"", b" \t\r\n\f ", b"\xef\xbb\xbf", b"\x00" * 100, b"\xef\xbb\xbf  \n"])
def test_empty(data: bytes, source: str) -> None:
    result = clean(data, source)
    assert isinstance(result, Reject)
    assert result.reason == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"\xff\xd8\xff\xe0" + bytes(500),
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + bytes(100),
        b"\x1f\x8b\x08\x00" + bytes(range(256)),
        b"GIF89a" + bytes(range(256)),
        bytes(range(32)) * 200,
    ],
)
@pytest.mark.parametrize("source", ["a.html", "a.txt"])
def test_binary(data: bytes, source: str) -> None:
    result = clean(data, source)
    assert isinstance(result, Reject)
    assert result.reason == "not_text"


def test_larger_than_any_article() -> None:
    result = clean(b"a " * (MAX_PAGE_BYTES // 2 + 1), "a.txt")
    assert isinstance(result, Reject)
    assert result.reason == "too_large"


@pytest.mark.parametrize(
    "markup", ["<html></html>", "<", "<!--", "<p>", "<script>", "<frameset></frameset>", "&#0;", "<>"]
)
def test_nothing_but_markup(markup: str) -> None:
    assert isinstance(clean(markup), Reject)


# --- bytes


def test_broken_utf8_keeps_the_article() -> None:
    data = page(ARTICLE + "<p>Mod\u00e9ré à tort</p>").encode()
    broken = data.replace(b"two in", b"tw\xff in", 1).replace(b"old pier", b"old \xc3pier", 1)
    result = clean(broken)
    assert isinstance(result, Record)
    assert "eleven fishermen and a dog" in result.body
    assert "broken_charset" in result.flags


@pytest.mark.parametrize(
    "declared", ["utf-16", "utf-7", "iso-8859-8", "klingon", "base64", "ascii", "idna", "\x00"]
)
def test_wrong_declared_charset(declared: str) -> None:
    data = page(
        ARTICLE + "<p>Zwölf Boxkämpfer jagten Viktor quer über den Sylter Deich.</p>",
        f'<meta charset="{declared}">',
    )
    result = clean(data, charset=declared)
    assert has_article(result)
    assert isinstance(result, Record)
    assert "quer über den" in result.body


def test_latin1_that_says_it_is_utf8() -> None:
    result = clean(
        page(
            ARTICLE + f"<p>Zwölf Boxkämpfer jagten Viktor quer über den großen Sylter Deich. {SENTENCE}</p>",
            '<meta charset="utf-8">',
        ).encode("cp1252")
    )
    assert isinstance(result, Record)
    assert "Zwölf Boxkämpfer" in result.body


def test_utf16_with_a_byte_order_mark() -> None:
    assert has_article(clean(page(ARTICLE).encode("utf-16")))


def test_nul_bytes() -> None:
    result = clean(page(ARTICLE).replace("fishermen", "fisher\x00men"))
    assert isinstance(result, Record)
    assert "\x00" not in result.body
    assert "eleven fishermen" in result.body


def test_lone_surrogates_of_cesu() -> None:
    result = clean(page(ARTICLE).encode().replace(b"a dog", b"a \xed\xa0\xbd\xed\xb0\x95 dog", 1))
    assert isinstance(result, Record)
    result.body.encode()


# --- shape


@pytest.mark.parametrize(
    "tag", ["div", "span", "p", "b", "table", "ul", "blockquote", "font", "a", "section"]
)
def test_deep_nesting(tag: str) -> None:
    result = clean(page(f"<{tag}>" * 200_000 + SENTENCE * 5))
    assert isinstance(result, Record) or result.reason in ("too_deep", "no_article")


def test_deep_nesting_closed() -> None:
    result = clean(page("<div>" * 200_000 + SENTENCE * 5 + "</div>" * 200_000))
    assert isinstance(result, Reject)
    assert result.reason == "too_deep"


def test_depth_of_real_pages() -> None:
    assert has_article(clean(page("<div>" * 300 + ARTICLE + "</div>" * 300)))


@pytest.mark.parametrize(
    "element", ["<p>{}</p>", "<div>{}</div>", "<span>{}</span> ", "<li>{}</li>", "<br>{}", "<a href=/>{}</a>"]
)
def test_many_siblings(element: str) -> None:
    many = element.format("one two three") * 100_000
    assert isinstance(clean(page(ARTICLE + many), seconds=BIG_SECONDS), Record | Reject)


def test_many_table_cells() -> None:
    rows = ("<tr>" + "<td>7</td>" * 100 + "</tr>") * 1_000
    assert isinstance(clean(page(f"{ARTICLE}<table>{rows}</table>"), seconds=BIG_SECONDS), Record)


def test_many_attributes() -> None:
    attributes = " ".join(f'a{n}="{n}"' for n in range(10_000))
    assert has_article(clean(page(f"<div {attributes}>{ARTICLE}</div>")))


def test_many_classes() -> None:
    classes = " ".join(f"share-{n}" for n in range(100_000))
    assert isinstance(clean(page(f'{ARTICLE}<div class="{classes}">{SENTENCE}</div>')), Record)


# --- size


@pytest.mark.parametrize("source", ["a.txt", "a.html"])
@pytest.mark.parametrize("piece", ["a", "a ", SENTENCE])
def test_single_line_of_ten_megabytes(piece: str, source: str) -> None:
    data = (piece * (10_000_000 // len(piece)))[:10_000_000]
    assert isinstance(clean(data, source, BIG_SECONDS), Record | Reject)


@pytest.mark.parametrize("source", ["a.txt", "a.html"])
@pytest.mark.parametrize("piece", ["(((( ", "   \t", "\u202e", "é, ", "....", "<", "&"])
def test_single_line_of_odd_characters(piece: str, source: str) -> None:
    assert isinstance(clean((piece * 1_000_000)[:1_000_000], source), Record | Reject)


def test_attribute_of_ten_megabytes() -> None:
    assert has_article(
        clean(page(f'<div data-state="{"x y " * 2_500_000}">{ARTICLE}</div>'), seconds=BIG_SECONDS)
    )


@pytest.mark.parametrize(
    "name", ["class", "id", "style", "href", "content", "datetime", "alt", "itemprop", "hidden"]
)
def test_long_attribute(name: str) -> None:
    value = "caption share " * 70_000
    assert isinstance(clean(page(f'{ARTICLE}<p {name}="{value}">{SENTENCE}</p>')), Record)


def test_comment_never_closed() -> None:
    assert isinstance(clean(page(f"{ARTICLE}<!-- {'x -- ' * 1_000_000}")), Record)


def test_comment_before_the_article_never_closed() -> None:
    assert isinstance(clean(page(f"<!-- {'- ' * 2_500_000}{ARTICLE}")), Reject)


@pytest.mark.parametrize(
    "tag", ["script", "style", "textarea", "title", "template", "noscript", "svg", "math", "select"]
)
def test_element_never_closed(tag: str) -> None:
    assert isinstance(clean(page(f"{ARTICLE}<{tag}>{'if (a < b) { c(); } ' * 50_000}")), Record | Reject)


def test_script_never_closed_keeps_the_article() -> None:
    result = clean(page(f"{ARTICLE}<script>{'var a = 1; ' * 100_000}"))
    assert has_article(result)
    assert isinstance(result, Record)
    assert "var a" not in result.body


def test_many_entities() -> None:
    assert isinstance(clean(page(ARTICLE + f"<p>{'&amp;&nbsp;&#x2028;&notanentity;' * 100_000}</p>")), Record)


# --- structured data


def ld(text: str) -> str:
    return page(ARTICLE, f'<script type="application/ld+json">{text}</script>')


def test_deep_json_ld() -> None:
    depth = 100_000
    assert has_article(clean(ld('{"@graph":' * depth + "{}" + "}" * depth)))
    assert has_article(clean(ld("[" * depth + "]" * depth)))


def test_json_ld_of_a_million_items() -> None:
    items = ",".join(['{"@type":"NewsArticle","headline":"x"}'] * 100_000)
    assert has_article(clean(ld(f"[{items}]"), seconds=BIG_SECONDS))
    assert has_article(clean(ld(f"[{'1,' * 1_000_000}1]"), seconds=BIG_SECONDS))


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        1e308,
        True,
        [],
        {},
        [[[["a"]]]],
        {"@value": {"@value": 1}},
        "x" * 1_000_000,
        "((((" * 50_000,
        "2017-13-45T99:99:99Z",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01T00:00:00-12:00",
        -(10**40),
        [None, {"name": None}, {"name": ["a", {"name": "b"}]}],
        "\ud800",
        "\u0000",
    ],
)
def test_json_ld_of_odd_values(value: object) -> None:
    names = (
        "headline",
        "author",
        "datePublished",
        "dateModified",
        "description",
        "keywords",
        "articleSection",
    )
    names += (
        "publisher",
        "image",
        "isAccessibleForFree",
        "articleBody",
        "mainEntity",
        "@graph",
        "wordCount",
        "url",
    )
    article = {"@type": "NewsArticle"} | dict.fromkeys(names, value)
    for text in (json.dumps(article), json.dumps({"@type": value, "@id": value}), json.dumps(value)):
        assert isinstance(clean(ld(text)), Record)


def test_meta_of_odd_values() -> None:
    names = (
        "author",
        "date",
        "article:published_time",
        "og:title",
        "og:url",
        "og:description",
        "keywords",
        "og:image",
    )
    values = (
        "",
        "x" * 200_000,
        "((((" * 9_000,
        "99999999999999999999",
        "http://[::1",
        "//",
        "javascript:alert(1)",
        "a, " * 9_000,
    )
    for value in values:
        head = "".join(f'<meta name="{name}" property="{name}" content="{value}">' for name in names)
        assert isinstance(
            clean(page(ARTICLE, f'{head}<link rel="canonical" href="{value}"><base href="{value}">')), Record
        )


def test_many_meta_elements() -> None:
    head = "".join(f'<meta name="author" content="Ada Lind {n}">' for n in range(50_000))
    assert has_article(clean(page(ARTICLE, head)))


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "://", "x" * 100_000, "https://" + "a." * 10_000 + "com/", "\x00", "http://\u202e/"],
)
def test_odd_address(url: str) -> None:
    assert isinstance(clean(page(ARTICLE), url=url), Record)


# --- patterns


@pytest.mark.parametrize("url", [None, "https://www.jpost.com/a"])
@pytest.mark.parametrize(
    "trap",
    [
        " " * 200_000 + "x",
        "(" * 200_000,
        "(photo credit: " * 20_000,
        "Credit: " * 30_000,
        "By A" * 60_000,
        "By " + "AB " * 80_000,
        "a " * 500_000,
        "-- : -- " * 30_000,
        "October 6, 2017 " * 15_000,
        "Dear Reader, " * 20_000,
        "we use cookies " * 20_000,
        "Send in e-mail" * 20_000,
        "LISTEN " * 40_000,
        ">> " * 80_000,
        '"' * 200_000,
        "1" * 200_000,
        "\u200f" * 100_000,
        "A" * 200_000,
        "var " * 60_000,
        "{" * 200_000 + ";",
    ],
    ids=lambda trap: repr(trap[:12]),
)
def test_regex_trap(trap: str, url: str | None) -> None:
    fields = {"url": url} if url else {}
    assert isinstance(clean(f"{trap}\n\n{TEXT}\n{trap}", "a.txt", **fields), Record | Reject)
    assert isinstance(clean(page(f"<p>{trap}</p>{ARTICLE}<p>{trap}</p>"), **fields), Record | Reject)


def test_many_short_lines() -> None:
    assert isinstance(
        clean("Dear Reader,\n" * 30_000, "a.txt", BIG_SECONDS, url="https://www.jpost.com/a"),
        Record | Reject,
    )
    assert isinstance(clean("Ada Lind\n" * 30_000, "a.txt", BIG_SECONDS), Record | Reject)
    assert isinstance(clean("May 3, 2012\n" * 30_000, "a.txt", BIG_SECONDS), Record | Reject)


# --- HTML written as XML


@pytest.mark.parametrize(
    "empty",
    [
        "<script src='a.js'/>",
        '<script src="a.js" defer="" />',
        '<script src="a.js"/><iframe src="/map"/><video src="a.mp4"/>',
        '<script src="a.js"/><!--[if lt IE 9]><script src="b.js"></script><![endif]--><script src="c.js"/>',
    ],
)
def test_elements_closed_in_their_own_tag_take_nothing_along(empty: str) -> None:
    assert has_article(clean(page(f"{empty}<br/>{ARTICLE}", f"<script src='h.js'/>{empty}")))


def test_tags_in_the_texts_of_scripts_are_no_elements() -> None:
    scripts = '<script src="a.js"></script><script>write("<script src=b.js/>")</script>'
    assert has_article(clean(page(scripts + ARTICLE)))
