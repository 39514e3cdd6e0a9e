"""Runs on a real Ray cluster of several nodes, all on this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import standin
from test_runner import QUICK, assert_clean, rows, write_pages

from ingest.errors import StoreError, UsageError
from ingest.runner import run
from ingest.store import read

ray = pytest.importorskip("ray", reason="Ray is not installed: python -m pip install 'ingest[ray]'")


@pytest.fixture(scope="module")
def cluster():
    """A cluster whose head does no work, and one node that does. Tests connect to `cluster.address`."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_METRICS_COLLECTION", "0")
        patch.setenv("RAY_raylet_start_wait_time_s", "120")  # on a busy machine
        patch.setenv(
            "PYTHONPATH", os.pathsep.join(map(str, (Path(__file__).parent, Path(__file__).parents[1])))
        )
        quick = {
            "health_check_period_ms": 1000,
            "health_check_timeout_ms": 5000,
            "health_check_failure_threshold": 3,
            "worker_niceness": 0,
        }
        head = {"num_cpus": 0, "include_dashboard": False, "_system_config": quick}
        nodes = Cluster(initialize_head=True, head_node_args=head)
        nodes.add_node(num_cpus=2)
        yield nodes
        ray.shutdown()
        nodes.shutdown()


@pytest.fixture
def connected(cluster):
    """The cluster, with a connection of the caller's own, which runs use and leave open."""
    if not ray.is_initialized():
        ray.init(address=cluster.address, log_to_driver=False)
    yield cluster
    assert ray.is_initialized()


def go(sources, out, cluster, **settings):
    given = {"limits": QUICK, "load_cleaner": standin.load_cleaner} | settings
    return run(sources, out=out, engine="ray", address=cluster.address, **given)


def test_ray_gives_the_rows_the_local_engine_gives(cluster, tmp_path):
    pages = write_pages(
        tmp_path / "in",
        *(f"page {number}" for number in range(60)),
        "",
        "bug",
        "guard it",
        "die",
        "spin",
        "last",
    )
    here = run(pages, out=tmp_path / "here", jobs=1, limits=QUICK, load_cleaner=standin.load_cleaner)
    heard: list[object] = []
    before = signal.getsignal(signal.SIGTERM)
    others: set[str] = set()  # who handles the signal while the run goes on

    def listen(event: object) -> None:
        heard.append(event)
        if (handler := signal.getsignal(signal.SIGTERM)) != before:
            others.add(handler.__module__)

    there = go(pages, tmp_path / "there", cluster, listen=listen)
    assert others <= {"ingest.runner"}, "Ray changes what SIGTERM does"
    assert signal.getsignal(signal.SIGTERM) == before
    tables = []
    for out in (tmp_path / "here", tmp_path / "there"):
        kept = [
            name for name in read(out).schema.names if name not in ("run_id", "ingested_at", "source_stamp")
        ]
        tables.append([read(out).to_table(columns=kept).sort_by("source"), rows(out)])
    assert tables[0] == tables[1]
    found = rows(tmp_path / "there")
    assert Counter(found.values()) == {None: 62, "empty": 1, "crashed": 2, "timeout": 1}
    assert (here.records, here.rejects, here.sites) == (there.records, there.rejects, there.sites)
    assert {type(event).__name__ for event in heard} >= {
        "RunStarted",
        "WorkerDied",
        "PageFailed",
        "RunSummary",
    }
    assert_clean(tmp_path / "there")
    assert not ray.is_initialized()


def test_a_node_killed_in_mid_run_costs_nothing_but_time(connected, tmp_path):
    pages = write_pages(tmp_path / "in", *["slow"] * 300, "", "bug")
    doomed = connected.add_node(num_cpus=2)
    finished: list[int] = []
    killer = threading.Thread(target=_kill_when, args=(connected, doomed, finished), daemon=True)
    killer.start()
    summary = go(pages, tmp_path / "out", connected, progress=finished.append)
    killer.join()
    assert Counter(rows(tmp_path / "out").values()) == {None: 300, "empty": 1, "crashed": 1}
    assert (summary.status, summary.read, sum(finished)) == ("done", 302, 302)
    assert_clean(tmp_path / "out")


def _kill_when(cluster, node, finished: list[int]) -> None:
    """Kill a node's processes, as a power cut would, after the first chunks."""
    while not finished:
        time.sleep(0.01)
    cluster.remove_node(node, allow_graceful=False)


def test_an_output_that_fails_ends_the_run(connected, tmp_path):
    out = tmp_path / "out"

    def vanish(count):
        if (out / "records").exists():
            (out / "records").rename(tmp_path / "vanished")  # in one step: workers are writing there

    with pytest.raises(StoreError, match="Cannot write"):
        go(write_pages(tmp_path / "in", *["slow"] * 200), out, connected, progress=vanish)


def test_what_the_engine_cannot_do_is_said(connected, tmp_path):
    pages = write_pages(tmp_path / "in", "one")
    with pytest.raises(UsageError, match="needs workers"):
        go(pages, tmp_path / "out", connected, jobs=0)
    with pytest.raises(UsageError, match="no engine 'spark'"):
        run(pages, out=tmp_path / "out", engine="spark")
    with pytest.raises(UsageError, match="goes with the engine ray"):
        run(pages, out=tmp_path / "out", address="127.0.0.1:1")


def test_no_cluster_at_the_address_is_said(tmp_path, monkeypatch):
    ray.shutdown()
    with pytest.raises(UsageError, match="no Ray cluster at nowhere"):
        run(write_pages(tmp_path / "in", "one"), out=tmp_path / "out", engine="ray", address="nowhere")


@pytest.mark.parametrize(("option", "variable"), [("{}", ""), ("auto", "{}"), ("", "{}")])
def test_an_address_where_nothing_listens_is_said_at_once(tmp_path, option, variable):
    """Ray by itself would try for a quarter of an hour."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{door.getsockname()[1]}"
        pages = write_pages(tmp_path / "in", "one")
        command = [sys.executable, "-m", "ingest", "run", pages, "--out", tmp_path / "out", "--engine", "ray"]
        command += ["--address", option.format(address)] if option else []
        environment = os.environ | {"RAY_ADDRESS": variable.format(address)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert f"There is no Ray cluster at {address}: Connection refused." in said and "ray start --head" in said
    assert not (tmp_path / "out").exists(), "nothing was done"


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", None], ids=["http", "hangs up", "silent"]
)
def test_an_address_where_something_else_listens_is_said_soon(tmp_path, answer):
    """Ray by itself would try for minutes."""

    def serve() -> None:
        while True:
            connection, _ = door.accept()
            heard.append(connection)
            if answer is not None:
                connection.recv(100)
                connection.sendall(answer)
                connection.close()

    heard: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=serve, daemon=True).start()
        address = f"127.0.0.1:{door.getsockname()[1]}"
        pages = write_pages(tmp_path / "in", "one")
        command = [sys.executable, "-m", "ingest", "run", pages, "--out", tmp_path / "out", "--engine", "ray"]
        command += ["--address", address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and len(heard) == 1
    said = " ".join(done.stderr.split())
    assert f"There is no Ray cluster at {address}: what listens there does not answer as Ray does." in said
    assert not (tmp_path / "out").exists(), "nothing was done"
