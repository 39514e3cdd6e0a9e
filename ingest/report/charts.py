"""Charts as SVG inside the page: Vega-Lite draws them, colours are left to the page's style.

A chart is a list of plain rows and a few words on how to draw them. What Vega-Lite gives is read again, and only
shapes and texts are taken over, so nothing else can come into the page that way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup, escape

from ingest.views import clip, printable

WIDTH = 360
"""Pixels that a chart is wide when it is not scaled: as wide as a telephone's screen."""

LABEL = 28
"""Characters of a label that are shown; the table has all of it."""

_CONFIG = {
    "background": None,
    "view": {"stroke": None},
    "padding": 0,
    "axis": {
        "domainColor": "var(--line)",
        "gridColor": "var(--line)",
        "tickColor": "var(--line)",
        "labelColor": "var(--ink)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelFont": "sans-serif",
        "titleFont": "sans-serif",
        "labelLimit": 180,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {
        "labelColor": "var(--ink)",
        "labelFontSize": 12,
        "labelFont": "sans-serif",
        "symbolStrokeWidth": 0,
    },
    "text": {"color": "var(--ink)", "fontSize": 12, "font": "sans-serif"},
}
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"svg", "g", "path", "rect", "line", "text", "circle"})
_NAMES = """
    d transform x y x1 y1 x2 y2 cx cy r width height opacity fill fill-opacity stroke stroke-width stroke-opacity
    stroke-dasharray stroke-linecap stroke-linejoin stroke-miterlimit text-anchor font-size font-weight
"""
_ATTRIBUTES = frozenset(_NAMES.split())
_VALUE = re.compile(r"[-\w.,#%() ]*")

Row = tuple[str, float]


def bars(rows: Sequence[Row], says: str, *, colours: Sequence[str] = (), share: bool = False) -> Markup:
    """A bar for each row, from the left, with its value at the end; `colours` are names of the style's variables."""
    data = [
        {
            "name": f"{index} {clip(printable(name), LABEL)}",
            "value": value,
            "colour": colour,
            "said": _say(value, share),
        }
        for index, ((name, value), colour) in enumerate(zip(rows, _cycle(colours, len(rows)), strict=True))
    ]
    most = 1.0 if share else max((value for _, value in rows), default=1) or 1
    room = 1.05 + 0.03 * max((len(_say(value, share)) for _, value in rows), default=0)  # for the values
    y = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"domain": False, "labelExpr": "slice(datum.label, indexof(datum.label, ' ') + 1)"},
    }
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, most * room]}}
    return _draw(
        says,
        data,
        height={"step": 24},
        encoding={"y": y},
        layer=[
            {
                "mark": {"type": "bar", "height": 13, "cornerRadiusEnd": 2},
                "encoding": {"x": x, "color": {"field": "colour", "type": "nominal", "scale": None}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "baseline": "middle"},
                "encoding": {"x": x, "text": {"field": "said"}},
            },
        ],
    )


def columns(rows: Sequence[Row], says: str, *, colour: str = "accent", every: int = 1) -> Markup:
    """A column for each row, from left to right; every so many are labelled."""
    data = [{"at": index, "name": name, "value": value} for index, (name, value) in enumerate(rows)]
    labels = [index for index in range(len(rows)) if index % every == 0]
    names = [name for name, _ in rows]
    return _draw(
        says,
        data,
        height=150,
        mark={"type": "bar", "color": f"var(--{colour})", "cornerRadiusEnd": 1, **_narrow(len(rows))},
        encoding={
            "x": {
                "field": "at",
                "type": "ordinal",
                "title": None,
                "scale": {"paddingInner": 0.15, "paddingOuter": 0.1},
                "axis": {
                    "values": labels,
                    "labelAngle": 0,
                    "labelExpr": _pick(names),
                    "labelOverlap": "greedy",
                },
            },
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "axis": {"tickCount": 4, "domain": False},
            },
        },
    )


