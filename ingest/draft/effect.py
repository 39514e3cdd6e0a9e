"""What a draft does to the pages it was made from, beside the generic extractor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ingest.draft.site import Draft, on_site, with_rules
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import Rulebook

_WORD = re.compile(r"\w+")
SIZE = 4


class RuleEffect(NamedTuple):
    """What one rule takes: on how many pages, how many texts, words, and the first text of all."""

    rule: str
    kind: str
    pages: int
    texts: int
    words: int
    example: str


class Effect(NamedTuple):
    """Words kept and removed over all pages without and with the draft, and what each of its rules takes.

    `without_f1` and `with_f1` are mean scores against the truth over `judged` pages; `guarded` names the rules
    that were stopped because they would have cost an article.
    """

    pages: int
    kept_without: int
    kept_with: int
    removed_without: int
    removed_with: int
    rules: tuple[RuleEffect, ...]
    guarded: tuple[str, ...]
    judged: int
    without_f1: float
    with_f1: float


def measure_effect(draft: Draft, rulebook: Rulebook, truth: Mapping[str, str] | None = None) -> Effect:
    """The effect of a draft. `truth` maps a page's source to its true body."""
    packs = Rulebook({}, rulebook.packs, rulebook.files)
    drafted = with_rules(packs, draft.rules)
    without = [clean_page(page.raw, packs) for page in draft.pages]
    after = [clean_page(on_site(page.raw, draft.site), drafted) for page in draft.pages]
    scores = [
        (score_body(truth[page.raw.source], _body(before)), score_body(truth[page.raw.source], _body(now)))
        for page, before, now in zip(draft.pages, without, after, strict=True)
        if truth and page.raw.source in truth
    ]
    return Effect(
        pages=len(draft.pages),
        kept_without=sum(r.words_kept for r in without if isinstance(r, Record)),
        kept_with=sum(r.words_kept for r in after if isinstance(r, Record)),
        removed_without=sum(r.words_removed for r in without if isinstance(r, Record)),
        removed_with=sum(r.words_removed for r in after if isinstance(r, Record)),
        rules=_by_rule(draft.site, [r for r in after if isinstance(r, Record)]),
        guarded=tuple(
            sorted({flag for r in after if isinstance(r, Record) for flag in r.flags if "guarded:" in flag})
        ),
        judged=len(scores),
        without_f1=sum(score for score, _ in scores) / len(scores) if scores else 0.0,
        with_f1=sum(score for _, score in scores) / len(scores) if scores else 0.0,
    )


def _body(result: object) -> str:
    return result.body if isinstance(result, Record) else ""


def _by_rule(site: str, records: Sequence[Record]) -> tuple[RuleEffect, ...]:
    texts: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    pages: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for record in records:
        own = [removal for removal in record.removals if removal.rule.startswith(f"{site}/")]
        for removal in own:
            key = removal.rule, removal.kind
            texts[key] += 1
            words[key] += len(_WORD.findall(removal.text))
            examples.setdefault(key, removal.text)
        pages.update({(removal.rule, removal.kind) for removal in own})
    order = sorted(texts, key=lambda key: (-words[key], key))
    return tuple(RuleEffect(*key, pages[key], texts[key], words[key], examples[key]) for key in order)


def score_body(true: str, predicted: str) -> float:
    """The F1 over the runs of four words of two texts; 1 for two without a word.

    >>> score_body("one two three four five", "one two three four")
    0.6666666666666666
    """
    a, b = _shingles(true), _shingles(predicted)
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else 1.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if len(words) < SIZE:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[n:] for n in range(SIZE)), strict=False))


def read_truth(rows: Sequence[object], raws: Sequence[RawPage]) -> dict[str, str]:
    """The true bodies by source: a row's `id` is the page file's name up to its first suffix, or `url` its address."""
    by_name: dict[str, str] = {}
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("body"), str):
            for name in (row.get("id"), row.get("url")):
                if isinstance(name, str):
                    by_name[name] = row["body"]
    found = {}
    for raw in raws:
        stem = re.sub(r"(?:\.(?:html?|xhtml|txt))?(?:\.(?:gz|zst))?$", "", raw.source.rsplit("/", 1)[-1])
        body = by_name.get(stem) or by_name.get(raw.url or "")
        if body is not None:
            found[raw.source] = body
    return found
