"""Which words of a page may stay: those without which a rule would judge a text otherwise.

signature   what the rules, the packs, the generic phrases and the byline reader make of a text
rewrite     every word replaced; where that changes the signature, as few as possible put back
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from ingest.anonymise.dates import Edit, Shift, apply_edits
from ingest.anonymise.words import TOKEN, Substitutes
from ingest.describe.access import CONTINUE, GATE
from ingest.describe.byline import read_byline
from ingest.describe.names import AGENCIES, COLLECTIVE, PARTICLES
from ingest.describe.page_dates import CHANGED, PUBLISHED
from ingest.extract import phrases
from ingest.rules import SiteRules
from ingest.rules.model import as_list
from ingest.words import clean_text

MAX_PHRASE_CHARS = 600
"""The generic phrases are looked for in lines up to this length."""
MAX_GATE_CHARS = 160
MAX_BYLINE_CHARS = 160
MAX_BYLINE_WORDS = 8
MAX_DATE_CHARS = 120
MAX_JUDGED_CHARS = 20_000
MAX_TRIALS = 400
"""Signatures taken for one text; enough for every plea. A text that needs more is replaced, whatever becomes of it."""
MAX_LABEL_WORDS = 4
RUN_WORDS = 3
RUN_LETTERS = 12
"""As many neighbouring words with as many letters are a piece of somebody's text."""

ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|\b[\w-]{2,63}(?:\.[\w-]{2,63}){0,2}\.(?:com|org|net|info|news|co\.uk|[a-z]{2})\b(?:/[^\s<>\"']{0,500})?"
)
_ENTITY_OR_TAG = re.compile(r"&#?\w{1,10};|</?[a-zA-Z][a-zA-Z0-9]{0,20}[^<>]{0,2000}>")
_LITERAL_NOISE = re.compile(r"\\[a-zA-Z]|\[\[:\w+:\]\]|\(\?[a-zA-Z-]*[:)]|\{[\d,]*\}")
_LITERAL = re.compile(r"[^\W\d_]{2,}")
_AGENCY = re.compile(
    rf"(?:{'|'.join(re.escape(name) for name in sorted(AGENCIES, key=lambda n: (-len(n), n)))})(?!\w)",
    re.IGNORECASE,
)
_AGENCY_BEGINNINGS = frozenset(TOKEN.findall(name)[0] for name in AGENCIES)


class Wording:
    """Rewrites the texts of one page; the same text comes out the same everywhere.

    `names` are the site's own names, which stay. `people` are the article's authors: none of their words stays.
    `private` texts are never taken for labels. `address` rewrites an address, `recognise` tells the site by a line.
    In a page of `lines` any short text may be a byline.
    """

    def __init__(
        self,
        rules: SiteRules,
        substitutes: Substitutes,
        shift: Shift,
        *,
        names: Iterable[str] = (),
        people: Iterable[str] = (),
        private: Iterable[str] = (),
        address: Callable[[str], str] = str,
        lines: bool = False,
        recognise: Callable[[str], object] | None = None,
    ) -> None:
        self.rules = rules
        self.substitutes = substitutes
        self.shift = shift
        self.people = tuple(name.casefold() for name in people)
        self.private = frozenset(text.casefold() for text in private)
        self.address = address
        self.lines = lines
        self.recognise = recognise
        self.kept: set[tuple[str, ...]] = set()
        """Runs of words that stayed as furniture, casefolded."""
        self._names = _one_of(names)
        self._forced = frozenset(word for name in self.people for word in TOKEN.findall(name))
        self._forced -= COLLECTIVE | PARTICLES | substitutes.stay
        self._labels = _label_words(rules)
        self._described = [pattern for patterns in rules.describe.values() for pattern in patterns]
        self._done: dict[str, list[Edit]] = {}

    def rewrite(self, text: str) -> str:
        """The text in other words."""
        return apply_edits(text, self.edits(text))

    def edits(self, text: str) -> list[Edit]:
        """The changes that put a text into other words; every word and number is one."""
        found = self._done.get(text)
        if found is None:
            found = self._done[text] = self._edits(text)
        return found

    def _edits(self, text: str) -> list[Edit]:
        fixed = self._fixed(text)
        tokens = _tokens_outside(text, fixed)
        if not tokens:
            return fixed
        if self._is_label(text, tokens):
            self._remember(text, tokens, frozenset(range(len(tokens))))
            return fixed
        stays = self._needed(text, fixed, tokens)
        self._remember(text, tokens, stays)
        return self._with(fixed, text, tokens, stays)

    def _fixed(self, text: str) -> list[Edit]:
        """What is no matter of words: dates, addresses, markup, the site's names."""
        edits: list[Edit] = []
        if "." in text or "@" in text:
            _add(edits, ((m, self.address(m[0])) for m in ADDRESS.finditer(text)))
        if "<" in text or "&" in text:
            _add(edits, ((m, _bare(m[0])) for m in _ENTITY_OR_TAG.finditer(text)))
        for edit in self.shift.edits(text):
            if all(edit.end <= other.start or edit.start >= other.end for other in edits):
                edits.append(edit)
        _add(edits, ((m, m[0]) for m in self.public(text)))
        return sorted(edits)

    def public(self, text: str) -> Iterator[re.Match[str]]:
        """Where the site's name and names of news agencies stand in a text."""
        if self._names is not None:
            yield from self._names.finditer(text)
        for token in TOKEN.finditer(text):
            if token[0].casefold() in _AGENCY_BEGINNINGS and (match := _AGENCY.match(text, token.start())):
                yield match

    def _is_label(self, text: str, tokens: Sequence[tuple[int, int]]) -> bool:
        """Whether a text is a label of the page that says nothing of the article."""
        if len(tokens) > MAX_LABEL_WORDS or " ".join(text.split()).casefold() in self.private:
            return False
        words = [text[a:b].casefold() for a, b in tokens]
        return all(word in self._labels and word not in self._forced for word in words)

    def _needed(self, text: str, fixed: list[Edit], tokens: Sequence[tuple[int, int]]) -> frozenset[int]:
        """The numbers of the tokens that must stay for the text to be judged as before."""
        if len(text) > MAX_JUDGED_CHARS:
            return frozenset()
        named = len(text) <= MAX_BYLINE_CHARS and any(name in text.casefold() for name in self.people)
        named = named or (self.lines and len(tokens) <= MAX_BYLINE_WORDS)
        wanted = self.signature(text, named)

        def same(stays: frozenset[int]) -> bool:
            return self.signature(apply_edits(text, self._with(fixed, text, tokens, stays)), named) == wanted

        if same(frozenset()):
            return frozenset()
        stays = frozenset(n for n, (a, b) in enumerate(tokens) if text[a:b].casefold() not in self._forced)
        if not same(stays):
            return frozenset()
        return _fewest(stays, same)

    def signature(self, text: str, named: bool = False) -> tuple[Any, ...]:
        """What is made of a text, places included; equal for texts that are treated alike.

        A text that is `named` after an author is read as a byline, too.
        """
        line = clean_text(" ".join(text.split()))
        if not line:
            return ()
        hits = self.rules.match(line)
        numbers = dict.fromkeys(number for number, _ in hits)
        spans = tuple(_spans(p, line) for number in numbers for p in self.rules.strips[number].patterns)
        refused = self.rules.refusal([line], None)
        described = tuple(_spans(pattern, line) for pattern in self._described)
        marks = self.recognise(line) if self.recognise else None
        return (
            tuple(hits),
            spans,
            refused,
            marks,
            described,
            _by_phrases(line),
            _as_byline(line) if named else (),
        )

    def _with(
        self, fixed: list[Edit], text: str, tokens: Sequence[tuple[int, int]], stays: frozenset[int]
    ) -> list[Edit]:
        """The fixed edits with those of the words; runs of little words are broken up."""
        little = [n for n, (a, b) in enumerate(tokens) if n not in stays and self._is_little(text[a:b])]
        free = frozenset(little) - _broken(text, tokens, little)
        edits = [
            Edit(a, b, self.substitutes.token(text[a:b]))
            for n, (a, b) in enumerate(tokens)
            if n not in stays and n not in free
        ]
        return sorted([*fixed, *edits])

    def _is_little(self, token: str) -> bool:
        if token.isdigit():
            return self.substitutes.token(token) == token
        return self.substitutes.stays(token) and token.casefold() not in self._forced

    def _remember(self, text: str, tokens: Sequence[tuple[int, int]], stays: frozenset[int]) -> None:
        words = [text[a:b].casefold() for a, b in tokens]
        run: list[str] = []
        for number, word in enumerate(words):
            if number in stays or self.substitutes.stays(word):
                run.append(word)
                continue
            if len(run) >= RUN_WORDS:
                self.kept.add(tuple(run))
            run = []
        if len(run) >= RUN_WORDS:
            self.kept.add(tuple(run))


def _add(edits: list[Edit], found: Iterable[tuple[re.Match[str], str]]) -> None:
    for match, text in found:
        if all(match.end() <= other.start or match.start() >= other.end for other in edits):
            edits.append(Edit(match.start(), match.end(), text))


def _bare(markup: str) -> str:
    """A tag without its attributes; an entity as it is."""
    if markup.startswith("&"):
        return markup
    name = re.match(r"</?[a-zA-Z][a-zA-Z0-9]{0,20}", markup)
    return f"{name[0]}>" if name else ""


def _tokens_outside(text: str, fixed: Sequence[Edit]) -> list[tuple[int, int]]:
    """Start and end of every word and number that no edit holds."""
    tokens, place = [], 0
    for match in TOKEN.finditer(text):
        while place < len(fixed) and fixed[place].end <= match.start():
            place += 1
        if place == len(fixed) or match.end() <= fixed[place].start:
            tokens.append(match.span())
    return tokens


def _fewest(stays: frozenset[int], same: Callable[[frozenset[int]], bool]) -> frozenset[int]:
    """A smallest set of tokens that must stay: ever smaller pieces are replaced where nothing changes by it."""
    size, trials = max(1, len(stays) // 2), 0
    while True:
        left = sorted(stays)
        for start in range(0, len(left), size):
            fewer = stays - set(left[start : start + size])
            trials += 1
            if trials > MAX_TRIALS:
                return frozenset()
            if same(fewer):
                stays = fewer
        if size == 1:
            return stays
        size = max(1, size // 2)


def _broken(text: str, tokens: Sequence[tuple[int, int]], little: Sequence[int]) -> frozenset[int]:
    """The little words that must go because too many of them stand in a row."""
    broken: set[int] = set()
    run: list[int] = []
    for number in (*little, -2):
        if run and number != run[-1] + 1:
            spelled = [n for n in run if not text[tokens[n][0]].isdigit()]
            if len(spelled) >= RUN_WORDS and sum(tokens[n][1] - tokens[n][0] for n in spelled) >= RUN_LETTERS:
                broken.update(spelled[RUN_WORDS - 1 :: RUN_WORDS])
            run = []
        run.append(number)
    return frozenset(broken)


def _spans(pattern: Any, line: str) -> tuple[Any, ...]:
    """Where a pattern and its groups match, counted in words: an address may change its length."""
    groups = range(pattern.groups + 1)
    found = (m.span(group) for m in pattern.finditer(line) for group in groups)
    return tuple(
        (line.count(" ", 0, a), line.count(" ", 0, b), b == len(line)) if a >= 0 else None for a, b in found
    )


def _by_phrases(line: str) -> tuple[Any, ...]:
    """What the generic extractor, the access and the date readers make of a short text."""
    if len(line) > MAX_PHRASE_CHARS:
        return ()
    found: tuple[Any, ...] = (
        phrases.kind_of_start(line, long=False),
        phrases.kind_of_start(line, long=True),
        phrases.is_credit(line),
        phrases.opens_tail(line),
        phrases.names_contributors(line),
    )
    if len(line) <= MAX_GATE_CHARS:
        found += (bool(GATE.search(line)), bool(CONTINUE.fullmatch(line)))
    if len(line) <= MAX_DATE_CHARS and any(map(str.isdigit, line)):
        found += (phrases.is_date(line), bool(PUBLISHED.search(line)), bool(CHANGED.search(line)))
    return found


def _as_byline(line: str) -> tuple[Any, ...]:
    """The lengths of the names a byline gives, and the number of groups."""
    found = read_byline(line)
    return tuple(tuple(map(len, name.split())) for name in found.persons), len(found.groups)


def _one_of(names: Iterable[str]) -> re.Pattern[str] | None:
    known = sorted({name for name in names if name.strip()}, key=lambda name: (-len(name), name))
    if not known:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known))


@lru_cache(maxsize=256)
def _label_words(rules: SiteRules) -> frozenset[str]:
    """The words that the rules' patterns spell out: the language of buttons and boxes."""
    patterns = (p for strip in rules.strips for p in as_list(strip.rule.line) + as_list(strip.rule.part))
    return frozenset(
        word.casefold() for pattern in patterns for word in _LITERAL.findall(_LITERAL_NOISE.sub(" ", pattern))
    )
