"""Templates filled with data: everything is escaped, nothing is believed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ingest.views.text import anchor, clip, direction, language_tag, printable, web_address


def _nowhere(_: str) -> str | None:
    return None


class Links(NamedTuple):
    """Where the views link to: functions that give an address inside the report or server, or none.

    `page` is given a `page_key`, `rule` and `site` a rule's id and a site, `kind` a kind of removals. An address
    begins with `#` or `/`.
    """

    page: Callable[[str], str | None] = _nowhere
    rule: Callable[[str], str | None] = _nowhere
    site: Callable[[str], str | None] = _nowhere
    kind: Callable[[str], str | None] = _nowhere


@cache
def environment(*packages: str) -> Environment:
    """The templates of this package, and those in the `templates` folder of each package named.

    Every value is escaped, and made printable before that. A name that is not given is an error.
    """
    made = Environment(
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=ChoiceLoader([PackageLoader(name) for name in ("ingest.views", *packages)]),
    )
    made.filters |= {
        "anchor": lambda value, prefix: anchor(prefix, value),
        "clip": clip,
        "count": count,
        "day": day,
        "dir": direction,
        "lang": language_tag,
        "local": local,
        "moment": moment,
        "percent": percent,
        "web": web_address,
    }
    return made


def render(template: str, /, **values: Any) -> Markup:
    """A template of this package, filled."""
    return Markup(environment().get_template(template).render(values))


@cache
def stylesheet() -> str:
    """The style of all views."""
    return (files("ingest.views") / "style.css").read_text(encoding="utf-8")


def document(title: str, body: Markup, *, scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """A whole document that loads nothing: its styles and scripts are in it, and no others may run.

    `body` is what stands in the body element. The scripts and styles are our own, never a page's.
    """
    styles, scripts = [stylesheet(), *styles], list(scripts)
    policy = content_policy(styles, scripts)
    filled = render(
        "document.html",
        title=title,
        body=body,
        policy=policy,
        styles=[Markup(text) for text in styles],
        scripts=[Markup(text) for text in scripts],
    )
    return str(filled)


def content_policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """The Content-Security-Policy of a document with these inline styles and scripts and nothing else."""
    allowed = {"style-src": list(map(_digest, styles)), "script-src": list(map(_digest, scripts))}
    parts = [f"{name} {' '.join(digests)}" for name, digests in allowed.items() if digests]
    return "; ".join(["default-src 'none'", *parts, "base-uri 'none'", "form-action 'none'"])


def count(number: int | None) -> str:
    """A number of things, with thousands parted."""
    return "–" if number is None else f"{number:,}"


def percent(share: float | None) -> str:
    """A share as per cent: one digit after the point below ten, nothing rounded to all or none.

    >>> percent(0.5), percent(0.061), percent(0.0001), percent(0.9999), percent(1)
    ('50 %', '6.1 %', '<0.1 %', '>99 %', '100 %')
    """
    if share is None:
        return "–"
    if 0 < share < 0.001:
        return "<0.1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{share:.1%}".replace("%", " %") if 0 < share < 0.095 else f"{share:.0%}".replace("%", " %")


def day(time: datetime | None) -> str:
    """The day of a time, in UTC."""
    return "" if time is None else f"{_utc(time):%Y-%m-%d}"


def moment(time: datetime | None) -> str:
    """A time to the minute, in UTC."""
    return "" if time is None else f"{_utc(time):%Y-%m-%d %H:%M} UTC"


def local(address: str | None) -> str | None:
    """The address of another view. One that leads elsewhere is a `ValueError`."""
    if address is not None and (address[:1] not in ("#", "/", "?") or address.startswith("//")):
        raise ValueError(f"{address!r} leads out of the views")
    return address


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC) if time.tzinfo else time


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
