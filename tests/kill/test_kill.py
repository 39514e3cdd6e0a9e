"""`kill -9` at random moments. `python -m benchmarks.kill` does the same any number of times."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.kill import Setting, Torment, reader

TESTS = str(Path(__file__).parents[1])


def torment(tmp_path: Path, seed: int, out: str = "", cleaner: str = "standin") -> Torment:
    ordeal = Torment(Setting(tmp_path / "in", out or str(tmp_path / "out"), cleaner, (TESTS,)), seed)
    ordeal.complete()
    return ordeal


def kill(ordeal: Torment, times: int, *acts: str) -> None:
    """So many kills that came in time; a complete run after every fifth and at the end."""
    with reader(ordeal.setting.out):
        for number in range(3 * times):
            ordeal.round(acts[number % len(acts)], complete=number % 5 == 4)
            if ordeal.kills == times:
                break
        ordeal.complete()
    assert ordeal.kills == times, ordeal.toll


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_is_completed_by_the_next(tmp_path, seed):
    ordeal = torment(tmp_path, seed)
    kill(ordeal, 10, "run")


@pytest.mark.parametrize("act", ["refresh", "compact"])
def test_a_killed_rewriting_leaves_every_row(tmp_path, act):
    ordeal = torment(tmp_path, 10)
    kill(ordeal, 8, "run", act, act)


def test_the_real_cleaner_is_killed_too(tmp_path):
    ordeal = torment(tmp_path, 20, cleaner="")
    kill(ordeal, 3, "run")


def test_a_killed_run_in_an_object_store_is_completed_by_the_next(tmp_path, bucket):
    ordeal = torment(tmp_path, 30, f"{bucket}/out")
    kill(ordeal, 4, "run")
