"""The command `ingest`: one file a command, put together in `main`."""

from ingest.cli.main import main

__all__ = ["main"]
