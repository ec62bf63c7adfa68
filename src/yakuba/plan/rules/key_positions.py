"""Where each key of a TOML text stands.

The standard parser forgets positions. This reader walks a text the parser has already accepted and notes the line of
every key, table header and array element; it keeps no values. Source of the grammar: TOML v1.0.0, https://toml.io/.
"""

from __future__ import annotations

KeyPath = tuple[str | int, ...]
"""Way from the root of the document: names of keys and zero-based positions in arrays."""

_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def find_key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) on which each key of a valid TOML text is first written.

    Keys, the tables of headers, elements of arrays and members of inline tables are all found; the root `()` is
    line 1. For a text that is not valid TOML the result is unspecified.
    """
    return _Reader(text.replace("\r\n", "\n")).read()


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int:
    """The line of a path, or of the nearest table around it when the key itself is not written."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {(): 1}
        self.table_counts: dict[KeyPath, int] = {}
        self._counted_to = 0
        self._line = 1

    def read(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while True:
            self._skip_blank()
            if self.at >= len(self.text):
                return self.lines
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        line = self._line_here()
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._dotted_key()
        self.at = self.text.index("]", self.at) + (2 if is_array else 1)
        path: KeyPath = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            self.lines.setdefault(path, line)
            last = position == len(keys) - 1
            if is_array and last:
                count = self.table_counts.get(path, 0)
                self.table_counts[path] = count + 1
                path = (*path, count)
                self.lines[path] = line
            elif path in self.table_counts:
                path = (*path, self.table_counts[path] - 1)
        return path

    def _pair(self, table: KeyPath) -> None:
        line = self._line_here()
        path = table
        for key in self._dotted_key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.at = self.text.index("=", self.at) + 1
        self._skip_spaces()
        self._value(path)

    def _dotted_key(self) -> list[str]:
        keys = []
        while True:
            self._skip_spaces()
            keys.append(self._simple_key())
            self._skip_spaces()
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _simple_key(self) -> str:
        if self.text[self.at] in "\"'":
            return self._string()
        start = self.at
        while self.at < len(self.text) and (self.text[self.at].isalnum() or self.text[self.at] in "_-"):
            self.at += 1
        return self.text[start : self.at]

    def _value(self, path: KeyPath) -> None:
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        position = 0
        while True:
            self._skip_blank()
            if self.text[self.at] == "]":
                self.at += 1
                return
            element = (*path, position)
            self.lines[element] = self._line_here()
            self._value(element)
            position += 1
            self._skip_blank()
            if self.text[self.at] == ",":
                self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self._skip_blank()
            if self.text[self.at] == "}":
                self.at += 1
                return
            self._pair(path)
            self._skip_blank()
            if self.text[self.at] == ",":
                self.at += 1

    def _string(self) -> str:
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            return self._long_string(quote)
        self.at += 1
        letters = []
        while self.text[self.at] != quote:
            letters.append(self._letter(quote))
        self.at += 1
        return "".join(letters)

    def _long_string(self, quote: str) -> str:
        self.at += 3
        letters = []
        while not self.text.startswith(quote * 3, self.at):
            letters.append(self._letter(quote))
        self.at += 3
        # Up to two quotes may stand directly before the closing three.
        while self.text.startswith(quote, self.at):
            self.at += 1
        return "".join(letters)

    def _letter(self, quote: str) -> str:
        letter = self.text[self.at]
        self.at += 1
        if quote == "'" or letter != "\\":
            return letter
        escape = self.text[self.at]
        self.at += 1
        if escape in "uU":
            digits = 4 if escape == "u" else 8
            code = self.text[self.at : self.at + digits]
            self.at += digits
            return chr(int(code, 16))
        return _ESCAPES.get(escape, "")

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def _skip_blank(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at] in " \t\n":
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _line_here(self) -> int:
        # Counted forward from the last question, so a long file is walked once.
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line
