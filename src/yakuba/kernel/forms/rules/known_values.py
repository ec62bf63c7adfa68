"""Values that rules name and questions do not have: 「持ち家」 was renamed, the condition still asks for the old value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yakuba.kernel.expressions.api import Named, ValueType

_COMPARING = frozenset({"==", "!=", "===", "!==", "in"})
_ROW_BODIES = frozenset({"map", "filter", "all", "some", "none"})
_CHOSEN = (ValueType.CHOICE, ValueType.CHOICES)


def unknown_values(rule: Any, names: Mapping[str, Named]) -> Iterator[tuple[str, str]]:
    """(label of the question, value) for every value a rule compares an answer with that is no option of it.

    ``names`` as `rules.naming` gives them, columns of groups included (``children.relation``).
    """
    if isinstance(rule, list):
        for one in rule:
            yield from unknown_values(one, names)
        return
    if not isinstance(rule, dict) or len(rule) != 1:
        return
    operator, operands = next(iter(rule.items()))
    given = operands if isinstance(operands, list) else [operands]
    if operator in _COMPARING and len(given) == 2:
        yield from _strangers(given[0], given[1], names)
        yield from _strangers(given[1], given[0], names)
    elif operator == "contains" and len(given) == 2:
        yield from _strangers(given[0], given[1], names)
    if operator in _ROW_BODIES and len(given) == 2:
        yield from unknown_values(given[0], names)
        yield from unknown_values(given[1], _columns(given[0], names))
        return
    for one in given:
        yield from unknown_values(one, names)


def _strangers(asked: Any, said: Any, names: Mapping[str, Named]) -> Iterator[tuple[str, str]]:
    """The values said of an asked question that it does not offer."""
    if not isinstance(asked, dict) or len(asked) != 1 or "var" not in asked:
        return
    name = asked["var"][0] if isinstance(asked["var"], list) and asked["var"] else asked["var"]
    named = names.get(name) if isinstance(name, str) else None
    if named is None or named.type not in _CHOSEN or not named.choices:
        return
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str) and one and one not in named.choices:
            yield named.label, one


def _columns(rows: Any, names: Mapping[str, Named]) -> dict[str, Named]:
    """The names of a row of the group that a list comes from."""
    while isinstance(rows, dict) and len(rows) == 1:
        operator, operands = next(iter(rows.items()))
        first = operands[0] if isinstance(operands, list) and operands else operands
        if operator == "var" and isinstance(first, str):
            head = first + "."
            return {name[len(head) :]: named for name, named in names.items() if name.startswith(head)}
        if operator != "filter":
            break
        rows = first
    return {}
