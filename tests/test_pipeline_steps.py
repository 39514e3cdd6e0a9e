"""`clean_batch` as a step of other pipelines: Ray Data, Spark, DuckDB. The examples of docs/scale.md run here."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_docs import ARTICLE, ROOT, blocks

from ingest.schema import RECORDS, REJECTS

PAGE = ROOT / "docs" / "scale.md"
EXAMPLES = {
    name: next(text for text in blocks(PAGE, "python") if f"import {name}" in text or f"from {name}" in text)
    for name in ("ray", "pyspark", "duckdb")
}
PAGES = 40


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with `pages.parquet`: articles, and one page that is none."""
    rows = [
        {"url": f"https://paper.example/{number}", "content": ARTICLE.encode()} for number in range(PAGES)
    ]
    pq.write_table(
        pa.Table.from_pylist([*rows, {"url": "https://paper.example/empty", "content": b""}]),
        tmp_path / "pages.parquet",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_example(name: str) -> None:
    exec(compile(EXAMPLES[name], f"docs/scale.md, {name}", "exec"), {"__name__": "example"})


def check(folder: Path, schema: pa.Schema, rows: int) -> pa.Table:
    table = pq.read_table(folder)
    assert table.num_rows == rows
    assert table.schema.names == schema.names
    return table


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="Ray is not installed")
def test_ray_data(workplace, monkeypatch):
    import ray

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    ray.init(
        "local",
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        _system_config={"worker_niceness": 0},
    )
    try:
        run_example("ray")
    finally:
        ray.shutdown()
    table = check(workplace / "records", RECORDS, PAGES)
    assert set(table["title"].to_pylist()) == {"Bridge opens early"}


@pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="PySpark or Java is not installed",
)
def test_spark(workplace, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    run_example("pyspark")
    table = check(workplace / "records", RECORDS, PAGES)
    assert set(table["title"].to_pylist()) == {"Bridge opens early"}
    assert {removal["kind"] for removal in table["removals"].to_pylist()[0]} == {"title", "share"}


@pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="DuckDB is not installed")
def test_duckdb(workplace, capsys):
    run_example("duckdb")
    said = capsys.readouterr().out
    assert str(PAGES) in said and "empty" in said
    check(workplace / "records.parquet", RECORDS, PAGES)
    check(workplace / "rejects.parquet", REJECTS, 1)
