"""A file comes in: looked at, scanned, stored, noted."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import record_refusal, refusal_name, verb
from yakuba.kernel.files.intake.inspect import DEFAULT_LIMITS, Inspected, Readable, inspect
from yakuba.kernel.files.intake.limits import Limits
from yakuba.kernel.files.intake.refusals import FileRefused, Reason
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.place import content_store
from yakuba.kernel.files.rules import first_state
from yakuba.kernel.files.scanning.scanner import Scan, Verdict, scan
from yakuba.kernel.things.api import DataClass, Ref
from yakuba.kernel.values.api import Clock, Refusal

_INFECTED = refusal_name("files.infected", label="ウイルスの疑いのあるファイルの拒否")


def receive_file(
    *,
    by: Person,
    stream: Readable | bytes,
    filename: str,
    clock: Clock,
    owner: Ref | None = None,
    data_class: DataClass = DataClass.PERSONAL,
    limits: Limits = DEFAULT_LIMITS,
) -> StoredFile:
    """Take a file in; the one way for every upload. Call it outside a verb: scanning may take seconds.

    The file is looked at, cleaned, scanned, written to disk and then noted. If a configured scanner does not answer,
    the file is kept in quarantine, and a job asks again. Raises `FileRefused` with the reason and the way out.
    """
    inspected = inspect(stream, filename, limits)
    scanned = scan(inspected.content)
    if scanned.verdict is Verdict.INFECTED:
        record_refusal(by=by, what=_INFECTED, digest=inspected.sha256)
        raise FileRefused(
            Reason.INFECTED,
            inspected.name,
            f"からウイルス（{scanned.detail}）が見つかったため、受け付けませんでした。",
            hint="お使いの端末をウイルス対策ソフトで検査してから、別のファイルを送ってください。",
        )
    content_store().put(inspected.content)
    return _kept(inspected, scanned, by=by, clock=clock, owner=owner, data_class=data_class)


def _kept(
    inspected: Inspected, scanned: Scan, *, by: Person, clock: Clock, owner: Ref | None, data_class: DataClass
) -> StoredFile:
    return keep_file(
        by=by,
        sha256=inspected.sha256,
        size=inspected.size,
        media_type=inspected.media_type,
        name=inspected.name,
        pages=inspected.pages,
        width=inspected.width,
        height=inspected.height,
        owner=owner,
        data_class=data_class,
        verdict=scanned.verdict,
        scan_detail=scanned.detail,
        clock=clock,
    )


@verb("files.keep", label="ファイルを受け取る")
def keep_file(
    *,
    by: Person,
    sha256: str,
    size: int,
    media_type: str,
    name: str,
    pages: int | None,
    width: int | None,
    height: int | None,
    owner: Ref | None,
    data_class: DataClass,
    verdict: Verdict,
    scan_detail: str,
    clock: Clock,
) -> StoredFile:
    """Note a content that has passed the intake and lies in the store (called by `receive_file`)."""
    now = clock.now()
    return StoredFile.objects.create(
        sha256=sha256,
        size=size,
        media_type=media_type,
        name=name,
        pages=pages,
        width=width,
        height=height,
        owner_kind=owner.kind if owner else "",
        owner_id=owner.public_id if owner else "",
        data_class=data_class.value,
        state=first_state(scanner_is_down=verdict is Verdict.UNKNOWN).value,
        uploaded_by=by.id,
        uploaded_at=now,
        scanned_at=now if verdict is Verdict.CLEAN else None,
        scan_detail=scan_detail,
    )


@verb("files.attach", label="ファイルを記録に添える")
def attach_file(*, by: Person, file: StoredFile, owner: Ref) -> StoredFile:
    """Give a file that was sent ahead (a draft's upload) to the thing it belongs to.

    Only its sender may, and only once: a file never wanders from one record to another.
    """
    current = StoredFile.objects.select_for_update().get(pk=file.pk)
    if current.owner is not None and current.owner != owner:
        raise Refusal(
            f"「{current.name}」は、すでにほかの記録に添えられています。", hint="もう一度ファイルを選び直してください。"
        )
    if current.uploaded_by != by.id:
        raise Refusal(
            f"「{current.name}」を添えられるのは、送った人だけです。", hint="自分でファイルを選び直してください。"
        )
    current.owner_kind, current.owner_id = owner.kind, owner.public_id
    current.save(update_fields=["owner_kind", "owner_id"])
    return current
