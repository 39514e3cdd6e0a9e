"""The strict door: every mistake, at its place, with a suggestion, all in one go."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.loader import MAX_FILE_CHARS, load_file
from ingest.rules.model import PackFile, SiteFile

HEAD = "site: example.com\nhosts: [example.com]\n"


def load(text: str):
    return load_file("example.com.yaml", text, SiteFile)


def complaints(text: str, kind: type = SiteFile) -> list[str]:
    return [str(mistake) for mistake in load_file("example.com.yaml", text, kind).mistakes]


def test_a_file_becomes_its_type():
    loaded = load(HEAD + "strip:\n  - {id: plea, kind: plea, line: '^Dear reader'}\n")
    assert loaded.mistakes == []
    assert loaded.value.strip[0].line == "^Dear reader"
    assert loaded.value.strip[0].at_most == 40


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("›langauge: en", "unknown key `langauge`; did you mean `language`?"),
        ("›zzz: en", "unknown key `zzz`; known here: describe, drop, hosts"),
        ("use: ›cookies", "expected list, got text"),
        ("language: ›[en]", "expected text, got list"),
        ("timezone: ›Mars/Olympus", "`Mars/Olympus` is not an IANA time zone"),
        ("timezone: ›../../etc/passwd", "is not an IANA time zone"),
        ("strip:\n  - ›kind: ad\n    line: x", "`id` is missing here"),
        ("strip: [{id: a, kind: ›pleaa, line: x}]", "did you mean `plea`?"),
        ("strip: [{id: ›A b, kind: ad, line: x}]", "expected text matching"),
        ("strip: [{id: a, kind: ad, line: ›3}]", "expected text or list, got whole number"),
        ("strip: [{id: a, kind: ad, line: ›'(?=x)'}]", "no lookaround"),
        ("strip: [{id: a, kind: ad, line: [ok, ›'(']}]", "the pattern does not compile"),
        ("strip: [{id: a, kind: ad, ›lin: x}]", "unknown key `lin`; did you mean `line`?"),
        ("strip: [›{id: a, kind: ad}]", "exactly one of `line`, `part` and `from`"),
        ("strip: [›{id: a, kind: ad, line: x, part: y}]", "here: `line` and `part`"),
        ("strip: [›{id: a, kind: ad, from: x}]", "`from` needs either `through`"),
        ("strip: [›{id: a, kind: ad, from: x, through: y, while: z}]", "`from` needs either"),
        ("strip: [›{id: a, kind: ad, line: x, through: y}]", "go with `from`"),
        ("strip: [›{id: a, kind: caption, part: x}]", "a caption is a whole block"),
        ("strip: [{id: a, kind: ad, from: x, through: y, at_most: ›0}]", "expected whole number >= 1"),
        ("strip: [{id: a, kind: ad, line: x, where: ›middle}]", "not one of head, tail"),
        ("refuse: [›{id: a}]", "give either `line` or `css`"),
        ("recognise: [›{text: x, css: p}]", "give either `text` or `css`"),
        ("drop: [{id: a, kind: ad, css: ›'p['}]", "the selector `p[` does not compile"),
        ("layouts: [{id: new, when: ›{}}]", "`when` is empty"),
        ("layouts: [{id: new, when: ›'p['}]", "the selector `p[` does not compile"),
        ("layouts: [{id: new, when: p, body: [main, ›'p[']}]", "does not compile"),
        ("layouts: [{id: new, when: p, title: ›'p['}]", "does not compile"),
        ("layouts: [{id: new, when: p, title: [h1, ›{css: 'p['}]}]", "does not compile"),
        ("layouts: [{id: 1, when: p}, {id: ›1, when: q}]", "two layouts are called `1`"),
        ("describe: {title: {›lien: x}}", "did you mean `line`?"),
        ("describe: {›byline: {line: x}}", "unknown key `byline`"),
    ],
)
def test_each_kind_of_mistake_at_its_place(text, message):
    lines = (HEAD + text.partition("›")[0]).split("\n")
    found = complaints(HEAD + text.replace("›", "") + "\n")
    place = f"example.com.yaml:{len(lines)}:{len(lines[-1]) + 1}: "
    assert any(line.startswith(place) and message in line for line in found), found


def test_all_mistakes_come_in_one_go_and_in_order():
    found = complaints(
        "site: example.com\nhosts: []\nnmae: X\nstrip:\n"
        "  - {id: a, kind: pleaa, line: x}\n"
        "  - {id: b, kind: plea, line: '('}\n"
        "  - {id: b, kind: plea, line: x}\n"
        "  - {id: c, kind: plea, line: x, unless: y}\n"
        "layouts:\n"
        "  - {id: 1, when: p, drop: [{id: d, kind: ad, css: 'p['}, {id: e, kind: ad}]}\n"
    )
    assert [line.split(":")[1] for line in found] == ["2", "3", "5", "6", "7", "8", "10", "10"]


def test_a_value_put_aside_is_not_called_missing():
    assert len(complaints(HEAD + "strip:\n  - {id: a, kind: pleaa, line: x}\n")) == 1


def test_an_id_is_unique_over_strip_drop_and_refuse():
    found = complaints(
        HEAD
        + "refuse: [{id: a, line: x}]\ndrop: [{id: a, kind: ad, css: p}]\n"
        + "layouts: [{id: 1, when: p, drop: [{id: a, kind: ad, css: b}]}]\nstrip: [{id: a, kind: ad, line: x}]\n"
    )
    assert len(found) == 3
    assert all("the id `a` is already used on line 3" in line for line in found)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1", "the file is empty"),
        ("# nothing but a comment\n", "1:1", "the file is empty"),
        ("- site: x\n", "1:1", "expected mapping, got list"),
        ("site: a.com\nsite: b.com\nhosts: [a.com]\n", "2:1", "`site` is given twice"),
        (HEAD + "strip:\n  - {id: a, id: b, kind: ad, line: x}\n", "4:13", "`id` is given twice"),
        ("site: &a a.com\nhosts: [*a]\n", "1:7", "anchors and aliases"),
        ("site: a.com\n\thosts: [a.com]\n", "2:1", "not valid YAML"),
        ("site: a.com\nhosts: [a.com\nname: x\n", "3:5", "not valid YAML"),
        ("site: a.com\n---\nsite: b.com\n", "2:1", "not valid YAML"),
        ("x" * (MAX_FILE_CHARS + 1), "1:1", "split it"),
        (HEAD + "note: \x07\n", "", "not valid YAML"),
    ],
)
def test_what_is_no_good_yaml(text, place, message):
    found = complaints(text)
    assert any(f"example.com.yaml:{place}" in line and message in line for line in found), found


def test_deep_nesting_is_a_mistake_not_a_crash():
    assert complaints("a: " + "[" * 20_000 + "]" * 20_000)


def test_the_file_is_called_after_its_site():
    assert "must be called other.com.yaml" in complaints("site: other.com\nhosts: [other.com]\n")[0]


def test_plain_words_stay_words():
    loaded = load(HEAD + "language: no\nlayouts: [{id: 2020, when: {published_from: 2020-01-31}}]\n")
    assert loaded.value.language == "no"
    assert loaded.value.layouts[0].id == 2020
    assert loaded.value.layouts[0].when.published_from == date(2020, 1, 31)


def test_a_pack_has_its_own_keys():
    assert complaints("pack: x\nabout: y\n", PackFile) == []
    assert "unknown key `hosts`" in complaints("pack: x\nabout: y\nhosts: [a.com]\n", PackFile)[0]


@given(st.text(alphabet=string.printable + "é\u2028\x00\ufeff", max_size=200))
def test_any_text_is_a_value_or_mistakes(text):
    loaded = load(text)
    assert (loaded.value is None) == bool(loaded.mistakes)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(alphabet="abc:-[]{}'\"", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(SiteFile.__struct_encode_fields__), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_shape_is_a_value_or_mistakes_with_places(value):
    import yaml

    loaded = load(yaml.safe_dump({"site": "example.com", "hosts": ["example.com"], "strip": value}))
    for mistake in loaded.mistakes:
        assert mistake.line >= 1 and mistake.column >= 1 and mistake.message


def test_a_rule_that_lacks_or_misspells_a_key_is_still_looked_at():
    text = """\
