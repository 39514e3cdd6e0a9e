"""Any bytes under any archive's name: never an error, always rows, and each source is readable or refused."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archives import PAGES, http, pack, record
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.records import RawPage, Reject
from ingest.sources import close_container, find_sources, read_source
from ingest.sources.containers import ENDINGS
from ingest.sources.find import count_sources

RELAXED = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
LIMIT = 100_000
CHOSEN = [".warc", ".warc.gz", ".jsonl", ".jsonl.zst", ".parquet", ".zip", ".tar", ".tgz"]


def made_zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in PAGES.items():
            archive.writestr(name, page)
    return content.getvalue()


def made_tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, page in PAGES.items():
            info = tarfile.TarInfo(name * 10)
            info.size = len(page)
            archive.addfile(info, io.BytesIO(page))
    return content.getvalue()


def made_parquet() -> bytes:
    content = io.BytesIO()
    table = pa.table({"html": list(PAGES.values()), "url": ["https://site.example/"] * len(PAGES)})
    pq.write_table(table, content, row_group_size=7)
    return content.getvalue()


MADE = {
    "zip": made_zip(),
    "tar": made_tar(),
    "parquet": made_parquet(),
    "jsonl": b"".join(json.dumps({"html": page.decode()}).encode() + b"\n" for page in PAGES.values()),
    "warc": b"".join(record("response", http(page), number) for number, page in enumerate(PAGES.values())),
}


def read_all(folder: Path, name: str, content: bytes) -> list[RawPage | Reject]:
    """What a run would read from an archive of these bytes that lies in a folder."""
    (folder / name).write_bytes(content)
    sources = list(find_sources(folder))
    assert count_sources([folder]) is None
    pages = [read_source(source, LIMIT) for source in sources]
    close_container()
    assert [page.source for page in pages] == [source.name for source in sources]
    for page in pages:
        if isinstance(page, RawPage):
            assert len(page.data) <= LIMIT and page.digest
        else:
            assert page.reason in ("unreadable", "too_large") and page.detail
    return pages


@pytest.mark.parametrize("ending", CHOSEN)
@RELAXED
@given(st.binary(max_size=2000))
def test_any_bytes(tmp_path, ending, content):
    for stored in (content, pack(content, ending)):
        read_all(tmp_path, f"a{ending}", stored)


@pytest.mark.parametrize("ending", CHOSEN)
@RELAXED
@given(data=st.data())
def test_archives_with_some_bytes_changed(tmp_path, ending, data):
    content = bytearray(MADE[ENDINGS[ending]])
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.binary(min_size=1, max_size=8))
        content[place : place + len(change)] = change
    read_all(tmp_path, f"a{ending}", pack(bytes(content), ending))


@pytest.mark.parametrize("ending", CHOSEN)
@RELAXED
@given(share=st.floats(0, 1))
def test_archives_that_are_cut_off_keep_what_is_before_and_say_so(tmp_path, ending, share):
    whole = pack(MADE[ENDINGS[ending]], ending)
    pages = read_all(tmp_path, f"a{ending}", whole[: int(len(whole) * share)])
    kept = [page for page in pages if isinstance(page, RawPage)]
    assert [page.data for page in kept] == list(PAGES.values())[: len(kept)]
    # a text can also end between two lines or two records
    if len(kept) < len(PAGES) and ENDINGS[ending] not in ("jsonl", "warc"):
        assert isinstance(pages[-1], Reject)


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst", ".tar.zst", ".tgz"])
@RELAXED
@given(data=st.data())
def test_packed_archives_with_some_bytes_changed(tmp_path, ending, data):
    content = bytearray(pack(MADE[ENDINGS[ending]], ending))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    read_all(tmp_path, f"a{ending}", bytes(content))
