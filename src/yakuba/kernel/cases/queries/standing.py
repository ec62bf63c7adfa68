"""What is still open around a case, and how its procedure is handled."""

from __future__ import annotations

from django.db.models import Sum

from yakuba.kernel.approval.api import ActKind, Decider
from yakuba.kernel.cases.models import (
    Case,
    FileCheck,
    FileFinding,
    Handling,
    OrderRequest,
    OrderState,
    SignUpMode,
)
from yakuba.kernel.cases.rules.hindrances import Standing
from yakuba.kernel.catalogue.models import Procedure

ACT_KINDS = {
    "application": ActKind.DISPOSITION,
    "notification": ActKind.NOTIFICATION,
    "sign_up": ActKind.OTHER,
    "consultation": ActKind.OTHER,
    "subsidy": ActKind.OTHER,
}
"""What a decision is in law until the section says otherwise. A 補助金 granted under a 要綱 is a gift by contract; one
under an ordinance is a 処分, and its section says so (`services.set_handling`)."""


def standing_of(case: Case) -> Standing:
    """What is still open: three small queries."""
    unpaid = OrderRequest.objects.filter(case=case, state=OrderState.UNPAID).aggregate(sum=Sum("amount"))["sum"]
    return Standing(
        needs_identity=case.needs_identity,
        needs_paper=case.needs_paper,
        unchecked_mandate=case.parties.filter(role="agent", mandate_checked=False).exists(),
        suspect_files=FileCheck.objects.filter(case=case, finding=FileFinding.SUSPECT).count(),
        unpaid=unpaid or 0,
    )


def handling_of(procedure: Procedure) -> Handling:
    """How cases of a procedure are handled: as its section said, else as is usual for its kind (not stored)."""
    found = Handling.objects.filter(procedure=procedure).first()
    return found or Handling(
        procedure=procedure,
        act_kind=ACT_KINDS[procedure.kind].value,
        decider=Decider.SECTION_HEAD.value,
        sign_up_mode=SignUpMode.BY_CLERK.value,
        edition=0,
    )
