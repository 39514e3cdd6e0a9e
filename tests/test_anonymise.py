"""Samples of real pages: nothing of the text is left, and everything the rules look at is."""

from __future__ import annotations

import gzip
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.anonymise import make_sample
from ingest.anonymise.addresses import Addresses, hosts_of_site
from ingest.anonymise.dates import Shift
from ingest.anonymise.leaks import find_leaks, marks_of, strings_of
from ingest.anonymise.sample import SMALL, rewrite_page
from ingest.anonymise.words import TOKEN, Substitutes
from ingest.describe.dates import parse_date
from ingest.errors import UsageError
from ingest.pipeline import clean_page, read_article
from ingest.records import RawPage, Record
from ingest.rules import load_rules
from ingest.rules.rulebook import read_rules
from ingest.samples import compare, read_sample

RULES = """\
site: example.org
name: Harbour Courier
hosts: [example.org]
language: en
layouts:
  - id: page
    when: article .story-text
    body: article .story-text
    title: h1
    authors: .writer a
    published: {css: time, attr: datetime}
    tags: '.topics a[href*="/subject/"]'
    drop:
      - {id: figure, kind: caption, css: figcaption}
strip:
  - {id: plea, kind: plea, line: '^Dear readers?, .*\\bsupport\\b'}
  - {id: share, kind: share, line: '^Share this$'}
  - {id: read-on, kind: related, line: '^Read on: '}
"""
TITLE = "Fishermen Mend Seventeen Forgotten Nets"
PAGE = f"""\
<!DOCTYPE html>
<html lang="en"><head><title>{TITLE} | Harbour Courier</title>
<!-- built by Olga Quill for the evening edition -->
<meta charset="utf-8">
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="Harbour Courier">
<meta name="description" content="Nobody expected the nets to hold.">
<meta property="og:type" content="article"><meta name="google-site-verification" content="abc123">
<link rel="canonical" href="https://www.example.org/news/fishermen-mend-seventeen-forgotten-nets-1234567.html">
<link rel="stylesheet" href="/style.css">
<script>window.secret = "fishermen mend seventeen forgotten nets";</script>
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}",
 "author": {{"@type": "Person", "name": "Quentin Marlowe"}}, "datePublished": "2024-05-03T09:30:00+02:00",
 "keywords": ["Herring Trade", "Rope"], "publisher": {{"@type": "Organization", "name": "Harbour Courier"}},
 "image": "https://images.example.org/photos/old-nets-1200x630.jpg", "isAccessibleForFree": true}}</script>
</head><body class="tag-herring-trade single-8812345">
<nav><ul><li class="m"><a href="/a">Weather almanac</a></li><li class="m"><a href="/b">Ferry calendar</a></li>
<li class="m"><a href="/c">Auction notices</a></li><li class="m"><a href="/d">Lighthouse diary</a></li>
<li class="m"><a href="/e">Tidal atlas</a></li></ul></nav>
<article><h1>Fishermen <em>Mend</em> Seventeen Forgotten Nets</h1>
<p class="writer">By <a href="/people/quentin-marlowe" data-track="x" onclick="go()">Quentin Marlowe</a></p>
<time datetime="2024-05-03T09:30:00+02:00">3 May 2024, 09:30</time>
<div class="story-text" style="color: red; display: block">
<p>The crew of the Brave Gannet spent all of Monday on the quay, said Quentin Marlowe in his notebook.</p>
<p>Dear reader, please support careful reporting about nets.</p>
<figure><img src="data:image/gif;base64,AAAA" data-src="https://images.example.org/old-nets.jpg" alt="Old nets">
<figcaption>Old nets on a whitewashed wall</figcaption></figure>
<p>Nobody expected the nets to hold, and on 4 May 2024 they were taken out for the first time since winter.</p>
<p>Read on: Cannery reopens after nine quiet years</p>
<p>Share this</p>
<p>Write to quentin.marlowe@example.org or call the harbour office.</p></div>
<div class="topics"><a href="/subject/herring-trade">Herring Trade</a> <a href="/subject/rope">Rope</a></div>
</article></body></html>
"""
URL = "https://www.example.org/news/fishermen-mend-seventeen-forgotten-nets-1234567.html"
TEXT = """\
Fishermen Mend Seventeen Forgotten Nets | Harbour Courier

By Quentin Marlowe
3 May 2024, 09:30

Share this

The crew of the Brave Gannet spent all of Monday on the quay, mending what the winter storms had left of the nets.

Dear readers, please support careful reporting about nets.

Nobody expected the nets to hold, and on 4 May 2024 they were taken out for the first time since winter began.
"""


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rules")
    (folder / "example.org.yaml").write_text(RULES)
    return read_rules([folder])


