"""What is known while a form is read for an app, and the fields a question becomes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yakuba.kernel.expressions.api import Named, ValueType, check, in_words, references
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import RESERVED, AppField, FieldClass, FieldType

LONGEST_LABEL = 60
OTHER = "other"


@dataclass
class Copying:
    """What is known while a form is read from its first question to its last."""

    names: Mapping[str, Named]
    """What the form calls its answers, for conditions in words."""
    is_personal: bool
    taken: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    same: dict[str, AppField] = field(default_factory=dict)
    """Answers that an app holds as the form does, by their name in the form: rules may go on reading them."""
    listed: int = 0

    def key(self, wanted: str) -> str:
        """A key for a field, the one of the form wherever an app takes it."""
        base = re.sub(r"_+", "_", wanted).strip("_")[:36]
        base = f"{base}_1" if base in RESERVED else base
        key, number = base, 1
        while key in self.taken:
            number += 1
            key = f"{base}_{number}"
        self.taken.add(key)
        return key

    def label(self, wanted: str, step: str) -> str:
        """A label no other field has; brackets are those that formulas leave alone."""
        tidy = " ".join(wanted.replace("「", "『").replace("」", "』").split())
        label, number = tidy[:LONGEST_LABEL], 1
        if label in self.labels and step:
            label = f"{tidy[:40]}（{step[:18]}）"
        while label in self.labels:
            number += 1
            label = f"{tidy[: LONGEST_LABEL - 5]}（{number}）"
        self.labels.add(label)
        return label

    def rule(self, rule: Any) -> Any:
        """A rule of the form as one of the app; None where it reads what an app does not hold in the same way."""
        try:
            reads = references(rule)
        except Refusal:
            return None
        if not reads <= self.same.keys():
            return None
        renamed = _renamed(rule, {name: one.key for name, one in self.same.items()})
        names: dict[str, ValueType] = {one.key: one.value_type for one in self.same.values()}
        return None if check(renamed, names=names) else renamed

    def in_words(self, rule: Any, *, as_value: bool = False) -> str:
        """A rule of the form as people read it."""
        try:
            return in_words(rule, names=self.names, as_value=as_value)
        except Refusal:
            return "決まった条件"

    def class_of(self, question: Any, rule: Any = None) -> FieldClass:
        """What a field holds about people: what the form says, and of a computed one what it is computed from."""
        if question.is_sensitive or any(one.is_sensitive for one in getattr(question, "questions", ())):
            return FieldClass.SENSITIVE
        reads = [one for name in (references(rule) if rule is not None else ()) if (one := self.same.get(name))]
        if any(one.data_class is FieldClass.SENSITIVE for one in reads):
            return FieldClass.SENSITIVE
        return FieldClass.PERSONAL if self.is_personal else FieldClass.OPEN


@dataclass
class Made:
    """Fields as they are being made, and what is said of them; without fields the question is not carried over."""

    fields: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    is_same: bool = False
    """Whether rules may go on reading the first field by the name of the question."""

    def add(self, kind: FieldType, **more: Any) -> None:
        self.fields.append({"type": kind, **more})


def _renamed(rule: Any, keys: Mapping[str, str]) -> Any:
    """A rule with the names it reads written as the keys of the app."""
    if isinstance(rule, list):
        return [_renamed(one, keys) for one in rule]
    if not isinstance(rule, dict):
        return rule
    if set(rule) == {"var"}:
        name = rule["var"]
        if isinstance(name, list):
            return {"var": [keys.get(name[0], name[0]), *name[1:]]} if name else rule
        return {"var": keys.get(name, name)}
    return {operator: _renamed(operands, keys) for operator, operands in rule.items()}
