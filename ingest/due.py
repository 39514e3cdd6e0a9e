"""Which rows might come out otherwise now, because their rules or their program were others.

records                              made with other rules than their site has now, or by another version
rejects  no_article, not_an_article  the same
         too_large, unreadable ...   never: neither rules nor program said so
         all other reasons           by another version
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.dataset as ds

from ingest.ledger import read_parts
from ingest.records import RULED
from ingest.rewrite import Identity, rows_of, widen
from ingest.rules import Rulebook
from ingest.schema import RECORDS, REJECTS
from ingest.version import VERSION

WAVE_ROWS = 4096
"""Parts are taken together until so many of their rows are due."""

LASTING = ("too_large", "unreadable", "duplicate", "superseded")
"""Reasons that neither rules nor program give a page for its bytes."""

_COLUMNS = pa.schema(
    [
        *(RECORDS.field(name) for name in ("source", "source_digest", "site", "rules_digest", "version")),
        REJECTS.field("reason"),
    ]
)


class Due(NamedTuple):
    """The rows of a part that are to be made anew. `table` is `records` or `rejects`."""

    table: str
    part: str
    rows: list[Identity]


def find_due(
    table: str,
    dataset: ds.Dataset,
    digest_of: Callable[[str | None], str],
    only: Callable[[str | None], bool],
) -> Iterator[Due]:
    """The rows that are due, part by part, of the sites that `only` picks.

    `digest_of` gives the `rules_digest` that a site's rows have now. A reject whose page could not be read to its end
    has no digest; the next run tries it again.
    """

    def is_due(site: str | None, rules: str | None, version: str | None, reason: str | None) -> bool:
        if reason in LASTING:
            return False
        return version != VERSION or (reason in (None, *RULED) and rules != digest_of(site))

    for part, rows in read_parts(dataset, _COLUMNS.names):
        due = [
            (source, digest)
            for source, digest, site, *made in rows_of(widen(rows, _COLUMNS), _COLUMNS.names)
            if digest and only(site) and is_due(site, *made)
        ]
        if due:
            yield Due(table, part, due)


def only_site(site: str | None, rulebook: Rulebook) -> Callable[[str | None], bool]:
    """Whether a row's site is the one that is asked for, by its present name or by that of its host."""
    return lambda other: site is None or site in (other, rulebook.site_of_host(other))


def take_waves(due: Iterable[Due]) -> Iterator[list[Due]]:
    """Parts in groups with rows enough to keep all workers busy."""
    wave: list[Due] = []
    rows = 0
    for part in due:
        wave.append(part)
        rows += len(part.rows)
        if rows >= WAVE_ROWS:
            yield wave
            wave, rows = [], 0
    if wave:
        yield wave
