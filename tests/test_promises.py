"""The promises every record keeps: nothing vanishes, and nothing but page and rules decides what comes out.

Held on every sample and on generated pages: prose with furniture mixed in, odd characters, broken markup.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.article import Article
from ingest.normalise import assemble, body_of
from ingest.pipeline import clean_page, read_article
from ingest.records import KINDS, REASONS, RawPage, Record, Reject
from ingest.rules import Rulebook, load_rules
from ingest.samples import bundled_samples, find_samples
from ingest.words import count_words

SAMPLES = [sample.raw for sample in find_samples(bundled_samples())]
URLS = (None, "https://www.jpost.com/a", "https://www.haaretz.com/a", "https://news.example.org/a")
GENERIC_OWNERS = {"text", "generic"}

PROSE = (
    "The ferry left the old pier at two o'clock in the morning with eleven fishermen and a dog on board.",
    '"Nobody believed that it would come," said the man who has sold nets here for thirty years.',
    "The cookies were served.",
    "(This parenthesis was never closed",
    "1. The first tender was published in May, and nobody has seen it since then in any office.",
    "  • a bridge over the dry river",
    "A short heading",
    "Dear friends, he wrote, we did not sleep, because the wind had taken the roof",
    "and went on: it was the best night of the year, for those of us who like the stars.",
    "Der Zug fährt heute nicht, weil der Schnee höher liegt als die Schienen, sagte der Vorsteher.",
    "הרכבת יצאה שוב לדרכה בשעה שש וארבעים, ואיש לא חיכה לה על הרציף הישן של העיר.",
    "قال رئيس البلدية إن الجسر سيفتح أمام المشاة يوم الأحد، وإن السيارات ستنتظر حتى الربيع.",
)
FURNITURE = (
    "Dear Reader,",
    "As you can imagine, more people are reading The Jerusalem Post than ever before.",
    "For $5 a month you will receive access to the following:",
    "Mira Levanon, Editor-in-Chief",
    "X",
    "Show me later",
    "Be the first to know - Join our Facebook page.",
    "A tram at the end of the line (photo credit: REUTERS)",
    "(photo credit: )",
    "A tram at the end of the lCredit: Emil Salman",
    "October 6, 2017 21:30",
    "4 minute read.",
    "By NOA BERKMAN",
    "By JERUSALEM POST STAFFBirthday gifts were sent back unopened to all of them.",
    "Send in e-mailSend in e-mail",
    ">> Why nobody claps between the movements <<",
    "Click the alert icon to follow topics:",
    "Related Content",
    "ICYMI",
    "Cookie Settings",
    "We use cookies to improve your experience on our website.",
    "Advertisement",
    "Copyright 2023. All rights reserved.",
    "Sign up for our newsletter",
    "Share this article",
    "var articleID = 7;",
    "menu-control",
)
ODD = (
    "\u202eright to left\u202c",
    "\x00\x01\x07",
    "a\u0301\u00ad\u200b",
    "\ufeff",
    "👩‍👩‍👧",
    "\ud7ff\ue000",
    "\u2028",
    "\x85",
)
TAGS = ("p", "div", "h2", "li", "blockquote", "figcaption", "td", "span", "pre", "aside")
CLASSES = (
    "",
    "article-body",
    "related-content",
    "caption",
    "share-buttons",
    "premium-banner",
    "byline",
    "comments",
)

LINES = st.lists(
    st.one_of(st.sampled_from(PROSE), st.sampled_from(FURNITURE), st.sampled_from(ODD), st.text(max_size=40)),
    max_size=25,
)
ELEMENTS = st.lists(
    st.tuples(
        st.sampled_from(TAGS),
        st.sampled_from(CLASSES),
        st.one_of(st.sampled_from(PROSE), st.sampled_from(FURNITURE), st.text(max_size=40)),
        st.booleans(),
    ),
    max_size=20,
)
SPARING = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@cache
def rulebook() -> Rulebook:
    return load_rules()


def keep_promises(raw: RawPage) -> None:
    """Check one page's result; a page that is refused only has to say why."""
    result = clean_page(raw, rulebook())
    article = read_article(raw, rulebook())
    if isinstance(result, Reject):
        assert result.reason in REASONS
        assert result.detail
        return
    assert isinstance(article, Article)
    assert assemble(article.blocks, result.removals) == result.blocks
    assert body_of(result.blocks) == result.body
    assert result.body.strip()
    check_completeness(article, result)
    check_removals(result)


