"""XPath 1.0 read into a tree of tuples; https://www.w3.org/TR/1999/REC-xpath-19991116/ is the grammar."""

from __future__ import annotations

import difflib
import re
from typing import Final, NamedTuple, TypeAlias

MAX_CHARS: Final = 4_000
MAX_DEPTH: Final = 30

FUNCTIONS: Final[dict[str, tuple[int, int]]] = {
    "boolean": (1, 1),
    "ceiling": (1, 1),
    "concat": (2, 99),
    "contains": (2, 2),
    "count": (1, 1),
    "false": (0, 0),
    "floor": (1, 1),
    "id": (1, 1),
    "lang": (1, 1),
    "last": (0, 0),
    "local-name": (0, 1),
    "name": (0, 1),
    "namespace-uri": (0, 1),
    "normalize-space": (0, 1),
    "not": (1, 1),
    "number": (0, 1),
    "position": (0, 0),
    "round": (1, 1),
    "starts-with": (2, 2),
    "string": (0, 1),
    "string-length": (0, 1),
    "substring": (2, 3),
    "substring-after": (2, 2),
    "substring-before": (2, 2),
    "sum": (1, 1),
    "translate": (3, 3),
    "true": (0, 0),
}
"""The functions of XPath 1.0 and how many arguments each takes, from and to."""

AXES: Final = frozenset(
    {"ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self", "following"}
    | {"following-sibling", "namespace", "parent", "preceding", "preceding-sibling", "self"}
)
NODE_TYPES: Final = frozenset({"comment", "node", "processing-instruction", "text"})


class XPathError(ValueError):
    """The expression is not XPath 1.0, or not what its author can have meant; the message is a reason."""


class Literal(NamedTuple):
    text: str


class Number(NamedTuple):
    value: float


class Call(NamedTuple):
    name: str
    args: tuple[Expression, ...]


class Step(NamedTuple):
    """`test` is an element's or attribute's name, `*`, or a node type with its brackets: `text()`."""

    axis: str
    test: str
    predicates: tuple[Expression, ...] = ()


class Path(NamedTuple):
    """Steps from the document (`absolute`), from `start`, or from where the path stands."""

    absolute: bool
    steps: tuple[Step, ...]
    start: Expression | None = None
    start_predicates: tuple[Expression, ...] = ()


class Binary(NamedTuple):
    """Two expressions and one of `|`, `and`, `or`, the comparisons and the signs of arithmetic."""

    operator: str
    left: Expression
    right: Expression


Expression: TypeAlias = Literal | Number | Call | Path | Binary

ANYWHERE: Final = Step("descendant-or-self", "node()")
"""What `//` stands for, before the step that follows it."""

SELF: Final = Step("self", "node()")
"""What `.` stands for."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<literal>"[^"]*"|'[^']*')|(?P<number>\d+(?:\.\d*)?|\.\d+)"""
    r"""|(?P<sign>//|::|\.\.|!=|<=|>=|[/.@|()\[\],+\-=<>*])"""
    r"""|(?P<name>[^\W\d][\w.\-]*(?::(?!:)(?:[^\W\d][\w.\-]*|\*))?)|(?P<wrong>\S))"""
)
_LEVELS: Final = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
    ("|",),
)
_WORD_OPERATORS: Final = frozenset({"and", "or", "div", "mod", "*"})
_SIGN_OPERATORS: Final = frozenset({"=", "!=", "<", "<=", ">", ">=", "+", "-", "|"})
_STARTS_STEP: Final = frozenset({".", "..", "@", "*"})


class _Token(NamedTuple):
    kind: str
    text: str


def parse(expression: str) -> Expression:
    """The expression as a tree. Raises `XPathError`."""
    if len(expression) > MAX_CHARS:
        raise XPathError(f"longer than {MAX_CHARS:,} characters")
    parser = _Parser(_tokens(expression))
    tree = parser.binary(0)
    if parser.kind != "end":
        raise XPathError(f"`{parser.text}` cannot stand there")
    return tree


def operands(expression: Expression, operator: str) -> list[Expression]:
    """What a chain of one operator joins, from left to right; the expression itself when it is no such chain."""
    found: list[Expression] = []
    while isinstance(expression, Binary) and expression.operator == operator:
        found.append(expression.right)
        expression = expression.left
    return [expression, *reversed(found)]


