"""The states of an object and the ways between them, in one readable table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Generic, TypeVar

from yakuba.kernel.values.errors import Refusal

S = TypeVar("S", bound=Enum)


class TransitionRefused(Refusal):
    """The object cannot go from the state it is in to the one asked for."""

    def __init__(self, *, current: str, wanted: str, possible: tuple[str, ...]) -> None:
        ways = "、".join(f"「{state}」" for state in possible)
        super().__init__(
            f"「{current}」から「{wanted}」へは変えられません。",
            hint=f"いま変えられるのは{ways}です。画面を開き直して、今の状態を確かめてください。"
            if ways
            else f"「{current}」は最後の状態です。もう変えられません。",
        )
        self.current = current
        self.wanted = wanted
        self.possible = possible


class TransitionTable(Generic[S]):
    """Allowed transitions of one object (状態遷移表), a reason beside each edge.

    `edges` is `{from: {to: reason}}`; `start` the state (or states) an object is created in; `labels` what people read
    for a state (without it the member's `label`, if it has one, else its value). A state without edges is final.
    Raises `ValueError` when the table is empty, a reason is missing or a state of the enum cannot be reached.
    """

    def __init__(
        self,
        edges: Mapping[S, Mapping[S, str]],
        *,
        start: S | Collection[S],
        labels: Mapping[S, str] | None = None,
    ) -> None:
        self.start: tuple[S, ...] = (start,) if isinstance(start, Enum) else tuple(start)
        if not self.start:
            raise ValueError("a transition table needs a state to start from")
        self.states: tuple[S, ...] = tuple(type(self.start[0]))
        self._edges: Mapping[S, Mapping[S, str]] = MappingProxyType(
            {state: MappingProxyType(dict(edges.get(state, {}))) for state in self.states}
        )
        self._labels = dict(labels or {})
        self._validate(edges)

    def allowed(self, current: S) -> Mapping[S, str]:
        """The states reachable in one step from `current`, each with its reason."""
        return self._edges[current]

    def allows(self, current: S, wanted: S) -> bool:
        """Whether the step is in the table."""
        return wanted in self._edges[current]

    def check(self, current: S, wanted: S) -> None:
        """Raise `TransitionRefused` unless the step is in the table."""
        if not self.allows(current, wanted):
            raise TransitionRefused(
                current=self.label(current),
                wanted=self.label(wanted),
                possible=tuple(self.label(state) for state in self._edges[current]),
            )

    def is_final(self, state: S) -> bool:
        """Whether nothing leads out of the state."""
        return not self._edges[state]

    @property
    def final(self) -> frozenset[S]:
        """All final states."""
        return frozenset(state for state in self.states if self.is_final(state))

    def label(self, state: S) -> str:
        """What people read for a state."""
        if state in self._labels:
            return self._labels[state]
        return str(getattr(state, "label", state.value))

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, for READMEs and the documentation."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{_plain(self.label(state))}" as {state.name}' for state in self.states]
        lines += [f"    [*] --> {state.name}" for state in self.start]
        for state, ways in self._edges.items():
            lines += [f"    {state.name} --> {target.name}: {_plain(reason)}" for target, reason in ways.items()]
            if not ways:
                lines.append(f"    {state.name} --> [*]")
        return "\n".join(lines)

    def _validate(self, edges: Mapping[S, Mapping[S, str]]) -> None:
        known = set(self.states)
        mentioned = {
            *self.start,
            *edges,
            *(target for ways in edges.values() for target in ways),
        }
        if strangers := [state for state in mentioned if state not in known]:
            raise ValueError(f"states of another enum: {strangers!r}")
        for state, ways in edges.items():
            for target, reason in ways.items():
                if not reason.strip():
                    raise ValueError(f"{state.name} → {target.name} has no reason")
        reached: set[S] = set()
        waiting = list(self.start)
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting.extend(self._edges[state])
        if unreachable := [state.name for state in self.states if state not in reached]:
            raise ValueError(f"no way leads to {', '.join(unreachable)}")


def _plain(text: str) -> str:
    # Quotes, colons and semicolons end a label in Mermaid.
    return text.translate({ord('"'): "\u201d", ord(":"): "\uff1a", ord(";"): "\uff1b", ord("\n"): " "})
