"""Datasets of any size, made at once: our own words, many sites, languages, rules, kinds, flags, rejects and runs.

    python -m benchmarks.generated OUT --records 1000000

A pool of pages is written out in full; every part takes pages of it at random and gives each its own address, title,
day and captions. The same numbers give the same dataset, but for the names of its parts.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ingest.records import Block, Image, Kind, Reason, Record, Reject, Removal
from ingest.schema import records_table, rejects_table
from ingest.store import open_output, write_part
from ingest.summary import RunSummary

SITES, POOL, REJECT_POOL = 240, 1200, 120
PART_ROWS = 512
REJECT_SHARE = 0.04
RUNS = 12
FIRST_DAY = datetime(2019, 1, 1, 6, tzinfo=UTC)


class Words(NamedTuple):
    """A language's words, of which sentences are made, and what its sites put around their articles."""

    nouns: str
    verbs: str
    others: str
    plea: str
    share: str
    newsletter: str
    related: str
    caption: str
    credit: str


LANGUAGES = {
    "en": Words(
        "bridge harbour council orchard library ferry tunnel market school clinic lighthouse bakery",
        "opened closed rebuilt measured painted defended delayed praised surveyed moved",
        "the old the new a narrow a quiet the crowded the northern a costly a modest the famous",
        "Dear readers, our newsroom lives from your gifts. Become a friend of the paper today.",
        "Share this story",
        "Get the morning letter in your inbox",
        "More from the valley",
        "A view of the",
        "Photo: Ada Lind",
    ),
    "de": Words(
        "Brücke Hafen Rathaus Obstgarten Bücherei Fähre Markt Schule Leuchtturm Bäckerei",
        "öffnet schließt misst streicht verteidigt verschiebt lobt erforscht bewegt",
        "die alte der neue eine schmale der stille die volle der nördliche",
        "Liebe Leserinnen und Leser, unsere Redaktion lebt von Ihrer Hilfe. Unterstützen Sie uns noch heute.",
        "Artikel teilen",
        "Der Morgenbrief, jeden Tag in Ihrem Postfach",
        "Mehr aus dem Tal",
        "Blick auf",
        "Foto: Bo Ek",
    ),
    "fr": Words(
        "pont port conseil verger bibliothèque tunnel marché école phare boulangerie",
        "ouvre ferme mesure repeint défend retarde déplace",
        "le vieux le nouveau un étroit le célèbre un modeste",
        "Chers lecteurs, notre rédaction vit de vos dons. Rejoignez nos amis dès aujourd'hui.",
        "Partager cet article",
        "La lettre du matin dans votre boîte",
        "Plus de la vallée",
        "Vue sur",
        "Photo : Cleo Marsh",
    ),
    "he": Words(
        "גשר נמל מועצה פרדס ספרייה מעבורת שוק מגדלור מאפייה",
        "נפתח נסגר נבנה נמדד נצבע נדחה",
        "הישן החדש הצר השקט המפורסם",
        "קוראים יקרים, המערכת שלנו חיה מתרומות שלכם. הצטרפו לידידי העיתון עוד היום.",
        "שתפו כתבה",
        "מכתב הבוקר ישר לתיבה שלכם",
        "עוד מן העמק",
        "מראה של",
        "צילום: דן אור",
    ),
    "ar": Words(
        "جسر ميناء مجلس بستان مكتبة عبارة سوق مدرسة منارة مخبز",
        "فتح أغلق قاس دافع أخّر نقل",
        "القديم الجديد الضيق الهادئ المشهور",
        "قراءنا الأعزاء، تعيش صحيفتنا من تبرعاتكم. انضموا إلى أصدقاء الصحيفة اليوم.",
        "شارك المقال",
        "رسالة الصباح في بريدكم",
        "المزيد من الوادي",
        "منظر من",
        "تصوير: هناء",
    ),
}
_REASONS: tuple[tuple[Reason, str], ...] = (
    ("no_article", "No block of the page reads like an article's."),
    ("not_an_article", "A rule says so: lists of a section."),
    ("empty", "The page holds no bytes."),
    ("not_text", "It begins like a picture."),
    ("timeout", "More than 20 s of CPU time."),
)


class Site(NamedTuple):
    """An invented publication."""

    name: str
    language: str
    ruled: bool


def make_sites() -> list[Site]:
    """The sites, the most frequent first; every third has no rules of its own."""
    codes, sides = list(LANGUAGES), ["old", "new", "north", "south", "east", "west", "upper", "lower"]
    return [
        Site(
            f"{sides[number % len(sides)]}-valley-{number}.example",
            codes[number % len(codes)],
            number % 3 != 2,
        )
        for number in range(SITES)
    ]


