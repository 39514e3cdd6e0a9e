"""Bytes to text: is it a page at all, of which media type, in which charset.

Charset order: byte order mark; valid UTF-8 (hardly anything else looks like it); what HTTP declared; what the page
declares; detection. A declaration that does not fit the bytes is not believed.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from itertools import islice
from typing import Literal, NamedTuple

import webencodings

from ingest.describe.url import host_of
from ingest.envelope import open_envelope, open_text
from ingest.records import RawPage, Reason
from ingest.words import to_nfc

Media = Literal["html", "text"]

MAX_PAGE_BYTES = 32 << 20
"""A larger page is a reject; no article is."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})",
    re.IGNORECASE,
)
_META_WINDOW = 16_384
_WIDER = {  # Python's name for what the WHATWG Encoding Standard means by these
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "replacement": None,
    "x-user-defined": None,
}
_TEXT_CODECS = re.compile(
    r"^(?:utf|iso|cp|windows|koi|mac|gb|big5|euc|shift|hz|johab|tis|ks|latin|ascii|us)", re.I
)
_MOJIBAKE = re.compile(rb"\xc3(?:\x83[\xc2\xe2]|\x82\xc2|\xa2\xe2\x82\xac)")
"""UTF-8 of text that was UTF-8 already and was read as Windows-1252: 'Ã©', 'Ã–', 'Â ', 'â€™'."""

_COMBINING: dict[bytes, tuple[bytes, ...]] = {
    b"\xcc": (b"\xcc",),
    b"\xcd": (b"\xcd",),
    b"\xd9": (b"\xd9\x93", b"\xd9\x94", b"\xd9\x95"),
    b"\xe1": (b"\xe1\x84", b"\xe1\x85", b"\xe1\x86"),
    b"\xe3": (b"\xe3\x82\x99", b"\xe3\x82\x9a"),
}
"""How those begin in UTF-8 that NFC joins, by their first byte, which is looked for in no time: marks on Latin, Greek,
Cyrillic, Arabic letters and kana, parts of Korean syllables. To ask Python whether a page is in NFC takes as long as to
decode it."""

_BINARY: tuple[bytes, ...] = (
    *(b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"wOFF", b"wOF2"),
    *(b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"MZ\x90"),
    *(b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x20ftyp"),
)
_MARKUP = re.compile(rb"<(?:!doctype|[a-z][a-z0-9-]{0,20})(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
_PAGE = re.compile(rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]{0,200}>)*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
"""How a page of HTML opens, whatever its file is called."""
MIN_TAGS = 2
_NAMED = re.compile(
    rb"<(?:div|section|article|main|nav|header|footer|aside|figure|ul|p|span)\s[^<>]{0,500}?\b(?:class|id)\s?=",
    re.IGNORECASE,
)
MIN_NAMED = 3
"""So many elements with a class or an id, behind a first tag, are a part of a page."""

_CONTROL = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_ASCII = bytes(range(0x80))
_DETECTED_FROM = 2 << 20
_BLANK = b" \t\r\n\f\v\x00\xef\xbb\xbf"
MAX_BAD_SHARE = 0.05
"""Replaced characters in a text that still counts as one."""


class Decoded(NamedTuple):
    """A page's text, and the same as UTF-8 for the parser.

    `notes` are flags for the record: `unwrapped`, `broken_charset`, `mojibake_repaired`.
    """

    text: str
    utf8: bytes
    media: Media
    charset: str
    notes: tuple[str, ...] = ()


class Refusal(NamedTuple):
    reason: Reason
    detail: str


def decode(raw: RawPage) -> Decoded | Refusal:
    """The page's text, or why there is none."""
    data = raw.data
    if len(data) > MAX_PAGE_BYTES:
        return Refusal("too_large", f"{len(data):,} bytes; the limit is {MAX_PAGE_BYTES:,}")
    if not data[:4096].strip(_BLANK) and not data.strip(_BLANK):
        return Refusal("empty", "the page holds nothing but white space" if data else "the page has no bytes")
    page = open_envelope(data)
    data = data if page is None else page
    bom = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)
    if bom is None and (problem := _not_text(data)):
        return Refusal("not_text", problem)
    text, charset, notes = _decode_bytes(data, bom, raw)
    same = charset == "utf-8" and not notes and bom is None
    if page is not None:
        notes = (*notes, "unwrapped")
    if b"\x00" in data and "\x00" in text:
        text, same = text.replace("\x00", ""), False
    bad = text.count("\ufffd")
    if bad > MAX_BAD_SHARE * len(text):
        return Refusal("undecodable", f"{bad:,} of {len(text):,} characters cannot be read as {charset}")
    if charset == "utf-8" and not text.isascii() and _MOJIBAKE.search(data):
        repaired = _repair(text)
        if repaired != text:
            text, notes, same = repaired, (*notes, "mojibake_repaired"), False
    utf8 = data if same else text.encode("utf-8", "replace")
    if _may_be_apart(utf8) and (joined := to_nfc(text)) is not text:
        text, utf8 = joined, joined.encode("utf-8", "replace")
    media = media_of(raw, utf8)
    if media == "text" and (opened := open_text(text)) is not None:
        text = to_nfc(opened)
        utf8 = text.encode("utf-8", "replace")
        notes = (*notes, "unwrapped") if page is None else notes
    return Decoded(text, utf8, media, charset, notes)


