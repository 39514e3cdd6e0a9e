from __future__ import annotations

import gzip
import zlib
from collections import Counter
from datetime import UTC, datetime

import pytest
from archives import PAGES, URL, found, http, member_names, only, record, write_warc
from fastwarc.stream_io import BrotliWriter

from ingest.records import RawPage, Reject
from ingest.sources import find_sources

BODY = b"<p>words of a page</p>" * 10


def response(number, body=BODY, **settings):
    return record("response", http(body, **settings), number)


def one(tmp_path, block: bytes, name: str = "a.warc", **settings: int) -> RawPage | Reject:
    return only(found(write_warc(tmp_path / name, [record("response", block)]), **settings))


def packed_br(data: bytes) -> bytes:
    import io

    content = io.BytesIO()
    writer = BrotliWriter(content)
    writer.write(data)
    writer.close()
    return content.getvalue()


def chunked(data: bytes, size: int = 37) -> bytes:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_responses_are_pages_and_other_records_are_counted(tmp_path, name, whole):
    records = [record("warcinfo", b"software: own\r\n", 0, "application/warc-fields")]
    for number, body in enumerate(PAGES.values()):
        records.append(
            record("request", b"GET / HTTP/1.1\r\n\r\n", number, "application/http; msgtype=request")
        )
        records.append(record("response", http(body), number))
        records.append(record("metadata", b"via: x\r\n", number, "application/warc-fields"))
    records.append(record("revisit", http(b""), 98))
    records.append(record("resource", b"picture", 99, "image/png"))
    not_pages: Counter[str] = Counter()
    archive = write_warc(tmp_path / name, records, whole)
    pages = found(archive, not_pages=not_pages)
    assert [page.data for page in pages] == list(PAGES.values())
    assert not_pages == {
        "warc warcinfo": 1,
        "warc request": 20,
        "warc metadata": 20,
        "warc revisit": 1,
        "warc resource": 1,
    }
    page = pages[3]
    assert page.source == f"{archive}!urn:uuid:response-3"
    assert (page.url, page.fetched_at) == (URL.format(3), datetime(2024, 5, 1, 8, tzinfo=UTC))
    assert (page.media_type, page.charset) == ("text/html", "utf-8")


def test_texts_of_a_wet_file_are_pages(tmp_path):
    text = "Bridge opens\nThe mayor opened the bridge – on Monday.".encode()
    records = [
        record("warcinfo", b"x", 0, "application/warc-fields"),
        record("conversion", text, 1, "text/plain"),
    ]
    page = only(found(write_warc(tmp_path / "a.warc.wet.gz", records)))
    assert (page.data, page.media_type, page.url) == (text, "text/plain", URL.format(1))
    assert page.fetched_at == datetime(2024, 5, 1, 8, tzinfo=UTC)


def test_responses_that_are_no_pages_are_counted_by_type(tmp_path):
    records = [
        response(1),
        response(2, content_type="image/jpeg"),
        response(3, status="404 Not Found"),
        response(4, status="301 Moved"),
        response(5, content_type=None),
        record("response", b"example.org 1 IN A", 6, "text/dns"),
        response(7, content_type="text/css\r\nX: a"),
    ]
    not_pages: Counter[str] = Counter()
    assert len(found(write_warc(tmp_path / "a.warc.gz", records), not_pages=not_pages)) == 2
    assert not_pages == {
        "warc response image/jpeg": 1,
        "warc response 404": 1,
        "warc response 301": 1,
        "warc response text/dns": 1,
        "warc response text/css": 1,
    }


