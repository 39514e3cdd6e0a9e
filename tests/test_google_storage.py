"""A dataset and its pages at `gs://...`, through a server on this machine that speaks Google's protocol."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import standin

from ingest import lease
from ingest.errors import BusyError, StoreError
from ingest.filesystem import locate
from ingest.lock import hold
from ingest.runner import run
from ingest.sources import find_sources
from ingest.store import read, write_file

Uri = Callable[[str], str]


@pytest.fixture(scope="module")
def uri() -> Iterator[Uri]:
    """The URI of a key in an otherwise empty bucket."""
    pytest.importorskip("gcp_storage_emulator")
    program = Path(__file__).with_name("gcs_server.py")
    with subprocess.Popen([sys.executable, program, "news"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        options = f"scheme=http&endpoint_override=127.0.0.1:{server.stdout.readline().strip()}"
        yield lambda key: f"gs://anonymous@news/{key}?{options}"
        server.kill()


def sources(out: str) -> list[str]:
    return sorted(read(out).to_table(columns=["source"])["source"].to_pylist())


def test_pages_of_all_folders_become_rows_and_stay_them(uri, command):
    keys = ["pages/a.txt", "pages/b/c.txt", "pages/b/d/e.txt", "pages/b.txt", "pages-of-another/f.txt"]
    for key in keys:
        write_file(key.encode(), uri(key))
    for _ in range(2):
        assert command("run", uri("pages"), "--out", uri("out"), "--jobs", 2, "--quiet") == (0, "", "")
        assert sources(uri("out")) == sorted(f"gs://news/{key}" for key in keys[:4])
    code, said, _ = command("compact", uri("out"))
    assert code == 0 and "became 1" in said and len(sources(uri("out"))) == 4
    code, said, _ = command("status", uri("out"))
    assert code == 0 and "records  4 rows in 1 part" in said


def test_one_folder_of_them_can_be_read(uri, tmp_path):
    for key in ("some/x/a.txt", "some/xy/b.txt"):
        write_file(b"text", uri(key))
    out = tmp_path / "out"
    assert run(uri("some/x"), out=out, jobs=0, load_cleaner=standin.load_cleaner).records == 1
    assert sources(str(out)) == ["gs://news/some/x/a.txt"]


def test_a_folder_given_twice_is_read_once(uri):
    keys = [f"twice/{name}" for name in ("a.txt", "b.txt", "b/c.txt", "b/c/d.txt", "b/e/f/g.txt")]
    for key in keys:
        write_file(b"text", uri(key))
    pages = sorted(f"news/{key}" for key in keys)
    for roots in (["twice"], ["twice", "twice/b"], ["twice/b/c", "twice/b", "twice"]):
        assert sorted(source.path for source in find_sources([uri(root) for root in roots])) == pages


def test_the_second_is_told_who_the_first_is(uri):
    with hold(uri("held")) as held, pytest.raises(BusyError, match=held.holder.run_id), hold(uri("held")):
        pass
    with hold(uri("held")):
        pass


def test_a_lease_that_another_has_taken_is_lost(uri, monkeypatch):
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2.0)
    monkeypatch.setattr(lease, "RENEW_SECONDS", 60.0)
    with (
        hold(uri("slow")) as slow,
        hold(uri("slow"), wait=20),
        pytest.raises(StoreError, match="away for too long"),
    ):
        slow.check()


def test_a_key_that_is_written_over_is_seen_as_another(uri, tmp_path):
    write_file(b"one", uri("changing/a.txt"))
    out = tmp_path / "out"
    for count in (1, 0):
        summary = run(uri("changing"), out=out, jobs=0, load_cleaner=standin.load_cleaner)
        assert summary.records == count
    write_file(b"another", uri("changing/a.txt"))
    assert run(uri("changing"), out=out, jobs=0, load_cleaner=standin.load_cleaner).records == 1
    assert locate(uri("changing")).filesystem.get_file_info("news/changing/a.txt").is_file
