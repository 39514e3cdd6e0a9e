"""The views: every text is there, in its place, and nothing in it is believed."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hostile_rows import VALUES, inspect, record, reject
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.report import page as page_module
from ingest.views import (
    Links,
    anchor,
    clip,
    content_policy,
    direction,
    document,
    environment,
    examples_of,
    neighbours,
    page_key,
    pieces_of,
    printable,
    show_article,
    show_examples,
    show_rejects,
    web_address,
)
from ingest.views import article as article_module
from ingest.views import markup as markup_module
from ingest.views import text as text_module
from ingest.views.markup import local, percent

PAGE = """<!doctype html><html lang="{language}"><head><title>Bridge opens early</title>
<link rel="canonical" href="https://example.org/bridge"></head><body><article><h1>Bridge opens early</h1>
<p>The mayor opened the new bridge on Monday at noon, three weeks before anybody had expected it.</p>
<p>Share this article</p>
<p>The old bridge, which had stood for ninety years, is to be taken down stone by stone in spring.</p>
</article></body></html>"""


def row_of(page: str) -> dict[str, Any]:
    """The page's record as a row."""
    cleaned = ingest.clean(page)
    assert isinstance(cleaned, ingest.Record)
    return {name: _plain(getattr(cleaned, name)) for name in cleaned.__struct_fields__} | {
        "source": "bridge.html",
        "published": cleaned.published,
        "modified": cleaned.modified,
        "blocks": msgspec.to_builtins(cleaned.blocks),
        "removals": msgspec.to_builtins(cleaned.removals),
        "images": msgspec.to_builtins(cleaned.images),
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# -- values


@given(st.text())
def test_printable_text_disturbs_nothing_and_keeps_all_letters(text):
    shown = printable(text)
    assert not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", shown
    )
    letters = [char for char in text if char.isalnum()]
    assert [char for char in shown if char.isalnum()] == letters
    shown.encode()


@given(st.text(), st.integers(2, 50))
def test_a_clipped_text_is_no_longer_than_asked(text, length):
    shown = clip(text, length)
    assert len(shown) <= length
    assert shown == text if len(text) <= length else text.startswith(shown[:-1]) and shown.endswith("…")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "javascript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
        ),
        *(
            "//example.org",
            "/a",
            "",
            None,
            "ftp://example.org",
            "file:///etc/passwd",
            'https://a/"onclick="x',
        ),
        *(
            "https://a/<b>",
            "https://a b",
            "https://a/\u202ex",
            "https://",
            "http:example.org",
            "x https://example.org",
        ),
    ],
)
def test_other_addresses_are_no_links(url):
    assert web_address(url) is None


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c&d=e#f", "HTTP://example.org", "https://пример.рф/а"]
)
def test_addresses_of_the_web_are_links(url):
    assert web_address(url) == url


@pytest.mark.parametrize("address", ["https://example.org", "javascript:x", "//example.org", "a.html", ""])
def test_a_link_between_views_does_not_lead_out(address):
    with pytest.raises(ValueError, match="leads out"):
        local(address)


def test_direction_follows_the_language():
    assert [direction(code) for code in ("he", "ar-EG", "FA", "en", None)] == [
        "rtl",
        "rtl",
        "rtl",
        "auto",
        "auto",
    ]


@given(st.text(), st.text())
def test_anchors_are_ids_and_differ(first, second):
    assert re.fullmatch(r"rule-[A-Za-z0-9.-]+", anchor("rule", first))
    assert (anchor("rule", first) == anchor("rule", second)) == (first == second)


def test_a_page_is_known_by_source_and_bytes():
    assert page_key("a", "1") == page_key("a", "1") != page_key("a", "2") != page_key("b", "2")


def test_shares_never_round_to_all_or_none():
    assert [percent(share) for share in (0.0, 0.0004, 0.05, 0.5, 0.9996, 1.0, None)] == [
        *("0 %", "<0.1 %", "5.0 %", "50 %", ">99 %", "100 %", "–")
    ]


# -- pieces


def test_what_was_cut_out_of_a_block_stands_where_it_was_cut():
    blocks = [{"kind": "paragraph", "text": "The bridge is open again.", "level": 0, "place": 1}]
    removals = [
        {"rule": "a/x", "kind": "title", "block": 0, "text": "Bridge", "start": 0},
        {"rule": "a/y", "kind": "promo", "block": 1, "text": "Read more", "start": 14},
        {"rule": "a/z", "kind": "share", "block": 1, "text": "Share", "start": 35},
    ]
    pieces = pieces_of(blocks, removals)
    assert [(piece.place, piece.text.strip(), piece.rule) for piece in pieces] == [
        (0, "Bridge", "a/x"),
        (1, "The bridge is", None),
        (1, "Read more", "a/y"),
        (1, "open again.", None),
        (1, "Share", "a/z"),
    ]
    before, after = neighbours(pieces, 2)
    assert (before.text.strip(), after.text.strip()) == ("The bridge is", "open again.")
    assert neighbours(pieces, 0)[0] is None and neighbours(pieces, 4)[1] is None


SPACED = st.lists(st.sampled_from(["ab", "c", "def", "ghij"]), min_size=1, max_size=6).map(" ".join)


