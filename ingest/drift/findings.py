"""What drift is reported as: one finding a change, the figures behind it, and the sites that were compared."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import msgspec

What = Literal[
    "layout_missed",
    "layout_changed",
    "method_changed",
    "body_moved",
    "rejects_more",
    "body_shrank",
    "body_grew",
    "truncated_more",
    "field_lost",
    "field_moved",
    "dates_jumped",
    "dates_alike",
    "dates_coarser",
    "rule_stopped",
    "rule_faded",
    "rule_takes_more",
    "rule_guarded",
    "flag_more",
    "new_lines",
]
"""The changes that are told apart, the gravest first."""

WHATS: tuple[str, ...] = get_args(What)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one site. `before` and `now` are in `unit`; shares go from 0 to 1."""

    site: str
    media: str
    what: What
    name: str
    """The rule, field, layout, method, flag, reason or date quality; empty for the body; a line's first words."""
    before: float
    now: float
    unit: Literal["share", "words", "words a page"]
    says: str
    """The finding as a sentence."""
    examples: tuple[str, ...] = ()


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one site on either side; null where there is nothing to measure."""

    measure: str
    name: str
    before: float | None
    now: float | None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A site whose newest pages were compared with its earlier ones."""

    site: str
    media: str
    pages_before: int
    pages_now: int
    window_from: datetime | None
    """`ingested_at` of the window's first run."""
    rules_changed: bool
    """Whether the window was cleaned with other rules than any page before it."""
    figures: tuple[Figure, ...] = ()


class TooFew(msgspec.Struct, frozen=True, kw_only=True):
    """A site with too few pages to compare."""

    site: str
    media: str
    pages_before: int
    pages_now: int


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison of a dataset's newest pages with its past has found, by site, the gravest first."""

    format: str = "1"
    findings: tuple[Finding, ...]
    compared: tuple[Compared, ...]
    too_few: tuple[TooFew, ...]
