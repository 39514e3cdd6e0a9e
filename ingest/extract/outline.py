"""The head of a text page: which of its first lines are title, deck, date and byline.

Only place and shape tell here, so each step is cautious: a line that might be the article's stays in the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from ingest.describe.byline import parse_byline
from ingest.describe.dates import read_date, without_date
from ingest.extract.credits import full_names, is_byline, is_date_line, is_dated, is_full_name
from ingest.extract.phrases import DATE_LABEL
from ingest.labels import Label
from ingest.rules.rulebook import SiteRules
from ingest.strip import is_prose
from ingest.words import count_words, letters

MAX_TITLE_WORDS = 40
MAX_TITLE_CHARS = 300
MIN_DECK_WORDS, MAX_DECK_WORDS = 4, 80
MAX_DECK_LINES = 2
MAX_WORDS_ABOVE_NAME = 90
"""So many words between title and byline are a deck and what goes with it; more are the article."""
MAX_MENU_WORDS = 3
MIN_REPEAT_LETTERS = 20
HEAD_PROSE_BLOCKS = 3
MAX_HEAD_BLOCKS = 100
"""The head ends before the third block of prose: title and deck may read like prose, and the body begins. It has at
most so many blocks that carry no label yet.
"""

CREDIT_LINES = 15
"""So far above the headline its date may stand; farther only if it says what it is."""

MAX_SEARCHED = 2_000
"""Lines below the title in which a name is looked for again."""

MENU: Final = Label("text/menu", "nav")
TITLE_LINE: Final = Label("text/title-line", "title")
TITLE_REPEAT: Final = Label("text/title-repeat", "title")
CAPTION_REPEAT: Final = Label("text/caption-repeat", "caption")

_CREDIT = re.compile(
    r"\s*\(\s*(?:photos?\s*)?(?:credits?|by|courtesy|:).*$|\s*\bCredit:.*$|(?<=\w)Credit:.*$", re.IGNORECASE
)
_FULL_STOPS = (".", "。", "۔", "।")
_AFTER_DECK = ("date", "byline", "share", "furniture", "comments", "nav", "plea")
_HEAD_MARKS = ("date", "byline", "furniture")
_ABOVE_NAME = ("title", "deck", "share", "caption", "credit", "byline")
_AROUND_NAME = (*_ABOVE_NAME, "date")
"""A name between date and caption is the picture's alternative text."""
_PICTURE_MARKS = ("caption", "credit", "plea")


class Outline(NamedTuple):
    """Labels with the head's lines added, and the raw texts of the fields found there."""

    labels: list[Label | None]
    title: str | None
    deck: str | None
    byline: str | None
    published: str | None
    section: str | None


def read_outline(
    texts: Sequence[str],
    labels: Sequence[Label | None],
    rules: SiteRules,
    stated: Mapping[str, str] | None = None,
) -> Outline:
    """The head's lines labelled and read. Blocks that carry a label keep it, and what is `stated` is not looked for."""
    labels = list(labels)
    end = _head_end(texts, labels)
    found = dict(stated or {})
    owner = rules.site or "text"
    for place in range(end):
        if labels[place] is None and (hit := _match_field(texts[place], rules.describe)):
            field, value = hit
            if field == "title" and place != _first_kept(labels, end):
                continue
            kind = {"published": "date", "authors": "byline", "section": "nav"}.get(field, field)
            labels[place] = Label(f"{owner}/{field}", kind)  # type: ignore[arg-type]
            found.setdefault(field, value)
    for place in range(end):
        if labels[place] is None and is_date_line(texts[place], rules.language):
            labels[place] = Label("text/date", "date")
            found.setdefault("published", texts[place])
        elif labels[place] is None and is_byline(texts[place]):
            labels[place] = Label("text/byline", "byline")
            found.setdefault("authors", texts[place])
            if read_date(texts[place], rules.language, None):
                found.setdefault("published", texts[place])
    _read_credits(texts, labels, found, end, rules.language)
    for place in range(end, len(texts)):  # behind the head only what says that it is one
        if DATE_LABEL.match(texts[place]) and is_date_line(texts[place], rules.language):
            labels[place] = labels[place] or Label("text/date", "date")
            found.setdefault("published", texts[place])
    _label_menu(texts, labels, end)
    named = "title" in found
    title = _titled(labels) if named else _find_title(texts, labels, end)
    if stated and "title" in stated:
        _label_copy(texts, labels, letters(stated["title"]), end)
    if title is not None:
        labels[title] = labels[title] or Label("text/title", "title")
        found.setdefault("title", texts[title])
    _label_caption_repeats(texts, labels, -1 if title is None else title)
    if title is not None:
        _label_names(texts, labels, found, range(title + 1, end))
        deck = _find_deck(texts, labels, title, end)
        if deck is not None and "deck" not in found:
            labels[deck] = Label("text/deck", "deck")
            found["deck"] = texts[deck]
        _label_names(texts, labels, found, range(title + 1, end))
    _label_repeats(texts, labels, found, end)
    return Outline(
        labels,
        found.get("title"),
        found.get("deck"),
        found.get("authors"),
        found.get("published"),
        found.get("section"),
    )


