from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections import Counter
from datetime import UTC, datetime

import pytest
import zstandard
from archives import PAGES, found, member_names, only, pack, write_tar, write_zip

from ingest.manifest import Facts
from ingest.records import RawPage
from ingest.sources import Source, find_sources, read_source, sidecar

TARS = ["a.tar", "a.tar.gz", "a.tgz", "a.tar.zst"]
NAMES = ["a.zip", *TARS]


def write(path, members):
    return write_zip(path, members) if path.suffix == ".zip" else write_tar(path, members)


@pytest.mark.parametrize("name", NAMES)
def test_members_with_a_pages_suffix_are_pages_and_others_are_counted(tmp_path, name):
    members = {
        **PAGES,
        "logo.JPG": b"x",
        "style.css": b"x",
        "README": b"x",
        "more/inner.zip": b"x",
        "b.jpg": b"y",
    }
    not_pages: Counter[str] = Counter()
    archive = write(tmp_path / name, members)
    pages = found(archive, not_pages=not_pages)
    assert [page.data for page in pages] == list(PAGES.values())
    assert [page.source for page in pages] == [f"{archive}!{member}" for member in PAGES]
    assert {page.media_type for page in pages} == {"text/html"}
    kind = "zip" if name == "a.zip" else "tar"
    counted = {".jpg": 2, ".css": 1, "without suffix": 1, ".zip": 1}
    assert not_pages == {f"{kind} {suffix}": number for suffix, number in counted.items()}


@pytest.mark.parametrize("name", NAMES)
def test_members_may_be_packed_themselves(tmp_path, name):
    members = {
        "a.html.gz": gzip.compress(b"<p>one", mtime=0),
        "b.txt.zst": zstandard.compress(b"two"),
        "c.html": b"",
        "d.html.gz": gzip.compress(bytes(10**6), mtime=0),
    }
    pages = found(write(tmp_path / name, members), max_bytes=10**5)
    assert [page.data for page in pages[:3]] == [b"<p>one", b"two", b""]
    assert pages[3].reason == "too_large"


def facts(number):
    return b'{"url": "https://site.example/%d", "fetched_at": "2024-05-01T08:00:00Z"}' % number


@pytest.mark.parametrize("name", NAMES)
def test_sidecars_stand_before_their_page_or_behind_it(tmp_path, name):
    members = {
        "1.html": b"words",
        "x/2.html.meta.json": facts(2),
        "x/2.html.gz": gzip.compress(b"words", mtime=0),
        "x/1.html": b"words",
        "3.html": b"words",
        "3.html.json": facts(3),
        "3.json": facts(0),
        "1.json": facts(1),
    }
    not_pages: Counter[str] = Counter()
    archive = write(tmp_path / name, members)
    pages = {page.source.partition("!")[2]: page for page in found(archive, not_pages=not_pages)}
    assert list(pages) == [name for name in members if ".json" not in name]
    assert {name: page.url for name, page in pages.items()} == {
        "1.html": "https://site.example/1",
        "x/2.html.gz": "https://site.example/2",
        "x/1.html": None,
        "3.html": "https://site.example/3",
    }
    assert pages["1.html"].fetched_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert not_pages == {f"{'zip' if name == 'a.zip' else 'tar'} .json": 4}


@pytest.mark.parametrize("name", NAMES)
def test_a_manifest_goes_before_a_sidecar(tmp_path, name):
    write(tmp_path / name, {"1.html": b"words", "1.json": facts(1)})
    (tmp_path / "m.csv").write_text(f"path,url\n{name}!1.html,https://site.example/m\n")
    page = read_source(next(find_sources([tmp_path / name], tmp_path / "m.csv")))
    assert (page.url, page.fetched_at) == ("https://site.example/m", datetime(2024, 5, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    "sidecar",
    [b"", b"[1]", b"{broken", b"[" * 100_000, b'{"url": "\xff"}', b'{"url": "' + bytes(2**26) + b'"}'],
)
@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tgz"])
def test_a_sidecar_that_cannot_be_used_costs_nothing(tmp_path, sidecar, name):
    archive = write(tmp_path / name, {"1.html": b"words", "1.json": sidecar, "2.html": b"more"})
    pages = found(archive)
    assert [(page.data, page.url) for page in pages] == [(b"words", None), (b"more", None)]


def test_a_damaged_sidecar_costs_nothing(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"1.json": facts(1), "1.html": b"words"}, zipfile.ZIP_STORED)
    archive.write_bytes(archive.read_bytes().replace(b"site.example", b"side.example"))
    assert (only(found(archive)).data, only(found(archive)).url) == (b"words", None)


