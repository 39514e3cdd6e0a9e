"""Cosmetic filter lists as packs: taken over or left out with a reason, matched by names, the article guarded."""

from __future__ import annotations

import random
import time

import pytest
import typer
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

import ingest
from ingest.cli import rules_import
from ingest.cosmetic import match_cosmetic
from ingest.errors import RuleError
from ingest.imports.cosmetic_list import COMMENTS, EXCEPTIONS, TAKEN, import_cosmetics, pack_name
from ingest.records import Record
from ingest.rules.cosmetic import CosmeticIndex, parse_selector, read_cosmetics
from ingest.rules.rulebook import bundled_rules, read_rules
from ingest.walk import walk

LIST = """\
[Adblock Plus 2.0]
! Title: Made-up cookie notices
! a comment
#!include other.txt
##.notice-bar
###consent-layer
##div[class^="cmp-"]
##div[id*="-gdpr-"]
##.shelf > .inner
##.shelf .deep.down
##span.note, p.note
~quiet.example##.shout
pier.example,reef.example##.subscribe-box
pier.example,~shop.pier.example##.tide
harbour.*##.anchor
pier.example##div[data-role="plea"]
pier.example##p:has(> b.mark)
reef.example#@#.notice-bar
#@#.never
##.never
##footer
##.content
##article
##body
##*
##div[data-ad]
##.x:has-text(word)
pier.example#?#.x:upward(2)
pier.example##+js(set, a, 1)
##^script:has-text(a)
pier.example#$#.x { display: none }
pier.example##.x:style(top: 0)
pier.example#%#window.a = 1
pier.example$$script[a]
[$path=/a]##.y
/pier\\.(example|test)/##.z
||ads.pier.example^$third-party
@@||pier.example^$generichide
pier.example##.wrong[[
"""


def make_index(text=LIST, pack="notices"):
    return CosmeticIndex(
        [read_cosmetics("x.json", import_cosmetics(pack, [("list.txt", text)]).text.encode())]
    )


def hidden_texts(markup, host, index):
    tree = LexborHTMLParser(f"<!doctype html><html><body>{markup}</body></html>")
    document = walk(tree.body)
    hidden = match_cosmetic(document, tree.body, host, index)
    return {block.text: hidden[block.node].rule for block in document.blocks if block.node in hidden}


def test_every_line_has_an_outcome():
    made = import_cosmetics("notices", [("list.txt", LIST)])
    assert made.counts[COMMENTS] == 4
    assert made.counts[EXCEPTIONS] == 2
    left_out = {skipped.reason: skipped.lines for skipped in made.skipped}
    assert left_out == {
        "scripts and filters of the page's source": 4,
        "procedural filters (:has-text, :upward, …)": 2,
        "network filters: pages are not fetched": 2,
        "filters that find whole pages": 2,
        "styles put into pages": 2,
        "filters with modifiers ([$path=…])": 1,
        "domains given as patterns": 1,
        "not CSS as the engine reads it": 1,
        "for all sites, by more than tags, classes and ids: it would be asked of every page": 1,
    }
    several_selectors_in_one_line = 1
    assert sum(made.counts.values()) == len(LIST.splitlines()) + several_selectors_in_one_line
    assert made.skipped[0].examples[0] == "list.txt:29: pier.example##+js(set, a, 1)"


def test_kinds_are_of_what_lists_hide():
    lines = "\n".join(f"pier.example##.{name}" for name in ("byline-box", "page-title", "share-bar", "qx"))
    for file, default in (
        ("ads/cookies.txt", "cookie"),
        ("newsletter/list.txt", "furniture"),
        ("adguard_annoyances.txt", "furniture"),
        ("more-ads.txt", "ad"),
    ):
        made = import_cosmetics("mixed", [(file, lines)])
        filters = read_cosmetics("mixed.json", made.text.encode()).value.filters
        assert filters["share"] == ["pier.example##.share-bar"]
        assert filters[default] == [f"pier.example##.{name}" for name in ("byline-box", "page-title", "qx")]
        assert file.rsplit("/", 1)[-1] in made.text and "/" not in made.text


def test_what_scripts_do_is_told_from_styles():
    made = import_cosmetics(
        "x", [("x.txt", "a.example#$#hide-if-contains word\na.example#$#.x { color: red }\n")]
    )
    assert {skipped.reason for skipped in made.skipped} == {
        "scripts and filters of the page's source",
        "styles put into pages",
    }


