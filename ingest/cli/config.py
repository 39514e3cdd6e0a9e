"""A command's options from a TOML file: defaults at the top, `[profile.NAME]` over them, the command line over both.

The keys are the options' own names, so an option of the command is a key of the file at once. Every mistake is
reported, in all profiles, with file and line.
"""

from __future__ import annotations

import difflib
import inspect
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo

from ingest.errors import Mistake, UsageError
from ingest.sources.find import LISTED

MAX_BYTES = 100_000
KINDS: dict[type, tuple[tuple[type, ...], str]] = {
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
}
NOT_IN_FILES = ("config", "profile", "return")
PATHS = ("SRC", "DIR", "FILE")
"""What the help calls a value that is a path; one that is no URI is taken from the file's own folder."""


class Key(NamedTuple):
    """What a file may say: the command's parameter, and the values it takes."""

    parameter: str
    kind: type
    many: bool = False
    path: bool = False
    least: float | None = None
    most: float | None = None


Keys = Mapping[str, Key]


def configure(context: typer.Context, parameter: typer.CallbackParam, value: Any) -> Any:
    """The callback of `--config` and `--profile`, which are read before all other options.

    Once both are known, what the file says becomes what the other options are without being given.
    """
    given = context.meta.setdefault("ingest.config", {})
    given[parameter.name] = value
    if len(given) == 2:
        if given["profile"] and not given["config"]:
            raise UsageError("--profile names a part of a file: give the file with --config.")
        if given["config"]:
            keys = keys_of(context.command.callback)
            values = read_config(given["config"], given["profile"], keys)
            context.default_map = {keys[key].parameter: value for key, value in values.items()}
    return value


Config = Annotated[
    Path | None,
    typer.Option(
        help="A TOML file with options; those given here go before it.",
        metavar="FILE",
        is_eager=True,
        callback=configure,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        help="The part [profile.NAME] of the file goes before its top.",
        metavar="NAME",
        is_eager=True,
        callback=configure,
    ),
]


def keys_of(command: Any) -> Keys:
    """The keys a file may have: the options' long names, and `sources` for what the command reads."""
    hints = get_type_hints(inspect.unwrap(command), include_extras=True)
    return {
        "sources" if isinstance(hint.__metadata__[0], ArgumentInfo) else name.replace("_", "-"): _key(
            name, hint
        )
        for name, hint in hints.items()
        if name not in NOT_IN_FILES
    }


def _key(name: str, hint: Any) -> Key:
    kind, info = hint.__origin__, hint.__metadata__[0]
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]
    many = get_origin(kind) is list
    kind = get_args(kind)[0] if many else kind
    return Key(name, kind, many, kind is Path or info.metavar in PATHS, info.min, info.max)


def read_config(file: Path, profile: str | None, keys: Keys) -> dict[str, Any]:
    """The values of a file: its top, and over it those of the profile. Raises `UsageError` with every mistake."""
    text = _read(file)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: not valid TOML: {error}") from error
    mistakes = [*_check(content, keys)]
    if mistakes:
        places = locate(text)
        found = sorted(Mistake(str(file), places.get(path, 1), 1, message) for path, message in mistakes)
        raise UsageError("\n".join(f"{file}:{mistake.line}: {mistake.message}" for mistake in found))
    profiles = content.pop("profile", {})
    if profile and profile not in profiles:
        raise UsageError(f"{file}: there is no [profile.{profile}]{_suggest(profile, profiles)}")
    values = content | profiles.get(profile, {})
    return {key: _in_folder(value, keys[key], file.parent) for key, value in values.items()}


def locate(text: str) -> dict[tuple[str, ...], int]:
    """The line each key of a TOML text is given on.

    No statement of TOML is valid when cut off at the end of a line: what is valid up to a line is whole.
    """
    lines = text.splitlines()
    places: dict[tuple[str, ...], int] = {}
    start = 1
    for number in range(1, len(lines) + 1):
        try:
            content = tomllib.loads("\n".join(lines[:number]))
        except tomllib.TOMLDecodeError:
            continue
        for path in _paths(content):
            places.setdefault(path, start)
        start = number + 1
    return places


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file}: more than {MAX_BYTES:,} bytes; is this the file you mean?")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _check(content: Mapping[str, Any], keys: Keys) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each mistake with the path of its key."""
    profiles = content.get("profile", {})
    if not isinstance(profiles, dict):
        yield ("profile",), "profiles are tables: [profile.NAME]"
        profiles = {}
    tables: list[tuple[tuple[str, ...], Any]] = [((), {k: v for k, v in content.items() if k != "profile"})]
    tables += [(("profile", name), table) for name, table in profiles.items()]
    for path, table in tables:
        if not isinstance(table, dict):
            yield path, f"a profile is a table: [profile.{path[-1]}]"
            continue
        for key, value in table.items():
            if key not in keys:
                yield (*path, key), f"unknown key `{key}`{_suggest(key, keys)}"
            elif wrong := _wrong(value, keys[key]):
                yield (*path, key), f"`{key}`: {wrong}"


def _wrong(value: Any, key: Key) -> str | None:
    """What is wrong with a value."""
    if isinstance(value, list) and not key.many:
        return "one value is wanted, not a list"
    wrong = (_wrong_one(one, key) for one in (value if isinstance(value, list) else [value]))
    return next(filter(None, wrong), None)


def _wrong_one(value: Any, key: Key) -> str | None:
    allowed, words = KINDS.get(key.kind, ((str,), "a text"))
    if type(value) not in allowed:
        return f"{words}{' or a list of them' if key.many else ''} is wanted, not {value!r}"
    if key.least is not None and value < key.least:
        return f"{value} is less than {key.least:g}"
    if key.most is not None and value > key.most:
        return f"{value} is more than {key.most:g}"
    if issubclass(key.kind, Enum) and value not in list(key.kind):
        return f"{value!r} is not one of {', '.join(word.value for word in key.kind)}"
    return None


def _in_folder(value: Any, key: Key, folder: Path) -> Any:
    """Values as the command line would have them, paths from the file's folder."""
    if key.many:
        given = value if isinstance(value, list) else [value]
        return [_in_folder(one, key._replace(many=False), folder) for one in given]
    return str(folder / value) if key.path and "://" not in value and value != LISTED else value


def _paths(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))


def _suggest(word: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(word.replace("_", "-"), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known here: {', '.join(known)}" if known else ""