site: example.org
hosts: [example.org]
strip:
  - {id: a, kind: plee, line: '('}
  - {kind: plea, line: '[z'}
  - 7
  - {id: b, line: x, previous: '('}
layouts:
  - {body: 'b['}
drop:
  - {id: c, kind: ad}
"""
    mistakes = load_file("example.org.yaml", text, SiteFile).mistakes
    assert [(m.line, m.message.split(" ")[0]) for m in mistakes] == [
        (4, "`plee`"),
        (4, "the"),
        (5, "`id`"),
        (5, "the"),
        (6, "expected"),
        (7, "`kind`"),
        (7, "the"),
        (9, "`id`"),
        (9, "`when`"),
        (9, "the"),
        (11, "`css`"),
    ]


def test_a_field_has_one_place():
    layout = HEAD + "layouts: [{id: new, when: p, title: %s}]\n"
    for place in (
        "{json_ld: headline}",
        "{meta: 'og:title'}",
        "{css: time, attr: datetime}",
        "[h1, {meta: a}]",
    ):
        assert complaints(layout % place) == []
    for place in ("{attr: x}", "{css: h1, meta: a}", "{json_ld: a, meta: b}"):
        assert any("exactly one of `css`, `json_ld`, `meta`" in line for line in complaints(layout % place))
    assert "`attr` goes with `css`" in complaints(layout % "{meta: a, attr: b}")[0]
