"""Tables of what is in a dataset, made of its parts in the background, so that a view asks these and not Parquet.

The tables lie in a temporary DuckDB file that goes when the index is closed. Parts are read in growing batches; after
each batch the tables hold all that was read so far, and views show that. `ref` names a removal by one number: its
part, its row in it, and its place among the row's removals; a page is named by the `ref` of its first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from ingest.store import read, read_rejects
from ingest.views import page_key

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIRST_BATCH, LARGEST_BATCH = 8, 512
"""Parts read at once: few at first, so that the first view has something to show."""

ROW, PART = 16, 40
"""The bits of `ref`: sixteen for the removal, 24 for the row, the others for the part."""

NO_DAY = -(10**17)
"""Stands for the day of articles without one, in microseconds; before all others."""

RECHECK_SECONDS = 2.0
"""The folder is looked at again for new parts when a view is asked for, but not more often."""

_TABLES = """
create table parts (number bigint, path varchar, kind varchar);
create table pages (
    ref bigint, key ubigint, site varchar, language varchar, title varchar, url varchar, day bigint, has_time boolean,
    words integer, removed integer, method varchar, layout varchar, run varchar, rules integer[], kinds varchar[],
    flags varchar[]);
create table rejects (
    ref bigint, key ubigint, site varchar, url varchar, source varchar, source_digest varchar, reason varchar,
    detail varchar, run varchar);
create table rules (number integer, rule varchar);
create table tally (site varchar, rule varchar, kind varchar, times bigint, pages bigint);
create table texts (
    rule varchar, kind varchar, site varchar, sites bigint, text varchar, times bigint, ref bigint);
create table site_texts (rule varchar, kind varchar, site varchar, text varchar, times bigint, ref bigint);
create table new_texts (rule varchar, kind varchar, site varchar, text varchar, times bigint, ref bigint);
"""
"""`texts` has a row for each text a rule took, with the site if it was one only; of the others `site_texts` has a row
for each site. `new_texts` are not yet in them."""

_PART = f"(parts.number << {PART}) | (file_row_number << {ROW})"
_READ = "read_parquet($files, filename = true, file_row_number = true) join parts on parts.path = filename"

_READ_RECORDS = (
    f"""
    create or replace temp table batch as
    select {_PART} as ref, page_key(source, source_digest) as key, site, language, title, url,
        coalesce(epoch_us(published), $no_day) as day, coalesce(published_has_time, false) as has_time,
        words_kept, words_removed, method, layout, run_id, removals, flags
    from {_READ}
    """,
    """
    create or replace temp table gone as
    select ref + generate_subscripts(removals, 1) - 1 as ref, site, unnest(removals, recursive := true) from batch
    """,
    """
    insert into rules
    select (select count(*) from rules) + row_number() over (), rule
    from (select distinct rule from gone where rule not in (select rule from rules))
    """,
    f"""
    insert into pages
    select ref, key, site, language, title, url, day, has_time, words_kept, words_removed, method, layout, run_id,
        coalesce(took.rules, []), coalesce(took.kinds, []), flags
    from batch left join (
        select (gone.ref >> {ROW}) << {ROW} as ref, list(distinct rules.number) as rules, list(distinct kind) as kinds
        from gone join rules using (rule) group by all
    ) took using (ref)
    """,
    f"""
    insert into tally
    select site, rule, kind, count(*), count(distinct ref >> {ROW}) from gone group by all
    """,
    """
    insert into new_texts select rule, kind, site, text, count(*), min(ref) from gone group by all
    """,
)

_SORT_TEXTS = (
    """
    create or replace temp table all_texts as
    select rule, kind, site, text, sum(times)::bigint as times, min(ref) as ref
    from (
        select rule, kind, site, text, times, ref from texts where sites = 1
        union all select * from site_texts
        union all select * from new_texts
    )
    group by all
    """,
    """
    create or replace table texts as
    select rule, kind, if(count(*) = 1, any_value(site), null) as site, count(*) as sites, text,
        sum(times)::bigint as times, min(ref) as ref
    from all_texts group by rule, kind, text
    """,
    """
    create or replace table site_texts as
    select all_texts.* from all_texts
    semi join (select rule, kind, text from texts where sites > 1) using (rule, kind, text)
    """,
    "delete from new_texts",
    "drop table all_texts",
)

_READ_REJECTS = (
    f"""
    insert into rejects
    select {_PART}, page_key(source, source_digest), site, url, source, source_digest, reason, detail, run_id
    from {_READ}
    """,
)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the index is: parts read of all there are, and sentences about those that cannot be read."""

    parts: int
    of_parts: int
    sorted: bool
    """Whether the removed texts of all that was read are in their order."""
    broken: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return self.parts == self.of_parts and self.sorted


