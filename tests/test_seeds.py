"""The labelled seed pages, where they are at hand (INGEST_SEEDS, else beside the project)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from benchmarks import seeds
from benchmarks.seeds import Seed
from ingest.records import Record

FOLDER = seeds.find_seeds()
SEEDS = seeds.read_seeds(FOLDER) if FOLDER else []

pytestmark = pytest.mark.skipif(not SEEDS, reason="no seeds: set INGEST_SEEDS")


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
@pytest.mark.parametrize(
    "check",
    [seeds.body_faults, seeds.removal_faults, seeds.field_faults, seeds.caption_faults],
    ids=lambda check: check.__name__,
)
def test_seed(seed: Seed, check: Callable[[Seed, Record], Iterator[str]]) -> None:
    record = seeds.clean_seed(seed)
    assert isinstance(record, Record)
    assert list(check(seed, record)) == []
