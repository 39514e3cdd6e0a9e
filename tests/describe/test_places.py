"""By which clock a page's readers live."""

from zoneinfo import available_timezones

import pytest

from ingest.describe.places import COUNTRIES, LANGUAGES, home_zone


@pytest.mark.parametrize(
    ("url", "language", "zone"),
    [
        ("https://www.the-cloud.co.uk/a", "en", "Europe/London"),
        ("https://wolke.de/a", "en-US", "Europe/Berlin"),
        ("https://wolke.example/a", "de", "Europe/Berlin"),
        ("https://wolke.example/a", "de-AT", "Europe/Vienna"),
        ("https://nuage.example/a", "fr_BE", "Europe/Brussels"),
        ("https://nuage.example/a", "fr", None),
        ("https://nuage.example/a", "fr-CA", None),
        ("https://kumo.example/a", "ja-JP", "Asia/Tokyo"),
        ("https://the-cloud.example/a", "en-GB", None),
        ("https://[broken", "pl", "Europe/Warsaw"),
        (None, None, None),
    ],
)
def test_home_zone(url: str | None, language: str | None, zone: str | None) -> None:
    found = home_zone(url, language)
    assert (str(found) if found else None) == zone


def test_every_country_has_a_zone_that_exists() -> None:
    assert set(COUNTRIES.values()) <= available_timezones()
    assert set(LANGUAGES.values()) <= set(COUNTRIES)
