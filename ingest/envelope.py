"""Pages as some tools write them down: with the HTTP head before them, as a literal of Python or JSON, or escaped.

HTTP/1.1 200 OK ...         `curl --include`
b'<!DOCTYPE html>\\n<html'   `str(response.content)`
"<!DOCTYPE html>\\n<html"    `json.dumps(response.text)`
&lt;!DOCTYPE html&gt;       a page in another page, or in XML

Texts, too: as a literal, with `\\n` for their line ends, with `&#8217;` and `&amp;` for their characters, and with tags
that a feed or a column of a database has left in them.
"""

from __future__ import annotations

import html
import re
import warnings
from contextlib import suppress

import msgspec

_FIRST = (b"H", b"b", b"'", b'"', b"&")
"""What an envelope begins with, behind few blanks; nearly every page begins otherwise."""
_BLANKS = 64

_HTTP_HEAD = re.compile(
    rb"(?:HTTP/\d(?:\.\d)? \d{3}[^\n]{0,200}\n(?:[\w-]{1,80}:[^\n]{0,8000}\n){0,200}\r?\n)+"
)
_OPENING = rb"(?:\s|\\[nrt])*<(?:!doctype|html|head|body|\?xml|!--)"
_LITERAL = re.compile(rb"(?:b|)(['\"])" + _OPENING, re.IGNORECASE)
_QUOTED = re.compile(r"b?(['\"]).*\1", re.DOTALL)
_CHARACTER = re.compile(r"&(?:#\d{2,7}|#[xX][\da-fA-F]{2,6}|[a-zA-Z]{2,8}[1-4]?);")
_ESCAPED_LINE_END = re.compile(r"(?:\\r)?\\n")
MIN_ESCAPED = 3
"""So many escaped line ends, and more than others, so many escaped characters or tags are no article's own."""

_LEFT_TAG = re.compile(
    r"<br ?/?>|<p>|</(?:p|a|b|i|u|em|strong|span|font|div|li|ul|ol|h[1-6]|blockquote|tr|figure)>",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,2000}>[^<]*</\1>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]{0,2000}>", re.IGNORECASE)
_LINE_TAG = re.compile(
    r"(?:</?(?:p|div|section|article|main|header|footer|aside|nav|h[1-6]|[uo]l|li|blockquote|table|thead|tbody|tr|"
    r"figure|figcaption|pre|hr|br|dl|dt|dd)(?:\s[^<>]{0,2000})?/?>\s*)+",
    re.IGNORECASE,
)
_OTHER_TAG = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|font|small|sup|sub|cite|q|abbr|time|mark|code|center|img|picture|source|iframe|"
    r"video|button|label|input|svg|path|td|th|wbr|o:p)(?:\s[^<>]{0,2000})?/?>|<!--[^<>]{0,2000}-->",
    re.IGNORECASE,
)

_ESCAPED = re.compile(_OPENING.replace(b"<", b"&lt;"), re.IGNORECASE)


def open_envelope(data: bytes) -> bytes | None:
    """The page's own bytes, or None if they are what was given. A page that is cut short stays in its envelope."""
    if data[:_BLANKS].lstrip()[:1] not in _FIRST:
        return None
    data = data.strip()
    if head := _HTTP_HEAD.match(data):
        return data[head.end() :]
    if literal := _LITERAL.match(data):
        return _read_literal(data) if data.endswith(literal[1]) else None
    if _ESCAPED.match(data):
        return html.unescape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return None


def open_text(text: str) -> str | None:
    """The text as it was before a tool wrote it down, or None if it is what was given."""
    opened = _with_line_ends(text)
    for _ in range(2):  # some are escaped twice: `&amp;#8217;`
        if opened.count("&") >= MIN_ESCAPED <= sum(1 for _ in _CHARACTER.finditer(opened)):
            opened = _with_characters(opened)
    if opened.count("<") >= MIN_ESCAPED <= sum(1 for _ in _LEFT_TAG.finditer(opened)):
        opened = _with_characters(_without_tags(opened))
    return None if opened == text else opened


def _with_line_ends(text: str) -> str:
    """The text, no literal, and with line ends for the signs that stand for them."""
    line = text.strip()
    if _ESCAPED_LINE_END.search(line) and "\n" not in line and _QUOTED.fullmatch(line):
        literal = _read_literal(line.encode("utf-8", "surrogateescape"))
        text = text if literal is None else literal.decode("utf-8", "replace")
    if text.count("\\n") < max(MIN_ESCAPED, text.count("\n")):
        return text
    text = _ESCAPED_LINE_END.sub("\n", text)
    return text.replace("\\t", "\t").replace('\\"', '"').replace("\\'", "'")


def _with_characters(text: str) -> str:
    return _CHARACTER.sub(lambda match: html.unescape(match[0]), text)


def _without_tags(text: str) -> str:
    """The text, an empty line for the tags of blocks, nothing for the others."""
    text = _CELL.sub(" | ", _SCRIPT.sub("", text))
    return _OTHER_TAG.sub("", _LINE_TAG.sub("\n\n", text))


def _read_literal(data: bytes) -> bytes | None:
    """The value of a string of JSON, or of a literal of Python; None where its escapes are neither's."""
    if data.startswith(b'"'):
        with suppress(msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(data, type=str).encode("utf-8", "replace")
    with suppress(UnicodeError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that Python does not know
        if data.startswith(b"b"):
            return data[2:-1].decode("unicode_escape").encode("latin-1")
        text = data[1:-1].decode("utf-8").encode("ascii", "backslashreplace").decode("unicode_escape")
        return text.encode("utf-8", "replace")
    return None
