"""Places among siblings: `[2]`, `[last()]`, `[position() < 3]`, as the formulas of `:nth-child()`."""

from __future__ import annotations

from typing import Final, NamedTuple

from ingest.imports.selectors import UnconvertibleError
from ingest.imports.xpath_syntax import Binary, Call, Expression, Number

FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
"""The comparisons, and what each is with its sides exchanged."""


class Position(NamedTuple):
    """The formula of `:nth-child()`, and whether it counts from the end."""

    formula: str
    from_end: bool


FIRST: Final = Position("1", False)
LAST: Final = Position("1", True)


def read_position(predicate: Expression) -> Position | None:
    """The place that a predicate asks for, `None` when it is a condition. Raises `UnconvertibleError`."""
    if isinstance(predicate, Number):
        return Position(_whole(predicate.value), False)
    if (back := _from_end(predicate)) is not None:
        return Position(str(back), True)
    if not isinstance(predicate, Binary) or predicate.operator not in FLIPPED:
        return None
    left, operator, right = predicate.left, predicate.operator, predicate.right
    if right == Call("position", ()):
        left, operator, right = right, FLIPPED[operator], left
    if left != Call("position", ()):
        return None
    back = _from_end(right)
    if back is not None and operator in ("=", "!=", "<"):
        if operator == "=":
            return Position(str(back), True)
        if operator == "<" or back == 1:
            return Position(f"n+{back + 1}", True)
    if not isinstance(right, Number):
        raise UnconvertibleError("a place that is worked out")
    return Position(_counted(operator, int(_whole(right.value))), False)


def _counted(operator: str, number: int) -> str:
    if operator == "=":
        return str(number)
    if operator in (">", ">="):
        return f"n+{number + (operator == '>')}"
    if operator in ("<", "<="):
        if number - (operator == "<") < 1:
            raise UnconvertibleError("a place before the first")
        return f"-n+{number - (operator == '<')}"
    if number == 1:
        return "n+2"
    raise UnconvertibleError("all places but one")


def _whole(number: float) -> str:
    if number < 1 or number != int(number):
        raise UnconvertibleError(f"a fault in the expression: there is no place {number:g}")
    return str(int(number))


def _from_end(tree: Expression) -> int | None:
    """`last()` and `last() - n`, as a place from the end."""
    if tree == Call("last", ()):
        return 1
    if not isinstance(tree, Binary) or tree.operator != "-" or tree.left != Call("last", ()):
        return None
    if isinstance(tree.right, Number) and tree.right.value == int(tree.right.value):
        return int(tree.right.value) + 1
    return None
