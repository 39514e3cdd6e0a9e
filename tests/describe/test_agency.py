"""The agency a text comes from."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.describe.agency import find_agency
from ingest.structured import Structured, read_structured

NONE = Structured()


@pytest.mark.parametrize(
    ("first", "last", "agency"),
    [
        ("LONDON, May 5 (Reuters) - It rained.", "", "Reuters"),
        ("Berlin (dpa/bb) - Es regnete.", "", "dpa"),
        ("HILLTOWN (AP) — It rained.", "", "AP"),
        ("【ロンドン共同】雨が降った。", "", "Kyodo"),
        ("It rained (very much) - and stopped.", "", None),
        ("It rained.", "© dpa-infocom, dpa:240505-99", "dpa"),
        ("It rained.", "(AFP)", "AFP"),
        ("It rained.", "Source: Reuters", "Reuters"),
        ("It rained.", "It rained all day in the hills, and nobody knows for how long it will. PTI", "PTI"),
        (
            "It rained.",
            "“It rained all day in the hills, and nobody knows for how long it will.” (dpa)",
            "dpa",
        ),
        ("It rained.", "It rained all day in the hills, and nobody knows when it will end. Ani", None),
        (
            "It rained.",
            "Reuters was asked for a comment and did not answer before this text was written.",
            None,
        ),
        ("", "", None),
    ],
)
def test_text(first: str, last: str, agency: str | None) -> None:
    found = find_agency(NONE, (), first, last)
    assert (found.value if found else None) == agency


def test_byline() -> None:
    found = find_agency(NONE, ["Ute Ott, dpa"], "", "")
    assert found is not None and (found.value, found.origin) == ("dpa", "page")


def test_json_ld() -> None:
    page = '<script type="application/ld+json">{"@type": "Article", "author": {"name": "Associated Press"}}</script>'
    found = find_agency(read_structured(LexborHTMLParser(page)), (), "", "")
    assert found is not None and (found.value, found.origin) == ("AP", "json-ld")
