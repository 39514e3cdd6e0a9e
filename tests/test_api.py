"""The library's face: one page, or a batch of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from ingest.schema import RECORDS, REJECTS

PAGE = """<!doctype html><html lang="en"><head><title>Bridge opens early - Example News</title>
<meta property="og:title" content="Bridge opens early"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Bridge opens early</h1>
<p>The mayor opened the new bridge on Monday at noon, three weeks before anybody had expected it.</p>
<p>Hundreds of people came to see it, and the first to cross was a baker with a cart full of bread.</p>
<p>Share this article</p>
<p>The old bridge, which had stood for ninety years, is to be taken down stone by stone in spring.</p>
</article><footer>About us</footer></body></html>"""


def test_a_page_becomes_a_record():
    record = ingest.clean(PAGE.encode(), url="https://www.example.org/bridge?utm_source=x", source="a page")
    assert isinstance(record, ingest.Record)
    assert record.title == "Bridge opens early"
    assert record.body.startswith("The mayor opened") and record.body.endswith("in spring.")
    assert "Share this" not in record.body
    assert any(removal.text == "Share this article" for removal in record.removals)
    assert (record.source, record.site, record.media_type) == ("a page", "example.org", "text/html")
    assert record.page_id == ingest.clean(PAGE, url="http://example.org/bridge").page_id


def test_text_may_be_given_as_str():
    assert ingest.clean(PAGE).body == ingest.clean(PAGE.encode()).body


def test_a_page_that_is_none_becomes_a_reject():
    reject = ingest.clean(b"%PDF-1.7", url="https://example.org/a.pdf")
    assert isinstance(reject, ingest.Reject)
    assert (reject.reason, reject.site, reject.url) == (
        "not_text",
        "example.org",
        "https://example.org/a.pdf",
    )


def test_values_are_frozen():
    with pytest.raises(AttributeError):
        ingest.clean(PAGE).title = "another"


def test_the_same_page_gives_the_same_record_whatever_came_before():
    first = ingest.clean(PAGE)
    for other in ("", "<p>x", PAGE.replace("Monday", "Tuesday")):
        ingest.clean(other)
    assert ingest.clean(PAGE) == first


def test_rules_can_be_given(tmp_path):
    (tmp_path / "example.org.yaml").write_text(
        "site: example.org\nhosts: [example.org]\nname: Example News\n"
        "strip:\n  - {id: baker, kind: promo, line: 'baker with a cart'}\n"
    )
    rules = ingest.load_rules(tmp_path)
    record = ingest.clean(PAGE, url="https://example.org/bridge", rules=rules)
    assert record.publisher == "Example News"
    assert "example.org/baker" in {removal.rule for removal in record.removals}
    assert record.rules_digest == rules.rules_for("example.org").digest


@settings(max_examples=60)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_raises(page):
    result = ingest.clean(page, url="https://example.org/x")
    assert isinstance(result, (ingest.Record, ingest.Reject))


# -- batches -------------------------------------------------------------------------------------------------


def test_a_batch_gives_one_row_for_every_page():
    pages = [
        {"content": PAGE, "url": "https://example.org/a"},
        {"content": "", "url": None},
        {"content": None},
    ]
    records, rejects = ingest.clean_batch(pa.RecordBatch.from_pylist(pages))
    assert (records.num_rows, rejects.num_rows) == (1, 2)
    assert records.schema.equals(RECORDS) and rejects.schema.equals(REJECTS)
    assert records.column("title").to_pylist() == ["Bridge opens early"]
    assert rejects.column("reason").to_pylist() == ["empty", "empty"]
    assert records.column("run_id").null_count == 1


@pytest.mark.parametrize("name", ["content", "html", "data", "body", "text"])
@pytest.mark.parametrize("kind", [pa.string(), pa.binary(), pa.large_binary()])
def test_the_content_may_have_several_names_and_types(name, kind):
    batch = pa.RecordBatch.from_arrays([pa.array([PAGE.encode()]).cast(kind)], [name])
    assert ingest.clean_batch(batch)[0].num_rows == 1


def test_what_is_known_of_a_page_is_used():
    fetched = datetime(2024, 5, 1, tzinfo=UTC)
    page = {"html": PAGE, "source": "s1", "fetched_at": fetched, "media_type": "text/html", "charset": None}
    (record,) = ingest.clean_batch(pa.RecordBatch.from_pylist([page]))[0].to_pylist()
    assert (record["source"], record["media_type"]) == ("s1", "text/html")


def test_an_empty_batch_gives_empty_batches():
    records, rejects = ingest.clean_batch(pa.RecordBatch.from_pylist([{"html": PAGE}]).slice(1))
    assert (records.num_rows, rejects.num_rows) == (0, 0)


def test_a_batch_without_pages_is_a_usage_error():
    with pytest.raises(ingest.UsageError, match="no column of pages"):
        ingest.clean_batch(pa.RecordBatch.from_pylist([{"url": "https://example.org"}]))


def test_a_batch_and_a_page_give_the_same_row():
    record = ingest.clean(PAGE, url="https://example.org/a")
    batch = pa.RecordBatch.from_pylist([{"html": PAGE, "url": "https://example.org/a"}])
    (row,) = ingest.clean_batch(batch)[0].to_pylist()
    assert (row["page_id"], row["body"], row["rules_digest"]) == (
        record.page_id,
        record.body,
        record.rules_digest,
    )


WALL = [
    "We and our partners use cookies and similar technologies to store information on your device.",
    "Accept all",
    "Reject all",
    "Manage preferences",
]


@pytest.mark.parametrize(
    "page",
    ["\n\n".join(WALL), f"<html><body><div>{''.join(f'<p>{line}</p>' for line in WALL)}</div></body></html>"],
)
def test_a_consent_wall_is_no_article(page):
    reject = ingest.clean(page)
    assert isinstance(reject, ingest.Reject)
    assert reject.reason == "not_an_article" and "cookies/" in reject.detail
