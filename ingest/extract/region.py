"""Where the article stands in a text page of an unknown site: menus before it, lists of other stories, page ends.

    strays     lines that are never the article's: rows of buttons, captions said again, threads of comments
    worth      each line by its shape: sentences count for it, scraps against it, known furniture more so
    region     the run of lines with the highest sum
    headline   the page's title said again, at the top of the article
    inside     lists of other stories between paragraphs
    head       what is left between headline and text when title, deck, byline and date have been read

Lines are only taken where there is a page around the article; a text that is nothing but an article stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile
from typing import Final

from ingest.blocks import RawBlock
from ingest.extract.header import RULE
from ingest.extract.outline import MENU, TITLE_LINE
from ingest.extract.phrases import is_date, opens_tail
from ingest.extract.repeats import find_refrains
from ingest.extract.strays import is_worded, label_strays
from ingest.extract.worth import COUNT, MANY, MIN_LINK_WORDS, MIN_LIST, is_link, is_list, weigh, worth_of
from ingest.labels import Label
from ingest.words import count_words, letters

PAGE_END: Final = Label("text/page-end", "nav")
STORY_LIST: Final = Label("text/story-list", "related")
STORY_LINK: Final = Label("text/story-link", "related")
SCRAP: Final = Label("text/scrap", "furniture")
BIOGRAPHY: Final = Label("text/biography", "byline")
REFRAIN: Final = Label("text/refrain", "furniture")

MIN_SCRAPS = 5
"""A page has a menu, or an end, when at least so many scraps stand there."""

MANY_SCRAPS = 20

MAX_LEFT = 2
"""So few lines are left under a heading like "Related" when more than so many are known furniture."""

MAX_STORIES = 14
MAX_LABEL_WORDS = 6
MIN_HEADLINE_CHARS = 15
MAX_TITLE_CHARS = 300
MAIN_SHARE = 0.75
"""A headline has at least this share of the article below it."""

BIOGRAPHY_LINES = 3
"""Lines at the end of an article that may be about its author."""

TAIL_SHARE = 0.12
"""What may stand behind a heading like "Related", as a share of the article."""

HEAD_PROSE = 3
"""Scraps are furniture of the head until the third line of prose."""

MAX_ABOVE, MIN_LEAD = 3, 40
"""A text has no menu where so few lines (title, byline, date) stand above paragraphs of so many words."""

SHORT_BOX, LONGEST_BOX, MIN_RUN = 8, 12, 50
"""An article goes on behind so many lines of something else when paragraphs of so many words follow each other: two
behind a short box, three behind a longer one. Behind what ends an article it takes twice the words."""

FARTHEST_BOX, FAR_LINES, TOPIC_STEM = 60, 4, 5
"""Behind still more lines it goes on where most of four paragraphs have a word of the title, by its first letters."""

MIN_ALONE, LONGEST_LINKED_BOX = 40, 16
"""Where links are told, one paragraph of so many words will do, and a box may have so many lines."""

TALK_SHARE = 0.6

ENDS = frozenset({"comments", "legal"})
"""No article goes on behind these."""

_BIOGRAPHY = re.compile(
    r"^(?:[A-Z][\w.'’-]+ ){2,4}(?:is|was|covers|writes|reports|joined|has) .{0,80}"
    r"\b(?:writer|reporter|editor|correspondent|journalist|columnist|author|host|contributor|producer|covers|writes)\b"
)
_SAID = re.compile(r"[^\W\d_]{2,}[.!?…][\"”’»]?$")
_RUN_TOGETHER = re.compile(r"[a-z\dà-ÿ][A-ZÀ-Þ][a-zà-ÿ]")
_WORD = re.compile(r"\w+")


def label_surroundings(
    blocks: Sequence[RawBlock], labels: Sequence[Label | None], *, known: bool = False
) -> list[Label | None]:
    """The labels with the page around the article added. Labelled blocks keep their label.

    With `known`, where a site's rules know its text pages, only what is far too long for them to be a part of such
    a page is taken: the menus of a scrape of another kind.
    """
    result = list(labels)
    if not blocks:
        return result
    words = [count_words(block.text) for block in blocks]
    if not known:
        result = label_strays(blocks, words, result)
    worths = weigh(blocks, words, result)
    start, end = _best_region(worths)
    if end <= start:
        return result
    end = _behind_boxes(blocks, worths, result, end)
    if not known:
        end = _tail(blocks, words, result, worths, start, end)
    headline = _find_headline(blocks, worths, start, end)
    opens = _opens_page(blocks, worths)
    if opens and headline is not None and not _is_headline(blocks[headline]) and sum(worths[:headline]) > 0:
        headline = None  # a line of the text that says again what it has begun with
    top = headline if headline is not None else 0 if opens else start
    enough = MANY_SCRAPS if known else MIN_SCRAPS
    stated = headline is not None and _is_headline(blocks[headline])
    sure = stated or (known and headline is not None and _heads(blocks, headline))
    if _scraps(worths, labels, range(top)) >= (1 if sure else enough):
        _label(result, range(top), MENU)
        if result[0] is MENU and not (stated or blocks[0].link_chars):
            result[0] = TITLE_LINE
    _label(result, [place for place in range(top) if is_link(blocks[place])], MENU)
    around = MENU in result or any(result[end:])  # else a list may be how the article ends
    behind = range(end, len(blocks))
    left = sum(result[place] is None for place in behind)
    ended = end < len(blocks) and (_is_related(result[end]) or _ends(result[end]))
    listed = ended and left <= MAX_LEFT < len(behind) - left
    if around and (listed or _scraps(worths, labels, behind) >= enough):
        _label(result, range(end, len(blocks)), PAGE_END)
    if known:
        return result
    _label_inside(blocks, words, result, worths, start, end)
    if MENU in result or PAGE_END in result:
        return result
    alone = all(label is None or label.rule == RULE for label in labels)
    if alone:  # its lists are its own
        return list(labels)
    # what is hardly more than an article may begin a line as furniture does
    return [given if is_worded(label) else label for given, label in zip(labels, result, strict=True)]


def label_refrains(blocks: Sequence[RawBlock], labels: Sequence[Label | None]) -> list[Label | None]:
    """The labels with the line added that stands in every gap of the article."""
    result = list(labels)
    left = [place for place, label in enumerate(labels) if label is None]
    _label(result, [left[place] for place in find_refrains([blocks[place] for place in left])], REFRAIN)
    return result


def label_rest_of_head(
    blocks: Sequence[RawBlock], labels: Sequence[Label | None], authors: Sequence[str]
) -> list[Label | None]:
    """The labels with what is left of a page's furniture near the headline added, and the authors' biographies.

    `labels` has the title, deck, byline and date by now. Only for pages with a menu.
    """
    result = list(labels)
    if MENU not in result:
        return result
    _label_head(blocks, result)
    names = [letters(name) for name in authors]
    kept = [place for place, label in enumerate(result) if label is None]
    for place in {*kept[:1], *kept[-BIOGRAPHY_LINES:]}:
        text = blocks[place].text
        if _BIOGRAPHY.match(text) or any(name and letters(text[:80]).startswith(name) for name in names):
            result[place] = BIOGRAPHY
    return result


def _label_head(blocks: Sequence[RawBlock], labels: list[Label | None]) -> None:
    """The scraps before the first prose under the menu, and rows of them that follow soon."""
    menu = max(place for place, label in enumerate(labels) if label in (MENU, TITLE_LINE))
    prose = 0
    row: list[int] = []
    for place in range(menu + 1, len(blocks)):
        if labels[place] is not None:
            continue
        text = blocks[place].text
        if worth_of(blocks[place], count_words(text), None) <= 0:
            row.append(place)
            continue
        if not prose or (len(row) >= MANY and not is_list([blocks[p].text for p in row])):
            for scrap in row:
                labels[scrap] = SCRAP
        row = []
        prose += 1
        if prose == HEAD_PROSE:
            break


def _best_region(worths: Sequence[int]) -> tuple[int, int]:
    """Start and end (exclusive) of the run with the highest sum, the first of equals."""
    best, where = 0, (0, 0)
    total = start = 0
    for place, worth in enumerate(worths):
        total += worth
        if total <= 0:
            total, start = 0, place + 1
        elif total > best:
            best, where = total, (start, place + 1)
    return where


def _behind_boxes(
    blocks: Sequence[RawBlock], worths: Sequence[int], labels: Sequence[Label | None], end: int
) -> int:
    """Where the article ends that goes on behind a box: paragraphs that follow each other are no teasers, nor is a
    long one without a link where links are told.
    """
    linked = any(block.link_chars for block in blocks)
    longest, enough = (LONGEST_LINKED_BOX if linked else LONGEST_BOX), MIN_RUN
    topic = _topic(blocks[0].text)
    run = lines = box = 0
    for place in range(end, len(worths)):
        label, worth = labels[place], worths[place]
        if worth <= 0:
            run, lines, box = 0, 0, box + 1
            if box > FARTHEST_BOX or (label is not None and label.kind == "comments"):
                break
            enough = 2 * MIN_RUN if _ends(label) else enough
            continue
        run, lines = run + worth, lines + 1
        if box > longest:
            last = [block.text for block in blocks[place + 1 - FAR_LINES : place + 1]]
            goes_on = lines >= FAR_LINES and run >= 2 * MIN_RUN and _is_about(topic, last)
        else:
            several = lines > 1 if linked or box <= SHORT_BOX else lines > 2
            alone = linked and worth >= MIN_ALONE and not blocks[place].link_chars and enough == MIN_RUN
            goes_on = (run >= enough and several) or alone
        if goes_on:
            end, box = place + 1, 0
    return end


def _topic(title: str) -> frozenset[str]:
    """The beginnings of the longer words of a page's title."""
    return frozenset(word[:TOPIC_STEM] for word in _WORD.findall(title.casefold()) if len(word) >= TOPIC_STEM)


