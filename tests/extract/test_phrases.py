"""Wording told in many languages."""

from __future__ import annotations

import pytest

from ingest.extract.phrases import announces_comment, is_answer, tells_age


@pytest.mark.parametrize(
    "line",
    [
        "2 days ago",
        "vor 3 Stunden",
        "1 Monat her",
        "il y a 5 jours",
        "hace 2 semanas",
        "há 4 horas",
        "3 giorni fa",
        "2 dagen geleden",
        "för 3 dagar sedan",
        "for 2 timer siden",
        "3 päivää sitten",
        "2 dni temu",
        "před 3 hodinami",
        "5 минут назад",
        "3 дні тому",
        "2 saat önce",
        "3 jam yang lalu",
        "2時間前",
        "3일 전",
        "5分钟前",
    ],
)
def test_ages_are_read(line: str) -> None:
    assert tells_age(line)


@pytest.mark.parametrize("line", ["agony", "a long time ago", "vor dem Haus", "hace frío", "3 days"])
def test_other_lines_tell_no_age(line: str) -> None:
    assert not tells_age(line)


@pytest.mark.parametrize("line", ["Reply", "• Antworten", "Répondre 3", "返信する"])
def test_answers_are_whole_lines(line: str) -> None:
    assert is_answer(line) and not is_answer(f"{line} came late")


@pytest.mark.parametrize("line", ["3. Anna says:", "Anna sagt:", "Anna ha detto :"])
def test_comments_are_announced(line: str) -> None:
    assert announces_comment(line) and not announces_comment(f"{line} no")