def _label_copy(texts: Sequence[str], labels: list[Label | None], title: str, end: int) -> None:
    """The first line that is left, where it says the title again that the header states."""
    first = _first_kept(labels, end)
    if first is not None and letters(texts[first]) == title:
        labels[first] = TITLE_REPEAT


def _read_credits(
    texts: Sequence[str], labels: list[Label | None], found: dict[str, str], end: int, language: str | None
) -> None:
    """The date and the authors, where they stand with other things on a line or above the headline, in its menu."""
    first = _first_kept(labels, end)
    if first is None:
        return
    title = letters(texts[0])
    below = [place for place in range(first, end) if labels[place] is None]
    above = [place for place in range(first - 1, 0, -1) if labels[place] == MENU]
    for place in (*below, *above):
        text, near = texts[place], first - place <= CREDIT_LINES
        label = None
        if "published" not in found and _is_credit_date(text, title, language, near=near):
            label = Label("text/date", "date")
            found["published"] = text
            written = full_names(without_date(text)) or _name_beside(texts, labels, place, title)
            if written:
                found.setdefault("authors", written)
        elif "authors" not in found and near and is_byline(text):
            label = Label("text/byline", "byline")
            found["authors"] = text
        labels[place] = labels[place] or label


def _name_beside(texts: Sequence[str], labels: list[Label | None], date: int, title: str) -> str | None:
    """The line next to a date that is nothing but a full name, labelled."""
    for place in (date - 1, date + 1):
        if not 0 < place < len(texts) or labels[place] not in (None, MENU):
            continue
        text = texts[place]
        if is_full_name(text) and letters(text) not in title:
            labels[place] = labels[place] or Label("text/byline", "byline")
            return text
    return None


def _is_credit_date(text: str, title: str, language: str | None, *, near: bool) -> bool:
    """Whether a line gives the article's date; farther from the headline it has to say so."""
    if not near and DATE_LABEL.match(text) is None:
        return False
    return is_dated(text, language) and letters(text) not in title


def _head_end(texts: Sequence[str], labels: Sequence[Label | None]) -> int:
    kept = [p for p, label in enumerate(labels) if label is None]
    prose = 0
    for place in kept[:MAX_HEAD_BLOCKS]:
        prose += is_prose(texts[place])
        if prose == HEAD_PROSE_BLOCKS:
            return place
    return kept[MAX_HEAD_BLOCKS] if len(kept) > MAX_HEAD_BLOCKS else len(texts)


def _match_field(text: str, describe: Mapping[str, tuple[Any, ...]]) -> tuple[str, str] | None:
    for field, patterns in describe.items():
        for pattern in patterns:
            if match := pattern.search(text):
                value = match.groupdict().get("value") if match.groupdict() else text
                if value and value.strip():
                    return field, value.strip()
    return None


def _find_title(texts: Sequence[str], labels: Sequence[Label | None], end: int) -> int | None:
    """The first line that is not furniture; after a date it must look like a headline, not like a caption's twin."""
    place = _first_kept(labels, end)
    if place is None:
        return None
    text = texts[place]
    words = count_words(text)
    if words > MAX_TITLE_WORDS or len(text) > MAX_TITLE_CHARS or (words > 20 and text.endswith(".")):
        return None
    before = {label.kind for label in labels[:place] if label is not None}
    beside_picture = not before.isdisjoint(_PICTURE_MARKS) or _kind(labels, place + 1) in _PICTURE_MARKS
    if not any(map(str.isalnum, text)):
        return None
    if not any(label is None for label in labels[place + 1 :]) and text.endswith(_FULL_STOPS):
        return None  # one sentence and nothing else is the article
    if is_prose(text) and text.endswith(_FULL_STOPS) and not any(labels[:place]):
        return None  # an article without its page begins with its first sentence
    doubtful = is_prose(text) or text.endswith(".")
    if "date" in before and (doubtful or beside_picture):
        return None
    if doubtful and labels[0] == TITLE_LINE:
        return None  # the page's first line says better what it is called
    return place


def _first_kept(labels: Sequence[Label | None], end: int) -> int | None:
    return next((p for p in range(end) if labels[p] is None), None)


def _titled(labels: Sequence[Label | None]) -> int | None:
    """Where the line stands that a rule of the site read the title from."""
    return next((p for p, label in enumerate(labels) if label is not None and label.kind == "title"), None)


