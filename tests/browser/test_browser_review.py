"""`ingest review` in a real browser: from a rule to an article, searching, marking; usable by all, whoever attacks."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hostile_rows import VALUES, record, reject, write_rows
from playwright.sync_api import expect
from watching import faults_of

from benchmarks.serving import serving
from ingest.marks import read_marks
from ingest.store import read

VIEWS = ("/", "/pages", "/removals", "/rules", "/sites", "/flags", "/rejects", "/marks")


@pytest.fixture
def clear_marks(large):
    yield
    (large / "marks.jsonl").unlink(missing_ok=True)


def test_from_a_rule_to_what_it_removed_to_the_article_and_back(open_page, review):
    page = open_page()
    page.goto(review)
    assert "100,000" in page.inner_text("main")
    page.click("nav >> text=Rules")
    page.fill("input[name=q] >> nth=1", "old-valley-0.example/reader-plea")
    page.press("input[name=q] >> nth=1", "Enter")
    page.click("a.rule")
    first = page.locator(".example").first
    removed = first.locator("del").first.inner_text()
    assert first.locator(".neighbour").count() == 2
    listed = page.url
    first.locator("a.headline").click()
    assert removed in page.locator(".scraped del").all_inner_texts()
    assert removed not in page.inner_text(".clean")
    page.go_back()
    assert (page.url == listed and page.locator(".example").count() == 20) or page.locator(
        ".example"
    ).count() > 0


def test_filters_stand_in_the_address(open_page, review):
    page = open_page()
    page.goto(f"{review}/removals")
    page.select_option("select[name=kind]", "newsletter")
    page.fill("input[name=site]", "old-valley-0.example")
    page.click("main button >> text=Show")
    assert "kind=newsletter" in page.url and "site=old-valley-0.example" in page.url
    shared = open_page()
    shared.goto(page.url)
    assert shared.inner_text(".texts") == page.inner_text(".texts")
    shared.click(".chips li:has-text('kind') a")
    assert "kind=" not in shared.url


def test_searching_and_going_on(open_page, review):
    page = open_page()
    page.goto(review)
    page.fill("#find", "LIGHTHOUSE")
    page.press("#find", "Enter")
    page.wait_for_selector("a.more")
    expect(page.locator(".hit")).to_have_count(50)
    assert page.locator("mark").first.inner_text().lower() == "lighthouse"
    first = page.locator(".hit a.headline").first.inner_text()
    page.click("a.more")
    page.wait_for_selector("a.more")
    assert page.locator(".hit a.headline").first.inner_text() != first
    page.go_back()
    assert page.locator(".hit a.headline").first.inner_text() == first


def test_a_mark_is_made_and_taken_back(open_page, review, large, clear_marks):
    page = open_page()
    page.goto(f"{review}/pages")
    page.click("a.headline >> nth=2")
    page.click("text=Wrongly removed >> nth=1")
    expect(page.locator(".mark.marked")).to_have_count(1)
    assert "#m" in page.url
    page.click("text=Left-over furniture >> nth=0")
    expect(page.locator(".mark.marked")).to_have_count(2)
    assert sorted(mark.what for mark in read_marks(large)[0]) == ["leftover", "wrong"]
    page.click("nav >> text=Marks")
    expect(page.locator("ol.articles li")).to_have_count(2)
    page.click("ol.articles a[href^='/page/'] >> nth=0")
    page.click("text=Take back >> nth=0")
    expect(page.locator(".mark.marked")).to_have_count(1)
    page.click("text=Take back >> nth=0")
    expect(page.locator(".mark.marked")).to_have_count(0)
    assert read_marks(large) == ([], [])


def test_with_the_keyboard_alone(open_page, review, large, clear_marks):
    page = open_page()
    page.goto(f"{review}/removals?kind=plea")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const at = document.activeElement; const style = getComputedStyle(at);"
            " return [at.textContent.trim(), style.outlineStyle, parseFloat(style.outlineWidth)] })()"
        )
        assert focused[1] != "none" and focused[2] > 0, focused
        if focused[0] == "Wrongly removed":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".mark.marked")
    assert [mark.what for mark in read_marks(large)[0]] == ["wrong"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(open_page, review, scheme):
    page = open_page(color_scheme=scheme)
    found = {}
    views = (
        (*VIEWS, "/site?site=old-valley-0.example", "/pages?q=lighthouse")
        if scheme == "light"
        else ("/", "/removals")
    )
    for view in views:
        page.goto(review + view)
        found[view] = faults_of(page)
    page.goto(f"{review}/pages")
    page.click("a.headline >> nth=0")
    found["article"] = faults_of(page)
    assert {view: faults for view, faults in found.items() if faults} == {}
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    lightness = sum(map(int, paper.removeprefix("rgb(").removesuffix(")").split(",")[:3]))
    assert lightness > 600 if scheme == "light" else lightness < 150


def test_it_prints_and_fits_a_telephone(open_page, review):
    page = open_page(viewport={"width": 360, "height": 780})
    for view in VIEWS:
        page.goto(review + view)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    page.click("nav >> text=Articles")
    page.click("a.headline >> nth=0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.emulate_media(media="print")
    assert not page.is_visible("nav") and not page.is_visible(".mark >> nth=0")
    assert page.is_visible(".clean")
    assert page.pdf().startswith(b"%PDF")


def test_right_to_left_articles_are_set_so(open_page, review):
    page = open_page()
    page.goto(f"{review}/pages?language=ar")
    page.click("a.headline >> nth=0")
    assert page.evaluate("getComputedStyle(document.querySelector('.clean .body p')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.scraped .tag')).direction") == "ltr"


# -- attacks -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(browser, tmp_path_factory):
    """A server for a dataset in which every value attacks."""
    out = tmp_path_factory.mktemp("attacked")
    write_rows(
        out,
        [record(number, value) for number, value in enumerate(VALUES)],
        [reject(number, value) for number, value in enumerate(VALUES)],
    )
    with serving(out) as address:
        yield address, out


def test_scraped_values_do_nothing(open_page, attacked):
    address, out = attacked
    page = open_page()
    for view in (*VIEWS, "/pages?q=evil", "/removals?q=script", "/rejects?q=taken"):
        page.goto(address + view)
        assert page.title() != "taken" and page.locator("script, img, iframe, object, embed").count() == 0
    page.goto(f"{address}/pages")
    articles = page.eval_on_selector_all("a.headline", "found => found.map(link => link.href)")
    assert len(articles) == len(VALUES) == read(out).count_rows()
    for article in articles:
        page.goto(article)
        assert page.title() != "taken"
        page.locator(".whence a").first.hover()
        assert page.locator("form").count() == page.locator("form[action^='/']").count()


def test_a_mark_of_a_hostile_text_is_only_a_mark(open_page, attacked):
    address, out = attacked
    page = open_page()
    page.goto(f"{address}/removals")
    page.click("text=Wrongly removed >> nth=0")
    page.goto(f"{address}/marks")
    expect(page.locator("ol.articles li")).to_have_count(1)
    assert page.title() != "taken"
    (out / "marks.jsonl").unlink()


ATTACKER = """<!doctype html><title>attacker</title><iframe src="{target}/pages"></iframe>
<form id=f method=post action="{target}/mark"><input name=what value=wrong><input name=removal value=0>
<input name=key value=0123456789abcdef></form><script>
window.read = [];
const tell = (name, promise) => promise.then(() => read.push(name + " was read"), () => read.push(name + " was not"));
const all = [tell("page", fetch("{target}/pages").then(answer => answer.text())),
  tell("opaque", fetch("{target}/pages", {{mode: "no-cors"}}).then(answer => answer.text()))];
Promise.all(all).then(() => {{ window.done = true }});
</script>"""


class Attacker(BaseHTTPRequestHandler):
    """A page of another site on this machine."""

    target = ""

    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(ATTACKER.format(target=self.target).encode())

    def log_message(self, *_):
        pass


def test_other_sites_can_neither_read_frame_nor_mark(browser, attacked):
    address, out = attacked
    Attacker.target = address
    with ThreadingHTTPServer(("127.0.0.1", 0), Attacker) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://localhost:{server.server_port}/")
        page.wait_for_function("window.done")
        assert page.evaluate("window.read") == ["page was not", "opaque was not"]
        assert not [frame for frame in page.frames[1:] if frame.query_selector("main")]
        with page.expect_navigation() as navigation:
            page.evaluate("document.getElementById('f').submit()")
        assert navigation.value.status == 403
        context.close()
        server.shutdown()
    assert not (out / "marks.jsonl").exists()
