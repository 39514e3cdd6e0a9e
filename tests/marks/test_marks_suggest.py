"""From marks to rules that mend them: what is printed loads, does what it says, and its samples pass with it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from textwrap import dedent

import pytest
import yaml

import ingest
from ingest.marks import Mark, append_mark
from ingest.marks.suggest import pattern_of, scalar
from ingest.rules import load_rules
from ingest.rules.loader import load_file
from ingest.rules.match import compile_pattern
from ingest.rules.model import SiteFile
from ingest.store import read

RULES = """
site: valley.example
hosts: [valley.example]
language: en
layouts:
  - {id: 2024, when: '.story', body: '.story', title: h1, drop: [{id: box, kind: promo, css: '.box'}]}
strip:
  - {id: letter, kind: newsletter, line: '(?i)letter'}
  - {id: plea, kind: plea, from: '^Dear readers', through: '^Thank you', at_most: 30}
"""
PROSE = "The ferry left the old pier at two o'clock on Tuesday morning, with forty passengers and a goat on board."


def page(number, *more):
    paragraphs = [PROSE.replace("Tuesday", day) for day in ("Monday", "Tuesday", "Friday")]
    inner = "".join(paragraphs and [f"<p>{text}</p>" for text in paragraphs])
    return (
        f"<!doctype html><html lang=en><head><title>Ferry {number}</title></head><body><div class=story>"
        f"<h1>Ferry number {number}</h1>{inner}{''.join(more)}</div></body></html>"
    )


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory):
    """Pages of a site with rules, cleaned into a dataset."""
    tmp_path = tmp_path_factory.mktemp("newsroom")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "valley.example.yaml").write_text(RULES)
    (tmp_path / "pages").mkdir()
    wrong = "<p>The mayor wrote a letter to the captain of the ferry, and the goat ate it before he could read it.</p>"
    for number in range(6):
        more = [
            "<p>Get the morning letter</p>",
            '<div class="pier-club"><p>Join 1200 friends of the pier</p></div>',
        ]
        more += [wrong] if number == 3 else []
        path = tmp_path / "pages" / f"{number}.html"
        path.write_text(page(number, *more))
        (tmp_path / "pages" / f"{number}.json").write_text(f'{{"url": "https://valley.example/{number}"}}')
    ingest.run(tmp_path / "pages", out=tmp_path / "out", rules=[tmp_path / "rules"], jobs=0)
    return tmp_path


@pytest.fixture
def newsroom(cleaned, tmp_path):
    """A copy of it, to be marked."""
    return copytree(cleaned, tmp_path / "newsroom")


def mark(folder: Path, what: str, part: str) -> None:
    """Mark the first text that holds this part."""
    for row in read(folder / "out").to_table().to_pylist():
        about = {name: row[name] for name in ("page_id", "source", "source_digest", "site", "url")}
        about["marked_at"] = datetime(2024, 5, 1, tzinfo=UTC)
        if what == "wrong":
            for gone in row["removals"]:
                if part in gone["text"]:
                    append_mark(folder / "out", Mark(what=what, **about, **gone))
                    return
        for block in row["blocks"]:
            if what == "leftover" and part in block["text"]:
                append_mark(
                    folder / "out", Mark(what=what, **about, block=block["place"], text=block["text"])
                )
                return
    raise AssertionError(f"nothing holds {part!r}")


def rules_in(printed: str) -> list[dict]:
    """The entries of every `strip:` that was printed."""
    found = []
    for chunk in re.findall(r"^strip:\n(?:^ .*\n|^#.*\n)+", printed + "\n", re.MULTILINE):
        found += yaml.safe_load(chunk)["strip"]
    return found


def sample_in(printed: str) -> tuple[str, str]:
    """The folder and the text of the sample that was printed."""
    head, _, text = printed.partition("/expected.yaml")
    return head.rpartition("my-samples/")[2], "about:" + text.partition("about:")[2]


def mended_rules(folder: Path, change) -> Path:
    """A copy of the rule file with a change."""
    keys = yaml.safe_load(RULES)
    change(keys)
    (folder / "mended").mkdir()
    (folder / "mended" / "valley.example.yaml").write_text(yaml.safe_dump(keys, sort_keys=False))
    return folder / "mended"


def test_a_leftover_becomes_a_rule_and_a_sample_that_pass(newsroom, run_ingest):
    mark(newsroom, "leftover", "friends of the pier")
    code, printed, _ = run_ingest("rules", "marks", newsroom / "out", "--rules", newsroom / "rules")
    assert code == 0
    [rule] = rules_in(printed)
    assert rule["line"] == r"^Join \d+ friends of the pier$"
    assert "css: '.pier-club'" in printed or ".pier-club" in printed
    check_mended(newsroom, run_ingest, printed, lambda keys: keys["strip"].append(rule))


def test_a_wrong_removal_becomes_a_narrower_rule_and_a_sample_that_pass(newsroom, run_ingest):
    mark(newsroom, "wrong", "The mayor wrote")
    code, printed, _ = run_ingest("rules", "marks", newsroom / "out", "--rules", newsroom / "rules")
    assert code == 0 and "valley.example/letter took 1 text" in printed
    [rule] = rules_in(printed)
    assert rule["id"] == "letter" and rule["line"] == ["^Get the morning letter$"]

    def narrow(keys):
        keys["strip"] = [rule, *keys["strip"][1:]]

    check_mended(newsroom, run_ingest, printed, narrow)


def check_mended(newsroom, run_ingest, printed, change):
    """The printed sample fails with the rules as they are, and passes with those that were printed."""
    folder, expected = sample_in(printed)
    place = newsroom / "samples" / folder
    place.mkdir(parents=True)
    (place / "expected.yaml").write_text(expected)
    number = yaml.safe_load(expected)["url"].rpartition("/")[2]
    (place / "page.html").write_bytes((newsroom / "pages" / f"{number}.html").read_bytes())
    tested = ("rules", "test", "--samples", newsroom / "samples", "--rules")
    assert run_ingest(*tested, newsroom / "rules")[0] == 1
    code, said, _ = run_ingest(*tested, mended_rules(newsroom, change))
    assert code == 0, said


def test_a_range_a_drop_and_the_generic_extractor_are_explained(tmp_path, run_ingest):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "valley.example.yaml").write_text(RULES)
    (tmp_path / "pages").mkdir()
    boxes = "<div class=box><p>More on the pier and its many boats.</p></div>"
    plea = "<p>Dear readers of the valley,</p><p>we live from your gifts.</p><p>Thank you</p>"
    (tmp_path / "pages" / "a.html").write_text(page(1, boxes, plea, f"<p>{PROSE}</p>"))
    (tmp_path / "pages" / "a.json").write_text('{"url": "https://valley.example/a"}')
    bare = page(2, "<ul class=share><li>Share</li></ul>", "<p>Get our newsletter</p>").replace(
        "class=story", ""
    )
    (tmp_path / "pages" / "b.html").write_text(bare)
    (tmp_path / "pages" / "b.json").write_text('{"url": "https://other.example/b"}')
    ingest.run(tmp_path / "pages", out=tmp_path / "out", rules=[tmp_path / "rules"], jobs=0)
    rules = [
        removal["rule"]
        for row in read(tmp_path / "out").to_table().to_pylist()
        for removal in row["removals"]
    ]
    generic = next(rule for rule in rules if rule.startswith("generic/"))
    for row in read(tmp_path / "out").to_table().to_pylist():
        about = {name: row[name] for name in ("page_id", "source", "source_digest", "site", "url")}
        for gone in row["removals"]:
            if gone["rule"] in ("valley.example/box", "valley.example/plea", generic):
                append_mark(
                    tmp_path / "out",
                    Mark(what="wrong", marked_at=datetime(2024, 5, 1, tzinfo=UTC), **about, **gone),
                )
    _, printed, _ = run_ingest("rules", "marks", tmp_path / "out", "--rules", tmp_path / "rules")
    assert "Narrow its selector" in printed and "css: '.box'" in printed
    assert "It is a range" in printed and "at_most: 5" in printed
    assert "generic extractor" in printed and "ingest rules draft FOLDER --site" in printed


def test_marks_of_one_site_only(newsroom, run_ingest):
    mark(newsroom, "wrong", "The mayor wrote")
    assert "letter" in run_ingest("rules", "marks", newsroom / "out", "--site", "valley.example")[1]
    assert "no marks" in run_ingest("rules", "marks", newsroom / "out", "--site", "other.example")[1]


def test_no_marks_and_broken_ones(newsroom, run_ingest):
    assert run_ingest("rules", "marks", newsroom / "out")[:2] == (
        0,
        "# There are no marks. Make some in `ingest review`.\n",
    )
    (newsroom / "out" / "marks.jsonl").write_text("{}\n")
    code, _, errors = run_ingest("rules", "marks", newsroom / "out")
    assert code == 1 and "marks.jsonl:1" in errors
    assert run_ingest("rules", "marks", newsroom / "nowhere")[0] == 1


def test_a_page_that_has_left_the_dataset_is_said(newsroom, run_ingest):
    mark(newsroom, "leftover", "friends of the pier")
    for part in (newsroom / "out" / "records").glob("*.parquet"):
        part.unlink()
    code, printed, _ = run_ingest("rules", "marks", newsroom / "out")
    assert code == 0 and "no longer in the dataset" in printed and "strip:" in printed


@pytest.mark.parametrize(
    "text",
    [
        'Join us: it\'s "free" (really) [now] {x} 100 % #1 & more!',
        "קראו עוד \u200f- היום",
        "tab\tand\nnewline and \x07 bell",
        "x " * 400,
        "٣ رسائل",
        "'; drop --",
        "\\d+ and \\",
    ],
)
def test_any_text_gives_a_rule_that_loads_and_takes_it(text):
    pattern = pattern_of(text)
    assert compile_pattern(pattern).search(text)
    source = dedent(
        f"""
        site: example.org
        hosts: [example.org]
        strip:
          - id: left
            kind: furniture
            line: {scalar(pattern)}
        """
    )
    loaded = load_file("example.org.yaml", source, SiteFile)
    assert loaded.mistakes == [] and loaded.value.strip[0].line == pattern


def test_rules_are_those_named_in_the_dataset():
    """A rule that is no longer in its file is said to be gone."""
    from collections import Counter

    from test_marks_journal import make_mark

    from ingest.marks.evidence import Taken
    from ingest.marks.suggest import write_wrong

    lines = list(write_wrong("valley.example/gone", [make_mark()], Taken(Counter(), Counter()), load_rules()))
    assert any("no such rule any more" in line for line in lines)
