"""`python -m ingest`: the command."""

from ingest.cli import main

main()
