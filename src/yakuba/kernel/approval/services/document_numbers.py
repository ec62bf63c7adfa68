"""Giving document numbers (文書番号) without gaps, and voiding them visibly (欠番)."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.approval.access import has_seat
from yakuba.kernel.approval.models import DocumentNumber, NumberedTitle, NumberSeries, SectionSymbol, VoidedNumber
from yakuba.kernel.approval.queries.symbols import symbol_of, symbol_taken_by
from yakuba.kernel.approval.rules.document_numbers import check_day, tidy_symbol, written_number
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.api import may_edit
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal


@verb("approval.issue_document_number", label="文書番号の取得")
def issue_document_number(
    *, by: Person, section: Section, on: date, clock: Clock, about: Ref | None = None, title: str = ""
) -> DocumentNumber:
    """The next number of the section's symbol in the fiscal year of ``on``.

    Called within the verb that makes the document, so that a document that fails takes no number: numbers have no
    gaps, whatever fails. ``about`` is the document, ``title`` its 件名 for the book. Two callers at once wait for each
    other at the row of the series.

    Raises ``Refusal`` for a day to come, of another fiscal year or before the last number's, and when neither the
    section nor one above it has a symbol.
    """
    if not has_seat(by):
        raise NotAllowed("文書番号を取れるのは職員だけです。")
    symbol = symbol_of(section, on)
    if not symbol:
        raise Refusal(
            f"「{section.name}」の文書記号が登録されていません。",
            field="section",
            hint="「文書番号簿」の「文書記号」の画面で、人事担当か情報システム担当が登録してください。",
        )
    year = FiscalYear.of(on)
    NumberSeries.objects.get_or_create(fiscal_year=year.year, symbol=symbol)
    series = NumberSeries.objects.select_for_update().get(fiscal_year=year.year, symbol=symbol)
    check_day(on=on, today=clock.today(), last_on=series.last_on, symbol=symbol)
    series.last_number += 1
    series.last_on = on
    series.save(update_fields=["last_number", "last_on"])
    number = DocumentNumber.objects.create(
        series=series,
        number=series.last_number,
        written=written_number(
            year=year,
            town_symbol=settings.TOWN.document_symbol,
            section_symbol=symbol,
            number=series.last_number,
        ),
        on=on,
        section=section,
        about_kind=about.kind if about else "",
        about_id=about.public_id if about else "",
        issued_name=by.name,
        issued_at=clock.now(),
        is_sample=is_sample_town(),
    )
    if title.strip():
        NumberedTitle.objects.create(number=number, title=title.strip()[:200])
    return number


@verb("approval.void_document_number", label="文書番号を欠番にする")
def void_document_number(*, by: Person, number: DocumentNumber, reason: str, clock: Clock) -> VoidedNumber:
    """Mark a number as not used; it stays in the book and is never given again.

    Raises ``NotAllowed`` for who is neither of the section nor keeps the book, ``Refusal`` without a reason or when it
    is void already.
    """
    if not may_void(by, number):
        raise NotAllowed("欠番にできるのは、その所属の職員と、人事担当・情報システム担当です。")
    kept = DocumentNumber.objects.select_for_update(of=("self",)).get(pk=number.pk)
    if VoidedNumber.objects.filter(number=kept).exists():
        raise Refusal(f"「{kept.written}」は、すでに欠番です。", hint="文書番号簿で理由を確かめてください。")
    if not reason.strip():
        raise Refusal("欠番の理由が空です。", field="reason", hint="例：施行前に起案を取りやめた")
    return VoidedNumber.objects.create(
        number=kept, reason=reason.strip()[:200], voided_name=by.name, voided_at=clock.now()
    )


def may_void(person: Person, number: DocumentNumber) -> bool:
    """Whether the person may void a number: the section's own people, and who keeps the organisation's records."""
    if person.has(Role.AUDITOR):
        return False
    is_ours = person.kind is PersonKind.STAFF and number.section_id in person.section_ids
    return is_ours or may_edit(person)


@verb("approval.name_section_symbol", label="文書記号の登録")
def name_section_symbol(*, by: Person, section: Section, symbol: str, starts_on: date) -> SectionSymbol:
    """The symbol of a section in document numbers from a day on; numbers already given stay as they are.

    Raises ``NotAllowed`` for who does not keep the organisation's records; ``Refusal`` for what is no symbol, for one
    another section bears on that day, and for a day before one that is registered already.
    """
    if not may_edit(by):
        raise NotAllowed("文書記号を登録できるのは、人事担当と情報システム担当です。")
    tidy = tidy_symbol(symbol)
    other = symbol_taken_by(tidy, section, starts_on)
    if other is not None:
        raise Refusal(
            f"「{tidy}」は「{other.name}」の文書記号です。",
            field="symbol",
            hint="ほかの所属と重ならない文字にしてください。",
        )
    later = SectionSymbol.objects.filter(section_code=section.code, starts_on__gt=starts_on).first()
    if later is not None:
        raise Refusal(
            f"「{section.name}」には、{later.starts_on:%Y-%m-%d}からの文書記号「{later.symbol}」がすでにあります。",
            field="starts_on",
            hint="それより後の日を入れてください。",
        )
    made, _ = SectionSymbol.objects.update_or_create(
        section_code=section.code, starts_on=starts_on, defaults={"symbol": tidy}
    )
    return made
