"""Pages in object stores, against a real server on this machine."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from archives import PAGES, found, http, record, write_jsonl, write_parquet, write_tar, write_warc, write_zip
from object_store import KEYS

from ingest.errors import IngestError, UsageError
from ingest.records import RawPage
from ingest.sources import close_container, find_sources, read_source


@pytest.fixture
def put(s3, bucket):
    """Write an object under the bucket; gives its URI."""

    def write(key: str, data: bytes) -> str:
        with s3.open_output_stream(f"{bucket.removeprefix('s3://')}/{key}", compression=None) as file:
            file.write(data)
        return f"{bucket}/{key}"

    return write


def test_a_prefix_is_read_folder_by_folder(put, bucket):
    for name in ("in/b.html", "in/a.html", "in/deep/er/c.txt", "in/logo.png", "other/d.html"):
        put(name, name.encode())
    pages = found(f"{bucket}/in")
    assert [page.source for page in pages] == [
        f"{bucket}/in/{name}" for name in ("a.html", "b.html", "deep/er/c.txt")
    ]
    assert [page.data for page in pages] == [b"in/a.html", b"in/b.html", b"in/deep/er/c.txt"]
    assert found(f"{bucket}/in/") == pages
    assert len(found(bucket)) == 4


def test_an_object_by_name_whatever_its_suffix_and_each_once(put, bucket):
    place = put("in/page.aspx", b"words")
    (page,) = found(place, place)
    assert (page.data, page.source) == (b"words", place)
    again = put("in/a.html", b"words")
    assert len(found(again, f"{bucket}/in", f"{bucket}/in", bucket)) == 1


def test_what_is_not_there_is_named_before_the_first_page(put, bucket):
    put("a.html", b"x")
    with pytest.raises(UsageError, match=rf"There is no file or folder '{bucket}/none'"):
        find_sources(f"{bucket}/none")
    with pytest.raises(UsageError, match="no bucket"):
        find_sources("s3://there-is-no-such-bucket/x")
    with pytest.raises(UsageError, match="ftp:// is not known"):
        find_sources("ftp://host/x")


def test_a_store_that_cannot_be_reached_is_an_error_before_the_first_page():
    key, secret = KEYS.values()
    options = "endpoint_override=127.0.0.1:1&scheme=http&region=us-east-1"
    with pytest.raises(IngestError, match=r"Cannot (reach|use) s3://bucket/x"):
        find_sources(f"s3://{key}:{secret}@bucket/x?{options}")


def test_a_sidecar_says_where_a_page_is_from(put, bucket):
    put("in/a.html", b"words")
    put("in/a.json", b'{"url": "https://site.example/a"}')
    put("in/b.html", b"words")
    assert [page.url for page in found(f"{bucket}/in")] == ["https://site.example/a", None]
    assert [page.url for page in found(f"{bucket}/in/a.html")] == ["https://site.example/a"]


def test_a_manifest_names_objects_and_members(put, bucket, tmp_path):
    page = put("in/a.html", b"words")
    archive = put("in/b.zip", write_zip(tmp_path / "b.zip", {"x/c.html": b"words"}).read_bytes())
    local = write_zip(tmp_path / "in.zip", {"x/d.html": b"words"})
    lines = [f"{page},https://site.example/a", f"{archive}!x/c.html,https://site.example/c"]
    lines.append("in.zip!x/d.html,https://site.example/d")
    (tmp_path / "m.csv").write_text("\n".join(["path,url", *lines]))
    sources = find_sources([f"{bucket}/in", local], tmp_path / "m.csv")
    assert {read_source(source).url for source in sources} == {
        f"https://site.example/{name}" for name in "acd"
    }


def test_a_change_of_an_object_changes_its_stamp(put, bucket):
    place = put("a.html", b"words")
    stamps = {source.stamp for _ in range(2) for paths in (place, bucket) for source in find_sources(paths)}
    assert len(stamps) == 1 and None not in stamps
    put("a.html", b"other words")
    assert next(find_sources(place)).stamp not in stamps


def write_all(folder: Path) -> list[Path]:
    texts = [page.decode() for page in PAGES.values()]
    records = [record("response", http(page), number) for number, page in enumerate(PAGES.values())]
    return [
        *(write_warc(folder / name, records) for name in ("a.warc", "a.warc.gz")),
        *(
            write_jsonl(folder / name, [{"html": text} for text in texts])
            for name in ("a.jsonl", "a.jsonl.zst")
        ),
        write_parquet(folder / "a.parquet", {"html": texts}, row_group_size=7),
        write_zip(folder / "a.zip", {**PAGES, "x.png": b""}),
        *(write_tar(folder / name, PAGES) for name in ("a.tar", "a.tgz")),
    ]


def test_archives_are_read_where_they_are(put, bucket, tmp_path):
    for archive in write_all(tmp_path):
        place = put(f"in/{archive.name}", archive.read_bytes())
        pages = found(place)
        assert [page.data for page in pages] == list(PAGES.values()), archive.name
        assert {page.source.partition("!")[0] for page in pages} == {place}
    not_pages: Counter[str] = Counter()
    assert len(found(f"{bucket}/in", not_pages=not_pages)) == 8 * len(PAGES)
    assert not_pages == {"zip .png": 1}


def test_a_broken_archive_is_a_row(put, tmp_path):
    for archive in write_all(tmp_path):
        place = put(archive.name, archive.read_bytes()[: archive.stat().st_size // 3])
        pages = found(place)
        faults = [page for page in pages if not isinstance(page, RawPage)]
        assert faults and {page.reason for page in faults} == {"unreadable"}, archive.name


def test_an_object_that_goes_while_the_run_goes_on_is_a_row(put, s3, bucket):
    place = put("a.html", b"words")
    (source,) = find_sources(place)
    s3.delete_file(place.removeprefix("s3://"))
    reject = read_source(source)
    assert (reject.reason, reject.source) == ("unreadable", place)


def test_a_list_on_standard_input_may_name_objects(put, monkeypatch, tmp_path):
    import io

    place = put("a.html", b"words")
    (tmp_path / "b.html").write_bytes(b"more")
    monkeypatch.setattr(
        "sys.stdin",
        io.StringIO(
            f"{place}\n\n{tmp_path / 'b.html'}\r\n{tmp_path}\nnone://x\nnul\0/a\n{place}/none\n{place}\n"
        ),
    )
    pages = [read_source(source) for source in find_sources("-")]
    assert [getattr(page, "data", None) for page in pages] == [b"words", b"more", None, None, None]
    assert {page.reason for page in pages[2:]} == {"unreadable"}
    assert pages[2].reason == "unreadable" and "none:// is not known" in pages[2].detail
    close_container()
