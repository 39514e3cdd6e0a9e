"""Who may read an article, and whether only its beginning is here."""

from __future__ import annotations

import time

import pytest

from ingest import Record, clean
from ingest.describe.access import judge_access, read_flag
from ingest.structured import Structured

LONG = "The bridge over the river reopened on Monday after two years of repairs. " * 30
TEASER = "The bridge over the river reopened on Monday after two years of"
NOTHING = Structured()
FREE = Structured(articles=({"isAccessibleForFree": True},))
NOT_FREE = Structured(articles=({"isAccessibleForFree": "False"},))
PART = Structured(
    articles=({"hasPart": {"isAccessibleForFree": "http://schema.org/False", "cssSelector": ".x"}},)
)
LOCKED = Structured(meta={"article:content_tier": ("locked",)})
METERED = Structured(meta={"article:content_tier": ("metered",)}, articles=({"isAccessibleForFree": True},))
COUNTED = Structured(articles=({"isAccessibleForFree": False, "wordCount": "2400"},))


@pytest.mark.parametrize(
    ("structured", "plea", "body", "expected"),
    [
        (NOTHING, False, LONG, (None, False, None)),
        (NOTHING, True, LONG, (None, False, None)),
        (NOTHING, False, TEASER, (None, False, None)),
        (NOTHING, False, TEASER + " …", (None, True, None)),
        (NOTHING, True, TEASER + "...", ("gated", True, "text")),
        (NOTHING, False, LONG + "And so on …", (None, False, None)),
        (FREE, False, LONG, ("open", False, "json-ld")),
        (FREE, True, TEASER + " […]", ("gated", True, "text")),
        (NOT_FREE, False, LONG, ("metered", False, "json-ld")),
        (NOT_FREE, True, LONG, ("metered", False, "json-ld")),
        (NOT_FREE, True, TEASER, ("gated", True, "json-ld")),
        (NOT_FREE, True, LONG + "After that the mayor", ("gated", True, "json-ld")),
        (NOT_FREE, False, LONG + "And so on …", ("gated", True, "json-ld")),
        (PART, False, LONG, ("metered", False, "json-ld")),
        (LOCKED, False, LONG, ("gated", False, "meta")),
        (METERED, False, LONG, ("metered", False, "meta")),
        (COUNTED, False, LONG, ("gated", True, "json-ld")),
        (COUNTED, False, LONG * 5, ("metered", False, "json-ld")),
        (NOT_FREE, True, "", ("metered", False, "json-ld")),
    ],
)
def test_judgement(structured: Structured, plea: bool, body: str, expected: tuple[object, ...]) -> None:
    assert judge_access(structured, plea_removed=plea, body=body) == expected


def test_a_gate_seen_by_the_caller_is_enough() -> None:
    assert judge_access(NOTHING, plea_removed=False, body=LONG, teaser_end=True) == (None, True, None)
    assert judge_access(NOT_FREE, plea_removed=False, body=LONG, teaser_end=True) == (
        "gated",
        True,
        "json-ld",
    )


@pytest.mark.parametrize(
    "ending",
    [
        "Continue reading",
        "Read the full article »",
        "Weiterlesen …",
        "Lire la suite",
        "Seguir leyendo",
        "Continua a leggere",
        "Lees verder",
        "Читать далее",
        "להמשך קריאה",
        "続きを読む",
        "阅读全文",
    ],
)
def test_teaser_endings_need_a_second_sign(ending: str) -> None:
    assert judge_access(NOTHING, plea_removed=False, body=f"{TEASER}\n\n{ending}")[1]
    assert judge_access(NOT_FREE, plea_removed=False, body=f"{LONG}\n\n{ending}")[1]
    assert not judge_access(NOTHING, plea_removed=False, body=f"{LONG}\n\n{ending}")[1]


@pytest.mark.parametrize(
    "line",
    [
        "To continue reading, please subscribe.",
        "Subscribe to read the full story",
        "Il vous reste 80% de cet article à lire.",
        "Weiterlesen mit WOLKE+",
        "Este contenido es exclusivo para suscriptores",
    ],
)
def test_a_gate_under_a_text_counts_when_the_text_is_short_or_breaks_off(line: str) -> None:
    def judge(body: str, *behind: str) -> tuple[object, ...]:
        return judge_access(NOTHING, plea_removed=False, body=body, behind=behind)

    assert judge(LONG[:600], "Share", line) == ("gated", True, "text")
    assert judge(LONG + "After that the mayor", line) == ("gated", True, "text")
    assert judge(LONG, line) == (None, False, None)
    assert judge(LONG[:600], "Share") == (None, False, None)
    assert judge(LONG[:600], LONG[:200] + line) == (None, False, None)


@pytest.mark.parametrize(
    "ending",
    [
        "Subscribe now to continue reading this story.",
        "This article is only available to our subscribers.",
        "Il vous reste 83 % de cet article à lire.",
        "Jetzt mit einem Monatsabo weiterlesen",
        "Este es contenido exclusivo para suscriptores",
        "Только для подписчиков",
        "この記事は有料会員限定です",
    ],
)
def test_words_of_a_gate_are_enough(ending: str) -> None:
    assert judge_access(NOTHING, plea_removed=False, body=f"{LONG}\n\n{ending}")[1]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("true", True),
        ("http://schema.org/False", False),
        ("https://schema.org/True", True),
        (" FALSE ", False),
        (["False"], False),
        (0, False),
        (None, None),
        ("maybe", None),
        ({}, None),
        ([["True"]], None),
    ],
)
def test_flags(value: object, expected: bool | None) -> None:
    assert read_flag(value) is expected


def test_odd_statements_are_no_statements() -> None:
    odd = Structured(
        articles=(
            {"isAccessibleForFree": {}, "hasPart": ["x", {"isAccessibleForFree": "x"}], "wordCount": []},
        ),
        meta={"article:content_tier": ("gold",)},
    )
    assert judge_access(odd, plea_removed=True, body=LONG) == (None, False, None)


def test_hostile_bodies_take_no_time() -> None:
    start = time.process_time()
    for piece in ("subscribe ", "article réservé ", ". . . ", "jetzt mit als ", "\n", "…"):
        judge_access(NOT_FREE, plea_removed=True, body=piece * 50_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
@pytest.mark.parametrize(
    "around", ["{}", "</article><div class=paywall><p>{}</p><a href=/s>Subscribe</a></div>"]
)
def test_a_gate_that_was_removed_still_tells(media_type: str, around: str) -> None:
    lines = [
        f"In week {number} of the strike the ferries stayed in port, and nobody rowed." for number in range(5)
    ]
    gate = "To continue reading, please subscribe."
    text = "\n\n".join(["Ferries stay in port", *lines, gate])
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    html = f"<title>Ferries</title><article><h1>Ferries stay in port</h1>{paragraphs}{around.format(gate)}</article>"
    record = clean(html if media_type == "text/html" else text, media_type=media_type)
    assert isinstance(record, Record)
    assert gate not in record.body and lines[-1] in record.body
    assert (record.access, record.truncated) == ("gated", True)
