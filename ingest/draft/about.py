"""What a site's pages agree on about themselves: name, language, time zone, and marks to know them by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from ingest.describe.zones import zone_named
from ingest.draft.evidence import Page
from ingest.words import letters

# Zones to try for a language; one is proposed only where its offsets are those of the pages' own dates.
ZONES = {
    "cs": ("Europe/Prague",),
    "da": ("Europe/Copenhagen",),
    "de": ("Europe/Berlin",),
    "el": ("Europe/Athens",),
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney"),
    "es": ("Europe/Madrid", "America/Argentina/Buenos_Aires", "America/Mexico_City", "America/Bogota"),
    "fi": ("Europe/Helsinki",),
    "fr": ("Europe/Paris", "America/Toronto"),
    "he": ("Asia/Jerusalem",),
    "hu": ("Europe/Budapest",),
    "id": ("Asia/Jakarta",),
    "it": ("Europe/Rome",),
    "ja": ("Asia/Tokyo",),
    "ko": ("Asia/Seoul",),
    "nb": ("Europe/Oslo",),
    "nl": ("Europe/Amsterdam",),
    "no": ("Europe/Oslo",),
    "pl": ("Europe/Warsaw",),
    "pt": ("Europe/Lisbon", "America/Sao_Paulo"),
    "sv": ("Europe/Stockholm",),
    "tr": ("Europe/Istanbul",),
    "uk": ("Europe/Kyiv",),
    "vi": ("Asia/Ho_Chi_Minh",),
}
_NUMBERED_ZONE = re.compile(r"[+-]\d\d:?\d\d$")
MAX_MARK_CHARS = 80
MIN_MARK_LETTERS = 6

T = TypeVar("T")


class About(NamedTuple):
    """What goes into the head of a rule file; `marks` are lines that stand on every page, for `recognise`."""

    name: str | None
    language: str | None
    timezone: str | None
    marks: tuple[str, ...]


def find_about(pages: Sequence[Page]) -> About:
    """Name, language, zone and marks, each where most pages agree."""
    name = _most(page.generic.facts.publisher for page in pages)
    language = _most(page.generic.facts.language for page in pages)
    has_address = any(page.url for page in pages)
    marks = () if has_address else _marks(pages, name)
    return About(name if name and name.isprintable() else None, language, _zone(pages, language), marks)


def _most(values: Iterable[T | None]) -> T | None:
    """The value that more than half of those who say anything say; the first in order on a draw."""
    counts = Counter(value for value in values if value is not None)
    best = min(counts, key=lambda value: (-counts[value], str(value)), default=None)
    return best if best is not None and 2 * counts[best] > counts.total() else None


def _zone(pages: Sequence[Page], language: str | None) -> str | None:
    stated = [
        moment
        for page in pages
        if _NUMBERED_ZONE.search(raw := page.generic.facts.published_raw or "") and (moment := _moment(raw))
    ]
    if not any(moment.utcoffset() for moment in stated):
        return None
    for name in ZONES.get(language or "", ()):
        zone = zone_named(name)
        if zone and all(moment.astimezone(zone).utcoffset() == moment.utcoffset() for moment in stated):
            return name
    return None


def _moment(raw: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _marks(pages: Sequence[Page], name: str | None) -> tuple[str, ...]:
    """The line on every page that tells the site best: one with its name, else the longest."""
    if len(pages) < 2:
        return ()
    common = set.intersection(
        *({p.text for p in page.pieces if len(p.text) <= MAX_MARK_CHARS} for page in pages)
    )
    lines = [text for text in common if len(letters(text)) >= MIN_MARK_LETTERS and text.isprintable()]
    site = letters(name or "")
    lines.sort(key=lambda text: (not (site and site in letters(text)), -len(text), text))
    return tuple(lines[:1])
