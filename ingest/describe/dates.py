"""Moments from dates as machines and people write them.

ISO 8601, epoch       one pattern, no library
written dates         the time cut out, then day, month and year in the orders of the world's languages
anything else         dateparser, with the page's language, and only for short strings that look like a date

A date without a time is stored as 00:00 UTC of the day as written, so that the day never shifts. Midnight to the
second counts as no time: it is how systems that keep only the day write it, whatever zone they put behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

import msgspec

from ingest.describe import jalali
from ingest.describe.months import month_number
from ingest.describe.zones import read_zone, zone_named

MAX_TEXT = 200  # characters of a string that are searched for a date
MAX_LOOSE = 60  # characters of a string that dateparser may see
YEARS = range(1900, 2101)
MIDNIGHT = time()


class Moment(msgspec.Struct, frozen=True):
    """A point in time and how much of it was written.

    `utc` is always aware, in UTC. Without `has_time` it is 00:00 UTC of the written day, whatever the zone.
    Without `has_zone` the time was read in the site's zone, or in UTC where that is not known. `local` is the
    same moment as its writer saw it: day and clock as written, with the offset if one was (else naive).
    """

    utc: datetime
    raw: str
    has_time: bool
    has_zone: bool
    local: datetime


def parse_date(
    raw: str, *, language: str | None, timezone: str | None, fetched_at: datetime | None = None
) -> Moment | None:
    """The first date in a string, or `None` if it has none that is certain; labels around it do not matter.

    `language` (a BCP 47 tag) decides between day and month first, `timezone` (an IANA name) is the zone of
    times written without one, `fetched_at` the moment that "2 hours ago" refers to.

    >>> parse_date("2017-10-06 21:30", language="en", timezone="Asia/Jerusalem").utc.isoformat()
    '2017-10-06T18:30:00+00:00'
    >>> parse_date("Veröffentlicht am 5. März 2024, 14.30 Uhr", language="de", timezone=None).utc.isoformat()
    '2024-03-05T14:30:00+00:00'
    >>> parse_date("03/04/2024", language="en-GB", timezone=None).utc.date().isoformat()
    '2024-04-03'
    >>> parse_date("May 2024", language="en", timezone=None) is None
    True
    """
    zone, fetched_at = zone_named(timezone), aware(fetched_at)
    return read_date(raw, language, zone, fetched_at) or _read_loosely(raw, language, zone, fetched_at)


def read_date(
    raw: str, language: str | None, zone: tzinfo | None, fetched_at: datetime | None = None
) -> Moment | None:
    """As `parse_date`, for the usual forms only: some twenty microseconds, on any text."""
    text = raw.strip()[:MAX_TEXT]
    if match := ISO.match(text):
        return _from_parts(match, raw, zone)
    if EPOCH.fullmatch(text):
        return _from_epoch(text, raw)
    return _read_written(text, raw, language, zone, fetched_at) if any(map(str.isdigit, text)) else None


def without_date(text: str) -> str:
    """The text with its written dates and times cut out: what else a line says."""
    text = _with_ascii_digits(text)
    for form in (ISO_WITHIN, *FORMS):
        rest, count = form.subn(" ", text)
        if count:
            text = rest
            break
    return " ".join(TIME.sub(" ", text).split())


def aware(moment: datetime | None) -> datetime | None:
    """The moment with a zone: UTC if it has none."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


# ---------------------------------------------------------------- ISO 8601 and epoch

OFFSET = r"[+−-]\d\d:?(?:\d\d)?"
ISO_PATTERN = (
    r"(?P<year>[12]\d{3})(?P<dash>-?)(?P<month>[01]\d)(?P=dash)(?P<day>[0-3]\d)(?!\d)"
    r"(?:(?:\s*T\s*|\s+|-(?=\d\d:))(?P<hour>[0-2]?\d):?(?P<minute>[0-5]\d)"
    r"(?::?(?P<second>[0-5]?\d)(?:[.,:](?P<fraction>\d{1,9}))?)?(?!\d)"
    rf"\s{{0,3}}(?P<zone>[Zz](?![a-z])|{OFFSET}|[A-Z]{{2,5}}(?![A-Za-z])(?:{OFFSET})?)?)?"
)
ISO = re.compile(rf"{ISO_PATTERN}(?:\s*\[[\w/+-]{{1,40}}\])?(?![\d:])")
ISO_WITHIN = re.compile(rf"(?<![\d-]){ISO_PATTERN}(?![\d:])")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
EPOCH = re.compile(r"[1-9]\d{8,9}(?:\d{3})?(?:\.\d{1,6})?")