# -- the pool ------------------------------------------------------------------------------------------------


def make_record(site: Site, number: int, random: Random) -> Record:
    """One whole page of a site, consistent in itself: places, body, counts."""
    words = LANGUAGES[site.language]
    own = site.name if site.ruled else "generic"
    pieces: list[tuple[str, Kind | None, str]] = []  # text, kind if it goes, rule
    title = _sentence(words, random).rstrip(".")
    pieces.append((title, "title", f"{own}/title"))
    if random.random() < 0.8:
        pieces.append((f"{words.caption} {random.choice(words.nouns.split())}", "caption", f"{own}/caption"))
        pieces.append((words.credit, "credit", "photo-credit/credit"))
    for _ in range(random.randint(4, 14)):
        pieces.append((_paragraph(words, random), None, ""))
    if random.random() < 0.7:
        pieces.insert(random.randint(4, len(pieces)), (words.plea, "plea", f"{own}/reader-plea"))
    if random.random() < 0.03:  # what a rule took wrongly: rare, and to be found
        pieces.insert(4, (_paragraph(words, random), "plea", f"{own}/reader-plea"))
    for text, kind, rule in (
        (words.share, "share", "share-bar/share"),
        (words.newsletter, "newsletter", f"{own}/letter"),
        (words.related, "related", f"{own}/more"),
        (f"{random.randint(1, 12)} min", "furniture", f"{own}/reading-time"),
    ):
        if random.random() < 0.8:
            pieces.append((text, kind, rule))  # type: ignore[arg-type]
    if random.random() < 0.05:  # what nobody takes out yet
        pieces.append((words.newsletter + "!", None, ""))
    blocks = tuple(Block("paragraph", t, place=p) for p, (t, kind, _) in enumerate(pieces) if kind is None)
    removals = tuple(Removal(rule, kind, p, t) for p, (t, kind, rule) in enumerate(pieces) if kind)
    flags: tuple[str, ...] = ()
    if random.random() < 0.02:
        flags = (f"guarded:{own}/more-to-the-end",)
    elif site.ruled and random.random() < 0.02:
        flags = ("layout_missed",)
    images = tuple(
        Image(url="https://img.example/a.jpg", caption=r.text) for r in removals if r.kind == "caption"
    )
    return Record(
        page_id="",
        source=f"/pages/{site.name}/{number}.html",
        source_digest="",
        media_type="text/html" if random.random() < 0.8 else "text/plain",
        url=f"https://{site.name}/story",
        site=site.name,
        publisher=site.name.split(".")[0].replace("-", " ").title(),
        language=site.language,
        title=title,
        deck=_sentence(words, random) if random.random() < 0.6 else None,
        authors=("Ada Lind",) if random.random() < 0.7 else (),
        published=FIRST_DAY,
        published_has_time=True,
        published_has_zone=True,
        section=random.choice(("Politics", "Culture", "Sport")),
        access="open",
        body="\n\n".join(block.text for block in blocks),
        blocks=blocks,
        images=images,
        removals=removals,
        words_kept=sum(len(block.text.split()) for block in blocks),
        words_removed=sum(len(removal.text.split()) for removal in removals),
        words_outside=random.randint(50, 900),
        method="rules" if site.ruled else "generic",
        layout="2021" if site.ruled else None,
        origins={"title": "page", "body": "html > body > article"},
        flags=flags,
        rules_digest="0" * 32,
        version="0",
    )


def make_reject(site: Site, number: int, random: Random) -> Reject:
    reason, detail = random.choice(_REASONS)
    return Reject(
        page_id="",
        source=f"/pages/{site.name}/{number}.html",
        source_digest="",
        media_type="text/html",
        url=f"https://{site.name}/story",
        site=site.name,
        reason=reason,
        detail=detail,
        version="0",
    )


def _sentence(words: Words, random: Random) -> str:
    nouns, verbs, others = words.nouns.split(), words.verbs.split(), words.others.split()
    some = [random.choice(others), random.choice(nouns), random.choice(verbs)]
    some += [random.choice(others), random.choice(nouns), str(random.randint(2, 90)), random.choice(nouns)]
    return " ".join(some).capitalize() + "."


def _paragraph(words: Words, random: Random) -> str:
    return " ".join(_sentence(words, random) for _ in range(random.randint(3, 8)))


# -- the parts -----------------------------------------------------------------------------------------------


