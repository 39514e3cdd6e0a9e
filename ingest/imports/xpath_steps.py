"""The steps of an XPath as compounds and combinators, and what stands in brackets behind them as tests.

A condition is a path of its own, and a path has conditions; so both stand here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ingest.imports.selectors import (
    ALWAYS,
    NEVER,
    Chain,
    Tests,
    UnconvertibleError,
    all_of,
    any_of,
    bounded,
    css_name,
    none_of,
    nth,
    one_of,
    settle,
    with_tag,
)
from ingest.imports.xpath_positions import FIRST, FLIPPED, LAST, read_position
from ingest.imports.xpath_syntax import (
    ANYWHERE,
    SELF,
    Binary,
    Call,
    Expression,
    Literal,
    Number,
    Path,
    Step,
    operands,
)
from ingest.imports.xpath_values import (
    HERE,
    attribute_name,
    compare,
    read_ending,
    read_value,
    without_self,
)

NEAREST: Final = ("ancestor", "following-sibling", "preceding-sibling")
"""The axes on which `[1]` is the nearest, which CSS can say where it is the nearest to one element only."""

_BACKWARD: Final = {"parent": ">", "ancestor": " ", "preceding-sibling": "~"}
_FORWARD: Final = {"child": "> ", "descendant": "", "following-sibling": "~ "}
_SECTIONS: Final = frozenset({"tbody", "thead", "tfoot"})


def is_root(step: Step) -> bool:
    """Whether the step can be the first below the document."""
    return step == ANYWHERE or (step.axis == "child" and step.test.lower() in ("html", "*"))


def go(step: Step, chain: Chain | None, anywhere: bool) -> tuple[Chain | None, bool]:
    """The chain with one step more. `anywhere` stands for a `//` before the step."""
    if step == ANYWHERE:
        return chain, True
    if step == SELF:
        return chain, anywhere
    axis = step.axis
    if axis in ("child", "descendant"):
        within = Chain(_before(chain, step, anywhere or axis == "descendant"), tag_of(step))
        return _conditions(step, within, counts=axis == "child"), False
    if anywhere:
        chain = settle(chain)
    if chain is None:
        raise UnconvertibleError(f"`{axis}` has nothing to start from")
    along = _along(step, chain)
    if is_beside(step):
        step = step._replace(predicates=step.predicates[1:])
    return _conditions(step, along, counts=axis == "parent", nearest=axis in NEAREST), False


def is_beside(step: Step) -> bool:
    """Whether the step leads to the very next sibling, which is one element and not the nearest of several."""
    return (
        step.axis in ("following-sibling", "preceding-sibling")
        and step.test == "*"
        and step.predicates[:1] == (Number(1),)
    )


def tag_of(step: Step) -> str:
    """The tag of a step's elements as CSS writes it."""
    if step.test == "*" or (step.test == "node()" and step.axis in ("self", "ancestor-or-self", *_BACKWARD)):
        return "*"
    if step.test.endswith("()"):
        raise UnconvertibleError(f"CSS finds elements, not `{step.test}`")
    return css_name(step.test.lower())


def holds(tree: Expression) -> Tests:
    """What holds for an element when the condition does. Raises `UnconvertibleError`."""
    if isinstance(tree, Binary):
        return _joined(tree)
    if isinstance(tree, Path):
        return _exists(tree)
    if isinstance(tree, Call):
        return _called(tree)
    if isinstance(tree, Literal):
        raise UnconvertibleError(f"a fault in the expression: '{tree.text}' by itself is always true")
    raise UnconvertibleError("a place inside another condition")


# -- steps ---------------------------------------------------------------------------------------------------


def _before(chain: Chain | None, step: Step, anywhere: bool) -> str:
    """What stands before a child or descendant: the combinator, and the table body that every HTML tree has."""
    if chain is None:
        if not anywhere and not is_root(step):
            raise UnconvertibleError(
                "a fault in the expression: at the top of the document stands only `html`"
            )
        return ""
    if anywhere:
        return chain.css + " "
    if step.test == "tr" and chain.tag not in _SECTIONS:
        if chain.tag == "table":
            return chain.css + " > tbody > "
        return f":is({chain.css}, {chain.css} > tbody) > "
    return chain.css + " > "