def _from_parts(match: re.Match[str], raw: str, zone: tzinfo | None) -> Moment | None:
    part = match.groupdict()
    day = (int(part["year"]), int(part["month"]), int(part["day"]))
    if day[0] in jalali.YEARS and part["dash"]:
        day = jalali.to_gregorian(*day) or day
    if part["hour"] is None:
        return _moment(day, None, raw, None, zone)
    clock = (int(part["hour"]), int(part["minute"]), int(part["second"] or 0))
    micro = int((part["fraction"] or "0").ljust(6, "0")[:6])
    return _moment(day, clock, raw, part["zone"], zone, micro)


def _from_epoch(text: str, raw: str) -> Moment | None:
    seconds = float(text)
    if seconds > 1e11:
        seconds /= 1000
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return Moment(utc, raw, has_time=True, has_zone=True, local=utc) if utc.year in YEARS else None


def _moment(
    day: tuple[int, int, int],
    clock: tuple[int, int, int] | None,
    raw: str,
    written_zone: str | None,
    zone: tzinfo | None,
    micro: int = 0,
) -> Moment | None:
    """The moment of a day, a time if there is one, and a zone as written; `None` if there is no such day."""
    try:
        local = datetime(*day, *(clock or (0, 0, 0)), micro)
    except ValueError:
        return None
    if local.year not in YEARS:
        return None
    if local.time() == MIDNIGHT:
        return Moment(local.replace(tzinfo=UTC), raw, has_time=False, has_zone=False, local=local)
    known = read_zone(written_zone, local, zone) if written_zone else None
    utc = local.replace(tzinfo=known or zone or UTC).astimezone(UTC)
    seen = local.replace(tzinfo=timezone(known.utcoffset(local) or timedelta())) if known else local
    return Moment(utc, raw, has_time=True, has_zone=known is not None, local=seen)


# ---------------------------------------------------------------- written dates

