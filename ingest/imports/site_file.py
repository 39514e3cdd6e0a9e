"""The site-config files of one site as one rule file: a layout each, with body, fields and what to drop.

    files of a folder -> by site -> directives -> places and drops -> YAML, and a finding a line

The YAML is what a person would write: notes and test pages on top as comments, what could not be said at the end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, NamedTuple

from ingest.imports.kinds import guess_kind, make_id, unique_id
from ingest.imports.selectors import UnconvertibleError, css_string, id_test, token_test
from ingest.imports.site_config import (
    EXPRESSIONS,
    KEPT,
    NOT_APPLICABLE,
    NOT_NEEDED,
    Directive,
    Finding,
    Outcome,
    SiteConfig,
    parse_site_config,
)
from ingest.imports.xpath import Place, convert
from ingest.records import Kind

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_FIELDS: Final = {"title": "title", "author": "authors", "date": "published"}
ANY_PAGE: Final = "body"
"""The selector of a layout for every page, where the source names no body."""


class Source(NamedTuple):
    """A site-config file: its name in findings, its text, the site's host, and whether it is for subdomains only."""

    file: str
    text: str
    host: str
    wildcard: bool


class SiteImport(NamedTuple):
    """A site's rule file as YAML, `None` when nothing of it converts, and what became of each line.

    `expressions` and `converted` count the XPath expressions of the source and those of them that became selectors.
    """

    site: str
    text: str | None
    findings: tuple[Finding, ...]
    expressions: int
    converted: int


@dataclass
class _Drop:
    rule: str
    kind: Kind
    css: str


@dataclass
class _Layout:
    rule: str
    origin: str
    body: list[str] = field(default_factory=list)
    fields: dict[str, list[Place]] = field(default_factory=dict)
    drops: list[_Drop] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.fields or self.drops)


def host_of_file(name: str) -> tuple[str, bool] | None:
    """The host a file is named after, without `www.`, and whether it is for subdomains only; else `None`."""
    stem = PurePath(name).name.removesuffix(".txt").lower()
    wildcard = stem.startswith(".")
    host = stem.removeprefix(".").removeprefix("www.")
    return (host, wildcard) if _HOST.fullmatch(host) and len(host) <= 253 else None


def import_sites(sources: Iterable[Source], packs: Sequence[str] = ()) -> Iterator[SiteImport]:
    """A rule file for each host of the sources, by host; each uses the packs named."""
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        by_host.setdefault(source.host, []).append(source)
    for host in sorted(by_host):
        yield _import_site(host, sorted(by_host[host], key=lambda s: (s.wildcard, s.file)), packs)


def _import_site(host: str, sources: Sequence[Source], packs: Sequence[str]) -> SiteImport:
    findings: list[Finding] = []
    layouts: list[_Layout] = []
    taken: set[str] = set()
    counts: Counter[bool] = Counter()
    for number, source in enumerate(sources, 1):
        layout = _Layout("imported" if number == 1 else f"imported-{number}", PurePath(source.file).name)
        config = parse_site_config(source.file, source.text)
        findings += config.findings
        layout.lost += [_as_comment(finding) for finding in config.findings]
        layout.comments += config.comments
        for finding in _Reader(config, layout, taken).read():
            findings.append(finding)
            if finding.name in EXPRESSIONS and finding.outcome in ("converted", "not convertible"):
                counts[finding.outcome == "converted"] += 1
        if source.wildcard:
            message = f"written for hosts below {host} only; these rules hold for {host} itself as well"
            findings.append(Finding(source.file, 1, "converted", "the file's name", layout.origin, message))
        layouts.append(layout)
    empty = all(layout.is_empty for layout in layouts)
    text = None if empty else _write(host, layouts, packs)
    return SiteImport(host, text, tuple(findings), counts.total(), counts[True])


