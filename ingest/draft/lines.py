"""Wording that comes again on page after page: strip rules.

repeated    the same letters on several pages, though they are different articles
runs        three and more of them in a row, the same row on several pages -> from ... through
shapes      lines that differ in their numbers only, or in what follows a telling beginning -> one pattern
the rest    one rule a line; many of one kind together
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from ingest.article import Article
from ingest.draft.evidence import MIN_LETTERS
from ingest.draft.kinds import Place, kind_of_place, told_kind
from ingest.extract.credits import is_byline, is_date_line
from ingest.records import Kind
from ingest.rules import SiteRules
from ingest.rules.match import compile_pattern
from ingest.strip import is_prose
from ingest.words import count_words, letters

MAX_STRIPS = 12
MIN_PAGES, MIN_SHARE = 2, 0.3
SURE_PAGES, SURE_SHARE = 3, 0.6
"""Evidence enough for a short line amid the text whose wording tells nothing."""

SURE_WORDS = 8
"""So long a line does not come again by chance in another article; but two articles on one event share sentences."""

MIN_RUN = 3
MAX_RUN = 60
MAX_SPELLINGS = 3
MAX_PATTERNS = 10
MAX_LINE_CHARS = 600
MAX_PREFIX_REST = 160
MIN_PREFIX_LETTERS = 8
_DIGITS = re.compile("[0-9]+")  # what \d is to RE2; to Python it is any script's figures
_META = re.compile(r"[\\.+*?()|\[\]{}^$]")
_PREFIX = re.compile(r"^((?:\S+ ){1,4}\S*?:|(?:\S+ ){2,4})(?=\s*\S)")


class Text(NamedTuple):
    """A page's lines in the article's scope. `kept` says which ones nothing takes yet; `sure` are the letters of
    those that are certainly the article's; `fields` the letters of its title and names."""

    texts: Sequence[str]
    keys: Sequence[str]
    kept: Sequence[bool]
    sure: frozenset[str]
    fields: frozenset[str]


class LineFinding(NamedTuple):
    """A strip rule and its evidence: the pages it is seen on, an example, whether anything takes it without the rule.

    `patterns` are those of `line`, or the first of `from` when `through` is given.
    """

    kind: Kind
    patterns: tuple[str, ...]
    through: str | None
    at_most: int
    pages: int
    example: str
    words: int
    doubt: str


class _Line(NamedTuple):
    """A line by its letters: the commonest of its spellings, and all of them, since a pattern matches only one."""

    text: str
    spellings: tuple[str, ...]
    key: str
    pages: frozenset[int]
    kept: int
    place: Place
    kind: Kind | None


def text_of(article: Article, sure: Iterable[str] = ()) -> Text:
    """A page's lines from its article."""
    texts = [block.text for block in article.blocks]
    facts = article.facts
    named = [facts.title, facts.deck, *facts.authors]
    return Text(
        texts,
        [letters(text) for text in texts],
        [label is None for label in article.labels],
        frozenset(key for key in sure if len(key) >= MIN_LETTERS),
        frozenset(letters(name) for name in named if name),
    )


def find_lines(pages: Sequence[Text], packs: SiteRules, language: str | None) -> list[LineFinding]:
    """The strip rules, those with most evidence first; none from a single page."""
    if len(pages) < MIN_PAGES:
        return []
    lines = _repeated(pages, packs, language)
    runs = _runs(pages, lines)
    in_runs = {key for _, keys in runs for key in keys}
    shapes = [finding for finding in _shapes(pages, packs, language) if finding.words]
    singles = [line for line in lines.values() if line.key not in in_runs and line.kept]
    covered = [compile_pattern(pattern) for shape in shapes for pattern in shape.patterns]
    singles = [line for line in singles if not any(pattern.search(line.text) for pattern in covered)]
    found = [*(finding for finding, _ in runs), *shapes, *_grouped(singles)]
    found.sort(key=lambda f: (-f.words * f.pages, f.patterns))
    return found[:MAX_STRIPS]


def enough_pages(count: int, whole: int) -> bool:
    """Whether a line on so many of the pages is repeated."""
    return count >= max(MIN_PAGES, ceil(MIN_SHARE * whole))


# -- repeated lines ------------------------------------------------------------------------------------------


