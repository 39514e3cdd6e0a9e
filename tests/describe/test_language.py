"""The language of a page: declared, unless the text says otherwise."""

from __future__ import annotations

import pytest

from ingest.describe.found import Hints
from ingest.describe.language import detect_language, find_language, primary_language
from ingest.structured import Structured

ENGLISH = (
    "The bridge over the river was closed for two years and the town had to wait for it. "
    "It is now open to all of the traffic that used to cross it on the way to the harbour."
)
GERMAN = (
    "Die Brücke über den Fluss war zwei Jahre lang gesperrt, und die Stadt musste auf sie warten. "
    "Sie ist nun für den gesamten Verkehr offen, der früher auf dem Weg zum Hafen über sie fuhr."
)
SPANISH = (
    "El puente se abrió a las diez, a pesar de la lluvia, a la vista de todos. Volvió a cerrarse a mediodía, "
    "a petición del puerto, y a estas horas nadie sabe cuándo volverá a abrirse."
)
RUSSIAN = (
    "Мост через реку был закрыт два года, и городу пришлось ждать. Теперь он снова открыт для всего движения."
)
RESULTS = "Falcons 70, Rovers 44. Lions 55, Harriers 53. Hawks 61, Wolves 58. Comets 90, Chargers 88. " * 3


@pytest.mark.parametrize(
    ("structured", "text", "expected"),
    [
        (Structured(language="en-GB"), ENGLISH, "en page"),
        (Structured(language="de_AT"), GERMAN, "de page"),
        (Structured(articles=({"inLanguage": "pt-BR"},)), "", "pt json-ld"),
        (Structured(articles=({"inLanguage": {"name": "Hebrew", "alternateName": "he"}},)), "", "he json-ld"),
        (Structured(meta={"og:locale": ("fr_CA",)}), "", "fr meta"),
        (Structured(meta={"content-language": ("iw",)}), "", "he meta"),
        (Structured(language="en", meta={"og:locale": ("de_DE",)}), GERMAN, "de meta"),
        (Structured(language="en"), GERMAN, "de text"),
        (Structured(language="en"), SPANISH, "es text"),
        (Structured(language="de"), ENGLISH, "en text"),
        (Structured(language="en"), RUSSIAN, "ru text"),
        (Structured(language="ru"), ENGLISH, "en text"),
        (Structured(language="en"), "Kurz.", "en page"),
        (Structured(), GERMAN, "de text"),
        (Structured(), "", None),
        (Structured(language="und"), "", None),
        (
            Structured(language="sr"),
            "Most preko reke bio je zatvoren dve godine, a grad je morao da čeka na njega." * 2,
            "sr page",
        ),
    ],
)
def test_language(structured: Structured, text: str, expected: str | None) -> None:
    found = find_language(structured, Hints(), text)
    assert (f"{found.value} {found.origin}" if found else None) == expected


def test_a_text_without_sentences_keeps_a_declaration_the_detector_agrees_with() -> None:
    found = find_language(Structured(language="en"), Hints(), RESULTS)
    assert found is not None and found.value == "en"


def test_the_sites_language_comes_after_the_pages() -> None:
    found = find_language(Structured(), Hints(language="he"), "")
    assert found is not None and (found.value, found.origin) == ("he", "rules")
    found = find_language(Structured(language="en"), Hints(language="he"), ENGLISH)
    assert found is not None and found.value == "en"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("EN", "en"),
        ("zh-Hans-CN", "zh"),
        ("en_US.UTF-8", "en"),
        ("jp", "ja"),
        ("", None),
        ("english", None),
        (7, None),
    ],
)
def test_primary_subtags(tag: object, expected: str | None) -> None:
    assert primary_language(tag) == expected


def test_detection_is_the_same_every_time() -> None:
    assert {detect_language(GERMAN) for _ in range(5)} == {"de"}
    assert detect_language("12:30 — 14:00") is None
