"""Names of an XLSForm: one for every question and every part, unique in the whole form, and back again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, Group, _WithOptions
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.naming import type_of

COMPOUND = ("name", "address", "bank_account", "place")
"""Kinds that are a group of inputs in an XLSForm."""

_TIDY = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What a name of an XLSForm stands for: our name (``works``, ``guardian.family``, ``row.birth`` inside its repeat),
    its type, the repeat it is in, and the values of its options by those of the file."""

    rule_name: str
    type: ValueType
    repeat: str = ""
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Names:
    """Both directions: our names to those of the file, and those of the file to what they stand for."""

    of_ours: dict[str, str] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def add(self, wanted: str, known: Known, ours: str) -> str:
        """Take a name for something of ours; it gets a number when it is taken."""
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        self.known[name] = known
        self.of_ours[ours] = name
        return name


def names_of(definition: Any) -> Names:
    """Names for everything in a form, in its order."""
    names = Names(taken={step.key for step in definition.steps})
    for question in definition.questions():
        if isinstance(question, Group):
            names.add(question.key, Known(question.key, ValueType.ROWS), question.key)
    for question in definition.questions():
        if isinstance(question, Group):
            for one in question.questions:
                _add(names, one, question.key)
        else:
            _add(names, question, "")
    return names


def _add(names: Names, question: Any, group: str) -> None:
    prefix = f"{group}." if group else ""
    rule_name = f"row.{question.key}" if group else question.key
    kind = ValueType.TEXT if question.type == "text_block" else type_of(question)
    name = names.add(question.key, Known(rule_name, kind, group, question.key), prefix + question.key)
    if isinstance(question, _WithOptions) and question.has_other:
        known = Known(rule_name + OTHER_SUFFIX, ValueType.TEXT, group, question.key + OTHER_SUFFIX)
        # pyxform makes this question itself, from the word or_other.
        names.taken.add(name + OTHER_SUFFIX)
        names.known[name + OTHER_SUFFIX] = known
        names.of_ours[prefix + question.key + OTHER_SUFFIX] = name + OTHER_SUFFIX
    if question.type in COMPOUND:
        for part in kind_of(question).parts(question):
            known = Known(f"{rule_name}.{part}", ValueType.TEXT, group, f"{question.key}.{part}")
            names.add(f"{question.key}_{part}", known, f"{prefix}{question.key}.{part}")


def tidy_key(name: str, taken: set[str]) -> str:
    """A key of ours for a name of a file: lower case, no other signs, none twice."""
    plain = _TIDY.sub("_", name.lower()).strip("_")
    if not plain or not plain[0].isalpha():
        plain = f"q_{plain}".rstrip("_")
    base, number = plain[:36], 2
    key = base
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    return key
