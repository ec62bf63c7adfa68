"""Every key is found on the line it is written on."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.plan.rules.key_positions import find_key_lines, line_of

DOCUMENT = '''# head
title = "x # not a comment"

[owner]   # comment
name = """
two
lines \\""" not the end
"""
"quoted key" = 1
a.b.c = 2
list = [
  1, # one
  { x = 1, y.z = [true, false] },
  'lit[eral',
]
when = 1979-05-27 07:32:00
path = \'\'\'C:\\\'\'\'

[[items]]
id = "a"
[[items.parts]]
n = 1
[[items.parts]]
n = 2
[items.inner]
k = 0
[[items]]
id = "b"
[[items.parts]]
n = 3
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("owner",), 4),
        (("owner", "name"), 5),
        (("owner", "quoted key"), 9),
        (("owner", "a", "b", "c"), 10),
        (("owner", "list"), 11),
        (("owner", "list", 0), 12),
        (("owner", "list", 1, "x"), 13),
        (("owner", "list", 1, "y", "z", 1), 13),
        (("owner", "list", 2), 14),
        (("owner", "when"), 16),
        (("owner", "path"), 17),
        (("items", 0), 19),
        (("items", 0, "parts", 0, "n"), 22),
        (("items", 0, "parts", 1, "n"), 24),
        (("items", 0, "inner", "k"), 26),
        (("items", 1), 27),
        (("items", 1, "parts", 0, "n"), 30),
    ],
)
def test_each_key_is_found_on_its_line(path, line):
    assert find_key_lines(DOCUMENT)[path] == line


def test_windows_line_ends_count_as_one():
    assert find_key_lines(DOCUMENT.replace("\n", "\r\n")) == find_key_lines(DOCUMENT)


def test_a_key_that_is_not_written_is_sought_at_the_table_around_it():
    lines = find_key_lines(DOCUMENT)
    assert line_of(("items", 1, "parts", 0, "missing", "deeper"), lines) == 29
    assert line_of(("nowhere",), lines) == 1


def _paths(node, path=()):
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from _paths(child, (*path, key))


_keys = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5)
_scalars = st.one_of(
    st.integers(-5, 5), st.booleans(), st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
)
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3), max_leaves=8
)


def _quoted(text):
    def letter(char):
        return f"\\u{ord(char):04X}" if char in '"\\' or ord(char) < 32 or ord(char) == 127 else char

    return '"' + "".join(letter(char) for char in text) + '"'


def _toml(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + ", # ] }\n".join(_toml(inner) for inner in value) + "\n]"
    return str(value) if isinstance(value, int) else _quoted(value)


@given(st.dictionaries(_keys, _values, max_size=4), st.lists(st.dictionaries(_keys, _values, max_size=3), max_size=3))
def test_exactly_the_paths_the_parser_sees_are_found(table, rows):
    text = "[t]\n" + "".join(f"{_quoted(key)} = {_toml(value)}\n" for key, value in table.items())
    for row in rows:
        text += "[[r]]\n" + "".join(f"{_quoted(key)} = {_toml(value)}\n" for key, value in row.items())
    lines = find_key_lines(text)
    assert set(lines) == set(_paths(tomllib.loads(text)))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
