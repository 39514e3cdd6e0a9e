"""Labels blocks by the wording rules of a site and its packs; HTML and text pages alike.

match        every block against every pattern, in one pass each
label        rule by rule: whole blocks, ranges, parts of blocks
guard        a rule that would cost the article takes nothing, and the record says so
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ingest.labels import Cut, Label
from ingest.rules.model import Strip
from ingest.rules.rulebook import CompiledStrip, Role, SiteRules
from ingest.words import count_words

PROSE_WORDS = 12
"""A block with at least these and a sentence's end is prose; with twice as many it needs no end."""

SENTENCE_WORDS = 6
"""A block with at least these and a full stop is a sentence, though no prose."""

MIN_PROSE_WORDS = 15
"""With less prose than this left after stripping, a rule has taken the article or there was none."""

MIN_GUARDED_WORDS = 60
"""What a rule may always take: no plea, box or caption this short is an article."""

LONGEST_LINE, LONGEST_CAPTION = 3_000, 1_000
"""Characters; in a longer block a pack's wording stands among other things: a scraper's whole page, say."""

RANGE_SHARE = 0.6
"""A range that takes more than this share of the page's prose is suspect when it is also long:"""
OPEN_RANGE_WORDS = 200
CLOSED_RANGE_WORDS = 350
"""the limits for ranges through the end of the page and for those with an end of their own (pleas run to 300)."""

WALL_KINDS = ("cookie", "plea", "newsletter")
"""What a page without an article consists of; a pack's wording for them is believed when nothing else is there."""

_SENTENCE_END = re.compile(r"[.!?…。！？؟:;\"”’»)\]]\s*$")


class Picture(NamedTuple):
    """Caption and credit found in the block at a place."""

    place: int
    caption: str | None
    credit: str | None


class Stripped(NamedTuple):
    """Labels and cuts, one entry a block; the captions found; the rules the guard stopped."""

    labels: list[Label | None]
    cuts: list[tuple[Cut, ...]]
    pictures: list[Picture]
    guarded: tuple[str, ...]


def is_prose(text: str) -> bool:
    """Whether a block reads like a sentence of an article rather than a menu entry, label or heading."""
    return reads_like_prose(text, count_words(text))


def reads_like_prose(text: str, words: int) -> bool:
    """`is_prose` for a text whose words are counted already."""
    return words >= 2 * PROSE_WORDS or (words >= PROSE_WORDS and bool(_SENTENCE_END.search(text[-4:])))


def strip_blocks(
    texts: Sequence[str], rules: SiteRules, media: str, labels: Sequence[Label | None] | None = None
) -> Stripped:
    """The verdicts of `rules` on the blocks' texts. Blocks that already carry a label keep it."""
    stopped: set[str] = set()
    given = list(labels) if labels is not None else [None] * len(texts)
    matcher = _Matcher(texts, given, rules, media)
    while True:
        state = matcher.label(given, stopped)
        greedy = matcher.greedy_rule(given, state)
        if greedy is None:
            return state._replace(guarded=tuple(sorted(stopped)))
        stopped.add(greedy)


