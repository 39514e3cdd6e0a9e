"""HTML pages: one parse, one walk; the container by layout or by the generic extractor, then verdicts and facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.article import Article, NoArticle
from ingest.blocks import Document, RawBlock
from ingest.cosmetic import find_nodes, label_hidden, match_cosmetic
from ingest.decode import Decoded, Refusal
from ingest.describe.access import lines_behind
from ingest.describe.deck import has_blocks
from ingest.describe.facts import article_body, describe_page, page_titles
from ingest.describe.found import Found, Hints
from ingest.describe.published import find_published
from ingest.describe.title import spaced_text
from ingest.describe.url import find_address, host_of
from ingest.extract.edges import label_endings, label_orphans, label_signatures
from ingest.extract.generic import Selection, extract_generic, select
from ingest.extract.images import images_of_page
from ingest.extract.parts import mark_pull_quotes, mark_subheads
from ingest.extract.threads import label_thread
from ingest.labels import Label
from ingest.normalise import keep_included
from ingest.records import Method, RawPage
from ingest.rules import Rulebook, SiteRules
from ingest.rules.model import Pick
from ingest.rules.rulebook import CompiledDrop, CompiledLayout, layout_holds
from ingest.settings import DEFAULT, Settings
from ingest.strip import greedy_drop, strip_blocks
from ingest.structured import Structured, plain, read_structured, says_article, strings
from ingest.walk import walk
from ingest.words import clean_text, count_all_words

MEDIA_TYPE = "text/html"
MAX_DEPTH = 4_000
"""Elements inside each other; real pages stay under a hundred."""

STRETCH = 1 << 16
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_SELF_CLOSING = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
    b"colgroup option optgroup rt rp".split()
)

_EMPTY_SCRIPT = re.compile(rb"<(?:script|iframe|textarea)\s[^<>]*/>")
_EMPTY = re.compile(
    rb"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)[\s/])[a-z][a-z0-9]*)"
    rb"(\s[^<>]*)?/>"
)

MAX_VALUE_CHARS = 2_000
MAX_VALUES = 50
BODY_MARK = 1
"""The walk's mark for the layout's body; drops are numbered from 2."""


class Opened(NamedTuple):
    """A parsed page and what is known before its text is looked at."""

    tree: LexborHTMLParser
    structured: Structured
    canonical: Found[str] | None
    url: str | None
    site: str | None
    rules: SiteRules


def read_page(
    raw: RawPage, decoded: Decoded, rulebook: Rulebook, settings: Settings = DEFAULT, *, links: bool = False
) -> Article | NoArticle:
    """The blocks in the article's scope with their verdicts, and the page's facts."""
    if is_too_deep(decoded.utf8):
        return NoArticle(Refusal("too_deep", f"over {MAX_DEPTH:,} elements inside each other"), raw.url, None)
    tree = parse(decoded)
    if tree.body is None:
        return NoArticle(Refusal("no_article", "the page has no body"), raw.url, None)
    page = open_page(raw, decoded, tree, rulebook)
    layout = find_layout(page, raw)
    document = walk_page(page, layout, links=links)
    known_as = page.site or (host_of(page.url) if page.url else None)
    if rule := page.rules.refusal((block.text for block in document.blocks), tree):
        return NoArticle(Refusal("not_an_article", f"{rule} says so"), page.url, known_as)
    hints = hints_of(page, raw, layout)
    chosen = hide(page, choose(page, layout, document, links=links))
    return judge(decoded, page, layout, chosen, hints, known_as, settings)


# -- opening -------------------------------------------------------------------------------------------------


def parse(decoded: Decoded) -> LexborHTMLParser:
    """The page's tree.

    In a page written as XML, elements closed in their own tag are empty; HTML would leave them open, and a script, a
    frame or a video then takes all that follows.
    """
    page = decoded.utf8
    if is_written_as_xml(page):
        page = _EMPTY.sub(rb"<\1\2></\1>", page)
    return LexborHTMLParser(page)


def is_written_as_xml(page: bytes) -> bool:
    """Whether most scripts are closed in their own tag, `<script src="a.js"/>`; XML has no other empty ones."""
    empty = len(_EMPTY_SCRIPT.findall(page))
    return empty > 0 and empty > page.count(b'"></script>')


def is_too_deep(page: bytes) -> bool:
    """Whether elements stand in each other deeper than any page means.

    Asked before parsing: the parser's time grows with the square of the depth. The tags of a stretch bound how
    deep it can go, so that only pages which come near the limit are read tag by tag.
    """
    if page.count(b"<") <= MAX_DEPTH:
        return False
    depth = 0
    for start in range(0, len(page), STRETCH):
        closed = page.count(b"</", start, start + STRETCH)
        opened = page.count(b"<", start, start + STRETCH) - closed
        if depth + opened > MAX_DEPTH:
            return _depth(page) > MAX_DEPTH
        depth = max(0, depth + opened - closed)
    return False


def _depth(page: bytes) -> int:
    """The greatest number of open elements, of those that do not close by themselves."""
    deepest = depth = 0
    for match in _TAG.finditer(page):
        if match[2].lower() not in _SELF_CLOSING:
            depth = max(0, depth - 1) if match[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def open_page(raw: RawPage, decoded: Decoded, tree: LexborHTMLParser, rulebook: Rulebook) -> Opened:
    """The page's structured data, its address, and its site's rules."""
    structured = read_structured(tree)
    url, canonical = find_address(structured, raw.url, decoded.text)
    site = rulebook.site_of_host(host_of(url)) if url else None
    if url is None and tree.body is not None:
        site = rulebook.recognise(tree.body.text(separator="\n"), tree)
    return Opened(tree, structured, canonical, url, site, rulebook.rules_for(site))


def find_layout(page: Opened, raw: RawPage) -> CompiledLayout | None:
    """The first of the site's layouts that holds for the page."""
    day: date | None = None
    if any(layout.when.published_from or layout.when.published_before for layout in page.rules.layouts):
        hints = Hints(url=page.url, language=page.rules.language, timezone=page.rules.timezone)
        found = find_published(page.tree, page.structured, hints)
        moment = found.value.utc if found else raw.fetched_at
        day = moment.date() if moment else None
    for layout in page.rules.layouts:
        if layout_holds(layout.when, "html", page.tree, day):
            return layout
    return None


