from __future__ import annotations

import gzip
import json
import os
import pickle
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import standin
import zstandard

from ingest import run
from ingest.errors import UsageError
from ingest.manifest import Facts, parse_content_type, parse_time
from ingest.records import RawPage, Reject
from ingest.sources import (
    SUFFIXES,
    Source,
    close_container,
    count_sources,
    digest,
    find_sources,
    read_source,
)


def write(path: Path, data: bytes = b"words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(root: Path, *paths: Path) -> list[str]:
    return [os.path.relpath(source.path, root) for source in find_sources(paths or [root])]


def page(path: Path, **settings: int) -> RawPage:
    found = read_source(Source(str(path)), **settings)
    assert isinstance(found, RawPage), found
    return found


def refused(path: Path, **settings: int) -> Reject:
    found = read_source(Source(str(path)), **settings)
    assert isinstance(found, Reject), found
    return found


# Finding


def test_folders_give_pages_by_suffix_in_order(tmp_path):
    for suffix in SUFFIXES:
        write(tmp_path / f"page{suffix}")
    for name in ("B.HTML", "a.htm", "sub/z.txt", "sub/deep/y.html.gz", "logo.png", "page.json", "html"):
        write(tmp_path / name)
    found = names(tmp_path)
    assert found == [
        *sorted(["B.HTML", "a.htm", *(f"page{suffix}" for suffix in SUFFIXES)]),
        "sub/z.txt",
        "sub/deep/y.html.gz",
    ]


def test_what_lies_beside_pages_is_counted_by_suffix(tmp_path):
    given = write(tmp_path / "given.bin")
    for name in ("a.html", "a.json", "sub/b.PNG", "c.png", "style.css?v=3", "README", "d.zip"):
        write(tmp_path / name)
    not_pages: Counter[str] = Counter()
    assert len(list(find_sources([tmp_path, given], not_pages=not_pages))) == 3
    assert not_pages == {
        "folder .json": 1,
        "folder .png": 2,
        "folder .css": 1,
        "folder without suffix": 1,
    }


def test_a_query_in_a_name_is_no_part_of_its_suffix(tmp_path):
    write(tmp_path / "README.md")
    for name in ("a.html?id=3", "b.html?next=c.png", "c.png?as=d.html", "x?y/e.txt.gz"):
        write(tmp_path / name)
    assert names(tmp_path) == ["a.html?id=3", "b.html?next=c.png", "x?y/e.txt.gz"]
    assert page(tmp_path / "a.html?id=3").media_type == "text/html"


@pytest.mark.parametrize("linked", [False, True])
def test_the_dataset_is_not_entered_where_it_lies_in_a_source(tmp_path, linked):
    write(tmp_path / "in" / "a.txt")
    out = tmp_path / "in" / "out"
    if linked:
        (tmp_path / "elsewhere").mkdir()
        out.symlink_to(tmp_path / "elsewhere")
    write(tmp_path / "in" / "out2" / "b.txt")
    write(out / "records" / "c.txt")
    assert len(names(tmp_path / "in")) == 3
    for path in (out, os.path.relpath(out)):
        found = find_sources(tmp_path / "in", out=path)
        assert [os.path.relpath(source.path, tmp_path / "in") for source in found] == ["a.txt", "out2/b.txt"]


def test_a_dataset_among_its_sources_does_not_ask_for_their_columns(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"page": "<p>one"}')
    for skipped in (0, 1):
        summary = run(
            tmp_path, out=tmp_path / "0", fields={"html": "page"}, jobs=0, load_cleaner=standin.load_cleaner
        )
        assert (summary.read, summary.skipped, summary.not_pages) == (1, skipped, {})


def test_a_file_given_by_name_is_taken_whatever_its_suffix(tmp_path):
    assert names(tmp_path, write(tmp_path / "download.aspx")) == ["download.aspx"]


def test_one_path_alone_is_enough(tmp_path):
    write(tmp_path / "a.html")
    assert [source.path for source in find_sources(str(tmp_path))] == [str(tmp_path / "a.html")]


def test_each_page_once_however_often_it_is_named(tmp_path):
    first = write(tmp_path / "in" / "a.html")
    write(tmp_path / "in" / "sub" / "b.html")
    paths = (first, tmp_path / "in" / "sub", tmp_path / "in", tmp_path / "in" / ".." / "in", first)
    assert sorted(names(tmp_path, *paths)) == ["in/a.html", "in/sub/b.html"]


def test_a_source_has_the_same_name_through_a_link_or_a_relative_path(tmp_path, monkeypatch):
    write(tmp_path / "real" / "a.html")
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    expected = [str(tmp_path / "real" / "a.html")]
    for path in ("real", "link", "link/a.html", "./real/../real"):
        assert [source.name for source in find_sources([path])] == expected


def test_symlink_loops_end(tmp_path):
    write(tmp_path / "a" / "one.html")
    write(tmp_path / "b" / "two.html")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self").symlink_to(".")
    (tmp_path / "a" / "b").symlink_to("../b")
    (tmp_path / "b" / "a").symlink_to("../a")
    (tmp_path / "loop.html").symlink_to("loop.html")
    assert sorted(names(tmp_path)) == ["a/one.html", "b/two.html", "loop.html"]
    assert refused(tmp_path / "loop.html").reason == "unreadable"


def test_many_folders_that_link_to_each_other_are_entered_once_each(tmp_path):
    for number in range(20):
        write(tmp_path / str(number) / "page.html")
        for other in range(20):
            (tmp_path / str(number) / f"to{other}").symlink_to(tmp_path / str(other))
    assert len(names(tmp_path)) == 20


def test_a_linked_folder_outside_is_entered_once(tmp_path):
    write(tmp_path / "outside" / "a.html")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one").symlink_to("../outside")
    (tmp_path / "in" / "two").symlink_to("../outside")
    assert names(tmp_path, tmp_path / "in") == ["outside/a.html"]


def test_a_linked_file_is_a_source_of_its_own(tmp_path):
    write(tmp_path / "a.html")
    (tmp_path / "b.html").symlink_to("a.html")
    assert names(tmp_path) == ["a.html", "b.html"]


def test_missing_paths_are_all_named_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match=r"'\S*no1'.\n.*'\S*no2'"):
        find_sources([tmp_path, tmp_path / "no1", tmp_path / "no2"])


