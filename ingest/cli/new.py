"""`ingest rules new`: an empty rule file with every common key, explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import UsageError
from ingest.rules.loader import load_file
from ingest.rules.model import SiteFile
from ingest.rules.schema import MODELINE, SCHEMA_FILE, schema

SKELETON = """\
# What the pages of {site} look like. Take the `#` from what you need; `ingest rules lint {folder}` checks it.
# Patterns are RE2, selectors CSS; both stand in single quotes. docs/rules.md explains every key.
site: {site}
# name: 'The Example' # the column `publisher`
hosts: [{site}] # these hosts and all below them
# language: en # where the pages do not say it
# timezone: Europe/London # of dates that carry no zone
# use: [cookies, share-bar, newsletter, related] # packs; `ingest rules list` names them all

# recognise: # for pages without an address: wording that only this site has
#   - text: 'The Example Media Group'

# refuse: # pages that are no article
#   - {{id: index, css: 'body.front-page'}}

# layouts: # the first whose `when` holds; keep old ones for old pages
#   - id: page
#     when: 'article .article-body'
#     body: 'article .article-body'
#     title: 'h1'
#     deck: '.standfirst'
#     authors: '[rel="author"]'
#     published: {{css: 'time', attr: datetime}}
#     modified: {{css: 'time.updated', attr: datetime}}
#     section: '.breadcrumbs a:last-child'
#     tags: '.tags a'
#     drop:
#       - {{id: caption, kind: caption, css: 'figcaption'}}

# strip: # by wording, in HTML and text pages alike
#   - id: newsletter-box # one block
#     kind: newsletter
#     line: '^Sign up to our newsletter'
#   - id: reader-plea # both ends and all between them
#     kind: plea
#     from: '^Dear readers?,$'
#     through: '^Thank you'
#     at_most: 30
#   - id: listen # a part of a block
#     kind: promo
#     part: '\\s*Listen to this story\\.$'

# describe: # where text pages carry their fields
#   authors: {{line: '^By (?P<value>.{{3,80}})$'}}
#   published: {{line: '^Published: (?P<value>.{{6,40}})$'}}
"""


def register(rules_app: typer.Typer) -> None:
    rules_app.command(name="new")(new)


def new(
    site: Annotated[str, typer.Argument(metavar="SITE", help="The site's host, such as example.org.")],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The folder of rule files, made if it is not there.")
    ] = Path("my-rules"),
) -> None:
    """Write an empty rule file for a site, with every common key as a comment, and the schema for editors beside it.

    Exit codes:

    - 0 written
    - 2 wrong usage
    """
    name = site.lower().removeprefix("www.")
    text = skeleton(name, out)
    if mistakes := load_file(f"{name}.yaml", text, SiteFile).mistakes:
        raise UsageError(f"{site!r} is not a host such as example.org ({mistakes[0].message}).")
    path = out / f"{name}.yaml"
    out.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already.") from None
    write_schema(out)
    print(f"written: {path}")


def skeleton(site: str, folder: Path) -> str:
    """The text of an empty rule file; without its `#` before the keys it is a full one."""
    return MODELINE + SKELETON.format(site=site, folder=folder)


def write_schema(folder: Path) -> None:
    """The schema that the first line of rule files in this folder names, in this version's form."""
    (folder / SCHEMA_FILE).write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
