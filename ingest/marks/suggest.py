"""Rules that would mend what was marked, as YAML to be read, tried and pasted into a rule file.

leftovers   a `strip` rule by wording for each, and the element it stood in where the page is still there: a `drop`
wrong       the rule that took it, and that rule again, narrower: it takes what it mostly took, not what was marked

Every suggestion passes the loader of rule files.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import yaml

from ingest.draft.kinds import told_kind
from ingest.draft.lines import exact
from ingest.draft.write import example, quote
from ingest.marks.evidence import Taken
from ingest.marks.journal import Mark
from ingest.marks.place import find_drop
from ingest.records import Kind
from ingest.rules import Rulebook, SiteRules
from ingest.rules.match import check_pattern, compile_pattern
from ingest.rules.model import Strip
from ingest.rules.rulebook import CompiledDrop, CompiledStrip
from ingest.strip import MIN_GUARDED_WORDS
from ingest.suspicion import suspect
from ingest.words import count_words

MAX_LINE_CHARS, BEGINNING_WORDS = 300, 8
"""A longer left-over text is told by its beginning, of so many words."""

MAX_PATTERNS = 8
"""Texts that a narrower rule still takes, the most frequent."""

ENOUGH = 0.5
"""A narrower rule is worth it when it still takes this share of what the wide one took."""

_DIGITS = re.compile(r"(?<!\\)[0-9]+")


class Leftover(NamedTuple):
    """A wording that is to go: the rule's id and kind, its pattern, and the marks that asked for it."""

    id: str
    kind: Kind
    pattern: str
    marks: list[Mark]


