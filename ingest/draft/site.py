"""All the evidence of a site's pages together: its draft."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from ingest.draft.about import find_about
from ingest.draft.containers import (
    Container,
    agree,
    find_containers,
    kept_by_generic,
    kept_with,
    wanted_of,
)
from ingest.draft.drops import find_drops
from ingest.draft.evidence import Page, host_of_page, read_page
from ingest.draft.fields import find_fields
from ingest.draft.head_lines import find_head_lines
from ingest.draft.lines import LineFinding, find_lines, text_of
from ingest.draft.write import Findings, LayoutFinding, write_draft
from ingest.pipeline import Refused, read_article
from ingest.records import RawPage
from ingest.rules import Rulebook
from ingest.rules.model import SiteFile
from ingest.words import letters

MAX_PAGES = 60
"""More pages of a site than this are not looked at: evidence does not grow any more, time does."""

SAME_SHARE = 0.5
"""Pages that share so much of their wanted text are the same article, and count once."""


class Draft(NamedTuple):
    """A proposed rule file: its text, what the loader makes of it, and the pages it was drafted from."""

    site: str
    text: str
    rules: SiteFile
    pages: tuple[Page, ...]
    skipped: int


def group_by_site(raws: Iterable[RawPage]) -> dict[str | None, list[RawPage]]:
    """The pages by the host of their address; under `None` those that state none."""
    groups: dict[str | None, list[RawPage]] = defaultdict(list)
    for raw in raws:
        groups[host_of_page(raw)].append(raw)
    return dict(sorted(groups.items(), key=lambda item: item[0] or ""))


def draft_site(site: str, raws: Sequence[RawPage], rulebook: Rulebook) -> Draft | None:
    """The rule file that these pages of a site propose; `None` when none of them is an article.

    Of the rulebook only the packs are used: a draft does not build on rules that are there already.
    """
    packs = Rulebook({}, rulebook.packs, rulebook.files)
    read = [page for raw in _spread(raws) if (page := read_page(raw, packs))]
    return draft_pages(site, read, packs, skipped=len(raws) - len(read)) if read else None


def draft_pages(site: str, read: Sequence[Page], packs: Rulebook, skipped: int = 0) -> Draft:
    """The rule file that a site's pages propose, of which so many more were no articles."""
    pages = _different(read)
    html_pages = [page for page in pages if page.is_html]
    text_pages = [page for page in pages if not page.is_html]
    found = Findings(
        site=site,
        html_pages=len(html_pages),
        text_pages=len(text_pages),
        about=find_about(pages),
        packs=list(packs.packs),
        fired=_fired(pages, packs),
        layouts=_layouts(html_pages),
        lines=[],
        head=find_head_lines(text_pages),
    )
    _, rules = write_draft(found)
    found = found._replace(lines=_lines(pages, rules, packs, found.about.language))
    text, rules = write_draft(found)
    return Draft(site, text, rules, tuple(pages), skipped + len(read) - len(pages))


def with_rules(packs: Rulebook, rules: SiteFile) -> Rulebook:
    """The packs with one site's rules."""
    return Rulebook({rules.site: rules}, packs.packs, packs.files)


def on_site(raw: RawPage, site: str) -> RawPage:
    """The page with an address of the site if it has none, so that the site's rules hold for it."""
    return raw if raw.url else msgspec.structs.replace(raw, url=f"https://{site}/")


def _spread(raws: Sequence[RawPage]) -> list[RawPage]:
    """At most MAX_PAGES of the pages, evenly over their order."""
    count = min(len(raws), MAX_PAGES)
    return [raws[n * len(raws) // count] for n in range(count)]


def _different(pages: Sequence[Page]) -> list[Page]:
    """The pages without those that carry an article seen before."""
    kept: list[tuple[set[str], Page]] = []
    for page in pages:
        keys = {piece.key for piece in page.pieces if piece.wanted and piece.words >= 10}
        whole = sum(map(len, keys))
        if not any(sum(map(len, keys & seen)) > SAME_SHARE * whole for seen, _ in kept if whole):
            kept.append((keys, page))
    return [page for _, page in kept]


def _fired(pages: Sequence[Page], packs: Rulebook) -> list[str]:
    owners = {label.rule.split("/")[0] for page in pages for label in page.generic.labels if label}
    owners |= {cut.rule.split("/")[0] for page in pages for cuts in page.generic.cuts for cut in cuts}
    return sorted(owners & packs.packs.keys())


def _layouts(pages: Sequence[Page]) -> list[LayoutFinding]:
    containers = find_containers(pages)
    layouts = []
    for name, container in zip(_names(containers, pages), containers, strict=True):
        own = [pages[n] for n in container.pages]
        drops = find_drops([(n, pages[n]) for n in container.pages], container.css)
        compiled = [drop.compiled for drop in drops]
        kept = [kept_with(page, container.css, compiled) for page in own]
        agreement, generic = _agreement(kept, own), _agreement(map(kept_by_generic, own), own)
        found = LayoutFinding(name, container.css, len(own), agreement, generic, find_fields(own), drops)
        if found.holds_body or found.fields:
            layouts.append(found)
    return layouts


def _agreement(kept: Iterable[Counter[str]], pages: Sequence[Page]) -> float:
    """The mean agreement of what is kept of pages with what their articles want, 0 to 1.

    A deck that is wanted does not count: without a name it looks like the article's first paragraph.
    """
    total = 0.0
    for own, page in zip(kept, pages, strict=True):
        wanted = wanted_of(page)
        deck = letters(page.generic.facts.deck or "")
        if deck in wanted:
            own, wanted = (
                Counter({key: size for key, size in counted.items() if key != deck})
                for counted in (own, wanted)
            )
        total += agree(own, wanted)
    return total / len(pages)


def _names(containers: Sequence[Container], pages: Sequence[Page]) -> list[str]:
    """`page` for a site's only layout; of several, the year of the oldest page of each, where they differ."""
    if len(containers) < 2:
        return ["page"] * len(containers)
    years = []
    for container in containers:
        days = [day for n in container.pages if (day := pages[n].generic.facts.published)]
        years.append(str(min(days).year) if days else "")
    distinct = all(years) and len(set(years)) == len(years)
    return years if distinct else [f"page-{number}" for number in range(1, len(containers) + 1)]


def _lines(
    pages: Sequence[Page], rules: SiteFile, packs: Rulebook, language: str | None
) -> list[LineFinding]:
    """The strip rules for what the layouts and packs leave, in HTML and text pages alike."""
    rulebook = with_rules(packs, rules)
    texts = []
    for page in pages:
        article = read_article(on_site(page.raw, rules.site), rulebook) if page.is_html else page.generic
        if isinstance(article, Refused):
            continue
        sure = (piece.key for piece in page.pieces if piece.wanted) if page.certain else ()
        texts.append(text_of(article, sure))
    return find_lines(texts, packs.rules_for(None), language)
