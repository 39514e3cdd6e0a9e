"""Pages with the HTTP head before them, as literals, or escaped, as some tools write them down."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Record, clean
from ingest.envelope import open_envelope, open_text

TEXT = 'The mayor\'s “old” bridge \\ the new one: café, 東京 and 🚢 opened on Monday, with a "short" speech & a song.\n'
PAGE = f"<!DOCTYPE html>\n<html><title>Bridge</title>\n<body><h1>Bridge</h1>\n<p>{html.escape(TEXT)}</p></body></html>"
HEAD = "HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\nHTTP/2 200 \r\nContent-Type: text/html\r\nX-A: b: c\r\n\r\n"

ENVELOPES = {
    "str(bytes)": repr(PAGE.encode()),
    "repr(str)": repr(PAGE),
    "repr(str) in double quotes": '"' + repr(PAGE + '"')[1:-2] + '"',
    "json": json.dumps(PAGE),
    "json as it is": json.dumps(PAGE, ensure_ascii=False),
    "escaped": html.escape(PAGE),
    "http": HEAD + PAGE,
}


@pytest.mark.parametrize("kind", ENVELOPES)
@pytest.mark.parametrize("media_type", [None, "text/html", "text/plain"])
def test_the_page_in_an_envelope_is_the_page(kind: str, media_type: str | None) -> None:
    plain, found = clean(PAGE), clean(f"\n{ENVELOPES[kind]}\n".encode(), media_type=media_type)
    assert isinstance(plain, Record) and isinstance(found, Record)
    assert (found.body, found.title, found.media_type) == (plain.body, "Bridge", "text/html")
    assert (plain.flags, found.flags) == ((), ("unwrapped",))


def test_a_literal_in_the_charset_that_the_page_declares() -> None:
    page = PAGE.replace("東京 and 🚢", "Österreich").replace("<title>", "<meta charset=iso-8859-1><title>")
    data = page.replace("“old”", "old").encode("latin-1")
    found = clean(repr(data).encode())
    assert isinstance(found, Record) and "Österreich" in found.body


@pytest.mark.parametrize(
    "data",
    [
        PAGE,
        f"<p>{TEXT}</p>",
        "b'<html>cut short",
        "'<b>Bold</b> claims', said the mayor.",
        '"Quoted" is how this text begins, and it ends with a "quote"',
        "&lt;b&gt; is how HTML writes bold",
        "HTTP/2 is faster than HTTP/1.1",
        "Harbour news",
        "",
    ],
)
def test_what_is_in_no_envelope_stays(data: str) -> None:
    assert open_envelope(data.encode()) is None


@given(
    st.sampled_from(["b'<html>", "'<html>", '"<html>', "&lt;html", "HTTP/1.1 200\n"]), st.text(max_size=40)
)
def test_any_envelope_opens_or_stays(opening: str, rest: str) -> None:
    result = open_envelope(f"{opening}{rest}{opening.lstrip('b')[0]}".encode())
    assert result is None or isinstance(result, bytes)


@given(st.text())
def test_a_literal_gives_back_what_was_written(text: str) -> None:
    page = f"<html>{text}"
    assert open_envelope(repr(page).encode("utf-8", "surrogatepass")) == page.encode("utf-8", "surrogatepass")
    assert open_envelope(repr(page.encode("utf-8", "surrogatepass")).encode()) == page.encode(
        "utf-8", "surrogatepass"
    )


def test_html_in_a_file_that_is_called_text_is_html() -> None:
    record = clean(PAGE.encode(), source="page.txt")
    assert isinstance(record, Record) and record.media_type == "text/html"


LINES = [
    'The mayor\'s “old” bridge & the new one: café, 東京 and 🚢 opened on Monday, with a "short" speech.',
    "Nobody had come who remembered the first one, which was lost in the flood of 1890 with all its ships.",
    "The council has asked for a third bridge – but who is to pay for it, nobody in the town hall can say.",
]
ARTICLE = "\n\n".join(LINES)
MARKED = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in LINES)

TEXTS = {
    "repr(str)": repr(ARTICLE),
    "repr(bytes)": repr(ARTICLE.encode()),
    "json": json.dumps(ARTICLE),
    "json as it is": json.dumps(ARTICLE, ensure_ascii=False),
    "line ends as they are escaped": ARTICLE.replace("\n", "\\n").replace("T", "\\nT"),
    "characters": "\n\n".join(
        html.escape(line).replace("“", "&ldquo;").replace("–", "&#8211;") for line in LINES
    ),
    "characters twice": html.escape(
        "\n\n".join(html.escape(line).replace("é", "&eacute;") for line in LINES)
    ),
    "paragraphs": MARKED,
    "breaks": "<br />\n<br />\n".join(LINES),
    "links": ARTICLE.replace("bridge", '<a href="/b">bridge</a>').replace("first", "<b>first</b>"),
    "escaped paragraphs": html.escape(MARKED),
    "a script": f"<script>var a = 1;</script>{MARKED}<!-- end -->",
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_in_an_envelope_is_the_text(kind: str) -> None:
    record = clean(TEXTS[kind].encode(), media_type="text/plain")
    assert isinstance(record, Record)
    assert record.body.split("\n\n") == LINES
    assert record.flags == ("unwrapped",)


@pytest.mark.parametrize(
    "line",
    [
        "A < b, and c > d, said the teacher of the town's only school, who knows his numbers.",
        r"The new path is C:\new\notes, and the printer writes a \n where a line ends.",
        "The sign & and its name &amp; were all that was left on the shop of R&D; nobody knew why.",
        '"We will not pay," said the mayor. "Never, and not in a hundred years."',
        "The tags <p> and </p> mark a paragraph, the writer of the town's first page explained.",
    ],
)
def test_what_a_text_says_of_such_things_is_left_alone(line: str) -> None:
    record = clean("\n\n".join([*LINES, line]).encode(), media_type="text/plain")
    assert isinstance(record, Record)
    assert (record.body.split("\n\n"), record.flags) == ([*LINES, line], ())


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    for given_text in (text, f'"{text}\\n"', f"{text}&lt;&#1;&#xD800;</p></p></p>"):
        open_text(given_text)


def test_a_part_of_a_page_in_a_text_file_is_html() -> None:
    part = f"<!-- body --><div class=a><div id=b><div class='story'>{MARKED}</div></div></div>"
    record = clean(part.encode(), media_type="text/plain")
    assert isinstance(record, Record)
    assert (record.media_type, record.body.split("\n\n")) == ("text/html", LINES)
