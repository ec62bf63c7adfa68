"""What the plan board reads of the cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yakuba.kernel.cases.services import complete_case
from yakuba.kernel.values.api import FixedClock
from yakuba.residents.procedures.kpi import median_handling_days, share_abandoned, share_corrected


def test_the_plan_board_reads_the_measures_of_the_month_before(counter) -> None:
    december = date(2026, 12, 5)
    assert (median_handling_days(december), share_corrected(december), share_abandoned(december)) == (None, None, None)
    complete_case(by=counter.clerk(), case=counter.submit("notification"), clock=FixedClock(date(2026, 11, 4)))
    counter.begin()
    assert median_handling_days(december).value == Decimal(1)
    assert share_corrected(december).value == Decimal("0.0")
    assert share_abandoned(december).value == Decimal("50.0")
