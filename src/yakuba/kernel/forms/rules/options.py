"""Options written one a line: what stays keeps its value, its other languages and its condition."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from yakuba.kernel.forms.rules.definition import OTHER

Json = dict[str, Any]


def lines_of(written: str) -> list[str]:
    """The lines of a pasted list without blanks, bullets and repetitions of nothing."""
    found = []
    for line in written.replace("\t", "\n").splitlines():
        tidy = line.strip().lstrip("・●○-*•").strip()
        if tidy:
            found.append(tidy[:200])
    return found


def repeated(lines: Sequence[str]) -> list[str]:
    """The lines that stand twice (width does not count)."""
    seen: set[str] = set()
    found = []
    for line in lines:
        key = unicodedata.normalize("NFKC", line)
        if key in seen:
            found.append(line)
        seen.add(key)
    return found


def merged_options(lines: Sequence[str], old: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Options for the lines. A line with the words of an old option is that option; a line that stands where an old
    one stood, and is not written anywhere else, is that option with new words; any other line is new.
    """
    by_words = {_words(one): place for place, one in enumerate(old)}
    taken: set[int] = set()
    chosen: list[int | None] = []
    for line in lines:
        place = by_words.get(line)
        chosen.append(place if place is not None and place not in taken else None)
        if chosen[-1] is not None:
            taken.add(chosen[-1])
    for number, kept in enumerate(chosen):
        if kept is None and number < len(old) and number not in taken:
            chosen[number] = number
            taken.add(number)
    values = {old[place]["value"] for place in taken} | {OTHER}
    found: list[Json] = []
    for line, place in zip(lines, chosen, strict=True):
        if place is None:
            value = _free(values)
            values.add(value)
            found.append({"value": value, "label": {"ja": line}})
        elif _words(old[place]) == line:
            found.append(dict(old[place]))
        else:
            label = old[place]["label"]
            texts = {"ja": label} if isinstance(label, str) else dict(label)
            found.append({**old[place], "label": {**texts, "ja": line}})
    return found


def _words(option: Mapping[str, Any]) -> str:
    label = option["label"]
    return str(label if isinstance(label, str) else label.get("ja", ""))


def _free(values: set[str]) -> str:
    number = 1
    while f"o{number}" in values:
        number += 1
    return f"o{number}"
