"""A review server in this process, for tests in a browser and for pictures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep

import uvicorn

from ingest.review.app import make_app
from ingest.review.index import Index
from ingest.review.serve import listen


@contextmanager
def serving(out: Path) -> Iterator[str]:
    """The address of a review server that has read the dataset."""
    with listen(0) as listener, Index(out) as index:
        port = listener.getsockname()[1]
        config = uvicorn.Config(make_app(index, port), log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        index.wait(600)
        while not server.started:
            sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)
