"""One page in, one value out.

    decode      bytes -> text, or a refusal
    recognise   text, addresses -> the site and its rules
    extract     HTML: the container by layout, else by the generic extractor; text: every line
    strip       rules and packs label blocks
    normalise   what is left -> blocks and body
    describe    title, authors, dates ... each with its origin

Pure: no files, clock, network or memory of earlier pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

import ingest.html as html
import ingest.plain as plain
from ingest.article import Article, NoArticle
from ingest.decode import Refusal, decode
from ingest.describe.url import host_of, page_id
from ingest.digest import digest
from ingest.normalise import assemble, body_of
from ingest.records import RULED, RawPage, Record, Reject, Removal
from ingest.rules import Rulebook
from ingest.settings import DEFAULT, Settings
from ingest.version import VERSION
from ingest.words import count_all_words


def clean_page(raw: RawPage, rulebook: Rulebook, settings: Settings = DEFAULT) -> Record | Reject:
    """The page's clean record, or a reject with the reason there is none. Never raises for what a page holds."""
    article = read_article(raw, rulebook, settings)
    if isinstance(article, Refused):
        return _reject(raw, article, rulebook, settings)
    return _record(raw, article, rulebook, settings)


class Refused(NamedTuple):
    """Why there is no article, with what was known of the page by then."""

    refusal: Refusal
    media_type: str | None = None
    url: str | None = None
    site: str | None = None


def read_article(
    raw: RawPage, rulebook: Rulebook, settings: Settings = DEFAULT, *, links: bool = False
) -> Article | Refused:
    """The page with every block's verdict and every field, before anything is taken out.

    With `links` the article also says where the links of its blocks are.
    """
    decoded = decode(raw)
    if isinstance(decoded, Refusal):
        return Refused(decoded, raw.media_type, raw.url, _site_of(raw, rulebook))
    if decoded.media == "html":
        article = html.read_page(raw, decoded, rulebook, settings, links=links)
    else:
        article = plain.read_page(raw, decoded, rulebook, settings)
    media_type = "text/html" if decoded.media == "html" else "text/plain"
    if isinstance(article, NoArticle):
        return Refused(article.refusal, media_type, article.url, article.site)
    return article


def _site_of(raw: RawPage, rulebook: Rulebook) -> str | None:
    host = host_of(raw.url) if raw.url else None
    return rulebook.site_of_host(host) or host


def removals_of(article: Article) -> tuple[Removal, ...]:
    """Every text taken out of the article's scope, in reading order. This is what takes it out, too."""
    removals: list[Removal] = []
    for place, block in enumerate(article.blocks):
        label = article.labels[place]
        if label is not None:
            removals.append(Removal(label.rule, label.kind, place, block.text))
            continue
        for cut in article.cuts[place]:
            removals.append(Removal(cut.rule, cut.kind, place, block.text[cut.start : cut.end], cut.start))
    return tuple(removals)


def _record(raw: RawPage, article: Article, rulebook: Rulebook, settings: Settings) -> Record | Reject:
    removals = removals_of(article)
    blocks = assemble(article.blocks, removals)
    body = body_of(blocks, settings)
    if refusal := _no_article(article, removals, body):
        refused = Refused(refusal, article.media_type, article.url, article.site)
        return _reject(raw, refused, rulebook, settings)
    facts = article.facts
    kept = count_all_words(block.text for block in blocks)
    return Record(
        page_id=_identity(raw, facts.canonical_url or article.url),
        source=raw.source,
        source_digest=raw.digest or digest(raw.data),
        media_type=article.media_type,
        url=article.url,
        site=article.site,
        body=body,
        blocks=blocks,
        images=article.images,
        removals=removals,
        words_kept=kept,
        words_removed=count_all_words(removal.text for removal in removals),
        words_outside=article.words_outside,
        method=article.method,
        layout=article.layout,
        flags=article.flags,
        rules_digest=digest_with(article.rules_digest, settings),
        version=VERSION,
        **facts.columns(),
    )


def digest_with(rules_digest: str, settings: Settings) -> str:
    """The digest of rules and settings together, so that records made with other settings are found as well."""
    if settings == DEFAULT:
        return rules_digest
    return digest(rules_digest.encode() + msgspec.json.encode(settings, order="deterministic"))


def digest_of_site(site: str | None, rulebook: Rulebook, settings: Settings = DEFAULT) -> str:
    """The `rules_digest` of a site's rows, were they made now; for sites without rules that of all packs."""
    name = site if site in rulebook.sites else rulebook.site_of_host(site)
    return digest_with(rulebook.rules_for(name).digest, settings)


def _identity(raw: RawPage, url: str | None) -> str:
    """The page's id: of its address, else of where it came from, else of its bytes."""
    return page_id(url or raw.source or f"digest:{digest(raw.data)}")


WALL_KINDS = frozenset(("cookie", "plea", "newsletter", "comments", "nav", "share"))


def _no_article(article: Article, removals: Sequence[Removal], body: str) -> Refusal | None:
    """Why what is left is no article, if it is none."""
    if any(char.isalnum() for char in body):
        return None
    walls = sorted({removal.rule for removal in removals if removal.kind in WALL_KINDS})
    if walls:
        return Refusal("not_an_article", f"the page holds nothing but what {', '.join(walls[:5])} take out")
    return Refusal("no_article", "no block of the page reads like an article's")


def _reject(raw: RawPage, refused: Refused, rulebook: Rulebook, settings: Settings) -> Reject:
    by_rules = refused.refusal.reason in RULED
    return Reject(
        page_id=_identity(raw, refused.url),
        source=raw.source,
        source_digest=raw.digest or digest(raw.data),
        media_type=refused.media_type,
        url=refused.url,
        site=refused.site,
        reason=refused.refusal.reason,
        detail=refused.refusal.detail,
        rules_digest=digest_of_site(refused.site, rulebook, settings) if by_rules else None,
        version=VERSION,
    )
