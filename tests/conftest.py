"""What tests share: the command, and the browser."""

from __future__ import annotations

import io
import shutil
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import standin
from hypothesis import settings
from object_store import bucket, s3, s3_server  # noqa: F401  fixtures

from ingest.cli import main

# A shell lets what it runs in the background ignore this signal, and children inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more of what else the machine does.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def run_ingest(monkeypatch, capsys):
    """Run `ingest ...` on a wide screen: its exit code, and what it says on standard output and standard error."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ingest", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def command(monkeypatch, run_ingest):
    """`run_ingest` without rules: `ingest run` cleans with the stand-in cleaner."""
    monkeypatch.setattr("ingest.runner.load_rules", lambda *overlays: None)
    monkeypatch.setattr("ingest.runner.rules_cleaner", standin.load_for_rules)
    monkeypatch.delenv("INGEST_RULES", raising=False)
    return run_ingest


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium, one for the process: Playwright does not start twice."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no chromium; `apt-get install chromium` brings it")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()
