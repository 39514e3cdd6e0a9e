"""Patterns and selectors as the engine runs them."""

from __future__ import annotations

import re
import time
from importlib.resources import files

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.match import (
    PatternSet,
    _estimate_size,
    _options,
    check_css,
    check_pattern,
    compile_pattern,
    loosen,
)
from ingest.rules.rulebook import bundled_rules


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


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        ("^by .{0,80}$", "^by .*$"),
        (r"(?:\p{L}+ ){1,9}?x{3}y{2,}z{9,}", r"(?:\p{L}+ )*?x{3}y{2,}z*"),
        (r"[[:alpha:]{9}]{20}", r"[[:alpha:]{9}]*"),
        (r"\x{1234}{20}\{20}", r"\x{1234}*\{20}"),
        (r"\Q{20}\E{20} \Qa{20}", r"\Q{20}\E* \Qa{20}"),
        ("a{,20}", "a{,20}"),
    ],
)
def test_long_repeats_are_loosened_and_nothing_else(pattern, loose):
    assert loosen(pattern) == loose
    compile_pattern(loose)


@given(
    st.sampled_from(["a", ".", r"\p{L}", r"\pL", "(?i)[é-ﬀ]"]),
    st.lists(st.sampled_from([3, 10, 40, 80, 300, 1000, 1001]), min_size=1, max_size=3),
    st.integers(1, 3),
)
def test_a_pattern_is_found_too_large_exactly_where_re2_finds_it(sign, repeats, times):
    pattern = sign
    for number in repeats:
        pattern = f"(?:{pattern}){{1,{number}}}" if pattern != sign else f"{pattern}{{{number}}}"
    pattern *= times
    try:
        re2.compile(pattern, _options())
    except re2.error:
        assert "does not compile" in check_pattern(pattern)
    else:
        assert check_pattern(pattern) is None


def test_the_estimate_of_a_size_is_never_below_the_size():
    rules = "".join(path.read_text(encoding="utf-8") for path in bundled_rules().rglob("*.yaml"))
    patterns = {found.replace("''", "'") for found in re.findall(r"'((?:[^'\n]|'')+)'", rules)}
    wrong = [
        p for p in patterns if check_pattern(p) is None and compile_pattern(p).programsize > _estimate_size(p)
    ]
    assert len(patterns) > 700
    assert wrong == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bабонент",
        r"où\b",
        r"\b(?:à|dans)",
        r"\b(?:dans|à)",
        r"(?:dans|là)\b",
        r"(?:là|dans)\b",
        r"\bשלום\b",
    ],
)
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


SHORT = ["^a", "b$", "ab", "^$", "(?i)AB", "é"]
LONG = [
    "a{9}",
    "^a{2,12}$",
    "(?:ab){9,}",
    "^.{10,}b",
    r"\x{61}{9}b",
    r"[a{9}]{10}",
    r"^\Qa{9}\E",
    r"a\{9}",
    r"[\]a{9}]b",
]


@given(
    st.lists(st.sampled_from(SHORT + LONG), min_size=1),
    st.one_of(st.text("abé", max_size=20), st.text("a", max_size=14), st.sampled_from(["a{9}", "{a9}" * 3])),
)
def test_the_set_agrees_with_its_patterns_one_by_one(patterns, text):
    together = PatternSet(list(enumerate(patterns))).match(text)
    assert together == [n for n, pattern in enumerate(patterns) if compile_pattern(pattern).search(text)]
