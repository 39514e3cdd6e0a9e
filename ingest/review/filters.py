"""What a view is narrowed to: read from its address, written back into the addresses of other views, and into SQL.

Only the names of columns below ever become part of a statement; values are parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

MAX_VALUE, MAX_SEARCHED = 1_000, 200
"""Characters of a value, and of a text to search for, that are looked at."""

NAMES = ("site", "language", "method", "layout", "kind", "rule", "flag", "run", "reason", "q")

_EQUAL = {
    "pages": ("site", "language", "method", "layout", "run"),
    "rejects": ("site", "reason", "run"),
    "texts": ("rule", "kind"),
    "tally": ("rule", "kind", "site"),
}
_IN_LIST = {"pages": {"kind": "kinds", "flag": "flags"}}
_SEARCHED = {"texts": ("text",), "rejects": ("source", "url", "detail"), "tally": ("rule",)}

Sql = tuple[str, dict[str, Any]]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of one view; empty is none. `q` is a text to search for, `after` where the page before ended."""

    site: str = ""
    language: str = ""
    method: str = ""
    layout: str = ""
    kind: str = ""
    rule: str = ""
    flag: str = ""
    run: str = ""
    reason: str = ""
    q: str = ""
    after: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """The filters an address names; whatever else it names is passed over."""
        return cls(**{name: query[name][:MAX_VALUE] for name in (*NAMES, "after") if query.get(name)})

    @property
    def named(self) -> dict[str, str]:
        """The filters that are set, without `after`."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    def only(self, *names: str) -> Filters:
        """These filters alone, from the first page on."""
        return Filters(**{name: value for name, value in self.named.items() if name in names})

    def address(self, path: str, **changes: str) -> str:
        """The address of a view with these filters and changes, from its first page on."""
        query = {name: value for name, value in (self.named | changes).items() if value}
        return f"{path}?{urlencode(query, errors='replace')}" if query else path

    def where(self, table: str) -> Sql:
        """The condition on a table of the index, and its parameters."""
        conditions, values = ["true"], {}
        for name in _EQUAL[table]:
            if value := getattr(self, name):
                conditions.append(f"{name} = ${name}")
                values[name] = value
        for name, column in _IN_LIST.get(table, {}).items():
            if value := getattr(self, name):
                conditions.append(f"list_contains({column}, ${name})")
                values[name] = value
        if self.q and table in _SEARCHED:
            likes = " or ".join(f"regexp_matches({column}, $q)" for column in _SEARCHED[table])
            conditions.append(f"({likes})")
            values["q"] = self.pattern
        if table == "pages" and self.rule:
            conditions.append("list_contains(rules, (select number from rules where rule = $rule))")
            values["rule"] = self.rule
        return " and ".join(conditions), values

    @property
    def pattern(self) -> str:
        """The text searched for as an RE2 pattern, in any case."""
        return f"(?i){re.escape(self.q[:MAX_SEARCHED])}"

    def numbers_after(self, count: int) -> tuple[int, ...] | None:
        """Where the page before ended, as so many numbers; none at the first page, or if it is not these."""
        found = self.after.split(".")
        if len(found) != count or not all(re.fullmatch(r"-?[0-9]{1,18}", part) for part in found):
            return None
        return tuple(map(int, found))