def page(data: str = PAGE, media_type: str = "text/html", url: str | None = URL) -> RawPage:
    return RawPage(data=data.encode(), source="page", url=url, media_type=media_type)


@pytest.fixture(scope="module")
def written(rulebook):
    return rewrite_page(page(), rulebook, 1)


@pytest.fixture(scope="module")
def sample(written):
    return written.raw.data.decode()


# -- words -------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=30), st.integers(0, 3))
def test_a_word_keeps_its_length_and_case_and_changes(word, seed):
    for token in TOKEN.findall(word):
        other = Substitutes(seed, "en").token(token)
        assert len(other) == len(token)
        assert other == Substitutes(seed, "en").token(token)
        if token.isascii() and len(token) > 1:
            assert other.casefold() != token.casefold()
            assert [c.isupper() for c in other] == [c.isupper() for c in token]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("harbour", "[a-z]"),
        ("гавань", "[а-я]"),
        ("λιμάνι", "[α-ω]"),
        ("נמל", "[א-ת]"),
        ("ميناء", "[ء-ي]"),
        ("港町", "[一-鿿]"),
        ("みなと", "[ぁ-ん]"),
        ("ミナト", "[ァ-ン]"),
        ("항구", "[가-힣]"),
        ("बंदरगाह", "[ऀ-ॿ]"),
    ],
)
def test_every_script_stays_itself(text, letters):
    other = Substitutes(1).text(text)
    assert other != text and len(other) == len(text)
    assert re.fullmatch(rf"{letters}+", other)


def test_one_word_is_replaced_alike_in_any_case():
    words = Substitutes(5, "de")
    assert words.token("Hafen").casefold() == words.token("HAFEN").casefold() == words.token("hafen")


def test_seeds_differ():
    assert Substitutes(1, "en").text("A quiet harbour") != Substitutes(2, "en").text("A quiet harbour")


# -- dates -------------------------------------------------------------------------------------------------------

DATED = [
    ("2024-05-03T09:30:00+02:00", "en"),
    ("20241003", "en"),
    ("May 3, 2024 9:30 a.m.", "en"),
    ("3rd November 2023", "en"),
    ("12/28/2023", "en"),
    ("28/12/2023", "fr"),
    ("03.05.2024, 14:30 Uhr", "de"),
    ("3. März 2024", "de"),
    ("le 12 août 2023", "fr"),
    ("3 de enero de 2024", "es"),
    ("21 september 2023", "nl"),
    ("3 января 2024", "ru"),
    ("5 במאי 2021", "he"),
    ("2024年5月3日", "ja"),
    ("2024년 5월 3일", "ko"),
    ("12 Ağustos 2023", "tr"),
    ("7 września 2023", "pl"),
]


@pytest.mark.parametrize(("text", "language"), DATED)
@pytest.mark.parametrize("days", [-14, -91, -182])
def test_dates_move_in_every_form(text, language, days):
    before = parse_date(text, language=language, timezone=None)
    after = parse_date(Shift(days, language).text(text), language=language, timezone=None)
    assert after.utc - before.utc == timedelta(days=days)


def test_epochs_move_and_other_numbers_do_not():
    shift = Shift(-7)
    moment = int(datetime(2024, 5, 3, tzinfo=UTC).timestamp())
    assert shift.number(str(moment)) == str(moment - 7 * 86_400)
    assert shift.number(f"{moment}000") == f"{moment - 7 * 86_400}000"
    assert shift.number("123456") is None and shift.number("9999999999") is None


@given(st.text(max_size=80))
def test_any_text_can_be_searched_for_dates(text):
    Shift(-7, "en").text(text)


# -- addresses ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def addresses():
    shift = Shift(-28, "en")
    shift.published = datetime(2024, 5, 3).date()
    return Addresses(Substitutes(1, "en"), shift, hosts_of_site([URL]), 'a[href*="/subject/"]')


