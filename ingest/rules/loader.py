"""The one strict door for rule files: YAML text in, frozen types out, every mistake with its line and column.

read_yaml     text -> plain values, and where each stands
_shape        plain values -> SiteFile | PackFile; collects every wrong key and value, not just the first
check         what types cannot say: patterns and selectors compile, ids are unique, packs exist
"""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml

from ingest.errors import Mistake
from ingest.records import KINDS
from ingest.rules.match import check_css, check_pattern
from ingest.rules.model import Drop, PackFile, Pick, Refuse, SiteFile, Strip, as_list, as_picks, as_when

MAX_FILE_CHARS = 1_000_000
MAX_DEPTH = 40
MAX_MISTAKES = 200
UNKNOWN_KEY = re.compile(r"Object contains unknown field `(.*)`")
MISSING_KEY = re.compile(r"Object missing required field `(.*)`")
PLAIN_WORDS = {
    "str": "text",
    "int": "whole number",
    "array": "list",
    "object": "mapping",
    "bool": "true or false",
}

Path_ = tuple[str | int, ...]
FileType = TypeVar("FileType", SiteFile, PackFile)


class Place(NamedTuple):
    """A position in a rule file, counted from 1."""

    line: int
    column: int


class Source(NamedTuple):
    """A rule file's plain values and the place of every value (`places`) and every key (`keys`)."""

    file: str
    value: Any
    places: dict[Path_, Place]
    keys: dict[Path_, Place]

    def mistake(self, path: Path_, message: str) -> Mistake:
        """The message at the nearest place that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path, Place(1, 1))
        return Mistake(self.file, place.line, place.column, message)


class Loaded(NamedTuple, Generic[FileType]):
    """A rule file: its value, or every mistake in it. `source` knows the places for checks across files."""

    value: FileType | None
    mistakes: list[Mistake]
    source: Source | None


def load_file(file: str, text: str, kind: type[FileType]) -> Loaded[FileType]:
    """The rule file as its type; the value is `None` when there is any mistake."""
    source, mistakes = read_yaml(file, text)
    if source is None:
        return Loaded(None, mistakes, None)
    value, wrong, source = _shape(source, kind)
    mistakes += wrong
    if value is not None:
        mistakes += check(value, source)
    return Loaded(None if mistakes else value, sorted(set(mistakes)), source)


# -- YAML ----------------------------------------------------------------------------------------------------


def read_yaml(file: str, text: str) -> tuple[Source | None, list[Mistake]]:
    """Plain values of a YAML text with their places; double keys, aliases, bad syntax are mistakes."""
    if len(text) > MAX_FILE_CHARS:
        return None, [Mistake(file, 1, 1, f"the file is over {MAX_FILE_CHARS:,} characters; split it")]
    source = Source(file, None, {}, {})
    mistakes: list[Mistake] = []
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                message = "anchors and aliases (& and *) are not allowed in rule files; write the value out"
                return None, [Mistake(file, *_place(event.start_mark), message)]
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:  # before the nodes are made, which takes the square of the depth
                return None, [Mistake(file, *_place(event.start_mark), "nested too deep")]
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        return None, [Mistake(file, *place, f"not valid YAML: {error.problem or error.context}")]
    except (yaml.YAMLError, RecursionError) as error:
        return None, [Mistake(file, 1, 1, f"not valid YAML: {error}")]
    if node is None:
        return None, [Mistake(file, 1, 1, "the file is empty; `ingest rules schema` prints what it may hold")]
    value = _plain(node, (), source, mistakes)
    return source._replace(value=value), mistakes


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _plain(node: yaml.Node, path: Path_, source: Source, mistakes: list[Mistake]) -> Any:
    place = _place(node.start_mark)
    source.places[path] = place
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            key_place = _place(key_node.start_mark)
            if key in result:
                mistakes.append(Mistake(source.file, *key_place, f"`{key}` is given twice"))
                continue
            source.keys[(*path, key)] = key_place
            result[key] = _plain(value_node, (*path, key), source, mistakes)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), source, mistakes) for index, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    """Quoted text stays text; of plain words only numbers, dates, true, false and null are anything else.

    YAML 1.1 reads `no` as false, which is also the code of Norwegian; here it stays a word.
    """
    text = str(node.value)
    if getattr(node, "style", None):
        return text
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return {"true": True, "false": False, "null": None, "": None, "~": None}.get(text, text)


# -- types ---------------------------------------------------------------------------------------------------


def _shape(source: Source, kind: type[FileType]) -> tuple[FileType | None, list[Mistake], Source]:
    """What of the file has the right shape, and every mistake in the rest.

    After each mistake what it is about is put aside and the conversion goes on, so that all are reported
    together; the source that comes back is without those parts.
    """
    mistakes: list[Mistake] = []
    filled: set[Path_] = set()
    for _ in range(MAX_MISTAKES):
        try:
            return msgspec.convert(source.value, kind), mistakes, source
        except msgspec.ValidationError as error:
            where: Path_
            where, message = _parse_error(str(error))
            missing = MISSING_KEY.match(message)
            if where in filled:  # the stand-in is no good there: nothing can be said of what lacks the key
                where = where[:-1]
            elif missing and (*where, missing[1]) not in filled:
                if (*where, missing[1]) not in source.keys:  # else reported when it was put aside
                    mistakes.append(_explain(source, kind, where, message))
                source = _fill(source, where, missing[1])
                filled.add((*where, missing[1]))
                continue
            else:
                mistakes.append(_explain(source, kind, where, message))
            if unknown := UNKNOWN_KEY.match(message):
                where = (*where, unknown[1])
            if not where:
                break
            source = _put_aside(source, where)
    return None, mistakes, source


def _fill(source: Source, path: Path_, key: str) -> Source:
    """The file with a stand-in for a key that what stands at the path must have, so that the rest can be checked."""
    stand_ins = {
        "hosts": ["missing.invalid"],
        "id": "-".join(("missing", *map(str, path))),
        "kind": KINDS[0],
        "css": "a",
        "when": "a",
        "line": "a",
        "about": "missing",
    }
    value = copy.deepcopy(source.value)
    parent = value
    for step in path:
        parent = parent[step]
    parent[key] = stand_ins.get(key, Path(source.file).stem)
    return source._replace(value=value)


def _parse_error(text: str) -> tuple[Path_, str]:
    """msgspec's message and its path: "... - at `$.strip[3].kind`"."""
    message, _, where = text.rpartition(" - at `$")
    if not message:
        return (), text
    steps = re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]|\[\.\.\.\]", where.rstrip("`"))
    return tuple(int(number) if number else name for name, number in steps), message


def _explain(source: Source, kind: type[Any], path: Path_, message: str) -> Mistake:
    if unknown := UNKNOWN_KEY.match(message):
        key = unknown[1]
        place = source.keys.get((*path, key)) or source.places.get(path) or Place(1, 1)
        return Mistake(source.file, *place, f"unknown key `{key}`{_suggest(key, _keys_at(kind, path))}")
    if missing := MISSING_KEY.match(message):
        return source.mistake(path, f"`{missing[1]}` is missing here")
    if wrong := re.match(r"Invalid enum value '(.*)'", message):
        allowed = _allowed_words(path)
        hint = _suggest(wrong[1], allowed)
        return source.mistake(path, f"`{wrong[1]}` is not one of {', '.join(allowed)}{hint}")
    message = re.sub(r"`([a-z |]+)`", _in_plain_words, message)
    return source.mistake(path, message[0].lower() + message[1:])


def _in_plain_words(types: re.Match[str]) -> str:
    """msgspec's "`str | array | null`" in the words of `docs/rules.md`."""
    names = [PLAIN_WORDS.get(name, name) for name in types[1].split(" | ") if name != "null"]
    return " or ".join(names or ["null"])


def _suggest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else f"; known here: {', '.join(known)}" if known else ""


def _keys_at(kind: type[Any], path: Path_) -> list[str]:
    """The keys the format knows at a path."""
    types: list[Any] = [kind]
    for step in path:
        if isinstance(step, int):
            continue
        fields = [f for t in types for f in msgspec.structs.fields(t) if f.encode_name == step]
        types = [t for field in fields for t in _structs_in(field.type)]
    return sorted({f.encode_name for t in types for f in msgspec.structs.fields(t)})


def _structs_in(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for part in get_args(annotation):
        yield from _structs_in(part)


def _allowed_words(path: Path_) -> list[str]:

    names = {"kind": list(KINDS), "media": ["html", "text"], "where": ["head", "tail"]}
    return names.get(str(path[-1]) if path else "", [])


def _put_aside(source: Source, path: Path_) -> Source:
    """The file without the key or list item at a path; places of later items move up with them.

    The place of a key put aside stays known, so that nobody reports it as missing.
    """
    value = copy.deepcopy(source.value)
    parent, last = value, path[-1]
    for step in path[:-1]:
        parent = parent[step]
    if (
        isinstance(parent, dict) and last not in parent
    ):  # a missing key cannot be put aside, what lacks it can
        return _put_aside(source, path[:-1])
    del parent[last]

    def moved(places: dict[Path_, Place]) -> dict[Path_, Place]:
        result, depth = {}, len(path) - 1
        for key, place in places.items():
            if key[:depth] != path[:depth] or len(key) <= depth or (places is source.keys and key == path):
                result[key] = place
            elif key[depth] != last:
                step = key[depth]
                later = isinstance(step, int) and isinstance(last, int) and step > last
                result[
                    (*path[:depth], step - 1 if later and isinstance(step, int) else step, *key[depth + 1 :])
                ] = place
        return result

    return source._replace(value=value, places=moved(source.places), keys=moved(source.keys))


# -- what types cannot say -----------------------------------------------------------------------------------


def check(rules: SiteFile | PackFile, source: Source) -> list[Mistake]:
    """Mistakes of sense: patterns, selectors, ids, shapes of rules, zones."""
    mistakes = [*_check_ids(rules, source)]
    for index, rule in enumerate(rules.strip):
        mistakes += _check_strip(rule, ("strip", index), source)
    for index, refuse in enumerate(rules.refuse):
        mistakes += _check_refuse(refuse, ("refuse", index), source)
    for index, drop in enumerate(rules.drop):
        mistakes += _check_selector(drop.css, ("drop", index, "css"), source)
    if isinstance(rules, SiteFile):
        mistakes += _check_site(rules, source)
    return mistakes


def _check_ids(rules: SiteFile | PackFile, source: Source) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for path, rule in _rules_of(rules):
        where = source.places.get((*path, "id"), Place(1, 1))
        if rule.id in seen:
            message = f"the id `{rule.id}` is already used {seen[rule.id]}; ids are unique in a file"
            yield source.mistake((*path, "id"), message)
        seen.setdefault(rule.id, f"on line {where.line}")
    if isinstance(rules, SiteFile):
        layouts = [str(layout.id) for layout in rules.layouts]
        for index, name in enumerate(layouts):
            if name in layouts[:index]:
                yield source.mistake(("layouts", index, "id"), f"two layouts are called `{name}`")


def _rules_of(rules: SiteFile | PackFile) -> Iterator[tuple[Path_, Drop | Strip | Refuse]]:
    for index, refuse in enumerate(rules.refuse):
        yield ("refuse", index), refuse
    for index, drop in enumerate(rules.drop):
        yield ("drop", index), drop
    for number, layout in enumerate(getattr(rules, "layouts", [])):
        for index, drop in enumerate(layout.drop):
            yield ("layouts", number, "drop", index), drop
    for index, strip in enumerate(rules.strip):
        yield ("strip", index), strip


def _check_strip(rule: Strip, path: Path_, source: Source) -> Iterator[Mistake]:
    values = {"line": rule.line, "part": rule.part, "from": rule.from_}
    given = [name for name, value in values.items() if value]
    if len(given) != 1:
        what = " and ".join(f"`{name}`" for name in given) or "none of them"
        yield source.mistake(path, f"a strip rule has exactly one of `line`, `part` and `from`; here: {what}")
    if rule.from_ and (rule.through is None) == (rule.while_ is None):
        yield source.mistake(path, "`from` needs either `through` (an end) or `while` (what may follow)")
    if not rule.from_ and (rule.through or rule.while_):
        yield source.mistake(path, "`through` and `while` go with `from`")
    if rule.part and rule.kind == "caption":
        yield source.mistake(
            path, "a caption is a whole block: use `line` with the groups `caption` and `credit`"
        )
    for key in ("line", "part", "from", "through", "while", "previous", "next"):
        value = getattr(rule, f"{key}_" if key in ("from", "while") else key)
        yield from _check_patterns(value, (*path, key), source, end_allowed=key == "through")


def _check_refuse(rule: Refuse, path: Path_, source: Source) -> Iterator[Mistake]:
    if (rule.line is None) == (rule.css is None):
        yield source.mistake(path, "give either `line` or `css`")
    yield from _check_patterns(rule.line, (*path, "line"), source)
    if rule.css:
        yield from _check_selector(rule.css, (*path, "css"), source)


def _check_patterns(
    value: str | list[str] | None, path: Path_, source: Source, *, end_allowed: bool = False
) -> Iterator[Mistake]:
    for index, pattern in enumerate(as_list(value)):
        if end_allowed and pattern == "end":
            continue
        if problem := check_pattern(pattern):
            yield source.mistake((*path, index) if isinstance(value, list) else path, problem)


def _check_selector(css: str, path: Path_, source: Source) -> Iterator[Mistake]:
    if problem := check_css(css):
        yield source.mistake(path, problem)


def _check_site(site: SiteFile, source: Source) -> Iterator[Mistake]:
    if Path(source.file).stem != site.site and not source.file.startswith("<"):
        yield source.mistake(("site",), f"the file of `{site.site}` must be called {site.site}.yaml")
    if site.timezone:
        try:
            ZoneInfo(site.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"`{site.timezone}` is not an IANA time zone such as Europe/Berlin"
            yield source.mistake(("timezone",), message)
    for index, mark in enumerate(site.recognise):
        if (mark.text is None) == (mark.css is None):
            yield source.mistake(("recognise", index), "give either `text` or `css`")
        if mark.text:
            yield from _check_patterns(mark.text, ("recognise", index, "text"), source)
        if mark.css:
            yield from _check_selector(mark.css, ("recognise", index, "css"), source)
    for key in ("title", "deck", "authors", "published", "section"):
        if pick := getattr(site.describe, key):
            yield from _check_patterns(pick.line, ("describe", key, "line"), source)
    for index, layout in enumerate(site.layouts):
        yield from _check_layout(layout, ("layouts", index), source)


def _check_pick(pick: Pick, path: Path_, source: Source) -> Iterator[Mistake]:
    given = [name for name in ("css", "json_ld", "meta") if getattr(pick, name)]
    if len(given) != 1:
        what = " and ".join(f"`{name}`" for name in given) or "none of them"
        yield source.mistake(
            path, f"a field's place is exactly one of `css`, `json_ld`, `meta`; here: {what}"
        )
    if pick.attr and not pick.css:
        yield source.mistake(path, "`attr` goes with `css`")
    if pick.css:
        yield from _check_selector(pick.css, path, source)


def _check_layout(layout: Any, path: Path_, source: Source) -> Iterator[Mistake]:
    when = as_when(layout.when)
    if when == type(when)():
        yield source.mistake((*path, "when"), "`when` is empty; give a selector, a media type or a date")
    if when.css:
        at = (*path, "when") if isinstance(layout.when, str) else (*path, "when", "css")
        yield from _check_selector(when.css, at, source)
    for number, css in enumerate(as_list(layout.body)):
        yield from _check_selector(css, (*path, "body", number), source)
    for key in ("title", "deck", "authors", "published", "modified", "section", "tags"):
        for number, pick in enumerate(as_picks(getattr(layout, key))):
            yield from _check_pick(pick, (*path, key, number), source)
    for index, drop in enumerate(layout.drop):
        yield from _check_selector(drop.css, (*path, "drop", index, "css"), source)
