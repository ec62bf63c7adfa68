"""Work outside the request: applying in chunks, forgetting what is no longer needed."""

from __future__ import annotations

from yakuba.kernel.access.api import Person, PersonKind, system_person
from yakuba.kernel.firstweek.models import Upload, UploadState
from yakuba.kernel.firstweek.services import apply_chunk, forget_uploads
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.jobs.api import Daily, enqueue, job
from yakuba.kernel.parameters.api import town_clock

#: A job lasts at most 60 s; so many chunks stay far below that.
CHUNKS_A_JOB = 25


@job("firstweek.apply", label="最初の登録の反映")
def apply(*, upload: str) -> None:
    """Apply the next chunks of a workbook on behalf of who pressed the button, then queue the rest."""
    clock = town_clock()
    found = Upload.objects.get(public_id=upload)
    by = _whoever_started(found)
    for _ in range(CHUNKS_A_JOB):
        if found.state != UploadState.APPLYING:
            return
        found = apply_chunk(by=by, upload=found, clock=clock)
    if found.state == UploadState.APPLYING:
        enqueue("firstweek.apply", key=f"firstweek.apply:{upload}:{found.done}", upload=upload)


@job("firstweek.forget", label="古い取り込みの消去", every=Daily("03:40"))
def forget() -> None:
    """Empty what nobody needs any more."""
    forget_uploads(by=system_person("jobs"), clock=town_clock())


def _whoever_started(upload: Upload) -> Person:
    account = Account.objects.filter(public_id=upload.uploaded_by).select_related("staff").first()
    if account is not None:
        person = person_of(account, town_clock().today())
        if person.kind is not PersonKind.VISITOR:
            return person
    return system_person("first-week")
