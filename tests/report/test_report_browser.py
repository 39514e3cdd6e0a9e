"""The report in a browser: nothing scraped acts, nothing is fetched, and everybody can use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_rows import VALUES, record, reject, write_rows

from ingest.report import make_report


@pytest.fixture(scope="module")
def report(newsroom: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(make_report(newsroom), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [record(number, value) for number, value in enumerate(VALUES)]
    write_rows(folder / "data", rows, [reject(number, value) for number, value in enumerate(VALUES)])
    file = folder / "report.html"
    file.write_text(make_report(folder / "data"), encoding="utf-8")
    return file.as_uri()


OPEN_ALL = "document.querySelectorAll('details').forEach((entry) => { entry.open = true })"


def test_scraped_values_do_nothing(browser, hostile):
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(hostile)
    page.evaluate(OPEN_ALL)
    for link in page.locator("a.away").all()[:3]:
        link.hover()
    assert page.title() == "data: ingest report"
    assert asked == [hostile]
    assert said == []
    assert page.locator("main img, main script, main style, main form, main iframe").count() == 0
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(browser, report, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # axe brings a script of its own
    page = context.new_page()
    page.goto(report)
    page.evaluate(OPEN_ALL)
    violations = axe.Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"][:200]) for found in violations] == []
    context.close()


def test_it_fits_a_telephone(browser, report):
    page = browser.new_page(viewport={"width": 420, "height": 800})
    page.goto(report)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    page.close()


def test_links_open_what_they_lead_to_without_scripts(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report)
    assert not page.locator(".tools").is_visible()
    page.locator("table.sites a").first.click()
    assert page.locator("#sites details.entry[open]").count() == 1
    page.locator("#sites details.entry[open] table a.rule").first.click()
    assert page.locator("#rules details.entry[open]").count() == 1
    context.close()


def test_rules_are_found_and_ordered(browser, report):
    page = browser.new_page()
    page.goto(report)
    entries = page.locator("#rules .entry:not([hidden])")
    every = entries.count()
    page.fill("#find", "paper1.example plea")
    assert 0 < entries.count() < every
    assert page.locator("#found").text_content() == f"{entries.count()} of {every} rules"
    page.fill("#find", "")
    assert entries.count() == every
    page.select_option("#order", "words")
    group = page.locator("#rules .kind-group").first.locator(".entry")
    words = [int(group.nth(number).get_attribute("data-words")) for number in range(group.count())]
    assert words == sorted(words, reverse=True) and len(words) > 1
    page.locator("#rules summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#rules .entry[open]").count() == 1
    page.close()
