"""Site-config files: every directive has an outcome, and what comes out is a rule file that works."""

from __future__ import annotations

import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import ingest
from ingest.cli import rules_import
from ingest.imports.kinds import guess_kind, make_id
from ingest.imports.site_config import CONVERTED, KEPT, KNOWN, NOT_APPLICABLE, NOT_NEEDED, parse_site_config
from ingest.imports.site_file import Source, host_of_file, import_sites
from ingest.records import Record
from ingest.rules.loader import load_file
from ingest.rules.model import SiteFile, as_list
from ingest.rules.rulebook import read_rules

HOST = "quay-notes.example"
EVERYTHING = """\
# Looked at in winter
title: //h1[@class='headline']
title: //meta[@property='og:title']/@content
author: //span[contains(concat(' ',normalize-space(@class),' '),' byline ')]/a
title: substring-after(//p[@class='by'], 'By ')
date: (//time)[1]/@datetime
date: //time/@datetime
body: //div[@id='story']
body: //article//div[contains(@class, 'story-body')] | //div[@class='old']

strip: //div[@class='related-box']
strip: //p[contains(text(), "Sign up")]
strip: //h2[.='Notes']
strip: //div[contains(@class='article')]
strip: //img/@srcdoc
strip: //div[@id='story']/text()
strip_id_or_class: newsletter-box
strip_id_or_class: ad-
strip_id_or_class: .sharing
strip_id_or_class: "side box"
strip_id_or_class: 7days
strip_image_src: /pixel.gif
prune: no
tidy: no
parser: html5php
autodetect_on_failure: no
autodetect_next_page: yes
convert_double_br_tags: yes
strip_comments: yes
strip_attr: //img/@srcdoc
wrap_in(p): //div[@class='x']
dissolve: //span
src_lazy_load_attr: data-src
skip_json_ld: yes
skip_id_or_class: keep
insert_detected_image: no
replace_string(<br class="a: b">): <p>
find_string: one
replace_string: two
move_into(//div): //p
footnotes: //ol
http_header(User-Agent): Reader: 5
single_page_link: //a[@class='all']
single_page_link_in_feed: //a
if_page_contains: //a
next_page_link: //a[@rel='next']
requires_login: yes
not_logged_in_xpath: //form
login_uri: http://quay-notes.example/login
login_username_field: u
login_password_field: p
login_extra_fields: a=b
native_ad_clue: //meta
test_url: http://quay-notes.example/3
test_contains: mending nets
titl: //h1
test_rul: http://quay-notes.example/1
http://quay-notes.example/2
// a comment
strip:
"""


def imported(*sources: tuple[str, str], packs=()):
    read = [Source(name, text, *host_of_file(name)) for name, text in sources]
    return list(import_sites(read, packs))


def rules_of(site) -> SiteFile:
    loaded = load_file(f"{site.site}.yaml", site.text, SiteFile)
    assert loaded.mistakes == []
    return loaded.value


def found(site, name):
    return [finding for finding in site.findings if finding.name == name]


def test_every_directive_has_one_treatment():
    assert len(KNOWN) == len(CONVERTED) + len(KEPT) + len(NOT_NEEDED) + len(NOT_APPLICABLE)


def test_every_line_has_an_outcome():
    (site,) = imported((f"{HOST}.txt", EVERYTHING))
    lines = EVERYTHING.splitlines()
    with_a_finding = {finding.line for finding in site.findings}
    silent = {n for n, line in enumerate(lines, 1) if n not in with_a_finding and line}
    assert [lines[n - 1] for n in silent] == ["# Looked at in winter"]
    assert len(site.findings) == len(with_a_finding)
    assert {finding.name for finding in site.findings} >= KNOWN
    assert all(f.message for f in site.findings if f.outcome not in ("converted", "kept as comment"))


def test_the_rule_file_says_what_the_source_said():
    (site,) = imported((f"{HOST}.txt", EVERYTHING), packs=("cookies", "related"))
    rules = rules_of(site)
    assert (rules.site, rules.hosts, rules.use) == (HOST, [HOST], ["cookies", "related"])
    (layout,) = rules.layouts
    bodies = ["div#story", 'article div[class*="story-body"], div[class="old"]']
    assert layout.id == "imported"
    assert as_list(layout.body) == bodies
    assert layout.when == ", ".join(bodies)
    assert [getattr(pick, "css", pick) for pick in layout.title] == [
        'h1[class="headline"]',
        'meta[property="og:title"]',
    ]
    assert layout.title[1].attr == "content"
    assert layout.authors == "span.byline > a"
    assert (layout.published.css, layout.published.attr) == ("time", "datetime")
    assert [(drop.id, drop.kind, drop.css) for drop in layout.drop] == [
        ("related-box", "related", 'div[class="related-box"]'),
        ("sign-up", "newsletter", 'p:lexbor-contains("Sign up")'),
        ("newsletter-box", "newsletter", ".newsletter-box, #newsletter-box"),
        ("ad", "ad", '[class^="ad-"], [class*=" ad-"], [id^="ad-"]'),
        ("sharing", "share", ".sharing, #sharing"),
        ("box", "furniture", ".side.box"),
        ("7days", "furniture", '[class~="7days"], [id="7days"]'),
    ]


