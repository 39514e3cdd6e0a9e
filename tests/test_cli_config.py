from __future__ import annotations

import json

import pytest
import typer
from test_docs import CLI, blocks, section

from ingest.cli.config import NOT_IN_FILES, keys_of, locate, read_config
from ingest.cli.main import make_app
from ingest.errors import UsageError
from ingest.store import read

RUN = typer.main.get_command(make_app()).commands["run"]
KEYS = keys_of(RUN.callback)


@pytest.fixture
def place(tmp_path):
    """A folder with pages in `in` and `more`, and a function that writes its `ingest.toml`."""
    for folder in ("in", "more"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.txt").write_text(folder)

    def write(text: str):
        (tmp_path / "ingest.toml").write_text(text)
        return tmp_path / "ingest.toml"

    return write


def summaries(out):
    return [json.loads(file.read_text()) for file in sorted((out / "runs").glob("*.json"))]


def test_a_run_from_a_file_alone_with_paths_from_its_folder(command, place, tmp_path, monkeypatch):
    file = place('sources = ["in", "more"]\nout = "out"\njobs = 0\nquiet = true\nmax-reject-rate = 0.5\n')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert command("run", "--config", file) == (0, "", "")
    assert read(tmp_path / "out").count_rows() == 2
    (summary,) = summaries(tmp_path / "out")
    assert summary["max_reject_rate"] == 0.5


def test_a_profile_goes_before_the_top_and_the_command_line_before_both(command, place, tmp_path):
    file = place(
        f'sources = "{tmp_path}/in"\nout = "top"\njobs = 0\nquiet = true\n'
        '[profile.night]\nout = "night"\nsources = "more"\n'
    )
    for arguments, out, page in (
        ((), "top", "in.txt"),
        (("--profile", "night"), "night", "more.txt"),
        (("--profile", "night", "--out", tmp_path / "given", tmp_path / "in"), "given", "in.txt"),
    ):
        assert command("run", *arguments, "--config", file) == (0, "", "")
        (source,) = read(tmp_path / out).to_table(columns=["source"])["source"].to_pylist()
        assert source == str(tmp_path / page[:-4] / page)
    assert command("run", "--config", file, "--profile", "nigth")[0] == 2


def test_every_mistake_is_reported_with_its_line_and_nothing_is_done(command, place, tmp_path):
    file = place(
        """# nightly
source = "in"
out = ["a", "b"]

rules = [
  "mine",
  3,
]
max_reject_rate = 0.1

[profile.a]
jobs = -1
quiet = "yes"
engine = "slurm"
[profile.b]
max-reject-rate = true
config = "other.toml"
"""
    )
    code, said, complaints = command("run", "--config", file)
    assert (code, said) == (2, "")
    lines = {line.removeprefix(f"{file}:").split(":")[0]: line for line in complaints.splitlines()}
    expected = {
        "2": "unknown key `source`; did you mean `sources`?",
        "3": "`out`: one value is wanted, not a list",
        "5": "`rules`: a text or a list of them is wanted, not 3",
        "9": "unknown key `max_reject_rate`; did you mean `max-reject-rate`?",
        "12": "`jobs`: -1 is less than 0",
        "13": "`quiet`: true or false is wanted, not 'yes'",
        "14": "`engine`: 'slurm' is not one of",
        "16": "`max-reject-rate`: a number is wanted, not True",
        "17": "unknown key `config`",
    }
    assert lines.keys() == expected.keys()
    for number, words in expected.items():
        assert words in lines[number]
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("out = \n", "not valid TOML: .*line 1"),
        ('out = "a"\nout = "b"\n', "not valid TOML: .*line 2"),
        ("profile = 3\n", ":1: profiles are tables"),
        ("[profile]\nnight = 3\n", ":2: a profile is a table"),
        ("# " + "x" * 100_001, "more than 100,000 bytes"),
        ("\udcff", "cannot be read"),
    ],
)
def test_files_that_cannot_be_used(place, text, words):
    file = place("")
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=words):
        read_config(file, None, KEYS)


def test_no_file_and_no_profile(command, tmp_path):
    code, _, complaints = command("run", "--config", tmp_path / "no.toml")
    assert code == 2 and "no.toml: cannot be read: No such file" in complaints
    code, _, complaints = command("run", "--profile", "night", tmp_path, "--out", tmp_path / "out")
    assert code == 2 and "give the file with --config" in complaints


def test_without_sources_anywhere_the_usage_is_said(command, place, tmp_path):
    code, _, complaints = command("run", "--config", place(f'out = "{tmp_path}/out"\n'))
    assert code == 2 and "SRC" in complaints
    code, _, complaints = command("run", "--config", place("sources = 'in'\n"))
    assert code == 2 and "--out" in complaints


def test_uris_and_absolute_paths_stay_as_they_are(place):
    file = place(
        'sources = ["s3://bucket/pages", "/data/pages", "here", "-"]\nout = "s3://bucket/articles"\n'
    )
    values = read_config(file, None, KEYS)
    assert values["out"] == "s3://bucket/articles"
    assert values["sources"] == ["s3://bucket/pages", "/data/pages", str(file.parent / "here"), "-"]


def test_lines_of_keys_however_they_are_written():
    text = 'a = """\nb = 1\n"""\n\n# c = 2\nc.d = [\n  1,\n]\n[e]\nf = {g = 1}\n'
    places = {".".join(path): line for path, line in locate(text).items()}
    assert places == {"a": 1, "c": 6, "c.d": 6, "e": 9, "e.f": 10, "e.f.g": 10}


def test_every_option_is_a_key():
    named = {
        parameter.opts[0].lstrip("-") for parameter in RUN.params if parameter.param_type_name == "option"
    }
    assert KEYS.keys() == named - set(NOT_IN_FILES) | {"sources"}


def test_the_example_in_the_documentation_runs(command, tmp_path):
    (page,) = [text for text in blocks_of_cli() if "sources" in text]
    (tmp_path / "scraped").mkdir()
    (tmp_path / "scraped" / "one.txt").write_text("one")
    (tmp_path / "my-rules").mkdir()
    (tmp_path / "ingest.toml").write_text(page)
    for arguments in ((), ("--profile", "try")):
        code, _, complaints = command("run", "--config", tmp_path / "ingest.toml", *arguments, "--jobs", 0)
        assert code == 0, complaints
    assert read(tmp_path / "articles").count_rows() == read(tmp_path / "try").count_rows() == 1


def blocks_of_cli() -> list[str]:
    from test_docs import ROOT

    assert "```toml" in section(CLI, "## ingest run")
    return blocks(ROOT / "docs" / "cli.md", "toml")
