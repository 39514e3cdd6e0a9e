"""Coverage: which sites have no rules, and what is left in their bodies."""

from __future__ import annotations

import json
from random import Random

import msgspec
import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from newsroom import FIRST_DAY, Look, clean_pages, make_page, site_name, write_rules, write_run
from typer.testing import CliRunner

from ingest.cli.coverage import register
from ingest.coverage import DRAFT_PAGES, MIN_PAGES, SAMPLE, Page, measure_pages
from ingest.rules.rulebook import read_rules
from ingest.suspicion import line_key, lines_of, suspect


def page(site: str | None, *lines: str, ruled: bool = False, number: int = 0) -> Page:
    return Page(site, f"/pages/{site}/{number}.html", 100, ruled, "\n\n".join(lines))


WORDS = ["river", "stone", "light", "voice", "paper", "morning", "road", "winter"]


def prose(random: Random) -> str:
    return " ".join(random.choice(WORDS) for _ in range(30))


def test_sites_with_most_suspicious_lines_come_first():
    random = Random(1)
    pages = [page("clean.example", prose(random), number=n) for n in range(30)]
    pages += [page("mixed.example", prose(random), "Subscribe to our newsletter") for _ in range(10)]
    pages += [page("worst.example", prose(random), "Follow us on Facebook", "© The Paper") for _ in range(8)]
    pages += [page("ruled.example", "Subscribe to our newsletter", ruled=True) for _ in range(5)]
    pages += [page(None, prose(random))]
    found = measure_pages(pages)
    assert (found.pages, found.pages_with_rules, found.pages_without_site) == (54, 5, 1)
    assert [(s.site, s.suspicious_per_page) for s in found.sites] == [
        ("worst.example", 2.0),
        ("mixed.example", 1.0),
        ("clean.example", 0.0),
    ]
    assert {example.kind for example in found.sites[0].examples} == {"share", "legal"}


def test_lines_that_recur_count_whatever_their_wording():
    random = Random(2)
    pages = [page("a.example", prose(random), "From the desk of the valley") for _ in range(MIN_PAGES)]
    [site] = measure_pages(pages).sites
    [example] = site.examples
    assert (example.text, example.pages, example.kind) == ("From the desk of the valley", MIN_PAGES, None)
    [site] = measure_pages(pages[: MIN_PAGES - 1]).sites
    assert site.examples == ()


def test_sites_too_small_for_a_draft_come_last():
    pages = [page("tiny.example", *["Subscribe to our newsletter"] * 9, "Follow us on Facebook")]
    pages += [page("small.example", "nothing of note") for _ in range(DRAFT_PAGES)]
    assert [site.site for site in measure_pages(pages).sites] == ["small.example", "tiny.example"]


def test_a_site_of_which_some_pages_fit_its_rules_has_rules():
    pages = [page("a.example", "x"), page("a.example", "x", ruled=True), page("a.example", "x")]
    assert measure_pages(pages).sites == ()


def test_the_draft_command_names_the_folder_of_all_pages():
    pages = [
        page("a.example", "x")._replace(source=f"/data/the pages/{part}/{n}.html")
        for n, part in enumerate("ab")
    ]
    [site] = measure_pages(pages).sites
    assert site.folder == "/data/the pages"
    assert site.draft == "ingest rules draft '/data/the pages' --site a.example"


@pytest.mark.parametrize("sources", [("", ""), ("/a/b.html", "c.html"), ("x.html", "y.html")])
def test_names_that_are_no_paths_do_no_harm(sources):
    pages = [page("a.example", "x")._replace(source=source) for source in sources]
    [site] = measure_pages(pages).sites
    assert site.draft == "ingest rules draft . --site a.example"