def _is_about(topic: frozenset[str], texts: Sequence[str]) -> bool:
    """Whether most of the texts have a word of the topic."""
    return 2 * sum(not topic.isdisjoint(_topic(text)) for text in texts) > len(texts)


def _opens_page(blocks: Sequence[RawBlock], worths: Sequence[int]) -> bool:
    """Whether paragraphs stand at the very top, under a title at most: there is no menu then."""
    top = next((place for place, worth in enumerate(worths) if worth > 0), len(worths))
    lead = sum(takewhile(lambda worth: worth > 0, worths[top:]))
    run_together = any(_RUN_TOGETHER.search(block.text) for block in blocks[: top + 1])
    return top <= MAX_ABOVE and lead >= MIN_LEAD and not run_together


def _tail(
    blocks: Sequence[RawBlock],
    words: Sequence[int],
    labels: Sequence[Label | None],
    worths: Sequence[int],
    start: int,
    end: int,
) -> int:
    """Where the article ends: before a heading like "Related" that has little behind it."""
    most = TAIL_SHARE * sum(worth for worth in worths[start:end] if worth > 0)
    behind, tail = 0, end
    for place in range(end - 1, start, -1):
        behind += max(0, worths[place])
        if behind > most:
            break
        label = labels[place]
        if words[place] <= MAX_LABEL_WORDS and (
            _is_related(label) if label else worths[place] < 0 and opens_tail(blocks[place].text)
        ):
            tail = place
    return tail


