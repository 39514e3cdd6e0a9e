"""What identifies a page's bytes."""

from __future__ import annotations

from hashlib import blake2b


def digest(data: bytes) -> str:
    """BLAKE2b of 128 bits, as 32 hex digits: the `source_digest` of a row."""
    return blake2b(data, digest_size=16).hexdigest()
