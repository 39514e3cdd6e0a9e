"""Every sample comes out as its `expected.yaml` says; every site has one, and none repeats an article."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from ingest.anonymise.leaks import strings_of, words_of
from ingest.anonymise.words import FUNCTION_WORDS
from ingest.describe.names import AGENCIES
from ingest.pipeline import clean_page, digest
from ingest.records import Record
from ingest.rules import Rulebook, load_rules
from ingest.samples import EXPECTED, Sample, bundled_samples, compare, find_samples

SAMPLES = list(find_samples(bundled_samples()))
SITES = ("haaretz.com", "jpost.com")
MIN_SITE_SAMPLES = 16
MAX_BYTES = 60_000
CORPUS = Path(os.environ.get("INGEST_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
SHINGLE = 5


@cache
def rulebook() -> Rulebook:
    return load_rules()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_it_comes_out_as_expected(sample: Sample) -> None:
    assert compare(sample, rulebook()) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_folder_is_complete(sample: Sample) -> None:
    assert len(list(sample.folder.iterdir())) == 2
    assert (sample.folder / EXPECTED).is_file()
    assert len(sample.about) > 20
    assert sample.expect
    assert "body" in sample.expect or "reject" in sample.expect


def test_both_sites_are_well_covered() -> None:
    assert sum(sample.name.split("/")[0] in SITES for sample in SAMPLES) >= MIN_SITE_SAMPLES


@cache
def _seen() -> tuple[frozenset[str], frozenset[tuple[str | None, str | None]]]:
    """The rules that took something out of a sample or refused it, and the layouts that held."""
    rules: set[str] = set()
    layouts: set[tuple[str | None, str | None]] = set()
    for sample in SAMPLES:
        if sample.name.split("/")[0] not in SITES:
            continue
        result = clean_page(sample.raw, rulebook())
        if isinstance(result, Record):
            rules |= {removal.rule for removal in result.removals}
            layouts.add((result.site, result.layout))
        else:
            rules.add(result.detail.split()[0])
    return frozenset(rules), frozenset(layouts)


@pytest.mark.parametrize("site", SITES)
def test_every_rule_fires_in_a_sample(site: str) -> None:
    file = rulebook().sites[site]
    written = [
        *file.strip,
        *file.refuse,
        *file.drop,
        *(drop for layout in file.layouts for drop in layout.drop),
    ]
    assert {f"{site}/{rule.id}" for rule in written} - _seen()[0] == set()


@pytest.mark.parametrize("site", SITES)
def test_every_layout_has_a_sample(site: str) -> None:
    layouts = {(site, str(layout.id)) for layout in rulebook().sites[site].layouts}
    assert layouts - _seen()[1] == set()


def test_pages_are_all_different() -> None:
    assert len({digest(sample.raw.data) for sample in SAMPLES}) == len(SAMPLES)


def test_every_site_has_a_sample() -> None:
    shown = {sample.name.split("/")[0] for sample in SAMPLES}
    assert set(rulebook().sites) - shown == set()


def test_samples_are_small() -> None:
    assert [sample.name for sample in SAMPLES if len(sample.raw.data) > MAX_BYTES] == []


LITTLE = frozenset().union(*FUNCTION_WORDS.values(), *map(words_of, AGENCIES))


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every five words in a row, but for runs of little words, agencies and years, which are nobody's."""
    words = words_of(text)
    runs = set(zip(*(words[n:] for n in range(SHINGLE)), strict=False))
    return {run for run in runs if not all(word in LITTLE or word.isdigit() or len(word) < 3 for word in run)}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_no_sample_repeats_the_articles_of_its_site() -> None:
    """Of the articles in the corpus, no five words in a row stand in a sample of the same site: but for furniture."""
    own: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for path in CORPUS.glob("*/truth.jsonl"):
        for truth in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if site := rulebook().site_of_host(truth.get("host")):
                texts = (truth.get(field) for field in ("body", "title", "description", "dek", "body_start"))
                for text in (*texts, *(truth.get("with_snippets") or ())):
                    own[site] |= shingles(text or "")
    repeated = {}
    for sample in SAMPLES:
        texts = strings_of(sample.raw.data.decode("utf-8", "replace"))
        if found := own[sample.name.split("/")[0]] & set().union(*map(shingles, texts)):
            result = clean_page(sample.raw, rulebook())
            removed = result.removals if isinstance(result, Record) else ()
            found = found.difference(*(shingles(removal.text) for removal in removed))
            name = words_of(rulebook().sites[sample.name.split("/")[0]].name or "")
            repeated[sample.name] = {run for run in found if not LITTLE.union(name).issuperset(run)}
    assert {name: found for name, found in repeated.items() if found} == {}
