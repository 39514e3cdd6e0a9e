from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow.fs import GcsFileSystem, LocalFileSystem, S3FileSystem

from ingest.errors import StoreError, UsageError
from ingest.filesystem import Place, is_uri, locate, open_filesystem


def test_a_path_is_on_this_machine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given_, path in {
        "a/b": tmp_path / "a" / "b",
        tmp_path / "a": tmp_path / "a",
        "/x/../y": Path("/y"),
        "file:///x/y%20z/": Path("/x/y z"),
        "file://localhost/x": Path("/x"),
    }.items():
        filesystem, found = open_filesystem(given_)
        assert isinstance(filesystem, LocalFileSystem) and found == str(path)
        assert locate(given_).local and Path(locate(given_)) == path


def test_a_uri_is_bucket_and_key_as_they_are():
    place = locate("s3://bucket/a b/ü%20#x/?endpoint_override=host:9000&scheme=http")
    assert place == Place("bucket/a b/ü%20#x", "s3://bucket?endpoint_override=host:9000&scheme=http")
    assert not place.local and str(place / "c") == "s3://bucket/a b/ü%20#x/c"
    assert (place / "c").with_name("d") == place / "d" and (place / "d").name == "d"
    assert locate("s3://bucket") == locate("s3://bucket/") == Place("bucket", "s3://bucket")
    with pytest.raises(TypeError):
        Path(place)


def test_keys_of_access_are_used_and_never_shown():
    place = locate("s3://key:secret@bucket/prefix?region=x")
    assert place == Place("bucket/prefix", "s3://key:secret@bucket?region=x")
    assert "secret" not in str(place / "part")
    for wrong in ("s3://key:secret@/prefix", "s3://key:secret@bucket//prefix"):
        with pytest.raises(UsageError) as error:
            locate(wrong)
        assert "secret" not in str(error.value)


@given(st.text(max_size=20))
def test_any_text_is_a_place_or_a_usage_error(text):
    for written in (text, f"s3://{text}", f"gs://b/{text}", f"file://{text}"):
        try:
            place = locate(written)
        except UsageError:
            continue
        assert locate(place) is place and pickle.loads(pickle.dumps(place)) == place


@pytest.mark.parametrize(
    "wrong, says",
    [
        ("ftp://host/x", "ftp:// is not known"),
        ("s3://", "s3://bucket/prefix"),
        ("s3:///x", "s3://bucket/prefix"),
        ("s3://bucket//x", "no empty name"),
        ("s3://bucket?zork=1", "zork"),
        ("file://host/x", "three slashes"),
        ("s3:bucket", None),
    ],
)
def test_what_cannot_be_used_is_said(wrong, says):
    assert is_uri(wrong) == (says is not None)
    if says:
        with pytest.raises(UsageError, match=says):
            open_filesystem(wrong)
    else:
        assert locate(wrong).local


def test_the_server_is_found_by_the_environment(bucket):
    filesystem, path = open_filesystem(f"{bucket}/a b/ü")
    assert isinstance(filesystem, S3FileSystem)
    with filesystem.open_output_stream(path) as file:
        file.write(b"x")
    assert open_filesystem(f"{bucket}/a b/ü")[0].get_file_info(path).size == 1


def test_the_server_is_found_by_the_options_alone(bucket, s3_server, monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    name = bucket.removeprefix("s3://")
    uri = f"s3://key:secret@{name}/x?endpoint_override={s3_server}&scheme=http&region=us-east-1"
    filesystem, path = open_filesystem(uri)
    filesystem.create_dir(path)
    place = pickle.loads(pickle.dumps(locate(uri)))
    assert [info.path for info in place.filesystem.get_file_info([path])] == [f"{name}/x"]


def test_a_bucket_that_is_not_there_is_said(s3):
    with pytest.raises(UsageError, match="there is no bucket 'test-none'"):
        open_filesystem("s3://test-none/prefix")


def test_a_server_that_is_not_there_is_said(monkeypatch):
    with pytest.raises(StoreError, match="Cannot reach s3://bucket/x"):
        open_filesystem("s3://key:secret@bucket/x?endpoint_override=127.0.0.1:1&scheme=http&region=x")


def test_google_storage_is_understood():
    """No server for it runs here: what goes over the wire is not tested."""
    place = locate("gs://anonymous@bucket/a/b?scheme=http&endpoint_override=127.0.0.1:1")
    assert isinstance(place.filesystem, GcsFileSystem) and place.path == "bucket/a/b"
    assert str(place) == "gs://bucket/a/b"


def test_opening_a_path_needs_no_import_of_what_object_stores_need():
    code = "import sys; from ingest.filesystem import locate; locate('s3://b/c'); print('obstore' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
