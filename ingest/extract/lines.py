"""Single lines that are not the article, told by their links, their place in a figure, and their wording."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ingest.blocks import CONTINUES, IN_FIGURE, IN_QUOTE, RawBlock
from ingest.extract import phrases
from ingest.labels import Label

FIGURE: Final = Label("generic/figure", "caption")
CAPTION: Final = Label("generic/caption", "caption")
CREDIT: Final = Label("generic/credit-line", "credit")
LINK: Final = Label("generic/link-line", "related")
DATE: Final = Label("generic/date-line", "date")
ANNOUNCED: Final = Label("generic/related-phrase", "related")
SCRAP: Final = Label("generic/scrap", "furniture")
CRUMBS: Final = Label("generic/breadcrumbs", "nav")
LINE_NUMBERS: Final = Label("generic/line-numbers", "furniture")
_ANNOUNCED: Final = re.compile(r"[^:：]{2,25}[:：]\s?\S")  # "See also: a headline"
_LONG_LINE: Final = 160  # characters; twice as many for lines with a link
_LONGEST_LINE: Final = 600
_LONGEST_DATE: Final = 100  # characters: when it was published and when updated, with weekdays and zones
_LONGEST_SCRAP: Final = 40  # characters without a letter or digit: a slash between pictures, a lost full stop
_SPOKEN: Final = frozenset("\"“”„»«'…?!")  # a silence between quotation marks is said by somebody
_LONGEST_CRUMBS: Final = 250
# "Home > Harbour > A headline"
_CRUMBS: Final = re.compile(r"(?:[^›»>«→]{2,60}\s(?:›|»|>|→)\s){2,}[^›»>«→]{2,160}")
# "Ann Lee/The Cloud"
_OF_AGENCY: Final = re.compile(r"(?:[A-Z][\w'’.-]+ ){1,2}[A-Z][\w'’.-]+/[A-Z][\w .&-]{2,30}")
_TEMPLATE: Final = "{{"  # what a page's scripts were to fill in
_SECTION_MARKS: Final = 3  # so many of the same sign part two sections of the text


def _is_sentence(block: RawBlock) -> bool:
    text = block.text
    return block.kind == "paragraph" and (text[-1] == ":" or (len(text) >= 70 and text[-1] in '.!?”"。'))


def _is_scrap(text: str, kind: str) -> bool:
    """Whether a line has nothing to read: no letter, no digit, nothing that somebody says."""
    return (
        not text[0].isalnum()
        and not text[-1].isalnum()
        and kind not in ("cell", "post", "preformatted")
        and not any(char.isalnum() or char in _SPOKEN for char in text)
        and not (text.count(text[0]) >= _SECTION_MARKS and set(text) <= {text[0], " "})
    )


def _is_credit(text: str, kind: str) -> bool:
    return phrases.is_credit(text) or (
        kind == "paragraph" and "/" in text and _OF_AGENCY.fullmatch(text) is not None
    )


def _counts_up(text: str) -> bool:
    return all(number == str(place) for place, number in enumerate(text.split(), 1))


def label_line(block: RawBlock) -> Label | None:
    """The label of a block that goes wherever it stands in the article."""
    text, kind, _, _, linked, flags = block
    if kind == "caption":
        return CAPTION
    if flags & IN_FIGURE:
        return FIGURE
    length = len(text)
    if length <= _LONGEST_SCRAP and _is_scrap(text, kind):
        return SCRAP
    if text.startswith(_TEMPLATE) and kind != "preformatted" and "}}" in text:
        return SCRAP
    if kind == "heading" and _ANNOUNCED.match(text) and phrases.kind_of_start(text, long=False) == "related":
        return ANNOUNCED
    if kind in ("heading", "post", "pullquote", "infobox", "question"):
        return None
    if kind == "preformatted" and text[0] == "1" and _counts_up(text):
        return LINE_NUMBERS
    if kind == "cell" and linked < length - len(" | "):
        return None
    if linked > 0.6 * length and length - linked < 60 and not flags & IN_QUOTE and not _is_sentence(block):
        return LINK
    if length > _LONGEST_LINE:
        return None
    long = length >= _LONG_LINE and (length >= 2 * _LONG_LINE or linked < 0.15 * length)
    if found := phrases.kind_of_start(text, long=long):
        return Label(f"generic/{found}-phrase", found)
    if kind == "paragraph" and length < _LONGEST_CRUMBS and _CRUMBS.fullmatch(text):
        return CRUMBS
    if length < _LONG_LINE and kind != "item" and not flags & IN_QUOTE and _is_credit(text, kind):
        return CREDIT
    if length < _LONGEST_DATE and kind not in ("cell", "preformatted") and phrases.is_date(text):
        return DATE
    return None


def label_lines(blocks: Sequence[RawBlock], numbers: range, taken: Sequence[int]) -> dict[int, Label]:
    """The labels by block number; the parts of one paragraph, but for those that are `taken`, are judged as one."""
    labels: dict[int, Label] = {}
    number = numbers.start
    while number < numbers.stop:
        first = number
        number += 1
        while number < numbers.stop and blocks[number].flags & CONTINUES:
            number += 1
        group = [member for member in range(first, number) if not taken[blocks[member].node]]
        if group and (label := label_line(_join([blocks[member] for member in group]))):
            labels |= dict.fromkeys(group, label)
    return labels


def _join(parts: Sequence[RawBlock]) -> RawBlock:
    if len(parts) == 1:
        return parts[0]
    text = " ".join(part.text for part in parts)
    return parts[0]._replace(text=text, link_chars=sum(part.link_chars for part in parts))