def _label_menu(texts: Sequence[str], labels: list[Label | None], end: int) -> None:
    """Label the menu entries before a title: very short lines with more above the byline than title and deck."""
    kept = [p for p in range(end) if labels[p] is None]
    after = next((p for p in range(kept[0] if kept else end, end) if labels[p] is not None), end)
    if after == end or _kind(labels, after) not in ("date", "byline"):
        return
    above = [p for p in kept if p < after]
    while len(above) > MAX_DECK_LINES and _is_menu_entry(texts[above[0]]):
        labels[above.pop(0)] = Label("text/menu-line", "nav")


def _is_menu_entry(text: str) -> bool:
    return count_words(text) <= MAX_MENU_WORDS and text[-1].isalnum() and text[:1].isupper()


def _find_deck(texts: Sequence[str], labels: Sequence[Label | None], title: int, end: int) -> int | None:
    """The line between the title and the first line that belongs under a deck: date, byline, buttons.

    On mobile pages the picture's lines stand between title and deck, and an advertisement may end the head.
    """
    start = title + 1
    while start < end and _kind(labels, start) in ("caption", "credit"):
        start += 1
    ends: tuple[str, ...] = _AFTER_DECK
    if start > title + 1:
        has_menu = any(label is not None and label.kind == "nav" for label in labels[:title])
        ends = ("date", "byline", "ad") if has_menu else ("date", "byline")
    after = next((p for p in range(start, len(labels)) if labels[p] is not None), None)
    if after is None or after > end or _kind(labels, after) not in ends:
        return None
    between = range(start, after)
    words = [count_words(texts[p]) for p in between]
    if not 1 <= len(words) <= MAX_DECK_LINES or max(words) > MAX_DECK_WORDS or words[0] < MIN_DECK_WORDS:
        return None
    return between[0]


def _kind(labels: Sequence[Label | None], place: int) -> str | None:
    label = labels[place] if 0 <= place < len(labels) else None
    return label.kind if label else None


def _label_repeats(
    texts: Sequence[str], labels: list[Label | None], found: Mapping[str, str], end: int
) -> None:
    """Label the second copies a head has: the title as the picture's alt text, bylines given twice.

    The alternative text stands above the caption or the plea, or under the reading time. A line equal to the
    title elsewhere, or to the deck anywhere, may be the article's own and stays.
    """
    title = letters(found.get("title", ""))
    names = {letters(name) for name in parse_byline(found.get("authors", ""))}
    picture_seen = False
    for place in range(end):
        before, after = _kind(labels, place - 1), _kind(labels, place + 1)
        picture_seen = picture_seen or before in _PICTURE_MARKS
        line = letters(texts[place])
        if labels[place] is not None or not line:
            continue
        in_alt_slot = after in _PICTURE_MARKS or (before == "furniture" and not picture_seen)
        if title and line == title and in_alt_slot:
            labels[place] = TITLE_REPEAT
        elif line in names:
            labels[place] = Label("text/byline-repeat", "byline")
        elif before in _HEAD_MARKS and after == "caption" and not is_prose(texts[place]):
            labels[place] = Label("text/alt-line", "caption")


def _label_names(
    texts: Sequence[str], labels: list[Label | None], found: dict[str, str], places: range
) -> None:
    """Label lines that are nothing but a name: said twice in the head, or between the head's other lines."""
    names = {p: letters(texts[p]) for p in places if labels[p] is None and is_full_name(texts[p])}
    said = Counter(names.values())
    below = "\n".join(map(letters, texts[places.start : places.start + MAX_SEARCHED])) if names else ""
    for place, name in names.items():
        if sum(map(count_words, texts[places.start : place])) > MAX_WORDS_ABOVE_NAME:
            break  # the article has begun: a heading
        before, after = _kind(labels, place - 1), _kind(labels, place + 1)
        between = before == "share" or (before in _ABOVE_NAME and after in _AROUND_NAME)
        if said[name] > 1 or between or below.count(name) > 1:
            labels[place] = Label("text/byline", "byline")
            found.setdefault("authors", texts[place])


def _label_caption_repeats(texts: Sequence[str], labels: list[Label | None], title: int) -> None:
    for place in range(title + 1, len(texts)):
        if labels[place] is None and _repeats_caption(texts, labels, place):
            labels[place] = CAPTION_REPEAT


def _repeats_caption(texts: Sequence[str], labels: Sequence[Label | None], place: int) -> bool:
    """Whether a neighbour is a caption with the same wording, one perhaps cut short or with its credit."""
    beside = [texts[p] for p in (place - 1, place + 1) if _kind(labels, p) == "caption"]
    neighbours = [letters(_CREDIT.sub("", text)) for text in beside]
    if not neighbours:
        return False
    mine = letters(texts[place])
    if len(mine) < MIN_REPEAT_LETTERS:  # as short as this only when nothing but a credit is the difference
        return bool(mine) and mine in neighbours
    return any(
        theirs.startswith(mine) or (len(theirs) > 40 and mine.startswith(theirs)) for theirs in neighbours
    )
