"""What people with disabilities would stumble over."""

from __future__ import annotations

from typing import Any

import pytest


def faults_of(page: Any) -> list[str]:
    """What axe-core finds to be a serious fault for people with disabilities."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:160]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]
