"""A made-up newsroom's dataset: three runs, one site redesigned in the last, some rejects, summaries of the runs."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from newsroom import FIRST_DAY, Look, clean_pages, write_rules, write_run

from ingest.pipeline import clean_page
from ingest.records import RawPage
from ingest.rules.rulebook import read_rules

RUNS, PAGES = 4, 24


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("newsroom")
    write_rules(folder / "rules", range(3))
    rulebook = read_rules([folder / "rules"])
    out = folder / "articles"
    for run in range(RUNS):
        looks = [Look(), Look(), Look(body_class="prose") if run == RUNS - 1 else Look()]
        rows = [
            row
            for site, look in enumerate(looks)
            for row in clean_pages(site, PAGES, look, rulebook, Random(f"{run} {site}"), first=run * PAGES)
        ]
        empty = clean_page(RawPage(data=b" ", source=f"/pages/empty-{run}.html"), rulebook)
        write_summary(out, write_run(out, [*rows, empty], run), run, len(rows))
    return out


def write_summary(out: Path, run_id: str, run: int, records: int) -> None:
    summary = {
        "run_id": run_id,
        "version": "0.1.0",
        "out": "articles",
        "status": "done",
        "started": (FIRST_DAY + timedelta(hours=run)).isoformat(),
        "seconds": 3.5 + run,
        "read": records + 1,
        "skipped": 0,
        "records": records,
        "rejects": {"empty": 1},
        "removals": {"plea": 50},
        "flags": {},
    }
    (out / "runs" / f"{run_id}.json").write_text(json.dumps(summary))