class _Matcher:
    """One page's matches, found once; labelling may run again when the guard stops a rule.

    A line's own wording is more certain than a range around it, and a rule for the whole page than one for its
    head or tail; among equals the first in the file wins.
    """

    def __init__(
        self, texts: Sequence[str], given: Sequence[Label | None], rules: SiteRules, media: str
    ) -> None:
        self.texts = texts
        self.rules = rules
        self.media = media
        self.hits: dict[int, dict[Role, set[int]]] = {}
        for place, text in enumerate(texts):
            label = given[place]
            # what is taken already needs no second verdict, but pictures' lines are read by the caption rules
            if label is None or label.kind in ("caption", "credit"):
                for number, role in rules.match(text):
                    if role == "line" and len(text) > LONGEST_CAPTION and self._is_too_long(text, number):
                        continue
                    self.hits.setdefault(number, {}).setdefault(role, set()).add(place)

    def _is_too_long(self, text: str, number: int) -> bool:
        """Whether a line is longer than what a pack's rule is about."""
        strip = self.rules.strips[number]
        longest = LONGEST_CAPTION if strip.label.kind in ("caption", "credit") else LONGEST_LINE
        return len(text) > longest and not _is_of_site(strip, self.rules.site)

    @cached_property
    def words(self) -> list[int]:
        return [count_words(text) for text in self.texts]

    @cached_property
    def prose(self) -> list[bool]:
        return [reads_like_prose(text, words) for text, words in zip(self.texts, self.words, strict=True)]

    def label(self, given: Sequence[Label | None], stopped: set[str]) -> Stripped:
        labels = list(given)
        cuts: list[tuple[Cut, ...]] = [()] * len(labels)
        for zoned, ranged in ((False, False), (False, True), (True, False), (True, True)):
            numbers = [n for n in sorted(self.hits) if _is_in(self.rules.strips[n].rule, zoned, ranged)]
            head, tail = self._zones(labels) if zoned and numbers else (0, 0)
            for number in numbers:
                strip = self.rules.strips[number]
                rule = strip.rule
                if strip.label.rule in stopped or (rule.media and rule.media != self.media):
                    continue
                places = self._places(number, strip, labels)
                if rule.where:
                    places = [p for p in places if (p < head if rule.where == "head" else p > tail)]
                if rule.part:
                    _cut_parts(strip, places, self.texts, labels, cuts)
                else:
                    for place in places:
                        labels[place] = labels[place] or strip.label
        cuts = [() if label else parts for label, parts in zip(labels, cuts, strict=True)]
        return Stripped(labels, cuts, self._pictures(labels), ())

    def _zones(self, labels: Sequence[Label | None]) -> tuple[int, int]:
        """The places of the first block of prose left and of the last sentence; the head is before, the tail after.

        An article may end in a short sentence, but a page does not begin with one: that is a deck or a teaser.
        """
        left = [p for p, label in enumerate(labels) if label is None]
        first = next((p for p in left if self.prose[p]), len(labels))
        last = next((p for p in reversed(left) if self.prose[p] or self._is_sentence(p)), -1)
        return first, last

    def _is_sentence(self, place: int) -> bool:
        return self.words[place] >= SENTENCE_WORDS and self.texts[place].endswith((".", "!", "?"))

    def _places(self, number: int, strip: CompiledStrip, labels: Sequence[Label | None]) -> list[int]:
        """The blocks a rule takes, neighbours' conditions included."""
        hits = self.hits[number]
        starts = sorted(hits.get("line", set()) | hits.get("part", set()) | hits.get("from", set()))
        rule = strip.rule
        if rule.previous:
            starts = [p for p in starts if p - 1 in hits.get("previous", ())]
        if rule.next:
            starts = [p for p in starts if p + 1 in hits.get("next", ())]
        if not rule.from_:
            return starts
        taken: list[int] = []
        for start in starts:
            if not taken or start > taken[-1]:
                taken += range(start, self._end(start, hits, strip, labels))
        return taken

    def _end(
        self, start: int, hits: dict[Role, set[int]], strip: CompiledStrip, labels: Sequence[Label | None]
    ) -> int:
        """The place after the range that begins at `start`; `start` itself when the range has no end."""
        last = len(self.texts)
        limit = min(last, start + strip.rule.at_most)
        if strip.rule.while_:
            may = hits.get("while", set())
            end = start + 1
            while end < limit and (end in may or labels[end] is not None):
                end += 1
            return end
        ends = hits.get("through", set())
        for end in range(start, limit):
            if end in ends:
                while end + 1 < last and end + 1 in ends:
                    end += 1
                return end + 1
        return last if strip.to_end else start

    def greedy_rule(self, given: Sequence[Label | None], state: Stripped) -> str | None:
        """The rule that took the article, if one did: the next to be stopped."""
        if state.labels == given and not any(state.cuts):
            return None
        prose = [p for p, label in enumerate(given) if label is None and self.prose[p]]
        taken: Counter[Label] = Counter()
        for place in prose:
            if label := state.labels[place]:
                taken[label] += self.words[place]
            for cut in state.cuts[place]:
                taken[Label(cut.rule, cut.kind)] += count_words(self.texts[place][cut.start : cut.end])
        total = sum(self.words[p] for p in prose)
        kept = total - taken.total()
        strips = {strip.label: strip for strip in self.rules.strips}
        for label, words in sorted(taken.items(), key=lambda item: (-item[1], item[0])):
            if _took_too_much(strips[label], words, kept, total, self.rules.site):
                return label.rule
        return None

    def _pictures(self, labels: Sequence[Label | None]) -> list[Picture]:
        """Captions and credits of the blocks labelled so, by the groups of the caption rules they match."""
        places = {
            p for p, label in enumerate(labels) if label is not None and label.kind in ("caption", "credit")
        }
        if not places:
            return []
        by_place: dict[int, list[Any]] = {place: [] for place in places}
        for number, hits in sorted(self.hits.items()):
            strip = self.rules.strips[number]
            if strip.label.kind in ("caption", "credit"):
                for place in hits.get("line", set()) & places:
                    by_place[place] += strip.patterns
        return [
            _picture(place, self.texts[place], labels[place], by_place[place]) for place in sorted(places)
        ]