def urls(archive) -> dict[str, str | None]:
    return {page.source.partition("!")[2]: page.url for page in found(archive)}


@pytest.mark.parametrize("name", TARS)
@pytest.mark.parametrize("behind", [False, True])
def test_in_a_tar_a_sidecar_may_not_be_too_far(tmp_path, name, behind, monkeypatch):
    monkeypatch.setattr(sidecar, "FAR", 10)
    between = {f"{number}.css": b"" for number in range(9)}
    members = [("1.html", b"words"), *between.items(), ("1.json", facts(1))]
    for far, url in ((False, "https://site.example/1"), (True, None)):
        some = dict([*members[:1], *([("more.css", b"")] if far else []), *members[1:]])
        archive = write_tar(tmp_path / name, dict(reversed(some.items())) if not behind else some)
        assert urls(archive) == {"1.html": url}


@pytest.mark.parametrize("seed", range(20))
def test_pages_and_sidecars_in_any_order(tmp_path, seed, monkeypatch):
    """As who holds all of the archive would pair them."""
    monkeypatch.setattr(sidecar, "FAR", 12)
    made = random.Random(seed)
    names = [f"{n}.html" for n in range(40)] + [f"{n}.json" for n in range(40) if made.random() < 0.6]
    made.shuffle(names)
    archive = write_tar(
        tmp_path / "a.tar.gz", {name: facts(int(name[:-5])) if "json" in name else b"words" for name in names}
    )
    place = {name: number for number, name in enumerate(names)}
    expected = {
        page: f"https://site.example/{page[:-5]}"
        if abs(place.get(f"{page[:-5]}.json", 999) - place[page]) <= 12
        else None
        for page in names
        if page.endswith("html")
    }
    assert urls(archive) == expected and list(urls(archive)) == list(expected)


def test_what_waits_for_its_sidecar_is_given_before_the_break(tmp_path):
    archive = write_tar(tmp_path / "a.tar", {"1.html": b"words", "2.html": b"more", "1.json": facts(1)})
    archive.write_bytes(archive.read_bytes()[: 6 * 512] + b"garbage " * 64)
    *pages, fault = found(archive)
    assert [page.url for page in pages] == ["https://site.example/1", None] and fault.reason == "unreadable"


def test_what_waits_for_its_sidecar_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(sidecar, "FAR", 10)
    taken = 0

    def members():
        nonlocal taken
        for taken in range(10**9):
            yield (
                Source("/a.tar", member=f"{taken}.html")
                if taken % 2
                else sidecar.Sidecar(f"x{taken}.json", Facts())
            )

    pages = sidecar.pair(members())
    for number in range(100):
        assert next(pages).member == f"{2 * number + 1}.html" and taken <= 2 * number + 11


@pytest.mark.parametrize("name", NAMES)
def test_names_are_only_names(tmp_path, name):
    members = {"../../up.html": b"1", "/etc/root.html": b"2", "a!b.html": b"3", "caf\u00e9\n.html": b"4"}
    pages = found(write(tmp_path / name, members))
    assert [page.data for page in pages] == [b"1", b"2", b"3", b"4"]
    assert pages[0].source == f"{tmp_path / name}!../../up.html"
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_member_over_the_limit_is_too_large(tmp_path, name):
    noise = random.Random(1).randbytes(1001)
    pages = found(
        write(tmp_path / name, {"a.html": b"x" * 1000, "b.html": noise, "c.html": b"x"}), max_bytes=1000
    )
    assert [getattr(page, "reason", None) for page in pages] == [None, "too_large", None]


# zip


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_methods_of_zip(tmp_path, method):
    pages = found(write_zip(tmp_path / "a.zip", PAGES, method))
    assert [page.data for page in pages] == list(PAGES.values())


def test_a_method_that_cannot_be_read_is_a_row(tmp_path):
    reject = only(found(write_zip(tmp_path / "a.zip", {"a.html": b"words"}, zipfile.ZIP_LZMA)))
    assert (reject.reason, "method 14" in reject.detail) == ("unreadable", True)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_zip_bomb_is_too_large(tmp_path, method):
    archive = write_zip(tmp_path / "a.zip", {"a.html": bytes(64 * 1024**2), "b.html": b"words"}, method)
    bomb, page = found(archive)
    assert (bomb.reason, page.data) == ("too_large", b"words")