def check_completeness(article: Article, record: Record) -> None:
    """What was removed stands where it says, without overlap; the rest, in order, is what was kept."""
    left = [list(block.text) for block in article.blocks]
    for removal in record.removals:
        end = removal.start + len(removal.text)
        assert article.blocks[removal.block].text[removal.start : end] == removal.text
        assert None not in left[removal.block][removal.start : end], "taken twice"
        left[removal.block][removal.start : end] = [None] * len(removal.text)  # type: ignore[list-item]
    rest = "".join(char for block in left for char in block if char is not None)
    assert _marks(rest) == _marks("".join(block.text for block in record.blocks))


def check_removals(record: Record) -> None:
    owners = {*rulebook().sites, *rulebook().packs, *GENERIC_OWNERS}
    for removal in record.removals:
        owner, _, rule = removal.rule.partition("/")
        assert owner in owners
        assert rule
        assert removal.kind in KINDS
        assert removal.text
    assert list(record.removals) == sorted(
        record.removals, key=lambda removal: (removal.block, removal.start)
    )
    assert record.words_removed == sum(count_words(removal.text) for removal in record.removals)


def _marks(text: str) -> str:
    """The characters without white space: joining halves of a sentence may only add that."""
    return "".join(text.split())


# --- samples


@pytest.mark.parametrize("raw", SAMPLES, ids=lambda raw: raw.source)
def test_sample(raw: RawPage) -> None:
    keep_promises(raw)


def test_neither_order_nor_company_matters() -> None:
    usual = {raw.source: clean_page(raw, rulebook()) for raw in SAMPLES}
    fresh = load_rules()
    for seed in (1, 2):
        pages = random.Random(seed).sample(SAMPLES, len(SAMPLES))
        assert {raw.source: clean_page(raw, fresh) for raw in pages} == usual
    alone = SAMPLES[len(SAMPLES) // 2]
    assert clean_page(alone, load_rules()) == usual[alone.source]


# --- generated pages


@SPARING
@given(LINES, st.sampled_from(URLS), st.sampled_from(("\n", "\n\n", "\r\n")))
@example(["Dear Reader,"] * 60, URLS[1], "\n")
@example(["X", *PROSE, "Show me later"], URLS[1], "\n")
@example([*PROSE, "ICYMI", *PROSE], URLS[2], "\n\n")
def test_text_pages(lines: Sequence[str], url: str | None, parting: str) -> None:
    data = parting.join(lines).encode("utf-8", "replace")
    keep_promises(RawPage(data=data, source="a.txt", url=url, media_type="text/plain"))


@SPARING
@given(ELEMENTS, st.sampled_from(URLS), st.sampled_from(("article-inner-content", "mainTxt", "text", "")))
def test_html_pages(elements: Sequence[tuple[str, str, str, bool]], url: str | None, container: str) -> None:
    keep_promises(RawPage(data=_html(elements, container), source="a.html", url=url, media_type="text/html"))


@SPARING
@given(ELEMENTS, st.randoms(use_true_random=False))
def test_broken_markup(elements: Sequence[tuple[str, str, str, bool]], chance: random.Random) -> None:
    data = bytearray(_html(elements, "article-body"))
    for _ in range(chance.randrange(20)):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(6)] = bytes(
            chance.choices(b"<>/\"'= a&;!-\x00\xff", k=chance.randrange(4))
        )
    keep_promises(RawPage(data=bytes(data), source="a.html", url="https://www.jpost.com/a"))


@SPARING
@given(
    st.one_of(
        st.binary(max_size=600), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
    )
)
@example(b"\xff\xfe<\x00p\x00>\x00")
@example(b"<html><body><p>\xc3\x28 \xa0\xa1</p>")
@example(b"\xef\xbb\xbf")
@example(b"<")
def test_any_bytes(data: bytes) -> None:
    for name in ("a.html", "a.txt", "a"):
        keep_promises(RawPage(data=data, source=name))


def _html(elements: Sequence[tuple[str, str, str, bool]], container: str) -> bytes:
    parts = [
        f'<html><head><title>{PROSE[0]}</title></head><body><nav><a href="/">Home</a></nav><h1>A title</h1>'
    ]
    parts.append(f'<article><div class="{container}">')
    for tag, name, text, closed in elements:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        parts.append(f'<{tag} class="{name}">{escaped}' + (f"</{tag}>" if closed else ""))
    parts.append("</div></article><footer>About us</footer></body></html>")
    return "".join(parts).encode("utf-8", "replace")