def _is_in(rule: Strip, zoned: bool, ranged: bool) -> bool:
    """Whether a rule belongs to a round of labelling."""
    return (rule.where is not None, rule.from_ is not None) == (zoned, ranged)


def _picture(place: int, text: str, label: Label | None, patterns: Sequence[Any]) -> Picture:
    for pattern in patterns:
        match = pattern.search(text)
        if match:
            groups = {name: (value or "").strip() or None for name, value in match.groupdict().items()}
            if "caption" in groups or "credit" in groups:
                return Picture(place, groups.get("caption"), groups.get("credit"))
    is_credit = label is not None and label.kind == "credit"
    return Picture(place, None, text) if is_credit else Picture(place, text, None)


def _cut_parts(
    strip: CompiledStrip,
    places: Sequence[int],
    texts: Sequence[str],
    labels: list[Label | None],
    cuts: list[tuple[Cut, ...]],
) -> None:
    """Cut what the patterns match, or their group `cut`; a block wholly cut is labelled instead."""
    for place in places:
        if labels[place] is not None:
            continue
        text = texts[place]
        spans = [(cut.start, cut.end) for cut in cuts[place]]
        fresh = []
        for pattern in strip.patterns:
            for match in pattern.finditer(text):
                start, end = match.span(pattern.groupindex.get("cut", 0))  # RE2 takes numbers only
                if start < end and all(end <= a or start >= b for a, b in spans):
                    spans.append((start, end))
                    fresh.append(Cut(*strip.label, start, end))
        kept = (
            "".join(text[p] for p in range(len(text)) if not any(a <= p < b for a, b in spans))
            if fresh
            else text
        )
        if not kept.strip():
            labels[place] = strip.label
            cuts[place] = ()
        else:
            cuts[place] = tuple(sorted((*cuts[place], *fresh), key=lambda cut: cut.start))


def _took_too_much(strip: CompiledStrip, words: int, kept: int, total: int, site: str | None) -> bool:
    if words < MIN_GUARDED_WORDS:
        return False
    if strip.rule.from_ and strip.label.kind != "comments":
        limit = OPEN_RANGE_WORDS if strip.to_end else CLOSED_RANGE_WORDS
        if words > limit and words > RANGE_SHARE * total:
            return True
    own_wording = strip.rule.line is not None and strip.label.kind in WALL_KINDS
    return kept < MIN_PROSE_WORDS and not (own_wording and not _is_of_site(strip, site))


def _is_of_site(strip: CompiledStrip, site: str | None) -> bool:
    return bool(site) and strip.label.rule.startswith(f"{site}/")


def greedy_drop(
    texts: Sequence[str], dropped: Sequence[Label | None], labels: Sequence[Label | None]
) -> str | None:
    """The selector rule that took the article, if one did. `dropped` has the selector rules' labels alone."""
    taken: dict[Label, int] = {}
    kept = 0
    for text, by_drop, label in zip(texts, dropped, labels, strict=True):
        if label is None:
            kept += prose_words(text)
        elif by_drop is not None and label == by_drop:
            taken[label] = taken.get(label, 0) + prose_words(text)
    total = kept + sum(taken.values())
    for label, words in sorted(taken.items(), key=lambda item: (-item[1], item[0])):
        if words < MIN_GUARDED_WORDS:
            break
        is_most = words > OPEN_RANGE_WORDS and words > RANGE_SHARE * total and label.kind != "comments"
        if kept < MIN_PROSE_WORDS or is_most:
            return label.rule
    return None


def prose_words(text: str) -> int:
    """The words of a block that is prose; 0 for any other."""
    words = count_words(text)
    return words if reads_like_prose(text, words) else 0
