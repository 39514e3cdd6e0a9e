"""Who published the page, and the names by which its titles and bylines call the site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ingest.describe.found import Found, Hints
from ingest.structured import Structured, first_meta, plain, strings, types_of
from ingest.words import letters

SLOGAN = re.compile(r"\s+[|–—·•:-]\s+")
META = (
    "og:site_name",
    "application-name",
    "dc.publisher",
    "publisher",
    "al:ios:app_name",
    "apple-mobile-web-app-title",
)


def find_publisher(structured: Structured, hints: Hints) -> Found[str] | None:
    """The publication's name: the site's rules, JSON-LD publisher, og:site_name, JSON-LD WebSite, other meta.

    Of a name with a slogan ("The Cloud | News of the sky") the part that is in the page's address.
    """
    if hints.publisher:
        return Found(hints.publisher, "rules")
    found = _stated(structured)
    if found is None or not SLOGAN.search(found.value):
        return found
    hosts, parts = host_names(structured, hints), SLOGAN.split(found.value)
    named = next((part for part in parts if letters(part) in hosts), found.value)
    return Found(parts[0] if "." in named and named != found.value else named, found.origin)


def _stated(structured: Structured) -> Found[str] | None:
    for article in structured.articles:
        for name in strings(article.get("publisher")):
            if _is_name(name):
                return Found(name, "json-ld")
    if (name := plain(first_meta(structured, "og:site_name"))) and _is_name(name):
        return Found(name, "meta")
    for item in structured.others:
        if "WebSite" in types_of(item) and (name := plain(item.get("name"))) and _is_name(name):
            return Found(name, "json-ld")
    for key in META[1:]:
        if (name := plain(first_meta(structured, key))) and _is_name(name):
            return Found(name, "meta")
    for name in structured.microdata.get("publisher", ()):
        if _is_name(name):
            return Found(name, "microdata")
    return None


def site_names(structured: Structured, hints: Hints) -> frozenset[str]:
    """The letters (see `letters`) of every name the page gives its site, the host's among them."""
    names = [hints.publisher or ""]
    for key in META:
        names.extend(structured.meta.get(key, ()))
    for article in structured.articles:
        names.extend(strings(article.get("publisher")))
    for item in structured.others:
        if any(kind in ("WebSite", "Organization", "NewsMediaOrganization") for kind in types_of(item)):
            names.extend(strings(item.get("name")))
            names.extend(strings(item.get("alternateName")))
    title = letters(first_meta(structured, "og:title") or "")
    keys = {letters(plain(name)) for name in names if len(name) <= 80} | host_names(structured, hints)
    return frozenset(key for key in keys if key and not (title and title in key))


def host_names(structured: Structured, hints: Hints) -> set[str]:
    """The host without `www` as letters, with and without its ending: `{"newsexamplecom", "newsexample"}`."""
    url = hints.url or structured.canonical or first_meta(structured, "og:url") or ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return set()
    labels = [label for label in host.split(".") if label not in ("www", "m", "amp")]
    starts = [i for i, label in enumerate(labels[:-1]) if i == 0 or len(label) > 3]
    ending = 2 if len(labels) > 2 and len(labels[-2]) <= 3 else 1  # "co.uk"
    return {
        letters("".join(labels[i:end])) for i in starts for end in (-ending, len(labels)) if labels[i:end]
    }


def _is_name(text: str) -> bool:
    """Whether a text can be a name: no address, no account ("@cloud"), no template left unfilled."""
    return 1 < len(text) <= 80 and "://" not in text and text[0] not in "@{[$%<"
