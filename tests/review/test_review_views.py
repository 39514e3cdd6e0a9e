"""The views as HTML: what they say, that they lead on, and that nothing scraped acts in them."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from asking import HOST, ask, make_record, make_reject, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ingest.marks import read_marks
from ingest.records import Block, Image, Removal
from ingest.review import lookups
from ingest.review.filters import NAMES, Filters
from ingest.store import read
from ingest.views import page_key

FORM = {"origin": f"http://{HOST}", "content-type": "application/x-www-form-urlencoded"}


def links(text, part=""):
    """The addresses of a view's links that hold a text."""
    tree = LexborHTMLParser(text)
    return [href for node in tree.css("a") if part in (href := node.attributes.get("href") or "")]


def follow(app, address):
    """A view's next page, as a person finds it."""
    answer = ask(app, address)
    assert answer.status == 200
    return next(iter(links(answer.text, "after=")), None), answer


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/", "3,000"),
        ("/sites", "old-valley-0.example"),
        ("/sites?q=valley-17.", "valley-17.example"),
        ("/rules", "share-bar/share"),
        ("/rules?kind=credit", "photo-credit/credit"),
        ("/flags", "layout_missed"),
        ("/site?site=old-valley-0.example", "What was removed, by kind"),
        ("/removals", "the rarest first"),
        ("/removals?rule=share-bar/share", "Share this story"),
        ("/removals?kind=newsletter&site=old-valley-0.example", "Get the morning letter in your inbox"),
        ("/pages?language=he", "נ"),
        ("/rejects?reason=timeout", "More than 20 s of CPU time."),
        ("/marks", "Nothing is marked yet"),
    ],
)
def test_views_show_what_there_is(app, address, says):
    answer = ask(app, address)
    assert answer.status == 200 and says in unescape(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "address",
    [
        "/sites?q=nobody",
        "/rules?q=nothing",
        "/removals?q=unheard-of",
        "/removals?rule=no/such",
        "/pages?site=nobody.example",
        "/pages?q=unheard-of",
        "/rejects?q=unheard-of",
        "/flags?site=nobody.example",
    ],
)
def test_nothing_found_is_said_in_a_sentence(app, address):
    tree = LexborHTMLParser(ask(app, address).text)
    assert tree.css_first(".empty").text().strip().endswith(".")


@pytest.mark.parametrize(
    "address",
    [
        f"{path}?after={after}"
        for path in ("/pages", "/removals", "/rejects", "/rules", "/sites")
        for after in ("999999999999999999", "999999999.999999999999", "-9.-9", "x", "1.2.3", "9" * 40, "%00")
    ]
    + ["/pages?q=the&after=99999999999999999"],
)
def test_a_page_out_of_range_is_a_page(app, address):
    assert ask(app, address).status == 200


def test_paging_goes_through_everything(app, index):
    with index.cursor() as cursor:
        number = lookups.overview(cursor, Filters(site="old-valley-0.example")).records
    address, keys = "/pages?site=old-valley-0.example", []
    while address:
        address, answer = follow(app, address)
        keys += links(answer.text, "/page/")
    assert len(keys) == len(set(keys)) == number > lookups.PAGES


def test_an_article_shows_kept_and_removed(app, generated):
    row = read(generated).head(1).to_pylist()[0]
    answer = ask(app, f"/page/{page_key(row['source'], row['source_digest'])}")
    tree = LexborHTMLParser(answer.text)
    assert answer.status == 200
    gone = {node.text() for node in tree.css("del")}
    assert gone >= {removal["text"] for removal in row["removals"]}
    assert row["blocks"][0]["text"] in tree.css_first(".clean").text()


def test_an_unknown_article_is_a_sentence(app):
    answer = ask(app, "/page/0000000000000000")
    assert answer.status == 404 and "There is no article" in answer.text


# -- searching -----------------------------------------------------------------------------------------------


def test_search_finds_title_and_body_in_any_case_and_goes_on(tmp_path, open_app):
    records = [make_record(n, title="A Pier" if n % 3 == 0 else "Other") for n in range(300)]
    for part in range(6):
        write_rows(tmp_path, f"p{part}", records[50 * part : 50 * part + 50])
    app = open_app(tmp_path)
    assert len(links(ask(app, "/pages?q=NUMBER+17+").text, "/page/")) == 1
    address, keys = "/pages?q=a+pier", []
    while address:
        address, answer = follow(app, address)
        keys += links(answer.text, "/page/")
    assert len(keys) == len(set(keys)) == 100
    assert "no more hits" in answer.text
    assert len(links(ask(app, "/pages?q=ferry&site=nobody.example").text, "/page/")) == 0


