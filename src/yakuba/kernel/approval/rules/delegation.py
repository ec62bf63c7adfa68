"""The 専決 table: who decides a matter up to which amount, and what goes up to the head of the authority all the same.

Exceptions of the regulations of towns: 異例, 重要 and disputed matters (合議不調) are decided by the head, whatever the table
says (e.g. 下仁田町事務決裁規程); an amount nobody can tell yet is treated as the largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.approval.rules.routes import Seat, Who

MOST_YEN = 10**12


@dataclass(frozen=True, slots=True)
class Delegation:
    """One line: matters called ``matter`` (``""``: every other) up to ``up_to`` yen (``None``: any) are ``seat``'s."""

    matter: str
    up_to: int | None
    seat: Seat
    ground: str


@dataclass(frozen=True, slots=True)
class Delegated:
    """Who decides, and why: the words stand beside the stage."""

    seat: Seat
    why: str


HEAD = Seat(Who.AUTHORITY_HEAD)


def delegated_to(
    table: Sequence[Delegation],
    *,
    matter: str,
    amount: int | None,
    otherwise: Seat,
    exception: str = "",
) -> Delegated:
    """Who decides a matter of an amount in yen.

    ``otherwise`` decides what no line speaks of (general lines speak of amounts only); ``exception`` names why the head
    decides in any case (「異例な案件」).
    """
    if exception:
        return Delegated(HEAD, f"{exception}のため、専決によらない")
    lines = [one for one in table if one.matter == matter]
    if not lines and amount is not None:
        lines = [one for one in table if not one.matter]
    if not lines:
        return Delegated(otherwise, "")
    ordered = sorted(lines, key=lambda one: (one.up_to is None, one.up_to or 0))
    for one in ordered:
        if one.up_to is None or (amount is not None and amount <= one.up_to):
            return Delegated(one.seat, _why(one, amount))
    if amount is None:
        return Delegated(HEAD, "金額が分からないため")
    return Delegated(HEAD, f"{amount:,}円は、専決できる額（{ordered[-1].up_to or 0:,}円）を超えるため")


def _why(line: Delegation, amount: int | None) -> str:
    limit = "" if line.up_to is None else f"{line.up_to:,}円以下"
    said = "・".join(one for one in (line.matter, limit) if one)
    ground = f"（{line.ground}）" if line.ground else ""
    return f"専決：{said}{ground}" if said else f"専決{ground}"
