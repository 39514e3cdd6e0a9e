"""Runs over archives: the same pages come out of each, and a run is as sure as over files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import standin
from archives import PAGES, http, record, write_jsonl, write_parquet, write_tar, write_warc, write_zip

from ingest.chunk import Limits
from ingest.records import RawPage
from ingest.rules import load_rules
from ingest.runner import rules_cleaner, run
from ingest.store import read, read_rejects


def as_folder(folder: Path) -> Path:
    for name, page in PAGES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(page)
    return folder


def rows():
    return [
        {"html": page.decode(), "url": f"https://site.example/{n}"} for n, page in enumerate(PAGES.values())
    ]


def records():
    return [record("response", http(page), number) for number, page in enumerate(PAGES.values())]


WAYS = {
    "folder": lambda folder: as_folder(folder / "pages"),
    "warc": lambda folder: write_warc(folder / "a.warc", records()),
    "warc.gz": lambda folder: write_warc(folder / "a.warc.gz", records()),
    "warc.gz packed as a whole": lambda folder: write_warc(folder / "a.warc.gz", records(), whole=True),
    "jsonl": lambda folder: write_jsonl(folder / "a.jsonl", rows()),
    "jsonl.gz": lambda folder: write_jsonl(folder / "a.jsonl.gz", rows()),
    "jsonl.zst": lambda folder: write_jsonl(folder / "a.jsonl.zst", rows()),
    "parquet": lambda folder: write_parquet(
        folder / "a.parquet", {key: [row[key] for row in rows()] for key in rows()[0]}, row_group_size=6
    ),
    "zip": lambda folder: write_zip(folder / "a.zip", PAGES),
    "tar": lambda folder: write_tar(folder / "a.tar", PAGES),
    "tgz": lambda folder: write_tar(folder / "a.tgz", PAGES),
}


def bodies(out: Path) -> list[str]:
    return sorted(read(out).to_table(columns=["body"])["body"].to_pylist())


@pytest.fixture(scope="module")
def clean():
    return rules_cleaner(load_rules())


@pytest.fixture(scope="module")
def expected(clean) -> list[str]:
    found = sorted(clean(RawPage(data=page)).body for page in PAGES.values())
    assert len(set(found)) == 20 and all("stone by stone – caf\u00e9" in body for body in found)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_the_same_pages_give_the_same_bodies(tmp_path, way, clean, expected):
    source = WAYS[way](tmp_path)
    summary = run(source, out=tmp_path / "out", jobs=0, load_cleaner=lambda: clean)
    assert bodies(tmp_path / "out") == expected
    assert (summary.records, summary.rejects, summary.not_pages) == (20, {}, {})
    again = run(source, out=tmp_path / "out", jobs=0, load_cleaner=lambda: clean)
    assert (again.skipped, again.read) == (20, 20)


def test_all_at_once_in_workers(tmp_path):
    folder = tmp_path / "in"
    for number, way in enumerate(WAYS.values()):
        (folder / str(number)).mkdir(parents=True)
        way(folder / str(number))
    summary = run(folder, out=tmp_path / "out", jobs=2, load_cleaner=standin.load_cleaner)
    assert summary.read == summary.records + sum(summary.rejects.values()) == 20 * len(WAYS)
    sources = read(tmp_path / "out").to_table(columns=["source"])["source"].to_pylist()
    sources += read_rejects(tmp_path / "out").to_table(columns=["source"])["source"].to_pylist()
    assert len(set(sources)) == 20 * len(WAYS)


WORDS = [*["one"] * 12, "die", *["two"] * 30, "bug", "three"]


@pytest.mark.parametrize("name", ["a.tar.zst", "a.jsonl.gz", "a.parquet", "a.warc.gz", "a.zip"])
def test_pages_that_kill_their_worker_cost_no_other_in_the_archive(tmp_path, name):
    archive = tmp_path / name
    match name.partition(".")[2]:
        case "tar.zst":
            write_tar(archive, {f"{number}.txt": text.encode() for number, text in enumerate(WORDS)})
        case "zip":
            write_zip(archive, {f"{number}.txt": text.encode() for number, text in enumerate(WORDS)})
        case "jsonl.gz":
            write_jsonl(archive, [{"text": text} for text in WORDS])
        case "parquet":
            write_parquet(archive, {"text": WORDS}, row_group_size=10)
        case _:
            write_warc(archive, [record("response", http(text.encode()), n) for n, text in enumerate(WORDS)])
    limits = Limits(cpu_seconds=5)
    summary = run(archive, out=tmp_path / "out", jobs=2, load_cleaner=standin.load_cleaner, limits=limits)
    assert (summary.records, summary.rejects) == (43, {"crashed": 2})
    again = run(archive, out=tmp_path / "out", jobs=2, load_cleaner=standin.load_cleaner, limits=limits)
    assert (again.skipped, again.records) == (45, 0)


def test_going_to_a_page_in_a_packed_archive_is_not_on_the_pages_clock(tmp_path, monkeypatch):
    """The second page lies behind what takes longer to unpack than a page may take."""
    archive = write_tar(tmp_path / "a.tgz", {"a.txt": b"one", "b.bin": bytes(2 * 10**8), "c.txt": b"two"})
    limits = Limits(cpu_seconds=0.05)
    summary = run(archive, out=tmp_path / "out", jobs=1, load_cleaner=standin.load_cleaner, limits=limits)
    assert (summary.records, summary.rejects, summary.not_pages) == (2, {}, {"tar .bin": 1})


def test_an_archive_that_grows_gives_its_new_pages(tmp_path):
    archive = write_jsonl(tmp_path / "a.jsonl", [{"text": "one"}, {"text": "two"}])
    run(archive, out=tmp_path / "out", jobs=0, load_cleaner=standin.load_cleaner)
    with archive.open("a") as file:
        file.write(json.dumps({"text": "three"}))
    summary = run(archive, out=tmp_path / "out", jobs=0, load_cleaner=standin.load_cleaner)
    assert (summary.records, summary.skipped) == (1, 2)


def test_what_archives_hold_beside_pages_is_in_the_summary(tmp_path):
    archive = write_zip(tmp_path / "a.zip", {"a.html": b"one", "b.jpg": b"", "c.JPG": b"", "d.zip": b""})
    run(archive, out=tmp_path / "out", jobs=0, load_cleaner=standin.load_cleaner)
    (file,) = (tmp_path / "out" / "runs").glob("*.json")
    assert json.loads(file.read_text())["not_pages"] == {"zip .jpg": 2, "zip .zip": 1}


def test_no_archive_stays_open_after_a_run(tmp_path):
    archive = write_zip(tmp_path / "a.zip", PAGES)
    run(archive, out=tmp_path / "out", jobs=0, load_cleaner=standin.load_cleaner)
    opened = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert archive not in opened


# The command


@pytest.fixture
def run_command(monkeypatch, run_ingest):
    """`ingest run` in this process, with the stand-in for the page's way."""
    monkeypatch.setattr("ingest.runner.load_rules", lambda *overlays: None)
    monkeypatch.setattr("ingest.runner.rules_cleaner", standin.load_for_rules)
    return lambda *arguments, **settings: run_ingest("run", *arguments, "--jobs", 0, **settings)


