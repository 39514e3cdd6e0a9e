"""A real page made into a sample that can be shared.

read      the page and what the pipeline makes of it
rewrite   its texts, addresses and dates in other words and days
check     what the pipeline makes of the sample, and whether anything of the page's text is left
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

import ingest.html as page_html
from ingest.anonymise.addresses import Addresses, hosts_of_site
from ingest.anonymise.attributes import Rewriter, Secrets
from ingest.anonymise.dates import Shift
from ingest.anonymise.leaks import find_leaks, marks_of, runs_of, strings_of, words_of
from ingest.anonymise.markup import Page
from ingest.anonymise.wording import Wording
from ingest.anonymise.words import Substitutes
from ingest.article import Article
from ingest.decode import Decoded, Refusal, decode
from ingest.describe.byline import parse_byline
from ingest.describe.url import host_of
from ingest.digest import digest
from ingest.errors import UsageError
from ingest.pipeline import Refused, read_article
from ingest.records import RawPage
from ingest.rules import Rulebook, SiteRules
from ingest.samples import Sample, write_expectation
from ingest.structured import Structured, read_structured, strings

WEEKS = (2, 26)
"""By how many weeks dates are moved back; whole ones, so that a weekday stays right."""
ATTEMPTS: tuple[tuple[int | None, bool], ...] = (
    *((3, True), (1, True), (8, True), (None, True)),
    *((3, False), (8, False), (None, False)),
)
"""How much of the page outside the article stays, tried in order: siblings that look alike, and whether the markup
is made lean. The first attempt that changes no verdict wins."""
SMALL = 18_000
"""From a sample with more bytes what stands far from the article is taken out, as long as no verdict changes."""
MAX_TRIALS = 40
SUMMER_TIME = timedelta(hours=1)
"""What a clock without a zone may be off by after the move."""
MAX_SITE_NAME_WORDS = 6
HOST = re.compile(r"(?:https?:)?(?://)?(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})")
NOTHING = read_structured(LexborHTMLParser(""))
CHECKED_FIELDS = ("language", "access", "truncated", "published_has_time", "published_has_zone")


class Report(NamedTuple):
    """What became of a page: the folder of the sample, its size, and what does not agree with the page."""

    folder: Path
    bytes: int
    days: int
    """The days every date was moved by."""
    differences: tuple[str, ...]
    leaks: tuple[str, ...]
    """Runs of the page's own words, and its numbers and tokens, that are left; a sample with any must not be
    shared."""


class Written(NamedTuple):
    """A sample before it is on disk."""

    raw: RawPage
    differences: tuple[str, ...]
    leaks: tuple[str, ...]
    days: int
    site: str | None


def make_sample(
    raw: RawPage,
    rulebook: Rulebook,
    folder: Path,
    seed: int = 0,
    *,
    site: str | None = None,
    name: str | None = None,
) -> Report:
    """Write a page's sample to `folder/<site>/<name>/` with what comes out of it, and say how it compares.

    The same page and seed give the same sample. Raises `UsageError` for what is no page.
    """
    written = rewrite_page(raw, rulebook, seed)
    site = site or written.site or "example.org"
    extension = "html" if written.raw.media_type == "text/html" else "txt"
    place = folder / site / (name or f"{extension}-{digest(raw.data)[:8]}")
    place.mkdir(parents=True, exist_ok=True)
    (place / f"page.{extension}").write_bytes(written.raw.data)
    about = f"A page of {site} in our own words, made from a real one."
    write_expectation(Sample(f"{site}/{place.name}", place, written.raw, about, None), rulebook)
    return Report(place, len(written.raw.data), written.days, written.differences, written.leaks)


def rewrite_page(raw: RawPage, rulebook: Rulebook, seed: int = 0) -> Written:
    """A page in other words, compared with the original. Raises `UsageError` for what is no page."""
    decoded = decode(raw)
    if isinstance(decoded, Refusal):
        raise UsageError(f"{raw.source or 'The page'} cannot be made a sample: {decoded.detail}.")
    before = read_article(raw, rulebook)
    if isinstance(before, Refused) and before.refusal.reason == "too_deep":
        raise UsageError(f"{raw.source or 'The page'} cannot be made a sample: {before.refusal.detail}.")
    job = _Job(raw, decoded, rulebook, before, seed)
    return job.html() if decoded.media == "html" else job.text()


class _Job:
    """What rewriting one page needs to know of it."""

    def __init__(
        self, raw: RawPage, decoded: Decoded, rulebook: Rulebook, before: Article | Refused, seed: int
    ) -> None:
        self.raw = raw
        self.decoded = decoded
        self.rulebook = rulebook
        self.before = before
        self.facts = before.facts if isinstance(before, Article) else None
        self.tree = page_html.parse(decoded) if decoded.media == "html" else None
        self.opened = (
            page_html.open_page(raw, decoded, self.tree, rulebook) if self.tree is not None else None
        )
        self.structured = self.opened.structured if self.opened else NOTHING
        self.url = self.opened.url if self.opened else raw.url
        self.rules = self.opened.rules if self.opened else self._rules_of_text()
        self.selectors = _selectors(self.rules)
        self.marks = marks_of(decoded.text)
        self._prepare(seed)

    def _rules_of_text(self) -> SiteRules:
        host = host_of(self.raw.url) if self.raw.url else None
        found = self.rulebook.site_of_host(host) if host else self.rulebook.recognise(self.decoded.text, None)
        return self.rulebook.rules_for(found)

    def _prepare(self, seed: int) -> None:
        facts = self.facts
        language = (facts.language if facts else None) or self.structured.language or self.rules.language
        self.days = -7 * _choose(seed, WEEKS)
        self.shift = Shift(self.days, language)
        if facts and facts.published:
            self.shift.published = facts.published.date()
        self.substitutes = Substitutes(seed, (language or "")[:2].lower())
        site = self.rulebook.sites.get(self.rules.site or "")
        canonical = facts.canonical_url if facts else None
        hosts = hosts_of_site((self.url, canonical), site.hosts if site else ())
        self.addresses = Addresses(self.substitutes, self.shift, hosts, self.selectors)
        self.names = list(_site_names(self.structured, self.rules, facts.publisher if facts else None, facts))
        self.people = [name for name in _people(self.structured, facts) if name not in self.names]
        self.private = list(_private(self.before, self.structured, self.people))
        self.wording = Wording(
            self.rules,
            self.substitutes,
            self.shift,
            names=self.names,
            people=self.people,
            private=self.private,
            address=self.addresses.rewrite,
            lines=self.tree is None,
            recognise=None if self.raw.url else lambda line: self.rulebook.recognise(line, None),
        )

    def html(self) -> Written:
        assert self.tree is not None and self.opened is not None
        layout = page_html.find_layout(self.opened, self.raw)
        blocks = (
            page_html.walk_page(self.opened, layout, closely=True).blocks
            if self.tree.body is not None
            else []
        )
        scope = self.before.blocks if isinstance(self.before, Article) else []
        page = Page(
            self.tree,
            Rewriter(self.wording, self.addresses, self._secrets(), self.selectors),
            blocks=[*_with_cells(block.text for block in blocks)],
            scope=[*_with_cells(block.text for block in scope)],
            stated=self.private,
            holders=self._holders(layout),
        )
        tried: list[tuple[Written, int | None]] = []
        for keep, lean in ATTEMPTS:
            written = self._check(page.write(keep, lean=lean), "text/html")
            tried.append((written, keep))
            if not written.differences:
                return self._shrink(page, written, keep, lean)
        return min(tried, key=lambda attempt: len(attempt[0].differences))[0]

    def _shrink(self, page: Page, best: Written, keep: int | None, lean: bool) -> Written:
        """The sample without what stands far off, the largest first, until it is small.

        What cannot be left out without another verdict is left out in parts.
        """
        without: set[int] = set()
        waiting = [page.far_off(keep)]
        for _ in range(MAX_TRIALS):
            if not waiting or len(best.raw.data) <= SMALL:
                break
            group = _largest(waiting.pop(), len(best.raw.data) - SMALL)
            tried = {*without, *(node.mem_id for _, node in group)}
            written = self._check(page.write(keep, lean=lean, without=tried), "text/html")
            if not written.differences:
                best, without = written, tried
            elif len(group) > 1:
                waiting += [group[1::2], group[::2]]
            elif group:
                waiting.append(page.parts_of(group[0][1], keep))
        return best

    def text(self) -> Written:
        lines = [self.wording.rewrite(line) for line in self.decoded.text.split("\n")]
        return self._check("\n".join(lines), "text/plain")

    def _holders(self, layout: Any) -> Iterator[LexborNode]:
        """Elements that fields are read from."""
        assert self.tree is not None
        yield from (*self.structured.headings, *self.structured.links[:20])
        for picks in layout.fields.values() if layout else ():
            for pick in picks:
                yield from self.tree.css(pick.css)[:20] if pick.css else ()

    def _secrets(self) -> Secrets:
        facts = self.facts
        named = [*self.people, *(facts.tags if facts else ()), (facts.section if facts else None) or ""]
        return Secrets(frozenset(word for name in named for word in words_of(name)), runs_of(self.private))

    def _check(self, text: str, media_type: str) -> Written:
        fetched = self.raw.fetched_at
        sample = RawPage(
            data=text.encode("utf-8", "replace"),
            source="page.html" if media_type == "text/html" else "page.txt",
            url=self.addresses.rewrite(self.raw.url) if self.raw.url else None,
            fetched_at=fetched + timedelta(days=self.days) if fetched else None,
            media_type=media_type,
        )
        after = read_article(sample, self.rulebook)
        differences = tuple(compare(self.before, after, self.days))
        strings = [part for line in strings_of(text) for part in self._without_names(line)]
        private = [part for text in self.private for part in self._without_names(text)]
        marks = sorted(self.marks & marks_of(text))
        leaks = (*find_leaks(private, strings, self.wording.kept), *marks)
        return Written(sample, differences, leaks, self.days, self.before.site)

    def _without_names(self, text: str) -> list[str]:
        """The pieces of a text between the names, hosts and dates that may stay."""
        hosts = (match for match in HOST.finditer(text) if self.addresses.is_known(match["host"]))
        cuts = [match.span() for found in (self.wording.public(text), hosts) for match in found]
        cuts = sorted([*cuts, *((edit.start, edit.end) for edit in self.shift.edits(text))])
        cuts = [cut for n, cut in enumerate(cuts) if not n or cut[0] >= cuts[n - 1][1]]
        ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
        return [text[a:b] for a, b in zip(*ends, strict=True)] if cuts else [text]


def _largest(elements: list[tuple[int, LexborNode]], size: int) -> list[tuple[int, LexborNode]]:
    """As many of the largest elements as together have the size."""
    found: list[tuple[int, LexborNode]] = []
    for element in sorted(elements, key=lambda element: -element[0]):
        if sum(length for length, _ in found) >= size:
            break
        found.append(element)
    return found


# -- what is known of the page -----------------------------------------------------------------------------------


def _site_names(structured: Structured, rules: SiteRules, publisher: str | None, facts: Any) -> Iterator[str]:
    """The names of the site itself, where they are not the article's title."""
    title = (facts.title if facts else None) or ""
    given = [rules.name, publisher, *structured.meta.get("og:site_name", ())[:1]]
    given += structured.meta.get("application-name", ())[:1]
    given += [name for item in structured.articles[:1] for name in strings(item.get("publisher"))][:1]
    for name in dict.fromkeys(filter(None, given)):
        words = words_of(name)
        is_title = bool(title) and title.casefold() in name.casefold()
        if 0 < len(words) <= MAX_SITE_NAME_WORDS and not is_title:
            yield name


