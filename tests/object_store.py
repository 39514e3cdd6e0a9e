"""A real S3 server on this machine, for tests of what lies in object stores."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from pyarrow.fs import S3FileSystem

KEYS = {"AWS_ACCESS_KEY_ID": "test-key", "AWS_SECRET_ACCESS_KEY": "test-secret"}


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The server's address, `127.0.0.1:port`."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3(s3_server, monkeypatch) -> S3FileSystem:
    """A file system of that server; this process and its children find the server by their environment."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    settings = KEYS | {"AWS_ENDPOINT_URL": f"http://{s3_server}", "AWS_REGION": "us-east-1"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return S3FileSystem(endpoint_override=s3_server, scheme="http", allow_bucket_creation=True)


@pytest.fixture
def bucket(s3) -> str:
    """The URI of an empty bucket: `s3://name`."""
    name = f"test-{uuid4().hex[:12]}"
    s3.create_dir(name)
    return f"s3://{name}"
