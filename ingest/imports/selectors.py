"""Selectors put together: the tests of one element, and the chain of elements that they end.

A run of tests is what stands behind a tag, such as `.byline[href]:not(:first-child)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

Tests = tuple[str, ...]
"""Alternatives, each a run of CSS tests (`[href]:not(.x)`); the empty run always holds."""


class UnconvertibleError(ValueError):
    """No selector says what the expression says; the message is the reason."""


MAX_CHARS: Final = 4_000
MAX_JOINED: Final = 100  # characters of a text that is joined to a value
ALWAYS: Final[Tests] = ("",)
NEVER: Final[Tests] = (":not(*)",)
_COMPOUND = re.compile(r"[^\s,>+~]+\Z")
_IDENTIFIER = re.compile(r"-?[A-Za-z_][\w-]*\Z", re.ASCII)


class Chain(NamedTuple):
    """A complex selector whose last compound is open: `before` ends with a combinator or is empty."""

    before: str
    tag: str
    tests: str = ""

    @property
    def compound(self) -> str:
        # Lexbor overlooks `:is()` and `:not()` right behind `:has(`, so a pseudo-class never comes first
        bare = self.tag == "*" and self.tests[:1] not in ("", ":")
        return self.tests if bare else self.tag + self.tests

    @property
    def css(self) -> str:
        return self.before + self.compound

    @property
    def inside(self) -> str:
        """As a part of another selector, where its ancestors must not be looked for in that other's scope."""
        return f"*:is({self.css})" if self.before else self.compound

    def also(self, tests: str) -> Chain:
        return bounded(self._replace(tests=self.tests + tests))


def bounded(chain: Chain) -> Chain:
    """The chain, unless it is too long: some steps double it."""
    if len(chain.css) > MAX_CHARS:
        raise UnconvertibleError(f"its selector would be longer than {MAX_CHARS:,} characters")
    return chain


def chain_of(css: str) -> Chain:
    """A selector that is ready, as a chain."""
    return Chain("", css) if _COMPOUND.match(css) else Chain("", "*", f":is({css})")


def css_name(name: str) -> str:
    """A name as CSS writes it."""
    return re.sub(r"[^\w-]", lambda match: "\\" + match[0], name)


def css_string(text: str) -> str:
    """The text in quotes, as CSS writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\n\r\f]", lambda match: f"\\{ord(match[0]):x} ", escaped) + '"'


def id_test(text: str) -> str:
    """The selector of an id."""
    return f"#{text}" if _IDENTIFIER.match(text) else f"[id={css_string(text)}]"


def token_test(attr: str, token: str, fold: str = "") -> str:
    """The selector of a class, or of a word of another attribute."""
    if attr == "class" and not fold and _IDENTIFIER.match(token):
        return f".{token}"
    return f"[{css_name(attr)}~={css_string(token)}{fold}]"


def contains(name: str, before: str, after: str, text: str, fold: str) -> Tests:
    """Where `text` can lie in a value with something joined to both its ends."""
    if text in before or text in after:
        return ALWAYS
    if len(before) > MAX_JOINED or len(after) > MAX_JOINED:
        raise UnconvertibleError(f"texts of more than {MAX_JOINED} characters joined to a value")
    heads = [text[k:] for k in range(1, len(text)) if before.endswith(text[:k])]
    tails = [text[:-k] for k in range(1, len(text)) if after.startswith(text[-k:])]
    both = [
        text[k:-m]
        for k in range(1, len(text))
        for m in range(1, len(text) - k)
        if before.endswith(text[:k]) and after.startswith(text[-m:])
    ]
    tests = [f"[{name}*={css_string(text)}{fold}]"]
    tests += [f"[{name}^={css_string(head)}{fold}]" for head in heads]
    tests += [f"[{name}$={css_string(tail)}{fold}]" for tail in tails]
    tests += [f"[{name}={css_string(whole)}{fold}]" for whole in both]
    return tuple(tests)


def one_of(tests: Tests) -> str:
    """Alternatives as one run of tests."""
    if len(tests) == 1:
        return tests[0]
    return "" if "" in tests else f":is({', '.join(tests)})"


def all_of(parts: Iterable[Tests]) -> Tests:
    """What holds where all of the parts hold."""
    run = list(parts)
    return (_in_order([one_of(tests) for tests in run]),)


def _in_order(tests: list[str]) -> str:
    return "".join(dict.fromkeys(tests))


def any_of(parts: Iterable[Tests]) -> Tests:
    """What holds where one of the parts holds."""
    tests = tuple(dict.fromkeys(test for part in parts for test in part))
    return ALWAYS if "" in tests else tests


def none_of(tests: Tests) -> Tests:
    """What holds where none of the tests holds."""
    return NEVER if "" in tests else (f":not({', '.join(tests)})",)


def settle(chain: Chain | None) -> Chain:
    """The chain's elements and all under them."""
    return Chain("", "*") if chain is None else Chain("", "*", f":is({chain.css}, {chain.css} *)")


def with_tag(chain: Chain, tag: str) -> Chain:
    """The chain, its elements of this tag only."""
    if tag in ("*", chain.tag):
        return chain
    return chain._replace(tag=tag) if chain.tag == "*" else chain.also(f":is({tag})")


def nth(chain: Chain, formula: str, from_end: bool) -> str:
    """The test of an element's place among those like it."""
    last = "last-" if from_end else ""
    if chain.tests:
        # of several tests in a row Lexbor counts what any of them finds, unless they are one test
        return f":nth-{last}child({formula} of :is({chain.compound}))"
    return f":nth-{last}{'child' if chain.tag == '*' else 'of-type'}({formula})"


def first(chain: Chain) -> Chain:
    """The first of the chain's elements on the page: it is in none of them, and none comes before what it is in."""
    one = chain.inside
    around = f"*:is({one}, *:has({one}))"
    return chain.also(f":not({one} *, {around} ~ *, {around} ~ * *)")
