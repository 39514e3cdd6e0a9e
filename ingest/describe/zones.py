"""Time zones as they stand behind a time: offsets, and the letters that newsrooms write."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# Hours east of Greenwich, as newsrooms mean the letters; those of the site's own zone go before.
ABBREVIATIONS = {
    -10: "HST",
    -9: "AKST",
    -8: "PST AKDT",
    -7: "MST PDT",
    -6: "CST MDT",
    -5: "EST CDT",
    -4: "AST EDT",
    -3.5: "NST",
    -3: "BRT ART ADT",
    -2.5: "NDT",
    0: "Z UTC GMT UT WET",
    1: "WEST BST CET MEZ WAT",
    2: "CEST MESZ EET SAST CAT",
    3: "EEST IDT MSK TRT EAT",
    4: "GST",
    5: "PKT",
    5.5: "IST",
    5.75: "NPT",
    7: "WIB ICT",
    8: "WITA HKT SGT MYT PHT AWST",
    9: "WIT JST KST",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
}
HOURS = {name: hours for hours, names in ABBREVIATIONS.items() for name in names.split()}
REGIONS = {  # letters without the season
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}


@lru_cache(maxsize=512)
def zone_named(name: str | None) -> tzinfo | None:
    """The zone of an IANA name; `None` for none or one that does not exist."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        return None


def read_zone(written: str, local: datetime, site_zone: tzinfo | None) -> tzinfo | None:
    """The zone that an offset or an abbreviation means at that local time, or `None`."""
    word = written.upper().replace("−", "-")
    letters = word.rstrip("0123456789:+-")
    if offset := word[len(letters) :]:
        digits = offset[1:].replace(":", "")
        hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        east = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-east if offset[0] == "-" else east) if east < timedelta(days=1) else None
    if site_zone is not None and local.replace(tzinfo=site_zone).tzname() == letters:
        return site_zone
    if letters in REGIONS:
        return zone_named(REGIONS[letters])
    known = HOURS.get(letters)
    return None if known is None else timezone(timedelta(hours=known))
