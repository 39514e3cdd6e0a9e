"""What attributes and strings of a page's data become: kept, another date, another address, or other words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ingest.anonymise.addresses import Addresses
from ingest.anonymise.leaks import runs_of
from ingest.anonymise.wording import Wording
from ingest.anonymise.words import words
from ingest.vocabulary import NOTHING, judge

STRUCTURAL = words(
    """
    class id role itemprop itemscope itemtype property rel type lang xml:lang dir http-equiv charset hidden
    aria-hidden media width height rowspan colspan style loading for method datatype typeof vocab start reversed
    open disabled checked selected readonly required aria-level aria-expanded content-type
    """
)
"""Attributes whose values say what an element is."""
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
HEX = re.compile(r"(?:[a-f]*\d)[0-9a-f]{9,}", re.IGNORECASE)
LOCALE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
DESCRIPTOR = re.compile(r"[\d.]{1,6}[wx]")
MAX_VALUE = 300
MAX_META = 1_000
LEAN_NAMES = 1
LEAN_ADDRESS = 60
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
JSON_KEPT = frozenset(("@type", "@context", "inLanguage", "isAccessibleForFree", "cssSelector", "addressCountry",
                       "encodingFormat", "additionalType", "width", "height", "wordCount", "position"))  # fmt: skip
JSON_ADDRESS = re.compile(r"(?:https?:)?//\S+|/[^\s<]*|#\S*")


class Secrets(NamedTuple):
    """What must not even stand in a class name."""

    words: frozenset[str]
    """Of tags, authors and sections."""
    runs: frozenset[tuple[str, ...]]
    """Three words in a row of the article."""


@dataclass(frozen=True)
class Rewriter:
    """Writes attributes; of a `lean` page only those that say something, and the first source of a picture.

    `selectors` are those of the site's rules: what they name stays as it is.
    """

    wording: Wording
    addresses: Addresses
    secrets: Secrets
    selectors: str = ""
    lean: bool = False

    def attributes(self, tag: str, attributes: dict[str, str | None]) -> str:
        """The attributes as they stand in the element's start tag."""
        return "".join(self._attributes(tag, attributes))

    def choose(self, tag: str, attributes: dict[str, str | None], *, near: bool) -> dict[str, str | None]:
        """Those of an element's attributes that stay; `near` when it holds something of the article."""
        if not self.lean or tag == "meta":
            return attributes
        near = near or tag == "link"
        names = LEAN_ARTICLE_ATTRIBUTES if near or tag == "img" else LEAN_ATTRIBUTES
        kept = {n: v for n, v in attributes.items() if n in names or f"[{n}" in self.selectors}
        if "id" in kept and not self._is_telling(kept["id"] or ""):
            del kept["id"]
        addresses = () if near else [name for name in kept if name in ("href", "src", "data-src")]
        return kept | {name: (kept[name] or "")[:LEAN_ADDRESS] for name in addresses}

    def _attributes(self, tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
        for name, value in attributes.items():
            wanted = f"[{name}" in self.selectors
            if TRACKING.fullmatch(name) and not wanted and name not in DATES:
                continue
            if not re.fullmatch(r"[A-Za-z_:@.][\w:@.-]{0,60}", name):
                continue
            if self.lean and "srcset" in name and "src" in attributes:
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
            return ("; ".join(HIDING.findall(value)) if self.lean else STYLE_ADDRESS.sub("", value)) or None
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
        if moved := self.wording.shift.number(text):
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
            return self.wording.substitutes.text(value)
        names = value.split()
        if self.lean:
            names = [n for place, n in enumerate(names) if place < LEAN_NAMES or self._is_telling(n)]
        return " ".join(map(self._name, names))

    @cached_property
    def _selected(self) -> list[str]:
        """The values of attributes that a selector asks for."""
        return [value for value in SELECTED_VALUE.findall(self.selectors) if len(value) > 2]

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
                return self.wording.substitutes.text(piece)
            if HEX.fullmatch(piece):
                return self.wording.substitutes.text(piece)
            return re.sub(r"\d{5,}", lambda m: self.wording.substitutes.digits(m[0]), piece)

        return CLASS_PIECES.sub(other, name)

    def _meta(self, attributes: dict[str, str | None], value: str) -> str | None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        if (attributes.get("http-equiv") or "").lower() == "content-type":
            return "text/html; charset=utf-8"
        if META_KEPT.fullmatch(name or attributes.get("http-equiv") or ""):
            return value
        return self.string(name, value.strip()[:MAX_META])

    def string(self, key: str, value: str) -> str:
        """A string of the page's data: kept, a date, an address, or words."""
        if key in JSON_KEPT or not value or value.lower() in ("true", "false"):
            return value
        if moved := self.wording.shift.number(value):
            return moved
        if PLAIN_NUMBER.fullmatch(value):
            return value
        if JSON_ADDRESS.fullmatch(value):
            return self.addresses.rewrite(value)
        if LOCALE.fullmatch(value) and "lang" in key.lower():
            return value
        return self.wording.rewrite(value)