def test_a_folder_that_cannot_be_listed_is_a_row(tmp_path, monkeypatch):
    write(tmp_path / "good" / "a.html")
    (tmp_path / "bad").mkdir()
    scan = os.scandir

    def refuse_bad(path):
        if str(path).endswith("bad"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse_bad)
    assert names(tmp_path) == ["bad", "good/a.html"]
    assert refused(tmp_path / "bad").reason == "unreadable"


def test_folders_are_streamed(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.sources.walk._LISTED_AT_ONCE", 10)
    for number in range(35):
        write(tmp_path / f"{number}.html")
    assert len(set(names(tmp_path))) == 35


def test_sources_pickle(tmp_path):
    source = Source("/a/b.html", Facts(url="https://site.example/b"))
    assert pickle.loads(pickle.dumps(source)) == source


def test_a_name_that_is_not_utf8_is_written_with_escapes(tmp_path):
    with open(os.fsencode(tmp_path) + b"/caf\xe9.html", "wb") as file:  # noqa: PTH123  a Path takes no bytes
        file.write(b"words")
    (source,) = find_sources([tmp_path])
    assert source.name.endswith(r"caf\xe9.html")
    assert read_source(source).data == b"words"


# Reading


@pytest.mark.parametrize(
    "name, media_type",
    [
        ("a.html", "text/html"),
        ("a.HTM.gz", "text/html"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.txt.zst", "text/plain"),
        ("a.aspx", None),
    ],
)
def test_the_media_type_is_what_the_suffix_says(tmp_path, name, media_type):
    assert page(write(tmp_path / name)).media_type == media_type


@pytest.mark.parametrize("name", ["a.html", "a.html.gz", "a.html.zst", "a"])
@pytest.mark.parametrize(
    "stored",
    [
        b"<p>words",
        gzip.compress(b"<p>words", mtime=0),
        gzip.compress(b"<p>wo", mtime=0) + gzip.compress(b"rds", mtime=0),
        zstandard.compress(b"<p>words"),
        zstandard.compress(b"<p>wo") + zstandard.compress(b"rds"),
        zstandard.ZstdCompressor().compressobj().compress(b"") + zstandard.compress(b"<p>words"),
    ],
)
def test_compression_is_told_by_the_bytes(tmp_path, name, stored):
    assert page(write(tmp_path / name, stored)).data == b"<p>words"


def test_an_empty_file_is_a_page(tmp_path):
    assert page(write(tmp_path / "a.html", b"")).data == b""


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("cut", [slice(-1), slice(-7), slice(4000), slice(10)])
def test_cut_off_compression_is_unreadable(tmp_path, compress, cut):
    packed = compress(os.urandom(9000))
    reject = refused(write(tmp_path / "a.html.gz", packed[cut]))
    assert reject.reason == "unreadable"
    assert "compression" in reject.detail
    assert reject.source_digest == digest(packed[cut])


@pytest.mark.parametrize("magic", [b"\x1f\x8b", b"\x28\xb5\x2f\xfd"])
def test_garbage_after_the_magic_bytes_is_unreadable(tmp_path, magic):
    assert refused(write(tmp_path / "a.html", magic + b"garbage" * 20)).reason == "unreadable"


def test_the_limit_is_on_what_is_stored_and_on_what_it_unpacks_to(tmp_path):
    assert page(write(tmp_path / "a.html", b"x" * 100), max_bytes=100).data == b"x" * 100
    assert refused(write(tmp_path / "b.html", b"x" * 101), max_bytes=100).reason == "too_large"
    for pack in (gzip.compress, zstandard.compress):
        assert page(write(tmp_path / "c.html", pack(b"x" * 100)), max_bytes=100).data == b"x" * 100
        reject = refused(write(tmp_path / "d.html", pack(b"x" * 101)), max_bytes=100)
        assert (reject.reason, reject.source_digest is None) == ("too_large", False)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_too_large(tmp_path, pack):
    assert refused(write(tmp_path / "a.html.gz", pack(bytes(200 * 1024**2)))).reason == "too_large"


def test_a_page_of_50_mb_is_too_large(tmp_path):
    reject = refused(write(tmp_path / "a.html", b"<p>words</p>\n" * 4_000_000))
    assert (reject.reason, reject.source_digest) == ("too_large", None)


def test_what_is_no_file_is_unreadable_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "broken.html").symlink_to("nowhere")
    for name in ("pipe.html", "folder.html", "broken.html", "missing.html", "nul\0.html"):
        reject = refused(tmp_path / name)
        assert reject.reason == "unreadable"
        assert reject.source == str(tmp_path / name)
    assert refused(tmp_path / "missing.html").detail == "No such file or directory"


# What is known from outside


@pytest.mark.parametrize("sidecar", ["page.html.json", "page.html.meta.json", "page.json", "page.meta.json"])
def test_a_sidecar_says_where_a_page_is_from(tmp_path, sidecar):
    fields = {
        "url": "https://site.example/1",
        "fetched_at": "2024-05-01T10:00:00+02:00",
        "content_type": "text/html; charset=ISO-8859-8",
        "status": 200,
    }
    write(tmp_path / sidecar, json.dumps(fields).encode())
    for name in ("page.html", "page.html.gz"):
        found = page(write(tmp_path / name))
        assert found.url == "https://site.example/1"
        assert found.fetched_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
        assert (found.media_type, found.charset) == ("text/html", "iso-8859-8")


@pytest.mark.parametrize(
    "sidecar", [b"", b"[1]", b"{broken", b"[" * 100_000, b'{"url": 5}', b'{"fetched_at": "soon"}', b"\xff"]
)
def test_a_sidecar_that_cannot_be_used_costs_nothing(tmp_path, sidecar):
    write(tmp_path / "page.html.json", sidecar)
    found = page(write(tmp_path / "page.html"))
    assert (found.url, found.fetched_at) == (None, None)


def test_an_odd_time_does_not_cost_the_url(tmp_path):
    write(tmp_path / "page.json", b'{"url": "https://site.example/", "fetched_at": 1e300}')
    assert page(write(tmp_path / "page.html")).url == "https://site.example/"


def test_the_suffix_goes_before_the_declared_type(tmp_path):
    write(tmp_path / "dump.txt.json", b'{"content_type": "text/html"}')
    write(tmp_path / "page.aspx.json", b'{"content_type": "text/html"}')
    assert page(write(tmp_path / "dump.txt")).media_type == "text/plain"
    assert page(write(tmp_path / "page.aspx")).media_type == "text/html"


@pytest.mark.parametrize(
    "name, text",
    [
        ("m.csv", "path,url,fetched_at\na.html,https://site.example/a,2024-05-01\nsub/b.html,,\n"),
        (
            "m.jsonl",
            '{"path": "a.html", "url": "https://site.example/a", "fetched_at": "2024-05-01"}\n\n'
            '{"path": "sub/b.html"}\n',
        ),
    ],
)
def test_a_manifest_says_where_pages_are_from(tmp_path, name, text):
    manifest = write(tmp_path / name, text.encode())
    write(tmp_path / "a.html.json", b'{"url": "https://other.example/"}')
    write(tmp_path / "a.html"), write(tmp_path / "sub" / "b.html"), write(tmp_path / "c.html")
    found = {Path(source.path).name: read_source(source) for source in find_sources([tmp_path], manifest)}
    assert found["a.html"].url == "https://site.example/a"
    assert found["a.html"].fetched_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert [found[name].url for name in ("b.html", "c.html")] == [None, None]


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("m.csv", "path,urll\na.html,x\n", r"m\.csv:2: unknown column 'urll'"),
        (
            "m.csv",
            "path,url,fetched_at\na.html,x,yesterday\n,y,\n",
            r"m\.csv:2: .*'yesterday'\n.*m\.csv:3: no path",
        ),
        ("m.csv", "path,url\na.html,x,y\n", r"m\.csv:2: unknown column"),
        ("m.csv", "path,url\na.html,x\na.html,y\n", r"m\.csv:3: 'a\.html' stands in line 2"),
        ("m.jsonl", '{"path": "a.html"}\n{oops\n[]\n', r"m\.jsonl:2: not a JSON object.*\n.*m\.jsonl:3: not"),
        ("m.jsonl", '{"path": 5}\n', r"m\.jsonl:1: no path"),
        ("m.jsonl", "[" * 100_000, r"m\.jsonl:1: not a JSON object"),
        ("m.csv", "path,url\n" + "x,\udcff", r"m\.csv: cannot be read"),
        ("m.csv", "path,no\n" + "a,b\n" * 50, r"and 30 more$"),
    ],
)
def test_mistakes_in_a_manifest_are_named_with_file_and_line(tmp_path, name, text, message):
    manifest = write(tmp_path / name, text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=message):
        find_sources([tmp_path], manifest)


