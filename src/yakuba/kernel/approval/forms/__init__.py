"""The forms of the pages of decisions."""

from yakuba.kernel.approval.forms.acts import ActForm, IssueForm, ReasonForm, RerouteForm, WithdrawalForm
from yakuba.kernel.approval.forms.numbers import SymbolForm, VoidForm
from yakuba.kernel.approval.forms.town import AbsenceForm, DelegationForm, EndForm, SheetForm

__all__ = [
    "AbsenceForm",
    "ActForm",
    "DelegationForm",
    "EndForm",
    "IssueForm",
    "ReasonForm",
    "RerouteForm",
    "SheetForm",
    "SymbolForm",
    "VoidForm",
    "WithdrawalForm",
]