WORD = r"(?:[^\s\d.,،;:|/()\[\]<>·•–—-]{2,20}+(?:\sال(?:ثاني|أول|اول))?|[ก-๙]{1,4}\.[ก-๙]{1,2})"
JOIN = r"[\s.,،/-]"
YEAR = r"(?P<year>[12]\d{3}|25\d\d|['’]?\d\d)(?!\d|[:.h]\d)"
FULL_YEAR = r"(?P<year>[12]\d{3}|25\d\d)"
DAY = r"(?P<day>[0-3]?\d)"
MERIDIEM = r"(?P<meridiem>[aApP]\.?\s?[mM]\b\.?|[πμ]\.?μ\.?|[صم]\b|[بق]\.ظ)"
ZONE = re.compile(rf"\(?(?P<zone>\b[A-Z]{{1,5}}(?:[+−-]\d\d?(?::?\d\d)?)?(?!\w)|{OFFSET}(?!\d))\)?")
TIME = re.compile(
    r"(?<![\d.:])(?:(?P<before>[上下]午|午[前后後]|오[전후])\s?)?"
    r"(?P<hour>[0-2]?\d)(?:"
    r"(?:\s?[:：hH時时点시]\s?|(?<=\d)\.(?=\d\d\s?(?:[ap]\.?m|Uhr|uhr)))"
    rf"(?P<minute>[0-5]\d)(?:[:：分분](?P<second>[0-5]\d)(?:[.,]\d{{1,6}})?)?[分분]?(?!\d)(?!\s?min)\s{{0,2}}{MERIDIEM}?"
    rf"|\s?(?:{MERIDIEM.replace('meridiem', 'only')}|[Uu]hr\b|[hH]\b|[点點시時时])(?!\d))"
)
DOTTED = re.compile(r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d.:%])")
FORMS = (
    re.compile(
        rf"(?<![\d.]){FULL_YEAR}\s?[./年년-]\s?(?P<month>[01]?\d)\s?[./月월-]\s?{DAY}(?!\d)\s?[日일]?"
    ),
    re.compile(
        rf"(?<![\d,:/-]){DAY}(?:st|nd|rd|th|er|re|[º°ª.]|-[а-яіє]{{1,2}})?,?\s{{0,2}}[-/]?"
        rf"(?:(?:de|of|d|den|di|da)[\s'’]\s?)?(?P<name>{WORD}){JOIN}{{0,3}}(?:(?:de|del|of)\s)?{YEAR}"
    ),
    re.compile(
        rf"(?<![^\W\d_])(?P<name>{WORD})\.?\s{{0,2}}{DAY}(?:st|nd|rd|th)?(?:\s?[,،.]\s{{0,2}}|\s{{1,2}}){FULL_YEAR}(?!\d)"
    ),
    re.compile(rf"(?<!\d){FULL_YEAR}{JOIN}{{0,3}}(?:m\.?\s)?(?P<name>{WORD}){JOIN}{{1,3}}{DAY}(?![\d:])"),
    re.compile(rf"(?<!\d){FULL_YEAR}\.?\s(?:gada|жыл(?:ғы|дың)?)\s{DAY}\.?\s(?P<name>{WORD})"),
    re.compile(rf"(?<!\d){DAY}\stháng\s(?P<month>[01]?\d),?\s(?:năm\s)?{FULL_YEAR}"),
    re.compile(
        r"(?<![\d.,:/-])(?P<first>[0-3]?\d)\s?(?P<join>[./|-])\s?(?P<second>[0-3]?\d)\s?(?P=join)\s?"
        r"(?P<year>[12]\d{3}|25\d\d|\d\d)(?!\d|[:.]\d)"
    ),
)
# Arabic, Persian, Devanagari and Bengali figures.
DIGITS = {zero + n: str(n) for zero in (0x660, 0x6F0, 0x966, 0x9E6) for n in range(10)}
MONTH_FIRST = frozenset({"en", "en-us", "en-ph", "fil"})


def _read_written(
    text: str, raw: str, language: str | None, zone: tzinfo | None, fetched_at: datetime | None
) -> Moment | None:
    text = " ".join(unicodedata.normalize("NFKC", _with_ascii_digits(text)).split())
    if match := ISO_WITHIN.search(text):
        return _from_parts(match, raw, zone)
    clock, written_zone, rest = _cut_time(text)
    found = min(_days_in(rest, language, zone, fetched_at), default=None)
    if found is None:
        return None
    start, end, day = found
    if clock is None and (dotted := DOTTED.search(f"{rest[:start]} | {rest[end:]}")):
        clock = (int(dotted["hour"]), int(dotted["minute"]), 0)
        after = ZONE.match(dotted.string, min(dotted.end() + 1, len(dotted.string)))
        written_zone = after["zone"] if after else None
    return _moment(day, clock, raw, written_zone, zone)


def _with_ascii_digits(text: str) -> str:
    return text if text.isascii() else text.translate(DIGITS)


def _cut_time(text: str) -> tuple[tuple[int, int, int] | None, str | None, str]:
    """The first time of day, the zone written behind it, and the text without both."""
    for match in TIME.finditer(text):
        hour = int(match["hour"])
        meridiem = (match["meridiem"] or match["only"] or match["before"] or "").lower()
        if meridiem:
            late = meridiem[0] in "pμمب下" or meridiem[-1] in "後后후"
            hour = hour % 12 + 12 * late if hour <= 12 else hour
        if hour > 23:
            continue
        clock = (hour, int(match["minute"] or 0), int(match["second"] or 0))
        zone = ZONE.match(text, match.end() + (text[match.end() : match.end() + 1] == " "))
        end = zone.end() if zone else match.end()
        return clock, zone and zone["zone"], f"{text[: match.start()].rstrip()} {text[end:].lstrip()}"
    return None, None, text