def _along(step: Step, chain: Chain) -> Chain:
    """The chain after a step that does not go down."""
    axis, tag, beside = step.axis, tag_of(step), is_beside(step)
    if axis == "self":
        return with_tag(chain, tag)
    if axis == "following-sibling":
        return Chain(chain.css + (" + " if beside else " ~ "), tag)
    if axis in _BACKWARD:
        sign = {"parent": "> ", "ancestor": "", "preceding-sibling": "+ " if beside else "~ "}[axis]
        return Chain("", tag, f":has({sign}{chain.inside})")
    if axis == "ancestor-or-self":
        return Chain("", tag, f":is({chain.css}, :has({chain.inside}))")
    if axis == "descendant-or-self":
        return with_tag(settle(chain), tag)
    raise UnconvertibleError(f"CSS has no axis `{axis}`")


def _conditions(step: Step, chain: Chain, *, counts: bool, nearest: bool = False) -> Chain:
    """The chain with its step's conditions.

    `counts` when places are places among an element's children, `nearest` when `[1]` is the nearest one.
    """
    chain = bounded(chain)
    for predicate in step.predicates:
        place = read_position(predicate)
        if place is None:
            chain = chain.also(one_of(holds(predicate)))
        elif step.axis in ("parent", "self"):
            if place not in (FIRST, LAST):
                raise UnconvertibleError(f"there is one `{step.axis}` only")
        elif counts:
            chain = chain.also(nth(chain, *place))
        elif nearest and place == FIRST:
            chain = chain.also(_nearest(step.axis, chain))
        else:
            raise UnconvertibleError(f"CSS does not count on the axis `{step.axis}`")
    return chain


def _nearest(axis: str, chain: Chain) -> str:
    """That none of the chain's elements stands between."""
    if axis == "following-sibling":
        return f":not({chain.css} ~ *)"
    return f":not(:has({'' if axis == 'ancestor' else '~ '}{chain.inside}))"


# -- conditions ----------------------------------------------------------------------------------------------


def _joined(tree: Binary) -> Tests:
    if tree.operator == "and":
        return all_of(map(holds, operands(tree, "and")))
    if tree.operator in ("or", "|"):
        return any_of(map(holds, operands(tree, tree.operator)))
    if tree.operator in FLIPPED:
        return _compared(tree)
    raise UnconvertibleError("arithmetic in a condition")


def _called(tree: Call) -> Tests:
    name, args = tree.name, tree.args
    if name == "not":
        return none_of(holds(args[0]))
    if name in ("true", "false"):
        return ALWAYS if name == "true" else NEVER
    if name == "boolean":
        return holds(args[0])
    if name in ("contains", "starts-with"):
        return _asked(name, args[0], _literal(args[1]))
    if name in ("string", "normalize-space", "string-length", "count"):
        return _compared(Binary(">", Call("string-length", args), Number(0)))
    if name in ("position", "last"):
        raise UnconvertibleError("a place inside another condition")
    raise UnconvertibleError(f"`{name}()` as a condition")


def _asked(test: str, tree: Expression, text: str) -> Tests:
    """That the string which the tree stands for passes the test."""
    value = read_value(tree)
    tests = compare(test, value, text)
    return ALWAYS if tests == ALWAYS and not value.steps else _reached(value.steps, tests)


def _literal(tree: Expression) -> str:
    if isinstance(tree, Literal):
        return tree.text
    if isinstance(tree, Path) and len(tree.steps) == 1 and tree.steps[0].axis == "child":
        raise UnconvertibleError(f"a fault in the expression: `{tree.steps[0].test}` needs quotes")
    raise UnconvertibleError("a text compared with another text of the page")


def _compared(tree: Binary) -> Tests:
    left, operator, right = tree.left, tree.operator, tree.right
    if isinstance(left, Literal | Number):
        left, operator, right = right, FLIPPED[operator], left
    if isinstance(left, Call) and left.name in ("count", "string-length") and isinstance(right, Number):
        return _counted(left, operator, right.value)
    if operator not in ("=", "!="):
        raise UnconvertibleError("numbers of the page compared")
    text = f"{right.value:g}" if isinstance(right, Number) else _literal(right)
    if isinstance(left, Call) and left.name in ("name", "local-name") and not left.args:
        tests: Tests = (f":is({css_name(text.lower())})",)
    elif isinstance(left, Call) and left.name == "substring":
        test, value = read_ending(left, text)
        tests = _reached(value.steps, compare(test, value, text))
    elif operator == "=":
        return _asked("=", left, text)
    else:
        return _differs(left, text)
    return tests if operator == "=" else none_of(tests)


