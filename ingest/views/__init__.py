"""What a dataset's rows look like to a reader: HTML of values that nobody vouches for.

Shared by the report and the review server. Everything here is a plain function of plain values; nothing is read,
fetched or remembered. All values are escaped and made printable, wherever they end up; links lead to http and
https addresses only; no picture is ever loaded.

    show_article(record, links)            one page, kept and removed, beside its clean article
    show_examples(examples, links)         removed texts with their neighbours and pages
    show_rejects(rows, links)              a table of rejects
    examples_of(record, wanted)            removals of a record as `Example`s, by index, for `show_examples`
    pieces_of(blocks, removals)            the page's texts in order, kept and removed
    document(title, body, scripts=, styles=)  a whole document with everything in it and a strict policy
    environment(package)                   jinja2 templates of a package beside ours, under the same care:
                                           `{% import "macros.html" as show with context %}`; filters `count`,
                                           `percent`, `day`, `moment`, `clip`, `dir`, `lang`, `web`, `local`, `anchor`
    stylesheet()                           the style; `content_policy(styles, scripts)` names it in a policy
    Links(page=, rule=, site=, kind=)      where names link to: functions from `page_key`, rule, site, kind
    page_key, anchor                       names for pages and for elements
    printable, clip, web_address, direction, language_tag     the care itself, value by value

Records and rejects are mappings of the columns in docs/dataset.md, as pyarrow's `to_pylist` or DuckDB give them.
"""

from __future__ import annotations

from ingest.views.article import show_article
from ingest.views.markup import Links, content_policy, document, environment, render, stylesheet
from ingest.views.pieces import Neighbour, Piece, neighbours, pieces_of
from ingest.views.removals import Example, Page, examples_of, page_of, show_examples, show_rejects
from ingest.views.text import anchor, clip, direction, language_tag, page_key, printable, web_address

__all__ = [
    "Example",
    "Links",
    "Neighbour",
    "Page",
    "Piece",
    "anchor",
    "clip",
    "content_policy",
    "direction",
    "document",
    "environment",
    "examples_of",
    "language_tag",
    "neighbours",
    "page_key",
    "page_of",
    "pieces_of",
    "printable",
    "render",
    "show_article",
    "show_examples",
    "show_rejects",
    "stylesheet",
    "web_address",
]
