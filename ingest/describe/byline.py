"""From a byline as written to the names in it.

chunk    at bars, bullets and dashes; the first chunk that names somebody counts
label    off the front: "By", "Ein Kommentar von", "Автор:"
tail     off the end: times and dates, addresses, places ("in Valencia"), employers ("for The Cloud")
split    at commas, slashes and the "and" of some thirty languages
judge    each part: a person, a group (newsroom, agency, company), or nobody (roles, noise)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ingest.describe.months import NAMES
from ingest.describe.names import (
    AGENCIES,
    AND,
    COLLECTIVE,
    GENRES,
    GENRES_DE,
    LABELS,
    NOBODY,
    OF,
    OFFICES,
    PARTICLES,
    PICTURES,
    ROLES,
    SHORT_LABELS,
    SITE_ENDINGS,
    TOPICS,
    WEAK_AND,
    WEEKDAYS,
)
from ingest.structured import plain
from ingest.words import letters

MAX_BYLINE = 400  # characters; what is longer is no byline
MAX_NAME = 60
MAX_WORDS = 6
MAX_NAMES = 25

MONTHS = frozenset(name for names in NAMES.values() for name in names.split())
ROLE_WORDS = ROLES | TOPICS
NO_NAMES = NOBODY | WEEKDAYS
OPEN_ENDED = frozenset({"by", "von", "par", "of"})  # the name stands on the next line
DATE_WORDS = MONTHS | WEEKDAYS
LABEL = re.compile(
    rf"(?:(?:{LABELS})(?:\s*[:：／]\s*|\s+)|(?:(?:an?|eine?|une?|un[ao]?)\s+)?(?:{GENRES})\s+(?:by|von|par|por|di)\s+"
    rf"|(?:(?:une?|una|la|el|le|l['’])\s*)?(?:{GENRES_DE})\s+(?:de\s+|d['’])(?=(?-i:[A-ZÀ-Þ]))"
    rf"|(?:{GENRES})\s*[:：]\s*|[-–—•·:|,/©*]+\s*)",
    re.IGNORECASE,
)
# the role stands behind the name
JAPANESE = re.compile(r"([\u4e00-\u9fff\u3040-\u30ff]{2,6})(?:記者|特派員|論説委員|編集委員)")
OFFICE = re.compile(
    r"\S-(?:präsident|minister|sprecher|chef|vorsitzende|experte|korrespondent)(?:in|r)?", re.IGNORECASE
)
CHINESE = re.compile(  # "reporter Wang Xiaoming, Taipei report", without a space
    r"[記记]者\s*[:：]?\s*([\u4e00-\u9fff]{2,4}?)(?=\s|[／/、，,】）)|]|(?:[\u4e00-\u9fff]{2})?(?:[報报][導导道]|[電电])|$)"
)
BARE_LABEL = re.compile(LABELS, re.IGNORECASE)
CHUNK = re.compile(r"\s*(?:[|•·●▪—\n\t]|\s[-–]\s|\s{2,}|>>?|»)\s*")
TAIL = re.compile(
    r"\s*(?:[(\[<{].*|\s(?:in|for|For|für|aus|from|at|bei|ist|is|has|hat|via|on|am|um|updated|published|aktualisiert|"
    r"veröffentlicht|publié|publicado|actualizado)\s(?=[A-Z\d@]).*|\S*(?:@|://|www\.)\S*.*|(?<!\w)\d.*)$",
    re.DOTALL,
)
CREDIT = re.compile(  # who made the pictures stands behind who wrote the text
    rf"(?<=\w)(?<!\bund)(?<!\band)(?<!\bet)(?<!\be)(?<!\by)\s+(?:{PICTURES})(?:\s+(?:{OF})\b|\s*:).*$",
    re.IGNORECASE | re.DOTALL,
)
# who let it pass, behind who wrote it
EDITOR = re.compile(r"\s*(?:责任编辑|責任編輯|责编|編輯|编辑)\s*[:：].*$", re.DOTALL)
TURNED = re.compile(  # "Lee, A. B."
    r"(?<![^,;\s])([^\W\d_][\w'’-]+),\s*((?:[^\W\d_]\.[\s-]?){1,3})(?=\s*(?:[,;&]|$))"
)
WHOLE = re.compile(r"[^\s,;/]+\s*&\s*[^\s,;/]+")  # "Cloud & Rain" is a company; persons have two names
DATED_LABEL = re.compile(  # "Posted on May 5, 2024 by"
    r"^[^|]{0,40}\d[^|]{0,40}?\s(?:by|By|von|par|por|da|door|af|av)\s+(?=[^\W\d_a-z])"
)
SPLIT = re.compile(rf"\s*[,;/&+、，；／]+\s*(?:(?:{AND}|y|e)\s+)?|\s+(?:{AND}|AND|And|UND|Und)\s+")
ROLE_OF = re.compile(
    rf"(?:{OFFICES})\s+(?:{OF})\b", re.IGNORECASE
)  # "head of the Sky" is what somebody is, no name
WEAK = re.compile(rf"\s+(?:{WEAK_AND}|Y|E|EN|I)\s+|\s+ו(?=[א-ת])")
WORD = re.compile(r"[^\W\d_]")
DATED = re.compile(r"(?<!\w)\d")
ASIDE = re.compile(r"\s*\([^()]{0,100}\)\s*")
NOISE = re.compile(r"(?:^|(?<=\s))(?:@\w+|(?:https?://|www\.)\S+|\S+@\S+)")


class Byline(NamedTuple):
    """The persons and the groups a byline names, each in order."""

    persons: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def parse_byline(text: str) -> tuple[str, ...]:
    """The persons a byline names, in order, in any common language; empty if it names none.

    >>> parse_byline("By Ann Lee, Senior Reporter, and Bo Day | 5 May 2024")
    ('Ann Lee', 'Bo Day')
    >>> parse_byline("Ein Kommentar von Ute Ott")
    ('Ute Ott',)
    """
    return read_byline(text).persons


def read_byline(text: str, *, site: frozenset[str] = frozenset()) -> Byline:
    """The persons and groups a byline names; `site` holds the letters of the site's own names."""
    if len(text) > MAX_BYLINE:
        return Byline()
    if reporters := CHINESE.findall(text):
        return Byline(tuple(dict.fromkeys(reporters)))
    if reporter := JAPANESE.fullmatch(text.strip()):
        return Byline((reporter[1],))
    groups: list[str] = []
    line = EDITOR.sub("", DATED_LABEL.sub("", plain(text.replace("\n", " | "))))
    for chunk in CHUNK.split(CREDIT.sub("", NOISE.sub(" ", line))):
        if chunk.endswith(":") and not is_label(chunk) and LABEL.match(chunk) is None:
            break  # "In section:" names what is no author
        found = _read_chunk(chunk, site)
        groups += found.groups
        if found.persons:
            return Byline(found.persons, tuple(dict.fromkeys(groups)))
    return Byline((), tuple(dict.fromkeys(groups)))


