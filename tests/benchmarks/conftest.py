"""A corpus of one page in both media, in our own words."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

TRUTH = {"id": "p1", "url": "https://meadow.example/a", "title": "Mill reopens", "colour": "not read"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Datasets `meadow` (HTML) and `meadow-text` with the page `p1`, of which only the title is known."""
    for name, file, data in (
        ("meadow", "p1.html.gz", gzip.compress(b"<p>Mill</p>")),
        ("meadow-text", "p1.txt", b"Mill"),
    ):
        pages = tmp_path / name / "pages"
        pages.mkdir(parents=True)
        (pages / file).write_bytes(data)
        (tmp_path / name / "truth.jsonl").write_text(json.dumps(TRUTH) + "\n")
    return tmp_path
