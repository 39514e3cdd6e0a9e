"""The section of the publication the article stands in.

layout, JSON-LD articleSection, meta (article:section and its like), microdata, a link marked rel=category,
the first step of the breadcrumbs below the home page
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from ingest.describe.byline import is_site_address
from ingest.describe.found import Found, Hints, Origin
from ingest.structured import Structured, as_list, first_meta, plain, squeeze, strings, types_of

META = ("article:section", "section", "parsely-section", "cxenseparse:section", "dc.subject", "category")
HOME = frozenset(
    {"home", "homepage", "home page", "startseite", "start", "accueil", "inicio", "início", "portada", "principal",
     "главная", "головна", "strona główna", "hjem", "hem", "etusivu", "úvod", "kezdőlap", "acasă", "anasayfa",
     "ana sayfa", "beranda", "trang chủ", "ホーム", "トップ", "首页", "首頁", "홈", "ראשי", "الرئيسية"}
)  # fmt: skip
MAX_LENGTH = 80


def find_section(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Found[str] | None:
    """The section's name as the page writes it; the first where there are several."""
    for text, origin in _candidates(structured, hints):
        text = re.split(r",\s*|\s*;\s*", text)[0].strip()
        if (
            1 < len(text) <= MAX_LENGTH
            and "://" not in text
            and not text.isdigit()
            and not is_site_address(text.casefold())
        ):
            return Found(text, origin)
    return None


def _candidates(structured: Structured, hints: Hints) -> Iterator[tuple[str, Origin]]:
    if text := hints.first("section"):
        yield squeeze(text), "layout"
    for article in structured.articles[:1]:
        for text in strings(article.get("articleSection")):
            yield text, "json-ld"
    if text := plain(first_meta(structured, *META)):
        yield text, "meta"
    for text in structured.microdata.get("articleSection", ()):
        yield text, "microdata"
    for link in structured.links[:20]:
        if "category" in (link.attributes["rel"] or "").split():
            yield squeeze(link.text()), "page"
    for item in structured.others:
        if "BreadcrumbList" in types_of(item):
            yield from ((name, "json-ld") for name in _steps(item)[:-1] if name.casefold() not in HOME)


def _steps(breadcrumbs: dict[str, Any]) -> list[str]:
    """The names of the breadcrumbs from the home page down to the article."""
    names = []
    for step in as_list(breadcrumbs.get("itemListElement")):
        if isinstance(step, dict):
            inner = step.get("item")
            names.append(
                plain(step.get("name")) or plain(inner.get("name") if isinstance(inner, dict) else None)
            )
    return [name for name in names if name]
