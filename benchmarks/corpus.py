"""The corpus as it lies on disk: datasets of pages with what is known about each.

<corpus>/<dataset>/pages/<id>.html.gz | <id>.txt
<corpus>/<dataset>/truth.jsonl            one object a page
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser

BESIDE = Path(__file__).resolve().parents[2] / "shared"
"""Where a development machine keeps corpus and seeds: beside the project's folder."""


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a page. None means not known, and is not scored; an empty tuple means none."""

    id: str
    url: str | None = None
    host: str | None = None
    site_name: str | None = None
    publisher: str | None = None
    body: str | None = None
    body_optional: tuple[int, ...] = ()
    body_start: str | None = None
    with_snippets: tuple[str, ...] | None = None
    without_snippets: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: str | None = None
    description: str | None = None
    dek: str | None = None


class Page(msgspec.Struct, frozen=True):
    """One page of a dataset; its bytes are read when asked for. `form`: those that a tool makes of an HTML page."""

    dataset: str
    path: Path
    truth: Truth
    form: Form | None = None

    @property
    def media_type(self) -> str:
        is_text = self.form in TEXTS or self.path.suffix == ".txt"
        return "text/plain" if is_text else "text/html"

    def read(self) -> bytes:
        data = self.path.read_bytes()
        if self.path.suffix == ".gz":
            data = gzip.decompress(data)
        return FORMS[self.form](data) if self.form and self.path.suffix != ".txt" else data


def dump_lines(html: bytes) -> bytes:
    """The page's title and every visible text of it, each on a line of its own, as the simplest scrapers write it."""
    tree = LexborHTMLParser(html)
    title = tree.css_first("title")
    first = " ".join(title.text().split()) if title is not None else ""
    tree.strip_tags(["script", "style", "noscript", "template", "svg", "iframe"])
    lines = tree.body.text(separator="\n", strip=True) if tree.body is not None else ""
    return f"{first}\n{lines}\n".encode()


def dump_markdown(html: bytes) -> bytes:
    """Markdown with all links, as scrapers write it that feed language models."""
    from markdownify import markdownify

    return str(markdownify(str(_without_code(html)))).encode("utf-8", "replace")


def dump_soup(html: bytes) -> bytes:
    """The text as Beautiful Soup gives it when nobody says what to put between elements: nothing."""
    return str(_without_code(html).get_text()).encode("utf-8", "replace")


def _without_code(html: bytes) -> Any:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "lxml")
    for element in soup(["script", "style", "noscript", "template"]):
        element.extract()
    return soup


def unname(html: bytes) -> bytes:
    """The page without classes and ids: those of many sites are made by their build tools and say nothing."""
    tree = LexborHTMLParser(html)
    for node in tree.css("[class], [id]"):
        for name in ("class", "id"):
            if name in node.attributes:
                del node.attrs[name]
    return (tree.html or "").encode("utf-8", "replace")


Form = Literal["lines", "markdown", "soup", "unnamed"]
FORMS: dict[Form, Callable[[bytes], bytes]] = {
    "lines": dump_lines,
    "markdown": dump_markdown,
    "soup": dump_soup,
    "unnamed": unname,
}
TEXTS: tuple[Form, ...] = ("lines", "markdown", "soup")


class CorpusError(Exception):
    """A sentence that says what is missing and where to point."""


def find_corpus(given: Path | None = None) -> Path:
    """The given folder, else `INGEST_CORPUS`, else the corpus beside the project; CorpusError without any."""
    named = given or (Path(env) if (env := os.environ.get("INGEST_CORPUS")) else None)
    folder = named or BESIDE / "corpus"
    if not any(folder.glob("*/truth.jsonl")):
        raise CorpusError(
            f"No corpus in {folder}: expected <dataset>/truth.jsonl there. Give its folder with --corpus DIR "
            "or the environment variable INGEST_CORPUS; benchmarks/README.md describes the layout."
        )
    return folder


def dataset_names(corpus: Path, only: Collection[str] = ()) -> list[str]:
    """The datasets in alphabetical order, those of `only` when given; CorpusError for an unknown one."""
    names = sorted(path.parent.name for path in corpus.glob("*/truth.jsonl"))
    if unknown := set(only) - set(names):
        raise CorpusError(
            f"No dataset {', '.join(sorted(unknown))} in {corpus}; there are {', '.join(names)}."
        )
    return [name for name in names if not only or name in only]


def read_dataset(corpus: Path, name: str) -> list[Page]:
    """The pages in the order of truth.jsonl; CorpusError for a page without a file."""
    folder = corpus / name
    lines = (folder / "truth.jsonl").read_bytes().splitlines()
    truths = [msgspec.json.decode(line, type=Truth) for line in lines if line.strip()]
    return [Page(name, _page_path(folder / "pages", truth.id), truth) for truth in truths]


def _page_path(folder: Path, page_id: str) -> Path:
    for suffix in (".html.gz", ".txt"):
        if (path := folder / (page_id + suffix)).exists():
            return path
    raise CorpusError(f"No page {page_id}.html.gz or {page_id}.txt in {folder}.")
