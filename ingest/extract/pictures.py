"""Captions and credits become images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.records import Image
from ingest.strip import Picture

_EDGES = " \t|-–—•,;:"
_EMPTY_CREDIT = re.compile(r"^[\s().:]*$")


def images_of_captions(pictures: Iterable[Picture]) -> tuple[Image, ...]:
    """One image for each run of neighbouring captions and credits; a caption given twice counts once."""
    images: list[Image] = []
    last = -2
    for picture in pictures:
        caption, credit = tidy(picture.caption), tidy_credit(picture.credit)
        bare = picture.caption is None  # a bare credit may stand after the caption's second copy
        near = picture.place - last <= (2 if bare else 1) and bool(images)
        last = picture.place
        if near and _same_picture(images[-1], caption, credit):
            before = images[-1]
            longer = max(filter(None, (before.caption, caption)), key=len, default=None)
            images[-1] = Image(caption=longer, credit=_better_credit(before.credit, credit))
        elif caption or credit:
            images.append(Image(caption=caption, credit=credit))
    return tuple(images)


def tidy(text: str | None) -> str | None:
    """The text without doubled full stops and loose punctuation at its ends, or `None`."""
    if not text:
        return None
    text = re.sub(r"\.\s*\.$", ".", text.strip(_EDGES))
    return text or None


def tidy_credit(text: str | None) -> str | None:
    """A credit without empty brackets, or `None`."""
    if not text or _EMPTY_CREDIT.match(text):
        return None
    text = text.strip(_EDGES + ".")
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text or None


def _same_picture(image: Image, caption: str | None, credit: str | None) -> bool:
    if not (image.caption and caption):
        return True
    a, b = (re.sub(r"\W+", "", text).casefold() for text in (image.caption, caption))
    return a.startswith(b) or b.startswith(a)


def _better_credit(*credits: str | None) -> str | None:
    """The first credit, or a later one that says more."""
    known: Sequence[str] = [credit for credit in credits if credit]
    return max(known, key=len) if known else None
