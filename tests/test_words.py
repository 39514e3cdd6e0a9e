"""Counting words: the fast way and the definition agree."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import clean_text, count_all_words, count_words, to_nfc

IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+(?:['’.,][^\W_{IDEOGRAPHS}]+)*")
"""The definition: runs of letters and digits with apostrophes, points and commas inside; ideographs one by one."""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("...", 0),
        ("one", 1),
        ("one two\nthree\tfour", 4),
        ("can't U.S. 3.5 1,000", 4),
        ("end. 'quoted' (1) well-known", 5),
        ("a..b", 2),
        ("foo_bar", 2),
        ("l’heure d'été", 2),
        ("שלום עולם", 2),
        ("東京で", 3),
        ("東京 2020 tower", 4),
        ("한국어 단어", 2),
    ],
)
def test_words(text, words):
    assert count_words(text) == words


@given(st.text(alphabet=string.printable, max_size=60))
def test_ascii_agrees_with_the_definition(text):
    assert count_words(text) == len(WORD.findall(text))


@given(st.text(max_size=60))
def test_any_text_agrees_with_the_definition(text):
    assert count_words(text) == len(WORD.findall(text))


@given(st.lists(st.text(alphabet="ab'., é東", max_size=10)))
def test_many_texts_add_up(texts):
    assert count_all_words(texts) == sum(map(count_words, texts))


@given(st.text(alphabet="ab'.,_ 1-é’東", max_size=20))
def test_marks_inside_words_agree_with_the_definition(text):
    assert count_words(text) == len(WORD.findall(text))


@given(st.text(max_size=40), st.text(max_size=40))
def test_words_of_two_paragraphs_add_up(first, second):
    assert count_words(f"{first}\n\n{second}") == count_words(first) + count_words(second)


def test_letters_and_marks_are_joined() -> None:
    assert clean_text("Zu\u0308\u00adrich") == "Zürich"
    assert to_nfc("e\u0301 " * 5_000) == "é " * 5_000
    assert to_nfc("x" * 5_000 + "e" + "\u0301" * 30) == "x" * 5_000 + "é" + "\u0301" * 29


@pytest.mark.parametrize("marks", ["\u0301\u0327", "\u064b\u0651", "\u05b0\u05c1", "\u3099\u0323"])
def test_a_pile_of_marks_costs_no_time(marks: str) -> None:
    pile = "e" + marks * 1_000_000  # would take hours
    assert to_nfc(pile) == pile