def _read_chunk(chunk: str, site: frozenset[str]) -> Byline:
    persons: list[str] = []
    groups: list[str] = []
    for part in _split(TURNED.sub(_turn, ASIDE.sub(" ", _without_label(chunk)))):
        written = _trim(TAIL.sub("", _without_label(part)), dated=DATED.search(part) is not None)
        name, agency = _without_agency(_without_site(_without_role(written), site))
        groups += [agency] if agency else []
        if letters(name) in site:
            name = written  # "The Cloud Staff" is more than the site
        kind = judge(name, site)
        if kind == "person" and not ROLE_OF.match(name):
            persons.append(restore_case(name))
        elif kind == "group":
            groups.append(name)
    if any(" " in name for name in persons):  # a single word beside full names is a place or a nickname
        persons = [name for name in persons if " " in name or not name.isascii()]
    return Byline(tuple(dict.fromkeys(persons))[:MAX_NAMES], tuple(dict.fromkeys(groups))[:MAX_NAMES])


def judge(name: str, site: frozenset[str] = frozenset()) -> str | None:
    """`"person"`, `"group"` (newsroom, agency, company, the site itself), or `None` for what names nobody."""
    lower = name.casefold()
    words = lower.split()
    if not words or len(name) > MAX_NAME or len(words) > MAX_WORDS or not WORD.search(name):
        return None
    if len(name) == 1 and name.isascii():
        return None
    if (
        lower in NOBODY
        or lower in DATE_WORDS
        or words[0] in ("about", "show", "view", "see")
        or is_label(name)
    ):
        return None
    if (
        all(word.strip(".,") in ROLE_WORDS for word in words)
        or words[-1] in OPEN_ENDED
        or OFFICE.search(name)
    ):
        return None
    if lower in AGENCIES or letters(name) in site or is_site_address(lower):
        return "group"
    if (
        words[0] == "the"
        or "&" in name
        or any(word.rpartition("-")[2] in COLLECTIVE or word in ROLES for word in words)
    ):
        return "group"
    if words[0] in AGENCIES and name.split()[0].isupper() and not name.isupper():
        return "group"  # "AP Sports"
    if re.search(r"[:@©()\[\]{}<>=#*!?\"„“”…]|://|\d\S*\s|\s\S*\d", name):
        return None
    return "person" if "by" not in words and _has_name_shape(name) else None


def is_label(text: str) -> bool:
    """Whether the text is only what stands before names: "By", "Text:"."""
    return BARE_LABEL.fullmatch(text.strip(" :：")) is not None


