"""Markdown as blocks: what scrapers write that turn pages into Markdown, menus, links and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import IN_LIST, IN_QUOTE, ORDERED, RawBlock
from ingest.records import BlockKind
from ingest.text import (
    HEADING,
    LINE_END,
    MAX_WIDTH,
    MIN_WIDTH,
    OPENS_BLOCK,
    TIGHT,
    join_lines,
    read_lines,
    tight_places,
    unwrap,
)
from ingest.words import clean_text

MIN_LINKS: Final = 3
MIN_HEADINGS: Final = 3
MIN_SOFT, SOFT_SHARE = 8, 0.85
"""A text is wrapped where so many lines, and so many of all, end where the next word has no room."""

MAX_NESTING: Final = 100
"""Lists and quotes inside each other; deeper the parser drops what there is, and the text is read line by line."""

_RULE_OF_TABLE = re.compile(r"^ *\|?(?: *:?-+:? *\|)+ *(?::?-+:?)? *$", re.MULTILINE)
_LINK = re.compile(r"\]\(<?(?:https?:|mailto:|javascript:|/|#|\.)")
_ADDRESS = re.compile(r"\]\(|://|\]$")
_SUBHEADING = re.compile(r"^ {0,3}##{1,5} +\S", re.MULTILINE)
_TITLE = re.compile(r"\s*# +\S+ \S.*\n[ \t]*\n")
_BOLD = re.compile(r"\*\*\S[^*\n]*\*\*")

_DESTINATION = (
    r"\(\s*(?:<[^<>\n]*>|[^()\s]?(?:[^()\n\"]|\((?:[^()\n]|\([^()\n]*\))*\))*)(?:\"(?:[^\"\\]|\\.)*\"\s*)?\)"
)
_BRACKET = re.compile(rf"\\.|(!?\[)(\s*(?:#{{1,6}} +|[-*+] +)*)|\]({_DESTINATION}|\[\d{{1,4}}\])?", re.DOTALL)
_BROKEN_LINK = re.compile(r"\]\(<?[^\s()<>]{1,800}(?:\n[^\s()<>]{1,800}){1,30}")
"""A link's address that a tool has wrapped like the text around it."""

