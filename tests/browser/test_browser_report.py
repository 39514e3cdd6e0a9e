"""`ingest report` in a real browser: of the samples, and of a large dataset."""

from __future__ import annotations

import pytest
from watching import faults_of

from ingest.report import make_report

pytestmark = pytest.mark.usefixtures("writing")


@pytest.fixture(scope="module")
def samples_report(samples, tmp_path_factory):
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(make_report(samples), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(params=["samples", "large"])
def report(request):
    return request.getfixturevalue(f"{request.param}_report")


def test_from_a_rule_to_what_it_removed_to_the_article(open_page, report):
    page = open_page()
    page.goto(report)
    page.click("nav >> text=Rule by rule")
    page.wait_for_selector("#rules")
    entries = page.locator("#rules .entry:has(a.headline[href^='#page'])")
    entry = entries.first
    entry.locator("summary").click()
    assert entry.locator("del").first.is_visible()
    entry.locator("a.headline[href^='#page']").first.click()
    opened = page.locator(".article-view:visible")
    opened.first.wait_for()
    assert opened.locator("del").count() > 0
    page.go_back()


def test_finding_dark_print_and_keyboard(open_page, report):
    page = open_page(color_scheme="dark")
    page.goto(report)
    page.fill("#find", "plea")
    assert page.locator("#rules .entry:visible").count() >= 1
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, paper.removeprefix("rgb(").removesuffix(")").split(",")[:3])) < 150
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.focus("#rules .entry summary")
    page.keyboard.press("Enter")
    assert page.locator("#rules .entry[open]").count() == 1
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('nav').getBoundingClientRect().height") <= 1
    assert page.locator("main").is_visible()


def test_everybody_can_use_the_report_of_the_samples(open_page, samples_report):
    page = open_page(bypass_csp=True)
    page.goto(samples_report)
    assert faults_of(page) == []
