"""The JSON Schema of rule files, made from the types the loader uses."""

from __future__ import annotations

from typing import Any

import msgspec

from ingest.rules.model import PackFile, SiteFile

SCHEMA_FILE = "site.schema.json"
MODELINE = f"# yaml-language-server: $schema={SCHEMA_FILE}\n"
"""The first line of a rule file by which an editor finds the schema beside it."""


def schema(*, pack: bool = False) -> dict[str, Any]:
    """The schema of site files, or of packs."""
    kind, title = (PackFile, "ingest rule pack") if pack else (SiteFile, "ingest rule file")
    result = msgspec.json.schema(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **result}
