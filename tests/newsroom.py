"""Made-up news sites for tests that need many pages: each with its markup, its habits and its rule file.

Everything follows from the seed. `Look` is what a redesign changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from ingest.pipeline import clean_page
from ingest.records import RawPage, Record, Reject
from ingest.rules import Rulebook
from ingest.schema import records_table, rejects_table
from ingest.store import open_output, write_part

NOUNS = [
    "bridge",
    "harbour",
    "council",
    "orchard",
    "library",
    "ferry",
    "tunnel",
    "market",
    "school",
    "clinic",
]
VERBS = [
    "opened",
    "closed",
    "rebuilt",
    "measured",
    "painted",
    "defended",
    "delayed",
    "praised",
    "surveyed",
    "moved",
]
ADJECTIVES = [
    "old",
    "new",
    "narrow",
    "quiet",
    "crowded",
    "northern",
    "southern",
    "costly",
    "modest",
    "famous",
    "empty",
]
PEOPLE = ["Ada Lind", "Bo Ek", "Cleo Marsh", "Dan Orr", "Eve Holt", "Finn Dahl", "Gus Reed", "Hana Vogt"]
SECTIONS = ["Politics", "Culture", "Sport", "Economy"]
FIRST_DAY = datetime(2024, 1, 1, 6, tzinfo=UTC)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How a site writes its pages."""

    body_class: str = "story-text"
    date_tag: str = '<time class="stamp" datetime="{iso}">{day}</time>'
    plea: str = "Dear readers of {name}, our desk lives from your gifts alone."
    plea_share: float = 0.9
    author_share: float = 0.8
    deck_share: float = 0.7
    paragraphs: tuple[int, int] = (5, 16)


def site_name(number: int) -> str:
    return f"paper{number}.example"


def write_rules(folder: Path, sites: Iterable[int]) -> None:
    """A rule file for each site."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in sites:
        name = site_name(number)
        (folder / f"{name}.yaml").write_text(
            f"site: {name}\nhosts: [{name}]\nlanguage: en\n"
            "layouts:\n  - id: 2024\n    when: '.story-text, article'\n    body: '.story-text'\n    title: h1\n"
            "    deck: '.lead'\n    authors: '.writer'\n    published: {css: 'time.stamp', attr: datetime}\n"
            "    section: '.desk'\n    drop: [{id: box, kind: promo, css: '.box'}]\n"
            "strip: [{id: plea, kind: plea, line: '^Dear readers of '}]\n"
        )


def make_page(site: int, number: int, day: datetime, look: Look, random: Random) -> RawPage:
    """One page of a site."""
    name = site_name(site)
    low, high = look.paragraphs
    paragraphs = [f"<p>{_paragraph(random)}</p>" for _ in range(random.randint(low, high))]
    if random.random() < look.plea_share:
        paragraphs.insert(random.randint(1, len(paragraphs)), f"<p>{look.plea.format(name=name)}</p>")
    if random.random() < 0.5:
        paragraphs.append(f'<div class="box"><p>More on the {random.choice(NOUNS)}</p></div>')
    moment = day + timedelta(minutes=random.randint(-1000, -1))
    stamp = look.date_tag.format(iso=moment.isoformat(), day=f"{moment:%d %B %Y}")
    title = _sentence(random).rstrip(".")
    author = random.choice(PEOPLE)
    return RawPage(
        data=(
            f"<!doctype html><html lang=en><head><title>{title}</title></head><body><nav><a href=/>Home</a></nav>"
            f"<article><p class=desk>{random.choice(SECTIONS)}</p><h1>{title}</h1>"
            + (f"<p class=lead>{_sentence(random)}</p>" if random.random() < look.deck_share else "")
            + (f"<p class=writer>By {author}</p>" if random.random() < look.author_share else "")
            + f'{stamp}<div class="{look.body_class}">{"".join(paragraphs)}</div></article>'
            "<footer><p>The paper for the whole valley</p></footer></body></html>"
        ).encode(),
        source=f"/pages/{name}/{number}.html",
        url=f"https://{name}/story/{number}",
        fetched_at=day,
    )


def clean_pages(
    site: int, count: int, look: Look, rulebook: Rulebook, random: Random, first: int = 0
) -> list[Record | Reject]:
    """Rows of the site's next pages, one page an hour."""
    days = (FIRST_DAY + timedelta(hours=first + n) for n in range(count))
    return [clean_page(make_page(site, first + n, day, look, random), rulebook) for n, day in enumerate(days)]


def write_run(out: Path, rows: Sequence[Record | Reject], run: int) -> str:
    """Write rows as one run's; the runs are an hour apart. Gives the run's id."""
    open_output(out)
    run_id, moment = f"run-{run}", FIRST_DAY + timedelta(hours=run)
    records = [row for row in rows if isinstance(row, Record)]
    rejects = [row for row in rows if isinstance(row, Reject)]
    if records:
        write_part(records_table(records, run_id, moment), out / "records", run_id)
    if rejects:
        write_part(rejects_table(rejects, run_id, moment), out / "rejects", run_id)
    return run_id


def _sentence(random: Random) -> str:
    words = [random.choice(ADJECTIVES), random.choice(NOUNS), random.choice(VERBS), "the"]
    words += [random.choice(ADJECTIVES), random.choice(NOUNS), "near the", random.choice(NOUNS), "on"]
    words += [random.choice(["Monday", "Tuesday", "Friday"]), "after", str(random.randint(2, 90)), "days"]
    return f"The {' '.join(words)}."


def _paragraph(random: Random) -> str:
    return " ".join(_sentence(random) for _ in range(random.randint(2, 5)))
