"""Addresses with the publisher's host and the shape of their path, and nothing else of where they lead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from ingest.anonymise.dates import Shift
from ingest.anonymise.words import TOKEN, Substitutes, words
from ingest.describe.url import TRACKING, host_of

MAX_ADDRESS = 2_000
MAX_PARAMETERS = 6
PUBLIC_HOSTS = frozenset(
    (
        *("facebook.com", "twitter.com", "x.com", "instagram.com", "youtube.com", "youtube-nocookie.com"),
        *("youtu.be", "linkedin.com", "pinterest.com", "reddit.com", "whatsapp.com", "wa.me", "t.me"),
        *("telegram.me", "tiktok.com", "xing.com", "flipboard.com", "threads.net", "bsky.app", "vk.com"),
        *("schema.org", "w3.org", "google.com", "apple.com", "disqus.com", "vimeo.com", "wikipedia.org"),
    )
)
"""Hosts that stand in the furniture of every site."""
STRUCTURE = words(
    """
    a ads amp api app archive archives article articles artikel asset assets author authors autor autoren autores
    auteur blog blogs by cat category categories cdn cms comments contact content content-article contributor
    contributors data de default en es feed files fr home i icon icons id image images img it journalist kategorie
    keyword live logo m media member members menu news newsletter newsletters opinion p page pages people person
    photo photos picture pictures plus podcast politics post posts print profile profiles public redaktion resize
    resources rss search section sections series share sharer sites sport sports staff static stories story style
    styles subscribe svg tag tags team theme themes thumb thumbnail thumbnails topic topics thema themen upload
    uploads user users video videos watch world writer writers wp-content wp-includes wp-json
    """
)
"""Parts of paths that say what kind of thing an address is of."""
SIZE = re.compile(r"\d{2,4}(?:x\d{2,4})?|\d{2,4}[wh]|[wh]_?\d{2,4}|v\d{1,2}")
DAY = re.compile(r"(?:19|20)\d\d(?:-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?)?")
EXTENSION = re.compile(
    r"\.(?:avif|gif|html?|jpe?g|json|mp[34]|pdf|php|png|svg|webp|aspx?|xml|ece|shtml|m3u8)$", re.I
)
PARAMETER = re.compile(r"[^\W\d][\w.\[\]-]{0,39}")
QUOTED = re.compile(r"""=\s*["']?([^"'\]]+)""")


class Addresses:
    """Rewrites the addresses of one page. `hosts` are the publisher's; parts of paths in `selectors` stay."""

    def __init__(
        self, substitutes: Substitutes, shift: Shift, hosts: Iterable[str], selectors: str = ""
    ) -> None:
        self._substitutes = substitutes
        self._shift = shift
        self._own = tuple(hosts)
        spelled = {part for value in QUOTED.findall(selectors) for part in re.split(r"[/?&#]", value)}
        self._structure = STRUCTURE | {part.casefold() for part in spelled if part}
        self._done: dict[str, str] = {}

    def rewrite(self, address: str) -> str:
        """The address in other words; the same one always comes out the same."""
        found = self._done.get(address)
        if found is None:
            found = self._done[address] = self._rewrite(address.strip()[:MAX_ADDRESS])
        return found

    def _rewrite(self, address: str) -> str:
        lower = address[:30].lower()
        if not address or lower.startswith(("#", "about:")):
            return "#" if len(address) > 1 else address
        if lower.startswith(("javascript:", "data:", "blob:", "intent:", "fb-messenger:", "viber:")):
            return "#"
        if lower.startswith(("tel:", "sms:", "whatsapp:")):
            return (
                self._substitutes.text(address.partition(":")[0]) and f"{address.partition(':')[0]}:5550100"
            )
        prefix, at, host = address.rpartition("@")
        if at and "/" not in address and "?" not in prefix:
            scheme = "mailto:" if prefix.lower().startswith("mailto:") else ""
            return f"{scheme}{self._words(prefix[len(scheme) :])}@{self._host(host.partition('?')[0])}"
        try:
            parts = urlsplit(address)
        except ValueError:
            return "#"
        bare = not parts.scheme and not parts.netloc
        if bare and re.match(r"[\w-]+(?:\.[\w-]+)+(?:/|$)", address) and not EXTENSION.search(address):
            host, slash, path = address.partition("/")
            return self._host(host) + slash + self._path(path)
        path, query = self._path(parts.path), self._query(parts.query)
        fragment = f"#{self._words(parts.fragment)}" if parts.fragment else ""
        start = f"{parts.scheme}:" if parts.scheme else ""
        host = f"//{self._host(parts.netloc)}" if parts.netloc else ""
        return f"{start}{host}{path}{f'?{query}' if query else ''}{fragment}"

    def _host(self, host: str) -> str:
        name = host.lower().rpartition("@")[2]
        if self.is_known(name):
            return name
        label = max(name.split(":")[0].split(".")[:-1] or [name], key=len)
        return f"{self._words(label)}.example"

    def is_known(self, host: str) -> bool:
        """Whether a host stays as it is: the publisher's, and those that are in every page's furniture."""
        host = host.lower()
        return any(_belongs(host, owner) for owners in (self._own, PUBLIC_HOSTS) for owner in owners)

    def _path(self, path: str) -> str:
        moved = self._shift.address(path)
        return "/".join(self._segment(segment) for segment in moved.split("/"))

    def _segment(self, segment: str) -> str:
        match = EXTENSION.search(segment)
        stem, end = (segment[: match.start()], match[0]) if match else (segment, "")
        if stem.casefold() in self._structure or SIZE.fullmatch(stem) or self._is_date(stem):
            return segment
        return self._words(re.sub(r"%[0-9A-Fa-f]{2}", "x", stem)) + end

    def _is_date(self, text: str) -> bool:
        return DAY.fullmatch(text) is not None

    def _query(self, query: str) -> str:
        pairs = [part.partition("=") for part in query.split("&") if part]
        kept = [pair for pair in pairs if not TRACKING.fullmatch(pair[0])][:MAX_PARAMETERS]
        return "&".join(
            f"{name}={self._value(value)}" if sign else self._value(name)
            for name, sign, value in kept
            if not sign or PARAMETER.fullmatch(name)
        )

    def _value(self, value: str) -> str:
        if len(value) == 1 or SIZE.fullmatch(value) or value in ("true", "false"):
            return value
        return self._words(re.sub(r"%[0-9A-Fa-f]{2}", "-", value)[:60])

    def _words(self, text: str) -> str:
        found = TOKEN.sub(lambda match: self._substitutes.token(match[0]), text)
        if text.isascii() and not found.isascii():
            return unicodedata.normalize("NFKD", found).encode("ascii", "ignore").decode()
        return found


def _belongs(host: str, owner: str) -> bool:
    return host == owner or host.endswith(f".{owner}")


def hosts_of_site(addresses: Iterable[str | None], hosts: Iterable[str] = ()) -> list[str]:
    """The hosts that are the publisher's: those of its rules and the domains of the page's own addresses."""
    found = set(hosts)
    for address in addresses:
        host = host_of(address) if address else None
        if host:
            labels = host.split(".")
            short = len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
            found.add(".".join(labels[-3 if short else -2 :]))
    return sorted(found)
