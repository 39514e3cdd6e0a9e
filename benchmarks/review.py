"""How fast the review server answers over a made-up dataset of a million records.

    python -m benchmarks.review [--records N] [--dataset OUT]

Starts `ingest review` as its own process and asks it as a browser would. Printed are the time from the command's start
to its first view, the slowest view while the dataset is still read, and of each view once it is read the first time,
the median and the slowest.
"""

from __future__ import annotations

import re
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import quote

from benchmarks.generated import make_dataset

REPEATS = 7
VIEWS = (
    "/",
    "/sites",
    "/rules",
    "/flags",
    "/pages",
    "/pages?site=old-valley-0.example",
    "/pages?flag=layout_missed",
    "/pages?rule=share-bar/share",
    "/pages?language=he&kind=plea",
    "/removals",
    "/removals?kind=caption",
    "/removals?rule=generic/caption",
    "/removals?rule=share-bar/share",
    "/removals?site=old-valley-0.example",
    "/site?site=old-valley-0.example",
    "/rejects",
    "/rejects?reason=timeout",
)
DEEP = ("/pages", "/removals?kind=caption", "/rejects")
"""Lists whose next pages are followed, ten of each."""


def ask(port: int, address: str) -> tuple[float, float, str]:
    """Seconds until the first byte, until the last, and the document."""
    started = monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", address)
    answer = connection.getresponse()
    first = answer.read(1)
    begun = monotonic() - started
    text = (first + answer.read()).decode()
    if answer.status not in (200, 404):  # 404: a site or article that the dataset does not have
        raise SystemExit(f"{address} answered {answer.status}")
    return begun, monotonic() - started, text


def next_page(text: str) -> str | None:
    found = re.search(r'rel="next" href="([^"]+)"', text)
    return found[1].replace("&amp;", "&") if found else None


def measure(out: Path) -> None:
    started = monotonic()
    command = [sys.executable, "-m", "ingest", "review", str(out), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(re.search(r":(\d+)/", process.stdout.readline())[1])  # type: ignore[index]
            ready = monotonic() - started
            _, seconds, _ = ask(port, "/")
            print(f"command to address {ready:.2f} s, first view {seconds:.3f} s")
            _measure_reading(port, started)
            _measure_views(port)
        finally:
            process.terminate()


def _measure_reading(port: int, started: float) -> None:
    slowest = 0.0
    while "Still reading" in ask(port, "/marks")[2]:
        slowest = max(slowest, *(ask(port, view)[1] for view in ("/", "/pages", "/removals")))
        sleep(0.5)
    print(f"all read after {monotonic() - started:.1f} s; meanwhile the slowest view took {slowest:.3f} s\n")


def _measure_views(port: int) -> None:
    print(f"{'view':44} {'first':>9} {'median':>9} {'slowest':>9}  ms")
    for view in VIEWS:
        _say(view, [ask(port, view)[1] for _ in range(REPEATS)])
    for view in DEEP:
        address: str | None = view
        times = []
        for _ in range(10):
            if address is None:
                break
            _, seconds, text = ask(port, address)
            times.append(seconds)
            address = next_page(text)
        _say(f"{view}, ten pages on", times)
    page = re.search(r'href="(/page/\w+)"', ask(port, "/pages")[2])
    if page:
        _say("an article", [ask(port, page[1])[1] for _ in range(REPEATS)])
    for text in ("lighthouse", "lighthouse 91 tunnel", "never there"):
        begun, seconds, _ = ask(port, f"/pages?q={quote(text)}")
        print(f"search {text!r}: first byte {begun * 1000:.0f} ms, whole {seconds * 1000:.0f} ms")
    _, seconds, _ = ask(port, "/removals?kind=caption&q=harbour")
    print(f"search in removed captions: {seconds * 1000:.0f} ms")


def _say(view: str, times: Sequence[float]) -> None:
    first, middle, slowest = (1000 * value for value in (times[0], median(times), max(times)))
    print(f"{view:44} {first:9.0f} {middle:9.0f} {slowest:9.0f}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(description="Measure the review server.")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--dataset", type=Path, help="One that is there already.")
    options = parser.parse_args(arguments)
    if options.dataset:
        measure(options.dataset)
        return
    with TemporaryDirectory() as folder:
        out = Path(folder) / "dataset"
        make_dataset(out, options.records)
        measure(out)


if __name__ == "__main__":
    main()