def _repeated(pages: Sequence[Text], packs: SiteRules, language: str | None) -> dict[str, _Line]:
    """The lines that may go, by their letters."""
    where: dict[str, dict[int, list[int]]] = defaultdict(dict)
    for number, page in enumerate(pages):
        for place, key in enumerate(page.keys):
            if len(key) >= 2 and len(page.texts[place]) <= MAX_LINE_CHARS:
                where[key].setdefault(number, []).append(place)
    repeated = {key for key, seen in where.items() if enough_pages(len(seen), len(pages))}
    bounds = [_bounds(page, repeated) for page in pages]
    sure = frozenset().union(*(page.sure | page.fields for page in pages))
    lines: dict[str, _Line] = {}
    for key in repeated - sure:
        seen = where[key]
        texts = Counter(pages[n].texts[p] for n, places in seen.items() for p in places)
        text = min(texts, key=lambda t: (-texts[t], t))
        if not text.isprintable() or is_date_line(text, language) or is_byline(text):
            continue
        side = _place(seen, bounds)
        kind = told_kind(text, packs)
        line = _Line(
            text,
            tuple(sorted(filter(str.isprintable, texts), key=lambda t: (-texts[t], t))[:MAX_SPELLINGS]),
            key,
            frozenset(seen),
            sum(any(pages[n].kept[p] for p in ps) for n, ps in seen.items()),
            side,
            kind,
        )
        if _may_go(line, len(pages)):
            lines[key] = line
    return lines


def _bounds(page: Text, repeated: set[str]) -> tuple[int, int]:
    """The places of the first and the last sentence that only this page has."""
    own = [
        p
        for p, key in enumerate(page.keys)
        if key not in repeated and page.kept[p] and is_prose(page.texts[p])
    ]
    return (own[0], own[-1]) if own else (0, len(page.texts))


def _place(seen: dict[int, list[int]], bounds: Sequence[tuple[int, int]]) -> Place:
    """Where a line stands on all its pages: before the article's first sentence, behind its last, or amid."""
    if all(place < bounds[n][0] for n, places in seen.items() for place in places):
        return "head"
    if all(place > bounds[n][1] for n, places in seen.items() for place in places):
        return "tail"
    return "middle"


def _may_go(line: _Line, whole: int) -> bool:
    if line.kind is not None or line.place != "middle":
        return True
    if count_words(line.text) >= SURE_WORDS:
        return len(line.pages) >= SURE_PAGES or not is_prose(line.text)
    return _is_sure(len(line.pages), whole)


def _is_sure(count: int, whole: int) -> bool:
    return count >= max(SURE_PAGES, ceil(SURE_SHARE * whole))


def _kind(line: _Line) -> Kind:
    return line.kind or kind_of_place(line.place)


# -- runs ----------------------------------------------------------------------------------------------------


def _runs(pages: Sequence[Text], lines: dict[str, _Line]) -> list[tuple[LineFinding, tuple[str, ...]]]:
    """Ranges of lines that follow each other on several pages, none of them taken by anything yet."""
    follows: Counter[tuple[str, str]] = Counter()
    for page in pages:
        follows.update({pair for pair in zip(page.keys, page.keys[1:], strict=False) if pair[0] != pair[1]})
    pairs = {pair for pair, count in follows.items() if enough_pages(count, len(pages))}
    found: dict[tuple[str, ...], LineFinding] = {}
    used: set[str] = set()
    for page in pages:
        for run in _chains(page.keys, pairs, lines):
            if used.isdisjoint(run) and len(set(run)) == len(run):
                members = [lines[key] for key in run]
                if sum(bool(line.kept) for line in members) < MIN_RUN or members[0].place == "middle":
                    continue
                used.update(run)
                found[run] = _range(members)
    return [(finding, run) for run, finding in found.items()]


def _chains(
    keys: Sequence[str], pairs: set[tuple[str, str]], lines: dict[str, _Line]
) -> Iterable[tuple[str, ...]]:
    chain: list[str] = []
    for key in keys:
        if chain and (chain[-1], key) in pairs and key in lines and len(chain) < MAX_RUN:
            chain.append(key)
            continue
        if len(chain) >= MIN_RUN:
            yield tuple(chain)
        chain = [key] if key in lines else []
    if len(chain) >= MIN_RUN:
        yield tuple(chain)