def test_the_pack_is_read_back_strictly():
    made = import_cosmetics("notices", [("list.txt", LIST)])
    read = read_cosmetics("notices.json", made.text.encode())
    assert read.mistakes == []
    assert "Made-up cookie notices" in read.value.about
    assert sum(map(len, read.value.filters.values())) == made.counts[TAKEN]
    assert "##.notice-bar" in read.value.filters["cookie"]
    assert "pier.example,reef.example##.subscribe-box" in read.value.filters["newsletter"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('{"pack": "x", "about": "y", "filters": {}, "more": 1}', "unknown field `more`"),
        ('{"pack": "X y", "about": "y", "filters": {}}', "pack"),
        ('{"pack": "x", "about": "y", "filters": {"advert": ["##.a"]}}', "advert"),
        ('{"pack": "x", "about": "y", "filters": {"ad": ["no filter"]}}', "`filters.ad[0]`"),
        (
            '{"pack": "x", "about": "y", "filters": {"ad": ["##.ok", "##*"]}}',
            "`filters.ad[1]`: `*` finds whole",
        ),
        ('{"pack": "x", "about": "y", "filters": {"ad": ["a b##.x"]}}', "`a b` is no domain"),
        ('{"pack": "x", "about": "y", "filters": {"ad": ["a.b##.x["]}}', "does not compile"),
        ('{"pack": "x", "about": "y", "filters": {}, "exceptions": ["a.b##.x"]}', "`exceptions[0]`"),
        ("{", "truncated"),
        ("\xff", "invalid"),
    ],
)
def test_mistakes_in_packs(data, message):
    read = read_cosmetics("x.json", data.encode("latin-1"))
    assert read.value is None
    assert message.lower() in str(read.mistakes[0]).lower()


def test_selectors_by_names():
    index = make_index()
    markup = """
        <div class="big notice-bar">bar</div><section id="consent-layer" class="a">layer</section>
        <div class="cmp-box">cmp</div><div class="x cmp-box">not at the beginning</div><p class="cmp-">no div</p>
        <div id="my-gdpr-box" class="k">gdpr</div>
        <div class="shelf"><div class="inner">inner</div><div><div class="down deep">deep</div></div></div>
        <div class="shelf"><div><div class="inner">no child</div></div></div><div class="inner">outside</div>
        <p class="note">note</p><div class="shout">shout</div><div class="never">never</div>
        <footer>foot</footer><div id="notice-bar">an id is no class</div>"""
    assert set(hidden_texts(markup, None, index)) == {
        *("bar", "layer", "cmp", "gdpr", "inner", "deep", "note", "shout", "foot")
    }


def test_hosts_and_exceptions():
    index = make_index()

    def on(host, markup):
        return bool(hidden_texts(markup, host, index))

    box, tide, shout = '<p class="subscribe-box">a', '<p class="tide">a', '<p class="shout">a'
    assert on("pier.example", box) and on("www.reef.example", box)
    assert not on("spire.example", box) and not on(None, box) and not on("example", box)
    assert on("pier.example", tide) and on("news.pier.example", tide)
    assert not on("shop.pier.example", tide) and not on("a.shop.pier.example", tide)
    assert on("quay.example", shout) and not on("quiet.example", shout) and not on("www.quiet.example", shout)
    anchor = '<p class="anchor">a'
    assert (
        on("harbour.example", anchor)
        and on("www.harbour.co.uk", anchor)
        and not on("my-harbour.example", anchor)
    )
    assert not on("reef.example", '<p class="notice-bar">a')
    assert on("pier.example", '<p class="notice-bar">a')
    assert on("pier.example", '<div data-role="plea">a</div>') and not on(
        "a.example", '<div data-role="plea">a'
    )
    assert on("pier.example", "<p>a <b class=mark>b</b></p>")


def test_names_of_rules_are_stable_and_readable():
    index = make_index()
    (rule,) = hidden_texts('<p class="notice-bar">a', None, index).values()
    assert rule == hidden_texts('<p class="notice-bar">b', None, make_index(LIST[::1] + "##.other\n"))["b"]
    assert rule.startswith("notices/notice-bar-")
    assert len(rule) == len("notices/notice-bar-") + 6


def test_parse_selector():
    assert parse_selector(".a\\:b")[0].classes == ("a:b",)
    assert [part.child for part in parse_selector("div.a > #b p")] == [False, True, False]
    for css in ("a[href]", "p:not(.x)", "a + b", ".a >", "", ".a,.b", 'p[class="x" i]', ".a" + " .a" * 20):
        assert parse_selector(css) is None


@given(st.text(alphabet="#@?$%.,~abc[]=\"'>* :/|!^-\\é\n", max_size=120))
@example(":#@#")
def test_any_list_becomes_a_pack_that_loads(text):
    made = import_cosmetics("any", [("a.txt", text), ("b.txt", f"##.a{text}")])
    assert read_cosmetics("any.json", made.text.encode()).mistakes == []


def test_doubles_count_once():
    made = import_cosmetics("x", [("a.txt", "##.a-b\n"), ("b.txt", "##.a-b\n##.c-d\n")])
    assert sum(map(len, read_cosmetics("x.json", made.text.encode()).value.filters.values())) == 2


def test_pack_names():
    assert pack_name(["/lists/EasyList Cookie_general.txt"]) == "easylist-cookie-general"
    assert pack_name(["日本.txt"]) == "cosmetic"


def make_many(count: int) -> str:
    chance = random.Random(5)
    words = (
        "cookie",
        "consent",
        "banner",
        "notice",
        "shelf",
        "popup",
        "share",
        "social",
        "sticky",
        "widget",
        "bar",
    )

    def name():
        return "-".join(chance.sample(words, 3)) + f"-{chance.randint(1, 999)}"

    shapes = (
        "##.{}",
        "###{}",
        '##div[class^="{}"]',
        "##div.{} > .inner",
        "site{}.example##.{}",
        "##.{}.open",
    )
    return "\n".join(chance.choice(shapes).format(name(), name()) for _ in range(count))


