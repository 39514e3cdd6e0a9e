"""The command itself: one loopback socket, its address printed, a clean end, clear refusals."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection

from asking import make_record, write_rows


@contextmanager
def reviewing(out, *options):
    """`ingest review` as a process of its own, and the port it prints."""
    command = [sys.executable, "-m", "ingest", "review", str(out), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        yield process, int(re.search(r"http://127\.0\.0\.1:(\d+)/", line)[1])
    finally:
        process.kill()
        process.communicate()


def get(port, path="/", host="127.0.0.1"):
    connection = HTTPConnection(host, port, timeout=20)
    connection.request("GET", path)
    return connection.getresponse()


def other_addresses():
    """This machine's addresses that are not its loopback, as far as it can tell them."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which address would be used
            found = {probe.getsockname()[0]}
        except OSError:
            found = set()
    return found - {"127.0.0.1", "0.0.0.0"}


def test_it_serves_until_ctrl_c(tmp_path):
    write_rows(tmp_path, "p", [make_record(1)])
    with reviewing(tmp_path, "--port", "0") as (process, port):
        assert get(port).status == 200
        for address in other_addresses():
            with socket.socket() as stranger:
                stranger.settimeout(5)
                assert stranger.connect_ex((address, port)) != 0
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
        assert (process.returncode, output, errors) == (0, "", "")


def test_a_port_in_use_is_a_sentence(tmp_path, run_ingest):
    write_rows(tmp_path, "p", [make_record(1)])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, errors = run_ingest("review", tmp_path, "--port", port)
    assert code == 2 and not output
    assert f"Port {port}" in errors and "--port" in errors


def test_no_dataset_is_a_sentence(tmp_path, run_ingest):
    code, _, errors = run_ingest("review", tmp_path / "nowhere", "--port", "0")
    assert code == 1 and "no dataset" in errors


def test_it_ends_in_the_middle_of_a_search(tmp_path):
    for part in range(20):
        body = "word " * 20_000
        write_rows(tmp_path, f"p{part}", [make_record(100 * part + n, body=body) for n in range(20)])
    with reviewing(tmp_path, "--port", "0") as (process, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/pages?q=never-there")
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 0
