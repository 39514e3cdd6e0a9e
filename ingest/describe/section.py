"""The section of the publication the article stands in.

layout, JSON-LD articleSection, meta (article:section and its like), microdata, a link marked rel=category,
the first step of the breadcrumbs below the home page, as JSON-LD tells them, else as the page shows them
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from ingest.describe.byline import is_site_address
from ingest.describe.found import Found, Hints, Origin
from ingest.describe.title import links_home
from ingest.structured import Structured, as_list, first_meta, plain, squeeze, strings, types_of
from ingest.words import letters

META = ("article:section", "section", "parsely-section", "cxenseparse:section", "dc.subject", "category")
HOME = frozenset(
    {"home", "homepage", "home page", "startseite", "start", "accueil", "inicio", "início", "portada", "principal",
     "главная", "головна", "strona główna", "hjem", "hem", "etusivu", "úvod", "kezdőlap", "acasă", "anasayfa",
     "ana sayfa", "beranda", "trang chủ", "ホーム", "トップ", "首页", "首頁", "홈", "ראשי", "الرئيسية"}
)  # fmt: skip
# What systems put where no section was chosen, and names for all that there is.
NO_SECTION = frozenset(
    {"all", "all news", "alle", "alle news", "allgemein", "uncategorized", "uncategorised", "unkategorisiert",
     "nicht kategorisiert", "ohne kategorie", "non classé", "sans catégorie", "sin categoría", "sin categorizar",
     "sem categoria", "senza categoria", "geen categorie", "niet gecategoriseerd", "ikke kategorisert",
     "ukategoriseret", "okategoriserade", "bez kategorii", "nezařazené", "egyéb kategória", "genel", "kategorisiz",
     "без рубрики", "без категории", "未分類", "未分类", "미분류", "article", "articles", "artikel", "beitrag",
     "front page", "front-page", "latest", "tags"}
)  # fmt: skip
MAX_LENGTH = 80
TRAIL = '[class*="breadcrumb" i]'
MAX_TRAILS, MAX_STEPS = 5, 8


def find_section(
    tree: LexborHTMLParser, structured: Structured, hints: Hints, site: frozenset[str] = frozenset()
) -> Found[str] | None:
    """The section's name as the page writes it; the first where there are several.

    Not the name of the site, whose letters `site` holds, nor the page's own title.
    """
    titles = {letters(title) for title in (*structured.meta.get("og:title", ()), structured.page_title or "")}
    for text, origin in _candidates(tree, structured, hints):
        text = re.split(r",\s*|\s*;\s*", text)[0].strip()
        if 1 < len(text) <= MAX_LENGTH and _is_section(text) and letters(text) not in site | titles:
            return Found(text, origin)
    return None


def _is_section(text: str) -> bool:
    lower = text.casefold()
    return (
        "://" not in lower and not lower.isdigit() and lower not in NO_SECTION and not is_site_address(lower)
    )


def _candidates(tree: LexborHTMLParser, structured: Structured, hints: Hints) -> Iterator[tuple[str, Origin]]:
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
    yield from ((name, "page") for name in _shown_steps(tree))


def _shown_steps(tree: LexborHTMLParser) -> Iterator[str]:
    """The names of the breadcrumbs that the page shows, from the one below the home page on."""
    for trail in tree.css(TRAIL)[:MAX_TRAILS]:
        links = trail.css("a")
        if not 1 < len(links) <= MAX_STEPS:
            continue  # a whole page may be called so: "with-breadcrumbs"
        if squeeze(links[0].text()).casefold() in HOME or links_home(links[0]):
            names = (squeeze(link.text()) for link in links[1:])
            yield from (name for name in names if name and name.casefold() not in HOME)


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
