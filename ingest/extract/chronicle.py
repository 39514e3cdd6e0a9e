"""Days and times that head parts of the text: a chronicle's, a live report's, a diary's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ingest.blocks import RawBlock
from ingest.extract.lines import DATE
from ingest.labels import Label

_FEWEST: Final = 3
_STAMPS: Final = 2  # when the article was published, and when updated
_READS: Final = 25  # what a line of text is worth


def keep_chronicle(
    blocks: Sequence[RawBlock], values: Sequence[float], labels: list[Label | None], scope: range
) -> None:
    """Takes back the labels of dates where the page has several and text stands under nearly every one of them."""
    dates = [number for number in scope if labels[number] == DATE]
    heads = [
        number
        for number in dates
        if number + 1 in scope and labels[number + 1] is None and values[number + 1] > _READS
    ]
    days = {blocks[number].text for number in heads}
    nearly_all = len(heads) >= len(dates) - _STAMPS
    if nearly_all and len(heads) == len(days) >= _FEWEST:
        for number in heads:
            labels[number] = None
