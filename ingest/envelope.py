"""Pages as some tools write them down: with the HTTP head before them, as a literal of Python or JSON, or escaped.

HTTP/1.1 200 OK ...         `curl --include`
b'<!DOCTYPE html>\\n<html'   `str(response.content)`
"<!DOCTYPE html>\\n<html"    `json.dumps(response.text)`
&lt;!DOCTYPE html&gt;       a page in another page, or in XML
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
