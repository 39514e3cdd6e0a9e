"""The pictures of the documentation: the report and the review of the samples, light and dark, as PNG.

    python -m benchmarks.screenshots [--out docs/images]

Needs chromium and playwright. The pages shown are the samples, in our own words.
"""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

import ingest
from benchmarks.serving import serving
from ingest.report import make_report
from ingest.samples import bundled_samples

WIDTH, HEIGHT = 1280, 860
MOST_BYTES = 300_000
COLOURS = 128

VIEWS = {
    "review-overview": "/",
    "review-rule": "/removals?rule=jpost.com/reader-plea",
    "review-article": None,
}
"""Name of the picture and address of the view; the article is the one with the reader's plea."""


def take(browser: Any, address: str, report: str, out: Path) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": WIDTH, "height": HEIGHT})
        page = context.new_page()
        page.goto(report)
        page.screenshot(path=out / f"report-{scheme}.png")
        page.locator("#rules .entry summary").first.click()
        page.locator("#rules").scroll_into_view_if_needed()
        page.screenshot(path=out / f"report-rule-{scheme}.png")
        for name, view in VIEWS.items():
            if view is None:
                page.click(".example a.headline >> nth=0")
            else:
                page.goto(address + view)
            page.screenshot(path=out / f"{name}-{scheme}.png")
        context.close()


def _move(dataset: Path, samples: Path) -> None:
    """Name the sources as if they lay elsewhere: pictures shall not show where this machine keeps its files."""
    for part in dataset.glob("re*/*.parquet"):
        table = pq.read_table(part)
        sources = pc.replace_substring(table["source"], str(samples), "/scraped")
        place = table.schema.get_field_index("source")
        pq.write_table(table.set_column(place, table.schema.field(place), sources), part)


def shrink(path: Path) -> None:
    """Fewer colours, where the Python imaging library is there; too large a picture is an error."""
    try:
        from PIL import Image

        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
    except ImportError:
        pass
    if path.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes, more than {MOST_BYTES:,}.")


def main(arguments: Sequence[str] | None = None) -> None:
    from playwright.sync_api import sync_playwright

    parser = ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "docs" / "images")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        dataset, report = Path(folder) / "samples", Path(folder) / "report.html"
        ingest.run(bundled_samples(), out=dataset, jobs=0)
        _move(dataset, bundled_samples())
        report.write_text(make_report(dataset), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with serving(dataset) as address:
            take(browser, address, report.as_uri(), options.out)
        browser.close()
    for path in sorted(options.out.glob("re*-*.png")):
        shrink(path)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
