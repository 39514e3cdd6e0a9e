"""What class and id words say."""

from __future__ import annotations

import pytest

from ingest.vocabulary import NAMES, judge


@pytest.mark.parametrize(
    ("names", "category"),
    [
        ("related-links", "related"),
        ("ReadMoreBox", "related"),
        ("readmore", "related"),
        ("comments", "comments"),
        ("commentary", ""),
        ("top-ad", "advert"),
        ("header", ""),
        ("adult", ""),
        ("shareholder", ""),
        ("share", "share"),
        ("wp-caption-text", "caption"),
        ("comment-form share", "comments"),
        ("post-9 type-post category-promo", ""),
        ("article-body share", ""),
        ("article-body-footer", "interface"),
        ("article-copyright", "legal"),
        ("no-sidebar", ""),
        ("article--has-newsletter", ""),
        ("withRelatedStories", ""),
        ("no-print", "hidden"),
        ("media no-caption", "caption"),
        ("has-ad social", "share"),
        ("prose [&_.related]:hidden [&_figcaption]:text-sm", ""),
        ("https://gazette.example/news/latest-scores", ""),
    ],
)
def test_categories(names: str, category: str) -> None:
    assert NAMES[judge(names).category] == category


def test_body_deck_and_parts() -> None:
    assert judge("entry-content").body
    assert not judge("entry-content-footer").body
    assert judge("article__standfirst").deck
    assert not judge("text-xl leading-snug").deck
    assert judge("c-factbox").part == "infobox"
    assert judge("article-body-infobox").part == "infobox"
