"""What cases store."""

from yakuba.kernel.cases.models.case import Case, CaseSeries, Outcome
from yakuba.kernel.cases.models.history import CaseEvent, Happening
from yakuba.kernel.cases.models.party import CaseParty

__all__ = [
    "Case",
    "CaseEvent",
    "CaseParty",
    "CaseSeries",
    "Happening",
    "Outcome",
]
