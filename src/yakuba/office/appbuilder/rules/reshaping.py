"""What becomes of the values of a record when the definition changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.check import in_order
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.values import NO_NAMES, Names, computed, converted, in_words, is_shaped


@dataclass(frozen=True, slots=True)
class Reshaped:
    """Values under the new definition; `kept` holds by field key what could not be converted, with its old field."""

    values: dict[str, Any]
    kept: dict[str, Any]


def reshaped(
    values: Mapping[str, Any],
    kept: Mapping[str, Any],
    *,
    before: Mapping[str, AppField],
    after: AppDefinition,
    today: date,
    names: Names = NO_NAMES,
) -> Reshaped:
    """The values of a record under a new definition.

    `before` are the fields as the record knows them. What cannot be converted is kept beside the new, empty value, and
    comes back when the field gets a type again that can hold it. Values of removed fields stay as they are.
    """
    new, left = dict(values), dict(kept)
    for one in after.fields:
        if not one.type.is_typed:
            continue
        old = before.get(one.key)
        if one.key in new and old is not None:
            try:
                value = converted(old, one, new[one.key], names)
            except Refusal:
                left[one.key] = {
                    "field": _written(old),
                    "value": new[one.key],
                    "words": in_words(old, new[one.key], names),
                }
                value = None
            _put(new, one.key, value)
        if one.key not in new and one.key in left:
            value = _back(left[one.key], one, names)
            if value is not None:
                new[one.key] = value
                del left[one.key]
    return Reshaped(with_computed(new, after, today), left)


def _back(kept: Any, one: AppField, names: Names) -> Any:
    try:
        return converted(AppField.model_validate(kept["field"]), one, kept["value"], names)
    except (Refusal, ValueError, KeyError, TypeError):
        return None


def _written(one: AppField) -> dict[str, Any]:
    written: dict[str, Any] = one.model_dump(mode="json", exclude_defaults=True)
    return written


def with_computed(
    values: Mapping[str, Any], definition: AppDefinition, today: date, *, order: Sequence[AppField] | None = None
) -> dict[str, Any]:
    """The values with every computed field computed anew, in the order they depend on each other.

    `order` is what `in_order` gives, for those who compute many records.
    """
    new = dict(values)
    fields = {one.key: one for one in definition.stored}
    for one in in_order(definition) if order is None else order:
        _put(new, one.key, computed(one, new, fields, today))
    for one in definition.fields:
        if one.type is FieldType.COMPUTED and one.key in new and not is_shaped(one, new[one.key]):
            del new[one.key]
    return new


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


_SILENT = frozenset({"label", "help", "required", "in_list", "default", "unit", "prefix", "data_class", "shows"})


def must_rebuild(before: AppDefinition, after: AppDefinition) -> bool:
    """Whether stored values or cells change under the new definition; texts and order alone change nothing."""
    old = {one.key: one for one in before.stored}
    new = {one.key: one for one in after.stored}
    if any(key in old and key not in new and old[key].has_cell for key in old) or before.alike != after.alike:
        return True
    for key, one in new.items():
        was = old.get(key)
        if was is None:
            return True  # a field that was there in an earlier version may have values
        left = one.model_dump(exclude=set(_SILENT))
        right = was.model_dump(exclude=set(_SILENT))
        if one.type.has_choices and one.type is was.type:
            kept = {choice.key for choice in one.choices}
            if {choice.key for choice in was.choices} <= kept:
                left["choices"] = right["choices"] = ()
        if left != right:
            return True
    return False
