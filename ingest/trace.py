"""Why a page came out as it did: the site and layout chosen and why others were not, what each selector found, each
block's verdict with its rule and pattern, each field's candidates and the winner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

import ingest.html as html
from ingest.article import Article
from ingest.decode import Decoded, Refusal, decode
from ingest.pipeline import Refused, read_article
from ingest.records import RawPage
from ingest.rules import Rulebook, SiteRules
from ingest.rules.rulebook import CompiledLayout, layout_holds
from ingest.settings import DEFAULT, Settings
from ingest.structured import Structured, plain, strings

MAX_SHOWN = 200
MAX_CANDIDATES = 20
FIELDS = ("title", "deck", "authors", "published", "modified", "section", "tags")

JSON_LD_KEYS = {
    "title": ("headline", "name"),
    "deck": ("description",),
    "authors": ("author", "creator"),
    "published": ("datePublished", "dateCreated"),
    "modified": ("dateModified",),
    "section": ("articleSection",),
    "tags": ("keywords",),
}
META_WORDS = {
    "title": ("title",),
    "deck": ("description",),
    "authors": ("author", "creator", "byl"),
    "published": ("publish", "pubdate", "issued", "created", "date"),
    "modified": ("modif", "updated"),
    "section": ("section", "category"),
    "tags": ("keywords", "tag"),
}
"""Parts of the names of meta tags and microdata that may speak of a field."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A layout, whether it was the one, and the reason."""

    layout: str
    chosen: bool
    why: str


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """What a selector of the chosen layout found."""

    use: str
    css: str
    nodes: int
    example: str | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A block of the scope. `rule` is null for a kept block; `cuts` are (rule, text) of the parts taken out."""

    place: int
    block: str
    text: str
    kind: str | None = None
    rule: str | None = None
    pattern: str | None = None
    cuts: tuple[tuple[str, str], ...] = ()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A value the page offers for a field, and where it stands."""

    origin: str
    name: str
    value: str