def test_the_host_stays_and_the_path_goes(addresses):
    other = addresses.rewrite(
        "https://www.example.org/2024/05/03/quiet-harbour.html?page=2&utm_source=mail#Notes"
    )
    assert re.fullmatch(
        r"https://www\.example\.org/2024/04/05/[a-z]{5}-[a-z]{7}\.html\?page=2#[A-Z][a-z]+", other
    )
    assert "quiet" not in other and "harbour" not in other


def test_a_month_in_a_path_moves_with_the_page(addresses):
    assert addresses.rewrite("/2024/05/storm/").startswith("/2024/04/")
    assert addresses.rewrite("/2019/11/storm/").startswith("/2019/11/")


def test_a_day_moves_across_a_section_in_the_path():
    shift = Shift(-7)
    assert shift.address("/2010/WEATHER/08/03/storm.html") == "/2010/WEATHER/07/27/storm.html"
    assert shift.address("/2010/weather/8/3") == "/2010/weather/7/27"
    assert shift.address("/2010/weather/12/32/") == "/2010/weather/12/32/"


def test_a_query_without_names_is_a_value(addresses):
    assert not re.search(
        "1553229736|harbour", addresses.rewrite("/nets.jpg?1553229736&a=harbour&harbour fee=2")
    )


def test_what_selectors_name_stays(addresses):
    assert addresses.rewrite("/subject/ropes").startswith("/subject/")


@pytest.mark.parametrize(
    "address", ["data:text/html,harbour", "javascript:harbour()", "#harbour", "http://[harbour"]
)
def test_what_leads_nowhere_is_emptied(addresses, address):
    assert addresses.rewrite(address) == "#"


def test_strange_hosts_go_and_those_of_share_buttons_stay(addresses):
    assert re.fullmatch(
        r"https://[a-z]+\.example/[a-z]+", addresses.rewrite("https://cdn.quayside.net/ropes")
    )
    assert addresses.rewrite("https://www.facebook.com/sharer/").startswith(
        "https://www.facebook.com/sharer/"
    )


def test_mail_addresses(addresses):
    assert re.fullmatch(
        r"mailto:[a-z]+\.[a-z]+@example\.org", addresses.rewrite("mailto:ann.lee@example.org")
    )
    assert re.fullmatch(r"[a-z]+@[a-z]+\.example", addresses.rewrite("ann@quayside.net"))


@given(st.text(max_size=60))
def test_any_address_can_be_rewritten(address):
    shift = Shift(-7)
    rewritten = Addresses(Substitutes(1), shift, ["example.org"]).rewrite(address)
    assert rewritten == Addresses(Substitutes(1), shift, ["example.org"]).rewrite(address)


# -- pages -------------------------------------------------------------------------------------------------------


def test_the_sample_is_treated_as_the_page_is(written, rulebook):
    assert written.differences == () and written.leaks == ()
    article = read_article(written.raw, rulebook)
    assert article.layout == "page"
    kinds = [label and label.kind for label in article.labels]
    assert kinds == [None, "plea", "caption", None, "related", "share", None]


def test_nothing_of_the_text_is_left(sample):
    for word in [
        "Fishermen",
        "Seventeen",
        "Forgotten",
        "Quentin",
        "Marlowe",
        "Gannet",
        "Herring",
        "whitewashed",
        "Cannery",
        "Olga",
    ]:
        assert word.casefold() not in sample.casefold(), word


def test_structure_stays(sample):
    for piece in (
        'class="story-text"',
        'class="writer"',
        "figcaption",
        'style="display: block"',
        'href="/subject/',
    ):
        assert piece in sample
    assert "<em>" in sample and "og:title" in sample and 'class="topics"' in sample


def test_furniture_and_the_sites_name_stay(sample):
    assert "Share this" in sample and "Read on: " in sample and "Dear reader, " in sample
    assert sample.count("Harbour Courier") == 3
    assert "www.example.org" in sample


def test_what_is_no_page_goes(sample):
    for piece in (
        "<!--",
        "window.secret",
        "stylesheet",
        "verification",
        "data-track",
        "onclick",
        "data:image",
    ):
        assert piece not in sample


def test_the_same_text_comes_out_the_same(written, rulebook, sample):
    record = clean_page(written.raw, rulebook)
    assert isinstance(record, Record)
    data = json.loads(re.search(r"ld\+json\">(.*?)</script>", sample, re.DOTALL)[1])
    assert record.title == data["headline"] and sample.count(record.title) == 3
    assert record.authors == (data["author"]["name"],) and record.authors[0] in record.body
    assert list(record.tags) == data["keywords"]
    assert "-".join(record.title.lower().split()) in record.canonical_url
    deck = re.search(r'name="description" content="(.*?)\."', sample)[1]
    assert deck in record.body


