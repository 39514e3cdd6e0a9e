"""JSON lines, packed or not: one page a line. Identity: the line's number, so that lines can be added at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from ingest.manifest import Facts
from ingest.sources.fields import NoPageColumnError, choose_columns, page_of_row
from ingest.sources.packed import BLOCK
from ingest.sources.source import Source, member_of
from ingest.sources.stream import UNREADABLE, Stream, StreamReader, TooLargeError, read_whole

MOST_AS_JSON = 6
"""So many times as long a page can be as a JSON string: `\\u003c` is one character."""

BOM = b"\xef\xbb\xbf"

_BLANK = 64  # a longer line of white space counts as a page, and gets its row


def find(archive: Source, not_pages: Counter[str]) -> Iterator[Source]:
    """A source for each line that is not blank."""
    columns_of(archive)
    with Stream(archive) as stream:
        number = start = 0  # of the line at hand
        blank = True
        while block := stream.read(BLOCK):
            base, begin = stream.tell() - len(block), 0
            while (end := block.find(b"\n", begin)) >= 0:
                number += 1
                if not (blank and _is_blank(block, begin, end)):
                    yield member_of(archive, str(number), start, base + end - start)
                begin, start, blank = end + 1, base + end + 1, True
            blank = blank and _is_blank(block, begin, len(block))
        if not blank:
            yield member_of(archive, str(number + 1), start, stream.tell() - start)


def _is_blank(block: bytes, begin: int, end: int) -> bool:
    return end - begin <= _BLANK and not block[begin:end].strip()


def columns_of(archive: Source) -> None:
    """Check the keys of the first line. Raises `NoPageColumnError`; a line that cannot be read is left for its row."""
    try:
        with Stream(archive) as stream:
            head = stream.read(BLOCK).removeprefix(BOM).lstrip()
            while b"\n" not in head and len(head) < 64 * BLOCK and (more := stream.read(BLOCK)):
                head += more
        row = msgspec.json.decode(head.partition(b"\n")[0])
    except (*UNREADABLE, msgspec.DecodeError, RecursionError):
        return
    if isinstance(row, dict):
        choose_columns(archive.fields, row.keys(), archive.name)


class Reader(StreamReader):
    def read(self, source: Source, max_bytes: int) -> tuple[bytes, Facts]:
        self._stream.seek(source.offset)
        line = read_whole(self._stream, source.size, MOST_AS_JSON * max_bytes).removeprefix(BOM)
        try:
            row = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError) as error:
            raise ValueError(f"line {source.member} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise ValueError(f"line {source.member} is not a JSON object")
        try:
            data, facts = page_of_row(row, choose_columns(source.fields, row.keys(), f"Line {source.member}"))
        except NoPageColumnError as error:
            raise ValueError(str(error)) from error
        if len(data) > max_bytes:
            raise TooLargeError(f"{len(data)} bytes, more than {max_bytes}")
        return data, facts
