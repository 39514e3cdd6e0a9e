"""A page's tree written out again in other words: structure, names and furniture as they were.

collect    the texts of each block, as one, so that a word in two elements is replaced as one
trim       of siblings that look alike, outside the article, the first few
write      elements, attributes and texts, in one pass
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.anonymise.attributes import Rewriter
from ingest.anonymise.scripts import dated, is_data, rewrite_script
from ingest.anonymise.texts import (
    COMMENT,
    EMPTIED,
    TEXT,
    Member,
    children_of,
    groups,
    slice_edits,
    tidy,
    units,
)
from ingest.anonymise.words import words

VOID = words("area base br col embed hr img input link meta param source track wbr")
KEPT_LINKS = frozenset(("canonical", "amphtml", "author", "next", "prev", "shortlink"))
NAMED = frozenset(("class", "id", "role", "title"))
"""All that is left of the attributes of an element that is emptied."""
TAG_NAME = re.compile(r"[a-z][\w:.-]{0,60}")
MAX_PLACES = 3
META_DROPPED = re.compile(
    r".*verif.*|fb:.*|al:.*|msapplication.*|apple-itunes.*|google-play.*|msvalidate.*|csrf.*|theme-color|.*token.*"
    r"|origin-trial|x-ua.*|format-detection|next-head-count|p:domain.*|.*-verification|tp:.*|bt:.*|.*api.*key.*",
    re.IGNORECASE,
)
META_LEAN = re.compile(
    r"(?:og:)?article:.*|og:(?:title|description|url|type|site_name|locale|updated_time|image(?::alt|:url)?)"
    r"|twitter:(?:title|description|data1|label1|image(?::alt)?)|dc(?:terms)?\..*|application-name|robots|viewport"
    r"|.*(?:author|byl|date|publi|modif|time|section|keyword|tag|title|headline|description|lang|tier|creator|type).*",
    re.IGNORECASE,
)
"""The meta tags that a lean page keeps."""


class Page:
    """One page to be written out.

    `blocks` are the texts that stand as one, `scope` those of the article, `stated` what its fields say. Of `scope`,
    `holders`, and the first few places of `stated`, everything around is kept.
    """

    def __init__(
        self,
        tree: LexborHTMLParser,
        rewriter: Rewriter,
        *,
        blocks: Collection[str],
        scope: Collection[str],
        stated: Collection[str] = (),
        holders: Iterable[LexborNode] = (),
    ) -> None:
        self.tree = tree
        self.rewriter = rewriter
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
        for group in groups(self.tree):
            for unit in units(group, blocks):
                self._rewrite_unit(unit)
            shown = ("".join(text for _, text in group), *(text for _, text in group))
            texts = {text for text in map(tidy, shown) if any(map(str.isalnum, text))}
            named = texts & stated
            seen.update(named)
            if texts & scope or any(seen[text] <= MAX_PLACES for text in named):
                for node, _ in group:
                    if node is not None:
                        self._protect(node)

    def _rewrite_unit(self, unit: list[Member]) -> None:
        edits = self.rewriter.wording.edits("".join(text for _, text in unit))
        start = 0
        for node, text in unit:
            end = start + len(text)
            if node is not None:
                self._texts[node.mem_id] = slice_edits(text, start, edits)
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
        self.rewriter, self._without = replace(self.rewriter, lean=lean), without
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
        for child in children_of(node):
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
            wanted = (
                not self.rewriter.lean
                or not name
                or META_LEAN.fullmatch(name)
                or name in self.rewriter.selectors
            )
            return bool(wanted) and not META_DROPPED.fullmatch(name)
        if tag == "link":
            return not KEPT_LINKS.isdisjoint((attributes.get("rel") or "").lower().split())
        if tag == "script":
            return is_data(node) or bool(dated(node, self.rewriter.wording.shift))
        return tag not in ("style", "base") and not (self.rewriter.lean and tag == "source")

    def _element(self, node: LexborNode) -> tuple[str, str | None, str]:
        """The start tag, the content if it is not that of the children, and the end tag."""
        tag = node.tag if node.tag and TAG_NAME.fullmatch(node.tag) else "div"
        if tag in EMPTIED:
            attributes = {name: value for name, value in node.attributes.items() if name in NAMED}
        else:
            near = node.mem_id in self._protected
            attributes = self.rewriter.choose(tag, node.attributes, near=near)
        opening = f"<{tag}{self.rewriter.attributes(tag, attributes)}>"
        if tag in VOID:
            return opening, None, ""
        inner = rewrite_script(node, self.rewriter) if tag == "script" else "" if tag in EMPTIED else None
        return opening, inner, f"</{tag}>"
