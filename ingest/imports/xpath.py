"""XPath expressions as CSS selectors, and what to take of the elements they find.

    xpath_syntax     text -> tree
    xpath_steps      a path's steps become compounds and combinators, what stands in brackets becomes tests
    xpath_values     what is asked of attributes and texts
    xpath_positions  places among siblings

The selector finds the same elements on the same page; where it can only come near, a remark says how. What CSS cannot
say raises `UnconvertibleError` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from ingest.imports.selectors import (
    NEVER,
    Chain,
    UnconvertibleError,
    chain_of,
    css_name,
    first,
    id_test,
    one_of,
    settle,
)
from ingest.imports.xpath_positions import FIRST, read_position
from ingest.imports.xpath_steps import NEAREST, go, holds, is_beside, is_root
from ingest.imports.xpath_syntax import (
    Binary,
    Call,
    Expression,
    Literal,
    Number,
    Path,
    Step,
    XPathError,
    operands,
    parse,
)
from ingest.imports.xpath_values import attribute_name, is_plain_text, read_value
from ingest.rules.match import check_css

RELATIVE: Final = "it starts nowhere, which finds nothing in XPath; read as if it began with //"
FIRST_ONLY: Final = "any matching element's value counts, in XPath the first one's only"
LOWER_CASE: Final = "names of elements and attributes are lower-case in HTML; read so"
WHITE_SPACE: Final = "white space before an attribute's value counts"
NEAREST_ONLY: Final = "`[1]` is the nearest to one element; what stands between two of them may be left out"

CUTS: Final = frozenset({"substring", "substring-before", "substring-after"})


class Place(NamedTuple):
    """Elements by selector and what to take: an attribute, their own text (`text`), or the elements as they are.

    `first` is the selector of the first of them, where no other was meant; `cut` means that a piece of the text was.
    """

    css: str
    attr: str | None = None
    text: bool = False
    first: str | None = None
    cut: bool = False


class Conversion(NamedTuple):
    """The places of an expression, parts of a union with the same getter in one; and what differs, in sentences."""

    places: tuple[Place, ...]
    remarks: tuple[str, ...]


def convert(expression: str) -> Conversion:
    """The expression's places. Raises `UnconvertibleError`."""
    try:
        tree = parse(expression)
    except XPathError as error:
        raise UnconvertibleError(f"a fault in the expression: {error}") from None
    places = tuple(_join(_places(tree)))
    for css in (css for place in places for css in (place.css, place.first)):
        if css and check_css(css):
            raise UnconvertibleError(f"the engine's CSS does not take `{css}`")
    return Conversion(places, tuple(dict.fromkeys(_remarks(tree))))


def _join(places: Iterable[Place]) -> Iterator[Place]:
    """Places next to each other of which the same is taken as one."""
    for getter, group in groupby(dict.fromkeys(places), key=lambda place: place[1:]):
        yield Place(", ".join(place.css for place in group), *getter)


def _places(tree: Expression) -> Iterator[Place]:
    for part in operands(tree, "|"):
        if isinstance(part, Call) and part.name in ("string", "normalize-space") and part.args:
            yield from map(_only_first, _join(_places(part.args[0])))
        elif isinstance(part, Call) and part.name in CUTS:
            yield from (place._replace(cut=True) for place in map(_only_first, _join(_places(part.args[0]))))
        elif isinstance(part, Path):
            yield from _path(part)
        elif isinstance(part, Binary) and part.operator == "|":
            yield from _places(part)
        elif isinstance(part, Call) and part.name == "id":
            yield Place(_start(part).css)
        else:
            raise UnconvertibleError(_why_no_path(part))


def _only_first(place: Place) -> Place:
    chain = chain_of(place.css).also(f"[{css_name(place.attr)}]" if place.attr else "")
    return place._replace(first=first(chain).css)