@pytest.mark.parametrize(
    "header, coded",
    [
        ("Content-Encoding: gzip", gzip.compress(BODY, mtime=0)),
        ("Content-Encoding: br", packed_br(BODY)),
        ("Content-Encoding: deflate", zlib.compress(BODY)),
        ("Content-Encoding: deflate", zlib.compress(BODY)[2:-4]),
        ("Transfer-Encoding: chunked", chunked(BODY)),
        ("Content-Encoding: gzip\r\nTransfer-Encoding: chunked", chunked(gzip.compress(BODY, mtime=0))),
        ("Content-Encoding: br\r\nTransfer-Encoding: chunked", chunked(packed_br(BODY))),
    ],
)
def test_codings_of_the_transfer_are_undone(tmp_path, header, coded):
    assert one(tmp_path, http(coded, "text/html", "200 OK", header)).data == BODY


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "unheard-of"])
def test_a_header_that_outlived_its_coding_costs_nothing(tmp_path, coding):
    header = f"Content-Encoding: {coding}\r\nTransfer-Encoding: chunked"
    assert one(tmp_path, http(BODY, "text/html", "200 OK", header)).data == BODY


@pytest.mark.parametrize(
    "header, coded",
    [
        ("Content-Encoding: gzip", gzip.compress(bytes(10**7), mtime=0)),
        ("Content-Encoding: br", packed_br(bytes(10**7))),
        ("Content-Encoding: deflate", zlib.compress(bytes(10**7))),
        ("Transfer-Encoding: chunked", chunked(bytes(10**6), 10**5)),
        ("X: y", bytes(10**6)),
    ],
)
def test_what_unpacks_to_more_than_the_limit_is_too_large(tmp_path, header, coded):
    block = http(coded, "text/html", "200 OK", header)
    assert one(tmp_path, block, "a.warc.gz", max_bytes=500_000).reason == "too_large"


def test_a_broken_coding_is_unreadable(tmp_path):
    cut = gzip.compress(BODY, mtime=0)[:-12]
    assert one(tmp_path, http(cut, "text/html", "200 OK", "Content-Encoding: gzip")).reason == "unreadable"
    cut = chunked(BODY)[:-50]
    assert (
        one(tmp_path, http(cut, "text/html", "200 OK", "Transfer-Encoding: chunked")).reason == "unreadable"
    )


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_what_is_before_a_break_is_kept_and_the_break_is_a_row(tmp_path, name):
    whole = write_warc(tmp_path / name, [response(number) for number in range(5)]).read_bytes()
    for cut in range(len(whole) - 260, len(whole) - 20, 7):
        (tmp_path / name).write_bytes(whole[:cut])
        pages = found(tmp_path / name)
        kept = [page for page in pages if isinstance(page, RawPage)]
        assert len(kept) >= 3 and {page.data for page in kept} == {BODY}
        if len(kept) + 1 == len(pages):
            assert pages[-1].reason == "unreadable"
        else:  # cut exactly between two records, or within the line that ends one
            assert len(kept) in (4, 5), cut


def test_garbage_after_a_record_is_a_row_of_the_archive(tmp_path):
    archive = write_warc(tmp_path / "a.warc", [response(1), b"garbage " * 30, response(2)])
    page, fault = found(archive)
    assert page.data == BODY
    assert (fault.source, fault.reason) == (str(archive), "unreadable")
    assert "warc" in fault.detail


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
@pytest.mark.parametrize("content", [b"no archive", b"\x1f\x8b\x08garbage", b"WARC/1.0\r\n", b"\0" * 5000])
def test_a_file_that_is_no_warc_is_a_row(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert only(found(tmp_path / name)).reason == "unreadable"


def test_a_record_without_id_is_known_by_its_number(tmp_path):
    lines = response(1).replace(b"WARC-Record-ID: <urn:uuid:response-1>\r\n", b"")
    archive = write_warc(tmp_path / "a.warc.gz", [response(0), lines, response(2), lines])
    assert member_names(archive) == ["urn:uuid:response-0", "2", "urn:uuid:response-2", "4"]
    assert len([page for page in found(archive) if isinstance(page, RawPage)]) == 4


def test_records_are_found_while_they_are_taken(tmp_path):
    archive = write_warc(tmp_path / "a.warc", [response(number) for number in range(5000)])
    sources = find_sources(archive)
    assert next(sources).member == "urn:uuid:response-0"
    archive.write_bytes(b"")  # the file that is open goes on from its buffer and then ends
    assert sum(1 for _ in sources) < 4000
