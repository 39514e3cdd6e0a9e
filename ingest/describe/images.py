"""The article's lead images: JSON-LD images with their captions and credits, else og:image."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.records import Image
from ingest.structured import Structured, as_list, first_meta, plain, strings

MAX_IMAGES = 10


def find_lead_images(structured: Structured) -> tuple[Image, ...]:
    """The lead images in order, addresses as written; crops of one picture count once."""
    found: dict[tuple[str | None, str | None], Image] = {}
    for article in structured.articles[:1]:
        for image in _from_json_ld(article):
            key = (image.caption, image.credit) if image.caption or image.credit else (None, None)
            found.setdefault(key, image)
    if found:
        return tuple(found.values())[:MAX_IMAGES]
    url = first_meta(
        structured, "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"
    )
    alt = plain(first_meta(structured, "og:image:alt", "twitter:image:alt")) or None
    return (Image(url=url, alt=alt),) if url else ()


def _from_json_ld(article: dict[str, object]) -> Iterator[Image]:
    for value in as_list(article.get("image")):
        if isinstance(value, str):
            if value.strip():
                yield Image(url=value.strip())
        elif isinstance(value, dict):
            url = next(strings(value.get("url")), None) or next(strings(value.get("contentUrl")), None)
            caption = next(strings(value.get("caption")), None) or next(
                strings(value.get("description")), None
            )
            if url:
                yield Image(url=url, caption=caption, credit=_credit(value))


def _credit(image: dict[str, object]) -> str | None:
    for field in ("creditText", "copyrightHolder", "author", "creator", "copyrightNotice"):
        if names := ", ".join(strings(image.get(field))):
            return names
    return None
