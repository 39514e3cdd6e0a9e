"""Days and times that head parts of the text: a chronicle's, a live report's, a diary's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ingest.blocks import RawBlock
from ingest.extract.lines import DATE
from ingest.labels import Label

_FEWEST: Final = 3
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
    if (
        len(days) >= _FEWEST and len(days) == len(heads) >= len(dates) - 2
    ):  # when it was published, and when updated
        for number in heads:
            labels[number] = None
