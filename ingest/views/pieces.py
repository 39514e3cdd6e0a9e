"""A record's page put together again: kept and removed texts in the order they stood in, and what stood beside one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ingest.views.text import clip, clip_left

SNIPPET = 220
"""Characters of a neighbour that are shown."""

_NEAR = 2
"""A cut may stand this many characters off, because white space at it was folded."""


class Piece(NamedTuple):
    """A text of the page. Pieces with the same `place` stood in one block."""

    place: int
    text: str
    kind: str
    """Of a kept piece the kind of block, of a removed one the kind of removal."""
    rule: str | None = None
    """The rule that removed it; null if it was kept."""
    level: int = 0
    removal: int | None = None
    """Which of the record's removals it is."""


class Neighbour(NamedTuple):
    """The text before or after a removed one, shortened on the far side."""

    text: str
    kind: str
    rule: str | None


def pieces_of(blocks: Sequence[Mapping[str, Any]], removals: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """The page's texts, in order, from a record's `blocks` and `removals`."""
    kept: dict[int, list[Mapping[str, Any]]] = {}
    gone: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
    for block in blocks:
        kept.setdefault(block["place"], []).append(block)
    for index, removal in enumerate(removals):
        gone.setdefault(removal["block"], []).append((index, removal))
    found: list[Piece] = []
    for place in sorted(kept.keys() | gone.keys()):
        *whole, last = kept.get(place, [None])
        found += [_kept(block, block["text"]) for block in whole if block]
        found += _split(last, sorted(gone.get(place, ()), key=lambda pair: pair[1]["start"]))
    return found


def neighbours(pieces: Sequence[Piece], index: int) -> tuple[Neighbour | None, Neighbour | None]:
    """What stood before and after the piece; none at the ends of the page."""
    before, after = pieces[index - 1] if index else None, pieces[index + 1 : index + 2]
    return (
        Neighbour(clip_left(before.text, SNIPPET), before.kind, before.rule) if before else None,
        Neighbour(clip(after[0].text, SNIPPET), after[0].kind, after[0].rule) if after else None,
    )


def _split(
    block: Mapping[str, Any] | None, removals: Sequence[tuple[int, Mapping[str, Any]]]
) -> Iterator[Piece]:
    """One block's pieces: what was cut out stands where it was cut."""
    text = block["text"] if block else ""
    end = cut = 0
    for index, removal in removals:
        offset = max(end, _snap(text, removal["start"] - cut))
        cut += len(removal["text"])
        if block and text[end:offset].strip():
            yield _kept(block, text[end:offset])
            end = offset
        yield Piece(removal["block"], removal["text"], removal["kind"], removal["rule"], 0, index)
    if block and text[end:].strip():
        yield _kept(block, text[end:])


def _kept(block: Mapping[str, Any], text: str) -> Piece:
    return Piece(block["place"], text, block["kind"], None, block["level"])


def _snap(text: str, offset: int) -> int:
    """The space nearest to the offset, if there is one near."""
    if not 0 < offset < len(text):
        return min(max(offset, 0), len(text))
    near = sorted(range(offset - _NEAR, offset + _NEAR + 1), key=lambda place: abs(place - offset))
    return next((place for place in near if 0 < place < len(text) and text[place] == " "), offset)
