"""Samples: pages written for this project with what is expected of them; `samples/<site>/<page>/`.

    page.html | page.txt   the page, in the structure of real ones and in our own words
    expected.yaml          where it came from (`about`, `url`, `media_type`) and what must come out (`expect`)

`expect` holds every field that is not empty, so a missing key means "must not be found".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ingest.errors import UsageError
from ingest.pipeline import clean_page
from ingest.records import RawPage, Record, Reject
from ingest.rules import Rulebook

PAGE_NAMES = ("page.html", "page.htm", "page.xhtml", "page.txt")
EXPECTED = "expected.yaml"
FIELDS = (
    *("site", "publisher", "layout", "method", "language", "title", "deck", "authors", "agency", "published"),
    *(
        "published_has_time",
        "published_has_zone",
        "modified",
        "section",
        "tags",
        "access",
        "truncated",
        "flags",
    ),
    *("canonical_url", "images", "body", "removals"),
)
MAX_REMOVAL_CHARS = 80
"""A longer removed text is shown by its beginning, with `…` at the end."""


class Sample(NamedTuple):
    """A sample as read. `name` is `<site>/<page>`; `expect` is `None` when nothing has been written down yet."""

    name: str
    folder: Path
    raw: RawPage
    about: str
    expect: Mapping[str, Any] | None


class Difference(NamedTuple):
    """A field that came out otherwise than expected."""

    field: str
    expected: Any
    found: Any


def bundled_samples() -> Path:
    """The project's own samples; there is no such folder in an installed copy."""
    return Path(__file__).parents[1] / "samples"


def find_samples(folder: Path, site: str | None = None) -> Iterator[Sample]:
    """Every sample under a folder, by name; of one site when given. Raises `UsageError` for one it cannot read."""
    for page in sorted(path for name in PAGE_NAMES for path in folder.glob(f"*/*/{name}")):
        if site is None or page.parent.parent.name == site:
            yield read_sample(page)


def read_sample(page: Path) -> Sample:
    """The sample a page file belongs to."""
    folder = page.parent
    name = f"{folder.parent.name}/{folder.name}"
    about: dict[str, Any] = {}
    path = folder / EXPECTED
    if path.exists():
        try:
            about = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise UsageError(f"{path} is not valid YAML: {error}") from error
        if not isinstance(about, dict):
            raise UsageError(f"{path} must hold a mapping with `about` and `expect`")
    fetched = about.get("fetched_at")
    raw = RawPage(
        data=page.read_bytes(),
        source=f"{name}/{page.name}",
        url=about.get("url"),
        fetched_at=fetched if isinstance(fetched, datetime) else None,
        media_type=about.get("media_type"),
        charset=about.get("charset"),
    )
    return Sample(name, folder, raw, str(about.get("about", "")), about.get("expect"))


def observe(sample: Sample, rulebook: Rulebook) -> dict[str, Any]:
    """What comes out of a sample's page, in the shape of `expect`."""
    return expectation_of(clean_page(sample.raw, rulebook))


def expectation_of(result: Record | Reject) -> dict[str, Any]:
    """A page's row in the shape of `expect`."""
    if isinstance(result, Reject):
        return {"reject": result.reason} | ({"site": result.site} if result.site else {})
    return {field: value for field in FIELDS if (value := _value(result, field)) not in (None, "", [], False)}


def _value(record: Record, field: str) -> Any:
    value = getattr(record, field)
    if isinstance(value, datetime):
        return value.isoformat()
    if field == "images":
        named = [{name: getattr(i, name) for name in ("url", "alt", "caption", "credit")} for i in value]
        return [{name: text for name, text in image.items() if text} for image in named]
    if field == "removals":
        return [f"{r.rule} ({r.kind}): {_shortened(r.text)}" for r in value]
    return list(value) if isinstance(value, tuple) else value


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_REMOVAL_CHARS else f"{text[: MAX_REMOVAL_CHARS - 1]}…"


def compare(sample: Sample, rulebook: Rulebook) -> list[Difference]:
    """The fields that differ from what is expected, in the order of `FIELDS`."""
    found = observe(sample, rulebook)
    expected = dict(sample.expect or {})
    if isinstance(expected.get("body"), str):
        expected["body"] = expected["body"].strip("\n")
    fields = ("reject", *FIELDS)
    return [Difference(f, expected.get(f), found.get(f)) for f in fields if expected.get(f) != found.get(f)]


def write_expectation(sample: Sample, rulebook: Rulebook) -> Path:
    """Write what came out as what is expected from now on; the caller has shown it to a person first."""
    about: dict[str, Any] = {"about": sample.about or "what this sample shows"}
    for name in ("url", "fetched_at", "media_type", "charset"):
        if value := getattr(sample.raw, name):
            about[name] = value
    about["expect"] = observe(sample, rulebook)
    path = sample.folder / EXPECTED
    path.write_text(expectation_text(about), encoding="utf-8")
    return path


def expectation_text(about: Mapping[str, Any]) -> str:
    """What stands in `expected.yaml`."""
    return yaml.dump(dict(about), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as literal blocks, so that a body reads like one."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
