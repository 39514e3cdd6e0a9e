"""A generated dataset, read once for all tests of the review that only look."""

from __future__ import annotations

import pytest
from asking import PORT

from benchmarks.generated import make_dataset
from ingest.review.app import make_app
from ingest.review.index import Index


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """A dataset of 3,000 records in many parts."""
    out = tmp_path_factory.mktemp("generated") / "dataset"
    make_dataset(out, 3_000, part_rows=128)
    return out


@pytest.fixture(scope="session")
def index(generated):
    with Index(generated) as made:
        made.wait()
        yield made


@pytest.fixture(scope="session")
def app(index):
    return make_app(index, PORT)


@pytest.fixture
def open_app():
    """Give an application over a dataset that has been read."""
    opened = []

    def make(out):
        index = Index(out)
        opened.append(index)
        index.wait()
        return make_app(index, PORT)

    yield make
    for index in opened:
        index.close()
