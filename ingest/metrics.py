"""What the last run did, as a file in Prometheus' text format, such as node_exporter's textfile collector reads.

Every run writes it anew, also one that fails; only the time of the last success outlives a failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import time
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile
from prometheus_client.parser import text_string_to_metric_families

from ingest.errors import StoreError
from ingest.records import REASONS
from ingest.summary import RunSummary, fold_sites

SITES = 50
"""So many sites have values of their own; each value costs room in Prometheus for as long as it keeps data."""

LAST_SUCCESS = "ingest_last_success_timestamp_seconds"


class _Metric(NamedTuple):
    name: str
    about: str
    values: Mapping[str, float]
    """By the value of its label, or of the empty text for one without."""
    label: str | None = None


def write_metrics(file: Path, dataset: str, summary: RunSummary | None, exit_code: int) -> None:
    """Write the file, whole or not at all. `summary` is None for a run that ended before its first page.

    Raises `StoreError`.
    """
    now = time()
    success = now if exit_code == 0 else _last_success(file, dataset)
    registry = CollectorRegistry()
    for metric in (*_of_the_run(now, success, exit_code), *_of_its_pages(summary)):
        labels = ["dataset", metric.label] if metric.label else ["dataset"]
        gauge = Gauge(metric.name, metric.about, labels, registry=registry)
        for word, value in metric.values.items():
            gauge.labels(*([dataset, word] if metric.label else [dataset])).set(value)
    try:
        write_to_textfile(str(file), registry)
    except OSError as error:
        raise StoreError(f"Cannot write {file}: {error.strerror or error}.") from error


def _of_the_run(now: float, success: float | None, exit_code: int) -> Iterator[_Metric]:
    yield _Metric("ingest_last_run_timestamp_seconds", "When the last run ended.", {"": now})
    if success is not None:
        yield _Metric(LAST_SUCCESS, "When a run last ended with exit code 0.", {"": success})
    yield _Metric("ingest_run_exit_code", "What the last run ended with; 0 is success.", {"": exit_code})


def _of_its_pages(summary: RunSummary | None) -> Iterator[_Metric]:
    if summary is None:
        return
    rejects = dict.fromkeys(REASONS, 0) | summary.rejects
    sites = fold_sites(summary.sites, SITES)
    yield _Metric("ingest_run_duration_seconds", "How long the last run took.", {"": summary.seconds})
    yield _Metric("ingest_run_pages", "Pages it read.", {"": summary.read})
    yield _Metric("ingest_run_records", "Records it wrote.", {"": summary.records})
    yield _Metric("ingest_run_skipped", "Pages that had a row already.", {"": summary.skipped})
    yield _Metric("ingest_run_reject_ratio", "Rejects among its new rows, 0 to 1.", {"": summary.reject_rate})
    yield _Metric("ingest_run_rejects", "Pages it refused.", rejects, "reason")
    yield _Metric(
        "ingest_run_not_pages", "What folders and archives hold that is no page.", summary.not_pages, "kind"
    )
    yield _Metric("ingest_run_flags", "Records by flag.", _without_rules(summary.flags), "flag")
    yield _Metric("ingest_run_removals", "Texts it took out.", summary.removals, "kind")
    for kind, about in (
        ("records", "Records of the largest sites."),
        ("rejects", "Rejects of the largest sites."),
    ):
        counts = {site: rows[kind] for site, rows in sites.items()}
        yield _Metric(f"ingest_run_site_{kind}", about, counts, "site")


def _without_rules(flags: Mapping[str, int]) -> Counter[str]:
    """Flags such as `guarded:<rule>` as their first part: there are as many rules as there are."""
    counts: Counter[str] = Counter()
    for flag, number in flags.items():
        counts[flag.partition(":")[0]] += number
    return counts


def _last_success(file: Path, dataset: str) -> float | None:
    """What the file said before. One that cannot be read says nothing."""
    try:
        families = text_string_to_metric_families(file.read_text(encoding="utf-8"))
        samples = [sample for family in families for sample in family.samples]
    except (OSError, ValueError):
        return None
    for sample in samples:
        if sample.name == LAST_SUCCESS and sample.labels.get("dataset") == dataset:
            return float(sample.value)
    return None
