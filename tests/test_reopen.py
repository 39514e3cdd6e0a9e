from __future__ import annotations

import os
import zipfile

from ingest.reopen import Reopener, archive_of
from ingest.sources import find_sources, read_source


def test_the_name_tells_the_archive():
    assert archive_of("/in/a.html") is None
    assert archive_of("/in/what!now.html") is None
    assert archive_of("/in/pages.zip!a/b.html") == "/in/pages.zip"
    assert archive_of("/in/what!/pages.warc.gz!12!3") == "/in/what!/pages.warc.gz"


def test_every_source_is_found_again(tmp_path):
    (tmp_path / "plain.txt").write_text("plain")
    (tmp_path / "what!now.txt").write_text("marked")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("latin")
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("one.txt", "zipped")
        archive.writestr("two.txt", "zipped")
    sources = {source.name: source for source in find_sources(tmp_path)}
    assert len(sources) == 5
    found = Reopener().open(sources)
    assert found == sources
    assert {read_source(source).data for source in found.values()} == {
        b"plain",
        b"marked",
        b"latin",
        b"zipped",
    }


def test_what_is_gone_is_not_found(tmp_path):
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("one.txt", "zipped")
    names = [
        "",
        "no/such",
        str(tmp_path),
        "own://name",
        "nul\0",
        f"{tmp_path}/pages.zip!two.txt",
        f"{tmp_path}/x.zip!a",
    ]
    assert Reopener().open(names) == {}


def test_a_manifest_gives_its_facts_again(tmp_path):
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "m.csv").write_text("path,url\na.txt,https://a.example/1\n")
    (source,) = Reopener(tmp_path / "m.csv").open([str(tmp_path / "a.txt")]).values()
    assert source.facts and source.facts.url == "https://a.example/1"
