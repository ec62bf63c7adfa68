"""Recording people: somebody new is hired, somebody already in service is entered."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Employment, OutsideOrganisation, Post, Posting, Section, Staff
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.organisation.rules.employment import check_first_term, check_service, tidy_name, tidy_number
from yakuba.kernel.organisation.services.post_staff import store_posting
from yakuba.kernel.values.api import Refusal


@verb("organisation.record_staff", label="職員の登録")
def record_staff(
    *,
    by: Person,
    number: str,
    name: str,
    employment: str,
    joined_on: date,
    leaves_on: date | None = None,
    name_kana: str = "",
    mail: str = "",
    organisation: OutsideOrganisation | None = None,
) -> Staff:
    """Enter a person who is in service already (first-week data), without a posting.

    ``leaves_on`` is the first day out of service. Raises ``Refusal`` for a number in use or a term that cannot be.
    """
    require_editor(by)
    return _store(number, name, employment, joined_on, leaves_on, name_kana, mail, organisation)


@verb("organisation.hire_staff", label="採用・任用")
def hire_staff(
    *,
    by: Person,
    number: str,
    name: str,
    employment: str,
    joined_on: date,
    section: Section,
    post: Post,
    leaves_on: date | None = None,
    name_kana: str = "",
    mail: str = "",
    organisation: OutsideOrganisation | None = None,
) -> Staff:
    """Take somebody into service with a first main posting, both from ``joined_on``.

    Raises ``Refusal`` for a number in use, a term that cannot be, or a section that does not exist then.
    """
    require_editor(by)
    check_first_term(employment=employment, joined_on=joined_on, leaves_on=leaves_on)
    staff = _store(number, name, employment, joined_on, leaves_on, name_kana, mail, organisation)
    store_posting(
        Posting(
            staff=staff,
            section=section,
            post=post,
            starts_on=joined_on,
            ends_on=leaves_on,
            is_main=True,
            ground="採用" if employment != Employment.FISCAL_YEAR else "任用",
        )
    )
    return staff


def _store(
    number: str,
    name: str,
    employment: str,
    joined_on: date,
    leaves_on: date | None,
    name_kana: str,
    mail: str,
    organisation: OutsideOrganisation | None,
) -> Staff:
    tidy = tidy_number(number)
    taken = Staff.objects.filter(number=tidy).first()
    if taken is not None:
        raise Refusal(
            f"職員番号「{tidy}」は「{taken.name}」が使っています。",
            field="number",
            hint="番号を確かめてください。一度使った番号をほかの人に使うことはできません。",
        )
    check_day(joined_on, field="joined_on", what="採用日")
    if leaves_on is not None:
        check_day(leaves_on, field="last_day", what="最後の在職日")
    check_service(employment=employment, joined_on=joined_on, leaves_on=leaves_on)
    if (employment == Employment.OUTSIDE) != (organisation is not None):
        raise Refusal(
            "外部の人には所属する団体が必要です。"
            if organisation is None
            else "外部の団体を選べるのは「外部の人」だけです。",
            field="organisation",
            hint="任用の種類と外部の団体を合わせてください。",
        )
    return Staff.objects.create(
        number=tidy,
        name=tidy_name(name),
        name_kana=name_kana.strip(),
        employment=employment,
        joined_on=joined_on,
        leaves_on=leaves_on,
        mail=mail.strip(),
        organisation=organisation,
    )