def test_a_manifest_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        find_sources([tmp_path], tmp_path / "no.csv")


def test_times_are_iso_or_unix_seconds():
    expected = datetime(2024, 5, 1, 8, tzinfo=UTC)
    for value in (
        "2024-05-01T08:00:00Z",
        "2024-05-01T10:00+02:00",
        "2024-05-01 08:00",
        1714550400,
        1714550400.0,
    ):
        assert parse_time(value) == expected
    for value in ("1 May", True, [], 1e300, float("nan"), "0001-01-01T00:00+14:00"):
        with pytest.raises(ValueError):
            parse_time(value)


def test_content_types_are_taken_apart():
    assert parse_content_type('Text/HTML ; Charset="UTF-8"; x') == ("text/html", "utf-8")
    assert parse_content_type("text/plain") == ("text/plain", None)
    assert parse_content_type("") == parse_content_type(None) == (None, None)


# Stamps, counts, places


def test_a_stamp_stays_until_the_file_is_written_to(tmp_path):
    path = write(tmp_path / "a.html")
    write(tmp_path / "b.zip", b"no archive")
    stamps = {source.name: source.stamp for source in find_sources(tmp_path)}
    assert None not in stamps.values()
    assert {source.name: source.stamp for source in find_sources([path, tmp_path])} == stamps
    path.write_bytes(b"other words")
    assert next(find_sources(path)).stamp != stamps[str(path)]
    (tmp_path / "loose.html").symlink_to("nowhere")
    assert next(find_sources(tmp_path / "loose.html")).stamp is None