def make_page(elements: int) -> str:
    chance = random.Random(6)
    names = [
        "story text",
        "lead",
        "inner wide",
        "css-1x2y",
        "cookie-bar",
        "share-tools open",
        "box promo-12",
        "",
    ]
    return "".join(
        f'<div class="{chance.choice(names)} n{number % 90}"><p id="p{number}">Tide table {number}</p></div>'
        for number in range(elements // 2)
    )


def test_many_filters_cost_little():
    """The promise is 0.3 ms a page of usual size; the limit here is wide, for slow and busy machines."""
    index = make_index(make_many(20_000))
    assert len(index) > 19_000
    tree = LexborHTMLParser(f"<body>{make_page(450)}</body>")
    document = walk(tree.body)
    times = []
    for _ in range(20):
        start = time.process_time()
        match_cosmetic(document, tree.body, "www.pier.example", index)
        times.append(time.process_time() - start)
    assert min(times) < 0.003


def test_deep_pages_and_long_selectors_end_soon():
    index = make_index("##" + " ".join([".a"] * 8) + " > .z\n")
    markup = '<div class="a z">' * 400 + "x"
    start = time.process_time()
    hidden_texts(markup, None, index)
    assert time.process_time() - start < 2


# -- on pages ------------------------------------------------------------------------------------------------

PROSE = "The harbour master counted the boats twice before the fog came in over the long stone pier. "
app = typer.Typer()
rules_app = typer.Typer()
rules_import.register(rules_app)
app.add_typer(rules_app, name="rules")


def run(*args):
    return CliRunner().invoke(app, ["rules", "import", "cosmetic", *map(str, args)])


@pytest.fixture
def overlay(tmp_path):
    (tmp_path / "made-up.txt").write_text(LIST)
    result = run(tmp_path / "made-up.txt", "--out", tmp_path / "rules")
    assert result.exit_code == 0, result.output
    assert "2 left out: procedural filters" in result.output
    return tmp_path / "rules"


def make_article(extra: str, paragraphs: int = 6) -> str:
    body = "".join(f"<p>{PROSE * 2} {number}.</p>" for number in range(paragraphs))
    return f"<html><body><article><div class=content><h1>Fog on the pier</h1>{body}{extra}</div></article></body>"


def test_hidden_elements_are_removed_with_their_rule(overlay):
    rules = read_rules([bundled_rules(), overlay])
    notice = "<div class=tide>Low water is at noon today.</div>"
    record = ingest.clean(make_article(notice), url="https://www.pier.example/1", rules=rules)
    assert isinstance(record, Record)
    assert "Low water" not in record.body
    (removal,) = [r for r in record.removals if r.rule.startswith("made-up/")]
    assert (removal.kind, removal.text) == ("cookie", "Low water is at noon today.")
    elsewhere = ingest.clean(make_article(notice), url="https://www.quay.example/1", rules=rules)
    assert "Low water" in elsewhere.body


def test_filters_never_cost_the_article(overlay):
    rules = read_rules([bundled_rules(), overlay])
    record = ingest.clean(make_article(""), url="https://www.quay.example/1", rules=rules)
    assert isinstance(record, Record)
    assert record.body.count("fog came in") == 12
    assert any(flag.startswith("guarded:made-up/content-") for flag in record.flags)


def test_a_box_inside_a_guarded_element_still_goes(overlay):
    rules = read_rules([bundled_rules(), overlay])
    record = ingest.clean(
        make_article("<div class=notice-bar>Boats may be late.</div>"),
        url="https://quay.example/1",
        rules=rules,
    )
    assert record.body.count("fog came in") == 12
    assert "Boats may be late" not in record.body


def test_the_digest_knows_the_lists(overlay):
    without, with_lists = read_rules([bundled_rules()]), read_rules([bundled_rules(), overlay])
    for site in (None, next(iter(without.sites))):
        assert without.rules_for(site).digest != with_lists.rules_for(site).digest
    assert with_lists.rules_for(None).digest == read_rules([bundled_rules(), overlay]).rules_for(None).digest


def test_mistakes_stop_before_the_first_page(overlay):
    (overlay / "cosmetic" / "broken.json").write_text(
        '{"pack": "other", "about": "", "filters": {"ad": ["x"]}}'
    )
    with pytest.raises(RuleError) as refused:
        read_rules([bundled_rules(), overlay])
    assert "broken.json" in str(refused.value)


def test_wrong_usage(tmp_path, overlay):
    for args in (
        (tmp_path / "none.txt", "--out", overlay),
        (tmp_path / "made-up.txt", "--out", overlay),
        (tmp_path / "made-up.txt", "--out", overlay, "--name", "No Name"),
    ):
        assert isinstance(run(*args).exception, ingest.errors.UsageError)
    assert run(tmp_path / "made-up.txt", "--out", overlay, "--force").exit_code == 0
    assert run(tmp_path / "made-up.txt", "--out", overlay, "--name", "second").exit_code == 0
