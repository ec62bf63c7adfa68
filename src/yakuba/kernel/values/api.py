"""What other packages import from `values`."""

from yakuba.kernel.values.clock import (
    TOKYO,
    Clock,
    FixedClock,
    OffsetClock,
    SystemClock,
    business_date,
    start_of_day,
)
from yakuba.kernel.values.errors import Refusal
from yakuba.kernel.values.fiscal_year import FiscalYear
from yakuba.kernel.values.period import Period
from yakuba.kernel.values.text import Text
from yakuba.kernel.values.transitions import TransitionRefused, TransitionTable
from yakuba.kernel.values.yen import Rounding, Yen

__all__ = [
    "TOKYO",
    "Clock",
    "FiscalYear",
    "FixedClock",
    "OffsetClock",
    "Period",
    "Refusal",
    "Rounding",
    "SystemClock",
    "Text",
    "TransitionRefused",
    "TransitionTable",
    "Yen",
    "business_date",
    "start_of_day",
]
