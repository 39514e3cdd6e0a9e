"""`python -m benchmarks.memory`: the memory of a whole run stays flat, however many pages it reads.

The pages are generated on the way, each another one, as rows of JSON lines, so that 100,000 of them need no folder. The
resident memory of the parent and its workers is added up twice a second; shared pages of libraries count in each.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Annotated, NamedTuple

import typer

from benchmarks.command import console
from benchmarks.generated import LANGUAGES, Words

LIMIT_MB = 700
"""Of parent and two workers together."""

SECONDS_BETWEEN = 0.5
LINES, COLUMNS = 20, 60


class Moment(NamedTuple):
    seconds: float
    pages: int
    megabytes: float


def write_pages(file: Path, pages: int) -> None:
    """Pages of the languages' words with menus, pleas and structured data, as lines of `url` and `html`."""
    random = Random(1)
    languages = list(LANGUAGES.items())
    with file.open("w", encoding="utf-8") as lines:
        for number in range(pages):
            code, words = languages[number % len(languages)]
            page = {
                "url": f"https://paper{number % 997}.example/{number}",
                "html": make_page(code, words, random),
            }
            lines.write(json.dumps(page, ensure_ascii=False) + "\n")


def make_page(code: str, words: Words, random: Random) -> str:
    title = _sentence(words, random)
    facts = {"@type": "NewsArticle", "headline": title, "datePublished": f"2024-05-{random.randint(10, 28)}"}
    paragraphs = [f"<p>{' '.join(_sentence(words, random) for _ in range(6))}</p>" for _ in range(12)]
    paragraphs.insert(5, f"<p>{words.plea}</p>")
    menu = "".join(f"<li><a href='/{n}'>{random.choice(words.nouns.split())}</a></li>" for n in range(60))
    return (
        f"<!doctype html><html lang={code}><head><title>{title}</title>"
        f'<script type="application/ld+json">{json.dumps(facts)}</script></head><body><nav><ul>{menu}</ul></nav>'
        f"<article><h1>{title}</h1>{''.join(paragraphs)}<p>{words.share}</p></article>"
        f"<aside><h2>{words.related}</h2><ul>{menu}</ul></aside></body></html>"
    )


def _sentence(words: Words, random: Random) -> str:
    some = [random.choice(words.others.split()), random.choice(words.nouns.split())]
    some += [
        random.choice(words.verbs.split()),
        random.choice(words.nouns.split()),
        str(random.randint(2, 9999)),
    ]
    return " ".join(some).capitalize() + "."


def watch(command: Sequence[str]) -> list[Moment]:
    """Run the command, which logs as JSON lines, and sample its memory."""
    start = time.monotonic()
    moments: list[Moment] = []
    pages = 0
    with tempfile.TemporaryFile("a+") as log:  # to the end, wherever it is read
        process = subprocess.Popen(command, stderr=log)
        while process.poll() is None:
            time.sleep(SECONDS_BETWEEN)
            log.seek(0)
            pages = max(
                (json.loads(line).get("pages", 0) for line in log if line.endswith("\n")), default=pages
            )
            moments.append(Moment(time.monotonic() - start, pages, resident(process.pid)))
    if process.returncode:
        sys.exit(f"The run ended with code {process.returncode}.")
    return moments


def resident(pid: int) -> float:
    """Megabytes of a process and all below it. Those that end meanwhile count nothing."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)
    return own + sum(resident(int(child)) for child in children)


def print_curve(moments: Sequence[Moment]) -> None:
    """One bar for each twentieth of the time, the most of it."""
    most = max(moment.megabytes for moment in moments)
    for number in range(LINES):
        some = moments[len(moments) * number // LINES : len(moments) * (number + 1) // LINES]
        if some:
            top = max(some, key=lambda moment: moment.megabytes)
            bar = "#" * round(COLUMNS * top.megabytes / most)
            console.print(
                f"{top.seconds:7.0f} s {top.pages:9,} pages {top.megabytes:7.0f} MB {bar}", soft_wrap=True
            )


def growth(moments: Sequence[Moment]) -> float:
    """The most of the last quarter less the most of the second: what a longer run would go on taking."""
    quarter = len(moments) // 4
    second, last = moments[quarter : 2 * quarter], moments[3 * quarter :]
    return max(m.megabytes for m in last) - max(m.megabytes for m in second) if second else 0.0


def main(
    pages: Annotated[int, typer.Option(min=1, help="Pages to generate.")] = 100_000,
    jobs: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", help="Write the curve there.", metavar="FILE")
    ] = None,
) -> None:
    """Clean generated pages with the real command, and print how much memory it holds; code 1 above the limit."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pages.jsonl"
        write_pages(source, pages)
        script = (
            "import sys; import ingest.cli.log; ingest.cli.log.SECONDS_BETWEEN_LINES = 1; "
            "from ingest.cli import main; main()"
        )
        arguments = ["run", source, "--out", Path(folder) / "out", "--jobs", jobs, "--log-format", "json"]
        moments = watch([sys.executable, "-c", script, *map(str, arguments)])
    print_curve(moments)
    if csv_file:
        with csv_file.open("w", newline="") as file:
            csv.writer(file).writerows([Moment._fields, *moments])
    most = max(moment.megabytes for moment in moments)
    console.print(
        f"most {most:.0f} MB, asked: under {LIMIT_MB}; from the second to the last quarter {growth(moments):+.0f} MB"
    )
    sys.exit(most > LIMIT_MB)


if __name__ == "__main__":
    typer.run(main)