def _may_be_apart(utf8: bytes) -> bool:
    """Whether a text has marks that may stand apart from their letters."""
    return any(first in utf8 and any(mark in utf8 for mark in marks) for first, marks in _COMBINING.items())


def _repair(text: str) -> str:
    """The text with what was encoded twice set right; line by line, since most lines of a page are plain ASCII."""
    import ftfy  # few pages need it, and no run should wait for it

    return "\n".join(line if line.isascii() else ftfy.fix_encoding(line) for line in text.split("\n"))


def media_of(raw: RawPage, utf8: bytes) -> Media:
    """`html` or `text`: by how the page opens, the declared media type, the file's name, what the page looks like."""
    if _PAGE.match(utf8):
        return "html"
    head = utf8[:65_536].lstrip()
    first = head.lstrip(_BLANK)
    if first.startswith(b"<") and sum(1 for _ in islice(_NAMED.finditer(head), MIN_NAMED)) == MIN_NAMED:
        return "html"  # a part of a page, whatever it is called
    declared = (raw.media_type or "").split(";")[0].strip().lower()
    if declared in ("text/html", "application/xhtml+xml"):
        return "html"
    if declared in ("text/plain", "text/markdown"):
        return "text"
    name = re.sub(r"\.(gz|zst)$", "", raw.source.lower())
    if name.endswith((".html", ".htm", ".xhtml")):
        return "html"
    if name.endswith((".txt", ".md", ".markdown")):
        return "text"
    return "html" if _MARKUP.match(first) or len(_MARKUP.findall(head)) >= MIN_TAGS else "text"


def _not_text(data: bytes) -> str | None:
    if data.startswith(_BINARY) and (data.startswith(b"%PDF-") or _count_control(data[:64]) > 0):
        return "the bytes are those of a binary file, not of a page"
    head = data[:16_384]
    control = _count_control(head)
    if control > 0.1 * len(head) and not _looks_utf16(head):
        return f"{control:,} of the first {len(head):,} bytes are control characters"
    return None


def _count_control(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROL))


def _looks_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark, told by the zero halves of its ASCII."""
    zeros = {"utf-16-be": head[0::2].count(0), "utf-16-le": head[1::2].count(0)}
    charset = max(zeros, key=zeros.__getitem__)
    return charset if zeros[charset] > 0.3 * len(head) / 2 else None


def _decode_bytes(
    data: bytes, bom: tuple[bytes, str] | None, raw: RawPage
) -> tuple[str, str, tuple[str, ...]]:
    mark, charset = bom or (b"", _looks_utf16(data[:16_384]) if b"\x00" in data[:16_384] else None)
    if charset is not None:
        text = data[len(mark) :].decode(charset, "replace")
        return text, charset, ("broken_charset",) if "\ufffd" in text else ()
    if b"\x1b" not in data:  # ISO-2022 texts are plain ASCII to the eye of a UTF-8 decoder
        with suppress(UnicodeDecodeError):
            return data.decode("utf-8"), "utf-8", ()
    meta = _META_CHARSET.search(data[:_META_WINDOW])
    stated = _codec(meta[1].decode("ascii", "ignore")) if meta else None
    if stated and stated.startswith("utf-16"):
        stated = None  # it could not have been read where it stands
    names = [name for name in (_codec(raw.charset), stated) if name]
    for name in names:
        if name == "utf-8":
            continue
        with suppress(UnicodeDecodeError):
            return data.decode(name), name, ()
    return _guess(data, names, host_of(raw.url) if raw.url else None)


def _codec(label: str | None) -> str | None:
    """Python's codec for a charset's label, as browsers read it, if it is one for text."""
    if not label:
        return None
    label = label.strip().strip("\"'").lower()
    known = webencodings.lookup(label)
    name = _WIDER.get(known.name, known.codec_info.name) if known else label
    try:
        found = codecs.lookup(name or label).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODECS.match(found) else None


def _guess(data: bytes, declared: list[str], host: str | None) -> tuple[str, str, tuple[str, ...]]:
    """For bytes that fit no declaration: UTF-8 with some damage, else the likeliest charset of detection."""
    text = data.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    multibyte = sum(1 for char in text if char > "\x7f") - damage
    if multibyte and damage <= max(2, multibyte // 4):
        return text, "utf-8", ("broken_charset",)
    for name in declared:
        if name != "utf-8":
            rough = data.decode(name, "replace")
            if rough.count("\ufffd") <= 0.001 * len(rough):
                return rough, name, ("broken_charset",)
    name = _detect(data, host)
    text = data.decode(name, "replace")
    return text, name, ("broken_charset",) if "\ufffd" in text else ()


def _detect(data: bytes, host: str | None) -> str:
    """The charset by Firefox's detector, which weighs letters and the site's country."""
    import chardetng_py  # few pages need it

    signs = data.translate(None, _ASCII).decode("cp1252", "replace")
    if not any(map(str.isalpha, signs)):
        return "cp1252"  # quotes, dashes and the pound sign, which is a letter to Central Europe
    detector = chardetng_py.EncodingDetector()
    detector.feed(data[:_DETECTED_FROM], last=True)
    country = host.rpartition(".")[2].encode("ascii", "ignore") if host else None
    return _codec(detector.guess(tld=country or None, allow_utf8=False)) or "cp1252"