def _days_in(
    text: str, language: str | None, zone: tzinfo | None, fetched_at: datetime | None
) -> Iterator[tuple[int, int, tuple[int, int, int]]]:
    """Each form's first valid day in the text, as start, end and (year, month, day)."""
    for form in FORMS:
        for match in form.finditer(text):
            if day := _read_day(match, language, zone, fetched_at):
                yield match.start(), match.end(), day
                break


def _read_day(
    match: re.Match[str], language: str | None, zone: tzinfo | None, fetched_at: datetime | None
) -> tuple[int, int, int] | None:
    part = match.groupdict()
    year = _full_year(part["year"])
    if "first" in part:
        return _read_numbers(
            year, int(part["first"]), int(part["second"]), part["join"], language, zone, fetched_at
        )
    if "name" not in part:
        month: int | None = int(part["month"])
    else:
        iranian = year in jalali.YEARS
        month = jalali.month_number(part["name"]) if iranian else month_number(part["name"], language)
    day = (year, month or 0, int(part["day"]))
    if year in jalali.YEARS:
        day = jalali.to_gregorian(*day) or day
    return day if _is_day(*day) else None


def _read_numbers(
    year: int,
    first: int,
    second: int,
    join: str,
    language: str | None,
    zone: tzinfo | None,
    fetched_at: datetime | None,
) -> tuple[int, int, int] | None:
    """Day and month in the language's order, or the only one that gives a day before the fetch."""
    readings = [(year, second, first), (year, first, second)]
    if join != "." and month_comes_first(language, zone):
        readings.reverse()
    valid = [r for r in readings if _is_day(*r)]
    if fetched_at and join != "." and (not language or language.startswith("en")):
        latest = (fetched_at + timedelta(days=1)).timetuple()[:3]
        valid = [r for r in valid if r <= latest] or valid
    return valid[0] if valid else None


def _full_year(written: str) -> int:
    year = int(written.lstrip("'’"))
    if year > 2500:  # the Thai calendar
        return year - 543
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day)
    except ValueError:
        return False
    return year in YEARS


def month_comes_first(language: str | None, zone: tzinfo | None) -> bool:
    """Whether `03/04/2024` is in March: in American English, or English of nowhere else."""
    tag = (language or "").lower().replace("_", "-")
    place = str(zone) if zone else "America/"
    return tag in MONTH_FIRST and (tag != "en" or place.startswith(("America/", "US/", "Pacific/Honolulu")))


# ---------------------------------------------------------------- anything else


def _read_loosely(
    raw: str, language: str | None, zone: tzinfo | None, fetched_at: datetime | None
) -> Moment | None:
    """What dateparser makes of a short string in the page's language; relative dates need `fetched_at`."""
    text = raw.strip()
    if not language or len(text) > MAX_LOOSE or not (re.search(r"\d{4}", text) or fetched_at):
        return None
    if ISO_DAY.match(text):
        return None  # what is no moment in the plainest form is none: systems write 0001-01-01 for "never"
    if any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
        return _ask_dateparser(text, raw, language, zone, fetched_at)
    return None


def _ask_dateparser(
    text: str, raw: str, language: str, zone: tzinfo | None, fetched_at: datetime | None
) -> Moment | None:
    from dateparser.date import DateDataParser  # a quarter of a second to import, and few pages need it

    base = (fetched_at or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(zone or UTC).replace(tzinfo=None)
    settings = {
        "STRICT_PARSING": True,
        "RETURN_TIME_AS_PERIOD": True,
        "RELATIVE_BASE": base,
        "TIMEZONE": str(zone or "UTC"),
        "PARSERS": ["relative-time", "absolute-time"] if fetched_at else ["absolute-time"],
    }
    try:
        data = DateDataParser(languages=[language[:2].lower()], settings=settings).get_date_data(text)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    found = data.date_obj
    if found is None:
        return None
    clock = (found.hour, found.minute, found.second) if data.period == "time" else None
    aware = _moment((found.year, found.month, found.day), clock, raw, None, found.tzinfo or zone)
    has_zone = found.tzinfo is not None
    return aware and msgspec.structs.replace(aware, has_zone=has_zone and aware.has_time)
