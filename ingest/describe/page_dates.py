"""The dates that a page shows, the likeliest to be its publication first.

scripts    "datePublished": "..." in JSON-LD that could not be read
elements   <time>, and what its class or microdata calls a date
lines      short lines of text that are little else than a date
scripts    any other data of the page, before what is far away or in comments

Elements and lines are ranked by doubt: the distance from the title, more before it than behind it; less doubt for
what says "published", more for "updated", for side columns, teasers and comments, and for words around the date.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.describe.dates import without_date
from ingest.structured import Structured, squeeze
from ingest.words import letters

MAX_MARKED = 2_000  # headings and dated elements of a page
MAX_NODES = 60  # elements that are looked at, nearest to the title first
MAX_LINES = 30  # lines with digits that are looked at, nearest to the title first
MAX_LINE = 120  # characters of a text that shows a date
MAX_REST = 60  # characters that such a text may have besides the date
MAX_PARTS = 30  # nodes of an element that shows a date
MAX_TEXT = 200_000  # characters of a page's text that are searched for lines
MAX_SCRIPTS = 400_000  # characters of scripts that are searched
LINE = 0.5  # doubt a line of distance from the title
PROSE = 5  # characters besides the date that are one doubt
UNMARKED = 6  # doubt for a date that only its shape gives away
FAR = 40

HEADINGS = ("h1", "h2")
DATED = ("dat", "publi", "posted", "time", "fecha", "tarih", "submitted", "created")
MARKED = (
    "time",
    "relative-time",
    "time-ago",
    "abbr[title]",
    "[itemprop*=date i]",
    ":not(meta)[property*=date i]",
)
SELECTOR = ",".join((*HEADINGS, *MARKED, *(f'[class*="{word}" i]' for word in DATED)))
PUBLISHED = re.compile(
    r"publi|pubdat|post(?:ed)?[-_]?(?:date|time|on)|entry-date|posted|first|created|issued|written|erschien|ver.{1,2}ffentlich"
    r"|wurde am|mise en ligne|опубл|pubblic|julkais|gepubl|yayın",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"updat|modif|lastmod|edited|aktuali|ge.ndert|.nderung|mis à jour|actuali|aggiorn|bijgewerkt|обновл|güncel",
    re.IGNORECASE,
)
COMMENT = re.compile(r"comment|respons|reply|reaction", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"related|sidebar|widget|teaser|recent|latest|popular|calendar|event|tweet|footer(?!.*post)|menu|nav"
    r"|promo|card|carousel|archive|expire|birth|update-|copyright",
    re.IGNORECASE,
)
IN_SCRIPT = re.compile(
    r"""["'](?:date_?published|published_?(?:at|date|time)?|publi(?:sh|cation)_?date|first_?published\w{0,12}"""
    r"""|pub_?date|create_?date|created_?at|date_?created|upload_?date)["']\s{0,3}:\s{0,3}["']?"""
    r"""(\d{4}-?\d\d-?\d\d[\dT:.+Z -]{0,20})""",
    re.IGNORECASE,
)


def page_dates(tree: LexborHTMLParser, structured: Structured) -> Iterator[tuple[float, str]]:
    """Texts with a date in them and how doubtful each is, best first; the caller parses and judges them.

    A doubt is about one element's distance from the title; below 0 the page says that it is the publication.
    """
    if not structured.articles:
        yield from (
            (0, text) for text in _script_dates(tree, 'script[type*="ld+json" i]', holding='Article"')
        )
    nodes = tree.css(SELECTOR)[:MAX_MARKED]
    stated = (*structured.meta.get("og:title", ())[:1], structured.page_title or "")
    titles = [key for text in stated if (key := letters(text))]
    heading = _heading(nodes, titles)
    lines = _lines(tree)
    title = _title_line(lines, heading.text().strip() if heading else "", titles)
    found = [*_line_dates(lines, title), *_element_dates(nodes, heading, lines, title)]
    found.sort(key=lambda f: f[0])
    yield from (f for f in found if f[0] <= FAR)
    yield from ((FAR, text) for text in _script_dates(tree, "script:not([src])"))
    yield from (f for f in found if f[0] > FAR)


def _heading(nodes: list[LexborNode], titles: list[str]) -> LexborNode | None:
    """The longest `h1` that says what the page's title says, else such an `h2`, else the first `h1`."""
    best, rank, first = None, (0, 0), None
    for node in nodes:
        if node.tag not in HEADINGS:
            continue
        said = letters(_short_text(node))
        here = (-HEADINGS.index(node.tag), len(said))
        if (best is None or here > rank) and _says(said, titles):
            best, rank = node, here
        first = first or (node if node.tag == "h1" else None)
    return best or first


def _says(said: str, titles: list[str]) -> bool:
    """Whether a heading is the page's title, up to the site's name or a few words around it."""
    return len(said) > 8 and any(
        said in title or (title in said and 2 * len(title) > len(said)) for title in titles
    )


def _line_dates(lines: list[str], title: int) -> Iterator[tuple[float, str]]:
    short = [i for i, line in enumerate(lines) if len(line) <= MAX_LINE and TWO.search(line)]
    short.sort(key=lambda i: _steps(i - title))
    for i in islice((i for i in short if DIGITS.search(lines[i])), MAX_LINES):
        line = _published_part(lines[i])
        if (rest := _rest(line)) is not None:
            labelled = lines[i - 1] + line if i and lines[i - 1][-1] in ":：" else line
            label = 2 * bool(CHANGED.search(labelled)) - bool(PUBLISHED.search(labelled))
            yield _steps(i - title) * LINE + UNMARKED * (1 + label) + rest / PROSE, line