def _people(structured: Structured, facts: Any) -> Iterator[str]:
    """The names of the authors as the fields and the data have them."""
    found = [*(facts.authors if facts else ())]
    for item in structured.articles[:1]:
        for name in strings(item.get("author")):
            found += parse_byline(name) or [name]
    yield from dict.fromkeys(name for name in found if name and len(words_of(name)) <= MAX_SITE_NAME_WORDS)


def _private(before: Article | Refused, structured: Structured, people: Iterable[str]) -> Iterator[str]:
    """The texts that are the publisher's: what is kept of the article, its names, title and tags."""
    yield from people
    if isinstance(before, Article):
        facts = before.facts
        yield from filter(None, (facts.title, facts.deck, facts.section, *facts.tags))
        for block, label, cuts in zip(before.blocks, before.labels, before.cuts, strict=True):
            if label is None:
                end = 0
                for cut in cuts:
                    yield block.text[end : cut.start]
                    end = cut.end
                yield block.text[end:]
            elif label.kind in ("title", "deck", "caption"):
                yield block.text
    for item in structured.articles[:1]:
        for key in ("headline", "description", "alternativeHeadline", "articleBody"):
            yield from strings(item.get(key))


def _with_cells(texts: Iterable[str]) -> Iterator[str]:
    """The texts, and the cells of rows."""
    for text in texts:
        yield text
        if " | " in text:
            yield from text.split(" | ")