def _has_name_shape(name: str) -> bool:
    """Words with capitals (or no case at all) but for particles; or at most two words all in lower case."""
    words = name.split()
    small = [
        word
        for word in words
        if word[0].islower() and word.casefold() not in PARTICLES and word[:2] not in ("d'", "d’")
    ]
    return not small or (len(small) == len(words) <= 2)


def is_site_address(lower: str) -> bool:
    """Whether a lower-case text is a host name: "example.com", "news.example.de/ab"."""
    head, point, ending = lower.rpartition(".")
    return bool(point) and len(head) > 2 and " " not in lower and ending.split("/")[0] in SITE_ENDINGS


def _turn(match: re.Match[str]) -> str:
    return f"{match[2].strip()} {match[1]}"


def _split(text: str) -> Iterable[str]:
    if WHOLE.fullmatch(text.strip()):
        yield text
        return
    for part in SPLIT.split(text):
        pieces = WEAK.split(part)
        if len(pieces) > 1 and all(" " in piece.strip() for piece in pieces):
            yield from pieces
        else:
            yield part


def _without_label(text: str) -> str:
    """The text without the words that introduce the names, "Text: von" included."""
    text = text.strip()
    for _ in range(3):
        match = LABEL.match(text)
        if match is None or not text[match.end() :]:
            break
        label = match[0].strip(" :：/／").casefold()
        rest = text[match.end() :]
        name = rest.strip()
        if (
            label in SHORT_LABELS
            and not re.search("[:：／]", match[0])
            and " " not in name
            and name.casefold() not in AGENCIES
        ):
            break  # "Di Maio" is a name, "Di Anna Rossi" and "Par AFP" are a label and a name
        text = rest
    return text


def _without_role(name: str) -> str:
    """The name without a job title before or after it."""
    words = name.split()
    while len(words) > 1 and words[-1].casefold().strip(".,") in NO_NAMES:
        words.pop()
    rest = words.copy()
    while len(rest) > 1 and rest[-1].casefold().strip(".,") in ROLES:
        rest.pop()
        while len(rest) > 2 and rest[-1].casefold() in ROLE_WORDS:
            rest.pop()
    if len(rest) > 1 or not "".join(rest).isascii():
        words = rest  # but "Cloud staff reporter" is nobody's name without its role
    lead = next((i for i in range(min(5, len(words)) - 1, -1, -1) if words[i].casefold() in ROLES), -1)
    if len(words) - lead > 2 and all(word.casefold() in ROLE_WORDS for word in words[: lead + 1]):
        words = words[lead + 1 :]
    return " ".join(words)


def _without_site(name: str, site: frozenset[str]) -> str:
    """A full name without the site's behind it: "Ann Lee The Daily Cloud"."""
    words = name.split()
    for size in range(2, len(words)):
        if letters("".join(words[size:])) in site:
            return " ".join(words[:size])
    return name


def _without_agency(name: str) -> tuple[str, str | None]:
    """A full name and the agency behind it: "Ann Lee Associated Press", "Ann Lee AP"."""
    words = name.split()
    for size in range(2, len(words)):
        agency = " ".join(words[size:])
        if agency.casefold() in AGENCIES and (" " in agency or (agency.isupper() and not words[0].isupper())):
            return " ".join(words[:size]), agency
    return name, None


def _trim(name: str, *, dated: bool) -> str:
    name = name.strip(" :;,-–—|'\"„“”*_·")
    words = name.split()
    if dated and len(words) > 1 and words[-1].casefold().strip(".") in MONTHS:
        words.pop()  # what is left of a date whose figures are cut
    half = len(words) // 2
    name = " ".join(words[:half] if half > 1 and words[:half] == words[half:] else words)
    return name.rstrip(".") if not re.search(r"(?:\b\w|[JjSs]r)\.$", name) else name


def restore_case(name: str) -> str:
    """A name of several words all in capitals as it is usually written; any other as it is.

    >>> restore_case("RÓISÍN O'NEILL-MCCABE")
    "Róisín O'Neill-McCabe"
    >>> restore_case("J.R. STONE"), restore_case("André KLEIN")
    ('J.R. Stone', 'André KLEIN')
    >>> restore_case("ANN McCABE Jr.")
    'Ann McCabe Jr.'
    """
    first = name.split()[0] if " " in name else ""
    if len(first) > 2 and first.isalpha() and first.isupper() and not name.isupper():
        name = re.sub(r"\b(Mc|Mac|De|Di|La|Van)([A-Z]{2,})\b", lambda m: m[1] + m[2].capitalize(), name)
        return re.sub(r"[^\W\d_]{2,}", lambda m: m[0].capitalize() if m[0].isupper() else m[0], name)
    if not name.isupper() or " " not in name:
        return name
    text = re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name)
    return re.sub(r"\bMc([a-z])", lambda m: "Mc" + m[1].upper(), text)