def hints_of(page: Opened, raw: RawPage, layout: CompiledLayout | None) -> Hints:
    """What is known of the page besides its markup, and the texts at the layout's field selectors."""
    fields = {name: _pick(page, picks) for name, picks in layout.fields.items()} if layout else {}
    return Hints(
        url=page.url,
        fetched_at=raw.fetched_at,
        publisher=page.rules.name,
        language=page.rules.language,
        timezone=page.rules.timezone,
        fields={name: values for name, values in fields.items() if values},
    )


def _pick(page: Opened, picks: Iterable[Pick]) -> tuple[str, ...]:
    """The values at the first place that has any."""
    return next((values for pick in picks if (values := values_at(page.tree, page.structured, pick))), ())


def values_at(tree: LexborHTMLParser, structured: Structured, pick: Pick) -> tuple[str, ...]:
    """What stands at a field's place: texts of elements, or strings of the page's article data or meta tags."""
    texts: Iterable[str | None]
    if pick.css:
        nodes = tree.css(pick.css)[:MAX_VALUES]
        texts = (node.attributes.get(pick.attr) if pick.attr else _shown(node) for node in nodes)
    elif pick.json_ld:
        texts = (text for article in structured.articles[:1] for text in strings(article.get(pick.json_ld)))
    else:
        texts = map(plain, structured.meta.get((pick.meta or "").lower(), ()))
    tidy = (clean_text(" ".join((text or "").split())) for text in texts)
    return tuple(text[:MAX_VALUE_CHARS] for text in tidy if text)[:MAX_VALUES]


def _shown(node: LexborNode) -> str:
    """An element's text, its paragraphs and lines parted."""
    return spaced_text(node) if has_blocks(node) else node.text()


# -- choosing ------------------------------------------------------------------------------------------------


class Chosen(NamedTuple):
    """The article's scope: its blocks and the verdicts so far, and the blocks' numbers in the document.

    `scope` is empty when the text is the page's structured data: then no block of the page is in it.
    """

    document: Document
    scope: list[int]
    blocks: list[RawBlock]
    labels: list[Label | None]
    container: str
    method: Method
    flags: tuple[str, ...]