def make_dataset(out: Path, records: int, *, part_rows: int = PART_ROWS, seed: int = 1) -> None:
    """Write a dataset of so many records, with its rejects and the summaries of its runs."""
    random = Random(seed)
    sites = make_sites()
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(sites))))
    pooled = random.choices(sites, cum_weights=weights, k=POOL - len(sites)) + sites
    pool = records_table([make_record(site, n, random) for n, site in enumerate(pooled)], None, None)
    refused = random.choices(sites, cum_weights=weights, k=REJECT_POOL)
    reject_pool = rejects_table([make_reject(site, n, random) for n, site in enumerate(refused)], None, None)
    open_output(out)
    for run, (first, last) in enumerate(_spans(records, RUNS)):
        started = FIRST_DAY + timedelta(days=200 * run + 199)
        counted: dict[str, Counter[str]] = {name: Counter() for name in ("rejects", "removals", "flags")}
        for begin in range(first, last, part_rows):
            numbers = range(begin, min(begin + part_rows, last))
            part = _renumbered(pool, numbers, run, started, random)
            write_part(part, out / "records", f"{run:02}-{begin:09}")
            counted["removals"].update(
                pc.list_flatten(part["removals"]).combine_chunks().field("kind").to_pylist()
            )
            counted["flags"].update(pc.list_flatten(part["flags"]).to_pylist())
            if count := round(len(numbers) * REJECT_SHARE):
                part = _renumbered(reject_pool, range(begin, begin + count), run, started, random)
                write_part(part, out / "rejects", f"{run:02}-{begin:09}")
                counted["rejects"].update(part["reason"].to_pylist())
        _write_run(out, run, started, last - first, counted)


def _spans(whole: int, count: int) -> Iterator[tuple[int, int]]:
    edges = [whole * n // count for n in range(count + 1)]
    return ((a, b) for a, b in pairwise(edges) if b > a)


def _renumbered(pool: pa.Table, numbers: range, run: int, started: datetime, random: Random) -> pa.Table:
    """Rows of the pool taken at random, each made a page of its own."""
    table = pool.take(pa.array(random.choices(range(len(pool)), k=len(numbers)))).combine_chunks()
    names = pa.array([str(number) for number in numbers])
    digests = [blake2b(f"{run} {n}".encode(), digest_size=16).hexdigest() for n in numbers]
    columns = {
        "page_id": pa.array(digests),
        "source": pc.binary_join_element_wise(table["source"], names, "."),
        "source_digest": pa.array([digest[::-1] for digest in digests]),
        "url": pc.binary_join_element_wise(table["url"], names, "/"),
        "run_id": pa.array([f"run-{run:02}"] * len(table)),
        "ingested_at": pa.array([started] * len(table), table.schema.field("ingested_at").type),
    }
    if "title" in table.schema.names:
        days = [started - timedelta(minutes=random.randint(0, 200 * 24 * 60)) for _ in numbers]
        columns["title"] = pc.binary_join_element_wise(table["title"], names, " ")
        columns["published"] = pa.array(days, table.schema.field("published").type)
        columns["removals"] = _own_captions(table["removals"], names)
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), column)
    return table


def _own_captions(removals: pa.ChunkedArray, names: pa.Array) -> pa.Array:
    """The removals with the page's number in titles and captions, which no two pages share."""
    lists = removals.combine_chunks()
    lists = lists.chunk(0) if isinstance(lists, pa.ChunkedArray) else lists
    inner = lists.flatten()
    fields = {field.name: inner.field(n) for n, field in enumerate(inner.type)}
    own = pc.is_in(fields["kind"], pa.array(["caption", "title"]))
    numbered = pc.binary_join_element_wise(fields["text"], names.take(pc.list_parent_indices(lists)), " ")
    fields["text"] = pc.if_else(own, numbered, fields["text"])
    values = pa.StructArray.from_arrays(list(fields.values()), fields=list(inner.type))
    return pa.ListArray.from_arrays(lists.offsets, values)


def _write_run(
    out: Path, run: int, started: datetime, records: int, counted: dict[str, Counter[str]]
) -> None:
    summary = RunSummary(
        run_id=f"run-{run:02}",
        version="0",
        out=str(out),
        status="done",
        started=started,
        seconds=60.0,
        read=records + counted["rejects"].total(),
        skipped=0,
        records=records,
        **{name: dict(counter) for name, counter in counted.items()},
    )
    (out / "runs" / f"run-{run:02}.json").write_bytes(msgspec.json.encode(summary))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = ArgumentParser(description="Write a made-up dataset.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--part-rows", type=int, default=PART_ROWS)
    options = parser.parse_args(arguments)
    make_dataset(options.out, options.records, part_rows=options.part_rows)


if __name__ == "__main__":
    main()