def _path(path: Path) -> Iterator[Place]:
    steps = list(path.steps)
    getter = steps.pop() if steps and _is_getter(steps[-1]) else None
    if any(map(_is_getter, steps)):
        raise UnconvertibleError("a path goes on behind an attribute or a text")
    if path.start is not None and not steps and set(path.start_predicates) <= {Number(1)}:
        whole = _places(path.start) if getter is None else [_get(getter, _start(path.start), False)]
        yield from map(_only_first, _join(whole)) if path.start_predicates else whole
        return
    chain, anywhere = _origin(path), _is_relative(path)
    for step in steps:
        chain, anywhere = go(step, chain, anywhere)
    if getter is not None:
        yield _get(getter, chain, anywhere)
    elif chain is None or anywhere:
        raise UnconvertibleError("it selects the whole document")
    else:
        yield Place(chain.css)


def _is_getter(step: Step) -> bool:
    return step.axis == "attribute" or step.test == "text()"


def _is_relative(path: Path) -> bool:
    return path.start is None and not path.absolute and bool(path.steps) and not is_root(path.steps[0])


def _origin(path: Path) -> Chain | None:
    """What the steps start from."""
    if path.start is None:
        return None
    chain = _start(path.start)
    for predicate in path.start_predicates:
        place = read_position(predicate)
        if place is None:
            chain = chain.also(one_of(holds(predicate)))
        elif place == FIRST:
            chain = first(chain)
        else:
            raise UnconvertibleError("CSS does not count matches across the page: `(…)[n]`")
    return chain


def _start(start: Expression) -> Chain:
    """What stands in brackets before a path, as one compound."""
    if isinstance(start, Call) and start.name == "id" and isinstance(start.args[0], Literal):
        return Chain("", "*", one_of(tuple(map(id_test, start.args[0].text.split())) or NEVER))
    places = list(_places(start))
    if any(place.attr or place.text for place in places):
        raise UnconvertibleError("a path goes on behind an attribute or a text")
    return chain_of(", ".join(place.first or place.css for place in places))


def _get(step: Step, chain: Chain | None, anywhere: bool) -> Place:
    holder = settle(chain) if anywhere else chain
    if holder is None:
        raise UnconvertibleError("the document itself has no attribute and no text of its own")
    if step.axis == "attribute":
        name = attribute_name(step)
        bare = holder.tag == "*" and not holder.tests
        return Place((holder.also(f"[{css_name(name)}]") if bare else holder).css, attr=name)
    if not is_plain_text(step):
        raise UnconvertibleError("it picks one text among several in an element")
    if step.axis not in ("child", "descendant"):
        raise UnconvertibleError(f"texts on the axis {step.axis}")
    return Place(holder.css, text=True)


def _why_no_path(tree: Expression) -> str:
    if isinstance(tree, Literal):
        return "a constant text; fields are read from the page"
    if isinstance(tree, Call):
        if tree.name == "translate":
            return "it changes letters of a text: `translate()`; selectors take it as it is"
        if tree.name == "concat":
            return "it joins several texts: `concat()`"
        return f"`{tree.name}()` gives no elements"
    return "it gives no elements"


# -- remarks -------------------------------------------------------------------------------------------------


def _remarks(tree: Expression) -> Iterator[str]:
    """In what the selectors only come near to the expression."""
    if any(map(_is_relative, _paths(tree))):
        yield RELATIVE
    for node in _nodes(tree):
        if isinstance(node, Step):
            if node.test != node.test.lower():
                yield LOWER_CASE
            if node.axis in NEAREST and FIRST in map(read_position, node.predicates) and not is_beside(node):
                yield NEAREST_ONLY
        elif isinstance(node, Call) and node.name in ("contains", "starts-with"):
            value = read_value(node.args[0])
            if value.attr is None and value.steps:
                yield FIRST_ONLY
            inner = node.args[0]
            if node.name == "starts-with" and isinstance(inner, Call) and inner.name == "normalize-space":
                yield WHITE_SPACE


def _paths(tree: Expression) -> Iterator[Path]:
    """The paths that lead to what the expression selects."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Path):
            yield part
            if part.start is not None:
                waiting.append(part.start)
        elif isinstance(part, Binary):
            waiting += (part.right, part.left)
        elif isinstance(part, Call) and part.args:
            waiting.append(part.args[0])


def _nodes(tree: object) -> Iterator[object]:
    """All parts of a tree, whatever they are, each before what it consists of."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            yield part
            waiting += reversed(part)
