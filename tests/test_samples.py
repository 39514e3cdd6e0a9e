"""Every sample comes out as its `expected.yaml` says, field by field; and every rule of a site has a sample."""

from __future__ import annotations

from functools import cache

import pytest

from ingest.pipeline import clean_page, digest
from ingest.records import Record
from ingest.rules import Rulebook, load_rules
from ingest.samples import EXPECTED, FIELDS, Sample, bundled_samples, compare, find_samples

SAMPLES = list(find_samples(bundled_samples()))
SITES = ("haaretz.com", "jpost.com")
MIN_SITE_SAMPLES = 16


@cache
def rulebook() -> Rulebook:
    return load_rules()


@cache
def differences(number: int) -> dict[str, tuple[object, object]]:
    return {d.field: (d.expected, d.found) for d in compare(SAMPLES[number], rulebook())}


def _cases() -> list[object]:
    """A case for each field a sample expects, and one for those it must not have."""
    cases: list[object] = []
    for number, sample in enumerate(SAMPLES):
        fields = [field for field in ("reject", *FIELDS) if field in (sample.expect or {})]
        cases += [
            pytest.param(number, field, id=f"{sample.name}:{field}") for field in (*fields, "nothing else")
        ]
    return cases


@pytest.mark.parametrize(("number", "field"), _cases())
def test_field(number: int, field: str) -> None:
    found = differences(number)
    if field == "nothing else":
        assert {name: d for name, d in found.items() if name not in (SAMPLES[number].expect or {})} == {}
    else:
        expected, came_out = found.get(field, (None, None))
        assert came_out == expected


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
