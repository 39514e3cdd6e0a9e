"""Choices made in one pass: bounded, the same for the same rows, and honest about what was left out."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ingest.report.sampling import DifferentTexts, Spread, number_of

NUMBERS = st.lists(st.integers(0, 60).map(str), max_size=200)


@given(NUMBERS, st.integers(1, 20))
def test_kept_texts_are_counted_from_their_first_time_on(texts, size):
    chosen: DifferentTexts[str] = DifferentTexts(size)
    for text in texts:
        if chosen.add(number_of(text)):
            chosen.kept[number_of(text)] = text
    times = Counter(texts)
    smallest = sorted(map(number_of, times))[:size]
    assert sorted(chosen.times) == smallest
    assert {chosen.kept[n]: chosen.times[n] for n in smallest} == {
        chosen.kept[n]: times[chosen.kept[n]] for n in smallest
    }
    assert chosen.complete == (len(times) <= size)
    if chosen.complete:
        assert chosen.different == len(times)


def test_the_number_of_different_texts_is_estimated():
    chosen: DifferentTexts[None] = DifferentTexts(200)
    for number in range(20_000):
        chosen.add(number_of(str(number)))
    assert len(chosen.times) == 200
    assert 0.75 < chosen.different / 20_000 < 1.25


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.integers(1, 12))
def test_a_spread_has_the_first_of_every_group_before_any_second(groups, size):
    spread: Spread[tuple[str, int]] = Spread(size)
    for number, group in enumerate(groups):
        key = spread.place(group)
        if key is not None:
            spread.kept[key] = (group, number)
    chosen = Counter(group for group, _ in spread.items())
    assert chosen.total() == min(size, len(groups))
    every = Counter(groups)
    for group, number in every.items():
        fewer = max(chosen.values(), default=0) - chosen[group]
        assert fewer <= 1 or chosen[group] == number
    for group in chosen:
        mine = [number for name, number in spread.items() if name == group]
        assert mine == [number for number, name in enumerate(groups) if name == group][: len(mine)]
