"""A page's own address, its one spelling, and its identity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Record, clean
from ingest.describe.url import find_canonical_url, host_of, normalise_url, page_id, saved_address
from ingest.structured import Structured

HERE = "https://www.paper.example/town/bridge?utm_source=feed"


@pytest.mark.parametrize(
    ("structured", "url", "expected"),
    [
        (
            Structured(canonical="https://paper.example/town/bridge#top"),
            HERE,
            "https://paper.example/town/bridge meta",
        ),
        (Structured(canonical="/town/bridge"), HERE, "https://www.paper.example/town/bridge meta"),
        (Structured(canonical="/town/bridge"), None, None),
        (Structured(canonical="https://paper.example/"), HERE, None),
        (Structured(canonical="https://other.example"), HERE, None),
        (Structured(canonical="https://other.example/"), "https://paper.example/", None),
        (
            Structured(canonical="https://paper.example/"),
            "https://paper.example",
            "https://paper.example/ meta",
        ),
        (Structured(canonical="https://paper.example/"), None, None),
        (Structured(canonical="https://origin.example/bridge"), HERE, "https://origin.example/bridge meta"),
        (Structured(canonical="http://localhost/town/bridge"), HERE, None),
        (Structured(canonical="javascript:void(0)"), HERE, None),
        (Structured(canonical="http://[bad/x"), HERE, None),
        (
            Structured(canonical="/", meta={"og:url": ("https://paper.example/a",)}),
            HERE,
            "https://paper.example/a meta",
        ),
        (
            Structured(articles=({"mainEntityOfPage": {"@id": "https://paper.example/b"}},)),
            HERE,
            "https://paper.example/b json-ld",
        ),
        (Structured(articles=({"url": ["x"], "@id": "#article"},)), None, None),
        (Structured(), HERE, None),
    ],
)
def test_canonical_address(structured: Structured, url: str | None, expected: str | None) -> None:
    found = find_canonical_url(structured, url)
    assert (f"{found.value} {found.origin}" if found else None) == expected


@pytest.mark.parametrize(
    "spelling",
    [
        "https://paper.example/town/bridge?id=7",
        "http://www.paper.example/town/bridge/?id=7",
        "HTTPS://Paper.Example:443/town/bridge?id=7#comments",
        "https://user:secret@paper.example/town/bridge?fbclid=abc&id=7&utm_medium=x&gclid=1",
        "https://paper.example/town/%62ridge;jsessionid=1A2B?id=7",
        "  https://paper.example./town/bridge?id=7\n",
    ],
)
def test_one_page_has_one_spelling_and_one_identity(spelling: str) -> None:
    assert normalise_url(spelling) == "https://paper.example/town/bridge?id=7"
    assert page_id(spelling) == page_id("https://paper.example/town/bridge?id=7")


@pytest.mark.parametrize(
    "other",
    [
        "https://paper.example/town/bridge?id=8",
        "https://m.paper.example/town/bridge?id=7",
        "https://paper.example/town/Bridge?id=7",
        "https://paper.example:8080/town/bridge?id=7",
        "https://paper.example/town/bridge",
        "paper.example/town/bridge?id=7",
    ],
)
def test_other_pages_have_another(other: str) -> None:
    assert page_id(other) != page_id("https://paper.example/town/bridge?id=7")


def test_identity_is_32_hexadecimal_digits_for_any_source() -> None:
    for source in ("https://paper.example/a", "folder/page.html", "crawl.warc!12", "", "\ud800"):
        assert len(page_id(source)) == 32 and int(page_id(source), 16) >= 0


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Paper.Example:8080/a", "paper.example"),
        ("http://amp.paper.example", "amp.paper.example"),
        ("https://[2001:db8::1]/a", "[2001:db8::1]"),
        ("https://paper.example:port/", None),
        ("ftp://paper.example/", None),
        ("//paper.example/a", None),
        ("page.html", None),
        ("", None),
    ],
)
def test_hosts(url: str, host: str | None) -> None:
    assert host_of(url) == host


ADDRESSES = st.one_of(
    st.text(),
    st.builds(
        "{}://{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.from_regex(r"(www\.){0,3}[a-zA-Z]{1,8}\.[a-z]{2,3}(:[0-9]{1,5})?\.?", fullmatch=True),
        st.text(max_size=30),
        st.text(max_size=30),
        st.text(max_size=9),
    ),
)


@given(ADDRESSES)
def test_spelling_twice_changes_nothing_and_no_address_raises(address: str) -> None:
    once = normalise_url(address)
    assert normalise_url(once) == once
    find_canonical_url(Structured(canonical=address, meta={"og:url": (address,)}), address)


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/20190823120000/https://www.cloud.example/a?b=1",
        "http://web.archive.org/web/2019id_/http:/cloud.example/a?b=1",
    ],
)
def test_a_copy_in_the_wayback_machine_is_the_page_it_copies(address: str) -> None:
    assert normalise_url(address) == "https://cloud.example/a?b=1"
    assert host_of(address) == "cloud.example"
    assert page_id(address) == page_id("https://cloud.example/a?b=1")


def test_other_pages_of_the_wayback_machine_are_its_own() -> None:
    assert host_of("https://web.archive.org/web/2019*/cloud.example") == "web.archive.org"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (
            "<!-- saved from url=(0035)https://paper.example/town/bridge -->",
            "https://paper.example/town/bridge",
        ),
        (
            "<!--\n Page saved with SingleFile \n url: https://paper.example/town/bridge?id=7 \n saved date: Mon -->",
            "https://paper.example/town/bridge?id=7",
        ),
        (
            "<!-- Mirrored from paper.example/town/bridge.html by HTTrack Website Copier/3.x, Mon -->",
            "https://paper.example/town/bridge.html",
        ),
        ("<!-- saved from url=(0014)about:internet -->", None),
        ("<!-- Mirrored from life by a painter -->", None),
        ("<p>saved from url=(0035)https://paper.example/town/bridge", None),
    ],
)
def test_the_address_a_page_was_saved_from(comment: str, expected: str | None) -> None:
    assert saved_address(f"<!DOCTYPE html>\n{comment}\n<html>") == expected


def test_a_saved_page_has_the_site_of_its_address() -> None:
    page = (
        "<!DOCTYPE html>\n<!-- saved from url=(0035)https://paper.example/town/bridge -->\n<html><title>Bridge</title>"
        "<p>The mayor opened the bridge on Monday at noon, with a short speech and a song.</p>"
    )
    record = clean(page)
    assert isinstance(record, Record)
    assert (record.url, record.site) == ("https://paper.example/town/bridge", "paper.example")
    assert record.page_id == page_id("https://paper.example/town/bridge")
