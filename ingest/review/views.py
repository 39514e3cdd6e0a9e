"""The views: lookups and rows, through the templates that the report uses as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from secrets import token_hex
from typing import Any, TypeVar

from markupsafe import Markup

from ingest.marks import Mark, read_marks
from ingest.marks.journal import marked_places
from ingest.records import KINDS
from ingest.review import lookups
from ingest.review.filters import Filters
from ingest.review.guard import Token
from ingest.review.index import NO_DAY, GoneError, Index
from ingest.review.rows import EXAMPLE_COLUMNS, read_rows
from ingest.review.search import Hit, search
from ingest.views import (
    Example,
    Links,
    Piece,
    content_policy,
    environment,
    examples_of,
    page_key,
    show_article,
    show_examples,
    show_rejects,
    stylesheet,
)

MAX_ANSWERS = 200
"""Answers of the index that are kept."""

TOP = 15
"""Sites and rules on the first view, and beside a rule or kind."""

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OWN_STYLE = (files("ingest.review") / "review.css").read_text(encoding="utf-8")


class NotFoundError(Exception):
    """There is nothing at this address; the message is a sentence."""


def policy() -> str:
    """The Content-Security-Policy of every view: our style, our forms, and nothing else."""
    own = content_policy([stylesheet(), _OWN_STYLE], []).replace("form-action 'none'", "form-action 'self'")
    return f"{own}; frame-ancestors 'none'"


class Views:
    """The views of one dataset, as HTML documents. `token` is what its forms carry."""

    def __init__(self, index: Index, token: Token) -> None:
        self.index = index
        self.token = token
        self._name = index.out.resolve().name
        self._answers: dict[tuple[Any, ...], Any] = {}
        self._generation = -1

    # -- the whole dataset -------------------------------------------------------------------------------------

    def home(self) -> str:
        numbers = self._look_up(lookups.overview, Filters())
        sites = self._look_up(lookups.sites, limit=TOP)
        rules = self._look_up(lookups.rules, Filters(), limit=TOP)
        return self._show(
            "home.html",
            "Overview",
            Filters(),
            numbers=numbers,
            sites=_cut(sites, TOP),
            rules=_cut(rules, TOP),
        )

    def sites(self, filters: Filters) -> str:
        offset = _offset(filters)
        sites = self._look_up(lookups.sites, filters.q, offset=offset)
        more = str(offset + lookups.NAMES) if len(sites) > lookups.NAMES else ""
        filters = filters.only("q")
        return self._show(
            "sites.html", "Sites", filters, sites=sites[: lookups.NAMES], more=more, first=not offset
        )

    def rules(self, filters: Filters) -> str:
        offset = _offset(filters)
        rules = self._look_up(lookups.rules, filters, offset=offset)
        more = str(offset + lookups.NAMES) if len(rules) > lookups.NAMES else ""
        filters = filters.only("site", "kind", "q")
        return self._show(
            "rules.html", "Rules", filters, rules=rules[: lookups.NAMES], more=more, first=not offset
        )

    def flags(self, filters: Filters) -> str:
        numbers = self._look_up(lookups.overview, filters.only("site"))
        return self._show("flags.html", "Flags", filters.only("site"), numbers=numbers)

    def site(self, filters: Filters) -> str:
        numbers = self._look_up(lookups.overview, filters.only("site"))
        rules = self._look_up(lookups.rules, filters.only("site"))
        if not numbers.records and not numbers.rejects:
            raise NotFoundError(
                f"There are no pages of the site {filters.site!r} in what has been read of the dataset."
            )
        return self._show("site.html", filters.site, filters.only("site"), numbers=numbers, rules=rules)

    # -- lists -------------------------------------------------------------------------------------------------

    def removals(self, filters: Filters) -> str:
        """What was removed, narrowed to a rule, a kind, a site or a text; the rarest first, with its neighbours."""
        texts = self._look_up(lookups.texts, filters)
        rules = self._look_up(lookups.rules, filters.only("site", "kind", "rule"), limit=TOP)
        sites = self._look_up(lookups.sites_of, filters, TOP) if filters.rule or filters.kind else []
        shown = texts[: lookups.TEXTS]
        examples = self._examples(shown)
        here = filters.address("/removals", after=filters.after)
        marks = marked_places(read_marks(self.index.out)[0])

        def beside(number: int) -> Markup:
            ref, row, _ = examples[number]
            return self._mark_removal(row, lookups.removal_of(ref), marks, f"{here}#m{number}", f"m{number}")

        return self._show(
            "texts.html",
            filters.rule or filters.kind or filters.site or "Removals",
            filters.only("rule", "kind", "site", "q"),
            examples=show_examples(
                (example for _, _, example in examples), _links(), with_rule=True, beside=beside
            ),
            count=len(examples),
            rules=_cut(rules, TOP),
            sites=_cut(sites, TOP),
            more=f"{shown[-1].times}.{shown[-1].ref}" if len(texts) > len(shown) else "",
            first=not filters.after,
        )

    def pages(self, filters: Filters) -> str:
        """Articles, the newest first."""
        pages = self._look_up(lookups.pages, filters)
        shown = pages[: lookups.PAGES]
        more = f"{shown[-1].day}.{shown[-1].ref}" if len(pages) > len(shown) else ""
        return self._show(
            "list.html", "Articles", self._for_pages(filters), pages=shown, more=more, first=not filters.after
        )

    def search(self, filters: Filters) -> Iterator[str]:
        """Articles that hold a text, in pieces of the document, as they are found."""
        marker = token_hex(8)
        wanted = self._for_pages(filters)
        head, _, foot = self._show("search.html", f"“{filters.q}”", wanted, marker=marker).partition(marker)
        yield head
        shown, last = 0, None
        try:
            for hit in search(self.index, filters):
                if isinstance(hit, Hit):
                    shown, last = shown + 1, hit.page.ref
                    yield self._fill("hit.html", hit=hit, filters=Filters())
                else:
                    yield self._fill(
                        "searched.html",
                        how=hit,
                        shown=shown,
                        last=last,
                        filters=wanted,
                        first=not filters.after,
                    )
        except GoneError:
            yield self._fill("failure.html", sentence=CHANGED)
        yield foot

    def rejects(self, filters: Filters) -> str:
        found = self._look_up(lookups.rejects, filters)
        numbers = self._look_up(lookups.overview, filters.only("site"))
        shown = found[: lookups.REJECTS]
        rows = [{name: getattr(row, name) for name in row.__struct_fields__} for row in shown]
        return self._show(
            "refused.html",
            "Rejects",
            filters.only("site", "reason", "run", "q"),
            table=show_rejects(rows, _links()),
            count=len(rows),
            reasons=numbers.reasons,
            more=f"{shown[-1].ref}" if len(found) > len(shown) else "",
            first=not filters.after,
        )

    def marks(self) -> str:
        marks, broken = read_marks(self.index.out)
        newest = [(mark, page_key(mark.source, mark.source_digest)) for mark in reversed(marks)]
        return self._show(
            "marks.html", "Marks", Filters(), marks=newest, broken=broken, out=str(self.index.out)
        )

    # -- one article -------------------------------------------------------------------------------------------

    def page(self, key: str) -> str:
        record = self.record(key)
        marks = marked_places(read_marks(self.index.out)[0])
        here = f"/page/{key}"

        def beside(pieces: Sequence[Piece]) -> Markup:
            forms = [
                self._mark_removal(
                    record, piece.removal, marks, f"{here}#m{piece.removal}", f"m{piece.removal}"
                )
                for piece in pieces
                if piece.removal is not None
            ]
            if any(piece.rule is None for piece in pieces):
                forms.append(self._mark_kept(record, pieces[0].place, marks, here))
            return Markup("").join(forms)

        return self._show(
            "page.html",
            record["title"] or record["source"],
            Filters(),
            record=record,
            article=show_article(record, _links(), heading=2, beside=beside),
        )

    def record(self, key: str) -> dict[str, Any]:
        """The row of a page by its `page_key`. Raises `NotFoundError`."""
        ref = self._look_up(lookups.find_page, int(key, 16))
        if ref is None:
            read = (
                ""
                if self.index.progress.done
                else " among the parts that have been read so far; try again in a moment"
            )
            raise NotFoundError(f"There is no article with the key {key}{read}.")
        return read_rows(self.index, [ref])[ref]

    def failure(self, sentence: str) -> str:
        return self._show("failure.html", "Nothing to show", Filters(), sentence=sentence)

    # -- what they share ---------------------------------------------------------------------------------------

    def _look_up(self, lookup: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """What a lookup answers; kept until the tables change."""
        with self.index.cursor() as cursor:
            generation = self.index.generation
            if generation != self._generation or len(self._answers) >= MAX_ANSWERS:
                self._answers, self._generation = {}, generation
            answers = self._answers
            key = (lookup, *arguments, *options.items())
            if key not in answers:
                answers[key] = lookup(cursor, *arguments, **options)
            answer: T = answers[key]
            return answer

    def _for_pages(self, filters: Filters) -> Filters:
        return filters.only("site", "language", "method", "layout", "kind", "rule", "flag", "run", "q")

    def _examples(self, texts: Sequence[lookups.Text]) -> list[tuple[int, dict[str, Any], Example]]:
        rows = read_rows(self.index, [text.ref for text in texts], (*EXAMPLE_COLUMNS, "page_id"))
        found = []
        for text in texts:
            row = rows[lookups.page_ref(text.ref)]
            number = lookups.removal_of(text.ref)
            if example := examples_of(row, {number}).get(number):
                found.append((text.ref, row, example._replace(times=text.times)))
        return found

    def _mark_removal(
        self, row: Mapping[str, Any], number: int, marks: Mapping[Any, Mark], back: str, name: str
    ) -> Markup:
        gone = row["removals"][number]
        place = row["source"], row["source_digest"], gone["rule"], gone["block"], gone["start"]
        return self._mark(row, back, name, marked=place in marks, removal=number)

    def _mark_kept(self, row: Mapping[str, Any], place: int, marks: Mapping[Any, Mark], here: str) -> Markup:
        marked = (row["source"], row["source_digest"], None, place, 0) in marks
        return self._mark(row, f"{here}#b{place}", f"b{place}", marked=marked, block=place)

    def _mark(
        self,
        row: Mapping[str, Any],
        back: str,
        name: str,
        *,
        marked: bool,
        removal: int | None = None,
        block: int | None = None,
    ) -> Markup:
        key = page_key(row["source"], row["source_digest"])
        values = {
            "key": key,
            "back": back,
            "name": name,
            "marked": marked,
            "removal": removal,
            "block": block,
        }
        return Markup(self._fill("mark.html", token=self.token.value, **values))

    def _show(self, template: str, title: str, filters: Filters, **values: Any) -> str:
        return self._fill(
            template,
            title=title,
            name=self._name,
            filters=filters,
            kinds=KINDS,
            progress=self.index.progress,
            policy=policy(),
            styles=[Markup(stylesheet()), Markup(_OWN_STYLE)],
            **values,
        )

    def _fill(self, template: str, **values: Any) -> str:
        made = environment("ingest.review").get_template(template)
        return made.render({"links": _links(), "day": _day} | values)


CHANGED = "The dataset has just changed on the disk. Load the view again in a moment."


def _links() -> Links:
    return Links(
        page=lambda key: f"/page/{key}",
        rule=lambda rule: Filters(rule=rule).address("/removals"),
        site=lambda site: Filters(site=site).address("/site"),
        kind=lambda kind: Filters(kind=kind).address("/removals"),
    )


def _offset(filters: Filters) -> int:
    start = filters.numbers_after(1)
    return max(0, start[0]) if start else 0


def _cut(rows: Sequence[Any], length: int) -> tuple[Sequence[Any], bool]:
    """The first rows, and whether there are more."""
    return rows[:length], len(rows) > length


def _day(microseconds: int) -> datetime | None:
    """The moment, if a calendar has it."""
    try:
        return None if microseconds == NO_DAY else _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return None
