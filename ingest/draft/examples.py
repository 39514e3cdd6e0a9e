"""Which of a site's pages show what its draft does: those to make samples of."""

from __future__ import annotations

from ingest.draft.site import Draft, on_site, with_rules
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import Rulebook


def choose_examples(draft: Draft, rulebook: Rulebook, count: int) -> list[RawPage]:
    """At most `count` of the draft's pages: each time the one with most layouts and rules not seen before."""
    drafted = with_rules(rulebook, draft.rules)
    raws = [on_site(page.raw, draft.site) for page in draft.pages] if count else []
    left = [(raw, _shown(result)) for raw in raws if isinstance(result := clean_page(raw, drafted), Record)]
    chosen: list[RawPage] = []
    seen: set[str] = set()
    while left and len(chosen) < count:
        best = max(left, key=lambda example: len(example[1] - seen))
        left.remove(best)
        chosen.append(best[0])
        seen |= best[1]
    return chosen


def _shown(record: Record) -> set[str]:
    own = f"{record.site}/"
    return {f"layout {record.layout}", *(r.rule for r in record.removals if r.rule.startswith(own))}
