"""A page's tree written out again in other words: structure, names and furniture as they were.

collect    the texts of each block, as one, so that a word in two elements is replaced as one
trim       of siblings that look alike, outside the article, the first few
write      elements, attributes and texts, in one pass
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.anonymise.addresses import Addresses
from ingest.anonymise.dates import Edit, Shift
from ingest.anonymise.leaks import runs_of
from ingest.anonymise.wording import Wording
from ingest.anonymise.words import Substitutes, words
from ingest.describe.page_dates import IN_SCRIPT
from ingest.elements import tag_id
from ingest.normalise import clean_text
from ingest.structured import decode_json
from ingest.vocabulary import NOTHING, judge

TEXT, COMMENT = "-text", "-comment"
BLOCKS = words(
    """
    div section article main body html header footer nav aside address hgroup center details summary form fieldset
    legend dialog menu search noscript thead tbody tfoot marquee p h1 h2 h3 h4 h5 h6 li dd dt ul ol dl dir blockquote
    pre listing plaintext xmp table tr td th figure figcaption caption title option
    """
)
VOID = words("area base br col embed hr img input link meta param source track wbr")
EMPTIED = words("svg template iframe object canvas math noembed noframes datalist")
VERBATIM = frozenset(("pre", "textarea", "listing", "plaintext", "xmp"))
KEPT_LINKS = frozenset(("canonical", "amphtml", "author", "next", "prev", "shortlink"))

STRUCTURAL = words(
    """
    class id role itemprop itemscope itemtype property rel type lang xml:lang dir http-equiv charset hidden
    aria-hidden media width height rowspan colspan style loading for method datatype typeof vocab start reversed
    open disabled checked selected readonly required aria-level aria-expanded content-type
    """
)
"""Attributes whose values say what an element is."""
NAMED = frozenset(("class", "id", "role", "title"))
"""All that is left of the attributes of an element that is emptied."""
LEAN_ATTRIBUTES = words(
    """
    class id role itemprop itemscope itemtype rel type hidden aria-hidden datetime href property lang dir style
    content data-testid colspan rowspan pubdate
    """
)
"""Those that an element keeps in a lean page."""
LEAN_ARTICLE_ATTRIBUTES = LEAN_ATTRIBUTES | words("src data-src alt title name value start reversed open")
"""Those that an element of the article keeps in a lean page."""
ADDRESSES = words(
    "href src poster action cite data srcset data-src data-srcset data-original data-lazy-src itemid"
)
COMPONENTS = words(
    """
    data-testid data-test data-test-id data-qa data-cy data-component data-component-name data-module data-type
    data-widget data-role data-block data-block-type data-element
    """
)
"""Attributes by which a site's own programs know an element."""
DATES = frozenset(("datetime", "pubdate", "data-date", "data-datetime", "data-timestamp", "data-time"))
TRACKING = re.compile(
    r"on[a-z]{3,}|(?:data-)?(?:ga|gtm|track|analytic|event|vr|vars|click|ad|adv|ads|tb|cx|smartocto|mrf|io|piano"
    r"|evt|metrics?|tealium|omniture|chartbeat|parsely|outbrain|taboola|layer|log|props|state|config|json|options"
    r"|settings|params|model|query|endpoint|hydrat\w*|react\w*|v)(?:[-_].*|ing\b.*|s\b.*)?|jsaction|jsname|jscontroller"
    r"|target|tabindex|xmlns(?::.*)?|viewbox|preserveaspectratio|fetchpriority|decoding|referrerpolicy"
    r"|data-\w*track\w*|integrity|crossorigin|nonce|sizes|imagesizes|imagesrcset|ping|srcdoc|data-v-.*",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(r"[A-Za-z][\w:.-]{0,40}")
PLAIN_NUMBER = re.compile(r"-?\d{1,4}(?:\.\d{1,3})?(?:px|em|rem|%)?")
PREFIXED = re.compile(r"(?:tag|category|cat|author|topic|keyword|term|section|rubric|slug)s?$", re.IGNORECASE)
CLASS_PIECES = re.compile(r"[^\W_]+")
EPOCH_WITHIN = re.compile(r"\d{10}(?:\d{3})?")
HEX = re.compile(r"(?:[a-f]*\d)[0-9a-f]{9,}", re.IGNORECASE)
TAG_NAME = re.compile(r"[a-z][\w:.-]{0,60}")
LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
DESCRIPTOR = re.compile(r"[\d.]{1,6}[wx]")
MAX_VALUE = 300
MAX_LIST = 20
MAX_PARTS = 12
MAX_PLACES = 3
MAX_META = 1_000
LEAN_LIST = 5
LEAN_NAMES = 1
LEAN_ADDRESS = 60
MAX_DEPTH = 40
STYLE_ADDRESS = re.compile(r"[^;]{0,200}\burl\(.*", re.DOTALL)
HIDING = re.compile(r"(?:display|visibility|clip)\s*:[^;]{1,40}", re.IGNORECASE)
SELECTED_VALUE = re.compile(r"""=\s*["']?([^"'\]]+)""")

META_KEPT = re.compile(
    r"(?:og|twitter):(?:type|locale(?::alternate)?|card|determiner)|og:image:(?:width|height|type)"
    r"|viewport|robots|googlebot|charset|content-type|content-language|language|dc\.language"
    r"|generator|color-scheme|rating|referrer|(?:og:)?(?:article:)?content[-_]tier"
    r"|isaccessibleforfree|inlanguage|medium|pagetype|page-type|parsely-type",
    re.IGNORECASE,
)
META_DROPPED = re.compile(
    r".*verif.*|fb:.*|al:.*|msapplication.*|apple-itunes.*|google-play.*|msvalidate.*|csrf.*|theme-color|.*token.*"
    r"|origin-trial|x-ua.*|format-detection|next-head-count|p:domain.*|.*-verification|tp:.*|bt:.*|.*api.*key.*",
    re.IGNORECASE,
)
JSON_KEPT = frozenset(("@type", "@context", "inLanguage", "isAccessibleForFree", "cssSelector", "addressCountry",
                       "encodingFormat", "additionalType", "width", "height", "wordCount", "position"))  # fmt: skip
META_LEAN = re.compile(
    r"(?:og:)?article:.*|og:(?:title|description|url|type|site_name|locale|updated_time|image(?::alt|:url)?)"
    r"|twitter:(?:title|description|data1|label1|image(?::alt)?)|dc(?:terms)?\..*|application-name|robots|viewport"
    r"|.*(?:author|byl|date|publi|modif|time|section|keyword|tag|title|headline|description|lang|tier|creator|type).*",
    re.IGNORECASE,
)
"""The meta tags that a lean page keeps."""
JSON_LEAN = words(
    """
    @context @graph @id @type @value alternateName alternativeHeadline articleSection author caption contentUrl
    creator cssSelector dateCreated dateModified datePublished description hasPart headline image inLanguage
    isAccessibleForFree isPartOf item itemListElement keywords mainEntity mainEntityOfPage name position publisher url
    """
)
"""The keys that the JSON-LD of a lean page keeps."""
JSON_ADDRESS = re.compile(r"(?:https?:)?//\S+|/[^\s<]*|#\S*")


Member = tuple[LexborNode | None, str]


class Secrets(NamedTuple):
    """What must not even stand in a class name."""

    words: frozenset[str]
    """Of tags, authors and sections."""
    runs: frozenset[tuple[str, ...]]
    """Three words in a row of the article."""


class Page:
    """One page to be written out.

    `blocks` are the texts that stand as one, `scope` those of the article, `stated` what its fields say. Of `scope`,
    `holders`, and the first few places of `stated`, everything around is kept.
    """

    def __init__(
        self,
        tree: LexborHTMLParser,
        wording: Wording,
        addresses: Addresses,
        *,
        blocks: Collection[str],
        scope: Collection[str],
        stated: Collection[str] = (),
        holders: Iterable[LexborNode] = (),
        secrets: Secrets,
        selectors: str = "",
    ) -> None:
        self.tree = tree
        self.wording = wording
        self.addresses = addresses
        self.shift: Shift = wording.shift
        self.substitutes: Substitutes = wording.substitutes
        self.secrets = secrets
        self.selectors = selectors
        self._selected = [value for value in SELECTED_VALUE.findall(selectors) if len(value) > 2]
        self._lean = False
        self._without: Collection[int] = ()
        self._texts: dict[int, str] = {}
        self._protected: set[int] = set()
        self._collect(frozenset(blocks), frozenset(scope), frozenset(stated))
        for node in holders:
            self._protect(node)

    # -- texts -----------------------------------------------------------------------------------------------

    def _collect(self, blocks: frozenset[str], scope: frozenset[str], stated: frozenset[str]) -> None:
        """Every visible text in other words, by node; the elements that hold the article are protected."""
        seen: Counter[str] = Counter()
        for group in _groups(self.tree):
            joined = "".join(text for _, text in group)
            tidy = _tidy(joined)
            for unit in [group] if tidy in blocks else _parts(group, blocks):
                self._rewrite_unit(unit)
            texts = {
                text for text in (tidy, *(_tidy(text) for _, text in group)) if any(map(str.isalnum, text))
            }
            named = texts & stated
            seen.update(named)
            if texts & scope or any(seen[text] <= MAX_PLACES for text in named):
                for node, _ in group:
                    if node is not None:
                        self._protect(node)

    def _rewrite_unit(self, unit: list[Member]) -> None:
        edits = self.wording.edits("".join(text for _, text in unit))
        start = 0
        for node, text in unit:
            end = start + len(text)
            if node is not None:
                self._texts[node.mem_id] = _slice(text, start, edits)
            start = end

    def _protect(self, node: LexborNode) -> None:
        up: LexborNode | None = node
        while up is not None and up.mem_id not in self._protected:
            self._protected.add(up.mem_id)
            up = up.parent

    # -- writing ---------------------------------------------------------------------------------------------

    def write(self, keep: int | None, *, lean: bool = False, without: Collection[int] = ()) -> str:
        """The page as HTML; outside the article at most `keep` siblings that look alike (`None`: all of them).

        A `lean` page has no second sources of pictures, only short addresses outside the article, and of its
        attributes, class names, meta tags and data those that say something. The elements `without` which it is
        written are named by their `mem_id`.
        """
        self._lean, self._without = lean, without
        root = self.tree.root
        return f"<!DOCTYPE html>\n{self._markup(root, keep)}\n" if root is not None else ""

    def far_off(self, keep: int | None) -> list[tuple[int, LexborNode]]:
        """The elements around the article that hold nothing of it, with their length as last written."""
        body = self.tree.body
        found = [] if body is None else [body]
        for node in found:  # grows on the way
            found += [c for c in self._children(node, keep) if c.mem_id in self._protected and c.tag != TEXT]
        return [
            (len(self._markup(child, keep)), child)
            for node in found
            for child in self._children(node, keep)
            if child.mem_id not in self._protected and child.tag != TEXT
        ]

    def parts_of(self, node: LexborNode, keep: int | None) -> list[tuple[int, LexborNode]]:
        """The elements in an element, with their length as last written."""
        return [(len(self._markup(c, keep)), c) for c in self._children(node, keep) if c.tag != TEXT]

    def _markup(self, top: LexborNode, keep: int | None) -> str:
        pieces: list[str] = []
        stack: list[LexborNode | str] = [top]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
                continue
            if node.tag == TEXT:
                text = self._texts.get(node.mem_id, "")
                if text.strip() or not (pieces and pieces[-1].endswith("\n")):
                    pieces.append(html.escape(text, quote=False))
                continue
            opening, inner, closing = self._element(node)
            pieces.append(opening)
            if inner is not None:
                pieces += (inner, closing)
                continue
            if closing:
                stack.append(closing)
                stack += self._children(node, keep)[::-1]
        return "".join(pieces)

    def _children(self, node: LexborNode, keep: int | None) -> list[LexborNode]:
        seen: Counter[tuple[str, str]] = Counter()
        children = []
        for child in _children_of(node):
            if child.tag == TEXT:
                if child.mem_id in self._texts:
                    children.append(child)
                continue
            if child.tag == COMMENT or child.mem_id in self._without or not self._belongs(child):
                continue
            if keep is not None and child.mem_id not in self._protected and node.tag != "head":
                shape = (child.tag or "", re.sub(r"\d+", "", child.attributes.get("class") or ""))
                seen[shape] += 1
                if seen[shape] > keep and child.tag != "br":
                    continue
            children.append(child)
        return children

    def _belongs(self, node: LexborNode) -> bool:
        """Whether an element is written at all."""
        attributes = node.attributes
        tag = node.tag
        if tag == "meta":
            name = attributes.get("name") or attributes.get("property") or attributes.get("http-equiv") or ""
            wanted = not self._lean or not name or META_LEAN.fullmatch(name) or name in self.selectors
            return bool(wanted) and not META_DROPPED.fullmatch(name)
        if tag == "link":
            return not KEPT_LINKS.isdisjoint((attributes.get("rel") or "").lower().split())
        if tag == "script":
            return "ld+json" in (attributes.get("type") or "") or bool(self._dated(node))
        return tag not in ("style", "base") and not (self._lean and tag == "source")

    def _element(self, node: LexborNode) -> tuple[str, str | None, str]:
        """The start tag, the content if it is not that of the children, and the end tag."""
        tag = node.tag if node.tag and TAG_NAME.fullmatch(node.tag) else "div"
        shown = "".join(self._attributes(tag, self._attributes_of(node)))
        if tag in VOID:
            return f"<{tag}{shown}>", None, ""
        closing = f"</{tag}>"
        if tag == "script":
            return f"<{tag}{shown}>", self._script(node), closing
        if tag in EMPTIED:
            shown = "".join(self._attributes(tag, {n: v for n, v in node.attributes.items() if n in NAMED}))
            return f"<{tag}{shown}>", "", closing
        return f"<{tag}{shown}>", None, closing

    def _attributes_of(self, node: LexborNode) -> dict[str, str | None]:
        attributes = node.attributes
        if not self._lean or node.tag == "meta":
            return attributes
        near = node.mem_id in self._protected or node.tag == "link"
        names = LEAN_ARTICLE_ATTRIBUTES if near or node.tag == "img" else LEAN_ATTRIBUTES
        kept = {n: v for n, v in attributes.items() if n in names or f"[{n}" in self.selectors}
        if "id" in kept and not self._is_telling(kept["id"] or ""):
            del kept["id"]
        addresses = () if near else [name for name in kept if name in ("href", "src", "data-src")]
        return kept | {name: (kept[name] or "")[:LEAN_ADDRESS] for name in addresses}

    # -- attributes ------------------------------------------------------------------------------------------

    def _attributes(self, tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
        for name, value in attributes.items():
            wanted = f"[{name}" in self.selectors
            if TRACKING.fullmatch(name) and not wanted and name not in DATES:
                continue
            if not re.fullmatch(r"[A-Za-z_:@.][\w:@.-]{0,60}", name):
                continue
            if self._lean and "srcset" in name and "src" in attributes:
                continue
            if not value:
                yield f" {name}"
                continue
            shown = self._meta(attributes, value) if tag == "meta" and name in ("content", "value") else None
            if shown is None:
                shown = self._attribute(name, value, wanted)
            if shown is not None:
                yield f' {name}="{html.escape(shown)}"'

    def _attribute(self, name: str, value: str, wanted: bool) -> str | None:
        """An attribute's value in other words; `None` for one that says nothing."""
        if name in ("class", "id"):
            return self._names(value)
        if name == "charset":
            return "utf-8"
        if name == "style":
            return ("; ".join(HIDING.findall(value)) if self._lean else STYLE_ADDRESS.sub("", value)) or None
        if name in COMPONENTS and IDENTIFIER.fullmatch(value):
            return self._names(value)
        if name == "name":
            return self._names(value) if IDENTIFIER.fullmatch(value) else self.wording.rewrite(value)
        if name in STRUCTURAL or (wanted and f'"{value}"' in self.selectors):
            return value
        if value.lstrip()[:5].lower() == "data:":
            return None
        if "srcset" in name:
            return self._sources(value)
        if name in ADDRESSES or re.match(r"(?:https?:)?//|/[^\s]*$|\?", value):
            return self.addresses.rewrite(value)
        return self._value(name, value)

    def _value(self, name: str, value: str) -> str | None:
        """The value of an attribute with no meaning in HTML."""
        text = value.strip()
        if moved := self.shift.number(text):
            return moved
        if text[:1] in "{[" and text[-1:] in "}]":
            return ""
        if PLAIN_NUMBER.fullmatch(text) or text in ("true", "false"):
            return text
        if name.startswith("data-"):
            if len(text) > MAX_VALUE:
                return ""
            pieces = {piece.casefold() for piece in CLASS_PIECES.findall(text)}
            if IDENTIFIER.fullmatch(text) and text.islower() and not pieces & self.secrets.words:
                return self._names(text)
        return self.wording.rewrite(text[: 2 * MAX_VALUE])

    def _sources(self, value: str) -> str:
        """The first picture of a list of them."""
        found = [part.split() for part in re.split(r",\s+", value.strip())]
        found = [part for part in found if part and not part[0].startswith("data:")]
        return ", ".join(
            " ".join((self.addresses.rewrite(p[0].rstrip(",")), *filter(DESCRIPTOR.fullmatch, p[1:2])))
            for p in found[:1]
        )

    def _names(self, value: str) -> str:
        """Class names and ids as they are, but for words of the article and long numbers in them."""
        if runs_of([value]) & self.secrets.runs:
            return self.substitutes.text(value)
        names = value.split()
        if self._lean:
            names = [n for place, n in enumerate(names) if place < LEAN_NAMES or self._is_telling(n)]
        return " ".join(map(self._name, names))

    def _is_telling(self, name: str) -> bool:
        """Whether rules or the generic extractor read something into a class name or id."""
        selected = self._is_selected(name) or any(value in name for value in self._selected)
        return selected or judge(name) != NOTHING

    def _is_selected(self, name: str) -> bool:
        return len(name) > 2 and (f".{name}" in self.selectors or f"#{name}" in self.selectors)

    def _name(self, name: str) -> str:
        if self._is_selected(name):
            return name
        pieces = CLASS_PIECES.findall(name)
        folded = [piece.casefold() for piece in pieces]
        telling = {piece for piece in folded if piece in self.secrets.words and judge(piece) == NOTHING}
        prefixed = len(pieces) > 1 and PREFIXED.match(pieces[0]) and telling.issuperset(folded[1:])

        def other(match: re.Match[str]) -> str:
            piece = match[0]
            if prefixed and piece.casefold() in telling:
                return self.substitutes.text(piece)
            if HEX.fullmatch(piece):
                return self.substitutes.text(piece)
            return re.sub(r"\d{5,}", lambda m: self.substitutes.digits(m[0]), piece)

        return CLASS_PIECES.sub(other, name)

    def _meta(self, attributes: dict[str, str | None], value: str) -> str | None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        if (attributes.get("http-equiv") or "").lower() == "content-type":
            return "text/html; charset=utf-8"
        if META_KEPT.fullmatch(name or attributes.get("http-equiv") or ""):
            return value
        return self._string(name, value.strip()[:MAX_META])

    # -- data ------------------------------------------------------------------------------------------------

    def _script(self, node: LexborNode) -> str:
        if "ld+json" not in (node.attributes.get("type") or ""):
            return self._dated(node)
        values = decode_json(node.text())
        if not values:
            return self._dated(node)
        shown = "\n".join(json.dumps(self._json(value), ensure_ascii=False) for value in values)
        return shown.replace("</", "<\\/").replace("<!--", "<\\u0021--")

    def _dated(self, node: LexborNode) -> str:
        """All that is left of a script: the first date in it."""
        match = IN_SCRIPT.search(node.text()[:400_000])
        text = self.shift.text(match[0]) if match else ""
        return EPOCH_WITHIN.sub(lambda m: self.shift.number(m[0]) or m[0], text)

    def _json(self, value: Any) -> Any:
        """A JSON value in other words."""
        return _map_json(value, self._string, lean=self._lean)

    def _string(self, key: str, value: str) -> str:
        """A string of the page's data: kept, a date, an address, or words."""
        if key in JSON_KEPT or not value or value.lower() in ("true", "false"):
            return value
        if moved := self.shift.number(value):
            return moved
        if PLAIN_NUMBER.fullmatch(value):
            return value
        if JSON_ADDRESS.fullmatch(value):
            return self.addresses.rewrite(value)
        if LOCALE.fullmatch(value) and "lang" in key.lower():
            return value
        return self.wording.rewrite(value)


# -- the tree --------------------------------------------------------------------------------------------------


def _children_of(node: LexborNode) -> Iterator[LexborNode]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


_BREAK = tag_id("br")


def _groups(tree: LexborHTMLParser) -> Iterator[list[Member]]:
    """The texts of the page with their nodes, those of one block together; a line break is a text without a node."""
    group: list[Member] = []
    stack: list[LexborNode | None] = [tree.root]
    while stack:
        node = stack.pop()
        if node is None or node.tag in BLOCKS:
            if any(text.strip() for _, text in group):
                yield group
            elif group:
                yield from ([member] for member in group)
            group = []
            if node is None:
                continue
        tag = node.tag
        if tag == TEXT:
            group.append((node, _squeeze(node.text_content or "", node)))
            continue
        if tag == "br":
            group.append((None, "\n"))
            continue
        if tag in ("script", "style", COMMENT) or tag in EMPTIED:
            continue
        if tag in BLOCKS:
            stack.append(None)
        stack += list(_children_of(node))[::-1]
    if group:
        yield group


def _parts(group: list[Member], blocks: frozenset[str]) -> Iterator[list[Member]]:
    """The texts of a group that is more than one block: those of each block together, others alone."""
    start = 0
    while start < len(group):
        ends = range(min(len(group), start + MAX_PARTS), start + 1, -1)
        end = next(
            (e for e in ends if _tidy("".join(text for _, text in group[start:e])) in blocks), start + 1
        )
        yield group[start:end]
        start = end


def _squeeze(text: str, node: LexborNode) -> str:
    """A text with each run of white space one space, one line break, or two spaces; verbatim where that counts."""
    parent = node.parent
    if parent is not None and parent.tag in VERBATIM:
        return text
    return re.sub(r"[ \t\r\f]*\n\s*", "\n", re.sub(r"[ \t]{3,}", "  ", text))


def _tidy(text: str) -> str:
    return clean_text(" ".join(text.split()))


def _slice(text: str, start: int, edits: Iterable[Edit]) -> str:
    """What edits to a whole make of a part of it that begins at `start`."""
    end = start + len(text)
    pieces, place = [], start
    for edit in edits:
        if edit.end <= start or edit.start >= end:
            continue
        first, last = max(edit.start, start), min(edit.end, end)
        pieces.append(text[place - start : first - start])
        if len(edit.text) == edit.end - edit.start:
            pieces.append(edit.text[first - edit.start : last - edit.start])
        elif first == edit.start:
            pieces.append(edit.text)
        place = last
    return "".join((*pieces, text[place - start :]))


def _map_json(value: Any, change: Callable[[str, str], str], *, lean: bool) -> Any:
    """A JSON value with its strings and numbers changed, each by its key; lists are cut short."""
    result: list[Any] = [None]
    stack: list[tuple[Any, str, Any, Any, int]] = [(value, "", result, 0, 0)]
    while stack:
        item, key, owner, place, depth = stack.pop()
        if isinstance(item, dict) and depth < MAX_DEPTH:
            kept = {name: inner for name, inner in item.items() if not lean or name in JSON_LEAN}
            owner[place] = made = dict.fromkeys(kept)
            stack += [(inner, name, made, name, depth + 1) for name, inner in kept.items()]
        elif isinstance(item, list) and depth < MAX_DEPTH:
            shown = item[: LEAN_LIST if lean and isinstance(item[0], dict) else MAX_LIST] if item else []
            owner[place] = filled = [None] * len(shown)
            stack += [(inner, key, filled, number, depth + 1) for number, inner in enumerate(shown)]
        elif isinstance(item, str):
            owner[place] = change(key, item)
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            moved = change(key, str(item))
            owner[place] = int(moved) if moved.isdigit() else item
        else:
            owner[place] = item if isinstance(item, bool) else None
    return result[0]
