"""Patterns and selectors as the engine runs them."""

from __future__ import annotations

import re
import time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.match import PatternSet, check_css, check_pattern, compile_pattern


def test_a_pattern_is_searched_anywhere():
    assert PatternSet([(0, "reader")]).match("Dear readers") == [0]


def test_case_counts_unless_the_pattern_says_otherwise():
    patterns = PatternSet([(0, "^share$"), (1, "(?i)^share$")])
    assert patterns.match("Share") == [1]


def test_each_key_comes_once_in_order():
    patterns = PatternSet([(7, "b"), (3, "a"), (7, "c")])
    assert patterns.match("cab") == [3, 7]


def test_no_patterns_match_nothing():
    assert PatternSet([]).match("anything") == []


@pytest.mark.parametrize("pattern", ["(?=x)", r"(a)\1", "(", "[z-a]", "a{2000}"])
def test_what_re2_cannot_do_is_said(pattern):
    assert "does not compile" in check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["^x$", r"(?P<caption>.+) \((?P<credit>[^)]*)\)", "שלום", "(?i)é", r"“\bShare\b”", r"\\bé"]
)
def test_good_patterns_have_no_complaint(pattern):
    assert check_pattern(pattern) is None
    compile_pattern(pattern)


@pytest.mark.parametrize("pattern", [r"\bабонент", r"où\b", r"\b(?:à|dans)", r"(?:dans|là)\b", r"\bשלום\b"])
def test_an_edge_of_a_word_that_re2_does_not_see_is_said(pattern):
    assert not compile_pattern(pattern).search("où à абонент שלום")
    assert "A to Z only" in check_pattern(pattern)


@pytest.mark.parametrize("name", ["phrases.yaml", "suspicious.yaml"])
def test_the_wording_that_comes_with_the_program_has_no_such_edge(name):
    wording = (files("ingest.data") / name).read_text(encoding="utf-8")
    patterns = re.findall(r"'((?:[^'\n]|'')+)'", wording)
    assert len(patterns) > 100
    assert [said for pattern in patterns if "A to Z" in (said := check_pattern(pattern) or "")] == []


def test_selectors():
    assert check_css("article > p:has(a), [class*='x']") is None
    for css in ("p[", "..x", "p:unknown-thing(", ":contains("):
        assert "does not compile" in check_css(css), css


def test_hostile_text_takes_linear_time():
    patterns = PatternSet([(0, r"(a+)+$"), (1, r"(x|xx)*y$"), (2, r"^(.*)*z$")])
    started = time.perf_counter()
    patterns.match("a" * 200_000 + "b")
    assert time.perf_counter() - started < 2


@given(
    st.lists(st.sampled_from(["^a", "b$", "ab", "^$", "(?i)AB", "é"]), min_size=1), st.text("abé", max_size=6)
)
def test_the_set_agrees_with_its_patterns_one_by_one(patterns, text):
    together = PatternSet(list(enumerate(patterns))).match(text)
    assert together == [n for n, pattern in enumerate(patterns) if compile_pattern(pattern).search(text)]