@given(
    st.lists(st.tuples(SPACED, st.integers(0, 6)), max_size=6),
    st.lists(st.tuples(SPACED, st.integers(0, 8), st.integers(-3, 40)), max_size=6),
)
def test_every_text_is_a_piece_and_nothing_is_twice(kept, gone):
    blocks = [{"kind": "paragraph", "text": text, "level": 0, "place": place} for text, place in kept]
    removals = [
        {"rule": "a/b", "kind": "nav", "block": place, "text": text, "start": start}
        for text, place, start in gone
    ]
    pieces = pieces_of(blocks, removals)
    assert [piece.place for piece in pieces] == sorted(piece.place for piece in pieces)
    assert sorted(piece.removal for piece in pieces if piece.rule) == list(range(len(removals)))
    assert all(removals[piece.removal]["text"] == piece.text for piece in pieces if piece.removal is not None)
    left = sorted(word for piece in pieces if piece.rule is None for word in piece.text)
    assert left == sorted(word for text, _ in kept for word in text)


def test_a_record_is_put_together_again():
    row = row_of(PAGE.format(language="en"))
    texts = [piece.text for piece in pieces_of(row["blocks"], row["removals"])]
    assert [text[:16] for text in texts] == [
        "Bridge opens ear",
        "The mayor opened",
        "Share this artic",
        "The old bridge, ",
    ]


# -- the article view


def test_kept_and_removed_stand_beside_the_clean_article():
    html = str(show_article(row_of(PAGE.format(language="en"))))
    page, article = html.split('<section class="clean">')
    assert "<del>Share this article</del>" in page and "<del>" not in article
    assert page.index("The mayor") < page.index("Share this") < page.index("The old bridge")
    assert 'data-kind="share"' in page
    assert article.count("The mayor opened") == 1 and "Share this" not in article


@pytest.mark.parametrize(
    ("language", "expected"), [("he", 'lang="he" dir="rtl"'), ("en", 'lang="en" dir="auto"')]
)
def test_texts_are_read_in_the_direction_of_their_language(language, expected):
    row = row_of(PAGE.format(language="en")) | {"language": language}
    html = str(show_article(row))
    assert f'<p class="block kept paragraph" {expected}>' in " ".join(html.split())
    assert f'<p class="clean-title" {expected}>' in html


def test_pictures_are_named_and_not_loaded():
    image = {
        "url": "https://example.org/a.jpg",
        "alt": "A bridge",
        "caption": "The bridge",
        "credit": "Ada Lind",
    }
    html = str(show_article(row_of(PAGE.format(language="en")) | {"images": [image]}))
    assert all(text in html for text in image.values())
    assert not re.search(r"<img|src=|href=\"https://example.org/a.jpg", html)


def test_blocks_that_one_rule_took_in_a_row_are_named_once():
    row = record(0, "plain")
    row["removals"] = [
        {"rule": "a/b", "kind": "nav", "block": 9 + n, "text": "x", "start": 0} for n in range(5)
    ]
    assert str(show_article(row)).count('class="rule">a/b<') == 1


def test_long_pages_are_cut_and_say_so(monkeypatch):
    row = row_of(PAGE.format(language="en"))
    row["blocks"] = [{"kind": "paragraph", "text": f"t{n} " * 50, "level": 0, "place": n} for n in range(30)]
    row["removals"] = []
    html = str(show_article(row, max_blocks=10, max_chars=40))
    assert html.count("20 more blocks are not shown.") == 2
    assert max(len(word) for word in re.findall(r">([^<]+)<", html)) < 250
    assert article_module.MAX_BLOCKS == 300


# -- removed texts, rejects, documents


def test_a_removed_text_links_to_its_rule_site_and_page():
    row = row_of(PAGE.format(language="en"))
    links = Links(
        rule=lambda name: f"/rule/{name}", page=lambda key: f"#p{key}", site=lambda name: f"/site/{name}"
    )
    html = str(show_examples(examples_of(row).values(), links, with_rule=True))
    assert f'href="#p{page_key(row["source"], row["source_digest"])}"' in html
    assert html.count('href="/rule/') == len(row["removals"])


def test_a_long_removed_text_is_cut_and_its_length_said():
    row = record(0, "plain")
    row["removals"] = [{"rule": "a/b", "kind": "nav", "block": 9, "text": "word " * 1000, "start": 0}]
    html = str(show_examples(examples_of(row).values()))
    assert len(html) < 4_000 and "5,000 characters" in html


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_hostile_values_are_only_text(value):
    row = record(0, value)
    html = (
        show_article(row)
        + show_examples(examples_of(row).values(), with_rule=True)
        + show_rejects([reject(0, value)])
    )
    found = inspect(document(value, html))
    assert found.faults == []
    assert printable(value)[:60].strip() in "".join(found.text)


def test_templates_never_switch_escaping_off():
    package = Path(ingest.__file__).parent
    templates = [*package.glob("*/templates/*.html")]
    assert len(templates) > 5
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|xmlattr|tojson|Markup", text), path


def test_a_missing_name_is_an_error_and_no_gap():
    with pytest.raises(Exception, match="undefined"):
        environment().from_string("{{ nothing }}").render()


def test_the_policy_allows_what_is_named_and_nothing_else():
    assert content_policy(["a{}"], []).count("sha256-") == 1
    assert "script-src" not in content_policy(["a{}"], [])
    assert content_policy([], []) == "default-src 'none'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize(
    "module", [text_module, markup_module, page_module], ids=lambda module: module.__name__
)
def test_examples_in_docstrings_hold(module):
    tried = doctest.testmod(module)
    assert tried.attempted and not tried.failed
