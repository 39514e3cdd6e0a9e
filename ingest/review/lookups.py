"""What the views ask of the index's tables; every answer is a page of rows or a small table of counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.review.filters import Filters
from ingest.review.index import ROW

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAGES, TEXTS, REJECTS, NAMES = 50, 20, 50, 100
"""Rows of a view's page: articles, removed texts, rejects, names of sites and rules."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """An article in a list."""

    ref: int
    key: int
    site: str | None
    language: str | None
    title: str | None
    url: str | None
    day: int
    has_time: bool
    words: int
    removed: int
    method: str
    layout: str | None
    flags: list[str]


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A reject in a list."""

    ref: int
    site: str | None
    url: str | None
    source: str
    source_digest: str | None
    reason: str
    detail: str


class Text(msgspec.Struct, frozen=True):
    """A removed text: how often it was taken, on how many sites, and one of its removals."""

    times: int
    sites: int
    ref: int


class SiteCount(msgspec.Struct, frozen=True):
    site: str | None
    records: int
    rejects: int
    words: int
    removed: int
    flagged: int


class RuleCount(msgspec.Struct, frozen=True):
    """A rule, its kind, how many texts it took, from how many pages of how many sites."""

    rule: str
    kind: str
    times: int
    pages: int
    sites: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The dataset in numbers."""

    records: int
    rejects: int
    sites: int
    words: int
    removed: int
    kinds: list[tuple[str, int, int]]
    """Kind, texts, pages."""
    rules: int
    flags: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    languages: list[tuple[str | None, int]]
    methods: list[tuple[str, int]]


def overview(cursor: DuckDBPyConnection, filters: Filters) -> Overview:
    """The numbers of the whole dataset, or of one site."""
    at_site = filters.only("site")
    pages, values = at_site.where("pages")
    rejects, _ = at_site.where("rejects")
    tally, _ = at_site.where("tally")

    def ask(sql: str) -> list[Any]:
        return cursor.execute(sql, values or None).fetchall()

    [(records, words, removed, sites)] = ask(
        "select count(*), coalesce(sum(words), 0), coalesce(sum(removed), 0), count(distinct site)"
        f" from pages where {pages}"
    )
    [(rules,)] = ask(f"select count(distinct rule) from tally where {tally}")
    kinds = ask(
        f"select kind, sum(times), sum(pages) from tally where {tally} group by kind order by 2 desc, 1"
    )
    reasons = ask(f"select reason, count(*) from rejects where {rejects} group by 1 order by 2 desc, 1")
    flags = ask(
        f"select flag, count(*) from (select unnest(flags) as flag from pages where {pages} and len(flags) > 0)"
        " group by 1 order by 2 desc, 1"
    )
    return Overview(
        records=records,
        rejects=sum(number for _, number in reasons),
        sites=sites,
        words=words,
        removed=removed,
        kinds=kinds,
        rules=rules,
        flags=flags,
        reasons=reasons,
        languages=ask(f"select language, count(*) from pages where {pages} group by 1 order by 2 desc, 1"),
        methods=ask(f"select method, count(*) from pages where {pages} group by 1 order by 2 desc, 1"),
    )


def sites(cursor: DuckDBPyConnection, q: str = "", *, limit: int = NAMES, offset: int = 0) -> list[SiteCount]:
    """The sites, the largest first; those whose names hold `q`."""
    rows = cursor.execute(
        """
        select site, sum(records)::bigint, sum(rejects)::bigint, sum(words)::bigint, sum(removed)::bigint,
            sum(flagged)::bigint
        from (
            select site, count(*) as records, 0 as rejects, sum(words) as words, sum(removed) as removed,
                count_if(len(flags) > 0) as flagged
            from pages group by site
            union all
            select site, 0, count(*), 0, 0, 0 from rejects group by site
        )
        where $q = '' or contains(site, $q)
        group by site order by 2 desc, 3 desc, site limit $limit offset $offset
        """,
        {"q": q.lower(), "limit": limit + 1, "offset": offset},
    )
    return [SiteCount(*row) for row in rows.fetchall()]


def rules(
    cursor: DuckDBPyConnection, filters: Filters, *, limit: int = NAMES, offset: int = 0
) -> list[RuleCount]:
    """The rules that took something, those first that took most."""
    where, values = filters.only("site", "kind", "rule", "q").where("tally")
    rows = cursor.execute(
        f"""
        select rule, kind, sum(times)::bigint, sum(pages)::bigint, count(distinct site)
        from tally where {where} group by rule, kind order by 3 desc, rule, kind limit $limit offset $offset
        """,
        values | {"limit": limit + 1, "offset": offset},
    )
    return [RuleCount(*row) for row in rows.fetchall()]


