"""A corpus of two datasets written into a temporary folder."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks.corpus import CorpusError, Form, dataset_names, find_corpus, read_dataset


def test_pages_of_both_media(corpus: Path) -> None:
    assert dataset_names(corpus) == ["meadow", "meadow-text"]
    (page,), (text,) = (read_dataset(corpus, name) for name in dataset_names(corpus))
    assert (page.read(), page.media_type) == (b"<p>Mill</p>", "text/html")
    assert (text.read(), text.media_type) == (b"Mill", "text/plain")
    assert page.truth.title == "Mill reopens"
    assert page.truth.authors is None


def test_a_page_as_text_is_its_title_and_a_line_for_each_text(corpus: Path) -> None:
    (page,) = read_dataset(corpus, "meadow")
    html = b"<title> Mill\n reopens </title><script>x()</script><p>The <a href=/m>mill</a> turns.<p>Soon."
    page.path.write_bytes(gzip.compress(html))
    dumped = msgspec.structs.replace(page, form="lines")
    assert (dumped.read(), dumped.media_type) == (b"Mill reopens\nThe\nmill\nturns.\nSoon.\n", "text/plain")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("markdown", "Mill\n====\n\nThe [mill](/m) turns.\n\nSoon."),
        ("soup", "MillThe mill turns.Soon."),
    ],
)
def test_other_dumps_are_those_of_the_tools(corpus: Path, form: Form, text: str) -> None:
    (page,) = read_dataset(corpus, "meadow")
    page.path.write_bytes(
        gzip.compress(
            b"<body><script>x()</script><h1>Mill</h1><p>The <a href=/m>mill</a> turns.</p><p>Soon.</p>"
        )
    )
    assert msgspec.structs.replace(page, form=form).read().decode() == text


def test_a_page_without_names_is_html_still(corpus: Path) -> None:
    (page,) = read_dataset(corpus, "meadow")
    page.path.write_bytes(gzip.compress(b"<body class=a><p id=b class='c d' title=e>Mill</p></body>"))
    unnamed = msgspec.structs.replace(page, form="unnamed")
    assert unnamed.media_type == "text/html"
    assert b'<body><p title="e">Mill</p></body>' in unnamed.read()


def test_the_environment_names_the_corpus(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_CORPUS", str(corpus))
    assert find_corpus() == corpus


def test_an_unknown_dataset_is_a_sentence(corpus: Path) -> None:
    with pytest.raises(CorpusError, match=r"No dataset hill in .*; there are meadow, meadow-text"):
        dataset_names(corpus, ["hill"])


def test_a_page_without_a_file_is_a_sentence(corpus: Path) -> None:
    (corpus / "meadow/pages/p1.html.gz").unlink()
    with pytest.raises(CorpusError, match="No page p1"):
        read_dataset(corpus, "meadow")


def test_no_corpus_is_exit_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.quality", "--corpus", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 2
    assert done.stderr.startswith(f"No corpus in {tmp_path}")
