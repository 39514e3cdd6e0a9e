"""A server that speaks Google Cloud Storage's protocol, as a program of its own: it prints its port and serves.

The emulator writes whatever the condition; what is added here are the conditions of single objects' writes, as Google
documents them for `x-goog-if-generation-match`.
"""

from __future__ import annotations

import sys
import time
from email.utils import formatdate
from functools import partial
from http.server import HTTPServer
from urllib.parse import unquote, urlsplit

from gcp_storage_emulator.exceptions import NotFound
from gcp_storage_emulator.handlers.objects import _checksums, _make_object_resource
from gcp_storage_emulator.server import RequestHandler
from gcp_storage_emulator.storage import Storage

_EMULATED = ("/storage/", "/upload/", "/download/", "/batch/")


class Handler(RequestHandler):
    def do_PUT(self) -> None:  # noqa: N802
        if self.path.startswith(_EMULATED):
            return super().do_PUT()
        data = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = self.headers["x-goog-if-generation-match"]
        if wanted not in (None, self.generation()):
            return self.answer(412)
        bucket, name = self.names()
        described = _make_object_resource("", bucket, name, "application/octet-stream", str(len(data)))
        described["generation"] = str(time.time_ns())
        self.storage.create_file(bucket, name, data, _checksums(data, described))
        return self.answer(200)

    def do_GET(self) -> None:  # noqa: N802
        if self.path.startswith(_EMULATED):
            return super().do_GET()
        try:
            return self.answer(200, self.storage.get_file(*self.names()))
        except NotFound:
            return self.answer(404)

    def names(self) -> list[str]:
        return unquote(urlsplit(self.path).path).lstrip("/").split("/", 1)

    def generation(self) -> str:
        try:
            return str(self.storage.get_file_obj(*self.names())["generation"])
        except NotFound:
            return "0"

    def answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        generation = self.generation()
        self.send_header("ETag", f'"{generation}"')
        self.send_header("x-goog-generation", generation)
        self.send_header("Last-Modified", formatdate(int(generation) / 1e9, usegmt=True))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    storage = Storage(use_memory_fs=True)
    for bucket in sys.argv[1:]:
        storage.create_bucket(bucket, {"kind": "storage#bucket", "id": bucket, "name": bucket})
    server = HTTPServer(("127.0.0.1", 0), partial(Handler, storage))
    print(server.server_port, flush=True)
    server.serve_forever()
