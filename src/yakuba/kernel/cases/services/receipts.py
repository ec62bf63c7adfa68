"""Taking in receipts of other channels: procedure, number, time, state, and nothing of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import sections_of, works_on_cases
from yakuba.kernel.cases.models import ExternalReceipt, ReceiptImport
from yakuba.kernel.cases.queries.receipts import ReceiptList, ReceiptRow
from yakuba.kernel.cases.rules.receipts import CLOSED
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal, business_date

AT_ONCE = 100


def import_receipts(*, by: Person, receipts: ReceiptList, clock: Clock) -> ReceiptImport:
    """Take a list in that was read without a problem; sent twice, the second time changes nothing.

    Goes in chunks, so that a long list holds nobody up. Raises `Refusal` for a list with problems, one without rows, and
    a channel that is none of others.
    """
    if receipts.problems:
        raise Refusal(
            f"直すところが{len(receipts.problems)}件あるため、取り込みませんでした。",
            field="file",
            hint="エラーの付いた表を受け取り、直してもう一度送ってください。",
        )
    imported = begin_import(by=by, receipts=receipts, clock=clock)
    for start in range(0, len(receipts.rows), AT_ONCE):
        keep_receipts(by=by, imported=imported, rows=receipts.rows[start : start + AT_ONCE], clock=clock)
    imported.refresh_from_db()
    return imported


@verb("cases.begin_receipt_import", label="他の窓口の受付一覧の取り込み")
def begin_import(*, by: Person, receipts: ReceiptList, clock: Clock) -> ReceiptImport:
    """Note that a list is taken in (called by `import_receipts`)."""
    if not (by.has(Role.SECRETARIAT) or works_on_cases.allows(by)):
        raise NotAllowed("受付一覧を取り込めるのは、担当の職員とDX推進事務局です。")
    if not receipts.channel.needs_address:
        raise Refusal(
            f"「{receipts.channel.label}」は、他の電子窓口ではありません。",
            field="channel",
            hint="ぴったりサービスや県の電子申請などを選んでください。",
        )
    if not receipts.rows:
        raise Refusal("受付の行がありません。", field="file", hint="ファイルの中身を確かめてください。")
    return ReceiptImport.objects.create(
        channel_kind=receipts.channel.value,
        filename=receipts.table.filename[:160],
        sha256=hashlib.sha256(receipts.table.source).hexdigest(),
        rows=len(receipts.rows),
        added=0,
        changed=0,
        imported_by=by.id,
        imported_name=by.name[:80],
        imported_at=clock.now(),
    )


@verb("cases.keep_receipts", label="他の窓口の受付の登録")
def keep_receipts(*, by: Person, imported: ReceiptImport, rows: Sequence[ReceiptRow], clock: Clock) -> ReceiptImport:
    """Store some receipts; what is known already takes the new state, nothing else."""
    held = ReceiptImport.objects.select_for_update().get(pk=imported.pk)
    known = {
        one.number: one
        for one in ExternalReceipt.objects.select_for_update().filter(
            channel_kind=held.channel_kind, number__in=[row.number for row in rows]
        )
    }
    new: list[ExternalReceipt] = []
    for row in rows:
        there = known.get(row.number)
        if there is None:
            new.append(
                ExternalReceipt(
                    procedure_id=row.procedure_id,
                    channel_kind=held.channel_kind,
                    number=row.number,
                    section_id=row.section_id,
                    received_at=row.received_at,
                    received_on=business_date(row.received_at),
                    state=row.state,
                    state_words=row.state_words,
                    is_closed=row.state in CLOSED,
                    imported=held,
                    is_sample=is_sample_town(),
                )
            )
        elif (there.state, there.state_words) != (row.state, row.state_words):
            there.state, there.state_words, there.is_closed = row.state, row.state_words, row.state in CLOSED
            there.imported = held
            there.save()
            held.changed += 1
    ExternalReceipt.objects.bulk_create(new)
    held.added += len(new)
    held.save(update_fields=["added", "changed"])
    return held


@verb("cases.assign_receipt", label="他の窓口の受付の担当を決める")
def assign_receipt(*, by: Person, receipt: ExternalReceipt, to: Staff | None) -> ExternalReceipt:
    """Give a receipt of another channel to somebody; it is worked on where it arrived."""
    held = ExternalReceipt.objects.select_for_update().get(pk=receipt.pk)
    if not (works_on_cases.allows(by) and held.section_id in sections_of(by)):
        raise NotAllowed("この受付を扱えるのは、担当の課の職員です。")
    held.assignee = to
    held.save(update_fields=["assignee"])
    return held