def stacked(rows: Sequence[tuple[str, str, float]], says: str, colours: Sequence[tuple[str, str]]) -> Markup:
    """A bar for each name of `(name, part, value)` in order, made of parts; `colours` are parts and variables."""
    parts = [part for part, _ in colours]
    names = list(dict.fromkeys(name for name, _, _ in rows))
    label = {name: f"{index} {clip(printable(name), LABEL)}" for index, name in enumerate(names)}
    data = [
        {"name": label[name], "part": part, "value": value, "order": parts.index(part)}
        for name, part, value in rows
    ]
    return _draw(
        says,
        data,
        height={"step": 24},
        mark={"type": "bar", "height": 13},
        encoding={
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "title": None,
                "axis": {"domain": False, "labelExpr": "slice(datum.label, indexof(datum.label, ' ') + 1)"},
            },
            "x": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "axis": {"tickCount": 4, "domain": False, "grid": True},
            },
            "order": {"field": "order"},
            "color": {
                "field": "part",
                "type": "nominal",
                "scale": {"domain": parts, "range": [f"var(--{colour})" for _, colour in colours]},
                "legend": {"orient": "top", "title": None, "direction": "horizontal"},
            },
        },
    )


def line(values: Sequence[float], says: str) -> Markup:
    """A small line without axes, its last point marked."""
    data = [{"at": index, "value": value} for index, value in enumerate(values)]
    scale = {"domain": [0, max(values) * 1.15 or 1]}
    encoding = {
        "x": {"field": "at", "type": "quantitative", "axis": None, "scale": {"nice": False}},
        "y": {"field": "value", "type": "quantitative", "axis": None, "scale": scale},
    }
    last = {"filter": f"datum.at == {len(values) - 1}"}
    return _draw(
        says,
        data,
        width=96,
        height=22,
        encoding=encoding,
        layer=[
            {"mark": {"type": "line", "color": "var(--muted)", "strokeWidth": 1.5}},
            {
                "mark": {"type": "point", "filled": True, "size": 22, "color": "var(--accent)"},
                "transform": [last],
            },
        ],
    )


def _draw(says: str, data: Sequence[Any], *, width: int = WIDTH, **spec: Any) -> Markup:
    import vl_convert  # takes a while, and brings a whole JavaScript engine

    size = {"autosize": {"type": "fit", "contains": "padding"}, "width": width, "padding": 2}
    drawn = vl_convert.vegalite_to_svg({"data": {"values": list(data)}, "config": _CONFIG, **size, **spec})
    return clean_svg(drawn, says)


def clean_svg(svg: str, says: str) -> Markup:
    """The shapes and texts of an SVG, as one image that says what it shows."""
    root = ElementTree.fromstring(svg)
    width, height = (float(root.get(name, "0")) for name in ("width", "height"))
    head = Markup(
        '<svg class="chart" viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}" role="img" aria-label="{}">'
    )
    return (
        head.format(width, height, width, height, says)
        + Markup("").join(map(_rebuild, root))
        + Markup("</svg>")
    )


def _rebuild(node: ElementTree.Element) -> Markup:
    name = str(node.tag).removeprefix(_SVG)
    if name not in _SHAPES or node.get("display") == "none" or "background" in node.get("class", "").split():
        return Markup("")
    kept = [
        Markup(' {}="{}"').format(key, value)
        for key, value in node.items()
        if key in _ATTRIBUTES and _VALUE.fullmatch(value)
    ]
    inner = escape(node.text or "") if name == "text" else Markup("").join(map(_rebuild, node))
    if not inner and name in ("g", "text"):
        return Markup("")
    return Markup(f"<{name}") + Markup("").join(kept) + Markup(">") + inner + Markup(f"</{name}>")


def _narrow(columns: int) -> dict[str, int]:
    """Few columns are not as wide as there is room."""
    return {"width": 28} if columns < 10 else {}


def _cycle(colours: Sequence[str], length: int) -> list[str]:
    return [f"var(--{colours[index] if index < len(colours) else 'accent'})" for index in range(length)]


def _pick(names: Iterable[str]) -> str:
    """A Vega expression for the name with a datum's number. Names are years and months, made here."""
    quoted = ", ".join(f"'{re.sub('[^0-9A-Za-z -]', '', name)}'" for name in names)
    return f"[{quoted}][datum.value]"


def _say(value: float, share: bool) -> str:
    return f"{value:.0%}".replace("%", " %") if share else f"{value:,.0f}"
