"""Who is answered: this machine's browser under this machine's name, and for actions our own forms only."""

from __future__ import annotations

import re

import pytest
from asking import HOST, PORT, ask

from ingest.review.guard import NAMES, Token

ORIGIN = {"origin": f"http://{HOST}", "content-type": "application/x-www-form-urlencoded"}
CAREFUL = {
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "cache-control",
}
ADDRESSES = (
    "/",
    "/sites",
    "/rules",
    "/flags",
    "/removals",
    "/pages",
    "/rejects",
    "/marks",
    "/nowhere",
    "/page/xyz",
)


@pytest.mark.parametrize("host", [f"{name}:{PORT}" for name in NAMES])
def test_this_machine_is_answered(app, host):
    assert ask(app, "/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1.evil.example:{PORT}",
        f"localhost.:{PORT}",
        f"0.0.0.0:{PORT}",
        f"user@127.0.0.1:{PORT}",
    ],
)
def test_other_names_are_not(app, host):
    answer = ask(app, "/", host=host)
    assert answer.status == 421 and "127.0.0.1" in answer.text
    assert "valley" not in answer.text and answer.headers.keys() >= CAREFUL


def test_two_names_at_once_are_none(app):
    assert ask(app, "/", headers=[("host", "evil.example")]).status == 421


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_headers(app, address):
    answer = ask(app, address)
    assert answer.headers.keys() >= CAREFUL
    assert answer.headers["x-frame-options"] == "DENY"


def test_the_policy_lets_nothing_in(app):
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in ask(app, "/").headers["content-security-policy"].split(";")
        if part.strip()
    )
    assert policy["default-src"] == "'none'" and policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert re.fullmatch(r"('sha256-[\w+/=]+' ?)+", policy["style-src"])
    assert policy.get("script-src", "") == "" and not policy.keys() & {"img-src", "connect-src", "object-src"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(app, method):
    assert ask(app, "/", method=method).status == 405


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"https://{HOST}"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": f"http://{HOST}"},
        {"sec-fetch-site": "none"},
    ],
    ids=lambda headers: " ".join(headers.values()) or "nothing",
)
def test_forms_of_other_pages_are_refused(app, headers):
    answer = ask(app, "/mark", method="POST", headers=headers, body=b"what=wrong")
    assert answer.status == 403


@pytest.mark.parametrize("body", [b"", b"token=", b"token=guessed&what=wrong", b"x" * 30_000, b"\xff\xfe"])
def test_forms_without_the_token_are_refused(app, generated, body):
    assert ask(app, "/mark", method="POST", headers=ORIGIN, body=body).status == 403
    assert not (generated / "marks.jsonl").exists()


def test_a_form_of_another_type_is_refused(app):
    headers = {"origin": f"http://{HOST}", "content-type": "text/plain"}
    assert ask(app, "/mark", method="POST", headers=headers, body=b"token=x").status == 403


def test_tokens_are_new_at_each_start():
    one, other = Token(), Token()
    assert one.fits(one.value) and not one.fits(other.value) and not one.fits("") and not one.fits("é")


@pytest.mark.parametrize(
    "address",
    [
        "/../../etc/passwd",
        "/page/../../../etc/passwd",
        "/page/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/static/../index.py",
        "/page/0123456789abcde/",
        "/page/0123456789ABCDEF",
        "//evil.example/",
        "/mark",
    ],
)
def test_no_address_leads_out(app, address):
    answer = ask(app, address)
    assert answer.status in (404, 405)
    assert "root:" not in answer.text and "location" not in answer.headers


def test_a_websocket_is_closed(app):
    import asyncio

    sent = []

    async def run():
        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message)

        await app({"type": "websocket", "path": "/", "headers": []}, receive, send)

    asyncio.run(run())
    assert [message["type"] for message in sent] == ["websocket.close"]
