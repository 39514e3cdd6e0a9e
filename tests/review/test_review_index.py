"""The tables say what the parts hold, in whatever order and batches they were read."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from random import Random
from tempfile import gettempdir
from time import monotonic

import pyarrow.parquet as pq
import pytest
from asking import make_record, make_reject, write_rows

import ingest.review.index as index_module
from ingest.errors import StoreError
from ingest.records import Removal
from ingest.review import lookups
from ingest.review.filters import Filters
from ingest.review.index import Index
from ingest.store import read, read_rejects
from ingest.views import page_key


def every(list_page, cursor, filters, after):
    """All rows of a lookup, page by page."""
    rows = []
    while page := list_page(cursor, filters):
        size = {lookups.pages: lookups.PAGES, lookups.texts: lookups.TEXTS, lookups.rejects: lookups.REJECTS}[
            list_page
        ]
        shown = page[:size]
        rows += shown
        if len(page) == len(shown):
            return rows
        filters = Filters(**filters.named, after=after(shown[-1]))
    return rows


def test_the_numbers_are_those_of_the_rows(index, generated):
    rows = read(generated).to_table().to_pylist()
    rejected = read_rejects(generated).to_table().to_pylist()
    with index.cursor() as cursor:
        numbers = lookups.overview(cursor, Filters())
    assert numbers.records == len(rows) and numbers.rejects == len(rejected)
    assert numbers.words == sum(row["words_kept"] for row in rows)
    assert numbers.removed == sum(row["words_removed"] for row in rows)
    assert dict(numbers.languages) == Counter(row["language"] for row in rows)
    assert dict(numbers.flags) == Counter(flag for row in rows for flag in row["flags"])
    assert dict(numbers.reasons) == Counter(row["reason"] for row in rejected)
    kinds = Counter(removal["kind"] for row in rows for removal in row["removals"])
    pages = Counter(kind for row in rows for kind in {removal["kind"] for removal in row["removals"]})
    assert {kind: (times, of) for kind, times, of in numbers.kinds} == {
        k: (kinds[k], pages[k]) for k in kinds
    }


def test_pages_come_newest_first_each_once(index, generated):
    rows = read(generated).to_table(columns=["source", "source_digest", "published"]).to_pylist()
    with index.cursor() as cursor:
        pages = every(lookups.pages, cursor, Filters(), lambda page: f"{page.day}.{page.ref}")
    keys = [f"{page.key:016x}" for page in pages]
    assert sorted(keys) == sorted(page_key(row["source"], row["source_digest"]) for row in rows)
    assert [page.day for page in pages] == sorted((page.day for page in pages), reverse=True)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(rule="share-bar/share"),
        Filters(kind="plea"),
        Filters(site="old-valley-0.example", kind="furniture"),
        Filters(kind="caption", q="harbour"),
        Filters(rule="no-such/rule"),
    ],
    ids=lambda filters: "-".join(filters.named),
)
def test_texts_come_rarest_first_each_once_with_their_number(index, generated, filters):
    expected = Counter()
    for row in read(generated).to_table(columns=["site", "removals"]).to_pylist():
        for removal in row["removals"]:
            wanted = (not filters.rule or removal["rule"] == filters.rule) and (
                not filters.kind or removal["kind"] == filters.kind
            )
            if wanted and filters.site in ("", row["site"]) and filters.q in removal["text"].lower():
                expected[removal["rule"], removal["text"]] += 1
    with index.cursor() as cursor:
        texts = every(lookups.texts, cursor, filters, lambda text: f"{text.times}.{text.ref}")
    assert [text.times for text in texts] == sorted(expected.values())
    assert len({text.ref for text in texts}) == len(texts)


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        (Filters(site="old-valley-0.example"), lambda row: row["site"] == "old-valley-0.example"),
        (Filters(flag="layout_missed"), lambda row: "layout_missed" in row["flags"]),
        (
            Filters(language="he", method="rules"),
            lambda row: row["language"] == "he" and row["method"] == "rules",
        ),
        (
            Filters(rule="share-bar/share"),
            lambda row: any(removal["rule"] == "share-bar/share" for removal in row["removals"]),
        ),
        (
            Filters(kind="plea", run="run-03"),
            lambda row: row["run_id"] == "run-03" and "plea" in kinds_of(row),
        ),
    ],
    ids=["site", "flag", "language-method", "rule", "kind-run"],
)
def test_filters_hold(index, generated, filters, fits):
    rows = [row for row in read(generated).to_table().to_pylist() if fits(row)]
    with index.cursor() as cursor:
        pages = every(lookups.pages, cursor, filters, lambda page: f"{page.day}.{page.ref}")
    assert len(pages) == len(rows) > 0


def kinds_of(row):
    return {removal["kind"] for removal in row["removals"]}


def test_sums_are_the_same_whatever_the_batches(tmp_path, monkeypatch):
    """Parts with texts on one site and on several, read one by one and all at once."""
    random = Random(4)
    for part in range(6):
        records = [
            make_record(
                100 * part + number,
                site=(site := random.choice(["a.example", "b.example", None])),
                removals=tuple(
                    Removal(
                        random.choice(["pack/x", f"{site}/y"]),
                        "plea",
                        n,
                        random.choice(["Join us", "Give", "Read"]),
                    )
                    for n in range(random.randint(0, 4))
                ),
            )
            for number in range(9)
        ]
        write_rows(tmp_path, f"p{part}", records, [make_reject(part)])
    found = []
    for size in (1, 100):
        monkeypatch.setattr(index_module, "FIRST_BATCH", size)
        with Index(tmp_path) as index:
            index.wait()
            with index.cursor() as cursor:
                tables = {
                    "texts": "select rule, kind, site, sites, text, times from texts order by all",
                    "site_texts": "select rule, kind, site, text, times from site_texts order by all",
                    "tally": "select site, rule, sum(times), sum(pages) from tally group by all order by all",
                }
                found.append({name: cursor.execute(sql).fetchall() for name, sql in tables.items()})
    assert found[0] == found[1]
    totals = Counter()
    sites = defaultdict(set)
    for row in read(tmp_path).to_table().to_pylist():
        for removal in row["removals"]:
            totals[removal["rule"], removal["text"]] += 1
            sites[removal["rule"], removal["text"]].add(row["site"])
    assert {(rule, text): times for rule, _, _, _, text, times in found[0]["texts"]} == totals
    assert {(rule, text): number for rule, _, _, number, text, _ in found[0]["texts"]} == {
        key: len(names) for key, names in sites.items()
    }


def test_new_parts_are_read_and_lost_ones_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr(index_module, "RECHECK_SECONDS", 0.0)
    write_rows(tmp_path, "one", [make_record(1)])

    def count(index):
        with index.cursor() as cursor:
            return lookups.overview(cursor, Filters()).records

    def soon(index, number):
        end = monotonic() + 10
        while count(index) != number or not index.progress.done:
            assert monotonic() < end
        return True

    with Index(tmp_path) as index:
        index.wait()
        assert count(index) == 1
        write_rows(tmp_path, "two", [make_record(2), make_record(3)])
        assert soon(index, 3)
        (tmp_path / "records" / "part-one.parquet").unlink()
        assert soon(index, 2)


def test_a_broken_part_is_named_and_the_others_are_read(tmp_path):
    write_rows(tmp_path, "good", [make_record(1)])
    (tmp_path / "records" / "part-bad.parquet").write_bytes(b"PAR1 this is none PAR1")
    with Index(tmp_path) as index:
        index.wait()
        [sentence] = index.progress.broken
        assert sentence.startswith("part-bad.parquet cannot be read")
        with index.cursor() as cursor:
            assert lookups.overview(cursor, Filters()).records == 1


def test_an_empty_dataset_and_none(tmp_path):
    write_rows(tmp_path, "none")
    with Index(tmp_path) as index:
        index.wait()
        with index.cursor() as cursor:
            assert lookups.overview(cursor, Filters()).records == 0
            assert lookups.pages(cursor, Filters()) == []
    with pytest.raises(StoreError):
        Index(tmp_path / "nowhere")


def test_odd_values_are_taken_as_they_are(tmp_path):
    """Nulls, no removals, no day, and a part with several row groups."""
    bare = make_record(
        1, site=None, url=None, title=None, language=None, published=None, removals=(), blocks=()
    )
    write_rows(tmp_path, "odd", [bare, *(make_record(number) for number in range(2, 40))])
    path = tmp_path / "records" / "part-odd.parquet"
    table = pq.read_table(path)
    pq.write_table(table, path, row_group_size=7)
    with Index(tmp_path) as index:
        index.wait()
        with index.cursor() as cursor:
            pages = lookups.pages(cursor, Filters())
            assert len(pages) == 39 and pages[-1].title is None
            text = lookups.texts(cursor, Filters(q="Story 38"))
        from ingest.review.rows import read_rows

        [row] = read_rows(index, [text[0].ref]).values()
        assert row["title"] == "Story 38"


def test_closing_stops_at_once_and_leaves_nothing(generated):
    before = set(Path(gettempdir()).glob("ingest-review-*"))
    index = Index(generated)
    assert set(Path(gettempdir()).glob("ingest-review-*")) - before
    started = monotonic()
    index.close()
    assert monotonic() - started < 5
    assert not set(Path(gettempdir()).glob("ingest-review-*")) - before
