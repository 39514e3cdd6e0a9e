"""Cosmetic filters of EasyList, AdGuard and uBlock Origin lists as a pack; every line has an outcome.

What a browser does with scripts, with rules of its own on the text, or by rewriting styles is left out and counted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final, NamedTuple

from ingest.imports.kinds import guess_kind
from ingest.records import KINDS, Kind
from ingest.rules.cosmetic import CosmeticFilter, compile_filter, is_exception

MAX_LINE_CHARS: Final = 10_000
MAX_EXAMPLES: Final = 3

TAKEN: Final = "taken over"
EXCEPTIONS: Final = "exceptions taken over"
COMMENTS: Final = "comments"

_MARKER = re.compile(r"#@?[$?%]{0,2}#\^?|\$@?\$")
_PROCEDURAL = re.compile(
    r":(?:-abp-[\w-]+|has-text|upward|matches-[\w-]+|xpath|nth-ancestor|remove(?:-attr|-class)?|min-text-length|"
    r"watch-attr|others|contains|if|if-not|properties|shadow|semantic|matches)\("
)
_TITLE = re.compile(r"^[!#]\s*Title:\s*(.+)$", re.IGNORECASE)
_LIST_KINDS: Final[tuple[tuple[str, Kind], ...]] = (
    ("cookie|consent|gdpr", "cookie"),
    ("newsletter|subscri|popup|notification", "newsletter"),
    ("social|share", "share"),
    ("comment", "comments"),
    ("(?:ads?|advert[a-z]*|easylist)(?![a-z])", "ad"),
)


_OF_THE_ARTICLE: Final[frozenset[Kind]] = frozenset({"title", "deck", "byline", "date", "caption", "credit"})
"""What no list hides, whatever a name sounds like: `#bio_ep` is a pop-up window and no author's name."""


class Skipped(NamedTuple):
    """Lines left out for one reason, with the first of them as `file:line: text`."""

    reason: str
    lines: int
    examples: tuple[str, ...]


class CosmeticImport(NamedTuple):
    """A pack's JSON, how many lines became what, and the lines left out, the most frequent reason first."""

    text: str
    counts: dict[str, int]
    skipped: tuple[Skipped, ...]


def import_cosmetics(pack: str, lists: Iterable[tuple[str, str]]) -> CosmeticImport:
    """The filters of some lists (name and text each) as one pack, without doubles, in the lists' order."""
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    filters: dict[str, Kind] = {}
    exceptions: dict[str, None] = {}
    titles: list[str] = []
    for file, text in lists:
        title, default = _describe_list(file, text)
        titles.append(title)
        for number, line in enumerate(text.splitlines(), 1):
            for reason, made in _read_line(line.strip(), pack, default):
                counts[reason] += 1
                if isinstance(made, CosmeticFilter):
                    filters.setdefault(_as_line(made), made.kind)
                elif reason == EXCEPTIONS and made:
                    exceptions.setdefault(made)
                elif reason != COMMENTS:
                    examples.setdefault(reason, []).append(f"{file}:{number}: {line.strip()[:160]}")
                    del examples[reason][MAX_EXAMPLES:]
    left_out = [reason for reason in counts if reason in examples]
    skipped = [Skipped(reason, counts[reason], tuple(examples[reason])) for reason in left_out]
    about = f"Made from {', '.join(titles)} by `ingest rules import cosmetic`."
    text = _write(pack, about, filters, exceptions)
    return CosmeticImport(text, dict(counts), tuple(sorted(skipped, key=lambda s: (-s.lines, s.reason))))


def _describe_list(file: str, text: str) -> tuple[str, Kind]:
    """What a list calls itself, and the kind of what it hides."""
    titles = (match[1].strip() for line in text.splitlines()[:40] if (match := _TITLE.match(line)))
    name = PurePath(file).name
    title = " ".join(next(titles, name).split())
    words = f"{title} {name}"
    for pattern, kind in _LIST_KINDS:
        if re.search(rf"(?<![a-z])(?:{pattern})", words, re.IGNORECASE):
            return title, kind
    return title, "furniture"


def _read_line(line: str, pack: str, default: Kind) -> Iterator[tuple[str, CosmeticFilter | str | None]]:
    """What a line became: filters, an exception, or a reason why not. A line of several selectors gives several."""
    marker = _MARKER.search(line)
    if not line or line.startswith("!") or (line.startswith(("[Adblock", "# ", "#!")) and marker is None):
        yield COMMENTS, None
        return
    if len(line) > MAX_LINE_CHARS:
        yield "lines too long", None
        return
    if marker is None or line.startswith(("||", "@@")):
        yield "network filters: pages are not fetched", None
        return
    domains, css = line[: marker.start()].strip().lower(), line[marker.end() :].strip()
    if reason := _why_not(domains, marker[0], css):
        yield reason, None
        return
    try:
        domains = ",".join(_ascii(domain.strip()) for domain in domains.split(",") if domain.strip())
    except UnicodeError:
        yield "domains that are none", None
        return
    for selector in _alternatives(css):
        if "@" in marker[0]:
            exception = f"{domains}#@#{selector}"
            yield EXCEPTIONS if is_exception(exception) else "domains that are none", exception
            continue
        made = compile_filter(f"{domains}##{selector}", _kind_of(selector, default), pack)
        yield (TAKEN, made) if isinstance(made, CosmeticFilter) else (_reason(selector, made), None)


def _kind_of(selector: str, default: Kind) -> Kind:
    kind = guess_kind(selector, default)
    return default if kind in _OF_THE_ARTICLE else kind


def _why_not(domains: str, marker: str, css: str) -> str | None:
    if "$$" in marker or "%" in marker or marker.endswith("^") or css.startswith(("+js(", "script:inject(")):
        return "scripts and filters of the page's source"
    if ":style(" in css or (css.endswith("}") and "{" in css):
        return "styles put into pages"
    if "$" in marker:
        return "scripts and filters of the page's source"
    if "?" in marker or _PROCEDURAL.search(css):
        return "procedural filters (:has-text, :upward, …)"
    if domains.startswith("["):
        return "filters with modifiers ([$path=…])"
    if "/" in domains:
        return "domains given as patterns"
    return None


def _reason(selector: str, problem: str) -> str:
    if problem.endswith("is no domain"):
        return "domains that are none"
    if "whole pages" in problem:
        return "filters that find whole pages"
    if "asked of every page" in problem:
        return "for all sites, by more than tags, classes and ids: it would be asked of every page"
    return "not CSS as the engine reads it"


def _ascii(domain: str) -> str:
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def _alternatives(css: str) -> list[str]:
    """`.a, .b` as its parts, unless commas stand inside brackets or quotes."""
    if "," not in css or any(char in css for char in "([\"'"):
        return [css]
    return [part for piece in css.split(",") if (part := piece.strip())]


def _as_line(rule: CosmeticFilter) -> str:
    domains = ",".join((*rule.hosts, *(f"~{host}" for host in rule.not_hosts)))
    return f"{domains}##{rule.css}"


def _write(pack: str, about: str, filters: dict[str, Kind], exceptions: dict[str, None]) -> str:
    by_kind: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for line, kind in filters.items():
        by_kind[kind].append(line)
    content = {
        "pack": pack,
        "about": about,
        "filters": {kind: lines for kind, lines in by_kind.items() if lines},
        "exceptions": list(exceptions),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def pack_name(files: Iterable[str]) -> str:
    """A pack's name from the first list's file name."""
    stem = next(iter(files)).rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or "cosmetic"