def test_large_sites_are_sampled():
    random = Random(3)
    pages = (page("a.example", "Subscribe to our newsletter", prose(random)) for _ in range(4 * SAMPLE))
    [site] = measure_pages(pages).sites
    assert (site.pages, site.suspicious_per_page) == (4 * SAMPLE, 1.0)


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for the morning newsletter",
        "Jetzt abonnieren und weiterlesen",
        "À lire aussi : le pont est ouvert",
        "Suscríbete a nuestro boletín diario",
        "Leggi anche: il ponte",
        "Leia também: a ponte",
        "Lees ook: de brug is open",
        "צילום: דנה לוי",
        "اقرأ أيضا: افتتاح الجسر",
        "We use cookies to improve the site",
        "© 2024 The Paper",
        "Photo: Dana Levy",
        "Share this article",
    ],
)
def test_wording_that_is_suspicious_in_each_language(line):
    assert suspect(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "The mayor opened the new bridge on Monday at noon.",
        "She baked cookies for the whole street.",
        "More people than ever crossed the river on foot.",
        "Read by millions, the book was his first.",
        "Die Brücke wurde am Montag eröffnet.",
        "Le pont a été ouvert lundi à midi.",
    ],
)
def test_ordinary_sentences_are_not_suspicious(line):
    assert suspect(line) is None


def test_separators_are_no_lines():
    assert list(lines_of("One\n\n* * *\n\n2024\n\nTwo")) == ["One", "Two"]


@given(st.text())
def test_any_line_has_a_key_and_a_verdict(text):
    for line in lines_of(text):
        assert len(line_key(line)) <= 3 * 80
        suspect(line)


@pytest.fixture
def command(monkeypatch):
    """Run the command: gives its exit code and what it prints."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("INGEST_RULES", raising=False)
    app = typer.Typer()
    register(app)

    def call(*arguments: object) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        return result.exit_code, result.stdout

    return call


LEFT = Look(plea="Every gift to {name} counts, give today.")


@pytest.fixture
def out(tmp_path):
    """A dataset of two sites, of which the first has rules."""
    write_rules(tmp_path / "rules", [0])
    rulebook = read_rules([tmp_path / "rules"])
    rows = [row for site in (0, 1) for row in clean_pages(site, 6, LEFT, rulebook, Random(site))]
    write_run(tmp_path / "out", rows, 0)
    return tmp_path / "out"


def test_a_dataset_is_judged_as_it_was_cleaned(command, out):
    code, said = command(out)
    assert code == 0
    assert site_name(1) in said and site_name(0) not in said
    assert f"ingest rules draft /pages/{site_name(1)} --site {site_name(1)}" in said
    assert "6 of 12 pages have rules" in said


def test_a_folder_is_cleaned_with_the_rules_given(command, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for site in (0, 1):
        for n in range(4):
            raw = make_page(site, n, FIRST_DAY, LEFT, Random(f"{site}/{n}"))
            (folder / f"{site}-{n}.html").write_bytes(raw.data)
            (folder / f"{site}-{n}.json").write_text(json.dumps({"url": raw.url}))
    (folder / "empty.html").write_text("")
    write_rules(tmp_path / "rules", [0])
    code, said = command(folder, "--rules", tmp_path / "rules", "--json")
    found = json.loads(said)
    assert code == 0 and (found["format"], found["pages"], found["pages_with_rules"]) == ("1", 8, 4)
    assert [site["site"] for site in found["sites"]] == [site_name(1)]
    assert list(found["sites"][0]) == [
        *("site", "pages", "median_words", "suspicious_per_page", "examples", "folder", "draft")
    ]
    code, said = command(folder, "--limit", 1, "--json")
    assert len(json.loads(said)["sites"]) == 1


def test_control_sequences_do_not_reach_the_terminal(command, out, tmp_path):
    record = clean_pages(1, 1, LEFT, read_rules([]), Random(1))[0]
    bad = msgspec.structs.replace(record, body="Subscribe \x1b[31mnow to the paper", site="a\x1b[0m.example")
    write_run(tmp_path / "bad", [bad], 0)
    code, said = command(tmp_path / "bad")
    assert code == 0 and "\x1b" not in said


def test_a_folder_that_is_not_there_is_wrong_usage(command, tmp_path):
    assert command(tmp_path / "nothing")[0] != 0