def test_every_date_moves_by_the_same_days(written, rulebook, sample):
    record = clean_page(written.raw, rulebook)
    moved = datetime(2024, 5, 3, 7, 30, tzinfo=UTC) + timedelta(days=written.days)
    assert record.published == moved and written.days % 7 == 0
    assert f"{moved.day} {moved:%b}" in sample or f"{moved.day} {moved:%B}" in sample


def test_repeated_siblings_are_dropped_outside_the_article(sample):
    assert sample.count('<li class="m">') == 3
    assert sample.count('href="/subject/') == 2


def test_class_names_do_not_tell_the_tags(sample):
    assert re.search(r'class="tag-[a-z]{7}-[a-z]{5}[" ]', sample)
    assert "8812345" not in sample and "1234567" not in sample


def test_text_pages(rulebook):
    written = rewrite_page(page(TEXT, "text/plain"), rulebook, 3)
    assert written.differences == () and written.leaks == ()
    text = written.raw.data.decode()
    assert "Share this" in text and "Harbour Courier" in text and "By " in text
    assert "Gannet" not in text and "Marlowe" not in text
    assert len(text.splitlines()) == len(TEXT.splitlines())


def test_the_same_page_and_seed_give_the_same_sample(rulebook):
    first, again, other = (rewrite_page(page(), rulebook, seed) for seed in (4, 4, 5))
    assert first == again and first.raw.data != other.raw.data


def test_make_sample_writes_what_the_samples_test_reads(rulebook, tmp_path):
    report = make_sample(page(), rulebook, tmp_path, 2, name="nets")
    assert report.folder == tmp_path / "example.org" / "nets"
    sample = read_sample(report.folder / "page.html")
    assert sample.raw.url.startswith("https://www.example.org/news/")
    assert "marlowe" not in (report.folder / "expected.yaml").read_text().casefold()
    assert compare(sample, rulebook) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 ...", b"\x00" * 50, b"<div>" * 5000])
def test_what_is_no_page_is_a_mistake_of_the_caller(rulebook, data):
    with pytest.raises(UsageError, match="cannot be made a sample"):
        rewrite_page(RawPage(data=data, source="x", media_type="text/html"), rulebook)


@pytest.mark.parametrize(
    "data",
    [
        "<html></html>",
        "<p",
        "<a<b>x</a<b>",
        "<svg><script>x</script></svg>",
        "<p>" + "&amp;" * 999,
        "<table><td>x",
        '<div class="' + "a " * 5000 + '">x',
        "<script type=application/ld+json>" + "[" * 9000,
        "<p>" + "a." * 9000,
        "<p>" + "1" * 9000,
        "<p>" + "@" * 9000,
        "<p>" + "<b>" * 500 + "word",
    ],
)
def test_hostile_pages(rulebook, data):
    first = rewrite_page(page(data), rulebook)
    assert first.leaks == ()


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.sampled_from('<>/="&;ab pdiv\n-!'), max_size=200))
def test_any_markup(rulebook, markup):
    rewrite_page(page(f"<p>{markup}"), rulebook)


# -- leaks -------------------------------------------------------------------------------------------------------

