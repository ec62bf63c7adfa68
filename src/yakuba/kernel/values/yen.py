"""Whole yen, and the only ways to divide them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from yakuba.kernel.values.errors import Refusal


class Rounding(Enum):
    """What happens to a fraction of a yen (端数処理).

    The rule acts on the amount without its sign, so the correction of a charge (the same amount with a minus)
    always cancels it exactly. Source of the default in public money: 国等の債権債務等の金額の端数計算に関する法律
    第2条 (fractions of a yen are dropped); an ordinance may say otherwise, therefore every caller states it.
    """

    DOWN = "切捨て"
    UP = "切上げ"
    HALF_UP = "四捨五入"

    def apply(self, amount: Fraction) -> int:
        """Round an exact amount to a whole number."""
        size = abs(amount)
        whole, remainder = divmod(size.numerator, size.denominator)
        raise_by_one = {
            Rounding.DOWN: False,
            Rounding.UP: remainder > 0,
            Rounding.HALF_UP: remainder * 2 >= size.denominator,
        }[self]
        whole += int(raise_by_one)
        return whole if amount >= 0 else -whole


_WRITTEN = re.compile(r"(?P<minus>[-−△▲])?¥?(?P<late_minus>-)?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)円?")
_MOST_DIGITS = 15


@dataclass(frozen=True, order=True, slots=True)
class Yen:
    """An amount in whole yen (円); may be negative.

    Adds and subtracts yen and whole numbers, multiplies by whole numbers, never meets a float. There is no `/`:
    use `divided_by` or `share`, which ask for the rounding, or `split`, which loses nothing.
    """

    amount: int

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"Yen takes a whole number, not {self.amount!r}")

    @classmethod
    def parse(cls, text: str) -> Yen:
        """Read what people and spreadsheets write: `1,234`, `１，２３４円`, `¥500`, `△300`. Raises `Refusal`."""
        tidy = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("\\", "¥")
        found = _WRITTEN.fullmatch(tidy)
        if found is None:
            raise Refusal(
                f"「{text[:40]}」は金額として読めません。",
                hint="円単位の整数で入力してください（例: 1,234）。小数や単位の「千円」は使えません。",
            )
        if found["minus"] and found["late_minus"]:
            raise Refusal(
                f"「{text[:40]}」には符号が二つあります。",
                hint="符号を一つにしてください。",
            )
        digits = found["digits"].replace(",", "")
        if len(digits) > _MOST_DIGITS:
            raise Refusal(
                f"金額のけたが多すぎます（{_MOST_DIGITS}けたまで）。",
                hint="けた数を確かめてください。",
            )
        return cls(-int(digits) if found["minus"] or found["late_minus"] else int(digits))

    def __add__(self, other: Yen | int) -> Yen:
        amount = _whole(other)
        return NotImplemented if amount is None else Yen(self.amount + amount)

    __radd__ = __add__

    def __sub__(self, other: Yen | int) -> Yen:
        amount = _whole(other)
        return NotImplemented if amount is None else Yen(self.amount - amount)

    def __rsub__(self, other: int) -> Yen:
        amount = _whole(other)
        return NotImplemented if amount is None else Yen(amount - self.amount)

    def __mul__(self, times: int) -> Yen:
        return Yen(self.amount * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Yen:
        return Yen(-self.amount)

    def __abs__(self) -> Yen:
        return Yen(abs(self.amount))

    def __bool__(self) -> bool:
        return self.amount != 0

    def __int__(self) -> int:
        return self.amount

    def __str__(self) -> str:
        return f"{self.amount:,}円"

    def __format__(self, spec: str) -> str:
        """`f"{fee}"` gives `1,234円`; any other format is that of the whole number: `f"{fee:,}"` gives `1,234`."""
        return format(self.amount, spec) if spec else str(self)

    @property
    def in_accounts(self) -> str:
        """As accounts are written (財務表記): without unit, a minus as `△`: `△1,234`."""
        return f"{'△' if self.amount < 0 else ''}{abs(self.amount):,}"

    def divided_by(self, parts: int, rounding: Rounding) -> Yen:
        """One of `parts` equal shares. Raises `ZeroDivisionError` for 0."""
        return self.share(1, parts, rounding)

    def share(self, numerator: int | Decimal | Fraction, denominator: int, rounding: Rounding) -> Yen:
        """`numerator / denominator` of the amount, computed exactly and rounded once: 10 % tax is `share(10, 100, …)`.

        `numerator` may be a rate kept as `Decimal` or `Fraction`; a float is refused (`TypeError`).
        """
        if isinstance(numerator, bool) or not isinstance(numerator, int | Decimal | Fraction):
            raise TypeError(f"a share of money needs an exact rate, not {numerator!r}")
        if type(denominator) is not int:
            raise TypeError(f"a share of money needs a whole denominator, not {denominator!r}")
        return Yen(rounding.apply(self.amount * Fraction(numerator) / denominator))

    def split(self, weights: int | Sequence[int]) -> tuple[Yen, ...]:
        """Divide so that the parts add up to the amount again (割り振り): instalments, costs shared by accounts.

        A number asks for that many equal parts, a sequence for parts in proportion to its weights (not negative, not
        all 0). The yen that do not divide go one each to the parts with the largest fraction, the earlier first.
        """
        shares = [1] * weights if isinstance(weights, int) else list(weights)
        total = sum(shares)
        if total <= 0 or min(shares) < 0:
            raise ValueError("weights must not be negative and must not all be 0")
        sign = -1 if self.amount < 0 else 1
        size = abs(self.amount)
        parts = [size * weight // total for weight in shares]
        fractions = [size * weight % total for weight in shares]
        by_fraction = sorted(range(len(shares)), key=lambda place: (-fractions[place], place))
        for place in by_fraction[: size - sum(parts)]:
            parts[place] += 1
        return tuple(Yen(sign * part) for part in parts)


def _whole(value: object) -> int | None:
    if isinstance(value, Yen):
        return value.amount
    return value if type(value) is int else None