def walk_page(
    page: Opened, layout: CompiledLayout | None, *, links: bool = False, closely: bool = False
) -> Document:
    """The whole page as blocks; the layout's body and drops are marked on the way.

    What lies outside the layout's body is told `closely`, or in a few large blocks.
    """
    body = page.tree.body
    assert body is not None
    roots = _roots(body, layout)
    around = set() if closely else {holder.mem_id for root in roots for holder in _holders(root)}
    marks = _marks(roots, page.rules, layout)
    document = walk(body, marks, around=around, links=links)
    if around and BODY_MARK not in document.nodes.mark:  # no text stands there: the rest is the page
        document = walk(body, marks, links=links)
    blocks = document.blocks
    for number, block in enumerate(blocks):
        if not block.text.isascii():
            text = clean_text(block.text) or block.text
            if len(text) != len(block.text):
                document.links.pop(number, None)  # their places hold no longer
            blocks[number] = block._replace(text=text)
    return document


def _roots(body: LexborNode, layout: CompiledLayout | None) -> list[LexborNode]:
    """The elements that hold the article by the layout."""
    return next((found for css in layout.body if (found := body.css(css))), []) if layout else []


def _holders(node: LexborNode) -> Iterator[LexborNode]:
    """The elements around one, from the inside."""
    holder = node.parent
    while holder is not None:
        yield holder
        holder = holder.parent


def _marks(roots: Sequence[LexborNode], rules: SiteRules, layout: CompiledLayout | None) -> dict[int, int]:
    marks = {root.mem_id: BODY_MARK for root in roots}
    for number, drop in enumerate(_drops(rules, layout) if layout and roots else ()):
        for root in roots:
            for node in root.css(drop.css):
                if node.mem_id != root.mem_id:
                    marks.setdefault(node.mem_id, number + BODY_MARK + 1)
    return marks


def _drops(rules: SiteRules, layout: CompiledLayout) -> tuple[CompiledDrop, ...]:
    return (*layout.drops, *rules.shared_drops)


def choose(page: Opened, layout: CompiledLayout | None, document: Document, *, links: bool = False) -> Chosen:
    """The article's blocks by the layout where it finds its body, else by the generic extractor."""
    titles, descriptions = page_titles(page.structured)
    marks = document.nodes.mark
    roots = [i for i, mark in enumerate(marks) if mark == BODY_MARK] if layout else []
    if roots:
        selection = select(
            document, titles=titles, descriptions=descriptions, container=_container(document, roots)
        )
        scope = [n for n in selection.scope if marks[document.blocks[n].node]]
        drops = _drops(page.rules, layout) if layout else ()
        labels, guarded = _rule_labels(document, scope, selection, drops)
        if any(label is None for label in labels):
            path, flags = selection.container_path, (*selection.flags, *guarded)
            return Chosen(document, scope, _at(document, scope), labels, path, "rules", flags)
        document = walk_page(page, None, links=links)
    selection = extract_generic(
        page.tree,
        document,
        titles=titles,
        descriptions=descriptions,
        article_body=article_body(page.structured),
    )
    missed = any(layout.body for layout in page.rules.layouts)
    flags = (*selection.flags, "layout_missed") if missed else selection.flags
    if selection.method == "structured":
        paragraphs = [RawBlock(text, "paragraph", 0, 0, 0, 0) for text in selection.paragraphs]
        nothing: list[Label | None] = [None] * len(paragraphs)
        return Chosen(document, [], paragraphs, nothing, "articleBody", "structured", flags)
    scope = list(selection.scope)
    labels = [selection.labels[n] for n in scope]
    return Chosen(document, scope, _at(document, scope), labels, selection.container_path, "generic", flags)


def _at(document: Document, numbers: Iterable[int]) -> list[RawBlock]:
    return [document.blocks[n] for n in numbers]


def _container(document: Document, roots: Sequence[int]) -> int:
    """The deepest node that holds all the layout's body nodes."""
    parent, marks = document.nodes.parent, document.nodes.mark
    tops = [i for i in roots if parent[i] < 0 or marks[parent[i]] == 0]
    node = tops[0]
    while not all(_holds(parent, node, top) for top in tops):
        node = parent[node]
    return node


