"""Pages with the HTTP head before them, as literals, or escaped, as some tools write them down."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Record, clean
from ingest.envelope import open_envelope

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
