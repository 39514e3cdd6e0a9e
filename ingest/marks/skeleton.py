"""What a sample of a marked page must expect: the record as it should have come out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ingest.labels import Label
from ingest.marks.journal import Mark
from ingest.normalise import body_of
from ingest.records import Block, Image, Record, Removal
from ingest.samples import expectation_of, expectation_text
from ingest.words import count_words


def mend(record: Record, marks: Sequence[Mark], leftover_rules: Mapping[str, Label]) -> Record:
    """The record with what was wrongly removed put back, and what was left over taken out.

    `leftover_rules` gives the label of the rule proposed for a left-over text.
    """
    blocks, removals = list(record.blocks), list(record.removals)
    for mark in marks:
        gone = next((r for r in removals if _is(mark, r)), None)
        left = next((b for b in blocks if mark.what == "leftover" and b.place == mark.block), None)
        if mark.what == "wrong" and gone:
            removals.remove(gone)
            blocks = _put_back(blocks, gone)
        elif left:
            blocks.remove(left)
            label = leftover_rules[mark.text]
            removals.append(Removal(label.rule, label.kind, left.place, left.text))
    return msgspec.structs.replace(
        record,
        blocks=tuple(blocks),
        removals=tuple(sorted(removals, key=lambda removal: (removal.block, removal.start))),
        body=body_of(blocks),
        images=tuple(image for image in record.images if image.url or not _is_of(image, marks)),
        words_kept=sum(count_words(block.text) for block in blocks),
        words_removed=sum(count_words(removal.text) for removal in removals),
    )


def _is_of(image: Image, marks: Iterable[Mark]) -> bool:
    """Whether the image is nothing but a caption that was wrongly taken for one."""
    texts = [mark.text for mark in marks if mark.what == "wrong" and mark.kind in ("caption", "credit")]
    return any((image.caption or image.credit or "") in text for text in texts)


def _is(mark: Mark, removal: Removal) -> bool:
    return (removal.rule, removal.block, removal.start) == (mark.rule, mark.block, mark.start)


def _put_back(blocks: Sequence[Block], gone: Removal) -> list[Block]:
    """The blocks with the removed text in its place: a paragraph of its own, or a part of the block it was cut from."""
    found = []
    placed = False
    for block in blocks:
        if block.place == gone.block and not placed:
            head, tail = block.text[: gone.start].rstrip(), block.text[gone.start :].lstrip()
            text = " ".join(part for part in (head, gone.text.strip(), tail) if part)
            block, placed = msgspec.structs.replace(block, text=text), True
        elif block.place > gone.block and not placed:
            found.append(Block("paragraph", gone.text, place=gone.block))
            placed = True
        found.append(block)
    return found if placed else [*found, Block("paragraph", gone.text, place=gone.block)]


def write_skeleton(
    record: Record, marks: Sequence[Mark], leftover_rules: Mapping[str, Label]
) -> tuple[str, str]:
    """The folder of a sample, and the text of its `expected.yaml`."""
    mended = mend(record, marks, leftover_rules)
    about: dict[str, Any] = {"about": _about(marks)}
    if record.url:
        about["url"] = record.url
    if record.media_type == "text/plain":
        about["media_type"] = record.media_type
    about["expect"] = expectation_of(mended)
    return f"{record.site or 'unknown'}/{_name(record)}", expectation_text(about)


def _about(marks: Sequence[Mark]) -> str:
    wrong = sum(mark.what == "wrong" for mark in marks)
    left = len(marks) - wrong
    said = [
        f"{wrong} text{'s' * (wrong > 1)} wrongly removed" if wrong else "",
        f"{left} left over" if left else "",
    ]
    return f"Marked in review: {', '.join(filter(None, said))}."


def _name(record: Record) -> str:
    year = f"{record.published:%Y}" if record.published else "page"
    words = re.findall(r"[a-z0-9]+", (record.title or "").lower())[:5]
    return "-".join([year, *words, record.source_digest[:6]])
