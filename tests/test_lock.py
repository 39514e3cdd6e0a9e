"""One run at a time, on this machine and in an object store, with real processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import standin
from pyarrow.fs import FileSelector

from ingest import lease
from ingest.errors import BusyError, StoreError, UsageError
from ingest.filesystem import locate
from ingest.lock import hold
from ingest.store import open_output, stage_part

HOLD = """
import sys, time
from ingest import lease
from ingest.lock import hold
lease.LEASE_SECONDS, lease.RENEW_SECONDS = map(float, sys.argv[2:4])
with hold(sys.argv[1]) as held:
    print(held.holder.run_id, flush=True)
    time.sleep(float(sys.argv[4]))
"""


@contextmanager
def holder(out, seconds=60.0, lease_seconds=60.0, renew=15.0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that holds the output, and its run's name."""
    command = [sys.executable, "-c", HOLD, *map(str, (out, lease_seconds, renew, seconds))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture(params=["folder", "object store"])
def out(request, tmp_path) -> str:
    if request.param == "folder":
        return str(tmp_path / "out")
    return f"{request.getfixturevalue('bucket')}/out"


@pytest.fixture
def short(monkeypatch):
    """Leases as short as a test."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.2)
    monkeypatch.setattr(lease, "POLL_SECONDS", 0.1)


def test_the_second_is_told_who_the_first_is(out):
    with holder(out) as (process, run_id):
        began = time.monotonic()
        with pytest.raises(BusyError) as error, hold(out):
            pass
        assert time.monotonic() - began < 2
        assert error.value.exit_code == 75
        for word in (out, run_id, f"process {process.pid} on {os.uname().nodename}", "since 20", "--wait"):
            assert word in str(error.value)


def test_the_second_can_wait(out):
    with holder(out, seconds=1.5) as (process, run_id), hold(out, wait=30) as held:
        assert process.wait(5) == 0
        assert held.holder.run_id > run_id and held.holder.pid == os.getpid()
    with hold(out):
        pass


def test_waiting_has_an_end(out):
    with holder(out):
        began = time.monotonic()
        with pytest.raises(BusyError), hold(out, wait=1):
            pass
        assert 1 <= time.monotonic() - began < 4


def test_a_folders_lock_dies_with_its_holder(tmp_path):
    with holder(tmp_path / "out") as (process, _):
        process.kill()
        process.wait()
        with hold(tmp_path / "out"):
            pass


def test_a_lease_ends_some_time_after_its_holder(bucket, short, monkeypatch):
    monkeypatch.setattr(lease, "LEASE_SECONDS", 3.0)  # the store tells an object's age in whole seconds
    with holder(f"{bucket}/out", lease_seconds=3, renew=0.2) as (process, _):
        time.sleep(3.5)
        with pytest.raises(BusyError), hold(f"{bucket}/out"):
            pass  # it is renewed while its holder lives
        process.kill()
        process.wait()
        began = time.monotonic()
        with hold(f"{bucket}/out", wait=20):
            assert time.monotonic() - began < 5


def test_a_holder_that_was_away_for_too_long_finds_out(bucket, short):
    """Stopped like a machine asleep: another takes over, and nothing of the first becomes visible any more."""
    out = f"{bucket}/out"
    with holder(out, seconds=3, lease_seconds=1, renew=0.2) as (process, _):
        process.send_signal(signal.SIGSTOP)
        with hold(out, wait=10) as held:
            process.send_signal(signal.SIGCONT)
            assert process.wait(20) == 0
            time.sleep(0.5)
            held.check()  # the first has neither renewed nor freed what is not its own any more


def test_who_has_lost_the_lease_is_told_before_a_commit(bucket, short, monkeypatch):
    out = f"{bucket}/out"
    monkeypatch.setattr(lease, "RENEW_SECONDS", 60)
    with hold(out) as first:
        time.sleep(1.1)
        with hold(out) as second:
            staged = stage_part(standin_table(), second.out / "records")
            with pytest.raises(StoreError, match="another took over"):
                first.check()
            second.check()
    assert second.holder != first.holder
    assert locate(out).filesystem.get_file_info(staged.path).is_file is False


def standin_table():
    from ingest.records import RawPage
    from ingest.schema import records_table

    return records_table([standin.make_record(RawPage(data=b"x", source="x"))], "run", standin.MOMENT)


def test_of_many_that_want_a_lease_that_is_left_over_one_gets_it(bucket, short, monkeypatch):
    out = f"{bucket}/out"
    monkeypatch.setattr(lease, "LEASE_SECONDS", 2.0)
    with holder(out, lease_seconds=2, renew=60) as (process, _):
        process.kill()
    time.sleep(2.1)
    got: list[str] = []
    start, done = threading.Barrier(6), threading.Barrier(6)

    def want():
        start.wait()
        with suppress(BusyError), hold(out) as held:
            got.append(held.holder.run_id)
            done.wait()
            return
        done.wait()

    threads = [threading.Thread(target=want) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_a_lease_leaves_one_empty_object(bucket):
    out = f"{bucket}/out"
    for _ in range(2):
        with hold(out):
            pass
    at = locate(out)
    found = [
        info for info in at.filesystem.get_file_info(FileSelector(at.path, recursive=True)) if info.is_file
    ]
    assert [(info.path, info.size) for info in found] == [(f"{at.path}/.lock", 0)]


def test_a_folder_that_is_replaced_during_the_run_is_no_longer_held(tmp_path):
    out = tmp_path / "out"
    with hold(out) as held:
        held.check()
        shutil.rmtree(out)
        with pytest.raises(StoreError, match="deleted or replaced"):
            held.check()
        open_output(out)
        with hold(out) as second, pytest.raises(StoreError, match="deleted or replaced"):
            second.check()
            held.check()


def test_a_store_that_heeds_no_conditions_is_refused(s3):
    """The same server behind a layer that drops the conditions, as some stores do."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)

    def careless(environ, start_response):
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"):
            environ.pop(name, None)
        return app(environ, start_response)

    s3.create_dir("test-careless")
    server = make_server("127.0.0.1", 0, careless, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    out = f"s3://test-careless/out?endpoint_override=127.0.0.1:{server.port}&scheme=http"
    with pytest.raises(UsageError, match="does not heed"), hold(out):
        pass
    server.shutdown()


def test_without_the_library_it_is_said_how_to_get_it(bucket):
    code = f"""
import sys
sys.modules["obstore"] = None
from ingest.errors import UsageError
from ingest.lock import hold
try:
    with hold("{bucket}/out"): pass
except UsageError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'ingest[object-store]'" in said.stdout


def test_the_command_ends_with_75(tmp_path, run_ingest):
    (tmp_path / "in").mkdir()
    with holder(tmp_path / "out") as (_, run_id):
        code, said, complaints = run_ingest("run", tmp_path / "in", "--out", tmp_path / "out")
        assert (code, said) == (75, "") and run_id in complaints
    with holder(tmp_path / "out", seconds=1):
        assert run_ingest("run", tmp_path / "in", "--out", tmp_path / "out", "--wait", 30, "--quiet")[0] == 0
