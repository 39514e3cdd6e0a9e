"""The Iranian solar calendar, in which Persian and Dari pages date themselves."""

from __future__ import annotations

from datetime import date

YEARS = range(1360, 1450)  # 1981 to 2071
PERSIAN = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
DARI = "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت"
MONTHS = {name: month for names in (PERSIAN, DARI) for month, name in enumerate(names.split(), 1)}


def month_number(name: str) -> int | None:
    """The number of a month's name (1-12) or `None`, in Persian or Arabic letters."""
    return MONTHS.get(name.replace("ي", "ی").removesuffix("ماه").rstrip())


def to_gregorian(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """Year, month and day of a day of that calendar, or `None` if it has no such day.

    >>> to_gregorian(1403, 1, 1), to_gregorian(1399, 12, 30), to_gregorian(1403, 7, 31)
    ((2024, 3, 20), (2021, 3, 20), None)
    """
    if not (1 <= month <= 12 and 1 <= day <= (31 if month < 7 else 30)):
        return None
    cycle = year + 1595
    before = 31 * (month - 1) if month < 7 else 30 * (month - 7) + 186
    ordinal = 365 * cycle + cycle // 33 * 8 + (cycle % 33 + 3) // 4 + before + day - 356_033
    return date.fromordinal(ordinal).timetuple()[:3]