def _steps(distance: int) -> int:
    return distance if distance >= 0 else -2 * distance


def _element_dates(
    nodes: list[LexborNode], heading: LexborNode | None, lines: list[str], title: int
) -> Iterator[tuple[float, str]]:
    """Doubt and text of the dated elements, the least doubtful first."""
    key = heading.mem_id if heading else None
    anchor = next((i for i, node in enumerate(nodes) if node.mem_id == key), 0)
    nearest = sorted((_steps(i - anchor), i) for i in range(len(nodes)))
    away: dict[str, float] = {}
    for i, line in enumerate(lines):
        away[line] = min(_steps(i - title) * LINE, away.get(line, math.inf))
    for distance, i in nearest[:MAX_NODES]:
        if shown := _shown_date(nodes[i]):
            text, rest = shown
            near = away.get(_short_text(nodes[i]), distance)
            yield near + _doubt(nodes[i], text) + rest / PROSE, text


def _shown_date(node: LexborNode) -> tuple[str, int] | None:
    """The machine-readable date of an element, else its text if that is little else; how much else it is."""
    attributes = node.attributes
    for name in ("datetime", "content", "data-published", "data-datetime", "title"):
        if (value := attributes.get(name)) and ISO_LIKE.match(value):
            return value, 0
    text = _short_text(node)
    text = _published_part(text)
    rest = _rest(text)
    return None if rest is None else (text, rest)


def _published_part(text: str) -> str:
    """What is left of a text without the date of a change that stands beside another: "Updated ... Published ..."."""
    changed = CHANGED.search(text)
    if changed is None:
        return text
    before, after = text[: changed.start()], text[changed.start() :]
    if any(map(str.isdigit, before)):
        return before
    published = PUBLISHED.search(after)
    said = after[published.start() :] if published else ""
    return said if any(map(str.isdigit, said)) else text


def _short_text(node: LexborNode) -> str:
    """The text of an element that holds little, else `""`; never the whole text of a large one."""
    parts: list[str] = []
    for part in islice(node.traverse(include_text=True), MAX_PARTS + 1):
        parts.append(part.text_content or "")
    return squeeze(" ".join(parts)) if len(parts) <= MAX_PARTS else ""


def _rest(text: str) -> int | None:
    """How many characters a text has besides its date; `None` if it is not little else than a date."""
    if len(text) > MAX_LINE or not DIGITS.search(text):
        return None
    rest = without_date(text)
    return len(rest) if len(rest) <= min(MAX_REST, len(text) - 6) and not CODE.search(rest) else None


ISO_LIKE = re.compile(r"\s*(?:\d\d-\d\d-)?\d{4}")
TWO = re.compile(r"\d\d")
DIGITS = re.compile(
    r"\d\d?\s?[./|-]\s?\d\d?\s?[./|-]\s?\d\d|(?<!\d)\d\d?(?!\d).{1,24}(?<!\d)\d{4}(?!\d)"
    r"|(?<!\d)\d{4}(?!\d).{1,20}(?<!\d)\d\d?(?!\d)|['’]\d\d\b|\b[12]\d{7}\b"
)
CODE = re.compile(r"[{}=;<>_\"]|https?:|©|/\*")


def _doubt(node: LexborNode, text: str) -> int:
    """How much speaks against an element, in steps of distance."""
    attributes = node.attributes
    own = f"{attributes.get('class')} {attributes.get('id')} {attributes.get('itemprop')} {text}"
    is_time = node.tag == "time"
    doubt = -2 if is_time else 0
    if PUBLISHED.search(own) or "pubdate" in attributes:
        doubt -= 3
        is_time = False
    elif CHANGED.search(own):
        doubt += 6
    for _ in range(4):
        if COMMENT.search(own):
            return doubt + FAR
        if ELSEWHERE.search(own):
            return doubt + 12
        parent = node.parent
        if parent is None or parent.tag in ("body", "html"):
            break
        node = parent
        own = f"{node.tag} {node.attributes.get('class')} {node.attributes.get('id')}"
        if is_time and PUBLISHED.search(own):
            doubt -= 3
            is_time = False
    return doubt


def _lines(tree: LexborHTMLParser) -> list[str]:
    body = tree.body
    text = body.text(separator="\n")[:MAX_TEXT] if body is not None else ""
    return [line for raw in text.split("\n") if (line := raw.strip())]


def _title_line(lines: list[str], heading: str, titles: list[str]) -> int:
    """Where the title stands in the lines; 0 if nowhere."""
    if heading in lines:
        return lines.index(heading)
    for i, line in enumerate(lines):
        if 12 <= len(line) <= 200 and letters(line) in titles:
            return i
    return 0


def _script_dates(tree: LexborHTMLParser, selector: str, holding: str = "") -> Iterator[str]:
    left = MAX_SCRIPTS
    for script in tree.css(selector):
        text = script.text()[:left]
        left -= len(text)
        if holding in text and ("ubl" in text or "reat" in text) and (match := IN_SCRIPT.search(text)):
            yield match[1]
        if left <= 0:
            return
