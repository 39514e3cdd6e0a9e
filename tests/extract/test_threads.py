"""Threads of comments in HTML whose classes say nothing."""

from __future__ import annotations

import pytest

from ingest import Record, clean

TEXT = [
    f"In the {ordinal} week of the strike the ferries stayed in port, and the islanders of the north rowed across "
    "by themselves, as they had done in the old days before there was a ferry at all."
    for ordinal in ("first", "second", "third", "fourth", "fifth", "sixth")
]
COMMENTS = [
    f"I have rowed across {times} times now and never once did I see anybody from the company on the quay, not one."
    for times in ("four", "five", "six", "seven")
]
ARTICLE = '<meta property="og:type" content="article">'


def body(*blocks: str, head: str = ARTICLE) -> list[str]:
    html = "".join(f"<p class=x1>{text}</p>" for text in blocks)
    record = clean(
        f"<html><head>{head}<title>Ferries</title></head><body><h1>Ferries</h1><div>{html}</div></body>"
    )
    assert isinstance(record, Record)
    return record.body.split("\n\n")


@pytest.mark.parametrize(
    "heading",
    ["4 thoughts on “Ferries”", "4 Gedanken zu „Ferries“", "4 réflexions sur « Ferries »", "All comments 4"],
)
def test_signed_lines_under_a_count_of_comments_go(heading: str) -> None:
    thread = [
        line
        for day, comment in enumerate(COMMENTS, 1)
        for line in ("Ann Lee", f"August {day}, 2018 at 5:57 am", comment)
    ]
    assert body(*TEXT, heading, *thread) == TEXT


def test_times_ago_that_follow_each_other_behind_the_text_go() -> None:
    thread = [line for day, comment in enumerate(COMMENTS, 2) for line in ("Ann", f"{day} days ago", comment)]
    assert body(*TEXT, *thread) == TEXT


def test_a_ticker_by_one_writer_stays() -> None:
    ticker = [
        line for day, comment in enumerate(COMMENTS, 2) for line in (f"{day} hours ago", "Ann Lee", comment)
    ]
    assert set(COMMENTS) <= set(body(*TEXT, *ticker))


def test_what_answers_a_question_in_a_forum_stays() -> None:
    thread = [line for day, comment in enumerate(COMMENTS, 2) for line in ("Ann", f"{day} days ago", comment)]
    assert set(COMMENTS) <= set(body(*TEXT, *thread, head=""))


def test_a_list_of_thoughts_is_no_thread() -> None:
    heading = "4 thoughts on the strike"
    assert body(*TEXT[:3], heading, *TEXT[3:], *COMMENTS) == [*TEXT[:3], heading, *TEXT[3:], *COMMENTS]