def test_a_zip_written_to_a_pipe(tmp_path):
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.content = b""

        def writable(self):
            return True

        def write(self, data):
            self.content += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", b"one" * 100)
        archive.writestr("b.html", b"two")
    (tmp_path / "a.zip").write_bytes(pipe.content)
    assert [page.data for page in found(tmp_path / "a.zip")] == [b"one" * 100, b"two"]


def test_an_encrypted_member_is_a_row(tmp_path):
    content = bytearray(write_zip(tmp_path / "a.zip", {"a.html": b"words"}).read_bytes())
    for magic, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(magic) + place] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    reject = only(found(tmp_path / "a.zip"))
    assert (reject.reason, reject.detail) == ("unreadable", "it is encrypted")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_costs_no_other(tmp_path, method):
    members = {name: random.Random(name).randbytes(500) for name in ("a.html", "b.html", "c.html")}
    archive = write_zip(tmp_path / "a.zip", members, method)
    content = bytearray(archive.read_bytes())
    content[800] ^= 0xFF
    archive.write_bytes(content)
    first, second, third = found(archive)
    assert (first.data, third.data) == (members["a.html"], members["c.html"])
    assert second.reason == "unreadable"


def test_a_zip_without_its_directory_is_a_row(tmp_path):
    archive = write_zip(tmp_path / "a.zip", PAGES)
    archive.write_bytes(archive.read_bytes()[:-100])
    reject = only(found(archive))
    assert (reject.source, reject.reason) == (str(archive), "unreadable")
    assert "zip" in reject.detail


# tar


@pytest.mark.parametrize("name", TARS)
def test_what_is_before_a_cut_is_kept(tmp_path, name):
    members = {f"{number}.html": random.Random(number).randbytes(30_000) for number in range(50)}
    archive = write_tar(tmp_path / name, members)
    archive.write_bytes(archive.read_bytes()[:800_000])
    *pages, fault = found(archive)
    whole = [page for page in pages if isinstance(page, RawPage)]
    assert 15 < len(whole) < 30
    assert [page.data for page in whole] == list(members.values())[: len(whole)]
    assert (fault.source, fault.reason) == (str(archive), "unreadable")


def test_a_tar_cut_between_two_members_is_noticed(tmp_path):
    archive = write_tar(tmp_path / "a.tar", {"a.html": b"words", "b.html": b"more"})
    archive.write_bytes(archive.read_bytes()[:1024])
    page, fault = found(archive)
    assert (page.data, fault.reason) == (b"words", "unreadable")
    assert "without the mark of its end" in fault.detail


@pytest.mark.parametrize("name", TARS)
def test_garbage_between_members_is_a_row(tmp_path, name):
    archive = write_tar(tmp_path / "first.tar", {"a.html": b"words"})
    content = archive.read_bytes()[:1024] + b"garbage " * 64 + archive.read_bytes()
    archive.unlink()
    (tmp_path / name).write_bytes(pack(content, name))
    page, fault = found(tmp_path / name)
    assert page.data == b"words"
    assert (fault.reason, "no header" in fault.detail) == ("unreadable", True)


def test_links_and_devices_are_counted(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, kind in (
            ("a.html", tarfile.SYMTYPE),
            ("b.html", tarfile.LNKTYPE),
            ("c.html", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        archive.addfile(tarfile.TarInfo("d.html"))
    not_pages: Counter[str] = Counter()
    assert only(found(tmp_path / "a.tar", not_pages=not_pages)).data == b""
    assert not_pages == {"tar link": 2, "tar special file": 1}


@pytest.mark.parametrize("name", TARS)
def test_long_names_and_large_numbers_are_understood(tmp_path, name):
    long = "folder/" * 60 + "page.html"
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w", format=form) as archive:
            info = tarfile.TarInfo(long)
            info.size = 5
            archive.addfile(info, io.BytesIO(b"words"))
        (tmp_path / name).write_bytes(pack(content.getvalue(), name))
        assert member_names(tmp_path / name) == [long]
        assert only(found(tmp_path / name)).data == b"words"


def test_a_header_of_gigabytes_is_refused_unread(tmp_path):
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 4 * 1024**3
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(info.tobuf() + bytes(10**7), mtime=0))
    assert "header of 42949" in only(found(tmp_path / "a.tar.gz")).detail


def test_a_stream_that_expands_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("ingest.sources.stream.EXPANDS_FREELY", 3 * 10**7)
    members = {"a.html": b"words", "bomb.html": bytes(10**8), "b.html": b"words"}
    pages = found(write_tar(tmp_path / "a.tar.zst", members))
    assert pages[0].data == b"words"
    assert "more than 500 times its size" in pages[-1].detail