def _selectors(rules: SiteRules) -> str:
    """Every selector of the site's rules: what they name has to stay."""
    found = [drop.css for drop in rules.shared_drops]
    for layout in rules.layouts:
        found += [layout.when.css or "", *layout.body, *(drop.css for drop in layout.drops)]
        for picks in layout.fields.values():
            found += [f"{pick.css} [{pick.attr}" if pick.attr else pick.css for pick in picks if pick.css]
    return "\n".join(found)


def _choose(seed: int, span: tuple[int, int]) -> int:
    noise = blake2b(f"weeks {seed}".encode(), digest_size=4).digest()
    return span[0] + int.from_bytes(noise) % (span[1] - span[0] + 1)


# -- comparing -----------------------------------------------------------------------------------------------------


def compare(before: Article | Refused, after: Article | Refused, days: int = 0) -> Iterator[str]:
    """What the pipeline makes otherwise of the sample than of the page, a sentence each."""
    if isinstance(before, Refused) or isinstance(after, Refused):
        reasons = [
            page.refusal.reason if isinstance(page, Refused) else "accepted" for page in (before, after)
        ]
        if reasons[0] != reasons[1]:
            yield f"the page is {reasons[0]}, the sample {reasons[1]}"
        return
    for name in ("site", "method", "layout"):
        if getattr(before, name) != getattr(after, name):
            yield f"{name}: {getattr(before, name)} on the page, {getattr(after, name)} in the sample"
    containers = [re.sub(r"\d+", "0", article.facts.origins.get("body", "")) for article in (before, after)]
    if containers[0] != containers[1]:
        yield f"container: {containers[0]} on the page, {containers[1]} in the sample"
    yield from _compare_verdicts(_verdicts(before), _verdicts(after))
    yield from _compare_facts(before.facts, after.facts, days)