@pytest.mark.parametrize(
    "text", [".*", "(", "[a", "\\", "ferry|pier", "$", "a{9999}", "%", "_", "'; drop table pages"]
)
def test_a_text_is_searched_as_it_is(tmp_path, open_app, text):
    write_rows(tmp_path, "p", [make_record(1), make_record(2, body=f"x {text} y")])
    app = open_app(tmp_path)
    for path in ("/pages", "/removals", "/rejects", "/sites", "/rules"):
        answer = ask(app, f"{path}?{urlencode({'q': text})}")
        assert answer.status == 200
        if path == "/pages":
            assert len(links(answer.text, "/page/")) == 1
            assert text in unescape(answer.text)


def test_hits_are_shown_amid_their_text(tmp_path, open_app):
    body = "א" * 500 + " the old pier " + "ב" * 500
    write_rows(tmp_path, "p", [make_record(1, body=body, language="he")])
    tree = LexborHTMLParser(ask(open_app(tmp_path), "/pages?q=OLD").text)
    assert tree.css_first("mark").text() == "old"
    shown = tree.css_first(".found")
    assert "א" in shown.text() and "ב" in shown.text() and len(shown.text()) < 400
    assert shown.attributes["dir"] == "rtl"


# -- filters ---------------------------------------------------------------------------------------------------


@given(
    st.dictionaries(
        st.sampled_from(NAMES), st.text(min_size=1, max_size=30).filter(lambda t: t.isprintable())
    )
)
def test_filters_come_back_from_their_address(values):
    address = Filters(**values).address("/pages")
    query = {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
    assert Filters.of(query).named == values


@settings(max_examples=60)
@given(st.data())
def test_no_filter_breaks_a_view(app, data):
    path = data.draw(st.sampled_from(["/pages", "/removals", "/rejects", "/rules", "/sites", "/flags"]))
    odd = st.text(max_size=20) | st.sampled_from(["' or 1=1 --", "\x00", "$rule", "?", "%", "\ud800"])
    names = st.sampled_from([*NAMES, "after"])
    values = data.draw(st.dictionaries(names, odd, max_size=4))
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in values.items())
    assert ask(app, f"{path}?{query}").status == 200


# -- hostile rows ------------------------------------------------------------------------------------------------

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title><base href=//evil.example/>",
    "<form action=//evil.example><input name=token>",
    "\u202egnp.exe\u0000\x1b[31m",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """A dataset in which every value attacks."""
    out = tmp_path_factory.mktemp("attacked")
    records, rejects = [], []
    for number, attack in enumerate(ATTACKS):
        records.append(
            make_record(
                number,
                source=attack,
                url=attack,
                canonical_url=attack,
                site=attack,
                publisher=attack,
                language=attack,
                title=attack,
                deck=attack,
                authors=(attack,),
                agency=attack,
                published_raw=attack,
                section=attack,
                tags=(attack,),
                body=attack,
                blocks=(Block("paragraph", attack, place=0), Block("heading", attack, 2, 3)),
                images=(Image(url=attack, alt=attack, caption=attack, credit=attack),),
                removals=(Removal(attack, "plea", 1, attack), Removal(f"{attack}/x", "ad", 2, attack)),
                layout=attack,
                origins={"title": attack, "body": attack},
                flags=(attack, f"guarded:{attack}"),
            )
        )
        rejects.append(make_reject(number, source=attack, url=attack, site=attack, detail=attack))
    return write_rows(out, "attack", records, rejects)


def assert_harmless(text):
    """Nothing but our own elements, attributes and addresses."""
    tree = LexborHTMLParser(text)
    assert not tree.css("script, img, iframe, object, embed, base, link, svg, video, audio, meta[http-equiv]")
    assert len(tree.css("style")) == 2
    for node in tree.css("*"):
        assert not [
            name for name in node.attributes if name.lower().startswith("on") or name in ("style", "srcdoc")
        ]
    for node in tree.css("a"):
        href = node.attributes["href"]
        inside = re.match(r"[/#?](?!/)", href)
        assert inside or re.match(r"https?://", href), href
        if not inside:
            assert {"noopener", "noreferrer"} <= set((node.attributes["rel"] or "").split())
    for node in tree.css("form"):
        assert re.fullmatch(r"/[a-z]*", node.attributes["action"])
    assert (
        "\x00" not in text
        and "\x1b" not in text
        and "\u202e" not in text
        and "49" not in tree.css_first("h1").text()
    )