class _Reader:
    """Puts a file's directives into a layout and says what became of each."""

    def __init__(self, config: SiteConfig, layout: _Layout, taken: set[str]) -> None:
        self.config = config
        self.layout = layout
        self.taken = taken

    def read(self) -> Iterator[Finding]:
        for directive in self.config.directives:
            outcome, messages = self.take(directive)
            name = f"{directive.name}({directive.argument})" if directive.argument else directive.name
            finding = Finding(
                self.config.file,
                directive.line,
                outcome,
                directive.name,
                directive.value,
                "; ".join(messages),
            )
            if outcome in ("not convertible", "not applicable"):
                self.layout.lost.append(_as_comment(finding._replace(name=name)))
            yield finding

    def take(self, directive: Directive) -> tuple[Outcome, Sequence[str]]:
        name, value = directive.name, directive.value
        if name in KEPT:
            self.layout.kept.append(f"{name}: {value}")
            return "kept as comment", ()
        if name in NOT_NEEDED:
            return "not needed", (NOT_NEEDED[name],)
        if name in NOT_APPLICABLE:
            return "not applicable", (NOT_APPLICABLE[name],)
        if name == "strip_id_or_class":
            return self.drop_named(value)
        try:
            places, remarks = convert(value)
            if name == "strip":
                return self.drop(places, remarks)
            if name == "body":
                self.layout.body.append(", ".join(_elements(places, "an attribute is no body")))
                return "converted", remarks
            return self.describe(_FIELDS[name], places, remarks)
        except UnconvertibleError as error:
            return "not convertible", (str(error),)

    def drop(self, places: Sequence[Place], remarks: Sequence[str]) -> tuple[Outcome, Sequence[str]]:
        if all(place.attr for place in places):
            return "not needed", (NOT_NEEDED["strip_attr"],)
        for css in _elements(places, "an attribute is not text"):
            self.add_drop(css)
        return "converted", remarks

    def drop_named(self, value: str) -> tuple[Outcome, Sequence[str]]:
        """Elements with a class or id of that name; a name that ends open, such as `ad-`, is a beginning."""
        remarks = []
        name = value.strip("\"' ")
        if name[:1] in (".", "#"):
            remarks.append("names are written without `.` and `#`; read so")
            name = name.lstrip(".#")
        if not name or '"' in name:
            return "not convertible", ("it is no name of a class or id",)
        if name.endswith(("-", "_")):
            remarks.append("it ends open, so it stands for all classes and ids that begin so")
            begin, later = css_string(name), css_string(f" {name}")
            self.add_drop(f"[class^={begin}], [class*={later}], [id^={begin}]")
        elif " " in name:
            self.add_drop("".join(token_test("class", word) for word in name.split()))
        else:
            self.add_drop(f"{token_test('class', name)}, {id_test(name)}")
        return "converted", remarks

    def add_drop(self, css: str) -> None:
        if any(drop.css == css for drop in self.layout.drops):
            return
        rule = unique_id(make_id(css), self.taken.__contains__)
        self.taken.add(rule)
        self.layout.drops.append(_Drop(rule, guess_kind(css), css))

    def describe(
        self, key: str, places: Sequence[Place], remarks: Sequence[str]
    ) -> tuple[Outcome, Sequence[str]]:
        if any(place.cut for place in places):
            if key == "title":
                raise UnconvertibleError("it cuts a piece out of a text; a selector takes it whole")
            remarks = (*remarks, "it is looked for in the whole text, not in the piece cut out of it")
        if key == "authors":  # of the other fields the first value is taken anyway
            places = [place._replace(css=place.first or place.css) for place in places]
        self.layout.fields.setdefault(key, []).extend(places)
        return "converted", remarks


def _elements(places: Iterable[Place], no_attribute: str) -> list[str]:
    """The places' selectors, where elements as a whole are asked for."""
    found = []
    for place in places:
        if place.attr:
            raise UnconvertibleError(no_attribute)
        if place.text:
            raise UnconvertibleError("the text of an element without the element")
        found.append(place.first or place.css)
    return found


# -- YAML ----------------------------------------------------------------------------------------------------


def _write(site: str, layouts: Sequence[_Layout], packs: Sequence[str]) -> str:
    """The rule file. Files without a body say what to drop on every page, so their drops go to the site's."""
    bodied = [layout for layout in layouts if layout.body]
    bodiless = [layout for layout in layouts if not layout.body]
    lines = list(_head(layouts))
    lines += [f"site: {site}", f"hosts: [{site}]"]
    if packs:
        lines.append(f"use: [{', '.join(packs)}]")
    described = [layout for layout in (*bodied, *bodiless) if layout.body or layout.fields]
    if described:
        lines += ["", "layouts:"]
        for layout in described:
            lines += _layout_lines(layout)
    if drops := [drop for layout in bodiless for drop in layout.drops]:
        lines += ["", "drop:", *_drop_lines(drops, "  ")]
    if lost := [line for layout in layouts for line in layout.lost]:
        lines += ["", "# Not taken over:", *(f"#   {line}" for line in lost)]
    return "\n".join(lines) + "\n"


def _head(layouts: Sequence[_Layout]) -> Iterator[str]:
    names = ", ".join(layout.origin for layout in layouts)
    yield f"# Made from {names} by `ingest rules import site-config`."
    for title, attribute in (("Notes there", "comments"), ("Pages to try", "kept")):
        found = [line for layout in layouts for line in getattr(layout, attribute) if line]
        if found:
            yield f"# {title}:"
            yield from (f"#   {line}" for line in found)


def _layout_lines(layout: _Layout) -> Iterator[str]:
    yield f"  - id: {layout.rule}"
    yield f"    when: {_quoted(', '.join(layout.body) or ANY_PAGE)}"
    if layout.body:
        yield from _list_lines("body", [_quoted(css) for css in layout.body])
    for key in ("title", "authors", "published"):
        if places := list(dict.fromkeys((p.css, p.attr) for p in layout.fields.get(key, ()))):
            yield from _list_lines(key, [_pick(css, attr) for css, attr in places])
    if layout.body and layout.drops:
        yield "    drop:"
        yield from _drop_lines(layout.drops, "      ")


def _list_lines(key: str, items: Sequence[str]) -> Iterator[str]:
    if len(items) == 1:
        yield f"    {key}: {items[0]}"
        return
    yield f"    {key}:"
    yield from (f"      - {item}" for item in items)


def _pick(css: str, attr: str | None) -> str:
    return f"{{css: {_quoted(css)}, attr: {_quoted(attr)}}}" if attr else _quoted(css)


def _drop_lines(drops: Iterable[_Drop], indent: str) -> Iterator[str]:
    for drop in drops:
        yield f"{indent}- {{id: {_plain(drop.rule)}, kind: {drop.kind}, css: {_quoted(drop.css)}}}"


def _plain(rule: str) -> str:
    """An id, quoted where YAML would take it for something else than a text."""
    return (
        rule
        if re.fullmatch(r"[a-z][a-z0-9-]*", rule) and rule not in ("null", "true", "false")
        else _quoted(rule)
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _as_comment(finding: Finding) -> str:
    return f"line {finding.line}: {finding.name}: {finding.value} ({finding.message})"