def _verdicts(article: Article) -> list[str]:
    return [
        label.rule if label else " ".join(("kept", *(cut.rule for cut in cuts)))
        for label, cuts in zip(article.labels, article.cuts, strict=True)
    ]


def _compare_verdicts(before: list[str], after: list[str]) -> Iterator[str]:
    if before == after:
        return
    first = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    place = min(len(before), len(after)) if first is None else first
    was, is_ = (verdicts[place] if place < len(verdicts) else "nothing" for verdicts in (before, after))
    yield f"verdicts: {len(before)} blocks on the page, {len(after)} in the sample; block {place} was {was}, is {is_}"


def _compare_facts(before: Any, after: Any, days: int) -> Iterator[str]:
    for name in before.__struct_fields__:
        was, is_ = getattr(before, name), getattr(after, name)
        if name == "origins":
            continue
        if bool(was) != bool(is_):
            yield f"{name}: {'empty' if is_ else 'found'} on the page, {'found' if is_ else 'empty'} in the sample"
        elif name in CHECKED_FIELDS and was != is_:
            yield f"{name}: {was} on the page, {is_} in the sample"
        elif name in ("authors", "tags") and len(was) != len(is_):
            yield f"{name}: {len(was)} on the page, {len(is_)} in the sample"
        elif isinstance(was, datetime) and abs(was + timedelta(days=days) - is_) > SUMMER_TIME:
            yield f"{name}: not moved by {days} days"
