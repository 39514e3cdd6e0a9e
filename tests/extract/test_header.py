"""What scrapers write above their texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.header import FIELDS, read_header
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record
from ingest.rules import load_rules

STORY = (
    "The old bridge over the Wend, which had stood for ninety years, was closed on Monday at noon.\n\n"
    "Nobody expected it so soon, said the mayor, who had come with her two children to see the first stone go.\n"
)
TITLE = "Old bridge comes down"
URL = "https://www.gull.example/2024/bridge"

FENCED = f"""---
title: "{TITLE}"
author: Ann Lee; Bo Ray
url: {URL}
note: kept as it is
date: 2024-05-03
description: The bridge is gone by winter.
tags: ['bridges', 'Wend']
---
"""
LINES = f"Title: {TITLE}\nAuthor: Ann Lee; Bo Ray\nDate: May 3, 2024\nURL: {URL}\n\n"
READER = (
    f"Title: {TITLE}\n\nURL Source: {URL}\n\nPublished Time: 2024-05-03T10:00:00Z\n\n"
    f"Markdown Content:\n# {TITLE}\n\n"
)
SCRIPT = f"title: {TITLE}\r\nurl: {URL}\r\ndate: 2024-05-03\r\ntext: "


def clean(text: str, url: str | None = None) -> Record:
    record = clean_page(
        RawPage(data=text.encode(), source="a.txt", media_type="text/plain", url=url), load_rules()
    )
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize("header", [FENCED, LINES, READER, SCRIPT])
def test_a_header_says_what_the_page_is(header):
    record = clean(header + STORY)
    assert (record.title, record.url, record.site) == (TITLE, URL, "gull.example")
    assert str(record.published_day) == "2024-05-03"
    assert record.body == STORY.strip()
    assert record.authors == (("Ann Lee", "Bo Ray") if "Lee" in header else ())
    taken = [removal.text for removal in record.removals if removal.rule == "text/header"]
    assert "".join("".join(taken).split()) in "".join(header.split())
    assert len(taken) == sum(bool(line.strip(" #")) for line in header.split("\n")) - (header == READER)


def test_front_matter_has_deck_and_tags():
    record = clean(FENCED + STORY)
    assert (record.deck, record.tags) == ("The bridge is gone by winter.", ("bridges", "Wend"))
    assert record.origins["tags"] == record.origins["title"] == "text"


def test_quotes_and_brackets_that_are_the_titles_own_stay():
    titles = {
        "[Video] The ferry": "[Video] The ferry",
        "'Gone' and 'away'": "'Gone' and 'away'",
        '"Gone"': "Gone",
    }
    for written, title in titles.items():
        assert read_header(f"Title: {written}\nURL: {URL}\n\n{STORY}").fields["title"] == title


def test_an_address_that_is_known_goes_first():
    assert clean(LINES + STORY, url="https://other.example/1").url == "https://other.example/1"


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        f"Title: {TITLE}\n\n{STORY}",
        f"Source: The Gull\nDate: 3 May 2024\n\n{STORY}",
        f"Note: mind the gap\nTitle: {TITLE}\nDate: 3 May 2024\n\n{STORY}",
        f"---\n{STORY}",
        f"---\nThe tide.\n---\n{STORY}",
        "",
        "\n\n",
    ],
)
def test_other_texts_have_none(text):
    assert read_header(text) == ([], [], {}, text)


NAMES = st.sampled_from([name for names in FIELDS.values() for name in names] + ["Note", "---", "a b c"])


@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(["", ": ", ":"]), st.sampled_from(["", "x", "'y'", "z: w"])),
        max_size=9,
    )
)
def test_no_letter_is_lost(lines):
    text = "\n".join("".join(line) for line in lines) + "\nthe end"
    header = read_header(text)
    said = "".join(block.text for block in header.blocks) + header.text
    assert "".join(said.split()).replace("'", "") == "".join(text.split()).replace("'", "")
