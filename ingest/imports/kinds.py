"""What an element is that a rule takes out, and what to call the rule, guessed from the words of its selector."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ingest.records import Kind
from ingest.vocabulary import NAMES, VOCABULARY, judge

_WORDS: Final[tuple[tuple[str, Kind], ...]] = (
    ("paywall|piano|premium|metered|regwall|plus-?teaser|donat|spende|fundrais|support-?us|offer-", "plea"),
    ("headline|main-?title|page-?title", "title"),
    ("standfirst|subheadline|dachzeile", "deck"),
)
_TAGS: Final[dict[str, Kind]] = {
    "figcaption": "caption",
    "caption": "caption",
    "time": "date",
    "nav": "nav",
    "h1": "title",
}
_ACCENT = re.compile(r"[^a-z0-9]+")
_NAMED = re.compile(r"""[.#]((?:[\w-]|\\.)+)|["']([^"']+)["']""")
_TAG = re.compile(r"(?:^|[\s>+~,(])([a-z][a-z0-9]*)")
_STRINGS = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
MAX_ID_CHARS: Final = 40


def names_in(css: str) -> list[str]:
    """The class names, ids and quoted values of a selector, in order."""
    return [first or second for first, second in _NAMED.findall(css)]


def guess_kind(css: str, default: Kind = "furniture") -> Kind:
    """The kind of what a selector finds, by its names from the last to the first, then by its last tag."""
    names = names_in(css)
    for name in reversed(names):
        for pattern, kind in _WORDS:
            if re.search(pattern, name, re.IGNORECASE):
                return kind
        if category := judge(name).category:
            return VOCABULARY.categories[NAMES[category]].kind
    tags = _TAG.findall(_STRINGS.sub("", css))
    return _TAGS.get(tags[-1], default) if tags else default


def make_id(css: str) -> str:
    """A readable rule id: the selector's last name, else its last tags."""
    for name in reversed(names_in(css)):
        if slug := _slug(name):
            return slug
    tags = _TAG.findall(_STRINGS.sub("", css))
    return _slug("-".join(tags[-2:])) or "element"


def unique_id(wanted: str, taken: Callable[[str], bool]) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` … that is free."""
    if not taken(wanted):
        return wanted
    number = 2
    while taken(f"{wanted}-{number}"):
        number += 1
    return f"{wanted}-{number}"


def _slug(text: str) -> str:
    return _ACCENT.sub("-", text.lower())[:MAX_ID_CHARS].strip("-")
