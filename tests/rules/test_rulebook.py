"""All rule files together: look-up, overlay, digest, mistakes across files."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from ingest.errors import RuleError
from ingest.pipeline import clean_page
from ingest.records import RawPage
from ingest.rules import load_rules
from ingest.rules.model import When
from ingest.rules.rulebook import layout_holds, read_rules

SITE = "site: {site}\nhosts: [{hosts}]\nuse: [{use}]\nstrip:\n  - {{id: {id}, kind: plea, line: '{line}'}}\n"
PACK = "pack: {pack}\nabout: A pack for tests.\nstrip:\n  - {{id: {id}, kind: share, line: '{line}'}}\n"


def write_site(folder: Path, site: str = "example.com", hosts: str = "", use: str = "", **rule: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = SITE.format(
        site=site, hosts=hosts or site, use=use, id=rule.get("id", "a"), line=rule.get("line", "^x$")
    )
    (folder / f"{site}.yaml").write_text(text)


def write_pack(folder: Path, pack: str, line: str = "^Share$", id: str = "buttons") -> None:
    (folder / "common").mkdir(parents=True, exist_ok=True)
    (folder / "common" / f"{pack}.yaml").write_text(PACK.format(pack=pack, id=id, line=line))


def complaints(*folders: Path) -> list[str]:
    with pytest.raises(RuleError) as caught:
        read_rules(folders)
    return [str(mistake) for mistake in caught.value.mistakes]


# -- look-up -------------------------------------------------------------------------------------------------


def test_a_host_belongs_to_the_site_of_the_nearest_entry(tmp_path):
    write_site(tmp_path, "example.com", "example.com, example.org")
    write_site(tmp_path, "blog.example.com")
    rulebook = read_rules([tmp_path])
    expected = {
        "example.com": "example.com",
        "www.example.com": "example.com",
        "a.b.example.org": "example.com",
        "blog.example.com": "blog.example.com",
        "x.blog.example.com": "blog.example.com",
        "notexample.com": None,
        "example.com.evil.net": None,
        "com": None,
        "": None,
    }
    assert {host: rulebook.site_of_host(host) for host in expected} == expected
    assert rulebook.site_of_host(None) is None


def test_a_site_gets_its_own_rules_and_its_packs(tmp_path):
    write_site(tmp_path, use="second, first")
    write_pack(tmp_path, "first")
    write_pack(tmp_path, "second")
    write_pack(tmp_path, "third")
    rulebook = read_rules([tmp_path])
    names = [strip.label.rule for strip in rulebook.rules_for("example.com").strips]
    assert names == ["example.com/a", "second/buttons", "first/buttons"]


def test_an_unknown_site_gets_every_pack_and_no_site_rule(tmp_path):
    write_site(tmp_path)
    write_pack(tmp_path, "b")
    write_pack(tmp_path, "a")
    rules = read_rules([tmp_path]).rules_for(None)
    assert [strip.label.rule for strip in rules.strips] == ["a/buttons", "b/buttons"]
    assert (rules.site, rules.layouts) == (None, ())


def test_recognise_counts_marks_and_breaks_draws_by_name(tmp_path):
    for site, marks in {"b.com": "[{text: '^Made by B$'}]", "a.com": "[{text: bee}, {css: p.a}]"}.items():
        (tmp_path / f"{site}.yaml").write_text(f"site: {site}\nhosts: [{site}]\nrecognise: {marks}\n")
    rulebook = read_rules([tmp_path])
    assert rulebook.recognise("first line\nMade by B\nlast", None) == "b.com"
    assert rulebook.recognise("Not Made by B", None) is None
    assert rulebook.recognise("Made by B\nbee", None) == "a.com"
    assert rulebook.recognise("Made by B\nbee", LexborHTMLParser("<p class=a>x")) == "a.com"
    assert rulebook.recognise("", LexborHTMLParser("<p class=b>x")) is None


def test_when_needs_every_condition():
    tree = LexborHTMLParser("<article>x</article>")
    span = When(published_from=date(2015, 1, 1), published_before=date(2018, 1, 1))
    assert layout_holds(When(css="article"), "html", tree, None)
    assert not layout_holds(When(css="main"), "html", tree, None)
    assert layout_holds(When(media="text"), "text", None, None)
    assert not layout_holds(When(css="article", media="text"), "html", tree, None)
    assert layout_holds(span, "html", tree, date(2015, 1, 1))
    assert not layout_holds(span, "html", tree, date(2018, 1, 1))
    assert not layout_holds(span, "html", tree, None)


# -- overlay -------------------------------------------------------------------------------------------------


def test_later_folders_lie_over_earlier_ones_file_by_file(tmp_path):
    bundled, mine, yours = tmp_path / "bundled", tmp_path / "mine", tmp_path / "yours"
    write_site(bundled, "example.com", use="share", line="^bundled$")
    write_site(bundled, "other.com", line="^other$")
    write_pack(bundled, "share", line="^bundled$")
    write_site(mine, "example.com", use="share", line="^mine$")
    write_pack(yours, "share", line="^yours$")
    rulebook = read_rules([bundled, mine, yours])
    assert [s.rule.line for s in rulebook.rules_for("example.com").strips] == ["^mine$", "^yours$"]
    assert [s.rule.line for s in rulebook.rules_for("other.com").strips] == ["^other$"]
    assert rulebook.files["example.com"] == str(mine / "example.com.yaml")
    assert rulebook.files["common/share"] == str(yours / "common" / "share.yaml")


def test_the_bundled_rules_load_and_cover_their_hosts(tmp_path):
    write_site(tmp_path, "example.com", use="cookies")
    rulebook = load_rules(tmp_path)
    assert rulebook.site_of_host("m.jpost.com") == "jpost.com"
    assert rulebook.site_of_host("www.example.com") == "example.com"
    write_site(tmp_path, "example.com")
    assert list(load_rules(tmp_path, bundled=False).sites) == ["example.com"]


# -- digest --------------------------------------------------------------------------------------------------


def digest(folder: Path) -> str:
    return read_rules([folder]).rules_for("example.com").digest


def test_the_digest_follows_the_meaning_not_the_look(tmp_path):
    write_site(tmp_path)
    first = digest(tmp_path)
    path = tmp_path / "example.com.yaml"
    path.write_text("# a comment\n" + path.read_text().replace("'^x$'", '"^x$"'))
    assert digest(tmp_path) == first
    path.write_text(path.read_text().replace("^x$", "^y$"))
    assert digest(tmp_path) != first


def test_the_digest_follows_the_packs_in_use_only(tmp_path):
    write_site(tmp_path, use="share")
    write_pack(tmp_path, "share")
    write_pack(tmp_path, "other")
    first = digest(tmp_path)
    write_pack(tmp_path, "other", line="^changed$")
    assert digest(tmp_path) == first
    write_pack(tmp_path, "share", line="^changed$")
    assert digest(tmp_path) != first


# -- mistakes ------------------------------------------------------------------------------------------------


def test_a_rulebook_survives_pickling(tmp_path):
    overlay = tmp_path / "cosmetic"
    overlay.mkdir()
    pack = {"pack": "mine", "about": "teasers", "filters": {"related": ["##.teaser"]}}
    (overlay / "mine.json").write_text(json.dumps(pack))
    rulebook = load_rules(tmp_path)
    again = pickle.loads(pickle.dumps(rulebook))
    assert (again.sites, again.packs, again.files) == (rulebook.sites, rulebook.packs, rulebook.files)
    for site in (None, *rulebook.sites):
        assert again.rules_for(site).digest == rulebook.rules_for(site).digest
    page = RawPage(
        data=b"<p class=teaser>More of it</p><p>Mail a@b.example for more.", url="https://a.example/1"
    )
    assert clean_page(page, again) == clean_page(page, rulebook)


def test_every_mistake_of_every_file_comes_at_once(tmp_path):
    write_site(tmp_path, "a.com", use="nothere")
    write_site(tmp_path, "b.com", hosts="b.com, a.com")
    write_site(tmp_path, "c.com", line="(")
    write_pack(tmp_path, "share", line="(")
    (tmp_path / "d.com.yaml").write_bytes(b"site: d.com\nhosts: [d.com]\nname: caf\xe9\n")
    (tmp_path / "e.com.yaml").write_bytes(b"")
    found = complaints(tmp_path, tmp_path / "missing")
    for file, message in {
        "a.com.yaml:3:7": "there is no pack `nothere`; known packs: share",
        "b.com.yaml:2:16": "`a.com` already belongs to a.com",
        "c.com.yaml:5:31": "the pattern does not compile",
        "share.yaml:4:38": "the pattern does not compile",
        "d.com.yaml:1:1": "cannot be read as UTF-8 text",
        "e.com.yaml:1:1": "the file is empty",
        "missing:1:1": "there is no such folder",
    }.items():
        assert any(file in line and message in line for line in found), (file, found)
    assert len(found) == 7


def test_a_broken_pack_is_not_also_a_missing_one(tmp_path):
    write_site(tmp_path, use="share")
    write_pack(tmp_path, "share", line="(")
    assert len(complaints(tmp_path)) == 1


def test_a_pack_is_called_after_its_file(tmp_path):
    write_pack(tmp_path, "share")
    (tmp_path / "common" / "share.yaml").rename(tmp_path / "common" / "bar.yaml")
    assert "must be called share.yaml" in complaints(tmp_path)[0]


# -- refusals ------------------------------------------------------------------------------------------------


def test_refuse_by_wording_or_element(tmp_path):
    (tmp_path / "example.com.yaml").write_text(
        "site: example.com\nhosts: [example.com]\nrefuse:\n"
        "  - {id: gone, line: '^Page not found$'}\n  - {id: index, css: 'body.index'}\n"
    )
    rules = read_rules([tmp_path]).rules_for("example.com")
    index = LexborHTMLParser("<body class=index><p>x")
    assert rules.refusal(["Hello", "Page not found"], None) == "example.com/gone"
    assert rules.refusal(["Hello"], index) == "example.com/index"
    assert rules.refusal(["Page not found, says minister"], None) is None


STATED = b"""\
<html lang="en"><head><title>Ticker</title><meta property="og:title" content="Gulls &amp; Nets">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Nets mended",
 "author": [{"@type": "Person", "name": "Ida Fenn"}, {"@type": "Person", "name": "Jon Wick"}]}</script></head>
<body><h1>12.40 A gull lands</h1><ul class="points"><li>Nets torn</li><li>Nets mended</li></ul>
<div class="text"><p>The crew of the Gannet spent all of Monday on the quay, mending
what the storms had left of the nets, and sang while they did so.</p></div></body></html>"""


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("{json_ld: headline}", "Nets mended"),
        ("{meta: 'OG:title'}", "Gulls & Nets"),
        ("[{json_ld: alternativeHeadline}, {meta: none}, h1]", "12.40 A gull lands"),
        (".points", "Nets torn Nets mended"),
    ],
)
def test_a_layout_says_which_source_a_field_takes(tmp_path, place, title):
    (tmp_path / "example.org.yaml").write_text(
        "site: example.org\nhosts: [example.org]\nlayouts:\n"
        f"  - {{id: page, when: .text, body: .text, title: {place}, authors: {{json_ld: author}}}}\n"
    )
    raw = RawPage(data=STATED, source="page", url="https://example.org/nets", media_type="text/html")
    record = clean_page(raw, read_rules([tmp_path]))
    assert (record.title, record.authors) == (title, ("Ida Fenn", "Jon Wick"))