def _tokens(expression: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = len(expression.rstrip())
    position = 0
    while position < end:
        match = _TOKEN.match(expression, position)
        assert match is not None and match.lastgroup is not None
        kind, text = match.lastgroup, match[match.lastgroup]
        if kind == "wrong":
            raise XPathError("a quote is not closed" if text in "\"'" else f"`{text}` is not XPath")
        if text in _SIGN_OPERATORS or (text in _WORD_OPERATORS and _is_operator_here(tokens)):
            kind = "operator"
        tokens.append(_Token(kind, text))
        position = match.end()
    tokens.append(_Token("end", "the end"))
    return tokens


def _is_operator_here(tokens: list[_Token]) -> bool:
    """The specification's rule for `*` and the words: they are operators behind what can be an operand."""
    if not tokens or tokens[-1].kind == "operator":
        return False
    return tokens[-1].text not in ("@", "::", "(", "[", ",", "/", "//")


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.position].kind

    @property
    def text(self) -> str:
        return self.tokens[self.position].text

    def next_text(self) -> str:
        return self.tokens[min(self.position + 1, len(self.tokens) - 1)].text

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def take(self) -> str:
        text = self.text
        self.position += 1
        return text

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            raise XPathError(f"`{sign}` is missing before {self._here()}")
        self.position += 1

    def _here(self) -> str:
        return self.text if self.kind == "end" else f"`{self.text}`"

    def binary(self, level: int) -> Expression:
        if level == 0:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise XPathError("nested too deep")
        if level == len(_LEVELS):
            return self.unary()
        left = self.binary(level + 1)
        while self.kind == "operator" and self.text in _LEVELS[level]:
            operator = self.take()
            left = Binary(operator, left, self.binary(level + 1))
        if level == 0:
            self.depth -= 1
        return left

    def unary(self) -> Expression:
        signs = 0
        while self.kind == "operator" and self.text == "-":
            self.take()
            signs += 1
        path = self.path()
        return Binary("-", Number(0), path) if signs % 2 else path

    def path(self) -> Expression:
        start: Expression | None = None
        predicates: tuple[Expression, ...] = ()
        absolute = False
        steps: list[Step] = []
        if self._is_primary():
            start = self.primary()
            predicates = self.predicates()
            if not self.is_sign("/", "//"):
                return Path(False, (), start, predicates) if predicates else start
        elif self.is_sign("/", "//"):
            absolute = True
            if self.take() == "//":
                steps.append(ANYWHERE)
            if not self._is_step():
                if not steps:
                    return Path(True, ())
                raise XPathError(f"a step is missing before {self._here()}")
            steps.append(self.step())
        else:
            steps.append(self.step())
        while self.is_sign("/", "//"):
            if self.take() == "//":
                steps.append(ANYWHERE)
            steps.append(self.step())
        return Path(absolute, tuple(steps), start, predicates)

    def _is_primary(self) -> bool:
        if self.kind in ("literal", "number") or self.is_sign("("):
            return True
        return self.kind == "name" and self.next_text() == "(" and self.text not in NODE_TYPES

    def _is_step(self) -> bool:
        return self.kind == "name" or (self.kind == "sign" and self.text in _STARTS_STEP)

    def primary(self) -> Expression:
        if self.kind == "literal":
            return Literal(self.take()[1:-1])
        if self.kind == "number":
            return Number(float(self.take()))
        if self.is_sign("("):
            self.take()
            inner = self.binary(0)
            self.expect(")")
            return inner
        return self.call()

    def call(self) -> Expression:
        name = self.take()
        self.expect("(")
        args: list[Expression] = []
        while not self.is_sign(")"):
            args.append(self.binary(0))
            if not self.is_sign(")"):
                self.expect(",")
        self.take()
        _check_call(name, len(args))
        return Call(name, tuple(args))

    def step(self) -> Step:
        if self.is_sign(".", ".."):
            step = Step("self" if self.take() == "." else "parent", "node()")
            if self.is_sign("["):
                raise XPathError("`.` and `..` take no condition")
            return step
        axis = "child"
        if self.is_sign("@"):
            self.take()
            axis = "attribute"
        elif self.kind == "name" and self.next_text() == "::":
            axis = self.take()
            self.take()
            if axis not in AXES:
                raise XPathError(f"there is no axis `{axis}`{_suggest(axis, AXES)}")
        return Step(axis, self.node_test(axis), self.predicates())

    def node_test(self, axis: str) -> str:
        if self.is_sign("*"):
            return self.take()
        if self.kind != "name":
            raise XPathError(f"a name is missing before {self._here()}")
        name = self.take()
        if not self.is_sign("("):
            return name
        if axis == "attribute":
            raise XPathError(f"`@{name}()` is nothing; the text of an element is `text()`")
        self.take()
        if self.kind == "literal":
            self.take()
        self.expect(")")
        return f"{name}()"

    def predicates(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while self.is_sign("["):
            self.take()
            found.append(self.binary(0))
            self.expect("]")
        return tuple(found)


def _check_call(name: str, given: int) -> None:
    if name not in FUNCTIONS:
        raise XPathError(f"XPath 1.0 has no function `{name}()`{_suggest(name, FUNCTIONS)}")
    low, high = FUNCTIONS[name]
    if not low <= given <= high:
        wanted = str(low) if low == high else f"{low} or more" if high == 99 else f"{low} to {high}"
        raise XPathError(f"`{name}()` takes {wanted} arguments, not {given}")


def _suggest(word: str, known: frozenset[str] | dict[str, tuple[int, int]]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
