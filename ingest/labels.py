"""Verdicts on blocks: what is to be taken out, by which rule. Labels first, deletion last."""

from __future__ import annotations

from typing import NamedTuple

from ingest.records import Kind


class Label(NamedTuple):
    """Why a whole block is taken out."""

    rule: str
    kind: Kind


FILLER = Label("generic/filler", "plea")
"""Filler text ("lorem ipsum") that a paywall shows, blurred, in the article's place."""


class Cut(NamedTuple):
    """A part of a block taken out: characters `start` up to `end` of its text."""

    rule: str
    kind: Kind
    start: int
    end: int
