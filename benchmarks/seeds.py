"""`python -m benchmarks.seeds`: plain-text pages on which every line is labelled, line by line.

    <seeds>/truth.jsonl    one object a page: its file, the label of each non-empty line in order, the fields

Lines labelled `body` or `heading` are the article; all others must be gone, each by a rule of the right kind.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer

from benchmarks.command import run
from benchmarks.corpus import BESIDE, CorpusError
from benchmarks.metrics import squeeze
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record, Reject, Removal
from ingest.rules import Rulebook, load_rules

ZONE = ZoneInfo("Asia/Jerusalem")
"""Where the seeds' publishers are; the pages state no zone."""

CUT = 60
"""Characters by which a caption line is known again when its end was cut off."""

ARTICLE = ("body", "heading")
KINDS = {
    "title": {"title", "furniture"},
    "dek": {"deck"},
    "date": {"date"},
    "reading_time": {"furniture"},
    "caption": {"caption", "credit"},
    "plea": {"plea"},
    "promo": {"promo", "related"},
    "cookie": {"cookie"},
    "share": {"share"},
    "tags": {"furniture", "nav", "promo", "related", "share", "newsletter"},
}
"""Label of a line -> the kinds of removal that account for it."""


class Seed(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled page. `published` is local time in `ZONE`."""

    id: str
    file: str
    lines: tuple[str, ...]
    title: str | None = None
    dek: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    folder: Path = Path()

    @property
    def data(self) -> bytes:
        return (self.folder / self.file).read_bytes()

    def labelled(self) -> list[tuple[int, str, str]]:
        """(line number from 1, label, text) of every non-empty line."""
        numbered = enumerate(self.data.decode("utf-8").split("\n"), 1)
        filled = [(number, squeeze(text)) for number, text in numbered if text.strip()]
        return [(number, label, text) for (number, text), label in zip(filled, self.lines, strict=True)]


def find_seeds(given: Path | None = None) -> Path | None:
    """The given folder, else `INGEST_SEEDS`, else the one beside the project; None without any."""
    folder = given or Path(os.environ.get("INGEST_SEEDS") or BESIDE / "seeds")
    return folder if (folder / "truth.jsonl").exists() else None


def read_seeds(folder: Path) -> list[Seed]:
    lines = (folder / "truth.jsonl").read_bytes().splitlines()
    seeds = [msgspec.json.decode(line, type=Seed) for line in lines if line.strip()]
    return [msgspec.structs.replace(seed, folder=folder) for seed in seeds]


@cache
def bundled_rulebook() -> Rulebook:
    return load_rules()


def clean_seed(seed: Seed) -> Record | Reject:
    """The seed through the pipeline as a scraped file without an address."""
    return clean_page(RawPage(data=seed.data, source=seed.file, media_type="text/plain"), bundled_rulebook())


# --- what is wrong, one sentence a fault


def body_faults(seed: Seed, record: Record) -> Iterator[str]:
    """Article lines that are not in the body, and body text that is no article line.

    White space is no difference, so paragraphs may be joined; everything else is.
    """
    rest = squeeze(record.body)
    for number, label, text in seed.labelled():
        if label in ARTICLE:
            before, found, after = rest.partition(text)
            if not found:
                yield f"line {number} ({label}) is missing: {text}"
                continue
            if before.strip():
                yield f"before line {number} stands what is no article: {before.strip()}"
            rest = after.lstrip()
    if rest:
        yield f"after the last line stands what is no article: {rest}"


def removal_faults(seed: Seed, record: Record) -> Iterator[str]:
    """Lines that are no article and that no removal of the right kind accounts for."""
    for number, label, text in seed.labelled():
        if label in ARTICLE:
            continue
        kinds = {removal.kind for removal in record.removals if _accounts(removal, text)}
        if not kinds & KINDS[label]:
            yield f"line {number} ({label}) was taken as {', '.join(sorted(kinds)) or 'nothing'}: {text}"


def _accounts(removal: Removal, line: str) -> bool:
    removed = squeeze(removal.text)
    return bool(removed) and (removed in line or line in removed)


def field_faults(seed: Seed, record: Record) -> Iterator[str]:
    local = datetime.fromisoformat(seed.published) if seed.published else None
    published = local and local.replace(tzinfo=ZONE).astimezone(UTC)
    expected = {
        "title": (seed.title, record.title),
        "deck": (seed.dek, record.deck),
        "authors": (seed.authors, record.authors),
        "published": (published, record.published),
    }
    for field, (true, said) in expected.items():
        if true != said:
            yield f"{field} is {said!r}, not {true!r}"


def caption_faults(seed: Seed, record: Record) -> Iterator[str]:
    """Caption lines of which no image holds a caption or credit; a copy cut short is no loss."""
    texts = [squeeze(t) for image in record.images for t in (image.caption, image.credit) if t]
    for number, label, line in seed.labelled():
        if label == "caption" and not any(text in line or line[:CUT] in text for text in texts):
            yield f"line {number} (caption) is in no image: {line}"


def faults(seed: Seed) -> list[str]:
    """Everything that is wrong with this seed's record; empty when it is right."""
    result = clean_seed(seed)
    if isinstance(result, Reject):
        return [f"rejected as {result.reason}: {result.detail}"]
    checks = (body_faults, removal_faults, field_faults, caption_faults)
    return [fault for check in checks for fault in check(seed, result)]


def main(
    folder: Annotated[Path | None, typer.Argument(help="[default: $INGEST_SEEDS or ../shared/seeds]")] = None,
) -> None:
    """Print every fault; exit 1 when there is one."""
    found = find_seeds(folder)
    if found is None:
        raise CorpusError("No seeds: give the folder of their truth.jsonl, or set INGEST_SEEDS.")
    count = 0
    for seed in read_seeds(found):
        wrong = faults(seed)
        count += len(wrong)
        print(f"{seed.id}: {len(wrong)} faults", *wrong, sep="\n  ")
    sys.exit(bool(count))


if __name__ == "__main__":
    run(main)
