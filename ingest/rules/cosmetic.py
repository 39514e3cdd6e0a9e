"""Cosmetic filters (`example.com##.notice`) as a pack of selectors, found by the names on a page, not by queries.

read_cosmetics    the pack's JSON -> CosmeticFile, or every mistake in it
CosmeticIndex     packs -> the filters by class, id and tag; which of a page's elements they hide

A page of a few hundred elements asks a few hundred dictionary questions, however many filters there are.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from msgspec import Meta

from ingest.errors import Mistake
from ingest.labels import Label
from ingest.records import Kind
from ingest.rules.match import PatternSet, check_css
from ingest.rules.model import RuleId

EVERYWHERE: Final = ""
MAX_PARTS: Final = 8
CACHED_HOSTS: Final = 1 << 10
MAX_FILE_BYTES: Final = 64 << 20
MAX_ID_CHARS: Final = 40

Filter = Annotated[str, Meta(min_length=3, description="example.com,~shop.example.com##.notice")]


class CosmeticFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack of cosmetic filters, `cosmetic/<pack>.json`: filters by kind, and exceptions (`example.com#@#.notice`)."""

    pack: RuleId
    about: str
    filters: dict[Kind, list[Filter]]
    exceptions: list[Filter] = []


class Part(NamedTuple):
    """One compound of a selector. `child`: what is left of it must be the parent, not any ancestor.

    `tests` are (`class` or `id`, operator, value).
    """

    tag: str
    identity: str
    classes: tuple[str, ...]
    tests: tuple[tuple[str, str, str], ...]
    child: bool

    @property
    def is_bare(self) -> bool:
        """Whether it asks for classes and nothing else."""
        return bool(self.classes) and not (self.tag or self.identity or self.tests)


class CosmeticFilter(NamedTuple):
    """A filter; `parts` is `None` for selectors that have to be asked of the page."""

    css: str
    kind: Kind
    pack: str
    hosts: tuple[str, ...]
    not_hosts: tuple[str, ...]
    parts: tuple[Part, ...] | None

    @property
    def label(self) -> Label:
        """What the filter stamps on texts it takes out."""
        return _label(self.pack, self.css, self.kind)


@lru_cache(maxsize=1 << 14)
def _label(pack: str, css: str, kind: Kind) -> Label:
    """The stable name: words of the selector and six digits of its hash."""
    words = re.sub(r"[^a-z0-9]+", "-", css.lower())[:MAX_ID_CHARS].strip("-")
    digits = hashlib.blake2b(css.encode(), digest_size=3).hexdigest()
    return Label(f"{pack}/{words}-{digits}".replace("/-", "/"), kind)


# -- selectors -----------------------------------------------------------------------------------------------

_IDENTIFIER = r"(?:[\w-]|[^\x00-\x7f]|\\.)+"
_SIMPLE = re.compile(
    rf"""\.(?P<class>{_IDENTIFIER})|\#(?P<id>{_IDENTIFIER})"""
    r"""|\[(?P<attr>class|id)(?P<operator>[*^$~]?=)"(?P<value>[^"\\]+)"\]"""
)
_TAG = re.compile(r"[a-z][a-z0-9-]*|\*", re.IGNORECASE)
_COMBINATOR = re.compile(r"\s*>\s*|\s+")
_ESCAPE = re.compile(r"\\(.)")
_MARKER = re.compile(r"#@?#")
_DOMAIN = re.compile(r"~?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:\.\*)?")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_TOO_WIDE: Final = frozenset({"", "*", "html", "body"})


def parse_selector(css: str) -> tuple[Part, ...] | None:
    """The compounds from left to right, of a selector made of tags, classes, ids, ` ` and `>` alone; else `None`."""
    parts: list[Part] = []
    position, child = 0, False
    while position < len(css):
        tag = _TAG.match(css, position)
        position = tag.end() if tag else position
        identity, classes, tests = "", [], []
        while simple := _SIMPLE.match(css, position):
            position = simple.end()
            if simple["class"]:
                classes.append(_ESCAPE.sub(r"\1", simple["class"]))
            elif simple["id"]:
                identity = _ESCAPE.sub(r"\1", simple["id"])
            else:
                tests.append((simple["attr"], simple["operator"], simple["value"]))
        name = tag[0].lower() if tag else ""
        if not (name or identity or classes or tests):
            return None
        parts.append(Part("" if name == "*" else name, identity, tuple(classes), tuple(tests), child))
        if position == len(css):
            break
        combinator = _COMBINATOR.match(css, position)
        if combinator is None:
            return None
        child = ">" in combinator[0]
        position = combinator.end()
        if position == len(css):
            return None
    return tuple(parts) if 0 < len(parts) <= MAX_PARTS else None


