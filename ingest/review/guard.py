"""Who may ask: a browser on this machine, and for actions only the server's own forms.

Any page a browser shows can send requests to this machine, under any name that resolves to it. So the name asked
for must be this machine's own, an action must carry the token that only our pages hold and come from them, and no
answer may be framed, embedded or read by others.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from secrets import compare_digest, token_urlsafe
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

SAFE = ("GET", "HEAD")

NAMES = ("127.0.0.1", "localhost", "[::1]")


class Guard:
    """Lets through what our own pages ask, and puts the same careful headers on every answer."""

    def __init__(self, app: App, *, port: int, policy: str) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}".encode() for name in NAMES} | (
            {name.encode() for name in NAMES} if port == 80 else set()
        )
        self._origins = {b"http://" + host for host in self._hosts}
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in self._headers}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message["headers"] = [*kept, *self._headers]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send_guarded)
            return
        status, sentence = refusal
        text = f"{sentence}\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(text))]
        await send_guarded({"type": "http.response.start", "status": status, "headers": headers})
        await send_guarded({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else text})

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        hosts = _values(scope["headers"], b"host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "This server answers to 127.0.0.1 and localhost only."
        if scope["method"] in SAFE:
            return None
        if scope["method"] != "POST":
            return 405, "Only GET, HEAD and POST are understood."
        sites = _values(scope["headers"], b"sec-fetch-site")
        origins = _values(scope["headers"], b"origin")
        if any(site != b"same-origin" for site in sites) or any(o not in self._origins for o in origins):
            return 403, "This form was not sent from a page of this server."
        if not sites and not origins:
            return 403, "The browser does not say which page sent this form."
        return None


class Token:
    """The secret that our forms carry; new at each start."""

    def __init__(self) -> None:
        self.value = token_urlsafe(24)

    def fits(self, given: str) -> bool:
        return compare_digest(given.encode(errors="replace"), self.value.encode())


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]