def test_comments_and_test_pages_stay_as_comments():
    (site,) = imported((f"{HOST}.txt", EVERYTHING))
    head = site.text.split("site:")[0]
    for line in (
        "Looked at in winter",
        "test_url: http://quay-notes.example/3",
        "test_contains: mending nets",
    ):
        assert f"#   {line}\n" in head
    assert '#   line 37: replace_string(<br class="a: b">): <p> (' in site.text


def test_reasons_and_suggestions():
    (site,) = imported((f"{HOST}.txt", EVERYTHING))
    unknown = {finding.name: finding.message for finding in site.findings if finding.outcome == "unknown"}
    assert "`title`" in unknown["titl"]
    assert "`test_url`" in unknown["test_rul"]
    assert set(unknown) == {"titl", "test_rul", "http://quay-notes.example/2", "// a comment"}
    refused = [finding for finding in site.findings if finding.outcome == "not convertible"]
    assert [finding.value for finding in refused] == [
        "substring-after(//p[@class='by'], 'By ')",
        "//h2[.='Notes']",
        "//div[contains(@class='article')]",
        "//div[@id='story']/text()",
    ]
    assert str(refused[2]).startswith(
        f"{HOST}.txt:14: not convertible: strip: //div[contains(@class='article')] ("
    )
    assert (site.expressions, site.converted) == (13, 9)


def test_the_first_match_will_do_for_title_and_date():
    (site,) = imported((f"{HOST}.txt", "title: (//h1)[1]\nbody: (//div[@class='x'])[1]\nauthor: (//b)[1]\n"))
    layout = rules_of(site).layouts[0]
    assert layout.title == "h1"
    assert layout.body.startswith('div[class="x"]:not(')
    assert layout.authors.startswith("b:not(")


def test_a_union_with_a_first_one_in_it_is_one_body():
    (site,) = imported((f"{HOST}.txt", "body: (//h2)[1] | //main\nbody: //article\n"))
    first, second = rules_of(site).layouts[0].body
    assert first.startswith("h2:not(") and first.endswith(", main")
    assert second == "article"


def test_dates_and_names_are_found_in_texts_that_would_be_cut():
    text = (
        "date: substring-after(//p[@class='by'], 'on ')\nauthor: substring-after(//b, 'By ')\nbody: //main\n"
    )
    (site,) = imported((f"{HOST}.txt", text))
    assert rules_of(site).layouts[0].published == 'p[class="by"]'
    assert rules_of(site).layouts[0].authors.startswith("b:not(")
    assert all("in the whole text" in found(site, name)[0].message for name in ("date", "author"))


def test_files_without_a_body_drop_on_every_page():
    (site,) = imported((f"{HOST}.txt", "title: //h1\nstrip: //nav\n"))
    rules = rules_of(site)
    assert rules.layouts[0].when == "body"
    assert rules.layouts[0].body is None
    assert [(drop.id, drop.kind) for drop in rules.drop] == [("nav", "nav")]
    (only_drops,) = imported((f"{HOST}.txt", "strip: //nav\n"))
    assert rules_of(only_drops).layouts == []


def test_wildcards_join_the_file_of_their_host():
    (site,) = imported(
        (f".{HOST}.txt", "body: //main\nstrip: //nav"), (f"www.{HOST}.txt", "body: //article\nstrip: //nav")
    )
    rules = rules_of(site)
    assert [(layout.id, layout.body) for layout in rules.layouts] == [
        ("imported", "article"),
        ("imported-2", "main"),
    ]
    assert [drop.id for layout in rules.layouts for drop in layout.drop] == ["nav", "nav-2"]
    assert "itself as well" in found(site, "the file's name")[0].message


def test_nothing_convertible_gives_no_file():
    (site,) = imported((f"{HOST}.txt", "test_url: http://quay-notes.example/\nhttp_header(Cookie): a\n"))
    assert site.text is None


def test_hosts_of_files():
    assert host_of_file("www.Quay.Example.txt") == ("quay.example", False)
    assert host_of_file(".quay.example.txt") == ("quay.example", True)
    assert host_of_file("global.txt") is None
    assert host_of_file("quay_notes.example.txt") is None


def test_kinds_and_ids():
    assert guess_kind(".share-bar, #share-bar") == "share"
    assert guess_kind("figure figcaption") == "caption"
    assert guess_kind("div.paywall-box") == "plea"
    assert guess_kind("nav > ul") == "furniture"
    assert guess_kind("div.qx", "cookie") == "cookie"
    assert make_id('div[class="Big Box"] > p') == "big-box"
    assert make_id("ul > li") == "ul-li"
    assert make_id(".日本") == "element"