def is_too_wide(parts: tuple[Part, ...]) -> bool:
    """Whether a selector finds whole pages."""
    last = parts[-1]
    return last.tag in _TOO_WIDE and not (last.identity or last.classes or last.tests)


# -- reading -------------------------------------------------------------------------------------------------


class ReadCosmetics(NamedTuple):
    """A pack with its compiled filters, or the mistakes in it; exceptions are (hosts, selector)."""

    value: CosmeticFile | None
    filters: tuple[CosmeticFilter, ...]
    exceptions: tuple[tuple[tuple[str, ...], str], ...]
    mistakes: list[Mistake]


def read_cosmetics(file: str, data: bytes) -> ReadCosmetics:
    """The pack in a JSON file; every mistake is reported with the place of its filter in the lists."""
    if len(data) > MAX_FILE_BYTES:
        return _wrong(file, f"the file is over {MAX_FILE_BYTES:,} bytes")
    try:
        value = msgspec.json.decode(data, type=CosmeticFile)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        message = str(error)
        return _wrong(file, message[0].lower() + message[1:])
    mistakes: list[Mistake] = []
    filters = []
    for kind, lines in value.filters.items():
        for number, line in enumerate(lines):
            found = compile_filter(line, kind, value.pack)
            if isinstance(found, CosmeticFilter):
                filters.append(found)
            else:
                mistakes.append(Mistake(file, 1, 1, f"`filters.{kind}[{number}]`: {found}"))
    exceptions = []
    for number, line in enumerate(value.exceptions):
        domains, _, css = _split(line)
        if not is_exception(line):
            mistakes.append(
                Mistake(file, 1, 1, f"`exceptions[{number}]`: `{line}` is no `domains#@#selector`")
            )
        exceptions.append((domains or (EVERYWHERE,), css))
    return ReadCosmetics(None if mistakes else value, tuple(filters), tuple(exceptions), mistakes)


def is_exception(line: str) -> bool:
    """Whether a line is `domains#@#selector`."""
    domains, marker, _ = _split(line)
    return marker == "#@#" and all(map(_DOMAIN.fullmatch, domains))


def _wrong(file: str, message: str) -> ReadCosmetics:
    return ReadCosmetics(None, (), (), [Mistake(file, 1, 1, message)])


def _split(line: str) -> tuple[tuple[str, ...], str, str]:
    marker = _MARKER.search(line)
    if marker is None:
        return (), "", line
    return tuple(filter(None, line[: marker.start()].split(","))), marker[0], line[marker.end() :]


def compile_filter(line: str, kind: Kind, pack: str) -> CosmeticFilter | str:
    """The filter of a line `domains##selector`, or what is wrong with it."""
    domains, marker, css = _split(line)
    if marker != "##":
        return f"`{line}` is no `domains##selector`"
    if wrong := [domain for domain in domains if not _DOMAIN.fullmatch(domain)]:
        return f"`{wrong[0]}` is no domain"
    hosts = tuple(domain for domain in domains if not domain.startswith("~"))
    not_hosts = tuple(domain[1:] for domain in domains if domain.startswith("~"))
    parts = parse_selector(css)
    if parts is not None and is_too_wide(parts):
        return f"`{css}` finds whole pages"
    if parts is None and not hosts:
        return f"`{css}` would have to be asked of every page"
    if parts is None and (problem := check_css(css)):
        return problem
    return CosmeticFilter(css, kind, pack, hosts, not_hosts, parts)


# -- matching ------------------------------------------------------------------------------------------------


class Elements(NamedTuple):
    """A page's elements as parallel lists, parents first: index of the parent, number of the tag, class as written.

    `identity` has the ids of those that have one; `tag_names` the names of the tags' numbers.
    """

    parent: Sequence[int]
    tag: Sequence[int]
    classes: Sequence[str]
    identity: Mapping[int, str]
    tag_names: Mapping[int, str]


