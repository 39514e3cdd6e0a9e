"""Charts: drawn by Vega-Lite, cleaned, coloured by the page's style, told in words."""

from __future__ import annotations

import re

import pytest
from hostile_rows import VALUES, inspect

from ingest.report import charts
from ingest.report.figures import years_or_months


def test_bars_show_names_and_values_in_the_styles_colours():
    svg = str(charts.bars([("plea", 1200.0), ("cookie", 3.0)], "Words by kind.", colours=["plea", "cookie"]))
    assert 'role="img" aria-label="Words by kind."' in svg
    assert re.findall(r">([^<>]+)</text>", svg) == ["plea", "cookie", "1,200", "3"]
    assert "var(--plea)" in svg and "var(--cookie)" in svg
    assert not re.search(r"#[0-9a-f]{3,6}\b|font-family|style=|class=\"(?!chart)", svg)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_hostile_name_is_a_label(value):
    svg = charts.bars([(value, 2.0), ("b", 1.0)], value) + charts.stacked(
        [(value, "x", 1.0)], value, (("x", "good"),)
    )
    assert inspect(f"<main>{svg}</main>").faults == []


def test_only_shapes_and_texts_are_taken_over():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="x()"><script>x()</script>'
        '<style>*{}</style><a href="javascript:x()"><text>out</text></a><image href="https://evil.example/"/>'
        '<foreignObject/><path d="M0,0" fill="url(https://evil.example)" onclick="x()"/></svg>'
    )
    head, _, inside = str(charts.clean_svg(svg, "s")).partition(">")
    assert head == '<svg class="chart" viewBox="0 0 9 9" width="9" height="9" role="img" aria-label="s"'
    assert inside == '<path d="M0,0"></path></svg>'


def test_a_line_of_nothing_but_zeros_is_drawn():
    assert "<path" in charts.line([0, 0, 0], "flat")


def test_dates_are_counted_by_month_or_by_year_and_outliers_do_not_stretch_the_axis():
    may = 2024 * 12 + 4
    assert years_or_months({may: 3, may + 2: 1}) == (
        "month",
        [("2024-05", 3), ("2024-06", 0), ("2024-07", 1)],
    )
    unit, rows = years_or_months({1991 * 12: 1, **{2015 * 12 + n: 10 for n in range(60)}, 2030 * 12: 1})
    assert unit == "year"
    assert rows[0] == ("until 2015", 121) and rows[-1] == ("from 2019", 121) and len(rows) == 5
    assert sum(number for _, number in rows) == 602
    assert years_or_months({}) == ("month", [])