OWN = ["harbour", "lantern", "bridge", "crew", "Gannet", "mending", "quay", "ropes", "1999", "Monday", "may"]
LITTLE = ["the", "of", "and", "with", "you", "we", "for", "from", "that", "have", "been", "on", "said"]
LABELS = ["read", "more", "share", "support", "newsletter", "subscribe"]
WORDS = st.sampled_from([*OWN, *LITTLE, *LABELS])
SENTENCE = st.lists(WORDS, min_size=4, max_size=30).map(" ".join)
PLACES = (
    "<p>{}</p>",
    "<h2>{}</h2>",
    '<p class="lead">{} <b>{}</b></p>',
    '<a href="/{}" title="{}">x</a>',
    '<div data-title="{}" aria-label="{}"></div>',
    '<img alt="{}" src="/{}.jpg">',
    '<meta name="description" content="{}">',
    "<figure><figcaption>{}</figcaption></figure>",
    "<ul><li>{}</li><li>{}</li></ul>",
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_run_of_words_survives(rulebook, data):
    sentences = data.draw(st.lists(SENTENCE, min_size=3, max_size=12))
    title, *rest = sentences
    body = ""
    for sentence in rest:
        place = data.draw(st.sampled_from(PLACES))
        body += place.replace("{}", sentence)
    markup = (
        f'<html lang="en"><head><title>{title}</title><meta property="og:title" content="{title}">'
        f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": title})}</script>'
        f'</head><body><h1>{title}</h1><article><div class="story-text">{body}</div></article></body></html>'
    )
    written = rewrite_page(page(markup, url="https://www.example.org/x"), rulebook, 1)
    assert written.leaks == ()
    telling = [run for sentence in sentences for run in threes(sentence) if {*run} & {*OWN[:8]}]
    left = {run for text in strings_of(written.raw.data.decode()) for run in threes(text)}
    assert not left.intersection(telling)


def threes(text: str) -> list[tuple[str, ...]]:
    words = TOKEN.findall(text)
    runs = zip(words, words[1:], words[2:], strict=False)
    return [run for run in runs if sum(map(len, run)) >= 12]


def test_leaks_are_found():
    private = ["The crew of the Brave Gannet spent all of Monday on the quay."]
    assert find_leaks(private, ["x Brave Gannet spent all y"], ()) == ["brave gannet spent all"]
    assert find_leaks(private, ["crew of the"], ()) == []
    assert find_leaks(private, ["Brave Gannet spent"], [("brave", "gannet", "spent")]) == []


CORPUS = Path(os.environ.get("INGEST_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


@pytest.mark.skipif(not (CORPUS / "fundus-publishers").is_dir(), reason="the corpus is not here")
def test_corpus_pages():
    rulebook = load_rules()
    lines = (CORPUS / "fundus-publishers" / "truth.jsonl").read_text().splitlines()
    truths = [json.loads(line) for line in lines]
    same = 0
    truths = truths[:: max(1, len(truths) // 20)][:20]
    for truth in truths:
        path = CORPUS / "fundus-publishers" / "pages" / f"{truth['id']}.html.gz"
        raw = RawPage(
            data=gzip.decompress(path.read_bytes()),
            source=path.name,
            url=truth["url"],
            media_type="text/html",
        )
        written = rewrite_page(raw, rulebook)
        assert written.leaks == (), truth["id"]
        same += not written.differences
    assert same >= 0.9 * len(truths)


def test_marks_are_found():
    page = '<p>Call 030-1234567 or mail ida@example.org</p><a href="/x?id=a1b2c3d4e5f6a7b8c9" class="c-123456789"></a>'
    assert marks_of(page) == {"030-1234567", "ida@example.org", "a1b2c3d4e5f6a7b8c9"}
    assert marks_of("<p>2024-05-03 and 03.05.2024 and 2019-2020 and 1200x630</p>") == frozenset()


def test_what_is_left_of_a_pages_numbers_is_told(rulebook):
    with_token = PAGE.replace("Share this", "Share this 4111 1111 2222 3333")
    written = rewrite_page(page(with_token), rulebook, 1)
    assert written.leaks == () and "2222" not in written.raw.data.decode()


def test_a_large_page_is_made_small(rulebook):
    boxes = "".join(
        f'<section class="box-{n}"><h3>Auction {n}</h3><p>{"Herring and rope. " * 40}</p></section>'
        for n in range(60)
    )
    large = page(PAGE.replace("</article>", "</article>" + boxes))
    written = rewrite_page(large, rulebook, 1)
    assert written.differences == () and written.leaks == ()
    assert len(large.data) > 40_000 and len(written.raw.data) <= SMALL


def test_the_name_of_a_place_in_the_text_is_text(rulebook):
    heading = '<h4><a name="Nobody_expected_the_nets_to_hold">On the quay</a></h4>'
    written = rewrite_page(
        page(PAGE.replace("<p>Share this</p>", heading + "<p>Share this</p>")), rulebook, 1
    )
    assert '<a name="' in written.raw.data.decode() and "expected" not in written.raw.data.decode()
    assert written.leaks == ()


def test_what_carries_the_rules_stays_in_a_small_page(rulebook):
    filler = "<div>" + "<p>Rope and tar and rope.</p>" * 2000 + "</div>"
    written = rewrite_page(page(PAGE.replace("<nav>", filler + "<nav>")), rulebook, 1)
    text = written.raw.data.decode()
    assert 'class="story-text"' in text and 'class="writer"' in text and 'href="/subject/' in text