class _Page:
    """The names on a page: which there are, and on which elements."""

    def __init__(self, elements: Elements) -> None:
        self.elements = elements
        self.classes = dict.fromkeys(elements.classes)
        self.ids = dict.fromkeys(elements.identity.values())
        self.keys = {f"#{identity}" for identity in self.ids}
        self.keys.update(*map(_class_keys, self.classes))
        self.tag_numbers = {elements.tag_names.get(tag, ""): tag for tag in set(elements.tag)}
        self.joined = {"class": _joined(self.classes), "id": _joined(self.ids)}

    def candidates(self, part: Part) -> list[int]:
        """The elements among which those of a compound are."""
        elements = self.elements
        if part.identity:
            return [index for index, identity in elements.identity.items() if identity == part.identity]
        if part.classes:
            first, wanted = part.classes[0], {f".{name}" for name in part.classes}
            holding = [n for n in self.classes if first in n and wanted.issubset(_class_keys(n))]
            return [index for names in holding for index in self.by_classes[names]]
        if part.tests:
            attr, operator, value = part.tests[0]
            if attr == "id":
                return [i for i, identity in elements.identity.items() if _holds(operator, value, identity)]
            return [
                i for names, found in self.by_classes.items() if _holds(operator, value, names) for i in found
            ]
        return _places(elements.tag, self.tag_numbers[part.tag]) if part.tag in self.tag_numbers else []

    @cached_property
    def by_classes(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {names: [] for names in self.classes}
        for index, names in enumerate(self.elements.classes):
            found[names].append(index)
        return found


def _places(values: Sequence[Any], value: Any) -> list[int]:
    """Where a value stands in a list; the list's own search is the fastest there is."""
    places: list[int] = []
    with suppress(ValueError):
        while True:
            places.append(values.index(value, places[-1] + 1 if places else 0))
    return places


@lru_cache(maxsize=1 << 16)
def _class_keys(names: str) -> tuple[str, ...]:
    return tuple(f".{name}" for name in names.split())


def _joined(names: Iterable[str]) -> str:
    """All names in one text, so that one look finds every piece of a name that any filter asks for."""
    return "\n" + "\n".join(name.replace("\n", " ") for name in names) + "\n"


class _Keyed:
    """Filters by a name that must be on the page for them to match: the rarest of each filter's names."""

    def __init__(self, filters: Iterable[CosmeticFilter]) -> None:
        self.filters = list(filters)
        self.by_key: dict[str, list[int]] = {}
        self.by_tag: dict[str, list[int]] = {}
        self.queries: list[CosmeticFilter] = []
        pieces: dict[str, list[tuple[int, str]]] = {"class": [], "id": []}
        counts = Counter(key for rule in self.filters for key in _keys_of(rule))
        for number, rule in enumerate(self.filters):
            if rule.parts is None:
                self.queries.append(rule)
            elif keys := _keys_of(rule):
                self.by_key.setdefault(min(keys, key=lambda key: (counts[key], key)), []).append(number)
            elif tests := [test for part in rule.parts for test in part.tests]:
                pieces[tests[-1][0]].append((number, _pattern(*tests[-1])))
            else:
                self.by_tag.setdefault(rule.parts[-1].tag, []).append(number)
        self._pieces = {attr: PatternSet(patterns) for attr, patterns in pieces.items() if patterns}

    def on(self, page: _Page) -> Iterator[CosmeticFilter]:
        """The filters that may match on a page, in their order."""
        numbers = {number for key in self.by_key.keys() & page.keys for number in self.by_key[key]}
        for attr, patterns in self._pieces.items():
            numbers.update(patterns.match(page.joined[attr]))
        if self.by_tag:
            numbers.update(
                number for tag in self.by_tag.keys() & page.tag_numbers.keys() for number in self.by_tag[tag]
            )
        return (self.filters[number] for number in sorted(numbers))


def _keys_of(rule: CosmeticFilter) -> list[str]:
    parts = rule.parts or ()
    classes = [f".{name}" for part in parts for name in part.classes]
    return classes + [f"#{part.identity}" for part in parts if part.identity]


def _pattern(attr: str, operator: str, value: str) -> str:
    """What a test on names looks like in all names of a page, a line each."""
    literal = _PUNCTUATION.sub(r"\\\g<0>", value)
    return {"^=": f"\n{literal}", "$=": f"{literal}\n", "=": f"\n{literal}\n"}.get(operator, literal)


class CosmeticIndex:
    """All packs of cosmetic filters, ready to be asked page by page. `digest` tells what they mean."""

    def __init__(self, packs: Sequence[ReadCosmetics]) -> None:
        self.packs = tuple(pack.value for pack in packs if pack.value is not None)
        self._filters = [rule for pack in packs for rule in pack.filters]
        self._excepted: dict[str, set[str]] = {}
        for pack in packs:
            for hosts, css in pack.exceptions:
                for host in hosts:
                    self._excepted.setdefault(host, set()).add(css)
        for rule in self._filters:
            for host in rule.not_hosts if not rule.hosts else ():
                self._excepted.setdefault(host, set()).add(rule.css)
        everywhere = self._excepted.get(EVERYWHERE, set())
        self._generic = _Keyed(r for r in self._filters if not r.hosts and r.css not in everywhere)
        self._by_host: dict[str, list[CosmeticFilter]] = {}
        for rule in self._filters:
            for host in rule.hosts:
                self._by_host.setdefault(host, []).append(rule)
        self._of_host: dict[str, tuple[_Keyed, frozenset[str]]] = {}

    @cached_property
    def digest(self) -> str:
        """128 bits over what the packs say, in hex."""
        content = msgspec.json.encode(self.packs, order="deterministic")
        return hashlib.blake2b(content, digest_size=16).hexdigest()

    def __len__(self) -> int:
        return len(self._filters)

    def match(self, elements: Elements, host: str | None) -> dict[int, Label]:
        """The elements that a filter hides, by index, each with the first filter that does."""
        hidden: dict[int, Label] = {}
        page = _Page(elements)
        own, excepted = self._for_host(host or "")
        for rule in (*own.on(page), *self._generic.on(page)):
            if rule.parts is None or rule.css in excepted:
                continue
            found = page.candidates(rule.parts[-1])
            if len(rule.parts) > 1 or not rule.parts[-1].is_bare:
                found = [index for index in found if _matches(rule.parts, index, elements)]
            for index in found:
                hidden.setdefault(index, rule.label)
        return hidden

    def queries(self, host: str | None) -> list[tuple[str, Label]]:
        """The host's own filters that have to be asked of the page, as selectors."""
        own, excepted = self._for_host(host or "")
        return [(rule.css, rule.label) for rule in own.queries if rule.css not in excepted]

    def _for_host(self, host: str) -> tuple[_Keyed, frozenset[str]]:
        found = self._of_host.get(host)
        if found is None:
            names = _names_of_host(host)
            rules = [rule for name in names for rule in self._by_host.get(name, ())]
            own = _Keyed(dict.fromkeys(r for r in rules if not names & set(r.not_hosts)))
            excepted = frozenset().union(*(self._excepted.get(name, ()) for name in (EVERYWHERE, *names)))
            if len(self._of_host) >= CACHED_HOSTS:
                self._of_host.clear()
            found = self._of_host[host] = (own, excepted)
        return found


def _names_of_host(host: str) -> KeysView[str]:
    """A host and its parent domains, and each with any ending: `news.example.co.uk` is of `example.*`."""
    labels = host.lower().split(".") if host else []
    names: dict[str, None] = {}
    for start in range(len(labels)):
        names[".".join(labels[start:])] = None
        for end in (len(labels) - 1, len(labels) - 2):
            if start < end:
                names[".".join(labels[start:end]) + ".*"] = None
    return names.keys()


def _matches(parts: tuple[Part, ...], index: int, elements: Elements) -> bool:
    """Whether the element matches, its ancestors tried from the right.

    `ends` holds the ancestors that the compounds so far can end at; they lie on one line, the lowest has them all.
    """
    if not _matches_part(parts[-1], index, elements):
        return False
    ends = [index]
    for right, part in zip(reversed(parts), reversed(parts[:-1]), strict=False):
        parents = [elements.parent[end] for end in ends]
        above = parents if right.child else _ancestors(ends[0], elements.parent)
        ends = [end for end in above if end >= 0 and _matches_part(part, end, elements)]
        if not ends:
            return False
    return True


def _ancestors(index: int, parent: Sequence[int]) -> list[int]:
    found = []
    while (index := parent[index]) >= 0:
        found.append(index)
    return found


def _matches_part(part: Part, index: int, elements: Elements) -> bool:
    if part.tag and part.tag != elements.tag_names.get(elements.tag[index]):
        return False
    if part.identity and part.identity != elements.identity.get(index):
        return False
    names = elements.classes[index]
    if part.classes and not set(part.classes) <= set(names.split()):
        return False
    return all(
        _holds(operator, value, names if attr == "class" else elements.identity.get(index, ""))
        for attr, operator, value in part.tests
    )


def _holds(operator: str, value: str, text: str) -> bool:
    if operator == "^=":
        return text.startswith(value)
    if operator == "$=":
        return text.endswith(value)
    if operator == "*=":
        return value in text
    return value in text.split() if operator == "~=" else text == value
