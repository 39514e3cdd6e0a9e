"""What a scraper wrote above a text: lines like `Title: ...` and `URL: ...`, or the same between two lines `---`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ingest.blocks import RawBlock
from ingest.describe.url import host_of
from ingest.labels import Label
from ingest.records import Kind
from ingest.words import clean_text

FIELDS: Final = {
    "title": ("title", "headline"),
    "url": (
        "url",
        "url source",
        "source url",
        "link",
        "permalink",
        "canonical",
        "canonical url",
        "original url",
    ),
    "authors": ("author", "authors", "byline"),
    "published": (
        "date",
        "published",
        "published time",
        "published at",
        "date published",
        "publish date",
        "pubdate",
    ),
    "deck": ("description", "summary", "excerpt", "subtitle", "deck"),
    "tags": ("tags", "keywords"),
    "other": (
        *(
            "source",
            "site",
            "sitename",
            "site name",
            "hostname",
            "publisher",
            "language",
            "lang",
            "id",
            "fingerprint",
        ),
        *(
            "categories",
            "category",
            "section",
            "image",
            "license",
            "pagetype",
            "type",
            "modified",
            "updated",
            "warning",
        ),
        *("filedate", "crawled", "fetched", "scraped", "retrieved", "number of pages"),
    ),
    "text": ("text", "content", "body", "article", "markdown content"),
}
"""What a line is about, by the name in front of its colon."""

_FIELD_OF: Final = {name: field for field, names in FIELDS.items() for name in names}
_KINDS: Final[dict[str, Kind]] = {"title": "title", "authors": "byline", "published": "date", "deck": "deck"}
RULE: Final = "text/header"

MIN_LINES: Final = 2
MAX_LINES: Final = 60
LONGEST_NAME: Final = 40  # characters, with the blanks around it

_LINE = re.compile(r"([A-Za-z][A-Za-z _-]{1,24}?)\s*:(?:\s+(.*))?$")
_FENCE = re.compile(r"-{3,}\s*$")
_QUOTED = re.compile(r"\"([^\"]*)\"$|'([^']*)'$|\[([^\[\]]*)\]$")


class Header(NamedTuple):
    """The header's lines as blocks with verdicts, what they say, and the text below."""

    blocks: list[RawBlock]
    labels: list[Label | None]
    fields: dict[str, str]
    text: str

    @property
    def url(self) -> str | None:
        """The page's address, if it is one."""
        url = self.fields.get("url")
        return url if url and host_of(url) else None

    @property
    def tags(self) -> tuple[str, ...]:
        tags = (tag.strip(" \"'") for tag in re.split("[,;]", self.fields.get("tags", "")))
        return tuple(dict.fromkeys(filter(None, tags)))


def read_header(text: str) -> Header:
    """The header of a text, empty if it has none: at least two lines that are known, one of them title or address."""
    lines = text.lstrip("\ufeff\n\r").split("\n", MAX_LINES + 1)
    below = lines[MAX_LINES + 1 :]
    fenced = bool(_FENCE.match(lines[0]))
    found: list[tuple[str, str, str]] = []  # field, value, line
    end = 0
    for number, line, field, value in _read(lines[:MAX_LINES], fenced):
        end = number + 1
        if field == "text":
            found.append((field, "", line.partition(":")[0] + ":"))
            if value:
                lines[number] = value
                end = number
            break
        found.append((field, value, line))
    fields = {
        field: value for field, value, _ in reversed(found) if value and field in ("url", "tags", *_KINDS)
    }
    if sum(bool(field) for field, *_ in found) < MIN_LINES or not fields.keys() & {"title", "url"}:
        return Header([], [], {}, text)
    kept = [(field, tidy) for field, _, line in found if (tidy := clean_text(" ".join(line.split())))]
    return Header(
        [RawBlock(line, "paragraph", 0, 0, 0, 0) for _, line in kept],
        [Label(RULE, _KINDS.get(field, "furniture")) for field, _ in kept],
        fields,
        "\n".join([*lines[end : MAX_LINES + 1], *below]),
    )


def _read(lines: list[str], fenced: bool) -> Iterator[tuple[int, str, str, str]]:
    """Number, line, field and value of the header's lines; a fenced one ends at its fence and may hold any line."""
    if fenced and not any(map(_FENCE.match, lines[1:])):
        return
    for number, line in enumerate(lines):
        match = _LINE.match(line.strip()) if ":" in line[:LONGEST_NAME] else None
        field = _FIELD_OF.get(re.sub(r"[_-]", " ", match[1].lower())) if match else None
        if fenced:
            yield number, line, field if field and field != "text" else "", _value(match)
            if number and _FENCE.match(line):
                return
        elif field:
            yield number, line, field, _value(match)
        elif line.strip():
            return


def _value(match: re.Match[str] | None) -> str:
    value = (match[2] or "").strip() if match else ""
    while inner := _QUOTED.match(value):
        value = next(group for group in inner.groups() if group is not None).strip()
    return value
