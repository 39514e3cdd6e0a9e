"""Drift: undisturbed sites raise no alarm, broken ones do within one run of 20 pages."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from math import comb
from pathlib import Path
from random import Random

import msgspec
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from newsroom import FIRST_DAY, Look, clean_pages, make_page, site_name, write_rules, write_run
from typer.testing import CliRunner

from ingest.cli.drift import register
from ingest.drift import find_drift
from ingest.drift.statistics import (
    bucket,
    chance_of_fewer,
    chance_of_longer,
    chance_of_more,
    median,
    quantile,
)
from ingest.drift.windows import NOW, cut_window
from ingest.errors import StoreError, UsageError
from ingest.records import Record, Reject
from ingest.rules import Rulebook
from ingest.rules.rulebook import read_rules
from ingest.runner import run

SITES, PAST, RUN = 20, 60, 20
Rows = list[Record | Reject]


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory) -> Rulebook:
    folder = tmp_path_factory.mktemp("rules")
    write_rules(folder, range(SITES))
    return read_rules([folder])


@pytest.fixture(scope="module")
def pool(rulebook) -> list[Rows]:
    """80 undisturbed pages of each of 20 sites that differ in their habits."""
    looks = [
        Look(plea_share=0.05 * site, author_share=1 - 0.04 * site, paragraphs=(3, 6 + site % 9))
        for site in range(SITES)
    ]
    return [clean_pages(site, PAST + RUN, looks[site], rulebook, Random(site)) for site in range(SITES)]


def changes(out: Path, **options: object) -> dict[str, set[str]]:
    """What was found, by site."""
    found: dict[str, set[str]] = {}
    for finding in find_drift(out, **options).findings:
        found.setdefault(finding.site, set()).add(finding.what)
    return found


# -- no alarm


@pytest.mark.parametrize("seed", range(8))
def test_undisturbed_sites_raise_no_alarm(pool, tmp_path, seed):
    past: Rows = []
    now: Rows = []
    for rows in pool:
        shuffled = Random(seed).sample(rows, len(rows))
        past += shuffled[:PAST]
        now += shuffled[PAST:]
    write_run(tmp_path, past, 0)
    write_run(tmp_path, now, 1)
    drift = find_drift(tmp_path)
    assert len(drift.compared) == SITES
    assert drift.findings == ()


def test_many_small_runs_raise_no_alarm(pool, tmp_path):
    for number in range(16):
        write_run(tmp_path, [row for rows in pool for row in rows[5 * number : 5 * number + 5]], number)
    drift = find_drift(tmp_path)
    assert {(c.pages_before, c.pages_now) for c in drift.compared} == {(PAST, RUN)}
    assert drift.findings == ()


def test_what_a_site_did_before_is_no_drift(pool, rulebook, tmp_path):
    """A rule that rests for a run now and then has not stopped."""
    quiet = Look(plea_share=0)
    for number in range(12):
        look = quiet if number % 4 == 3 else Look()
        write_run(tmp_path, clean_pages(0, RUN, look, rulebook, Random(number), RUN * number), number)
    assert changes(tmp_path) == {}


# -- alarms


BREAKS = {
    "renamed body class": (Look(body_class="c-prose"), "layout_missed"),
    "new plea": (Look(plea="Without you there is no {name}: give five crowns a month today."), "new_lines"),
    "new plea on half of the pages": (
        Look(plea_share=0.5, plea="Friends of the valley, {name} needs a gift from all of you."),
        "rule_stopped",
    ),
    "moved date": (Look(date_tag='<p><span class="when" data-time="{iso}">{day}</span></p>'), "field_moved"),
    "no date": (Look(date_tag=""), "field_lost"),
    "date of another thing": (
        Look(date_tag='<time class="stamp" datetime="1998-03-01T10:00:00+00:00">1998</time>'),
        "dates_jumped",
    ),
    "the same date everywhere": (
        Look(date_tag='<time class="stamp" datetime="2024-01-01T10:00:00+00:00">now</time>'),
        "dates_alike",
    ),
    "no authors": (Look(author_share=0), "field_lost"),
    "teasers only": (Look(paragraphs=(1, 2)), "body_shrank"),
    "long pages": (Look(paragraphs=(40, 60)), "body_grew"),
    "long plea": (
        Look(plea="Dear readers of {name}, " + "please give us something, " * 12 + "."),
        "rule_takes_more",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_noticed_within_one_run_of_20_pages(pool, rulebook, tmp_path, name):
    look, what = BREAKS[name]
    usual = clean_pages(0, PAST, Look(), rulebook, Random(99))
    broken = clean_pages(0, RUN, look, rulebook, Random(7), PAST)
    write_run(tmp_path, [*usual, *(row for rows in pool[1:] for row in rows[:PAST])], PAST)
    write_run(tmp_path, [*broken, *(row for rows in pool[1:] for row in rows[PAST:])], PAST + RUN)
    found = changes(tmp_path)
    assert what in found.pop(site_name(0))
    assert found == {}


def test_a_body_found_by_a_later_selector_is_noticed(tmp_path):
    write_rules(tmp_path / "rules", [0])
    file = tmp_path / "rules" / f"{site_name(0)}.yaml"
    file.write_text(file.read_text().replace("body: '.story-text'", "body: ['.story-text', article]"))
    rulebook = read_rules([tmp_path / "rules"])
    out = tmp_path / "out"
    write_run(out, clean_pages(0, PAST, Look(), rulebook, Random(1)), 0)
    write_run(out, clean_pages(0, RUN, Look(body_class="c-prose"), rulebook, Random(2), PAST), 1)
    assert "body_moved" in changes(out)[site_name(0)]


def test_few_pages_suffice_where_the_wording_speaks_too(rulebook, tmp_path):
    plea = "All who can should take out a subscription to {name} for five crowns."
    write_run(tmp_path, clean_pages(0, PAST, Look(), rulebook, Random(1)), 0)
    begging = clean_pages(0, 4, Look(plea=plea, plea_share=1), rulebook, Random(2), PAST)
    write_run(tmp_path, [*begging, *clean_pages(0, RUN - 4, Look(), rulebook, Random(3), PAST + 4)], 1)
    [finding] = find_drift(tmp_path).findings
    assert (finding.what, finding.before, finding.now) == ("new_lines", 0, 0.2)
    assert finding.examples == (plea.format(name=site_name(0)),)
    assert "plea" in finding.says


def test_rejects_and_flags_are_compared(pool, tmp_path):
    name = site_name(3)
    rejects = [
        Reject(
            page_id=str(n),
            source=f"/r/{n}",
            site=name,
            media_type="text/html",
            reason="no_article",
            detail="",
        )
        for n in range(12)
    ]
    flagged = [msgspec.structs.replace(row, flags=(f"guarded:{name}/plea",)) for row in pool[3][68:]]
    write_run(tmp_path, pool[3][:PAST], 0)
    write_run(tmp_path, [*rejects, *flagged], 1)
    found = {(finding.what, finding.name) for finding in find_drift(tmp_path).findings}
    assert {("rejects_more", "no_article"), ("rule_guarded", f"{name}/plea")} <= found


def test_a_site_that_gives_nothing_but_rejects_is_noticed(pool, tmp_path):
    rejects = [
        Reject(page_id=str(n), source=f"/r/{n}", site=site_name(3), reason="empty", detail="")
        for n in range(RUN)
    ]
    write_run(tmp_path, pool[3][:PAST], 0)
    write_run(tmp_path, rejects, 1)
    assert changes(tmp_path) == {site_name(3): {"rejects_more"}}


def test_a_change_of_rules_is_told(pool, rulebook, tmp_path):
    edited = [msgspec.structs.replace(row, rules_digest="new") for row in pool[0][PAST:]]
    write_run(tmp_path, pool[0][:PAST], 0)
    write_run(tmp_path, edited, 1)
    [compared] = find_drift(tmp_path).compared
    assert compared.rules_changed


# -- windows


def test_text_and_html_pages_are_compared_apart(pool, tmp_path):
    as_text = [msgspec.structs.replace(row, media_type="text/plain", title=None) for row in pool[0]]
    write_run(tmp_path, pool[0][:PAST], 0)
    write_run(tmp_path, as_text[PAST:], 1)
    drift = find_drift(tmp_path)
    assert drift.findings == () and {few.media for few in drift.too_few} == {"text", "html"}


def test_since_names_a_run_or_a_date(pool, tmp_path):
    write_run(tmp_path, pool[0][:40], 0)
    second = write_run(tmp_path, pool[0][40:60], 1)
    write_run(tmp_path, pool[0][60:], 2)
    day = (FIRST_DAY + timedelta(hours=1)).isoformat()
    for since in (second, day):
        [compared] = find_drift(tmp_path, since=since).compared
        assert (compared.pages_before, compared.pages_now) == (40, 40)
    with pytest.raises(UsageError, match="neither a run"):
        find_drift(tmp_path, since="last week")


def test_one_site_alone(pool, tmp_path):
    write_run(tmp_path, [row for rows in pool[:3] for row in rows[:PAST]], 0)
    write_run(tmp_path, [row for rows in pool[:3] for row in rows[PAST:]], 1)
    assert [c.site for c in find_drift(tmp_path, site=site_name(1)).compared] == [site_name(1)]


def test_pages_of_no_site_and_of_young_sites_are_not_judged(pool, tmp_path):
    homeless = [msgspec.structs.replace(row, site=None) for row in pool[0]]
    write_run(tmp_path, homeless[:PAST] + pool[1][:10], 0)
    write_run(tmp_path, homeless[PAST:] + pool[1][10:40], 1)
    drift = find_drift(tmp_path)
    assert drift.compared == ()
    [few] = drift.too_few
    assert (few.site, few.pages_before, few.pages_now) == (site_name(1), 10, 30)


def test_an_empty_dataset_has_no_drift(tmp_path):
    write_run(tmp_path, [], 0)
    assert find_drift(tmp_path).findings == ()
    with pytest.raises(StoreError):
        find_drift(tmp_path / "nothing")


def test_a_window_is_made_of_whole_runs():
    window = cut_window({1: 7, 2: 30, 3: 25, 4: 15, 5: 10}, None, 20, 500)
    assert window.bins[5] == window.bins[4] == NOW
    assert (window.pages_now, window.pages_before) == (25, 62)
    assert window.bins[1] == window.bins[2], "a small oldest bin joins its neighbour"


def test_a_window_leaves_a_large_run_to_the_past():
    assert cut_window({1: 60, 2: 17}, None, 20, 500).pages_now == 17
    assert cut_window({1: 60, 2: 15, 3: 3}, None, 20, 500).pages_now == 18
    assert cut_window({1: 500, 2: 60, 3: 3}, None, 20, 500).pages_now == 63, "3 pages say nothing"


@given(st.dictionaries(st.integers(0, 10**6), st.integers(1, 90), max_size=30), st.integers(1, 50))
def test_windows_are_newer_than_the_past(times, min_pages):
    window = cut_window(times, None, min_pages, 200)
    now = [moment for moment, number in window.bins.items() if number == NOW]
    past = [moment for moment, number in window.bins.items() if number != NOW]
    assert not past or max(past) < min(now)
    assert window.pages_now == sum(times[moment] for moment in now)
    assert window.pages_before == sum(times[moment] for moment in past)


# -- statistics


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_chances_are_those_of_fishers_test(hits_before, misses_before, hits_now, misses_now):
    before, now = hits_before + misses_before, hits_now + misses_now
    hits, pages = hits_before + hits_now, before + now
    ways = {
        k: comb(hits, k) * comb(pages - hits, now - k)
        for k in range(max(0, hits - before), min(hits, now) + 1)
    }
    fewer = Fraction(sum(n for k, n in ways.items() if k <= hits_now), comb(pages, now))
    more = Fraction(sum(n for k, n in ways.items() if k >= hits_now), comb(pages, now))
    assert chance_of_fewer(hits_before, before, hits_now, now) == pytest.approx(float(fewer), rel=1e-6)
    assert chance_of_more(hits_before, before, hits_now, now) == pytest.approx(float(more), rel=1e-6)


def test_chances_of_large_windows():
    assert chance_of_fewer(900_000, 1_000_000, 80_000, 100_000) < 1e-12
    assert chance_of_more(10, 1_000_000, 1, 100_000) == pytest.approx(0.65, abs=0.1)


@given(st.lists(st.integers(0, 5000), min_size=1), st.lists(st.integers(0, 5000), min_size=1))
def test_longer_one_way_is_not_longer_the_other_way(before, now):
    there, back = Counter(before), Counter(now)
    chances = chance_of_longer(there, back), chance_of_longer(back, there)
    assert all(0 <= chance <= 1 for chance in chances) and max(chances) >= 0.5


@given(st.lists(st.integers(0, 99), min_size=1))
def test_quantiles(values):
    histogram = Counter(values)
    assert median(histogram) == sorted(values)[(len(values) - 1) // 2]
    assert (quantile(histogram, 0), quantile(histogram, 1)) == (min(values), max(values))


@given(st.integers(0, 10**7))
def test_buckets_keep_two_digits(words):
    assert 0.9 * words <= bucket(words) <= words


# -- the command, and the real runner


@pytest.fixture
def command(monkeypatch):
    """Run the command: gives its exit code and what it prints."""
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    register(app)

    def call(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return result.exit_code, result.stdout

    return call


def test_a_redesign_between_two_runs_of_the_command(command, tmp_path):
    write_rules(tmp_path / "rules", [0, 1])
    pages = tmp_path / "pages"

    def scrape(site: int, first: int, count: int, look: Look) -> None:
        folder = pages / site_name(site)
        folder.mkdir(parents=True, exist_ok=True)
        for n in range(first, first + count):
            page = make_page(site, n, FIRST_DAY + timedelta(hours=n), look, Random(f"{site}/{n}"))
            (folder / f"{n}.html").write_bytes(page.data)
            (folder / f"{n}.json").write_text(json.dumps({"url": page.url}))

    options = {"out": tmp_path / "out", "rules": [tmp_path / "rules"], "jobs": 0}
    for site in (0, 1):
        scrape(site, 0, 40, Look())
    run(pages, **options)
    assert command(tmp_path / "out")[0] == 0
    scrape(0, 40, RUN, Look(body_class="c-prose"))
    scrape(1, 40, RUN, Look())
    run(pages, **options)

    code, said = command(tmp_path / "out")
    assert code == 4
    assert site_name(0) in said and "layout_missed" in said and site_name(1) not in said
    code, said = command(tmp_path / "out", "--json")
    drift = json.loads(said)
    assert code == 4 and drift["format"] == "1"
    assert {f["site"] for f in drift["findings"]} == {site_name(0)}
    assert {"site", "media", "what", "name", "before", "now", "unit", "says", "examples"} == set(
        drift["findings"][0]
    )
    figures = {(f["measure"], f["name"]): f for f in drift["compared"][1]["figures"]}
    assert figures["field", "published"]["now"] == 1.0
    code, said = command(tmp_path / "out", "--site", site_name(1))
    assert code == 0 and "body_words" in said


def test_control_sequences_do_not_reach_the_terminal(command, pool, tmp_path):
    bad = [
        msgspec.structs.replace(row, body=row.body + "\n\nSubscribe \x1b[31mnow to the paper")
        for row in pool[0][PAST:]
    ]
    write_run(tmp_path, pool[0][:PAST], 0)
    write_run(tmp_path, bad, 1)
    code, said = command(tmp_path)
    assert code == 4 and "\x1b[31m" not in said
