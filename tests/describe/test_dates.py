"""Moments from the ways in which machines and people write dates."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.describe.dates import parse_date, read_date, without_date
from ingest.describe.months import CROATIAN, NAMES, month_number

FETCHED = datetime(2024, 3, 6, 12, tzinfo=UTC)


def read(raw: str, language: str | None = None, zone: str | None = None) -> str | None:
    """`utc, T if there was a time, Z if there was a zone`, for tables of cases."""
    moment = parse_date(raw, language=language, timezone=zone, fetched_at=FETCHED)
    if moment is None:
        return None
    return f"{moment.utc:%Y-%m-%d %H:%M}" + " T" * moment.has_time + " Z" * moment.has_zone


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-03-05T12:00:00Z", "2024-03-05 12:00 T Z"),
        ("2024-03-05T12:00:00.123456789+0200", "2024-03-05 10:00 T Z"),
        ("2024-03-05T12:00+02", "2024-03-05 10:00 T Z"),
        ("2024-03-05 12:00:00 -05:30", "2024-03-05 17:30 T Z"),
        ("2024-03-05 12:00:00 EST", "2024-03-05 17:00 T Z"),
        ("2024-03-05 12:00:00 UTC", "2024-03-05 12:00 T Z"),
        ("2024-03-05T12:00:00+01:00[Europe/Paris]", "2024-03-05 11:00 T Z"),
        ("20240305T120000Z", "2024-03-05 12:00 T Z"),
        ("2024-03-05T23:15:0Z", "2024-03-05 23:15 T Z"),
        ("2024-03-05T12:00:00", "2024-03-05 12:00 T"),
        ("2024-03-05", "2024-03-05 00:00"),
        ("20240305", "2024-03-05 00:00"),
        ("1709640000", "2024-03-05 12:00 T Z"),
        ("1709640000000", "2024-03-05 12:00 T Z"),
        ("Tue, 05 Mar 2024 12:00:00 +0100", "2024-03-05 11:00 T Z"),
        ("Tue Mar  5 10:30:00 EST 2024", "2024-03-05 15:30 T Z"),
        ("Tue Mar 05 2024 10:30:00 GMT+0100 (CET)", "2024-03-05 09:30 T Z"),
        ("13 Jan 2020, 22:11 GMT+1", "2020-01-13 21:11 T Z"),
        ("13 Jan 2020, 22:11 UTC-03:30", "2020-01-14 01:41 T Z"),
        ("2024-03-05T12:00:00+99:00", "2024-03-05 12:00 T"),
        ("2024-02-30", None),
        ("2024-13-01T10:00:00Z", None),
        ("0001-01-01T00:00:00", None),
    ],
)
def test_machine_forms(raw: str, expected: str | None) -> None:
    assert read(raw) == expected


@pytest.mark.parametrize(
    ("raw", "language", "zone", "expected"),
    [
        ("Published: Tuesday, March 5, 2024 | 3:04 PM EST", "en", None, "2024-03-05 20:04 T Z"),
        ("March 5th, 2024 at 10:30 a.m. ET", "en", None, "2024-03-05 15:30 T Z"),
        ("July 5, 2023 at 10:30 a.m. ET", "en", None, "2023-07-05 14:30 T Z"),
        ("12 a.m. March 5, 2024 by someone", "en", "Europe/London", "2024-03-05 00:00"),
        ("Sat 24 Feb 2024 12.42 CET", "en", None, "2024-02-24 11:42 T Z"),
        ("Veröffentlicht am 5. März 2024, 14.30 Uhr", "de", "Europe/Berlin", "2024-03-05 13:30 T"),
        ("05.03.24", "de", None, "2024-03-05 00:00"),
        ("5 mars 2024 à 10h30", "fr", "Europe/Paris", "2024-03-05 09:30 T"),
        ("1er août 2023", "fr", None, "2023-08-01 00:00"),
        ("5 de março de 2024 às 20h", "pt", "America/Sao_Paulo", "2024-03-05 23:00 T"),
        ("Martedì 5 marzo 2024, ore 14.30", "it", "Europe/Rome", "2024-03-05 13:30 T"),
        ("3.4.2023 klo 14.30", "fi", None, "2023-04-03 14:30 T"),
        ("2024. március 5. 10:30", "hu", None, "2024-03-05 10:30 T"),
        ("2024 m. kovo 5 d. 10:30", "lt", None, "2024-03-05 10:30 T"),
        ("2024. gada 5. martā, 10:30", "lv", None, "2024-03-05 10:30 T"),
        ("2024 жылғы 5 наурыз", "kk", None, "2024-03-05 00:00"),
        ("5 марта 2024 г., 14:30", "ru", "Europe/Moscow", "2024-03-05 11:30 T"),
        ("5 ŞUBAT 2024", "tr", None, "2024-02-05 00:00"),
        ("5 במרץ 2024, 21:30", "he", "Asia/Jerusalem", "2024-03-05 19:30 T"),
        ("٥ مارس ٢٠٢٤", "ar", None, "2024-03-05 00:00"),
        ("5 كانون الثاني 2024", "ar", None, "2024-01-05 00:00"),
        ("2024年3月5日 下午3:04", "zh", "Asia/Shanghai", "2024-03-05 07:04 T"),
        ("2024. 3. 5. 오후 3:04", "ko", "Asia/Seoul", "2024-03-05 06:04 T"),
        ("2024年3月5日 9時05分", "ja", "Asia/Tokyo", "2024-03-05 00:05 T"),
        ("5 มี.ค. 2567 10:30", "th", None, "2024-03-05 10:30 T"),
        ("ngày 5 tháng 3 năm 2024", "vi", None, "2024-03-05 00:00"),
        ("5. listopada 2023", "hr", None, "2023-10-05 00:00"),
        ("5 listopada 2023", "pl", None, "2023-11-05 00:00"),
        ("26 | 01 | 2022", "de", None, "2022-01-26 00:00"),
        ("2 تير 1399 - 12:09:08 ب.ظ", "fa", None, "2020-06-22 12:09 T"),
        ("۱۴۰۲/۰۵/۱۲ - ۱۰:۲۴", "fa", "Asia/Tehran", "2023-08-03 06:54 T"),
        ("شنبه ۱۸ آذر ۱۴۰۲", "fa", None, "2023-12-09 00:00"),
        ("1399-12-30", "fa", None, "2021-03-20 00:00"),
        ("५ मार्च २०२४", "hi", None, "2024-03-05 00:00"),
        ("৫ মার্চ ২০২৪", "bn", None, "2024-03-05 00:00"),
    ],
)
def test_written_forms(raw: str, language: str, zone: str | None, expected: str) -> None:
    assert read(raw, language, zone) == expected


@pytest.mark.parametrize(
    ("raw", "language", "zone", "expected"),
    [
        ("03/04/2023", "en-US", None, "2023-03-04 00:00"),
        ("03/04/2023", "en", None, "2023-03-04 00:00"),
        ("03/04/2023", "en", "Europe/London", "2023-04-03 00:00"),
        ("03/04/2023", "en-GB", None, "2023-04-03 00:00"),
        ("03/04/2023", "es", None, "2023-04-03 00:00"),
        ("03.04.2023", "en-US", None, "2023-04-03 00:00"),
        ("25/03/2023", "en-US", None, "2023-03-25 00:00"),
        ("03/25/2023", "de", None, "2023-03-25 00:00"),
        ("2023/04/03", "en-US", None, "2023-04-03 00:00"),
        ("05/03/2024", "en", None, "2024-03-05 00:00"),  # 3 May is after the fetch
        ("31/31/2023", "en", None, None),
    ],
)
def test_the_order_of_day_and_month(raw: str, language: str, zone: str | None, expected: str | None) -> None:
    assert read(raw, language, zone) == expected


@pytest.mark.parametrize(
    "raw", ["", "1", "May", "2024", "May 2024", "on:", "12 May", "3 min read", "12:30", "-", "٣"]
)
@pytest.mark.parametrize("language", [None, "en", "de", "xx-not-a-language"])
def test_no_date_is_invented(raw: str, language: str | None) -> None:
    assert parse_date(raw, language=language, timezone=None) is None


def test_relative_dates_need_the_fetch() -> None:
    assert read("2 hours ago", "en") == "2024-03-06 10:00 T"
    assert parse_date("2 hours ago", language="en", timezone=None) is None


def test_a_time_without_zone_is_the_sites_and_says_so() -> None:
    moment = parse_date("2017-10-06 21:30", language="en", timezone="Asia/Jerusalem")
    assert moment is not None
    assert moment.utc == datetime(2017, 10, 6, 18, 30, tzinfo=UTC)
    assert (moment.has_time, moment.has_zone) == (True, False)
    assert moment.local == datetime(2017, 10, 6, 21, 30)
    assert moment.raw == "2017-10-06 21:30"


@pytest.mark.parametrize("zone", [None, "Asia/Tokyo", "America/Los_Angeles", "no/such zone", "../etc/passwd"])
@pytest.mark.parametrize(
    "raw", ["2024-03-05", "March 5, 2024", "2024-03-05T00:00:00+09:00", "2024-03-05 00:00"]
)
def test_a_day_without_time_never_shifts(raw: str, zone: str | None) -> None:
    moment = parse_date(raw, language="en", timezone=zone)
    assert moment is not None
    assert moment.utc == datetime(2024, 3, 5, tzinfo=UTC)
    assert not moment.has_time and not moment.has_zone


def test_letters_that_name_several_zones_are_the_sites_own_first() -> None:
    assert read("March 5, 2024 10:00 IST", "en", "Asia/Jerusalem") == "2024-03-05 08:00 T Z"
    assert read("March 5, 2024 10:00 IST", "en") == "2024-03-05 04:30 T Z"


def test_the_local_reading_keeps_the_offset_as_written() -> None:
    moment = parse_date("2024-03-05T23:30:00-05:00", language=None, timezone="Europe/Berlin")
    assert moment is not None
    assert moment.local.isoformat() == "2024-03-05T23:30:00-05:00"
    assert moment.utc.date().isoformat() == "2024-03-06"


@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["T", " "]),
)
def test_iso_round_trip(moment: datetime, minutes: int, separator: str) -> None:
    written = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found = parse_date(written.isoformat(separator), language=None, timezone=None)
    assert found is not None
    if moment.time() != datetime.min.time():
        assert (found.utc, found.has_time, found.has_zone) == (written.astimezone(UTC), True, True)
    assert found.local.replace(tzinfo=None) == moment


@given(
    st.dates(datetime(1990, 1, 1).date(), datetime(2069, 12, 31).date()),
    st.sampled_from(sorted(NAMES)),
    st.data(),
)
def test_every_month_name_round_trip(day: object, month: int, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES[month].split())).replace("_", " ")
    raw = f"{day.day if month != 2 else min(day.day, 28)} {name} {day.year}"  # type: ignore[attr-defined]
    if month in (4, 6, 9, 11) and raw.startswith("31"):
        raw = "30" + raw[2:]
    moment = parse_date(raw, language=None, timezone=None)
    assert moment is not None and moment.utc.month == month


@given(st.text(max_size=300), st.sampled_from([None, "en", "de", "ar"]))
def test_any_text_is_read_or_refused(text: str, language: str | None) -> None:
    moment = read_date(text, language, None)
    assert moment is None or 1900 <= moment.utc.year <= 2101
    assert isinstance(without_date(text), str)


@given(st.text(alphabet="0123456789-/.: TZ年月日apmAPM,+", max_size=60))
def test_any_date_like_text_is_read_or_refused(text: str) -> None:
    parse_date(text, language="en", timezone="Europe/Berlin", fetched_at=datetime(2024, 1, 1))


@pytest.mark.parametrize(
    "piece", ["1", "a", "1 a ", "12:3", "5 march ", "Ab. ", "1/", "2024-", " ", "年1", "上"]
)
def test_hostile_strings_take_no_time(piece: str) -> None:
    start = time.process_time()
    read_date(piece * 5_000, "en", None)
    without_date(piece * 30)
    assert time.process_time() - start < 0.5


def test_month_tables_do_not_contradict_each_other() -> None:
    for month, names in NAMES.items():
        for name in names.split():
            assert month_number(name.replace("_", " ")) == month, name
    for month, names in CROATIAN.items():
        assert all(month_number(name, "hr") == month for name in names.split())


def test_what_else_a_line_says() -> None:
    assert without_date("Published: 5 March 2024, 10:30") == "Published: ,"
    assert without_date("no date here") == "no date here"
    assert without_date("تاریخ انتشار: ۱۲ مرداد ۱۴۰۲") == "تاریخ انتشار:"