def test_a_list_of_paths_comes_on_standard_input(tmp_path, run_command):
    pages = as_folder(tmp_path / "in")
    lines = [str(path) for path in sorted(pages.rglob("*.html"))]
    lines += [lines[0], str(tmp_path / "none.html"), str(write_zip(tmp_path / "a.zip", PAGES)), ""]
    code, _, said = run_command("-", "--out", tmp_path / "out", stdin="\n".join(lines).encode())
    assert code == 0, said
    assert read(tmp_path / "out").count_rows() == 40
    (reject,) = read_rejects(tmp_path / "out").to_table().to_pylist()
    assert (reject["source"], reject["reason"]) == (str(tmp_path / "none.html"), "unreadable")


def test_names_that_are_no_letters_come_on_standard_input(tmp_path, run_command):
    name = os.fsencode(tmp_path) + b"/caf\xe9.html"
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    code, _, said = run_command("-", "--out", tmp_path / "out", stdin=name + b"\n")
    assert code == 0, said
    (reject,) = read_rejects(tmp_path / "out").to_table().to_pylist()
    assert (reject["source"], reject["reason"]) == (f"{tmp_path}/caf\\xe9.html", "empty")


def test_fields_of_the_command(tmp_path, run_command):
    archive = write_jsonl(
        tmp_path / "a.jsonl", [{"page": row["html"], "where": row["url"]} for row in rows()]
    )
    code, _, said = run_command(archive, "--out", tmp_path / "out", "--fields", "html=pag")
    assert code == 2 and "has no column 'pag'; its columns are page, where." in said
    code, _, said = run_command(archive, "--out", tmp_path / "out", "--fields", "htm=page")
    assert code == 2 and "There is no field 'htm'; the fields are html, text" in said
    assert not (tmp_path / "out").exists()
    code, _, said = run_command(archive, "--out", tmp_path / "out", "--fields", "html=page,url=where")
    assert code == 0, said
    assert min(read(tmp_path / "out").to_table()["url"].to_pylist()) == "https://site.example/0"
