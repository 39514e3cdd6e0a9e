"""A page's address: the one it calls its own, the form in which two addresses of one page are equal, its identity.

find_address         the one given, else saved, else canonical
saved_address        what the tool that saved a page wrote at its top
find_canonical_url   <link rel=canonical>, og:url, the article's JSON-LD: the first that can be believed
normalise_url        one spelling for all addresses of a page
page_id              128 bits of that, or of a source's name
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from ingest.describe.found import Found, Origin
from ingest.structured import Structured

# Parameters that say where a reader came from or which session it is, never what the page is.
TRACKING = re.compile(
    r"utm_\w*|(?:fb|g|d|y)clid|gclsrc|[wg]braid|msclkid|twclid|igshid|mc_[ce]id|_ga|_gl|_hs\w*|__hs\w*|hsctatracking"
    r"|vero_\w*|oly_\w*|pk_\w*|piwik_\w*|mtm_\w*|at_(?:medium|campaign|custom\d|link_\w*|ptr_name|format|bbc_team)"
    r"|wt_\w*mc\w*|xtor|cmpid|cmp|ncid|ocid|smid|smtyp|partner|share|shared|ref_?src|ref_?url|referr?er|fb_\w*|ns_\w*"
    r"|_branch_match_id|guccounter|guce_\w*|amp_\w*|usqp|outputtype|s_?cid|icid|cvid|recirc|spm|sr_share|soc_\w*"
    r"|jsessionid|phpsessid|sessionid",
    re.IGNORECASE,
)
SESSION = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}
WWW = re.compile(r"^(?:www\.)+")
ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{1,14}(?:[a-z]{2}_)?/(https?):/+", re.IGNORECASE)
ARCHIVE_BAR = re.compile(
    r"^\s*The Wayback Machine - (https?://web\.archive\.org/web/\d{1,14}\S{3,2000})\s*$", re.MULTILINE
)
MAX_BAR = 20_000  # characters of a text before the line that ends the archive's bar
SAVED = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,5}\)|Page saved with SingleFile\s{1,9}url:\s{0,9}|(Mirrored from )"
    r"(?=\S{1,2000} by HTTrack ))(\S{4,2000})",
    re.IGNORECASE,
)
MAX_SAVED = 4_096  # characters of a page before the comment of the tool that saved it


def archived_address(text: str) -> str | None:
    """Where a text was archived, as the bar says that the Wayback Machine lays over its copies; `None` without one."""
    match = ARCHIVE_BAR.search(text[:MAX_BAR])
    return match[1] if match else None


def saved_address(page: str) -> str | None:
    """Where a browser, SingleFile or HTTrack saved a page from, as its comment at the top says; `None` without one."""
    match = SAVED.search(page[:MAX_SAVED])
    url = f"https://{match[2]}" if match and match[1] else match and match[2]
    return url if url and host_of(url) else None


def find_address(
    structured: Structured, given: str | None, page: str
) -> tuple[str | None, Found[str] | None]:
    """A page's address, and the one that it calls its own: the address given, else where it was saved from, else its
    own."""
    read_from = given or saved_address(page)
    canonical = find_canonical_url(structured, read_from)
    return read_from or (canonical.value if canonical else None), canonical


def find_canonical_url(structured: Structured, url: str | None) -> Found[str] | None:
    """The page's own absolute address, resolved against `url` (the address it was read from), or `None`.

    Not believed: what is not http(s) or names no public host, and a site's home page, unless that is `url` itself.
    """
    read_from = _split(url) if url else None
    for stated, origin in _stated(structured):
        parts = _resolve(stated, url)
        if parts is not None and (not _is_home(parts) or _same_home(parts, read_from)):
            return Found(parts._replace(fragment="").geturl(), origin)
    return None


def normalise_url(url: str) -> str:
    """The spelling that all addresses of a page share; for comparing, not for fetching.

    https, host in lower case without `www.`, no default port, no user, no fragment, no final slash, no tracking or
    session parameters, the others in order; a copy in the Wayback Machine has the address of the original. What is no
    http(s) address comes back stripped.

    >>> normalise_url("HTTP://www.Example.org:80/a%7Eb/?b=2&utm_source=x&a=1#top")
    'https://example.org/a~b?a=1&b=2'
    """
    parts = _split(url)
    if parts is None:
        return url.strip()
    host = _host(parts)
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    path = SESSION.sub("", unquote(parts.path, errors="surrogateescape")).rstrip("/")
    path = quote(path, safe="/:@!$&'()*+,;=~", errors="surrogateescape")
    given = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    query = urlencode(sorted(p for p in given if not TRACKING.fullmatch(p[0])), errors="surrogateescape")
    return f"https://{host}{port}{path}" + (f"?{query}" if query else "")


def host_of(url: str) -> str | None:
    """The host of an absolute http(s) address, in lower case without `www.`; `None` if it is none.

    `m.` and `amp.` stay: they are subdomains like any other, and a site's rules hold for its subdomains.

    >>> host_of("https://WWW.Example.org:8080/a"), host_of("page.html")
    ('example.org', None)
    """
    parts = _split(url)
    return _host(parts) if parts else None


def page_id(url_or_source: str) -> str:
    """The identity of a page, 32 hexadecimal digits: equal for all spellings of one address (`normalise_url`).

    What is no http(s) address, such as a path or an archive's member, counts as it is written.
    """
    name = normalise_url(url_or_source) if _split(url_or_source) else url_or_source
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _split(url: str) -> SplitResult | None:
    """The parts of an absolute http(s) address with a host and a possible port, else `None`; of an archived page its
    original's."""
    try:
        parts = urlsplit(ARCHIVED.sub(r"\1://", url.strip(), count=1))
        valid = parts.scheme in DEFAULT_PORTS and parts.hostname and (parts.port is None or parts.port >= 0)
    except ValueError:
        return None
    return parts if valid else None


def _host(parts: SplitResult) -> str:
    host = WWW.sub("", (parts.hostname or "").rstrip("."))
    return f"[{host}]" if ":" in host else host


def _stated(structured: Structured) -> Iterator[tuple[object, Origin]]:
    yield structured.canonical, "meta"
    for value in structured.meta.get("og:url", ()):
        yield value, "meta"
    for item in structured.articles[:1]:
        entity = item.get("mainEntityOfPage")
        if isinstance(entity, dict):
            entity = entity.get("@id") or entity.get("url")
        yield from ((value, "json-ld") for value in (item.get("url"), entity, item.get("@id")))


def _resolve(stated: object, url: str | None) -> SplitResult | None:
    if not isinstance(stated, str) or not stated.strip():
        return None
    try:
        stated = stated.strip()
        parts = _split(stated if stated.startswith(("https://", "http://")) else urljoin(url or "", stated))
    except ValueError:
        return None
    public = parts is not None and "." in _host(parts).strip(".") and not _host(parts).startswith("127.")
    return parts if public else None


def _is_home(parts: SplitResult) -> bool:
    return parts.path in ("", "/") and not parts.query


def _same_home(parts: SplitResult, read_from: SplitResult | None) -> bool:
    return read_from is not None and _is_home(read_from) and _host(parts) == _host(read_from)
