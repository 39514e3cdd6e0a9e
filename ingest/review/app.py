"""Which address is which view, and the one action: a mark."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ingest.errors import StoreError
from ingest.marks import Mark, append_mark
from ingest.review.filters import Filters
from ingest.review.guard import App, Guard, Token
from ingest.review.index import GoneError, Index
from ingest.review.views import CHANGED, NotFoundError, Views, policy

MAX_FORM = 20_000
"""Bytes of a form that are read."""

BUG = "This view met a bug; the window that runs `ingest review` says where. Please report it."

_KEY = re.compile(r"[0-9a-f]{16}")


def make_app(index: Index, port: int) -> App:
    """The server's application, behind its guard. `port` is the one it is asked at."""
    token = Token()
    views = Views(index, token)

    def page(request: Request) -> Response:
        return HTMLResponse(views.page(_key(request.path_params["key"])))

    def pages(request: Request) -> Response:
        filters = _filters(request)
        if filters.q.strip():
            return StreamingResponse(views.search(filters), media_type="text/html; charset=utf-8")
        return HTMLResponse(views.pages(filters))

    async def mark(request: Request) -> Response:
        form = await _read_form(request)
        if form is None or not token.fits(form.get("token", "")):
            return PlainTextResponse("This form is not of this server, or older than its start.\n", 403)
        return await run_in_threadpool(_mark, index, views, form)

    def filtered(view: Callable[[Filters], str]) -> Callable[[Request], Response]:
        return lambda request: HTMLResponse(view(_filters(request)))

    routes = [
        Route("/", lambda _: HTMLResponse(views.home())),
        Route("/sites", filtered(views.sites)),
        Route("/site", filtered(views.site)),
        Route("/rules", filtered(views.rules)),
        Route("/flags", filtered(views.flags)),
        Route("/removals", filtered(views.removals)),
        Route("/pages", pages),
        Route("/page/{key}", page),
        Route("/rejects", filtered(views.rejects)),
        Route("/marks", lambda _: HTMLResponse(views.marks())),
        Route("/mark", mark, methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {
        404: lambda request, _: HTMLResponse(views.failure("There is no view at this address."), 404),
        NotFoundError: lambda request, error: HTMLResponse(views.failure(str(error)), 404),
        StoreError: lambda request, error: HTMLResponse(views.failure(str(error)), 500),
        Exception: lambda request, error: HTMLResponse(views.failure(BUG), 500),
        GoneError: lambda request, error: HTMLResponse(views.failure(CHANGED), 503),
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False
    return Guard(app, port=port, policy=policy())


def _filters(request: Request) -> Filters:
    return Filters.of(request.query_params)


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise NotFoundError("A page's address ends with 16 hexadecimal digits.")
    return text


async def _read_form(request: Request) -> dict[str, str] | None:
    """The fields of a form, each once; none if it is too long or not a form."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
        return None
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > MAX_FORM:
            return None
    fields = parse_qs(data.decode("utf-8", "replace"), max_num_fields=20)
    return {name: values[0] for name, values in fields.items()}


def _mark(index: Index, views: Views, form: dict[str, str]) -> Response:
    """Write the mark that a form asks for, and lead back to where it was sent from."""
    record = views.record(_key(form.get("key", "")))
    mark = _make_mark(record, form)
    if mark is None:
        return PlainTextResponse("There is no such text on this page.\n", 400)
    append_mark(index.out, mark)
    return RedirectResponse(_inside(form.get("back", "")), status_code=303)


def _make_mark(record: dict[str, Any], form: dict[str, str]) -> Mark | None:
    what = form.get("what")
    about: dict[str, Any] = {
        name: record[name] for name in ("page_id", "source", "source_digest", "site", "url")
    }
    about["marked_at"] = datetime.now(UTC).replace(microsecond=0)
    if what in ("wrong", "withdrawn") and (number := _number(form.get("removal"))) is not None:
        if number < len(record["removals"]):
            return Mark(what=what, **about, **record["removals"][number])  # type: ignore[arg-type]
    elif what in ("leftover", "withdrawn") and (place := _number(form.get("block"))) is not None:
        for block in record["blocks"]:
            if block["place"] == place:
                return Mark(what=what, **about, block=place, text=block["text"])  # type: ignore[arg-type]
    return None


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None


def _inside(address: str) -> str:
    """The address if it is one of this server's, else the overview."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", address)
    return address if ours else "/"