def _range(members: Sequence[_Line]) -> LineFinding:
    kinds = Counter(_kind(line) for line in members)
    kind = min(kinds, key=lambda kind: (-kinds[kind], kind))
    return LineFinding(
        kind=kind,
        patterns=tuple(map(exact, members[0].spellings)),
        through=exact(members[-1].text),
        at_most=min(200, len(members) + 3),
        pages=min(len(line.pages) for line in members),
        example=members[0].text,
        words=sum(count_words(line.text) for line in members if line.kept),
        doubt="what the site puts between these two lines some day",
    )


# -- shapes --------------------------------------------------------------------------------------------------


def _shapes(pages: Sequence[Text], packs: SiteRules, language: str | None) -> Iterable[LineFinding]:
    """Lines that differ in numbers, or behind a telling beginning."""
    masked: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    begun: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    sure_lines: list[str] = []
    for number, page in enumerate(pages):
        for text, key, kept in zip(page.texts, page.keys, page.kept, strict=True):
            if key in page.sure:
                sure_lines.append(text)
            if not kept or len(text) > MAX_LINE_CHARS or not text.isprintable() or key in page.fields:
                continue
            if _DIGITS.search(text) and not is_date_line(text, language) and not is_byline(text):
                masked[_DIGITS.sub("0", text)][text].add(number)
            if (match := _PREFIX.match(text)) and len(letters(match[1])) >= MIN_PREFIX_LETTERS:
                begun[match[1].strip()][text].add(number)
    for mask, texts in sorted(masked.items()):
        if len(texts) > 1 and sum(char.isalpha() for char in mask) >= 4:
            pattern = "^" + _DIGITS.sub(r"\\d+", _META.sub(_escape, mask)) + "$"
            yield from _shape(pattern, texts, pages, packs, sure_lines, numbers=True)
    for prefix, texts in sorted(begun.items()):
        longest = max(len(text) for text in texts) - len(prefix)
        if len(texts) > 1 and longest <= MAX_PREFIX_REST:
            rest = min(MAX_PREFIX_REST, -(-longest * 3 // 20) * 10 + 10)
            pattern = f"^{_META.sub(_escape, prefix)}.{{1,{rest}}}$"
            yield from _shape(pattern, texts, pages, packs, sure_lines, numbers=False)


def _shape(
    pattern: str,
    texts: dict[str, set[int]],
    pages: Sequence[Text],
    packs: SiteRules,
    sure_lines: Sequence[str],
    *,
    numbers: bool,
) -> Iterable[LineFinding]:
    on = frozenset().union(*texts.values())
    example = min(texts)
    told = {told_kind(text, packs) for text in texts}
    kind = told.pop() if len(told) == 1 else None
    if kind is None and numbers and _is_sure(len(on), len(pages)):
        kind = "furniture"
    if kind is None or not enough_pages(len(on), len(pages)):
        return
    if kind == "credit" and any(map(is_prose, texts)):
        return
    compiled = compile_pattern(pattern)
    if any(compiled.search(text) for text in sure_lines):
        return
    words = sum(map(count_words, texts))
    doubt = "the same words with other numbers" if numbers else "a paragraph that begins with these words"
    yield LineFinding(kind, (pattern,), None, 0, len(on), example, words // len(on), doubt)


# -- single lines --------------------------------------------------------------------------------------------


def _grouped(singles: Sequence[_Line]) -> Iterable[LineFinding]:
    """A rule a line; where there are more than two of a kind, one rule for all of them."""
    by_kind: dict[Kind, list[_Line]] = defaultdict(list)
    for line in sorted(singles, key=lambda line: (-len(line.pages), -len(line.text), line.text)):
        by_kind[_kind(line)].append(line)
    for kind, lines in by_kind.items():
        groups = [[line] for line in lines] if len(lines) <= 2 else [lines[:MAX_PATTERNS]]
        for group in groups:
            first = group[0]
            short = any(count_words(line.text) < 4 for line in group)
            yield LineFinding(
                kind=kind,
                patterns=tuple(exact(text) for line in group for text in line.spellings),
                through=None,
                at_most=0,
                pages=len(frozenset().union(*(line.pages for line in group))),
                example=first.text,
                words=sum(count_words(line.text) for line in group),
                doubt="a heading or line of an article in just these words" if short else "a quotation of it",
            )


def exact(text: str) -> str:
    """The pattern for a block that is this text; numbers in it may differ when they stand beside letters."""
    return f"^{_META.sub(_escape, text)}$"


def _escape(match: re.Match[str]) -> str:
    return "\\" + match[0]
