"""Whether a JSON value is a rule at all: known operators, the right number of operands, within the bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from yakuba.kernel.expressions.rules.bounds import DEEPEST, LARGEST_NUMBER, LONGEST_TEXT, MOST_NODES
from yakuba.kernel.expressions.rules.faults import Fault, RuleFault, RuleProblem
from yakuba.kernel.expressions.rules.operators import OPERATIONS, Operation, operands_of
from yakuba.kernel.expressions.rules.values import Rule, taken

Place = tuple[Any, str | int] | None
"""Where a part of a rule stands: the place around it, and its key there. `None` is the rule itself."""


def path_of(place: Place) -> str:
    """The place as a JSON pointer (RFC 6901): `/and/1`."""
    parts: list[str] = []
    while place is not None:
        place, key = place
        parts.append(str(key)[:60].replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))


def refuse_unsound(rule: Rule) -> None:
    """Raise `RuleFault` for the first fault of form, if there is one."""
    if _nodes_of_sound(rule, 0) <= MOST_NODES:
        return
    problem = next(shape_problems(rule), None)
    if problem is not None:
        raise RuleFault.of(problem)


_UNSOUND: Final = MOST_NODES + 1


def _nodes_of_sound(part: Rule, depth: int) -> int:
    """The number of nodes of a sound rule, more than allowed when anything may be wrong.

    Every evaluation begins with it, so it only tells good from doubtful; `shape_problems` finds what is wrong and where.
    """
    kind = type(part)
    if kind is str:
        return 1 if len(part) <= LONGEST_TEXT else _UNSOUND
    if part is None or kind is bool or (kind is int and -LARGEST_NUMBER < part < LARGEST_NUMBER):
        return 1
    if kind is list:
        operands = part
    elif kind is dict and len(part) == 1:
        ((key, written),) = part.items()
        operands = operands_of(written)
        operation = OPERATIONS.get(key)
        if operation is None or not takes(operation, operands):
            return _UNSOUND
    else:
        return _UNSOUND
    if depth >= DEEPEST or len(operands) > MOST_NODES:
        return _UNSOUND
    nodes = 1
    for each in operands:
        if type(each) is str and len(each) <= LONGEST_TEXT:
            nodes += 1  # the most frequent part, without a call of its own
        else:
            nodes += _nodes_of_sound(each, depth + 1)
        if nodes > MOST_NODES:
            return _UNSOUND
    return nodes


def shape_problems(rule: Rule) -> Iterator[RuleProblem]:
    """The faults of form in the order of the rule; none beyond the part where a bound is broken."""
    nodes = 0
    waiting: list[tuple[Rule, int, Place, bool]] = [(rule, 0, None, False)]
    while waiting:
        part, depth, place, is_plain = waiting.pop()
        kind = type(part)
        nodes += 1
        if nodes > MOST_NODES or (kind is list and len(part) > MOST_NODES):
            yield _too_many_nodes()
            return
        if kind is not list and kind is not dict:
            yield from _problems_of_plain_value(part, place)
            continue
        if depth >= DEEPEST:
            yield _too_large(
                f"条件式の入れ子が深すぎます（{DEEPEST}段まで）。", "途中の計算を別の項目にしてください。", place
            )
            return
        items: Iterable[tuple[str | int, Rule]]
        if kind is list:
            items = enumerate(part)
        elif is_plain or len(part) != 1:
            # Not an operator: such a mapping is a plain value and stands for itself.
            is_plain, items = True, part.items()
        else:
            ((key, written),) = part.items()
            operation = OPERATIONS.get(key)
            if operation is None:
                yield _unknown_operator(str(key), place)
                continue
            operands = operands_of(written)
            if not takes(operation, operands):
                yield _wrong_count(operation, len(operands), place)
            place, items = (place, key), enumerate(operands)
        inner = [(each, depth + 1, (place, key), is_plain) for key, each in items]
        waiting.extend(reversed(inner))


def takes(operation: Operation, operands: Sequence[Rule]) -> bool:
    """Whether an operator takes so many operands; `{"today": null}` is written without any."""
    if operation.most == 0:
        return len(operands) == 0 or list(operands) == [None]
    count = len(operands)
    return operation.least <= count and (operation.most is None or count <= operation.most)


def _problems_of_plain_value(value: Any, place: Place) -> Iterator[RuleProblem]:
    if type(value) is str:
        if len(value) > LONGEST_TEXT:
            yield _too_large(
                f"条件式の中の文字が長すぎます（{LONGEST_TEXT:,}文字まで）。", "文字を短くしてください。", place
            )
        return
    try:
        taken(value)
    except RuleFault as fault:
        yield RuleProblem(path_of(place), fault.fault, fault.message, fault.hint or "")


def _too_many_nodes() -> RuleProblem:
    return _too_large(
        f"条件式が大きすぎます（部品は{MOST_NODES:,}個まで）。",
        "条件を分けるか、途中の計算を別の項目にしてください。",
        None,
    )


def _too_large(message: str, hint: str, place: Place) -> RuleProblem:
    return RuleProblem(path_of(place), Fault.TOO_LARGE, message, hint)


def _unknown_operator(key: str, place: Place) -> RuleProblem:
    return RuleProblem(
        path_of(place),
        Fault.UNKNOWN_OPERATOR,
        f"「{key[:40]}」という演算子はありません。",
        "演算子の一覧にあるものを使ってください。",
    )


def _wrong_count(operation: Operation, given: int, place: Place) -> RuleProblem:
    least, most = operation.least, operation.most
    if most is None:
        wanted = f"{least}個以上"
    elif least == most:
        wanted = f"{least}個"
    else:
        wanted = f"{least}個から{most}個"
    return RuleProblem(
        path_of(place),
        Fault.WRONG_COUNT,
        f"「{operation.key}」に続く値の数が合いません（{given}個あります）。",
        f"値を{wanted}にしてください。",
    )
