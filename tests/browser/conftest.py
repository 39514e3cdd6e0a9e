"""A real browser that is watched: every request, message, error and dialog of its pages is written down."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks.generated import make_dataset
from benchmarks.serving import serving

PATIENCE = 60_000
"""Milliseconds to wait for anything; only a machine with much else to do needs them."""

RECORDS = 100_000


@pytest.fixture
def open_page(browser) -> Iterator[Any]:
    """Give a watched page. At the end nothing may have gone wrong, nor been asked of another machine."""
    opened: list[tuple[Any, list[str]]] = []

    def make(**options: Any) -> Any:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        faults: list[str] = []

        def judge(route: Any) -> None:
            parts = urlsplit(route.request.url)
            if parts.scheme in ("file", "data", "about") or parts.hostname in ("127.0.0.1", "localhost"):
                route.continue_()
            else:
                faults.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", judge)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        opened.append((context, faults))
        return page

    yield make
    for context, _ in opened:
        context.close()
    assert [fault for _, faults in opened for fault in faults] == []


@pytest.fixture(scope="session")
def large(browser, tmp_path_factory) -> Path:
    """A dataset of 100,000 records."""
    folder = tmp_path_factory.mktemp("large")
    make_dataset(folder / "valley", RECORDS, part_rows=2_048)
    return folder / "valley"


@pytest.fixture(scope="session")
def writing(large) -> Iterator[Any]:
    """The process that writes the report of the large dataset while other tests run."""
    command = [
        sys.executable,
        "-m",
        "ingest",
        "report",
        str(large),
        "-o",
        str(large.with_name("report.html")),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process
    process.kill()
    process.communicate()


@pytest.fixture(scope="session")
def large_report(large, writing) -> str:
    """The address of that report."""
    said, _ = writing.communicate(timeout=600)
    assert writing.returncode == 0, said
    return large.with_name("report.html").as_uri()


@pytest.fixture(scope="session")
def review(large) -> Iterator[str]:
    """The address of a server for the large dataset."""
    with serving(large) as address:
        yield address


@pytest.fixture(scope="session")
def samples(browser, tmp_path_factory) -> Path:
    """The project's samples as a dataset."""
    import ingest
    from ingest.samples import bundled_samples

    out = tmp_path_factory.mktemp("samples") / "samples"
    ingest.run(bundled_samples(), out=out, jobs=0)
    return out
