"""Lead images with captions and credits."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.images import find_lead_images
from ingest.records import Image
from ingest.structured import read_structured


def images(html: str) -> tuple[Image, ...]:
    return find_lead_images(read_structured(LexborHTMLParser(html)))


def article(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "Article", "image": value})}</script>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (article("https://x.example/a.jpg"), (Image(url="https://x.example/a.jpg"),)),
        (article(["/a-1x1.jpg", "/a-4x3.jpg"]), (Image(url="/a-1x1.jpg"),)),
        (
            article(
                [
                    {"url": "/a.jpg", "caption": "Rain", "creditText": "Ann Lee"},
                    {"contentUrl": "/b.jpg", "caption": "Sun"},
                ]
            ),
            (Image(url="/a.jpg", caption="Rain", credit="Ann Lee"), Image(url="/b.jpg", caption="Sun")),
        ),
        (article([{"url": {"x": 1}}, 3, None]), ()),
        (
            '<meta property="og:image" content="/o.jpg"><meta property="og:image:alt" content="A hill">',
            (Image(url="/o.jpg", alt="A hill"),),
        ),
        ("", ()),
    ],
)
def test_images(html: str, expected: tuple[Image, ...]) -> None:
    assert images(html) == expected