class FieldTrace(msgspec.Struct, frozen=True, kw_only=True):
    """A field's value, where it was taken from, and all that was on offer."""

    value: str | None
    origin: str | None
    candidates: tuple[Candidate, ...]


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The whole explanation of one page."""

    source: str
    charset: str | None
    media_type: str | None
    url: str | None
    site: str | None
    site_by: str
    rules_digest: str | None
    layouts: tuple[Check, ...]
    selectors: tuple[Hits, ...]
    container: str | None
    method: str | None
    flags: tuple[str, ...]
    refusal: str | None
    fields: dict[str, FieldTrace]
    blocks: tuple[Verdict, ...]
    words_outside: int


def trace_page(raw: RawPage, rulebook: Rulebook, settings: Settings = DEFAULT) -> Trace:
    """The explanation of what `clean_page` makes of a page; a refused page is explained as far as it came."""
    decoded = decode(raw)
    article = read_article(raw, rulebook, settings)
    tree = page = None
    if isinstance(decoded, Decoded) and decoded.media == "html" and not html.is_too_deep(decoded.utf8):
        tree = html.parse(decoded)
        page = html.open_page(raw, decoded, tree, rulebook)
    rules = (
        page.rules if page else rulebook.rules_for(article.site if article.site in rulebook.sites else None)
    )
    layout = html.find_layout(page, raw) if page else None
    refused = article if isinstance(article, Refused) else None
    done = article if isinstance(article, Article) else None
    return Trace(
        source=raw.source,
        charset=decoded.charset if isinstance(decoded, Decoded) else None,
        media_type=article.media_type,
        url=article.url,
        site=article.site,
        site_by=_site_by(raw, article.url, rules),
        rules_digest=rules.digest,
        layouts=tuple(_checks(rules, layout, done, tree)),
        selectors=tuple(_hits(tree, rules, layout)) if tree is not None and layout else (),
        container=done.facts.origins.get("body") if done else None,
        method=done.method if done else None,
        flags=done.flags if done else (),
        refusal=_sentence(refused.refusal) if refused else None,
        fields=_fields(done, page, raw, layout) if done else {},
        blocks=tuple(_verdicts(done, rules)) if done else (),
        words_outside=done.words_outside if done else 0,
    )


def _sentence(refusal: Refusal) -> str:
    return f"{refusal.reason}: {refusal.detail}"


def _site_by(raw: RawPage, url: str | None, rules: SiteRules) -> str:
    if rules.site is None:
        return "no rules for its host" if url else "no address, and no site's marks on the page"
    if raw.url:
        return "the address given"
    return "the page's own address" if url else "its marks on the page"


def _checks(
    rules: SiteRules, chosen: CompiledLayout | None, article: Article | None, tree: LexborHTMLParser | None
) -> Iterator[Check]:
    media = "html" if tree is not None else "text"
    found = chosen.id if chosen else article.layout if article else None
    seen = False
    for layout in rules.layouts:
        if layout.id == found:
            seen = True
            missed = article is not None and article.method != "rules"
            why = "the first whose conditions hold" + ("; but its body is not on the page" if missed else "")
            yield Check(layout=layout.id, chosen=not missed, why=why)
        elif seen:
            yield Check(layout=layout.id, chosen=False, why="an earlier layout holds")
        else:
            yield Check(layout=layout.id, chosen=False, why=_why_not(layout, media, tree))


def _why_not(layout: CompiledLayout, media: str, tree: LexborHTMLParser | None) -> str:
    when = layout.when
    if when.media and when.media != media:
        return f"it is for {when.media} pages"
    if when.css and tree is None:
        return "it is for HTML pages"
    if when.css and tree is not None and tree.css_first(when.css) is None:
        return f"nothing on the page matches {when.css}"
    if not layout_holds(when, media, tree, None):
        return "the page's day is outside its dates, or not known"
    return "its conditions do not hold"


def _hits(tree: LexborHTMLParser, rules: SiteRules, layout: CompiledLayout) -> Iterator[Hits]:
    uses = [("body", css) for css in layout.body]
    uses += [(name, pick.css) for name, picks in layout.fields.items() for pick in picks if pick.css]
    uses += [(drop.label.rule, drop.css) for drop in (*layout.drops, *rules.shared_drops)]
    for use, css in uses:
        nodes = tree.css(css)
        example = " ".join(nodes[0].text().split())[:MAX_SHOWN] if nodes else None
        yield Hits(use=use, css=css, nodes=len(nodes), example=example or None)


def _verdicts(article: Article, rules: SiteRules) -> Iterator[Verdict]:
    strips = {strip.label: strip for strip in rules.strips}
    for place, block in enumerate(article.blocks):
        label, cuts = article.labels[place], article.cuts[place]
        strip = strips.get(label) if label else None
        pattern = next((p.pattern for p in strip.patterns if p.search(block.text)), None) if strip else None
        yield Verdict(
            place=place,
            block=block.kind,
            text=block.text,
            kind=label.kind if label else None,
            rule=label.rule if label else None,
            pattern=pattern,
            cuts=tuple((cut.rule, block.text[cut.start : cut.end]) for cut in cuts),
        )


def _fields(
    article: Article, page: html.Opened | None, raw: RawPage, layout: CompiledLayout | None
) -> dict[str, FieldTrace]:
    hints = html.hints_of(page, raw, layout) if page else None
    result = {}
    for name in FIELDS:
        value = getattr(article.facts, name)
        shown = "; ".join(value) if isinstance(value, tuple) else str(value) if value is not None else None
        candidates = list(_candidates(name, page.structured, hints.fields)) if page and hints else []
        result[name] = FieldTrace(
            value=shown or None,
            origin=article.facts.origins.get(name),
            candidates=tuple(candidates[:MAX_CANDIDATES]),
        )
    return result


def _candidates(
    field: str, structured: Structured, layout_fields: Mapping[str, tuple[str, ...]]
) -> Iterator[Candidate]:
    for value in layout_fields.get(field, ()):
        yield Candidate(origin="layout", name=field, value=value[:MAX_SHOWN])
    for article in structured.articles[:2]:
        for key in JSON_LD_KEYS[field]:
            stated = article.get(key)
            names = [plain(item.get("name")) for item in _items(stated) if isinstance(item, dict)]
            for text in filter(None, (*names, *(plain(text) for text in strings(stated)))):
                yield Candidate(origin="json-ld", name=key, value=text[:MAX_SHOWN])
    for origin, table in (("meta", structured.meta), ("microdata", structured.microdata)):
        for name, values in table.items():
            if any(word in name.lower() for word in META_WORDS[field]):
                for value in values:
                    yield Candidate(origin=origin, name=name, value=value[:MAX_SHOWN])
    if field == "title":
        if structured.page_title:
            yield Candidate(origin="page", name="<title>", value=structured.page_title[:MAX_SHOWN])
        for node in structured.headings[:3]:
            if text := " ".join(node.text().split()):
                yield Candidate(origin="page", name="<h1>", value=text[:MAX_SHOWN])


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
