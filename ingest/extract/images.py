"""The article's pictures: those in its scope with the captions and credits that stand beside them, and the lead."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.blocks import Document
from ingest.blocks import Picture as Shown
from ingest.describe.images import find_lead_images
from ingest.extract.pictures import images_of_captions
from ingest.labels import Label
from ingest.records import Image
from ingest.strip import Picture as Captioned
from ingest.structured import Structured

MAX_IMAGES = 100
LEAD_BLOCKS = 25
"""Blocks above the article's container among which its lead picture's caption may stand."""

MIN_LEAD_CAPTION_WORDS = 6
"""A shorter line above the article, though marked as a caption, may be a byline or a label."""

MIN_CAPTION_WORDS = 3
NEAR = 2
"""Blocks that may stand between a picture and its caption."""

# Addresses of what pages put beside a text on every page: portraits of accounts, icons, logos, blanks. Words inside a
# file's name tell nothing: a photograph may well show a logo or a pixel.
_ORNAMENT = re.compile(
    r"gravatar\.com/|/(?:avatars?|profile_images|icons?|emojis?|smil(?:ie|ey)s|logos?|favicons?|badges|sprites?)/"
    r"|/(?:icons?|logos?|favicon|spinner|loader|loading|spacer|placeholder|sprite)(?:[-_.][^/]*)?\.(?:svg|png|gif|webp)$"
    r"|/(?:pixel|blank|transparent|clear|1x1|dot)\.(?:gif|png)$",
    re.IGNORECASE,
)
_PATH_END = re.compile(r"[?#]")
_IN_ARTICLE = ("caption", "credit", "title", "deck", "byline", "date")


def images_of_page(
    document: Document,
    scope: Sequence[int],
    labels: Sequence[Label | None],
    captions: Sequence[Captioned],
    structured: Structured,
) -> tuple[Image, ...]:
    """Pictures in reading order. `captions` have places in the scope; each goes to the nearest picture, or alone."""
    place_of = {number: place for place, number in enumerate(scope)}
    shown = [picture for picture in document.pictures if _is_in_article(picture, place_of, labels)][
        :MAX_IMAGES
    ]
    runs = _runs([caption for caption in captions if not _is_scrap(caption)])
    lead = _caption_of_lead(document, scope)
    images: list[tuple[int, Image]] = []
    free = list(shown)
    for places, image in runs:
        number = scope[places[0]] if scope else places[0]
        nearest = min(free, key=lambda p: (abs(p.place - number), p.place), default=None)
        if nearest is not None and abs(nearest.place - number) <= NEAR:
            free.remove(nearest)
            image = Image(url=_url(nearest), alt=nearest.alt, caption=image.caption, credit=image.credit)
        images.append((number, image))
    images += [(p.place, Image(url=_url(p), alt=p.alt)) for p in free]
    body = [image for _, image in sorted(images, key=lambda pair: pair[0])]
    return _with_lead(find_lead_images(structured), lead, body)


def _is_in_article(picture: Shown, place_of: dict[int, int], labels: Sequence[Label | None]) -> bool:
    """Whether a picture stands in the scope, not in a removed box, and is more than an icon."""
    beside = [labels[place_of[n]] for n in (picture.place - 1, picture.place) if n in place_of]
    stands = any(label is None or label.kind in _IN_ARTICLE for label in beside)
    return stands and _url(picture) is not None


def _is_scrap(caption: Captioned) -> bool:
    """A word or two beside a picture are a label or a byline's piece, not a caption."""
    return caption.credit is None and len((caption.caption or "").split()) < MIN_CAPTION_WORDS


def _url(picture: Shown) -> str | None:
    url = (picture.url or "").strip()
    if not url or url[:12].lower().startswith(("data:", "javascript:", "blob:")):
        return None
    return None if _ORNAMENT.search(_PATH_END.split(url, maxsplit=1)[0]) else url


def _runs(captions: Sequence[Captioned]) -> list[tuple[list[int], Image]]:
    """Neighbouring captions and credits as one image each, with their places."""
    runs: list[list[Captioned]] = []
    for caption in captions:
        if runs and caption.place - runs[-1][-1].place <= 1:
            runs[-1].append(caption)
        else:
            runs.append([caption])
    result = []
    for run in runs:
        for image in images_of_captions(run):
            result.append(([caption.place for caption in run], image))
    return result


def _caption_of_lead(document: Document, scope: Sequence[int]) -> str | None:
    """The caption that stands between the headline and an article's container that does not hold it."""
    if not scope:
        return None
    above = range(max(0, scope[0] - LEAD_BLOCKS), scope[0])
    headline = max((n for n in above if document.blocks[n].level == 1), default=None)
    captions = [
        document.blocks[n].text
        for n in above
        if headline is not None and n > headline and _is_caption(document, n)
    ]
    return captions[0] if captions else None


def _is_caption(document: Document, number: int) -> bool:
    block = document.blocks[number]
    return block.kind == "caption" and len(block.text.split()) >= MIN_LEAD_CAPTION_WORDS


def _with_lead(lead: Sequence[Image], caption: str | None, body: list[Image]) -> tuple[Image, ...]:
    """The lead image first, unless the body shows the same file."""
    known = {_file(image.url) for image in body if image.url}
    fresh = [image for image in lead if image.url and _file(image.url) not in known][:1]
    if caption and all(caption != image.caption for image in body):
        first = fresh[0] if fresh else Image()
        fresh = [Image(url=first.url, alt=first.alt, caption=first.caption or caption, credit=first.credit)]
    return (*fresh, *body)


def _file(url: str | None) -> str:
    return _PATH_END.split(url or "", maxsplit=1)[0].rsplit("/", 1)[-1].lower()