def _differs(tree: Expression, text: str) -> Tests:
    """In XPath `!=` asks for something that is there and differs."""
    value = read_value(tree)
    if value.attr is None or value.before or value.after:
        raise UnconvertibleError(
            "a text that differs from another; a strip rule by wording can say what goes"
        )
    there = f"[{css_name(value.attr)}]"
    differs = none_of(compare("=", value, text))
    return _reached(value.steps, tuple(there + test for test in differs))


def _counted(call: Call, operator: str, number: float) -> Tests:
    """`count(x) > 0` and its like: whether there is one."""
    some = (operator, number) in ((">", 0), (">=", 1), ("!=", 0))
    none = (operator, number) in (("=", 0), ("<", 1), ("<=", 0))
    if not (some or none):
        raise UnconvertibleError(f"CSS does not count: `{call.name}()`")
    argument = call.args[0] if call.args else HERE
    if call.name == "count":
        tests = holds(argument)
    else:
        value = read_value(argument)
        if value.attr is None:
            raise UnconvertibleError("whether an element has text at all")
        name = css_name(value.attr)
        tests = _reached(value.steps, (f'[{name}]:not([{name}=""])',))
    return tests if some else none_of(tests)


# -- conditions on other elements ----------------------------------------------------------------------------


def _exists(path: Path) -> Tests:
    """Whether the path leads to something."""
    steps, tests = path.steps, ALWAYS
    if path.start is not None:
        raise UnconvertibleError("a condition on counted or joined elements")
    if steps and steps[-1].axis == "attribute":
        tests, steps = (f"[{css_name(attribute_name(steps[-1]))}]",), steps[:-1]
    elif steps and steps[-1].test == "text()":
        return _has_text(path)
    if not path.absolute:
        return _reached(without_self(steps), tests)
    chain: Chain | None = None
    anywhere = False
    for step in steps:
        chain, anywhere = go(step, chain, anywhere)
    if chain is None:
        raise UnconvertibleError("a condition on the whole document")
    return (f":is(:root:has({chain.also(one_of(tests)).css}) *)",)


def _has_text(path: Path) -> Tests:
    """`text()[contains(., "x")]` is a test on the element; whether it has any text, CSS does not know."""
    last = path.steps[-1]
    predicate = last.predicates[0] if len(last.predicates) == 1 else None
    if isinstance(predicate, Call) and predicate.name == "contains" and predicate.args[0] == HERE:
        text = path._replace(steps=(*path.steps[:-1], last._replace(predicates=())))
        return _asked("contains", text, _literal(predicate.args[1]))
    raise UnconvertibleError("whether an element has text at all")


def _reached(steps: Sequence[Step], tests: Tests) -> Tests:
    """The element from which the steps lead to something for which `tests` hold."""
    if not steps:
        return tests
    axis = steps[0].axis
    if axis not in ("self", *_BACKWARD):
        return _downward(steps, tests)
    chain = _conditions(steps[0], Chain("", tag_of(steps[0])), counts=axis == "parent")
    chain = chain.also(one_of(_reached(steps[1:], tests)))
    if axis == "self":
        return (chain.tests if chain.tag == "*" else f":is({chain.css})",)
    sign = _BACKWARD[axis]
    return (f":is({chain.css}{sign if sign == ' ' else f' {sign} '}*)",)


def _downward(steps: Sequence[Step], tests: Tests) -> Tests:
    chain: Chain | None = None
    anywhere = False
    lead = ""
    for number, step in enumerate(steps):
        if step == ANYWHERE:
            anywhere = True
            continue
        if chain is None:
            if anywhere and step.axis != "child":
                raise UnconvertibleError(f"`//` before the axis `{step.axis}`")
            if step.axis not in _FORWARD:
                raise UnconvertibleError(f"CSS has no axis `{step.axis}` in a condition")
            lead = "" if anywhere else _FORWARD[step.axis]
            chain = _conditions(step, Chain("", tag_of(step)), counts=step.axis == "child")
        elif step.axis in _FORWARD:
            chain, _ = go(step, chain, anywhere)
            assert chain is not None
        else:
            chain = chain.also(one_of(_reached(steps[number:], tests)))
            return (f":has({lead}{chain.css})",)
        anywhere = False
    if chain is None:  # `.//@href`
        here = one_of(tests)
        return (here, f":has({here})")
    return (f":has({lead}{chain.also(one_of(tests)).css})",)
