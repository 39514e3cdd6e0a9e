"""gzip and zstd, unpacked piece by piece, so that four bytes never become a gigabyte in one step."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import zstandard
from isal import isal_zlib  # gzip in less than half the time of zlib

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
PACKED = (GZIP, ZSTD)
"""How packed bytes begin; names are not believed."""

BLOCK = 1024 * 1024
_ZSTD_PIECE = 256  # bytes; 4 of them can unpack to 128 kB, and the library sets no limit

UNPACK_ERRORS: tuple[Any, ...] = (
    OSError,
    ValueError,
    EOFError,
    zlib.error,
    isal_zlib.error,
    zstandard.ZstdError,
)


def unpack(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The unpacked bytes of gzip or zstd data, in blocks. What is readable comes before the error.

    Raises `EOFError` for data that is cut off, `ValueError`, `zlib.error` or `ZstdError` for broken data.
    """
    pieces = iter(pieces)
    piece = next(pieces, b"")
    while piece:
        if piece.startswith(GZIP):
            piece = yield from _unpack_gzip(piece, pieces)
        elif piece.startswith(ZSTD):
            piece = yield from _unpack_zstd(piece, pieces)
        elif piece.strip(b"\0"):
            raise ValueError("packed data goes on with something else")
        else:
            piece = b""  # gzip data may be filled up with zeros
        while len(piece) < 4 and (more := next(pieces, b"")):
            piece += more


def _unpack_gzip(piece: bytes, pieces: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """One gzip member; returns what follows it."""
    member = isal_zlib.decompressobj(wbits=31)
    while not member.eof:
        if not piece:
            raise EOFError("gzip data ends in the middle")
        if block := member.decompress(piece, BLOCK):
            yield block
        if not member.eof:
            piece = member.unconsumed_tail or next(pieces, b"")
    return member.unused_data


def _unpack_zstd(piece: bytes, pieces: Iterator[bytes]) -> Generator[bytes, None, bytes]:
    """One zstd frame; returns what follows it. The library's own readers accept a cut-off frame."""
    frame = zstandard.ZstdDecompressor().decompressobj()
    while True:
        if not piece:
            raise EOFError("zstd data ends in the middle of a frame")
        for start in range(0, len(piece), _ZSTD_PIECE):
            if block := frame.decompress(piece[start : start + _ZSTD_PIECE]):
                yield block
            if frame.eof:
                return frame.unused_data + piece[start + _ZSTD_PIECE :]
        piece = next(pieces, b"")
