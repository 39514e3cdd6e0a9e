"""The server itself: one socket on this machine's loopback, until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from ingest.errors import UsageError
from ingest.review.app import make_app
from ingest.review.index import Index

HOST = "127.0.0.1"


def serve(out: Path, port: int, ready: Callable[[str], object]) -> None:
    """Serve a dataset until Ctrl-C. `ready` is called with the address once it can be asked; port 0 is any free one.

    Raises `StoreError` if there is no dataset, `UsageError` if the port cannot be used.
    """
    import uvicorn

    with listen(port) as listener, Index(out) as index:
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            make_app(index, port),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        ready(f"http://{HOST}:{port}/")
        uvicorn.Server(config).run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """A socket at this port of the loopback address, 0 for any free one. Raises `UsageError` if it cannot be had."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(64)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Port {port} of {HOST} cannot be used: {error.strerror}. Name another with --port; 0 is any free one."
        ) from error
    return listener
