"""What is left of a page's scripts: its JSON-LD in other words, of others the first date."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from selectolax.lexbor import LexborNode

from ingest.anonymise.attributes import Rewriter
from ingest.anonymise.dates import Shift
from ingest.anonymise.words import words
from ingest.describe.page_dates import IN_SCRIPT
from ingest.structured import decode_json

EPOCH_WITHIN = re.compile(r"\d{10}(?:\d{3})?")
MAX_LIST = 20
LEAN_LIST = 5
MAX_DEPTH = 40
JSON_LEAN = words(
    """
    @context @graph @id @type @value alternateName alternativeHeadline articleSection author caption contentUrl
    creator cssSelector dateCreated dateModified datePublished description hasPart headline image inLanguage
    isAccessibleForFree isPartOf item itemListElement keywords mainEntity mainEntityOfPage name position publisher url
    """
)
"""The keys that the JSON-LD of a lean page keeps."""


def rewrite_script(node: LexborNode, rewriter: Rewriter) -> str:
    """The content of a script element."""
    values = decode_json(node.text()) if is_data(node) else []
    if not values:
        return dated(node, rewriter.wording.shift)
    changed = (_map_json(value, rewriter.string, lean=rewriter.lean) for value in values)
    shown = "\n".join(json.dumps(value, ensure_ascii=False) for value in changed)
    return shown.replace("</", "<\\/").replace("<!--", "<\\u0021--")


def is_data(node: LexborNode) -> bool:
    """Whether a script is JSON-LD."""
    return "ld+json" in (node.attributes.get("type") or "")


def dated(node: LexborNode, shift: Shift) -> str:
    """The first date in a script, moved; empty without one."""
    match = IN_SCRIPT.search(node.text()[:400_000])
    text = shift.text(match[0]) if match else ""
    return EPOCH_WITHIN.sub(lambda m: shift.number(m[0]) or m[0], text)


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