class Index:
    """The tables of one dataset, to be closed after use. Raises `StoreError` if there is no dataset."""

    def __init__(self, out: Path) -> None:
        import duckdb

        self.out = out
        self.generation = 0
        """Grows whenever the tables change."""
        self._files: list[tuple[str, str]] = []
        self._paths: list[str] = []
        self._wanted = self._list()
        self._broken: dict[str, str] = {}
        self._sorted = not self._wanted
        self._checked = monotonic()
        self._lock, self._wake, self._closing = Lock(), Event(), Event()
        self._folder = TemporaryDirectory(prefix="ingest-review-", ignore_cleanup_errors=True)
        config: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": self._folder.name,
            "preserve_insertion_order": False,
        }
        self._root = duckdb.connect(f"{self._folder.name}/index.duckdb", config=config)
        self._root.execute(_TABLES)
        self._builder = self._root.cursor()
        define: Any = self._builder.create_function
        define(
            "page_key", _page_keys, ["VARCHAR", "VARCHAR"], "UBIGINT", type="arrow", null_handling="special"
        )
        self._thread = Thread(target=self._build, name="index", daemon=True)
        self._thread.start()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading and drop the tables."""
        self._closing.set()
        self._wake.set()
        while self._thread.is_alive():
            self._builder.interrupt()
            self._thread.join(0.05)
        self._root.close()
        self._folder.cleanup()

    @contextmanager
    def cursor(self) -> Iterator[DuckDBPyConnection]:
        """A connection of one's own to the tables. Brings them up to date with the folder first, in the background."""
        self._look_again()
        with self._lock:
            cursor = self._root.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @property
    def progress(self) -> Progress:
        return Progress(
            parts=len(self._files),
            of_parts=len(self._wanted),
            sorted=self._sorted,
            broken=tuple(self._broken.values()),
        )

    def path(self, ref: int) -> Path:
        """The part that a page or removal is in. Raises `GoneError` if there is none any more."""
        try:
            return Path(self._paths[ref >> PART])
        except IndexError as error:
            raise GoneError from error

    def wait(self, seconds: float = 60.0) -> None:
        """Return when everything is read. Raises `TimeoutError`."""
        end = monotonic() + seconds
        while not self.progress.done:
            if monotonic() > end or not self._thread.is_alive():
                raise TimeoutError("the dataset has not been read in time")
            self._closing.wait(0.01)

    # -- the thread that reads ---------------------------------------------------------------------------------

    def _list(self) -> list[tuple[str, str]]:
        """The parts there are, the newest first, each with what it holds."""
        found = [(str(Path(path).resolve()), "records") for path in read(self.out).files]
        found += [(str(Path(path).resolve()), "rejects") for path in read_rejects(self.out).files]
        return sorted(found, key=lambda part: (-_modified(part[0]), part))

    def _look_again(self) -> None:
        with self._lock:
            if not self.progress.done or monotonic() - self._checked < RECHECK_SECONDS:
                return
            self._checked = monotonic()
            with suppress(Exception):  # a folder that is gone for a moment; what was read is still shown
                self._wanted = self._list()
        if len(self._wanted) != len(self._files) or set(self._wanted) != set(self._files):
            self._wake.set()

    def _build(self) -> None:
        while not self._closing.is_set():
            try:
                self._catch_up()
            except _ClosingError:
                return
            except Exception as error:  # a full disk, for example; what was read is still shown
                self._broken[""] = f"The dataset is not read any further: {str(error).splitlines()[0]}"
                return
            self._wake.wait()
            self._wake.clear()

    def _catch_up(self) -> None:
        if not set(self._files) <= set(self._wanted):  # parts are gone: their rows are in all sums
            self._start_over()
        known = set(self._files)
        missing = [part for part in self._wanted if part not in known]
        size = FIRST_BATCH
        sorted_at = len(known)
        while missing and not self._closing.is_set():
            batch, missing = missing[:size], missing[size:]
            size = min(2 * size, LARGEST_BATCH)
            if not self._read(batch):
                for part in batch:
                    self._read([part], last_try=True)
            if not missing or len(self._files) >= 2 * sorted_at:  # seldom: it goes over all texts there are
                self._execute((text, None) for text in _SORT_TEXTS)
                with self._lock:
                    self._sorted = True
                    self.generation += 1
                sorted_at = len(self._files)

    def _read(self, batch: Sequence[tuple[str, str]], *, last_try: bool = False) -> bool:
        """Take parts into the tables, all or none. A part that fails alone is passed over, and named."""
        first = len(self._files)
        numbered = [(first + n, path, kind) for n, (path, kind) in enumerate(batch)]
        self._paths[first:] = [path for path, _ in batch]  # before the rows that refer to them can be seen
        statements: list[tuple[str, Any]]
        statements = [
            ("insert into parts values " + ", ".join(["(?, ?, ?)"] * len(batch)), [*chain(*numbered)])
        ]
        for kind, several in (("records", _READ_RECORDS), ("rejects", _READ_REJECTS)):
            if files := [path for _, path, holds in numbered if holds == kind]:
                statements += [(text, _parameters(text, files)) for text in several]
        try:
            self._execute(statements)
        except _ClosingError:
            raise
        except Exception as error:
            if not last_try:
                return False
            [(path, _)] = batch
            self._broken[path] = f"{Path(path).name} cannot be read: {str(error).splitlines()[0]}"
        with self._lock:
            self._sorted = False
            self._files += batch
            self.generation += 1
        return True

    def _execute(self, statements: Iterable[tuple[str, Any]]) -> None:
        """All of the statements, or none."""
        try:
            self._builder.execute("begin")
            for text, parameters in statements:
                self._builder.execute(text, parameters)
            self._builder.execute("commit")
        except Exception as error:
            with suppress(Exception):
                self._builder.execute("rollback")
            if self._closing.is_set():
                raise _ClosingError from error
            raise

    def _start_over(self) -> None:
        names = ("parts", "pages", "rejects", "rules", "tally", "texts", "site_texts", "new_texts")
        self._execute((f"delete from {name}", None) for name in names)
        with self._lock:
            self._files, self._broken, self._sorted = [], {}, not self._wanted
            self.generation += 1


class GoneError(Exception):
    """What a view refers to is no longer where it was: the dataset has just been rewritten."""


class _ClosingError(Exception):
    """The index is being closed."""


def _parameters(statement: str, files: list[str]) -> dict[str, Any] | None:
    """Those of the parameters that the statement has; others would be an error."""
    given: dict[str, Any] = {"files": files, "no_day": NO_DAY}
    return {name: value for name, value in given.items() if f"${name}" in statement} or None


def _page_keys(sources: pa.Array, digests: pa.Array) -> pa.Array:
    pairs = zip(sources.to_pylist(), digests.to_pylist(), strict=True)
    return pa.array([int(page_key(source, digest), 16) for source, digest in pairs], pa.uint64())


def _modified(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return 0
