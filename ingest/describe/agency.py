"""The news agency a text comes from, by its usual short name (Reuters, AP, dpa, AFP, ...).

1. the article's JSON-LD: author, source organisation, provider, copyright holder
2. meta tags that name an agency or a source
3. the byline
4. the dateline of the first paragraph: "BERLIN (Reuters) -", "Berlin (dpa/bb) –", "【ロンドン共同】"
5. a last line that is only a credit, or the last word behind its end: "(dpa)", "Source: AFP", "... until May. PTI"
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.describe.byline import NOISE, SPLIT
from ingest.describe.found import Found
from ingest.describe.names import AGENCIES
from ingest.structured import Structured, plain, strings

FIELDS = ("author", "creator", "sourceOrganization", "provider", "copyrightHolder")
META = (
    "agency",
    "news_agency",
    "article:agency",
    "dc.source",
    "source",
    "copyright",
    "author",
    "article:author",
    "byl",
)
MAX_DATELINE = 120
MAX_CREDIT = 60
BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,40})[)\]）】]\s*[-–—:.,]?")
OPENED = re.compile(r"^\s*(?:\S+\s){0,6}?[-–—]?\s*([^\W\d_]{2,12})\s+[-–—]\s")
SIGNED = re.compile(r"[.!?…\"”’»]\s+[(\[]?([^\W\d_]{2,12})[)\]]?\.?$")
LABEL = re.compile(
    r"^[\s(\[—–-]*(?:©|\(c\)|copyright|sources?|quellen?|fuentes?|fonte|bron|kilde|källa|lähde|źródło|zdroj|kaynak|"
    r"источник|джерело|mit material von|with|via|by)?\s*:?\s*(?:\d{4})?\s*",
    re.IGNORECASE,
)


def find_agency(
    structured: Structured, authors_raw: Iterable[str], first_text: str, last_text: str
) -> Found[str] | None:
    """The agency named by the article's data, its bylines as written, its first or its last paragraph."""
    for article in structured.articles[:1]:
        for field in FIELDS:
            for text in strings(article.get(field)):
                if agency := _in_byline(text):
                    return Found(agency, "json-ld")
    for name in META:
        for text in structured.meta.get(name, ())[:3]:
            if agency := _in_byline(plain(text)):
                return Found(agency, "meta")
    for text in authors_raw:
        if agency := _in_byline(plain(text)):
            return Found(agency, "page")
    agency = _in_dateline(first_text[:MAX_DATELINE]) or _in_credit(last_text)
    return Found(agency, "text") if agency else None


def _in_byline(text: str) -> str | None:
    """The agency that is one of a byline's parts."""
    if len(text) > 300:
        return None
    parts = [text, *SPLIT.split(NOISE.sub("", text)), *re.split(r"\s*[|•·(]\s*|\s(?:in|for|für)\s", text)]
    return next((agency for part in parts if (agency := _name(part))), None)


def _in_dateline(text: str) -> str | None:
    for match in BRACKETED.finditer(text):
        if agency := _last_name(match[1]):
            return agency
    opened = OPENED.match(text)
    return _name(opened[1]) if opened and opened[1].isupper() else None


def _in_credit(text: str) -> str | None:
    text = text.strip()
    if text and len(text) <= MAX_CREDIT:
        return _last_name(LABEL.sub("", text, count=1))
    signed = SIGNED.search(text[-MAX_CREDIT:])
    agency = _name(signed[1]) if signed else None
    return agency if signed and agency == signed[1] else None  # in its own letters: "PTI", not "pti"


def _last_name(text: str) -> str | None:
    """The agency a text is or has as a part: "dpa/bb", "London, Reuters", "ロンドン共同"."""
    parts = [text, *re.split(r"[/,;:=]\s*|\s-\s", text)]
    if agency := next((agency for part in parts if (agency := _name(part))), None):
        return agency
    return next(
        (agency for name, agency in AGENCIES.items() if not name.isascii() and text.endswith(name)), None
    )


def _name(text: str) -> str | None:
    return AGENCIES.get(text.strip(" .,;:()[]–—-").casefold())
