"""Applying a checked workbook in chunks: resumable, each line exactly once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.firstweek.models import Upload, UploadState
from yakuba.kernel.firstweek.rules.lines import Fault
from yakuba.kernel.firstweek.services.write_line import write_line
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.values.api import Clock, Refusal

LINES_A_CHUNK = 8
KEPT_DAYS = 7


@verb("firstweek.start_applying", label="最初の登録を反映する")
def start_applying(*, by: Person, upload: Upload, in_background: bool = True) -> Upload:
    """Begin to apply a workbook that was checked without faults; starting twice changes nothing.

    Raises ``Refusal`` if the workbook has faults or was given up.
    """
    require_editor(by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state in (UploadState.APPLYING, UploadState.DONE):
        return upload
    if upload.state != UploadState.CHECKED:
        raise Refusal(
            f"このブックは「{upload.get_state_display()}」のため反映できません。",
            hint="誤りを直したブックをもう一度送ってください。",
        )
    upload.state = UploadState.APPLYING
    upload.uploaded_by = by.id
    upload.save(update_fields=["state", "uploaded_by"])
    if in_background:
        enqueue("firstweek.apply", key=f"firstweek.apply:{upload.public_id}:0", upload=upload.public_id)
    return upload


@verb("firstweek.apply_chunk", label="最初の登録の反映（一部）")
def apply_chunk(*, by: Person, upload: Upload, clock: Clock) -> Upload:
    """Write the next few lines; how far it came is stored in the same transaction, so nothing is written twice.

    A line the house no longer allows is kept as a fault and the rest goes on.
    """
    require_editor(by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != UploadState.APPLYING:
        return upload
    for line in upload.lines[upload.done : upload.done + LINES_A_CHUNK]:
        try:
            with transaction.atomic():
                write_line(by=by, sheet=line["sheet"], action=line["action"], values=line["values"])
        except Refusal as refusal:
            fault = Fault(line["sheet"], line["row"], "", refusal.message, refusal.hint or "")
            upload.faults.append(asdict(fault))
        upload.done += 1
    if upload.done >= len(upload.lines):
        upload.state = UploadState.DONE
        upload.finished_at = clock.now()
        upload.lines = []
        if not upload.faults:
            upload.content = b""
    upload.save(update_fields=["done", "faults", "state", "finished_at", "lines", "content"])
    return upload


@verb("firstweek.discard", label="最初の登録を取りやめる")
def discard(*, by: Person, upload: Upload, clock: Clock) -> Upload:
    """Give up a workbook that was not applied; its content is emptied. Raises ``Refusal`` once applying began."""
    require_editor(by)
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state in (UploadState.APPLYING, UploadState.DONE):
        raise Refusal(
            "反映を始めたブックは取りやめられません。", hint="反映が終わってから、画面で一つずつ直してください。"
        )
    _empty(upload, clock)
    return upload


@verb("firstweek.forget_uploads", label="古い取り込みの消去")
def forget_uploads(*, by: Person, clock: Clock) -> list[Upload]:
    """Empty workbooks nobody applied within a week, and what is left of applied ones."""
    old = clock.now() - timedelta(days=KEPT_DAYS)
    forgotten = list(
        Upload.objects.select_for_update()
        .filter(uploaded_at__lt=old)
        .exclude(state=UploadState.APPLYING)
        .exclude(content=b"", lines=[], faults=[])[:20]
    )
    for upload in forgotten:
        if upload.state == UploadState.DONE:
            upload.content, upload.lines, upload.faults = b"", [], []
            upload.save(update_fields=["content", "lines", "faults"])
        else:
            _empty(upload, clock)
    return forgotten


def _empty(upload: Upload, clock: Clock) -> None:
    upload.state = UploadState.DISCARDED
    upload.content, upload.lines, upload.faults = b"", [], []
    upload.finished_at = clock.now()
    upload.save(update_fields=["state", "content", "lines", "faults", "finished_at"])
