"""When the time of keeping is over, who it was is erased and the counts stay."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Clock, FiscalYear
from yakuba.residents.card_support.models import Appointment, ContactOpened, Visit
from yakuba.residents.card_support.models.appointment import CONTACT
from yakuba.residents.card_support.services.contacts import KEPT

_EMPTY = dict.fromkeys(CONTACT, "")


def erasable_until(today: date, *, years: int) -> date:
    """The last day whose records are erased today: of the fiscal years that ended so many years ago."""
    return FiscalYear(FiscalYear.of(today).year - years - 1).last_day


@verb("card.erase", label="保存期間の終わったカードの予約の個人の欄の消去")
def erase_old(*, by: Person, limit: int, clock: Clock) -> int:
    """Erase who it was from appointments and visits whose time is over. How many."""
    today = clock.today()
    until = erasable_until(today, years=whole_on("card.kept_years", today))
    appointments = list(
        Appointment.objects.filter(day__lte=until, erased_on__isnull=True).values_list("pk", flat=True)[:limit]
    )
    Appointment.objects.filter(pk__in=appointments).update(**_EMPTY, wish="", note="", must_call=False, erased_on=today)
    visits = list(
        Visit.objects.filter(asked_on__lte=until, erased_on__isnull=True)
        .exclude(scheduled_on__gt=until)
        .values_list("pk", flat=True)[: limit - len(appointments)]
    )
    Visit.objects.filter(pk__in=visits).update(
        **_EMPTY, organisation="", address="", room="", reason="", answer="", must_call=False, erased_on=today
    )
    ContactOpened.objects.filter(opened_at__lt=clock.now() - KEPT).delete()
    return len(appointments) + len(visits)
