"""Strings of a page, attributes and texts, and what an expression asks of them as tests on the element."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.imports.selectors import (
    ALWAYS,
    NEVER,
    Tests,
    UnconvertibleError,
    contains,
    css_name,
    css_string,
    id_test,
    token_test,
)
from ingest.imports.xpath_syntax import ANYWHERE, SELF, Binary, Call, Expression, Literal, Number, Path, Step

HERE = Path(False, (SELF,))


class Value(NamedTuple):
    """A string of the page: an attribute, or the text (`attr` is None) of what `steps` lead to.

    `before` and `after` are joined to it, `fold` makes case not matter; `own` is text directly in the element.
    """

    steps: tuple[Step, ...]
    attr: str | None
    own: bool = False
    before: str = ""
    after: str = ""
    fold: bool = False


def read_value(tree: Expression) -> Value:
    """Which string of the page the expression is. Raises `UnconvertibleError`."""
    if isinstance(tree, Path):
        return _at(tree)
    if isinstance(tree, Literal):
        raise UnconvertibleError(f"a fault in the expression: '{tree.text}' stands where `@…` or `.` belongs")
    if not isinstance(tree, Call):
        raise UnconvertibleError("a text that is worked out")
    if tree.name in ("normalize-space", "string"):
        return read_value(tree.args[0] if tree.args else HERE)
    if tree.name == "concat":
        return _joined(tree.args)
    if tree.name == "translate":
        return _folded(*tree.args)
    raise UnconvertibleError(f"a text cut or made by `{tree.name}()`")


def attribute_name(step: Step) -> str:
    """The attribute at the end of a path."""
    if step.test == "*" or step.test.endswith("()"):
        raise UnconvertibleError("any attribute will do, which CSS does not know")
    if step.predicates:
        raise UnconvertibleError("a condition on an attribute behind the attribute")
    return step.test.lower()


def without_self(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps but those that lead nowhere, `.`."""
    return tuple(step for step in steps if step != SELF)


def is_plain_text(step: Step) -> bool:
    """`text()`, `text()[1]`, `text()[normalize-space()]`: the element's text, to a reader of a field."""
    return step.test == "text()" and all(map(_is_harmless, step.predicates))


def compare(test: str, value: Value, text: str) -> Tests:
    """What an element's value passes. `test` is `=`, `contains`, `starts-with` or `ends-with`."""
    return _compare_text(test, value, text) if value.attr is None else _compare_attribute(test, value, text)


def read_ending(call: Call, text: str) -> tuple[str, Value]:
    """The two idioms of `substring(…) = text` for how a value begins and ends: the test and the value."""
    start = call.args[1]
    if len(call.args) == 3 and start == Number(1) and call.args[2] == Number(len(text)):
        return "starts-with", read_value(call.args[0])
    if len(call.args) == 2 and _from_end(start, call.args[0]) == len(text):
        return "ends-with", read_value(call.args[0])
    raise UnconvertibleError("a piece out of a text: `substring()`")


# -- reading -------------------------------------------------------------------------------------------------


def _at(path: Path) -> Value:
    if path.absolute or path.start is not None or not path.steps:
        raise UnconvertibleError("a text from elsewhere on the page")
    steps, last = path.steps[:-1], path.steps[-1]
    if last.axis == "attribute":
        return Value(without_self(steps), attribute_name(last))
    if last.test != "text()":
        return Value(without_self(path.steps), None)
    if not is_plain_text(last):
        raise UnconvertibleError("it picks one text among several in an element")
    if last.axis == "descendant" or (steps and steps[-1] == ANYWHERE):
        return Value(without_self(steps[:-1] if last.axis == "child" else steps), None)
    return Value(without_self(steps), None, own=True)


def _joined(parts: Sequence[Expression]) -> Value:
    places = [number for number, part in enumerate(parts) if not isinstance(part, Literal)]
    if len(places) != 1:
        raise UnconvertibleError("several texts of the page joined")
    before = "".join(part.text for part in parts[: places[0]] if isinstance(part, Literal))
    after = "".join(part.text for part in parts[places[0] + 1 :] if isinstance(part, Literal))
    value = read_value(parts[places[0]])
    return value._replace(before=before + value.before, after=value.after + after)


def _folded(tree: Expression, old: Expression, new: Expression) -> Value:
    if not (isinstance(old, Literal) and isinstance(new, Literal)):
        raise UnconvertibleError("`translate()` by other texts of the page")
    same_letters = old.text.casefold() == new.text.casefold()
    if not same_letters or not (new.text.islower() or new.text.isupper()):
        raise UnconvertibleError("`translate()` that does more than change the case")
    return read_value(tree)._replace(fold=True)


def _is_harmless(predicate: Expression) -> bool:
    return predicate == Number(1) or (
        isinstance(predicate, Call) and predicate.name in ("normalize-space", "string-length")
    )


def _from_end(tree: Expression, value: Expression) -> int | None:
    """How many characters from the end `string-length(value) - n` (+ 1) starts."""
    extra = 0.0
    if isinstance(tree, Binary) and tree.operator == "+" and isinstance(tree.right, Number):
        extra, tree = tree.right.value, tree.left
    if not isinstance(tree, Binary) or tree.operator != "-" or tree.left != Call("string-length", (value,)):
        return None
    back = tree.right
    if isinstance(back, Number):
        return int(back.value - extra) + 1
    if isinstance(back, Call) and back.name == "string-length" and isinstance(back.args[0], Literal):
        return int(len(back.args[0].text) - extra) + 1
    return None


# -- comparing -----------------------------------------------------------------------------------------------


def _compare_text(test: str, value: Value, text: str) -> Tests:
    if test == "contains" and not text:
        return ALWAYS
    if test != "contains" or value.before or value.after:
        pattern = "^" + re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", text) + ("$" if test == "=" else "")
        line = "'" + pattern.replace("'", "''") + "'"
        raise UnconvertibleError(f"CSS does not compare whole texts; a strip rule does: `line: {line}`")
    here = f":lexbor-contains({css_string(text)}{' i' if value.fold else ''})"
    return (here,) if value.own else (here, f":has({here})")


def _compare_attribute(test: str, value: Value, text: str) -> Tests:
    """The attribute selectors, with what is joined to the value worked out beforehand."""
    attr = value.attr or ""
    name, fold = css_name(attr), " i" if value.fold else ""
    if test != "=" and not text:
        return ALWAYS
    if test == "=":
        if not (text.startswith(value.before) and text.endswith(value.after)):
            return NEVER
        text = text[len(value.before) : len(text) - len(value.after)]
        return (id_test(text),) if attr == "id" and not fold else (f"[{name}={css_string(text)}{fold}]",)
    if test == "starts-with":
        return _begins(value, text, name, fold)
    if test == "ends-with":
        return (f"[{name}$={css_string(text)}{fold}]",)
    if value.before == value.after == " " and _is_token(text):
        return (token_test(attr, text[1:-1], fold),)
    return contains(name, value.before, value.after, text, fold)


def _begins(value: Value, text: str, name: str, fold: str) -> Tests:
    if value.before.startswith(text):
        return ALWAYS
    if value.after or not text.startswith(value.before):
        raise UnconvertibleError("the beginning of joined texts")
    return (f"[{name}^={css_string(text[len(value.before) :])}{fold}]",)


def _is_token(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == " " and not any(char.isspace() for char in text[1:-1])
