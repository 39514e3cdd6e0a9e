"""Site-config files as directives, each with its line: `host.txt`, one `name: value` a line, `#` for comments."""

from __future__ import annotations

import difflib
import re
from typing import Final, Literal, NamedTuple

Outcome = Literal[
    "converted", "kept as comment", "not needed", "not applicable", "not convertible", "unknown"
]
"""What became of a directive. `not needed`: pages come out the same without it. `not applicable`: it is about
fetching or rewriting pages, which rules do not do. `unknown`: no such directive."""

OUTCOMES: Final[tuple[Outcome, ...]] = (
    "converted",
    "kept as comment",
    "not needed",
    "not applicable",
    "not convertible",
    "unknown",
)

CONVERTED: Final = ("body", "title", "author", "date", "strip", "strip_id_or_class")
EXPRESSIONS: Final = frozenset({"body", "title", "author", "date", "strip"})
"""The directives whose value is an XPath expression that becomes a selector."""

KEPT: Final = ("test_url", "test_contains")

_READ_AS_IT_STANDS = "the page is read as it was saved; nothing is fetched"
_NO_REWRITING = "rules read pages and never rewrite them"
_NO_LOGIN = "nothing is fetched, so nobody logs in"
_TEXT_ONLY = "a body is text; attributes of elements are not in it"
_AS_PAGES_ARE = "the body is taken as the selector finds it"

NOT_NEEDED: Final[dict[str, str]] = {
    "prune": _AS_PAGES_ARE,
    "tidy": "pages are parsed as browsers parse them",
    "parser": "pages are parsed as browsers parse them",
    "autodetect_on_failure": "where no selector finds anything the generic extractor always takes over",
    "convert_double_br_tags": "two line breaks always part paragraphs",
    "strip_comments": "comments of the markup are never text",
    "strip_attr": _TEXT_ONLY,
    "wrap_in": "paragraphs are found without elements around them",
    "dissolve": "inline elements never part a paragraph",
    "src_lazy_load_attr": "addresses of lazily loaded pictures are found without it",
    "skip_json_ld": "a site's own selectors come before JSON-LD",
    "insert_detected_image": "the lead picture is always among the record's images",
}
NOT_APPLICABLE: Final[dict[str, str]] = {
    "find_string": _NO_REWRITING,
    "replace_string": _NO_REWRITING,
    "move_into": _NO_REWRITING,
    "footnotes": _NO_REWRITING,
    "http_header": _READ_AS_IT_STANDS,
    "single_page_link": _READ_AS_IT_STANDS,
    "single_page_link_in_feed": _READ_AS_IT_STANDS,
    "if_page_contains": _READ_AS_IT_STANDS,
    "next_page_link": _READ_AS_IT_STANDS,
    "autodetect_next_page": _READ_AS_IT_STANDS,
    "requires_login": _NO_LOGIN,
    "not_logged_in_xpath": _NO_LOGIN,
    "login_uri": _NO_LOGIN,
    "login_username_field": _NO_LOGIN,
    "login_password_field": _NO_LOGIN,
    "login_extra_fields": _NO_LOGIN,
    "native_ad_clue": "advertisements as a whole are not told from articles by an element; see `refuse`",
    "strip_image_src": "a body holds no pictures, and the record's images are those beside its text",
    "skip_id_or_class": "elements are dropped by what they match, with no exceptions",
}
KNOWN: Final = frozenset({*CONVERTED, *KEPT, *NOT_NEEDED, *NOT_APPLICABLE})

MAX_LINES: Final = 20_000
MAX_LINE_CHARS: Final = 5_000

_DIRECTIVE = re.compile(r"([A-Za-z][\w-]*)\s*(?:\((.*)\))?\s*:\s*(.*)", re.DOTALL)


class Directive(NamedTuple):
    """One line of a file; `argument` is what stands in brackets behind the name."""

    line: int
    name: str
    argument: str | None
    value: str


class Finding(NamedTuple):
    """What became of a line. `message` is a reason or a remark; empty when there is nothing to say."""

    file: str
    line: int
    outcome: Outcome
    name: str
    value: str
    message: str = ""

    def __str__(self) -> str:
        text = f"{self.name}: {self.value}" if self.value else self.name
        return f"{self.file}:{self.line}: {self.outcome}: {text}" + (
            f" ({self.message})" if self.message else ""
        )


class SiteConfig(NamedTuple):
    """A file's directives and comments in order, and its lines that are neither."""

    file: str
    directives: tuple[Directive, ...]
    comments: tuple[str, ...]
    findings: tuple[Finding, ...]


def parse_site_config(file: str, text: str) -> SiteConfig:
    """Every line of a file: a directive, a comment, or a finding. `file` is how findings call it."""
    directives: list[Directive] = []
    comments: list[str] = []
    findings: list[Finding] = []
    lines = text.removeprefix("\ufeff").splitlines()
    for number, raw in enumerate(lines[:MAX_LINES], 1):
        line = _printable(raw[:MAX_LINE_CHARS]).strip()
        if not line:
            continue
        if line.startswith("#"):
            comments.append(line.lstrip("# ").rstrip())
            continue
        found = _read_line(file, number, line, len(raw) > MAX_LINE_CHARS)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            directives.append(found)
    if len(lines) > MAX_LINES:
        message = f"only the first {MAX_LINES:,} lines are read"
        findings.append(Finding(file, MAX_LINES + 1, "unknown", "the rest of the file", "", message))
    return SiteConfig(file, tuple(directives), tuple(comments), tuple(findings))


def _read_line(file: str, number: int, line: str, cut: bool) -> Directive | Finding:
    match = _DIRECTIVE.fullmatch(line)
    if cut:
        return Finding(file, number, "unknown", line[:60], "", f"longer than {MAX_LINE_CHARS:,} characters")
    if match is None or line.startswith(("http://", "https://", "//")):
        return Finding(file, number, "unknown", line, "", "neither `name: value` nor a comment with `#`")
    name, argument, value = match[1].lower(), match[2], match[3].strip()
    if name not in KNOWN:
        return Finding(file, number, "unknown", name, value, f"no such directive{_suggest(name)}")
    if not value:
        return Finding(file, number, "not applicable", name, "", "it has no value")
    return Directive(number, name, argument, value)


def _suggest(name: str) -> str:
    close = difflib.get_close_matches(name, sorted(KNOWN), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