@given(st.text(alphabet="abtrip_xl:/[]()@'\"=.#*|\n \t\x00\x1b&é{}-", max_size=300))
def test_any_text_becomes_findings_and_a_file_that_loads(text):
    seeded = f"body: //div[@id='a']\n{text}\nstrip_id_or_class: {text}\nstrip: {text}\ntest_url: {text}\n"
    (site,) = imported((f"{HOST}.txt", seeded))
    if site.text is not None:
        rules_of(site)


def test_long_and_many_lines():
    config = parse_site_config("a.txt", "strip: //a\n" * 30_000 + "x" * 9_000)
    assert len(config.directives) == 20_000
    assert len(config.findings) == 1


# -- the command ---------------------------------------------------------------------------------------------

app = typer.Typer()
rules_app = typer.Typer()
rules_import.register(rules_app)
app.add_typer(rules_app, name="rules")


def run(*args):
    return CliRunner().invoke(app, ["rules", "import", "site-config", *map(str, args)])


def make_checkout(folder):
    (folder / f"{HOST}.txt").write_text(EVERYTHING)
    (folder / ".pier.example.txt").write_text("body: //div[@id='text']\nstrip_id_or_class: promo\n")
    (folder / "global.txt").write_text("strip: //nav\n")
    (folder / "README.md").write_text("no rules")
    return folder


def test_a_folder_becomes_rules_that_load_and_work(tmp_path):
    (tmp_path / "in").mkdir()
    result = run(make_checkout(tmp_path / "in"), "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert f"{HOST}.txt:14: not convertible: strip: //div[contains(@class='article')]" in result.output
    assert "global.txt:1: not applicable" in result.output
    assert "10 of 14 XPath expressions converted (71.4%)." in result.output
    assert "2 files read, 2 rule files written" in result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["pier.example.yaml", f"{HOST}.yaml"]
    rulebook = read_rules([tmp_path / "out", ingest.rules.rulebook.bundled_rules()])
    assert rulebook.site_of_host("www.pier.example") == "pier.example"
    prose = "The harbour master counted the boats twice before the fog came in over the long stone pier. "
    page = f"<html><body><div id=text><p>{prose * 3}</p><p class=promo>More from the pier</p></div><p>x</p></body>"
    record = ingest.clean(page, url="https://news.pier.example/1", rules=rulebook)
    assert isinstance(record, Record)
    assert (record.method, record.layout) == ("rules", "imported")
    assert [(removal.rule, removal.kind) for removal in record.removals] == [
        ("pier.example/promo", "related")
    ]


def test_drops_of_a_file_without_a_body_work_where_the_generic_extractor_does(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pier.example.txt").write_text("strip_id_or_class: tide-table\nstrip: //article\n")
    run(tmp_path / "in", "--out", tmp_path / "out")
    rulebook = read_rules([tmp_path / "out", ingest.rules.rulebook.bundled_rules()])
    prose = "The harbour master counted the boats twice before the fog came in over the long stone pier. "
    paragraphs = "".join(f"<p>{prose * 2}{number}.</p>" for number in range(5))
    page = f"<html><body><article><h1>Fog</h1>{paragraphs}<p class=tide-table>Low water at noon.</p></article></body>"
    record = ingest.clean(page, url="https://pier.example/1", rules=rulebook)
    assert record.body.count("fog came in") == 10
    assert "pier.example/tide-table" in {removal.rule for removal in record.removals}
    assert "guarded:pier.example/article" in record.flags
    assert "layout_missed" not in record.flags


def test_the_same_in_the_same_out_and_nothing_overwritten(tmp_path):
    (tmp_path / "in").mkdir()
    checkout, out = make_checkout(tmp_path / "in"), tmp_path / "out"
    run(checkout, "--out", out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "pier.example.yaml").write_text("mine")
    again = run(checkout, "--out", out)
    assert again.exit_code == 0
    assert "0 rule files written" in again.output
    assert (out / "pier.example.yaml").read_text() == "mine"
    run(checkout, "--out", out, "--force")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_bundled_rules_are_not_laid_over_unasked(tmp_path):
    (tmp_path / "jpost.com.txt").write_text("body: //div\n")
    result = run(tmp_path, "--out", tmp_path / "out")
    assert "there are bundled rules" in result.output
    assert "0 rule files written" in result.output
    assert "1 rule files written" in run(tmp_path, "--out", tmp_path / "out", "--force").output


def test_wrong_usage(tmp_path, monkeypatch):
    monkeypatch.delenv("INGEST_RULES", raising=False)
    assert isinstance(run(tmp_path / "none", "--out", tmp_path).exception, ingest.errors.UsageError)
    assert isinstance(run(tmp_path, "--out", tmp_path).exception, ingest.errors.UsageError)
    assert isinstance(run(tmp_path).exception, ingest.errors.UsageError)
    monkeypatch.setenv("INGEST_RULES", str(tmp_path))
    (tmp_path / "quay.example.txt").write_text("body: //main\n")
    assert run(tmp_path).exit_code == 0
    assert (tmp_path / "quay.example.yaml").is_file()