def _holds(parent: Sequence[int], ancestor: int, node: int) -> bool:
    while node > ancestor:
        node = parent[node]
    return node == ancestor


def _rule_labels(
    document: Document, scope: Sequence[int], selection: Selection, drops: Sequence[CompiledDrop]
) -> tuple[list[Label | None], list[str]]:
    """The drops' labels, the generic ones where no drop speaks, and flags for the drops that the guard stopped."""
    marks = [document.nodes.mark[document.blocks[number].node] for number in scope]
    dropped = [drops[mark - BODY_MARK - 1].label if mark > BODY_MARK else None for mark in marks]
    generic = [selection.labels[number] for number in scope]
    stopped: list[str] = []
    while True:
        labels = [
            by_drop if by_drop is not None and by_drop.rule not in stopped else by_shape
            for by_drop, by_shape in zip(dropped, generic, strict=True)
        ]
        greedy = greedy_drop([document.blocks[number].text for number in scope], dropped, labels)
        if greedy is None:
            return labels, [f"guarded:{rule}" for rule in sorted(stopped)]
        stopped.append(greedy)


def hide(page: Opened, chosen: Chosen) -> Chosen:
    """The article without what the site's drops find where no layout has looked, and what cosmetic filters hide."""
    body, document, index = page.tree.body, chosen.document, page.rules.cosmetics
    if body is None or not chosen.scope:
        return chosen
    drops = page.rules.shared_drops if chosen.method == "generic" else ()
    hidden = find_nodes(document, body, [(drop.css, drop.label) for drop in drops])
    if index is not None:
        host = host_of(page.url) if page.url else None
        hidden = {**match_cosmetic(document, body, host, index), **hidden}
    labels, guarded = label_hidden(document, chosen.scope, chosen.labels, hidden)
    flags = (*chosen.flags, *(f"guarded:{rule}" for rule in guarded))
    return chosen._replace(labels=labels, flags=flags)


# -- judging -------------------------------------------------------------------------------------------------


def judge(
    decoded: Decoded,
    page: Opened,
    layout: CompiledLayout | None,
    chosen: Chosen,
    hints: Hints,
    known_as: str | None,
    settings: Settings = DEFAULT,
) -> Article:
    """The article: the wording rules' verdicts added, pictures with their captions, and the facts."""
    stripped = strip_blocks([block.text for block in chosen.blocks], page.rules, "html", chosen.labels)
    labels = stripped.labels
    if says_article(page.structured):  # a forum's answers are what it is read for
        labels = label_thread(chosen.blocks, labels)
    blocks = mark_pull_quotes(chosen.blocks, labels)
    images = images_of_page(chosen.document, chosen.scope, labels, stripped.pictures, page.structured)
    inside = set(chosen.scope)
    outside = count_all_words(b.text for n, b in enumerate(chosen.document.blocks) if n not in inside)
    kept = (number for number, label in zip(chosen.scope, labels, strict=False) if label is None)
    behind = lines_behind(chosen.document.blocks, kept)
    facts = describe_page(page.tree, page.structured, hints, blocks, labels, page.canonical, behind)
    labels = label_endings(blocks, label_signatures(blocks, labels, facts.authors))
    labels = label_orphans(blocks, labels)
    blocks = mark_subheads(blocks, labels)
    links = chosen.document.links
    blocks, labels = keep_included(blocks, labels, settings)
    return Article(
        media_type=MEDIA_TYPE,
        url=page.url,
        site=known_as,
        blocks=blocks,
        labels=labels,
        cuts=stripped.cuts,
        images=images,
        words_outside=outside,
        method=chosen.method,
        layout=layout.id if layout and chosen.method == "rules" else None,
        flags=(*decoded.notes, *chosen.flags, *(f"guarded:{rule}" for rule in stripped.guarded)),
        rules_digest=page.rules.digest,
        facts=facts.with_origin("body", chosen.container),
        links={place: links[n] for place, n in enumerate(chosen.scope) if n in links} if links else {},
    )
