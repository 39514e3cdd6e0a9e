"""A draft as YAML with its evidence in comments. What the strict loader refuses never leaves here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.draft.about import About
from ingest.draft.drops import DropFinding
from ingest.draft.fields import FieldFinding
from ingest.draft.head_lines import HeadFinding
from ingest.draft.lines import LineFinding, exact
from ingest.draft.selectors import word_of
from ingest.rules.loader import load_file
from ingest.rules.match import check_css, check_pattern
from ingest.rules.model import SiteFile

MAX_EXAMPLE = 60
MAX_LOSS = 0.005
"""How much less than the generic extractor a layout's body may agree with what is wanted: a line of a long article."""

BARE = frozenset(("article", "main", "header", '[role="main"]', '[role="article"]'))


class LayoutFinding(NamedTuple):
    """A layout, the pages it is for, and the mean agreement of its body and of the generic extractor with what is
    wanted."""

    id: str
    css: str
    pages: int
    agreement: float
    generic: float
    fields: Sequence[FieldFinding]
    drops: Sequence[DropFinding]

    @property
    def holds_body(self) -> bool:
        """Whether its body is proposed: not where the generic extractor finds the article better, nor a bare tag, which
        names nothing of the site, where it finds the article as well."""
        return self.agreement > self.generic - (0 if BARE.issuperset(self.css.split()) else MAX_LOSS)


class Findings(NamedTuple):
    """All that is proposed for a site, from so many HTML and text pages."""

    site: str
    html_pages: int
    text_pages: int
    about: About
    packs: Sequence[str]
    fired: Sequence[str]
    layouts: Sequence[LayoutFinding]
    lines: Sequence[LineFinding]
    head: Sequence[HeadFinding]

    @property
    def pages(self) -> int:
        return self.html_pages + self.text_pages


def write_draft(found: Findings) -> tuple[str, SiteFile]:
    """The rule file's text, and what the loader makes of it."""
    text = "\n".join(_lines(found)) + "\n"
    loaded = load_file(f"{found.site}.yaml", text, SiteFile)
    if loaded.value is None:
        raise AssertionError(
            "\n".join(map(str, loaded.mistakes))
        )  # a draft that does not load is our mistake
    return text, loaded.value


def _lines(found: Findings) -> Iterable[str]:
    yield f"# Drafted from {_pages(found)}. Read every rule, and try it on pages that were not among these."
    if found.pages == 1:
        yield "# One page tells what it looks like, not what comes again: no wording rules, no certainty."
    yield f"site: {found.site}"
    if found.about.name:
        yield f"name: {quote(found.about.name)}"
    yield f"hosts: [{found.site}]"
    if found.about.language:
        yield f"language: {found.about.language}"
    if found.about.timezone:
        yield f"timezone: {found.about.timezone} # has the offsets of the pages' own dates"
    else:
        yield "# timezone: Europe/London # the pages do not tell; without it, dates without a zone count as UTC"
    yield from _use(found)
    for mark in found.about.marks:
        yield ""
        yield "recognise: # on every page; the pages carry no address"
        yield f"  - text: {quote(exact(mark))}"
    if found.layouts:
        yield ""
        yield "layouts:"
        for layout in found.layouts:
            yield from _layout(layout)
    elif found.html_pages:
        yield "# No selector finds the article better than the generic extractor: it reads these pages."
    if strips := [line for line in found.lines if _is_valid(line)]:
        yield ""
        yield "strip:"
        yield from _strips(strips, found)
    if head := [line for line in found.head if check_pattern(line.pattern) is None]:
        yield ""
        yield "describe: # text pages"
        for line in head:
            yield f"  # on {line.pages} of {found.text_pages} pages: {example(line.example)}"
            yield f"  {line.field}: {{line: {quote(line.pattern)}}}"


def _pages(found: Findings) -> str:
    parts = [(found.html_pages, "HTML"), (found.text_pages, "text")]
    return " and ".join(f"{count} {name} page{'s' if count > 1 else ''}" for count, name in parts if count)


def _use(found: Findings) -> Iterable[str]:
    if found.packs:
        fired = ", ".join(found.fired) or "none of them"
        yield f"# Packs that took something from these pages: {fired}."
        yield f"use: [{', '.join(found.packs)}]"


def _layout(layout: LayoutFinding) -> Iterable[str]:
    yield f"  - id: {layout.id} # {layout.pages} page{'s' * (layout.pages > 1)}, agreement {layout.agreement:.3f}"
    yield f"    when: {quote(layout.css)}"
    if layout.holds_body:
        yield f"    body: {quote(layout.css)}"
    else:
        yield f"    # no body: the generic extractor agrees as well or better, {layout.generic:.3f}"
    for field in layout.fields:
        css = quote(field.css)
        place = f"{{css: {css}, attr: {field.attr}}}" if field.attr else css
        if check_css(field.css) is None:
            yield f"    {field.field}: {place} # agrees on {field.agreeing} of {field.stating} pages that say it"
    drops = [drop for drop in layout.drops if layout.holds_body and check_css(drop.css) is None]
    if drops:
        yield "    drop:"
    for drop in drops:
        name = _unique(
            f"{layout.id}-{word_of(drop.css)}" if layout.id != "page" else word_of(drop.css), drops, drop
        )
        yield f"      # on {drop.pages} of {layout.pages} pages: {example(drop.example)}"
        yield f"      - {{id: {name}, kind: {drop.kind}, css: {quote(drop.css)}}}"


def _unique(name: str, drops: Sequence[DropFinding], drop: DropFinding) -> str:
    before = [other for other in drops[: list(drops).index(drop)] if word_of(other.css) == word_of(drop.css)]
    return f"{name}-{len(before) + 1}" if before else name


def _strips(lines: Sequence[LineFinding], found: Findings) -> Iterable[str]:
    taken = {
        _unique(word if layout.id == "page" else f"{layout.id}-{word}", layout.drops, drop)
        for layout in found.layouts
        for drop in layout.drops
        for word in [word_of(drop.css)]
    }
    for line in lines:
        name = base = _name(line)
        count = 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        yield f"  # on {line.pages} of {found.pages} pages: {example(line.example)}"
        yield f"  # might wrongly take: {line.doubt}"
        yield f"  - id: {name}"
        yield f"    kind: {line.kind}"
        key = "from" if line.through else "line"
        if len(line.patterns) == 1:
            yield f"    {key}: {quote(line.patterns[0])}"
        else:
            yield f"    {key}:"
            yield from (f"      - {quote(pattern)}" for pattern in line.patterns)
        if line.through:
            yield f"    through: {quote(line.through)}"
            yield f"    at_most: {line.at_most}"


def _name(line: LineFinding) -> str:
    what = {"nav": "menu", "furniture": "lines"}.get(line.kind, line.kind)
    return f"{what}-range" if line.through else f"{what}-lines" if len(line.patterns) > 1 else f"{what}-line"


def _is_valid(line: LineFinding) -> bool:
    return all(check_pattern(p) is None for p in (*line.patterns, *([line.through] if line.through else [])))


def quote(text: str) -> str:
    """A YAML scalar in single quotes. The text is printable and on one line."""
    return "'" + text.replace("'", "''") + "'"


def example(text: str) -> str:
    """At most MAX_EXAMPLE characters of a page's wording, fit for a comment."""
    tidy = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return tidy if len(tidy) <= MAX_EXAMPLE else tidy[: MAX_EXAMPLE - 1] + "…"