def test_pages_are_counted_by_name_where_names_tell(tmp_path):
    write(tmp_path / "a.html"), write(tmp_path / "sub" / "b.txt"), write(tmp_path / "c.png")
    assert count_sources([tmp_path, str(tmp_path / "a.html")]) == 2
    assert count_sources(["-"]) is None
    write(tmp_path / "d.zip")
    assert count_sources([tmp_path]) is None


def test_a_uri_of_a_file_is_its_path(tmp_path):
    path = write(tmp_path / "a b.html")
    (source,) = find_sources([path, f"file://{tmp_path}/a%20b.html", f"file://{tmp_path}"])
    assert (source.name, read_source(source).data) == (str(path), b"words")


def test_an_archive_named_and_in_its_folder_is_read_once(tmp_path):
    path = write(tmp_path / "a.jsonl", b'{"html": "one"}\n{"html": "two"}\n')
    assert [source.member for source in find_sources([tmp_path, path, path])] == ["1", "2"]


def test_a_list_on_standard_input_is_streamed_and_each_line_taken_once(tmp_path, monkeypatch):
    one, two = write(tmp_path / "one.html"), write(tmp_path / "two.aspx")
    asked = 0

    def lines():
        nonlocal asked
        for line in [f"{one}\n", f"{two}\r\n", "\n", f"{one}\n", f"{tmp_path}\n", f"{tmp_path / 'none'}\n"]:
            asked += 1
            yield line

    monkeypatch.setattr("sys.stdin", lines())
    found = find_sources(["-"])
    assert (next(found).path, asked) == (str(one), 1)
    assert [source.path for source in found] == [str(two), str(tmp_path / "none")]
    assert refused(tmp_path / "none").reason == "unreadable"


def test_a_manifest_names_pages_in_archives(tmp_path):
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "a!b.zip", "w") as archive:
        archive.writestr("x/c!d.html", b"words")
    write(tmp_path / "m.csv", b"path,url\nin/a!b.zip!x/c!d.html,https://site.example/c\n")
    (source,) = find_sources(tmp_path / "in", tmp_path / "m.csv")
    assert read_source(source).url == "https://site.example/c"
    close_container()


def test_what_the_manifest_does_not_say_the_archive_says(tmp_path):
    row = {"html": "<p>", "url": "https://site.example/1", "fetched_at": "2024-05-01", "charset": "x"}
    write(tmp_path / "a.jsonl", json.dumps(row).encode())
    write(tmp_path / "m.csv", b"path,url\na.jsonl!1,https://site.example/better\n")
    (source,) = find_sources(tmp_path, tmp_path / "m.csv")
    found = read_source(source)
    close_container()
    assert (found.url, found.fetched_at) == ("https://site.example/better", datetime(2024, 5, 1, tzinfo=UTC))
