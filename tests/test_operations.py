"""The examples of docs/operations.md against the programs that will read them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from test_cli_config import KEYS
from test_docs import COMMANDS, ROOT, blocks, first_cells, section
from test_metrics_file import summary_of

from ingest.cli.config import read_config
from ingest.metrics import write_metrics

PAGE = ROOT / "docs" / "operations.md"
TEXT = PAGE.read_text(encoding="utf-8")
UNITS = {text.splitlines()[0].rpartition("/")[2]: text for text in blocks(PAGE, "ini")}


@pytest.fixture
def metrics(tmp_path) -> dict[str, set[str]]:
    """Every metric there is, and its labels."""
    write_metrics(
        tmp_path / "m.prom",
        "/data/articles",
        summary_of(sites={"a.example": {"records": 1, "rejects": 1}}, flags={"a": 1}, not_pages={"b": 1}),
        exit_code=0,
    )
    families = text_string_to_metric_families((tmp_path / "m.prom").read_text())
    return {family.name: set(family.samples[0].labels) - {"dataset"} for family in families}


def test_the_configuration_is_without_mistakes(tmp_path):
    (text,) = blocks(PAGE, "toml")
    (tmp_path / "ingest.toml").write_text(text)
    values = read_config(tmp_path / "ingest.toml", "night", KEYS)
    assert values["out"] == "/data/articles" and values["log-format"] == "json"


def test_commands_in_schedules_exist_with_their_options():
    (crontab,) = blocks(PAGE, "crontab")
    lines = re.findall(r"/opt/ingest/bin/(ingest \w+)(.*)", crontab + UNITS["ingest.service"])
    lines += re.findall(r"`(ingest (?:rules )?\w+)([^`]*)`", TEXT)
    assert len(lines) > 8
    for name, rest in lines:
        known = {word for parameter in COMMANDS[name].params for word in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= known, name
    assert re.fullmatch(r"(\S+ ){5}\s*/opt/ingest/bin/ingest .*\n", crontab)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    program = Path(sys.executable).with_name("ingest")
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/opt/ingest/bin/ingest", str(program)))
    units = [str(tmp_path / name) for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    said = [line for line in done.stderr.splitlines() if "ingest" in line]
    assert (done.returncode, said) == (0, []), done.stderr
    shown = subprocess.run(
        ["systemd-analyze", "calendar", re.search(r"OnCalendar=(.*)", UNITS["ingest.timer"])[1]],
        capture_output=True,
        check=False,
    )
    assert shown.returncode == 0


def test_alerts_ask_for_metrics_and_labels_that_are_there(metrics):
    (text,) = blocks(PAGE, "yml")
    rules = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 4
    for rule in rules:
        assert (
            {"expr", "labels", "annotations"}
            <= rule.keys()
            <= {"alert", "expr", "for", "labels", "annotations"}
        )
        named = re.findall(r"\b(ingest_\w+)(?:\{(\w+))?", rule["expr"])
        assert named
        for name, label in named:
            assert name in metrics
            assert not label or label in metrics[name]
        used = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
        assert used <= {"dataset"} | metrics[named[0][0]]


def test_every_metric_is_documented_with_its_label(metrics):
    cells = " ".join(first_cells(section(TEXT, "## Metrics")))
    documented = {name: {label} - {""} for name, label in re.findall(r"`(ingest_\w+)(?:\{(\w+)\})?`", cells)}
    assert documented == metrics


def test_every_exit_code_of_a_run_has_an_advice():
    said = set(re.findall(r"^- (\d+) ", re.sub(r"^\s+", "", COMMANDS["ingest run"].help, flags=re.M), re.M))
    assert said
    assert said <= set(first_cells(section(TEXT, "## Exit codes, and what to do")))
