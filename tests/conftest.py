"""What tests of the command share."""

from __future__ import annotations

import io
import sys

import pytest

from ingest.cli import main


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
