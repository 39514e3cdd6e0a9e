"""Bytes to text: is it a page at all, of which media type, in which charset.

Charset order: byte order mark; valid UTF-8 (hardly anything else looks like it); what HTTP declared; what the page
declares; detection. A declaration that does not fit the bytes is not believed.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal, NamedTuple

from ingest.records import RawPage, Reason

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
_WIDER = {  # what browsers read under these names (WHATWG Encoding Standard)
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
_TEXT_CODECS = re.compile(
    r"^(?:utf|iso|cp|windows|koi|mac|gb|big5|euc|shift|hz|johab|tis|ks|latin|ascii|us)", re.I
)
_MOJIBAKE = re.compile(rb"\xc3(?:\x83[\xc2\xe2]|\x82\xc2|\xa2\xe2\x82\xac)")
"""UTF-8 of text that was UTF-8 already and was read as Windows-1252: 'Ã©', 'Ã–', 'Â ', 'â€™'."""

_BINARY: tuple[bytes, ...] = (
    *(b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"wOFF", b"wOF2"),
    *(b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x7fELF", b"MZ\x90"),
    *(b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x20ftyp"),
)
_MARKUP = re.compile(rb"<(?:!doctype|[a-z][a-z0-9-]{0,20})(?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
MIN_TAGS = 2
_CONTROL = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_BLANK = b" \t\r\n\f\v\x00\xef\xbb\xbf"
MAX_BAD_SHARE = 0.05
"""Replaced characters in a text that still counts as one."""


class Decoded(NamedTuple):
    """A page's text, and the same as UTF-8 for the parser.

    `notes` are flags for the record: `broken_charset`, `mojibake_repaired`.
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
    bom = next(((mark, name) for mark, name in _BOMS if data.startswith(mark)), None)
    if bom is None and (problem := _not_text(data)):
        return Refusal("not_text", problem)
    text, charset, notes = _decode_bytes(data, bom, raw.charset)
    same = charset == "utf-8" and not notes and bom is None
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
    return Decoded(text, utf8, media_of(raw, utf8), charset, notes)


def _repair(text: str) -> str:
    """The text with what was encoded twice set right; line by line, since most lines of a page are plain ASCII."""
    import ftfy  # few pages need it, and no run should wait for it

    return "\n".join(line if line.isascii() else ftfy.fix_encoding(line) for line in text.split("\n"))


def media_of(raw: RawPage, utf8: bytes) -> Media:
    """`html` or `text`: by the declared media type, else the file's name, else by what the page looks like."""
    declared = (raw.media_type or "").split(";")[0].strip().lower()
    if declared in ("text/html", "application/xhtml+xml"):
        return "html"
    if declared == "text/plain":
        return "text"
    name = re.sub(r"\.(gz|zst)$", "", raw.source.lower())
    if name.endswith((".html", ".htm", ".xhtml")):
        return "html"
    if name.endswith(".txt"):
        return "text"
    head = utf8[:65_536].lstrip()
    opens = _MARKUP.match(head.lstrip(_BLANK)) is not None
    return "html" if opens or len(_MARKUP.findall(head)) >= MIN_TAGS else "text"


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


def _looks_utf16(head: bytes) -> bool:
    return max(head[0::2].count(0), head[1::2].count(0)) > 0.3 * len(head) / 2


def _decode_bytes(
    data: bytes, bom: tuple[bytes, str] | None, declared: str | None
) -> tuple[str, str, tuple[str, ...]]:
    if bom is not None:
        text = data[len(bom[0]) :].decode(bom[1], "replace")
        return text, bom[1], ("broken_charset",) if "\ufffd" in text else ()
    if b"\x1b" not in data:  # ISO-2022 texts are plain ASCII to the eye of a UTF-8 decoder
        try:
            return data.decode("utf-8"), "utf-8", ()
        except UnicodeDecodeError as error:
            first_bad = error.start
    else:
        first_bad = 0
    meta = _META_CHARSET.search(data[:_META_WINDOW])
    names = [declared, meta[1].decode("ascii", "ignore") if meta else None]
    for name in filter(None, map(_codec, names)):
        if name == "utf-8":
            continue
        try:
            return data.decode(name), name, ()
        except UnicodeDecodeError:
            continue
    return _guess(data, first_bad, [name for name in map(_codec, names) if name])


def _codec(name: str | None) -> str | None:
    """Python's codec for a charset name, if it is one for text."""
    if not name:
        return None
    name = name.strip().strip("\"'").lower()
    name = _WIDER.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODECS.match(found) else None


def _guess(data: bytes, first_bad: int, declared: list[str]) -> tuple[str, str, tuple[str, ...]]:
    """For bytes that fit no declaration: UTF-8 with some damage, else the likeliest charset of detection."""
    import charset_normalizer  # as rare

    text = data.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    multibyte = sum(1 for char in text if char > "\x7f") - damage
    if damage <= max(2, multibyte // 4):
        return text, "utf-8", ("broken_charset",)
    for name in declared:
        if name != "utf-8":
            rough = data.decode(name, "replace")
            if rough.count("\ufffd") <= 0.001 * len(rough):
                return rough, name, ("broken_charset",)
    sample = data[max(0, first_bad - 2000) : first_bad + 20_000]
    best = charset_normalizer.from_bytes(sample).best()
    if best is not None:
        name = _codec(best.encoding) or "cp1252"
        text = data.decode(name, "replace")
        return text, name, ("broken_charset",) if "\ufffd" in text else ()
    text = data.decode("cp1252", "replace")
    return text, "cp1252", ("broken_charset",) if "\ufffd" in text else ()