_REFERENCE = re.compile(r"^ {0,8}\[\d{1,4}\]: *<?(?:https?:|mailto:|/|#)\S*\n?", re.MULTILINE)
_OF_PICTURE = re.compile(r"data:image|\.(?:jpe?g|png|gif|webp|svg|avif|bmp)\b", re.IGNORECASE)
_LEFTOVER = re.compile(r"\*\*+|(?<!\w)__+|__+(?!\w)")
_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand where a link begins and ends, in a text that has none of these."""

# no indented code, which is how far a menu is nested, and no HTML, which is a text about it; links are marked before
_NOT_PARSED = ["code", "html_block", "html_inline", "link", "image", "reference"]
_PARSER = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).disable(_NOT_PARSED)


def is_markdown(text: str) -> bool:
    """Whether a text has the links of Markdown, or its headings and something else of it, or its title above it."""
    if text.count("](") >= MIN_LINKS and sum(1 for _ in _LINK.finditer(text)) >= MIN_LINKS:
        return True
    if _TITLE.match(text):
        return True
    headings = sum(1 for _ in HEADING.finditer(text))
    others = bool(_LINK.search(text) or _BOLD.search(text))
    return headings > 0 and (others or (headings >= MIN_HEADINGS and _SUBHEADING.search(text) is not None))


def read_markdown(text: str) -> list[RawBlock]:
    """The blocks of a text in Markdown, with the characters that stand in links. Pictures are none."""
    text = _BROKEN_LINK.sub(lambda match: "".join(match[0].split("\n")), text)
    text = "\n".join(join_soft_breaks(LINE_END.split(text)))
    marked = _mark_links(_REFERENCE.sub("", text).replace(_OPEN, "").replace(_CLOSE, ""))
    linked = False
    tokens = _PARSER.parse(marked)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return read_lines(text)
    blocks: list[RawBlock] = []
    end = 0  # the line behind the last block
    for token, kind, level, flags in _texts(tokens):
        start, after = token.map or (end, end)
        for line in _lines(token, kind):
            piece, chars, linked = _without_marks(line, linked)
            if piece:
                tight = TIGHT if blocks and start <= end and kind != "heading" else 0
                blocks.append(RawBlock(piece, kind, level, 0, chars, flags | tight))
                end = max(end, after)
    return blocks


def join_soft_breaks(lines: list[str]) -> list[str]:
    """The lines, those of a paragraph joined where the text was wrapped at one width, links and all.

    Lines with links tell nothing of the width. Two blanks at the end of a line are a break that is meant.
    """
    tight = tight_places(lines)
    plain = [
        place
        for place in tight
        if not _ADDRESS.search(lines[place - 1]) and not OPENS_BLOCK.match(lines[place - 1])
    ]
    lengths = sorted(len(lines[place - 1].rstrip()) for place in plain)
    width = lengths[int(0.98 * (len(lengths) - 1))] if len(lengths) >= MIN_SOFT else 0
    full = sum(
        len(lines[place - 1].rstrip()) + 1 + len(lines[place].split(None, 1)[0]) > width for place in plain
    )
    if not MIN_WIDTH <= width <= MAX_WIDTH or full < SOFT_SHARE * len(plain):
        return unwrap(lines)
    return join_lines(lines, {place for place in tight if not lines[place - 1].endswith("  ")})


class _Bracket(NamedTuple):
    """An opening one: where it stands among the pieces, itself, what opens a block in it, if a word is before it."""

    place: int
    sign: str
    opens: str
    glued: bool


def _mark_links(text: str) -> str:
    """The text with its links marked and its pictures taken out.

    Done before the parser sees it, to which no link reaches over a heading or a list: scrapers make one of a whole
    card. What opens a block there stays in front of the mark.
    """
    pieces: list[str] = []
    brackets: list[_Bracket] = []
    end = 0
    for match in _BRACKET.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        if match[1]:
            before = text[max(0, match.start() - 1) : match.start()]
            brackets.append(_Bracket(len(pieces), match[1], match[2], before.isalnum()))
            pieces.append(match[0])
        elif match[0][0] == "\\" or not brackets:
            pieces.append(match[0])
        else:
            bracket = brackets.pop()
            if not match[3]:
                pieces.append(match[0])
            elif bracket.sign == "![" and (not bracket.glued or _OF_PICTURE.search(match[3])):
                del pieces[bracket.place :]
            else:  # after a word the mark ends its sentence
                pieces[bracket.place] = bracket.sign[:-1] + bracket.opens + _OPEN
                pieces.append(_CLOSE)
    pieces.append(text[end:])
    return "".join(pieces)


def _without_marks(line: str, linked: bool) -> tuple[str, int, bool]:
    """The line tidied, how many of its characters stand in links, and whether its end does."""
    chars = 0
    for part in re.split(f"([{_OPEN}{_CLOSE}])", line):
        if part in (_OPEN, _CLOSE):
            linked = part == _OPEN
        elif linked:
            chars += len(part)
    text = line.replace(_OPEN, "").replace(_CLOSE, "")
    if "\n" not in text:
        text = " ".join(text.split())
    text = clean_text(text)
    return text, min(chars, len(text)), linked


def _texts(tokens: list[Token]) -> Iterator[tuple[Token, BlockKind, int, int]]:
    """The tokens that hold text, with kind, level and flags of the block they make."""
    quotes = 0
    lists: list[bool] = []
    marker = ""
    level = 0
    for token in tokens:
        name = token.type
        if name in ("bullet_list_open", "ordered_list_open"):
            lists.append(name == "ordered_list_open")
        elif name in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif name == "blockquote_open":
            quotes += 1
        elif name == "blockquote_close":
            quotes -= 1
        elif name == "list_item_open":
            marker = f"{token.info}{token.markup} " if lists[-1] else ""
        elif name in ("fence", "code_block"):
            yield token, "preformatted", 0, 0
        elif name == "inline":
            flags = (IN_QUOTE if quotes else 0) | (IN_LIST if lists else 0)
            flags |= ORDERED if lists and lists[-1] else 0
            if level:
                yield token, "heading", level, flags
            elif _RULE_OF_TABLE.search(token.content):
                yield token, "cell", 0, flags
            elif lists:
                if marker and token.children:  # a sentence may begin with a number, too
                    token.children[0].content = marker + token.children[0].content
                    marker = ""
                yield token, "item", len(lists), flags
            else:
                yield token, "quote" if quotes else "paragraph", 0, flags
        elif name.startswith("heading_"):
            level = int(token.tag[1]) if token.nesting == 1 else 0


def _lines(token: Token, kind: BlockKind) -> Iterator[str]:
    """The text; each line of a paragraph by itself, since scrapers part elements so."""
    if kind == "preformatted":
        language = token.info.strip()
        head = f"{language}\n" if " " in language else ""  # then it is none
        yield head + token.content.strip("\n")
        return
    parts: list[str] = []
    for child in token.children or ():
        if child.type not in ("softbreak", "hardbreak"):
            parts.append(_LEFTOVER.sub("", child.content) if child.type == "text" else child.content)
        elif kind == "heading":
            parts.append(" ")
        else:
            yield _tidy("".join(parts), kind)
            parts = []
    yield _tidy("".join(parts), kind)


def _tidy(line: str, kind: BlockKind) -> str:
    """A table's row without its outer bars, and nothing of the rule under its head."""
    if kind != "cell":
        return line
    return "" if _RULE_OF_TABLE.match(line) else line.strip(" |")
