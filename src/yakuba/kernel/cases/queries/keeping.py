"""Which cases may be disposed of."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from yakuba.kernel.cases.models import Case, GrantCase, LegalHold
from yakuba.kernel.cases.rules.keeping import UNTIL_SAID, ToDispose, kept_until
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import FiscalYear


def due_for_disposal(section: Section, until: date) -> QuerySet[Case]:
    """Closed cases of a section whose retention is over on a day, without holds and with no open stage beside them."""
    holds = LegalHold.objects.filter(case=OuterRef("pk"), ended_at=None)
    open_stage = GrantCase.objects.filter(grant__stages__case=OuterRef("pk")).exclude(case__phase=Phase.CLOSED)
    rows = Case.objects.select_related("procedure").filter(section=section, phase=Phase.CLOSED)
    rows = rows.filter(~Exists(holds), ~Exists(open_stage)).order_by("number")
    wanted = []
    for years in set(Procedure.objects.values_list("retention_years", flat=True)):
        # Kept `years` from the 1 April after completion: over when the fiscal year of completion is old enough.
        last_year = FiscalYear.of(until).year - 1 - (UNTIL_SAID if years is None else years)
        wanted.append((years, FiscalYear(last_year).last_day))
    found = rows.none()
    for years, last_day in wanted:
        found = found | rows.filter(procedure__retention_years=years, completed_on__lte=last_day)
    return found


def as_kept(case: Case) -> ToDispose:
    """What is known of a case for the question whether it must be kept."""
    link = GrantCase.objects.filter(case=case).first()
    stages = GrantCase.objects.filter(grant=link.grant_id) if link else GrantCase.objects.none()
    return ToDispose(
        is_closed=case.standing is Phase.CLOSED,
        kept_until=kept_until(case.completed_on or date.max.replace(year=2900), case.procedure.retention_years),
        holds=LegalHold.objects.filter(case=case, ended_at=None).count(),
        grant_is_open=stages.exclude(case__phase=Phase.CLOSED).exists(),
    )