def sites_of(cursor: DuckDBPyConnection, filters: Filters, limit: int) -> list[tuple[str | None, int, int]]:
    """The sites that a rule or kind took something on: texts and pages, the most first."""
    where, values = filters.only("site", "kind", "rule").where("tally")
    sql = f"""
        select site, sum(times)::bigint, sum(pages)::bigint
        from tally where {where} group by site order by 2 desc, 1 limit $limit"""
    return cursor.execute(sql, values | {"limit": limit + 1}).fetchall()


def texts(cursor: DuckDBPyConnection, filters: Filters) -> list[Text]:
    """Removed texts, the rarest first: a page of them, and one more if there are more."""
    where, values = filters.where("texts")
    columns = "times, sites, ref"
    table = f"select {columns} from texts where {where}"
    if filters.site:
        own = f"{where} and site = $site"
        table = (
            f"select {columns} from texts where sites = 1 and {own}"
            f" union all select times, 1 as sites, ref from site_texts where {own}"
        )
        values["site"] = filters.site
    start = filters.numbers_after(2)
    after = "where (times, ref) > ($times, $ref)" if start else ""
    values |= dict(zip(("times", "ref"), start, strict=True)) if start else {}
    sql = f"select {columns} from ({table}) {after} order by times, ref limit $limit"
    return [Text(*row) for row in cursor.execute(sql, values | {"limit": TEXTS + 1}).fetchall()]


_PAGE = "ref, key, site, language, title, url, day, has_time, words, removed, method, layout, flags"


def pages(cursor: DuckDBPyConnection, filters: Filters) -> list[Page]:
    """Articles, the newest first: a page of them, and one more if there are more."""
    where, values = filters.where("pages")
    if start := filters.numbers_after(2):
        where += " and (day < $day or day = $day and ref > $ref)"
        values |= {"day": start[0], "ref": start[1]}
    sql = f"select {_PAGE} from pages where {where} order by day desc, ref limit $limit"
    return _pages(cursor.execute(sql, values | {"limit": PAGES + 1}).fetchall())


def pages_at(cursor: DuckDBPyConnection, refs: Sequence[int]) -> list[Page]:
    """These articles, in this order."""
    found = {page.ref: page for page in _pages(_among(cursor, _PAGE, "pages", "ref", refs))}
    return [found[ref] for ref in refs if ref in found]


def candidates(cursor: DuckDBPyConnection, filters: Filters, after: int) -> list[int]:
    """Where the articles are that a search has to read, in the order of the parts."""
    where, values = filters.where("pages")
    sql = f"select ref from pages where {where} and ref > $after order by ref"
    return [ref for (ref,) in cursor.execute(sql, values | {"after": after}).fetchall()]


def find_page(cursor: DuckDBPyConnection, key: int) -> int | None:
    """Where the article with this `page_key` is; none if it has not been read, or is not there."""
    found = cursor.execute("select ref from pages where key = ? order by ref limit 1", [key]).fetchone()
    return found[0] if found else None


def rejects(cursor: DuckDBPyConnection, filters: Filters) -> list[Rejected]:
    """Rejects: a page of them, and one more if there are more."""
    where, values = filters.where("rejects")
    if start := filters.numbers_after(1):
        where += " and ref > $ref"
        values["ref"] = start[0]
    names = Rejected.__struct_fields__
    sql = f"select {', '.join(names)} from rejects where {where} order by ref limit $limit"
    rows = cursor.execute(sql, values | {"limit": REJECTS + 1}).fetchall()
    return [Rejected(**dict(zip(names, row, strict=True))) for row in rows]


def row_of(ref: int) -> int:
    """The row in its part of a page or removal."""
    return (ref >> ROW) & 0xFFFFFF


def removal_of(ref: int) -> int:
    """Which of its row's removals it is."""
    return ref & ((1 << ROW) - 1)


def page_ref(ref: int) -> int:
    """The page that a removal is on."""
    return ref >> ROW << ROW


def _pages(rows: Sequence[Sequence[Any]]) -> list[Page]:
    names = Page.__struct_fields__
    return [Page(**dict(zip(names, row, strict=True))) for row in rows]


def _among(
    cursor: DuckDBPyConnection, columns: str, table: str, column: str, values: Sequence[int]
) -> list[Any]:
    marks = ", ".join(["?"] * len(values))
    if not values:
        return []
    return cursor.execute(
        f"select {columns} from {table} where {column} in ({marks})", list(values)
    ).fetchall()
