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
Name = Annotated[str, Meta(min_length=1)]
Patterns = Pattern | Annotated[list[Pattern], Meta(min_length=1)]


def says(description: str) -> Meta:
    """What an editor shows beside a key."""
    return Meta(description=description)


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Pick(_Strict, frozen=True, kw_only=True):
    """Where a field stands: on the page (`css`, with `attr` for an attribute instead of the text), or in its data.

    Exactly one of `css`, `json_ld` and `meta` is given.
    """

    css: Annotated[Css | None, says("Elements whose text, or attribute, is the value.")] = None
    attr: Annotated[str | None, says("Take this attribute of the elements instead of their text.")] = None
    json_ld: Annotated[
        Name | None,
        says("A property of the page's JSON-LD article, such as `headline`; of an object its name."),
    ] = None
    meta: Annotated[Name | None, says("The name or property of a meta tag, such as `og:title`.")] = None


Picks = Css | Pick | Annotated[list[Css | Pick], Meta(min_length=1)]
"""One place or several; the first that finds something wins."""


class When(_Strict, frozen=True, kw_only=True):
    """When a layout holds; every condition given must. Dates are compared with the page's publication day."""

    css: Annotated[Css | None, says("Something on the page matches this.")] = None
    media: Annotated[Literal["html", "text"] | None, says("The page is of this type.")] = None
    published_from: Annotated[date | None, says("The page was published on that day or later.")] = None
    published_before: Annotated[date | None, says("The page was published before that day.")] = None


class Drop(_Strict, frozen=True, kw_only=True):
    """Elements to take out of the body, by selector (HTML pages)."""

    id: RuleId
    kind: Annotated[Kind, says("What the removed text is.")]
    css: Annotated[Css, says("The elements, with everything inside.")]
    note: Annotated[str | None, says("For people: what it is, what it might wrongly take.")] = None


class Strip(_Strict, frozen=True, kw_only=True):
    """Blocks, or a part of one, to take out by their wording (HTML and text pages alike).

    Exactly one of `line`, `part` and `from` is given. `from` with `through` takes a range and needs its end
    within `at_most` blocks (or the word `end`, for the rest of the page); `from` with `while` takes the
    blocks that follow as long as they match.
    """

    id: RuleId
    kind: Annotated[Kind, says("What the removed text is.")]
    line: Annotated[Patterns | None, says("Takes every block that matches.")] = None
    part: Annotated[
        Patterns | None,
        says("Takes only what matches out of the block; with a group `cut`, only that group."),
    ] = None
    from_: Annotated[Patterns | None, says("Where a range begins; goes with `through` or `while`.")] = (
        msgspec.field(default=None, name="from")
    )
    through: Annotated[
        Patterns | None, says("Where the range ends, that block included; `end` is the end of the page.")
    ] = None
    while_: Annotated[Patterns | None, says("Takes the blocks after `from` as long as they match.")] = (
        msgspec.field(default=None, name="while")
    )
    at_most: Annotated[
        int, Meta(ge=1, le=200, description="The most blocks a range may have; a longer one takes nothing.")
    ] = 40
    previous: Annotated[Patterns | None, says("Only where the block directly before matches.")] = None
    next: Annotated[Patterns | None, says("Only where the block directly after matches.")] = None
    where: Annotated[
        Literal["head", "tail"] | None,
        says("Only before the article's first paragraph (`head`), or only behind its last (`tail`)."),
    ] = None
    media: Annotated[Literal["html", "text"] | None, says("Only in pages of this type.")] = None
    language: Annotated[str | None, says("For people: the language of the wording.")] = None
    note: Annotated[str | None, says("For people: what it is, what it might wrongly take.")] = None


class Recognise(_Strict, frozen=True, kw_only=True):
    """What tells that a page without an address is of this site: wording, or an element."""

    text: Annotated[
        Pattern | None, says("Searched in the whole page; `^` and `$` are the ends of any line.")
    ] = None
    css: Annotated[Css | None, says("An element that only this site has.")] = None


