"""XPath expressions as CSS selectors, and what to take of the elements they find.

    parse       text -> tree
    paths       each path of a union: its steps become compounds and combinators
    conditions  what stands in brackets becomes tests: attributes, `:has()`, `:not()`, `:nth-of-type()`, text

The selector finds the same elements on the same page; where it can only come near, a remark says how. What CSS cannot
say raises `UnconvertibleError` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from ingest.imports.selectors import (
    ALWAYS,
    NEVER,
    Chain,
    Tests,
    all_of,
    any_of,
    contains,
    css_name,
    css_string,
    id_test,
    none_of,
    nth,
    one_of,
    settle,
    token_test,
    with_tag,
)
from ingest.imports.xpath_syntax import (
    ANYWHERE,
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
from ingest.rules.match import check_css

RELATIVE: Final = "it starts nowhere, which finds nothing in XPath; read as if it began with //"
FIRST_ONLY: Final = "any matching element's value counts, in XPath the first one's only"

_BACKWARD: Final = {"parent": ">", "ancestor": " ", "preceding-sibling": "~"}
_FORWARD: Final = {"child": "> ", "descendant": "", "following-sibling": "~ "}
_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_SECTIONS: Final = frozenset({"tbody", "thead", "tfoot"})


class UnconvertibleError(ValueError):
    """No selector says what the expression says; the message is the reason."""


class Place(NamedTuple):
    """Elements by selector and what to take: an attribute, their own text (`text`), or the elements as they are.

    `first` means that only the first of them was meant.
    """

    css: str
    attr: str | None = None
    text: bool = False
    first: bool = False


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
    remarks: dict[str, None] = {}
    places = list(dict.fromkeys(_Converter(remarks).places(tree)))
    joined = []
    for getter, group in groupby(places, key=lambda place: place[1:]):
        css = ", ".join(place.css for place in group)
        if check_css(css):
            raise UnconvertibleError(f"the engine's CSS does not take `{css}`")
        joined.append(Place(css, *getter))
    return Conversion(tuple(joined), tuple(remarks))


class _Value(NamedTuple):
    """A string of the page: an attribute, or the text (`attr` is None) of what `steps` lead to.

    `before` and `after` are joined to it, `fold` makes case not matter; `own` is text directly in the element.
    """

    steps: tuple[Step, ...]
    attr: str | None
    own: bool = False
    before: str = ""
    after: str = ""
    fold: bool = False
    trimmed: bool = False


class _Converter:
    def __init__(self, remarks: dict[str, None]) -> None:
        self.remarks = remarks

    def remark(self, text: str) -> None:
        self.remarks.setdefault(text)

    # -- whole expressions -----------------------------------------------------------------------------------

    def places(self, tree: Expression) -> Iterable[Place]:
        for part in operands(tree, "|"):
            if isinstance(part, Call) and part.name in ("string", "normalize-space") and part.args:
                yield from (place._replace(first=True) for place in self.places(part.args[0]))
            elif isinstance(part, Path):
                yield from self.path(part)
            elif isinstance(part, Binary) and part.operator == "|":
                yield from self.places(part)
            elif isinstance(part, Call) and part.name == "id":
                yield Place(self.started(part).css)
            else:
                raise UnconvertibleError(_why_no_path(part))

    def path(self, path: Path) -> Iterable[Place]:
        if path.start is not None and set(path.start_predicates) == {Number(1)}:
            if not path.steps:
                yield from (place._replace(first=True) for place in self.places(path.start))
                return
            if len(path.steps) == 1 and (path.steps[0].axis == "attribute" or path.steps[0].test == "text()"):
                yield self.getter(path.steps[0], self.started(path.start), False)._replace(first=True)
                return
        chain, anywhere = self.origin(path)
        steps = list(path.steps)
        if chain is None and not anywhere and steps and not path.absolute and not _is_root(steps[0]):
            self.remark(RELATIVE)
            anywhere = True
        for number, step in enumerate(steps):
            if step.axis == "attribute" or step.test == "text()":
                if number + 1 < len(steps):
                    raise UnconvertibleError("a path goes on behind an attribute or a text")
                yield self.getter(step, chain, anywhere)
                return
            chain, anywhere = self.step(step, chain, anywhere)
        if chain is None or anywhere:
            raise UnconvertibleError("it selects the whole document")
        yield Place(chain.css)

    def origin(self, path: Path) -> tuple[Chain | None, bool]:
        if path.start is None:
            return None, False
        chain = self.started(path.start)
        for predicate in path.start_predicates:
            if self.position(predicate):
                raise UnconvertibleError("CSS does not count matches across the page: `(…)[n]`")
            chain = chain.also(one_of(self.condition(predicate)))
        return chain, False

    def started(self, start: Expression) -> Chain:
        """What stands in brackets before a path, as one compound."""
        if isinstance(start, Call) and start.name == "id" and isinstance(start.args[0], Literal):
            return Chain("", "*", one_of(tuple(map(id_test, start.args[0].text.split())) or NEVER))
        places = list(self.places(start))
        if any(place.first for place in places):
            raise UnconvertibleError("CSS does not count matches across the page: `(…)[n]`")
        if any(place.attr or place.text for place in places):
            raise UnconvertibleError("a path goes on behind an attribute or a text")
        if len(places) == 1 and "," not in places[0].css:
            return Chain(places[0].css, "")
        return Chain("", "*", f":is({', '.join(place.css for place in places)})")

    def getter(self, step: Step, chain: Chain | None, anywhere: bool) -> Place:
        holder = settle(chain) if anywhere else chain
        if holder is None:
            raise UnconvertibleError("the document itself has no attribute and no text of its own")
        if step.test == "text()":
            if any(not _is_harmless_on_text(predicate) for predicate in step.predicates):
                raise UnconvertibleError("it picks one text among several in an element")
            if step.axis not in ("child", "descendant"):
                raise UnconvertibleError(f"texts on the axis {step.axis}")
            return Place(holder.css, text=True)
        if step.test == "*" or step.test.endswith("()"):
            raise UnconvertibleError("it takes any attribute")
        name = step.test.lower()
        if step.predicates:
            raise UnconvertibleError("a condition on an attribute behind the attribute")
        if holder.tag == "*" and not holder.tests:
            holder = holder.also(f"[{css_name(name)}]")
        return Place(holder.css, attr=name)

    # -- steps -----------------------------------------------------------------------------------------------

    def step(self, step: Step, chain: Chain | None, anywhere: bool) -> tuple[Chain | None, bool]:
        """The chain with one step more. `anywhere` stands for a `//` before the step."""
        if step == ANYWHERE:
            return chain, True
        if step == Step("self", "node()"):
            return chain, anywhere
        axis = step.axis
        if anywhere and axis not in ("child", "descendant"):
            chain = settle(chain)
        if axis == "child" or axis == "descendant":
            within = Chain(_before(chain, step, anywhere or axis == "descendant"), self.tag(step))
            return self.conditions(step, within, counts=axis == "child"), False
        if chain is None:
            raise UnconvertibleError(f"`{axis}` has nothing to start from")
        if axis == "following-sibling":
            return self.sibling(step, chain), False
        if axis == "self":
            return self.conditions(step, with_tag(chain, self.tag(step)), counts=False), False
        if axis in _BACKWARD:
            sign = {"parent": "> ", "ancestor": "", "preceding-sibling": "~ "}[axis]
            found = Chain("", self.tag(step), f":has({sign}{chain.inside})")
        elif axis == "ancestor-or-self":
            found = Chain("", self.tag(step), f":is({chain.css}, :has({chain.inside}))")
        elif axis == "descendant-or-self":
            found = with_tag(settle(chain), self.tag(step))
        else:
            raise UnconvertibleError(f"CSS has no axis `{axis}`")
        return self.conditions(step, found, counts=axis == "parent"), False

    def tag(self, step: Step) -> str:
        if step.test == "node()" and step.axis in ("self", "parent", "ancestor", "ancestor-or-self"):
            return "*"
        if step.test.endswith("()"):
            raise UnconvertibleError(f"CSS finds elements, not `{step.test}`")
        if step.test == "*":
            return "*"
        if step.test != step.test.lower():
            self.remark("element names are lower-case in HTML; read so")
        return css_name(step.test.lower())

    def sibling(self, step: Step, chain: Chain) -> Chain:
        if step.predicates and step.predicates[0] == Number(1):
            if step.test != "*":
                raise UnconvertibleError(
                    f"CSS has no `the next {step.test}`; `following-sibling::*[1]` it has"
                )
            rest = step._replace(predicates=step.predicates[1:])
            return self.conditions(rest, Chain(chain.css + " + ", "*"), counts=False)
        return self.conditions(step, Chain(chain.css + " ~ ", self.tag(step)), counts=False)

    def conditions(self, step: Step, chain: Chain, *, counts: bool) -> Chain:
        """The chain with its step's conditions; `counts` when places are places among an element's children."""
        for predicate in step.predicates:
            formula = self.position(predicate)
            if formula is None:
                chain = chain.also(one_of(self.condition(predicate)))
            elif step.axis in ("parent", "self"):
                if formula not in (("1", False), ("1", True)):
                    raise UnconvertibleError(f"there is one `{step.axis}` only")
            elif not counts:
                raise UnconvertibleError(f"CSS does not count on the axis `{step.axis}`")
            else:
                chain = chain.also(nth(chain, *formula))
        return chain

    # -- places among siblings -------------------------------------------------------------------------------

    def position(self, predicate: Expression) -> tuple[str, bool] | None:
        """The formula of `:nth-child()` for a place among siblings, and whether it counts from the end."""
        if isinstance(predicate, Number):
            return _place(predicate.value), False
        if _is_last(predicate) is not None:
            return str(_is_last(predicate)), True
        if not isinstance(predicate, Binary) or predicate.operator not in _FLIPPED:
            return None
        left, operator, right = predicate.left, predicate.operator, predicate.right
        if right == Call("position", ()):
            left, operator, right = right, _FLIPPED[operator], left
        if left != Call("position", ()):
            return None
        back = _is_last(right)
        if back is not None and operator in ("=", "!=", "<"):
            if operator == "=":
                return str(back), True
            if operator == "<" or back == 1:
                return f"n+{back + 1}", True
        if not isinstance(right, Number):
            raise UnconvertibleError("a place that is worked out")
        number = int(_place(right.value))
        if operator == "=":
            return str(number), False
        if operator in (">", ">="):
            return f"n+{number + (operator == '>')}", False
        if operator in ("<", "<="):
            if number - (operator == "<") < 1:
                raise UnconvertibleError("a place before the first")
            return f"-n+{number - (operator == '<')}", False
        if number == 1:
            return "n+2", False
        raise UnconvertibleError("all places but one")

    # -- conditions ------------------------------------------------------------------------------------------

    def condition(self, tree: Expression) -> Tests:
        """What holds for an element when the condition does."""
        if isinstance(tree, Binary):
            return self.binary(tree)
        if isinstance(tree, Path):
            return self.exists(tree, ALWAYS)
        if isinstance(tree, Call):
            return self.call(tree)
        if isinstance(tree, Literal):
            raise UnconvertibleError(f"a fault in the expression: '{tree.text}' by itself is always true")
        raise UnconvertibleError("a place inside another condition")

    def binary(self, tree: Binary) -> Tests:
        if tree.operator == "and":
            return all_of(self.condition(part) for part in operands(tree, "and"))
        if tree.operator == "or":
            return any_of(self.condition(part) for part in operands(tree, "or"))
        if tree.operator == "|":
            return any_of(self.condition(part) for part in operands(tree, "|"))
        if tree.operator in _FLIPPED:
            return self.comparison(tree)
        raise UnconvertibleError("arithmetic in a condition")

    def call(self, tree: Call) -> Tests:
        name, args = tree.name, tree.args
        if name == "not":
            return none_of(self.condition(args[0]))
        if name in ("true", "false"):
            return ALWAYS if name == "true" else NEVER
        if name == "boolean":
            return self.condition(args[0])
        if name in ("contains", "starts-with"):
            wanted = args[1]
            if not isinstance(wanted, Literal):
                if isinstance(wanted, Path) and len(wanted.steps) == 1 and wanted.steps[0].axis == "child":
                    raise UnconvertibleError(
                        f"a fault in the expression: `{wanted.steps[0].test}` needs quotes"
                    )
                raise UnconvertibleError("a text compared with another text of the page")
            return self.text_test(name, self.value(args[0]), wanted.text)
        if name in ("string", "normalize-space", "string-length", "count"):
            return self.comparison(Binary(">", Call("string-length", args), Number(0)))
        if name in ("position", "last"):
            raise UnconvertibleError("a place inside another condition")
        raise UnconvertibleError(f"`{name}()` as a condition")

    def comparison(self, tree: Binary) -> Tests:
        left, operator, right = tree.left, tree.operator, tree.right
        if isinstance(left, Literal | Number):
            left, operator, right = right, _FLIPPED[operator], left
        if isinstance(left, Call) and left.name in ("count", "string-length") and isinstance(right, Number):
            return self.amount(left, operator, right.value)
        if isinstance(right, Number) and operator in ("=", "!="):
            right = Literal(f"{right.value:g}")
        if operator not in ("=", "!="):
            raise UnconvertibleError("numbers of the page compared")
        if not isinstance(right, Literal):
            raise UnconvertibleError("a text compared with another text of the page")
        if isinstance(left, Call) and left.name in ("name", "local-name") and not left.args:
            tests: Tests = (f":is({css_name(right.text.lower())})",)
            return tests if operator == "=" else none_of(tests)
        if isinstance(left, Call) and left.name == "substring":
            if operator == "!=":
                return none_of(self.substring(left, right.text))
            return self.substring(left, right.text)
        if operator == "=":
            return self.text_test("=", self.value(left), right.text)
        return self.unequal(self.value(left), right.text)

    def unequal(self, value: _Value, text: str) -> Tests:
        """In XPath `!=` asks for something that is there and differs."""
        if value.attr is None or value.before or value.after:
            raise UnconvertibleError(
                "a text that differs from another; a strip rule by wording can say what goes"
            )
        there = f"[{css_name(value.attr)}]"
        differs = none_of(self.attribute("=", value, text))
        return self.reached(value.steps, tuple(there + test for test in differs))

    def amount(self, call: Call, operator: str, number: float) -> Tests:
        """`count(x) > 0` and its like: whether there is one."""
        some = (operator, number) in ((">", 0), (">=", 1), ("!=", 0))
        none = (operator, number) in (("=", 0), ("<", 1), ("<=", 0))
        if not (some or none):
            raise UnconvertibleError(f"CSS does not count: `{call.name}()`")
        argument = call.args[0] if call.args else Path(False, (Step("self", "node()"),))
        if call.name == "count":
            tests = self.condition(argument)
        else:
            value = self.value(argument)
            if value.attr is None:
                raise UnconvertibleError("whether an element has text at all")
            name = css_name(value.attr)
            tests = self.reached(value.steps, (f'[{name}]:not([{name}=""])',))
        return tests if some else none_of(tests)

    def substring(self, call: Call, text: str) -> Tests:
        """The two idioms for how a value begins and ends."""
        value = self.value(call.args[0])
        start = call.args[1]
        if len(call.args) == 3 and start == Number(1) and call.args[2] == Number(len(text)):
            return self.text_test("starts-with", value, text)
        if len(call.args) == 2 and _from_end(start, call.args[0]) == len(text):
            return self.text_test("ends-with", value, text)
        raise UnconvertibleError("a piece out of a text: `substring()`")

    # -- texts and attributes --------------------------------------------------------------------------------

    def value(self, tree: Expression) -> _Value:
        if isinstance(tree, Path):
            return self.path_value(tree)
        if isinstance(tree, Literal):
            raise UnconvertibleError(
                f"a fault in the expression: '{tree.text}' stands where `@…` or `.` belongs"
            )
        if isinstance(tree, Call):
            if tree.name in ("normalize-space", "string"):
                inner = tree.args[0] if tree.args else Path(False, (Step("self", "node()"),))
                return self.value(inner)._replace(trimmed=tree.name == "normalize-space")
            if tree.name == "concat":
                return self.concat(tree)
            if tree.name == "translate":
                return self.translate(tree)
            raise UnconvertibleError(f"a text cut or made by `{tree.name}()`")
        raise UnconvertibleError("a text that is worked out")

    def path_value(self, path: Path) -> _Value:
        if path.absolute or path.start is not None or not path.steps:
            raise UnconvertibleError("a text from elsewhere on the page")
        steps, last = path.steps[:-1], path.steps[-1]
        if last.axis == "attribute":
            if last.test == "*" or last.test.endswith("()") or last.predicates:
                raise UnconvertibleError("it looks at any attribute")
            return _Value(_without_self(steps), last.test.lower())
        if last.test == "text()":
            if last.predicates and not all(map(_is_harmless_on_text, last.predicates)):
                raise UnconvertibleError("it picks one text among several in an element")
            if last.axis == "descendant" or (steps and steps[-1] == ANYWHERE):
                return _Value(_without_self(steps[:-1] if last.axis == "child" else steps), None)
            return _Value(_without_self(steps), None, own=True)
        return _Value(_without_self(path.steps), None)

    def concat(self, call: Call) -> _Value:
        parts = list(call.args)
        places = [number for number, part in enumerate(parts) if not isinstance(part, Literal)]
        if len(places) != 1:
            raise UnconvertibleError("several texts of the page joined")
        before = "".join(part.text for part in parts[: places[0]] if isinstance(part, Literal))
        after = "".join(part.text for part in parts[places[0] + 1 :] if isinstance(part, Literal))
        value = self.value(parts[places[0]])
        return value._replace(before=before + value.before, after=value.after + after)

    def translate(self, call: Call) -> _Value:
        value, old, new = call.args
        if not (isinstance(old, Literal) and isinstance(new, Literal)):
            raise UnconvertibleError("`translate()` by other texts of the page")
        same_letters = old.text.casefold() == new.text.casefold()
        if not same_letters or not (new.text.islower() or new.text.isupper()):
            raise UnconvertibleError("`translate()` that does more than change the case")
        return self.value(value)._replace(fold=True)

    def text_test(self, test: str, value: _Value, text: str) -> Tests:
        if value.steps and value.attr is None and test != "=":
            self.remark(FIRST_ONLY)
        tests = (
            self.element_text(test, value, text) if value.attr is None else self.attribute(test, value, text)
        )
        if tests == ALWAYS and not value.steps:
            return ALWAYS
        return self.reached(value.steps, tests)

    def element_text(self, test: str, value: _Value, text: str) -> Tests:
        if test == "contains" and not text:
            return ALWAYS
        if test != "contains" or value.before or value.after:
            wording = re.escape(text) + ("$" if test == "=" else "")
            raise UnconvertibleError(
                f"CSS compares no whole texts; as a rule by wording: `line: {_quoted_yaml('^' + wording)}`"
            )
        here = f":lexbor-contains({css_string(text)}{' i' if value.fold else ''})"
        return (here,) if value.own else (here, f":has({here})")

    def attribute(self, test: str, value: _Value, text: str) -> Tests:
        """The attribute selectors for a test on a value, with what is joined to it worked out beforehand."""
        name, fold = css_name(value.attr or ""), " i" if value.fold else ""
        if test in ("contains", "starts-with", "ends-with") and not text:
            return ALWAYS
        if test == "=":
            if not (text.startswith(value.before) and text.endswith(value.after)):
                return NEVER
            text = text[len(value.before) : len(text) - len(value.after)]
            if value.attr == "id" and not fold:
                return (id_test(text),)
            return (f"[{name}={css_string(text)}{fold}]",)
        if test == "starts-with":
            return self.begins(value, text, name, fold)
        if test == "ends-with":
            return (f"[{name}$={css_string(text)}{fold}]",)
        if value.before == value.after == " " and _is_token(text):
            return (token_test(value.attr or "", text[1:-1], fold),)
        return contains(name, value.before, value.after, text, fold)

    def begins(self, value: _Value, text: str, name: str, fold: str) -> Tests:
        if value.before.startswith(text):
            return ALWAYS
        if value.after or not text.startswith(value.before):
            raise UnconvertibleError("the beginning of joined texts")
        if value.trimmed and not value.before:
            self.remark("white space before an attribute's value counts")
        return (f"[{name}^={css_string(text[len(value.before) :])}{fold}]",)

    # -- conditions on other elements ------------------------------------------------------------------------

    def exists(self, path: Path, tests: Tests) -> Tests:
        """Whether the path leads to something for which `tests` hold."""
        steps = path.steps
        if path.start is not None:
            raise UnconvertibleError("a condition on counted or joined elements")
        if steps and (steps[-1].axis == "attribute"):
            last = steps[-1]
            if last.test == "*" or last.test.endswith("()") or last.predicates:
                raise UnconvertibleError("it looks at any attribute")
            tests, steps = tuple(f"[{css_name(last.test.lower())}]{test}" for test in tests), steps[:-1]
        elif steps and steps[-1].test == "text()":
            return self.has_text(path)
        if not path.absolute:
            return self.reached(_without_self(steps), tests)
        found = _Converter(self.remarks)
        chain: Chain | None = None
        anywhere = False
        for step in steps:
            chain, anywhere = found.step(step, chain, anywhere)
        if chain is None:
            raise UnconvertibleError("a condition on the whole document")
        return (f":is(:root:has({chain.also(one_of(tests)).css}) *)",)

    def has_text(self, path: Path) -> Tests:
        """`text()[contains(., "x")]` is a test on the element; whether it has any text, CSS does not know."""
        last = path.steps[-1]
        if len(last.predicates) == 1 and not path.absolute:
            predicate = last.predicates[0]
            if isinstance(predicate, Call) and predicate.name == "contains":
                wanted, where = predicate.args[1], predicate.args[0]
                if isinstance(wanted, Literal) and where == Path(False, (Step("self", "node()"),)):
                    value = self.path_value(
                        path._replace(steps=(*path.steps[:-1], Step(last.axis, last.test)))
                    )
                    return self.text_test("contains", value, wanted.text)
        raise UnconvertibleError("whether an element has text at all")

    def reached(self, steps: Sequence[Step], tests: Tests) -> Tests:
        """The element from which the steps lead to something for which `tests` hold."""
        if not steps:
            return tests
        axis = steps[0].axis
        if axis == "self" or axis in _BACKWARD:
            chain = self.conditions(steps[0], Chain("", self.tag(steps[0])), counts=axis == "parent")
            chain = chain.also(one_of(self.reached(steps[1:], tests)))
            if axis == "self":
                return (chain.tests if chain.tag == "*" else f":is({chain.css})",)
            sign = _BACKWARD[axis]
            return (f":is({chain.css}{sign if sign == ' ' else f' {sign} '}*)",)
        return self.downward(steps, tests)

    def downward(self, steps: Sequence[Step], tests: Tests) -> Tests:
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
                chain = self.conditions(step, Chain("", self.tag(step)), counts=step.axis == "child")
            elif step.axis in _FORWARD:
                chain, _ = self.step(step, chain, anywhere)
                assert chain is not None
            else:
                chain = chain.also(one_of(self.reached(steps[number:], tests)))
                return (f":has({lead}{chain.css})",)
            anywhere = False
        if chain is None:  # `.//@href`
            here = one_of(tests)
            return (here, f":has({here})")
        return (f":has({lead}{chain.also(one_of(tests)).css})",)


# -- pieces of selectors -------------------------------------------------------------------------------------


def _quoted_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _is_token(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == " " and not any(char.isspace() for char in text[1:-1])


def _before(chain: Chain | None, step: Step, anywhere: bool) -> str:
    """What stands before a child or descendant: the combinator, and the table body that every HTML tree has."""
    if chain is None:
        if not anywhere and not _is_root(step):
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


# -- pieces of trees -----------------------------------------------------------------------------------------


def _is_root(step: Step) -> bool:
    return step == ANYWHERE or (step.axis == "child" and step.test.lower() in ("html", "*"))


def _without_self(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step != Step("self", "node()"))


def _place(number: float) -> str:
    if number < 1 or number != int(number):
        raise UnconvertibleError(f"a fault in the expression: there is no place {number:g}")
    return str(int(number))


def _is_last(tree: Expression) -> int | None:
    """`last()` and `last() - n`, as a place from the end."""
    if tree == Call("last", ()):
        return 1
    if not isinstance(tree, Binary) or tree.operator != "-" or tree.left != Call("last", ()):
        return None
    if isinstance(tree.right, Number) and tree.right.value == int(tree.right.value):
        return int(tree.right.value) + 1
    return None


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


def _is_harmless_on_text(predicate: Expression) -> bool:
    """`text()[1]`, `text()[normalize-space()]`: the element's text all the same, to a reader of a field."""
    return predicate == Number(1) or (
        isinstance(predicate, Call) and predicate.name in ("normalize-space", "string-length")
    )


def _why_no_path(tree: Expression) -> str:
    if isinstance(tree, Literal):
        return "a constant text; fields are read from the page"
    if isinstance(tree, Call):
        if tree.name in ("substring", "substring-before", "substring-after", "translate"):
            return f"it cuts a piece out of a text: `{tree.name}()`; selectors take it whole"
        if tree.name == "concat":
            return "it joins several texts: `concat()`"
        return f"`{tree.name}()` gives no elements"
    return "it gives no elements"
