"""Notices, letters, districts and a protected person of the sample town."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from yakuba.kernel.notify.recipients import PostalTo, Recipient
from yakuba.kernel.notify.rules.letters import Service
from yakuba.kernel.notify.services.districts import DistrictEntry, replace_districts
from yakuba.kernel.notify.services.mailings import write_letter
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.people.api import NoticePreference, ProfileEntry, Question, find_residents, save_profile
from yakuba.kernel.people.rules.protections import Ground, longest_last_day
from yakuba.kernel.people.services.protect import protect
from yakuba.kernel.things.sample import SampleContext, sample_part

_LETTERS = 9
_AREAS_OF_A_DISTRICT = 4


@sample_part(order=150, title="お知らせと郵便")
def fill(context: SampleContext) -> None:
    """Districts made up from the town's areas, letters of the register's section, a notice to the resident."""
    _districts(context)
    clerk = context.person("clerk")
    section = Section.objects.get(pk=min(clerk.section_ids))
    found = find_residents(by=clerk, question=Question(address=settings.TOWN.name)).residents
    heads = [one for one in found if one.is_head and one.address is not None][:: max(1, len(found) // 25)][:_LETTERS]
    for place, resident in enumerate(heads, start=1):
        if resident.address is None:
            continue
        write_letter(
            by=clerk,
            section=section,
            recipient=Recipient(
                name=resident.name,
                number=resident.number,
                born_on=resident.born_on,
                address=PostalTo.of(resident.address.postal_code, resident.address.written),
            ),
            title=f"マイナンバーカードの更新について（{context.label}）",
            text=(
                "マイナンバーカードの電子証明書の有効期限が近づいています。\n"
                "期限の3か月前から、役場の窓口で更新できます。カードと、この手紙をお持ちください。\n"
                f"これは{context.label}の手紙です。実際の手続きではありません。"
            ),
            number=f"{context.label}第{place}号",
            service=Service.ORDINARY,
            key=f"sample:letter:{place}",
            clock=context.clock,
        )
    _resident(context, section)
    protect(
        by=clerk,
        name=f"{context.label}　安心",
        born_on=None,
        account="",
        number="",
        ground=Ground.VIOLENCE,
        note=f"{context.label}の登録です。",
        starts_on=context.today - timedelta(days=100),
        last_day=longest_last_day(context.today - timedelta(days=100)),
        clock=context.clock,
    )


def _districts(context: SampleContext) -> None:
    place = Path(settings.YAKUBA_DATA) / "sample" / "places" / f"{settings.TOWN.code}.csv"
    with place.open(encoding="utf-8", newline="") as file:
        areas = [row["area"] for row in csv.DictReader(file)]
    entries = [
        DistrictEntry(
            code=f"{start // _AREAS_OF_A_DISTRICT + 1:02d}",
            name=f"{context.label}{start // _AREAS_OF_A_DISTRICT + 1}区",
            order=start // _AREAS_OF_A_DISTRICT + 1,
            areas=tuple(areas[start : start + _AREAS_OF_A_DISTRICT]),
        )
        for start in range(0, len(areas), _AREAS_OF_A_DISTRICT)
    ]
    replace_districts(by=context.person("secretariat"), entries=entries)


def _resident(context: SampleContext, section: Section) -> None:
    resident, clerk = context.person("resident"), context.person("clerk")
    known = next(iter(find_residents(by=clerk, question=Question(name=resident.name)).residents), None)
    if known is None or known.address is None:
        return
    family, _, given = known.name.partition("　")
    family_reading, _, given_reading = known.reading.replace(" ", "　").partition("　")
    save_profile(
        by=resident,
        entry=ProfileEntry(
            family_name=family,
            given_name=given,
            family_reading=family_reading,
            given_reading=given_reading,
            born_on=known.born_on,
            postal_code=known.address.postal_code,
            prefecture=known.address.prefecture,
            city=known.address.city,
            street=f"{known.address.area}{known.address.lot}",
            building="",
            district="",
            phone="",
            preference=NoticePreference.INBOX,
            language="ja",
        ),
        version=0,
        clock=context.clock,
    )
    write_letter(
        by=clerk,
        section=section,
        recipient=Recipient(account=resident.id),
        title=f"窓口の混雑について（{context.label}）",
        text=(
            "12月の月曜日の午前中は、窓口が混み合います。\n"
            "急がない手続きは、ほかの日か、インターネットでの申請をご利用ください。"
        ),
        number="",
        service=Service.ORDINARY,
        key="sample:notice",
        clock=context.clock,
    )
