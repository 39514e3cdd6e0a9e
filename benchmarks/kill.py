"""`python -m benchmarks.kill --times 1000`: runs ended by `kill -9` at random moments, again and again.

In each round new pages come in, a run, a refresh or a compaction is started as a process of its own, and at a random
moment its parent, one of its workers, or the whole process group is killed. All the while another process reads the
dataset. It must never find a part that cannot be read, nor a page twice; no worker may outlive its run; and after the
next run that is left alone each page must be exactly one row, with nothing unfinished beside it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from benchmarks.command import console
from benchmarks.onlooker import Broken, rows_of, unfinished
from benchmarks.victim import ACTS
from ingest.errors import IngestError

PAGES_A_ROUND = 30
TARGETS = ("parent", "worker", "group")
ROOT = Path(__file__).parents[1]

WORK = """
import sys
sys.path[:0] = sys.argv[1].split(":")
from benchmarks import victim
victim.work(*sys.argv[2:])
"""


class Setting(NamedTuple):
    """What is tormented. `cleaner` is the module of a `load_cleaner`, or empty for the rules' own."""

    pages: Path
    out: str
    cleaner: str = ""
    path: tuple[str, ...] = ()
    """Where modules are looked for, before the usual places."""


class Torment:
    """Rounds of kills over one dataset. Every moment and target comes from the seed."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting = setting
        self.chance = random.Random(seed)
        self.toll: Counter[str] = Counter()
        setting.pages.mkdir(parents=True, exist_ok=True)

    @property
    def kills(self) -> int:
        """How many came before the work was done."""
        return sum(self.toll[target] for target in TARGETS)

    def round(self, act: str = "run", target: str | None = None, *, complete: bool = True) -> None:
        """New pages, one killed process, and, if asked for, a run that is left alone. Raises `Broken`."""
        target = target or self.chance.choice(TARGETS)
        if act == "run":
            self._add_pages()
        process = self.start(act)
        try:
            process.stdout.readline()
            time.sleep(self.chance.uniform(0, ACTS[act].seconds))
            self._kill(process, target)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        rows_of(self.setting.out)
        if complete:
            self.complete()

    def start(self, act: str, jobs: int = 2) -> subprocess.Popen[bytes]:
        path = os.pathsep.join((*self.setting.path, str(ROOT)))
        arguments = (path, act, str(self.setting.pages), self.setting.out, self.setting.cleaner, str(jobs))
        command = [sys.executable, "-c", WORK, *arguments]
        return subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)

    def complete(self) -> None:
        """A run that nobody disturbs, and what must hold after it. Raises `Broken`."""
        process = self.start("run", jobs=0)
        process.communicate(timeout=120)
        if process.returncode:
            raise Broken(f"A run that nobody disturbed ended with {process.returncode}")
        rows = rows_of(self.setting.out)
        expected = {str(page) for page in self.setting.pages.iterdir()}
        if rows.keys() != expected:
            raise Broken(f"Rows are missing for {sorted(expected - rows.keys())[:5]}")
        if left := unfinished(self.setting.out):
            raise Broken(f"Unfinished files are left: {left[:5]}")
        self.toll["completions"] += 1

    def _add_pages(self) -> None:
        have = len(list(self.setting.pages.iterdir()))
        for number in range(have, have + PAGES_A_ROUND):
            (self.setting.pages / f"{number:06}.txt").write_text(page_text(number))

    def _kill(self, process: subprocess.Popen[bytes], target: str) -> None:
        workers = children(process.pid)
        if target == "worker" and not workers:
            target = "parent"
        if process.poll() is not None:
            target = "too late"
        elif target == "worker":
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(workers), signal.SIGKILL)
            if code := process.wait(120):
                raise Broken(f"A run whose worker was killed ended with {code}")
        elif target == "group":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        self.toll[target] += 1
        process.wait()
        await_end(workers)


@contextmanager
def reader(out: str) -> Iterator[None]:
    """A process that reads the dataset all the time. Raises `Broken` at the end if it found anything wrong."""
    command = [
        sys.executable,
        "-c",
        "import sys; from benchmarks import onlooker; onlooker.watch(sys.argv[1])",
        out,
    ]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield
    finally:
        said, complaint = process.communicate("end\n")
    if process.returncode:
        raise Broken(complaint.strip().splitlines()[-1])
    if int(said) == 0:
        raise Broken("The reader has not read anything")


def children(pid: int) -> list[int]:
    """The processes that this one has started and that are alive."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def await_end(pids: list[int], seconds: float = 10) -> None:
    """Wait until these processes are gone. Raises `Broken` if one goes on."""
    deadline = time.monotonic() + seconds
    while alive := [pid for pid in pids if is_running(pid)]:
        if time.monotonic() > deadline:
            raise Broken(f"A worker outlives its run: {alive}")
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def page_text(number: int) -> str:
    """A small page; of every 20 one is empty and so a reject."""
    if number % 20 == 0:
        return ""
    lines = (
        f"Sentence {line} of page {number} tells of a bridge, a mayor and a river in flood."
        for line in range(12)
    )
    return f"A headline with the number {number}\n\n" + "\n\n".join(lines) + "\n"


def main(
    times: Annotated[int, typer.Option(min=1, help="How many kills.")] = 100,
    seed: Annotated[int, typer.Option(help="Another number gives other moments.")] = 1,
    act: Annotated[str, typer.Option(help=f"What is killed: {', '.join(ACTS)}, or all in turn.")] = "all",
    out: Annotated[str | None, typer.Option(help="An empty place for the dataset, also s3://...")] = None,
) -> None:
    """Kill runs at random moments, and check after each what must hold."""
    with tempfile.TemporaryDirectory() as folder:
        torment = Torment(Setting(Path(folder) / "pages", out or f"{folder}/out"), seed)
        acts = list(ACTS) if act == "all" else [act]
        torment.complete()
        try:
            with reader(torment.setting.out):
                for number in range(times):
                    torment.round(acts[number % len(acts)], complete=torment.chance.random() < 0.7)
                torment.complete()
        except (Broken, IngestError) as broken:
            console.print(f"Kill {torment.kills}, seed {seed}: {broken}")
            raise SystemExit(1) from broken
        console.print(", ".join(f"{name} {number}" for name, number in torment.toll.most_common()))


if __name__ == "__main__":
    typer.run(main)