def _is_related(label: Label | None) -> bool:
    return label is not None and label.kind == "related"


def _ends(label: Label | None) -> bool:
    return label is not None and label.kind in ENDS


def _find_headline(blocks: Sequence[RawBlock], worths: Sequence[int], start: int, end: int) -> int | None:
    """The last line that says what the page's first line says, with most of the region still below it."""
    title, total = set(_WORD.findall(blocks[0].text.casefold())), sum(worths[start:end])
    below = 0
    for place in range(end - 1, 0, -1):
        below += worths[place] if place >= start else 0
        if below >= MAIN_SHARE * total and (_is_headline(blocks[place]) or _says(blocks[place].text, title)):
            return place
    return None


def _heads(blocks: Sequence[RawBlock], place: int) -> bool:
    """Whether the page's title is said again at a place with the date below it, and no date above."""
    said = letters(blocks[place].text)
    above, below = blocks[1:place], blocks[place + 1 : place + 1 + HEAD_PROSE]
    return (
        len(blocks[place].text) >= MIN_HEADLINE_CHARS
        and letters(blocks[0].text).startswith(said)
        and any(is_date(block.text) for block in below)
        and not any(is_date(block.text) for block in above)
    )


def _is_headline(block: RawBlock) -> bool:
    """Whether it is the highest of Markdown's headings, and no link: the site's name is one."""
    return block.kind == "heading" and block.level == 1 and not block.link_chars


def _says(text: str, title: set[str]) -> bool:
    """Whether a line is made of the title's words, and of most of them."""
    if len(text) > MAX_TITLE_CHARS or len(text) < MIN_HEADLINE_CHARS:
        return False
    words = set(_WORD.findall(text.casefold()))
    return len(words & title) >= 0.8 * len(words) and len(words) >= 0.45 * len(title)


def _scraps(worths: Sequence[int], labels: Sequence[Label | None], places: range) -> int:
    """How much of a page there is in a stretch: lines that are no sentences and have no verdict yet."""
    return sum(1 for place in places if worths[place] < 0 and labels[place] is None)


def _label(labels: list[Label | None], places: Iterable[int], label: Label) -> None:
    for place in places:
        labels[place] = labels[place] or label


def _label_inside(
    blocks: Sequence[RawBlock],
    words: Sequence[int],
    labels: list[Label | None],
    worths: Sequence[int],
    start: int,
    end: int,
) -> None:
    """Lists of other stories: what stands under a `related` line, long runs of scraps, lines in capitals."""
    for place in range(start, end):
        if _is_related(labels[place]) and words[place] <= MAX_LABEL_WORDS:
            for below in range(place + 1, min(place + 1 + MAX_STORIES, end)):
                if labels[below] is None and worths[below] >= 0:
                    break
                labels[below] = labels[below] or STORY_LIST
    for is_scrap, group in groupby(range(start, end), key=lambda p: _is_scrap(labels[p], worths[p])):
        run = list(group)
        texts = [blocks[p].text for p in run]
        listed = is_scrap and (is_list(texts) or _is_talk(texts))
        for place in run if is_scrap else ():
            if labels[place] is not None:
                continue
            if len(run) >= MIN_LIST and not listed:
                labels[place] = STORY_LIST
            elif COUNT.match(blocks[place].text):
                labels[place] = SCRAP
            elif words[place] >= MIN_LINK_WORDS and blocks[place].text.isupper():
                labels[place] = STORY_LINK


def _is_talk(texts: Sequence[str]) -> bool:
    """Whether lines are short sentences, as people say them; headlines end without a sign."""
    return sum(_SAID.search(text) is not None for text in texts) >= TALK_SHARE * len(texts)


def _is_scrap(label: Label | None, worth: int) -> bool:
    """Whether a line is no sentence; of the known furniture, pictures' lines are part of the article's run."""
    return worth < 0 and (label is None or label.kind not in ("caption", "credit", "ad"))