class Refuse(_Strict, frozen=True, kw_only=True):
    """What tells that a page is no article at all (an index, a wall, a comment): it becomes a reject.

    Exactly one of `line` (a block's wording) and `css` (an element) is given.
    """

    id: RuleId
    line: Annotated[Patterns | None, says("A block anywhere on the page.")] = None
    css: Annotated[Css | None, says("An element anywhere on the page.")] = None
    note: Annotated[str | None, says("For people: which pages these are.")] = None


class LinePick(_Strict, frozen=True, kw_only=True):
    """Where a field stands on a text page: a line's whole text, or its group named `value`."""

    line: Annotated[Patterns, says("How the line looks; the value is its group `value`, else all of it.")]


class Describe(_Strict, frozen=True, kw_only=True):
    """The fields of text pages. A line that gave a field is taken out of the body."""

    title: Annotated[LinePick | None, says("The headline.")] = None
    deck: Annotated[LinePick | None, says("The summary under the headline.")] = None
    authors: Annotated[LinePick | None, says("Who wrote it.")] = None
    published: Annotated[LinePick | None, says("When it was published.")] = None
    section: Annotated[LinePick | None, says("The section of the paper.")] = None


class Layout(_Strict, frozen=True, kw_only=True):
    """One look of a site: when it holds, where the article and its fields stand, what to drop inside it."""

    id: Annotated[RuleId | int, says("A year or a short name; becomes the column `layout`.")]
    when: Annotated[Css | When, says("When this layout holds; the first that does is used.")]
    body: Annotated[
        Css | Annotated[list[Css], Meta(min_length=1)] | None,
        says("What holds the article; the first of a list that finds something."),
    ] = None
    title: Annotated[Picks | None, says("The headline.")] = None
    deck: Annotated[Picks | None, says("The summary under the headline.")] = None
    authors: Annotated[Picks | None, says("Who wrote it, one name or byline a place.")] = None
    published: Annotated[Picks | None, says("When it was published.")] = None
    modified: Annotated[Picks | None, says("When it was last changed.")] = None
    section: Annotated[Picks | None, says("The section of the paper.")] = None
    tags: Annotated[Picks | None, says("The topics, one a place.")] = None
    drop: Annotated[list[Drop], says("Elements to take out of the body.")] = []
    note: Annotated[str | None, says("For people: which pages these are.")] = None


class SiteFile(_Strict, frozen=True, kw_only=True):
    """One publisher: `rules/<host>.yaml`."""

    site: Annotated[
        Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")],
        says("The site's host, which is also the file's name; the first half of its rules' names."),
    ]
    name: Annotated[str | None, says("The publication's name; becomes the column `publisher`.")] = None
    hosts: Annotated[
        Annotated[list[Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]], Meta(min_length=1)],
        says("The hosts whose pages these rules are for, each with all below it."),
    ]
    language: Annotated[
        str | None, says("The language of its pages where they do not say it, such as `en`.")
    ] = None
    timezone: Annotated[str | None, says("The zone of dates that carry none, such as `Europe/London`.")] = (
        None
    )
    use: Annotated[list[RuleId], says("Packs: wording shared by many sites.")] = []
    recognise: Annotated[list[Recognise], says("How to tell a page that has no address.")] = []
    refuse: Annotated[list[Refuse], says("Pages that are no article.")] = []
    layouts: Annotated[
        list[Layout], says("The looks of the site over the years; the first whose `when` holds.")
    ] = []
    drop: Annotated[list[Drop], says("Elements to take out of the body, whatever the layout.")] = []
    strip: Annotated[list[Strip], says("Lines to take out by their wording.")] = []
    describe: Annotated[Describe, says("Where text pages carry their fields.")] = Describe()
    note: Annotated[str | None, says("For people.")] = None


class PackFile(_Strict, frozen=True, kw_only=True):
    """Wording shared by many sites, `rules/common/<pack>.yaml`; for sites that `use` it and unknown ones."""

    pack: Annotated[RuleId, says("The pack's name, which is also the file's.")]
    about: Annotated[str, says("One sentence on what it takes.")]
    refuse: Annotated[list[Refuse], says("Pages that are no article.")] = []
    drop: Annotated[list[Drop], says("Elements to take out of the body.")] = []
    strip: Annotated[list[Strip], says("Lines to take out by their wording.")] = []


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