@pytest.mark.parametrize(
    "path", ["/", "/sites", "/rules", "/flags", "/removals", "/pages", "/rejects", "/marks"]
)
def test_hostile_rows_do_nothing(attacked, open_app, path):
    assert_harmless(ask(open_app(attacked), path).text)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_filters_and_articles_do_nothing(attacked, open_app, attack):
    app = open_app(attacked)
    for path in ("/pages", "/removals", "/rejects", "/site", "/rules", "/sites", "/flags"):
        for name in ("q", "site", "rule", "flag", "kind", "language", "reason", "after"):
            assert_harmless(ask(app, f"{path}?{urlencode({name: attack})}").text)
    pages = links(ask(app, f"/pages?{urlencode({'site': attack})}").text, "/page/")
    assert len(pages) == 1
    article = ask(app, pages[0])
    assert article.status == 200
    assert_harmless(article.text)


# -- marking -------------------------------------------------------------------------------------------------------


def forms(text):
    """The marking forms of a view, as their fields."""
    found = []
    for form in LexborHTMLParser(text).css("form.mark"):
        fields = {n.attributes["name"]: n.attributes.get("value") or "" for n in form.css("input, button")}
        found.append(fields)
    return found


def test_marks_are_made_shown_and_taken_back(tmp_path, open_app):
    record = make_record(7)
    app = open_app(write_rows(tmp_path, "p", [record]))
    address = f"/page/{page_key(record.source, record.source_digest)}"
    wanted = [form for form in forms(ask(app, address).text) if form["what"] == "wrong"]
    assert len(wanted) == 2 and len(forms(ask(app, address).text)) == 3
    answer = ask(app, "/mark", method="POST", headers=FORM, body=urlencode(wanted[1]).encode())
    assert answer.status == 303 and answer.headers["location"].startswith(f"{address}#")
    [mark], broken = read_marks(tmp_path)
    assert not broken and (mark.what, mark.rule, mark.text) == (
        "wrong",
        "share-bar/share",
        "Share this story",
    )
    assert (mark.block, mark.start, mark.source) == (2, 0, record.source)
    shown = ask(app, address).text
    assert "Marked: should have stayed" in shown and "Share this story" in ask(app, "/marks").text
    [back] = [form for form in forms(shown) if form["what"] == "withdrawn"]
    assert ask(app, "/mark", method="POST", headers=FORM, body=urlencode(back).encode()).status == 303
    assert read_marks(tmp_path) == ([], [])


def test_a_leftover_is_marked(tmp_path, open_app):
    record = make_record(7)
    app = open_app(write_rows(tmp_path, "p", [record]))
    address = f"/page/{page_key(record.source, record.source_digest)}"
    [form] = [form for form in forms(ask(app, address).text) if form["what"] == "leftover"]
    assert ask(app, "/mark", method="POST", headers=FORM, body=urlencode(form).encode()).status == 303
    [mark], _ = read_marks(tmp_path)
    assert (mark.what, mark.rule, mark.block, mark.text) == ("leftover", None, 1, record.blocks[0].text)


def test_marks_are_made_where_removals_are_listed(tmp_path, open_app):
    app = open_app(write_rows(tmp_path, "p", [make_record(7)]))
    form = forms(ask(app, "/removals?rule=share-bar/share").text)[0]
    answer = ask(app, "/mark", method="POST", headers=FORM, body=urlencode(form).encode())
    assert answer.headers["location"] == "/removals?rule=share-bar%2Fshare#m0"
    assert "Marked: should have stayed" in ask(app, "/removals?rule=share-bar/share").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/\\evil.example", "/a\r\nx: y", "", "x"]
)
def test_a_mark_leads_back_to_this_server_only(tmp_path, open_app, back):
    app = open_app(write_rows(tmp_path, "p", [make_record(7)]))
    form = forms(ask(app, "/removals").text)[0] | {"back": back}
    answer = ask(app, "/mark", method="POST", headers=FORM, body=urlencode(form).encode())
    assert answer.status == 303 and answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "changes",
    [
        {"removal": "99"},
        {"removal": "-1"},
        {"removal": "x"},
        {"what": "other"},
        {"what": "leftover"},
        {"key": "0" * 16},
        {"key": "../../x"},
    ],
    ids=str,
)
def test_a_mark_of_nothing_is_refused(tmp_path, open_app, changes):
    app = open_app(write_rows(tmp_path, "p", [make_record(7)]))
    form = forms(ask(app, "/removals").text)[0] | changes
    assert ask(app, "/mark", method="POST", headers=FORM, body=urlencode(form).encode()).status in (400, 404)
    assert not (tmp_path / "marks.jsonl").exists()


def test_marks_that_cannot_be_written_are_a_sentence(tmp_path, open_app):
    app = open_app(write_rows(tmp_path, "p", [make_record(7)]))
    form = forms(ask(app, "/removals").text)[0]
    (tmp_path / "marks.jsonl").mkdir()
    answer = ask(app, "/mark", method="POST", headers=FORM, body=urlencode(form).encode())
    assert answer.status == 500 and "Cannot" in answer.text
