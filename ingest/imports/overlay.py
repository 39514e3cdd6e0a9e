"""The two edges of an import: the files of a checkout, and the user's folder of rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.errors import UsageError
from ingest.imports.site_config import Finding
from ingest.imports.site_file import Source, host_of_file

MAX_FILE_BYTES = 1_000_000


def read_checkout(folder: Path) -> tuple[list[Source], list[Finding]]:
    """The site-config files that stand directly in a folder, by name, and the `.txt` files that are none."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {str(folder)!r} of site-config files.")
    sources: list[Source] = []
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.txt")):
        file = str(path)
        named = host_of_file(path.name)
        if named is None:
            message = "the file is not named after a host; our rule files belong to one site"
            findings.append(Finding(file, 1, "not applicable", "the whole file", "", message))
        elif path.stat().st_size > MAX_FILE_BYTES:
            message = f"larger than {MAX_FILE_BYTES:,} bytes"
            findings.append(Finding(file, 1, "not applicable", "the whole file", "", message))
        else:
            sources.append(Source(file, path.read_text(encoding="utf-8", errors="replace"), *named))
    if not sources:
        raise UsageError(f"There are no site-config files (host.txt) in {str(folder)!r}.")
    return sources, findings


def read_lists(files: Sequence[Path]) -> list[tuple[str, str]]:
    """The filter lists as (name, text)."""
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise UsageError(f"There is no file {', '.join(map(repr, missing))}.")
    return [(str(file), file.read_text(encoding="utf-8", errors="replace")) for file in files]


def write_rules(path: Path, text: str, *, force: bool) -> bool:
    """Writes a file of rules; whether it did: a file that is there stays unless `force` is given."""
    if path.exists() and not force:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True