def find_leftovers(marks: Iterable[Mark], rulebook: Rulebook) -> dict[str | None, list[Leftover]]:
    """The wordings marked as left over, by site."""
    by_site: dict[str | None, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        pattern = pattern_of(mark.text)
        if mark.what == "leftover" and check_pattern(pattern) is None:
            by_site[mark.site][pattern].append(mark)
    packs = Rulebook({}, rulebook.packs, rulebook.files).rules_for(None)
    return {site: _with_ids(site, wordings, rulebook, packs) for site, wordings in by_site.items()}


def pattern_of(text: str) -> str:
    r"""The pattern for blocks with this wording: the whole text, or how it begins; any number stands for numbers.

    >>> pattern_of("Join 1200 others.")
    '^Join \\d+ others\\.$'
    """
    if len(text) > MAX_LINE_CHARS:
        text = " ".join(text.split()[:BEGINNING_WORDS])[:MAX_LINE_CHARS]
        return _DIGITS.sub(r"\\d+", exact(text).removesuffix("$"))
    return _DIGITS.sub(r"\\d+", exact(text))


def scalar(text: str) -> str:
    """The text as a YAML scalar on one line, in single quotes unless something in it has to be escaped."""
    return quote(text) if text.isprintable() else json.dumps(text)


def _with_ids(
    site: str | None, wordings: Mapping[str, list[Mark]], rulebook: Rulebook, packs: SiteRules
) -> list[Leftover]:
    used = set(_ids(rulebook, site))
    found = []
    for pattern, marks in sorted(wordings.items(), key=lambda item: (-len(item[1]), item[0])):
        text = marks[0].text
        kind = suspect(text) or told_kind(text, packs) or "furniture"
        name = _unused(f"{kind}-{_slug(text)}" if _slug(text) else f"{kind}-line", used)
        used.add(name)
        found.append(Leftover(name, kind, pattern, marks))
    return found


def _ids(rulebook: Rulebook, site: str | None) -> Iterator[str]:
    if site in rulebook.sites:
        rules = rulebook.rules_for(site)
        labels = [strip.label for strip in rules.strips]
        labels += [drop.label for layout in rules.layouts for drop in layout.drops]
        labels += [drop.label for drop in rules.shared_drops]
        yield from (label.rule.rpartition("/")[2] for label in labels)


def _slug(text: str) -> str:
    words = re.findall(r"[a-z]+", text.lower())
    return "-".join(words[:3])[:32].strip("-")


def _unused(name: str, used: set[str]) -> str:
    count = 1
    unique = name
    while unique in used:
        count += 1
        unique = f"{name}-{count}"
    return unique


# -- text of the suggestions -------------------------------------------------------------------------------------


def write_leftovers(site: str | None, leftovers: Sequence[Leftover], rulebook: Rulebook) -> Iterator[str]:
    """The lines of YAML that take these wordings out."""
    file = rulebook.files.get(site) if site else None
    if site is None:
        yield "# Pages of no known site: put this into a pack of your own, common/<pack>.yaml."
    elif file:
        yield f"# Add this to the rules of {site}, in a copy of {file}."
    else:
        yield f"# There are no rules for {site} yet; `ingest rules new {shlex.quote(site)}` makes a file for this."
    yield "strip:"
    for leftover in leftovers:
        pages = len({(mark.source, mark.source_digest) for mark in leftover.marks})
        text = leftover.marks[0].text
        yield f"  # marked on {pages} page{'s' * (pages > 1)}: {example(text)}"
        if not leftover.pattern.endswith("$"):
            yield "  # might wrongly take: a paragraph that begins with these words"
        yield f"  - id: {leftover.id}"
        yield f"    kind: {leftover.kind}"
        yield f"    line: {scalar(leftover.pattern)}"
    drops = [(leftover, css) for leftover in leftovers if (css := find_drop(leftover.marks[0]))]
    if drops:
        yield "# Or by the elements they stand in, instead of the rules above:"
        yield "# drop:"
        for leftover, css in drops:
            yield f"#   - {{id: {leftover.id}, kind: {leftover.kind}, css: {scalar(css)}}}"


def write_wrong(rule: str, marks: Sequence[Mark], taken: Taken, rulebook: Rulebook) -> Iterator[str]:
    """The lines that name a rule which was wrong, and say what would exempt the texts."""
    owner, _, name = rule.partition("/")
    yield f"# {rule} took {len(marks)} text{'s' * (len(marks) > 1)} that should have stayed:"
    yield from (f"#   {example(mark.text)}" for mark in marks[:5])
    words = max(count_words(mark.text) for mark in marks)
    if words < MIN_GUARDED_WORDS:
        yield f"# The guard lets every rule take fewer than {MIN_GUARDED_WORDS} words of prose; this was {words}."
    if owner in ("generic", "text"):
        yield from _write_heuristic(owner, marks)
        return
    found = _find_rule(rule, marks[0].site, rulebook)
    file = rulebook.files.get(owner) or rulebook.files.get(f"common/{owner}")
    yield (
        f"# It stands in {file}."
        if file
        else "# There is no such rule any more; pages cleaned now keep the text."
    )
    if isinstance(found, CompiledStrip):
        yield from _write_strip(found.rule, marks, taken)
    elif isinstance(found, CompiledDrop):
        yield "# It takes elements. Narrow its selector, so that it does not find the one with this text:"
        yield f"drop:\n  - {{id: {name}, kind: {found.label.kind}, css: {scalar(found.css)}}}"
    elif file:
        yield f"# It is a `describe` rule or a field: make the pattern of `{name}` more exact."


def _write_heuristic(owner: str, marks: Sequence[Mark]) -> Iterator[str]:
    site = next((mark.site for mark in marks if mark.site), None) or "SITE"
    if owner == "generic":
        yield "# It is a step of the generic extractor. A layout whose `body` holds the article goes before it; write"
        yield "# one, or have one proposed from saved pages of the site:"
        yield f"#   ingest rules draft FOLDER --site {shlex.quote(site)}"
    else:
        yield "# It is what place and shape told in a text page; rules of the site go before it. Say under `describe`"
        yield "# which line is the title, deck, byline or date, so that this one is not taken for it."


def _find_rule(rule: str, site: str | None, rulebook: Rulebook) -> CompiledStrip | CompiledDrop | None:
    owner = rule.partition("/")[0]
    rules = rulebook.rules_for(next((name for name in (owner, site) if name in rulebook.sites), None))
    everything: Iterable[Any] = (
        *rules.strips,
        *(drop for layout in rules.layouts for drop in layout.drops),
        *rules.shared_drops,
    )
    return next((one for one in everything if one.label.rule == rule), None)


def _write_strip(rule: Strip, marks: Sequence[Mark], taken: Taken) -> Iterator[str]:
    if rule.from_ is not None:
        yield from _write_range(rule, taken)
        return
    texts = [mark.text for mark in marks]
    rest = Counter({text: times for text, times in taken.texts.items() if text not in texts})
    if not rest:
        yield "# It took nothing else in this dataset: take it out, or make it more exact:"
        yield from _dump(rule)
        return
    patterns, share = _narrower(texts, rest)
    if share < ENOUGH:
        yield "# What it takes is too varied to be listed. Give it `where`, `previous` or `next`, or a longer pattern"
        yield f"# instead of {example(_matching(rule, texts[0]))}"
        yield from _dump(rule)
        return
    yield f"# This takes {share:.0%} of what it took, and none of the above; whole lines, so that nothing more goes:"
    yield from _dump(msgspec.structs.replace(rule, line=patterns, part=None))


def _matching(rule: Strip, text: str) -> str:
    """The rule's pattern that the text has."""
    given = rule.line or rule.part or ""
    patterns = [given] if isinstance(given, str) else given
    return next((pattern for pattern in patterns if compile_pattern(pattern).search(text)), patterns[0])


def _narrower(wrong: Sequence[str], rest: Counter[str]) -> tuple[list[str], float]:
    """Patterns for the texts that a rule takes most, none of which the wrong ones have, and their share of the rest."""
    counted: Counter[str] = Counter()
    for text, times in rest.items():
        pattern = pattern_of(text)
        if check_pattern(pattern) is None:
            counted[pattern] += times
    best = [
        (pattern, times)
        for pattern, times in counted.most_common(MAX_PATTERNS)
        if not any(compile_pattern(pattern).search(text) for text in wrong)
    ]
    return [pattern for pattern, _ in best], sum(times for _, times in best) / rest.total()


def _write_range(rule: Strip, taken: Taken) -> Iterator[str]:
    usual = taken.lengths.most_common(1)[0][0] if taken.lengths else rule.at_most
    yield f"# It is a range; it mostly takes {usual} block{'s' * (usual > 1)} of a page. A range whose end is not found"
    yield "# within `at_most` takes nothing; make its ends more exact, too:"
    yield from _dump(msgspec.structs.replace(rule, at_most=max(1, min(rule.at_most, usual + 2))))


def _dump(rule: Strip) -> Iterator[str]:
    """The rule as an entry of `strip`."""
    yield "strip:"
    keys = msgspec.to_builtins(rule)
    text = yaml.safe_dump([keys], allow_unicode=True, sort_keys=False, width=10_000)
    yield from (f"  {line}" for line in text.splitlines())
