"""The schema that editors complete and explain rule files by."""

from __future__ import annotations

import pytest

from ingest.rules.schema import schema


@pytest.mark.parametrize("pack", [False, True])
def test_every_key_is_explained(pack):
    for name, kind in schema(pack=pack)["$defs"].items():
        for key, value in kind["properties"].items():
            assert len(value.get("description", "")) > 5, f"{name}.{key}"
