"""Correcting the record of a person (記録の訂正): names, kinds, mail; a new family name too."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Employment, OutsideOrganisation, Posting, Staff
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.employment import check_service, tidy_name
from yakuba.kernel.organisation.services.words import check_version
from yakuba.kernel.values.api import Refusal


@verb("organisation.correct_staff", label="職員の記録の訂正")
def correct_staff(
    *,
    by: Person,
    staff: Staff,
    version: int,
    name: str,
    employment: str,
    joined_on: date,
    name_kana: str = "",
    mail: str = "",
    organisation: OutsideOrganisation | None = None,
) -> Staff:
    """Correct what is recorded of a person. The number never changes: acts are known by it.

    Raises ``Refusal`` if another person changed the record meanwhile, or a posting would lie before the service.
    """
    require_editor(by)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    check_version(staff.version, version)
    check_day(joined_on, field="joined_on", what="採用日")
    check_service(employment=employment, joined_on=joined_on, leaves_on=staff.leaves_on)
    if (employment == Employment.OUTSIDE) != (organisation is not None):
        raise Refusal(
            "任用の種類と外部の団体が合っていません。",
            field="organisation",
            hint="「外部の人」には団体を選び、ほかの種類では空にしてください。",
        )
    if Posting.objects.filter(staff=staff, starts_on__lt=joined_on).exists():
        raise Refusal(
            "この採用日より前に始まる発令があります。", field="joined_on", hint="採用日か発令日を確かめてください。"
        )
    staff.name = tidy_name(name)
    staff.name_kana = name_kana.strip()
    staff.employment = employment
    staff.joined_on = joined_on
    staff.mail = mail.strip()
    staff.organisation = organisation
    staff.version += 1
    staff.save()
    return staff
