"""Scraped values made fit to be shown: printable, of bounded length, read in the right direction, linked with care."""

from __future__ import annotations

import re
from hashlib import blake2b

RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
)
"""ISO 639 codes of languages written from right to left."""

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_CONTROLS: dict[int, str | None] = (
    {code: chr(0x2400 + code) for code in range(0x20)}
    | {0x7F: "\u2421"}
    | dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)], "\ufffd")
    | {plane << 16 | low: "\ufffd" for plane in range(17) for low in (0xFFFE, 0xFFFF)}
)
for _blank in "\t\n\r":
    del _CONTROLS[ord(_blank)]
_TABLE = _BIDI | _CONTROLS
_ODD = re.compile(f"[{''.join(map(re.escape, map(chr, _TABLE)))}]")

_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def printable(text: str) -> str:
    """The text without what could disturb the page around it.

    Control characters become their pictures, and what no document may hold U+FFFD. Overrides and embeddings of
    writing direction go: each text stands in an element of its own, whose direction is set by `direction`.

    >>> printable("a\\x07b\\u202ec")
    'a␇bc'
    """
    return text.translate(_TABLE) if _ODD.search(text) else text


def clip(text: str, length: int) -> str:
    """The beginning of the text, `length` characters at most, with "…" when something is left out."""
    if len(text) <= length:
        return text
    head, space, _ = text[: length - 1].rpartition(" ")
    return f"{head if space and len(head) > length // 2 else text[: length - 1]}…"


def clip_left(text: str, length: int) -> str:
    """The end of the text, in the same way."""
    if len(text) <= length:
        return text
    _, space, tail = text[1 - length :].partition(" ")
    return f"…{tail if space and len(tail) > length // 2 else text[1 - length :]}"


def web_address(url: str | None) -> str | None:
    """The address if it is one a reader may follow: http or https, and nothing odd in it. Else none.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return url if url and _WEB.fullmatch(url) and not _ODD.search(url) else None


def direction(language: str | None) -> str:
    """The value of a `dir` attribute for texts in the language; `auto` goes by the text itself."""
    return "rtl" if (language or "").split("-")[0].lower() in RIGHT_TO_LEFT else "auto"


def language_tag(language: str | None) -> str | None:
    """The value of a `lang` attribute, if this is one."""
    return language if language and _LANGUAGE.fullmatch(language) else None


def anchor(prefix: str, *values: str | None) -> str:
    """An id for an element, the same for the same values, and another for others.

    >>> anchor("rule", "jpost.com/reader-plea")
    'rule-jpost.com-reader-plea-22c58c57'
    """
    digest = blake2b("\0".join(value or "" for value in values).encode(errors="replace"), digest_size=4)
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", values[0] or "").strip("-.")[:40]
    return "-".join(part for part in (prefix, slug, digest.hexdigest()) if part)


def page_key(source: str | None, source_digest: str | None) -> str:
    """Which page a row is: 16 hexadecimal digits, made of the row's `source` and `source_digest`."""
    return blake2b(
        f"{source or ''}\0{source_digest or ''}".encode(errors="replace"), digest_size=8
    ).hexdigest()
