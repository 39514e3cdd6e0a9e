"""Values as a page that means harm would have them, and rows made of nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingest.schema import RECORDS, REJECTS
from ingest.store import open_output, write_part

VALUES = (
    "<script>document.title='taken'</script>",
    "</script><script>document.title='taken'//",
    "<img src=https://evil.example/a.png onerror=document.title='taken'>",
    '" onmouseover="document.title=\'taken\'" x="',
    "' autofocus onfocus=document.title='taken' '",
    "</style><style>*{display:none}</style>",
    "--><svg/onload=document.title='taken'>",
    "</title></details></main><form action=https://evil.example><input name=a>",
    "javascript:document.title='taken'",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>document.title='taken'</script>",
    "https://evil.example/\" onclick=\"document.title='taken'",
    "https://evil.example/<script>",
    "//evil.example/a",
    "{{ 7 * 7 }}{% include 'document.html' %}",
    "]]><!--",
    "\u202etxet sdrawkcab \u2066 isolated \u2067",
    "a\x00b\x07c\x1b[31md\x7fe\x85f\ufffe",
    "$& \\1 %s {0} ${x}",
    "x" * 3000,
)
"""Each is put everywhere a text can stand."""

MOMENT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def record(number: int, value: str) -> dict[str, Any]:
    """A record whose every text is the value."""
    texts = {field.name: value for field in RECORDS if field.type == pa.string()}
    return texts | {
        "source": f"{number} {value}",
        "source_digest": f"{number:032x}",
        "authors": [value, value],
        "tags": [value],
        "published": MOMENT,
        "published_has_time": True,
        "published_has_zone": True,
        "modified": MOMENT,
        "truncated": True,
        "blocks": [
            {"kind": kind, "text": value, "level": 2, "place": place}
            for place, kind in enumerate(("paragraph", "heading", "quote", "preformatted", "cell", value))
        ],
        "images": [{"url": value, "alt": value, "caption": value, "credit": value}],
        "removals": [
            {"rule": value, "kind": kind, "block": 3 + place, "text": value, "start": start}
            for place, (kind, start) in enumerate(
                (("plea", 0), (value, 3), ("nav", 0), ("nav", 0), ("nav", 1))
            )
        ],
        "words_kept": 10,
        "words_removed": 5,
        "words_outside": 7,
        "origins": [("title", value), ("body", value), (value, value)],
        "flags": [value, f"guarded:{value}"],
        "ingested_at": MOMENT,
    }


def reject(number: int, value: str) -> dict[str, Any]:
    """A reject whose every text is the value."""
    texts = {field.name: value for field in REJECTS if field.type == pa.string()}
    return texts | {"source": f"{number} {value}", "source_digest": f"{number:032x}", "ingested_at": MOMENT}


def write_rows(
    out: Path, records: list[dict[str, Any]], rejects: list[dict[str, Any]], name: str = "a"
) -> None:
    """A dataset of these rows; columns that are not given are null."""
    open_output(out)
    for rows, schema, folder in ((records, RECORDS, "records"), (rejects, REJECTS, "rejects")):
        if rows:
            write_part(pa.Table.from_pylist(rows, schema=schema), out / folder, name)


TAGS = """
    html head meta title style script body a abbr article b bdi blockquote button caption code dd del details div dl dt
    em figcaption figure footer q h1 h2 h3 h4 h5 h6 header input label li main nav ol option output p pre section select
    span strong summary table tbody td th thead time tr ul svg g path rect line text circle
"""
ATTRIBUTES = """
    lang dir charset http-equiv content name class id href rel role aria-label aria-labelledby aria-hidden aria-level
    scope tabindex open hidden data-kind data-name data-times data-longest data-words data-for datetime type for
    autocomplete placeholder value d transform x y x1 y1 x2 y2 cx cy r width height viewbox fill fill-opacity stroke
    stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin stroke-miterlimit opacity text-anchor
    font-size font-weight
"""
SAFE_TAGS, SAFE_ATTRIBUTES = frozenset(TAGS.split()), frozenset(ATTRIBUTES.split())


class Inspector(HTMLParser):
    """Reads a document as a browser does, and notes what may not be in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.styles: list[str] = []
        self.scripts: list[str] = []
        self.policy = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in SAFE_TAGS:
            self.faults.append(f"<{tag}>")
        self.faults += [
            f"{tag} {name}={value!r}"[:200] for name, value in attrs if name not in SAFE_ATTRIBUTES
        ]
        if tag == "a":
            self._check_link(given)
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"stray </{tag}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data[:50]}")

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        {"style": self.styles, "script": self.scripts}.get(inside, self.text).append(data)

    def _check_link(self, given: dict[str, str | None]) -> None:
        href = given.get("href") or ""
        self.links.append(href)
        if href.startswith(("http://", "https://")):
            if not {"noopener", "noreferrer"} <= set((given.get("rel") or "").split()):
                self.faults.append(f"link without rel: {href}")
        elif not href.startswith("#"):
            self.faults.append(f"link to {href}")


def inspect(html: str) -> Inspector:
    """The document, read."""
    found = Inspector()
    found.feed(html)
    found.close()
    found.faults += [f"<{tag}> is not closed" for tag in found.open]
    return found
