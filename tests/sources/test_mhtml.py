from __future__ import annotations

import base64
import gzip
import quopri
from datetime import UTC, datetime

import pytest
import standin
from archives import PAGES, found, only, write_zip
from hypothesis import given
from hypothesis import strategies as st

from ingest import run
from ingest.records import Reject
from ingest.sources.mhtml import unwrap

PAGE = PAGES["2024/03.html"]
HEAD = ["MIME-Version: 1.0", 'Content-Type: multipart/related; type="text/html"; boundary="--cut"']
CHROME = ["Snapshot-Content-Location: https://site.example/3", "Date: Thu, 2 May 2024 10:00:00 -0000"]


def part(body: bytes, content_type: str, *more: str, coding: str = "quoted-printable") -> bytes:
    coded = base64.encodebytes(body) if coding == "base64" else quopri.encodestring(body)
    lines = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {coding}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + coded.replace(b"\n", b"\r\n")


def mhtml(*parts: bytes, head: list[str]) -> bytes:
    cut = b"\r\n----cut"
    body = b"".join(cut + b"\r\n" + one for one in parts)
    return "\r\n".join([*HEAD, *head]).encode() + b"\r\n\r\n" + body + cut + b"--\r\n"


PICTURE = part(b"\x89PNG" * 50, "image/png", "Content-Location: https://site.example/a.png", coding="base64")


def test_the_page_in_the_file_with_its_address_and_time(tmp_path):
    saved = mhtml(part(PAGE, "text/html"), PICTURE, head=CHROME)
    (tmp_path / "a.mhtml").write_bytes(saved)
    (tmp_path / "b.MHT.gz").write_bytes(gzip.compress(saved))
    write_zip(tmp_path / "c.zip", {"sub/c.mht": saved})
    for page in found(tmp_path):
        assert (page.data, page.url, page.media_type) == (PAGE, "https://site.example/3", "text/html")
        assert page.fetched_at == datetime(2024, 5, 2, 10, tzinfo=UTC)


def test_the_parts_own_address_where_the_file_states_none(tmp_path):
    where = "Content-Location: https://site.example/part"
    pages = part(PAGE, "text/html; charset=ISO-8859-2", where), part(b"<p>a frame", "text/html")
    (tmp_path / "a.mht").write_bytes(mhtml(PICTURE, *pages, head=["Content-Location: file:///C:/a.htm"]))
    page = only(found(tmp_path))
    assert (page.data, page.url, page.charset) == (PAGE, "https://site.example/part", "iso-8859-2")


def test_a_sidecar_goes_first_and_an_unusable_date_is_left_out(tmp_path):
    head = ["Snapshot-Content-Location: https://site.example/3", "Date: some day"]
    (tmp_path / "a.mhtml").write_bytes(mhtml(part(PAGE, "text/html"), head=head))
    (tmp_path / "a.json").write_text('{"url": "https://other.example/"}')
    page = only(found(tmp_path))
    assert (page.url, page.fetched_at) == ("https://other.example/", None)


def test_a_page_that_only_has_the_name_is_read_as_it_is(tmp_path):
    (tmp_path / "a.mhtml").write_bytes(PAGE)
    assert only(found(tmp_path)).data == PAGE


@pytest.mark.parametrize(
    ("saved", "detail"),
    [
        (mhtml(PICTURE, head=CHROME), "no part that is HTML"),
        (
            b"".join(
                b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(9000)
            ),
            "nested too deep",
        ),
    ],
)
def test_a_file_without_a_page_is_a_row_that_says_so(tmp_path, saved, detail):
    (tmp_path / "a.mhtml").write_bytes(saved)
    reject = only(found(tmp_path))
    assert isinstance(reject, Reject) and reject.reason == "unreadable" and detail in reject.detail


def test_a_second_run_knows_the_file(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.mhtml").write_bytes(mhtml(part(PAGE, "text/html"), head=CHROME))
    for counts in [(1, 0), (0, 1)]:
        summary = run(tmp_path / "in", out=tmp_path / "out", jobs=0, load_cleaner=standin.load_cleaner)
        assert (summary.records, summary.skipped) == counts
    again = run(tmp_path / "in", out=tmp_path / "out", jobs=0, load_cleaner=standin.load_cleaner, reread=True)
    assert (again.records, again.rejects, again.skipped) == (0, {}, 1)


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_page_or_a_sentence(data):
    coded = [
        mhtml(part(data, "text/html", coding=coding), head=[]) for coding in ("base64", "quoted-printable")
    ]
    for saved in (data, mhtml(data, head=[]), *coded):
        try:
            content, _ = unwrap(saved)
        except ValueError as error:
            assert "MHTML" in str(error)
        else:
            assert isinstance(content, bytes)


@given(st.binary(max_size=2000))
def test_what_was_packed_in_base64_comes_out_as_it_was(data):
    assert unwrap(mhtml(part(data, "text/html", coding="base64"), head=[]))[0] == data
