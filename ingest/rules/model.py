"""The rule-file format as frozen types: what a site file and a pack may say.

The loader maps YAML onto these, so an unknown key or a wrong type is an error by construction, and the JSON
Schema for editors is generated from them. `docs/rules.md` explains the format to people who never read code.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ingest.records import Kind

Pattern = Annotated[str, Meta(min_length=1, description="A regular expression in RE2 syntax.")]
Css = Annotated[str, Meta(min_length=1, description="A CSS selector.")]
RuleId = Annotated[
    str,
    Meta(
        pattern="^[a-z0-9][a-z0-9-]*$",
        description="Lower-case letters, digits, dashes; unique in the file, never reused.",
    ),
]
Patterns = Pattern | Annotated[list[Pattern], Meta(min_length=1)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Pick(_Strict, frozen=True, kw_only=True):
    """Where a field stands: the text of the matching elements, or one of their attributes."""

    css: Css
    attr: str | None = None


Picks = Css | Pick | Annotated[list[Css | Pick], Meta(min_length=1)]
"""One place or several; the first that finds something wins."""


class When(_Strict, frozen=True, kw_only=True):
    """When a layout holds; every condition given must. Dates are compared with the page's publication day."""

    css: Css | None = None
    media: Literal["html", "text"] | None = None
    published_from: date | None = None
    published_before: date | None = None


class Drop(_Strict, frozen=True, kw_only=True):
    """Elements to take out of the body, by selector (HTML pages)."""

    id: RuleId
    kind: Kind
    css: Css
    note: str | None = None


class Strip(_Strict, frozen=True, kw_only=True):
    """Blocks, or a part of one, to take out by their wording (HTML and text pages alike).

    Exactly one of `line`, `part` and `from` is given. `from` with `through` takes a range and needs its end
    within `at_most` blocks (or the word `end`, for the rest of the page); `from` with `while` takes the
    blocks that follow as long as they match.
    """

    id: RuleId
    kind: Kind
    line: Patterns | None = None
    part: Patterns | None = None
    from_: Patterns | None = msgspec.field(default=None, name="from")
    through: Patterns | None = None
    while_: Patterns | None = msgspec.field(default=None, name="while")
    at_most: Annotated[int, Meta(ge=1, le=200)] = 40
    previous: Patterns | None = None
    next: Patterns | None = None
    where: Literal["head", "tail"] | None = None
    media: Literal["html", "text"] | None = None
    language: str | None = None
    note: str | None = None


class Recognise(_Strict, frozen=True, kw_only=True):
    """What tells that a page without an address is of this site: wording, or an element."""

    text: Pattern | None = None
    css: Css | None = None


class Refuse(_Strict, frozen=True, kw_only=True):
    """What tells that a page is no article at all (an index, a wall, a comment): it becomes a reject.

    Exactly one of `line` (a block's wording) and `css` (an element) is given.
    """

    id: RuleId
    line: Patterns | None = None
    css: Css | None = None
    note: str | None = None


class LinePick(_Strict, frozen=True, kw_only=True):
    """Where a field stands on a text page: a line's whole text, or its group named `value`."""

    line: Patterns


class Describe(_Strict, frozen=True, kw_only=True):
    """The fields of text pages. A line that gave a field is taken out of the body."""

    title: LinePick | None = None
    deck: LinePick | None = None
    authors: LinePick | None = None
    published: LinePick | None = None
    section: LinePick | None = None


class Layout(_Strict, frozen=True, kw_only=True):
    """One look of a site: when it holds, where the article and its fields stand, what to drop inside it."""

    id: RuleId | int
    when: Css | When
    body: Css | Annotated[list[Css], Meta(min_length=1)] | None = None
    title: Picks | None = None
    deck: Picks | None = None
    authors: Picks | None = None
    published: Picks | None = None
    modified: Picks | None = None
    section: Picks | None = None
    tags: Picks | None = None
    drop: list[Drop] = []
    note: str | None = None


class SiteFile(_Strict, frozen=True, kw_only=True):
    """One publisher: `rules/<host>.yaml`."""

    site: Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
    name: str | None = None
    hosts: Annotated[list[Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]], Meta(min_length=1)]
    language: str | None = None
    timezone: str | None = None
    use: list[RuleId] = []
    recognise: list[Recognise] = []
    refuse: list[Refuse] = []
    layouts: list[Layout] = []
    drop: list[Drop] = []
    strip: list[Strip] = []
    describe: Describe = Describe()
    note: str | None = None


class PackFile(_Strict, frozen=True, kw_only=True):
    """Wording shared by many sites, `rules/common/<pack>.yaml`; for sites that `use` it and unknown ones."""

    pack: RuleId
    about: str
    refuse: list[Refuse] = []
    drop: list[Drop] = []
    strip: list[Strip] = []


def as_list(value: str | list[str] | None) -> list[str]:
    """The patterns of a key that takes one or several."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def as_picks(value: Picks | None) -> list[Pick]:
    """The places of a field, in order."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [Pick(css=item) if isinstance(item, str) else item for item in items]


def as_when(value: str | When) -> When:
    """A layout's condition; a bare string is a selector."""
    return When(css=value) if isinstance(value, str) else value
