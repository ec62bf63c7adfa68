"""The end of retention (廃棄): what was decided goes, that it was decided stays."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.models import (
    ActWords,
    DecisionComment,
    DecisionRequest,
    FormerContent,
    NumberedTitle,
    RouteSeat,
    SeatTrace,
)
from yakuba.kernel.approval.rules.states import RequestState
from yakuba.kernel.audit.api import verb
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal

GONE = "（保存期間が終わり、廃棄しました）"


@verb("approval.dispose_content", label="決裁の内容の廃棄")
def dispose_content(*, by: Person, subject: Ref, clock: Clock) -> int:
    """Remove title, content, files and comments of every decision about ``subject``; gives how many requests.

    Called by the app that owns the subject, within the verb that disposes of it. Who decided what when, with the
    hashes, stays. Raises ``Refusal`` while a request waits.
    """
    requests = list(
        DecisionRequest.objects.select_for_update(of=("self",)).filter(
            subject_kind=subject.kind, subject_id=subject.public_id, disposed_on__isnull=True
        )
    )
    if any(one.state == RequestState.WAITING for one in requests):
        raise Refusal("決裁を待っているものがあるため、廃棄できません。", hint="決裁か取下げのあとで廃棄してください。")
    for one in requests:
        one.title, one.content, one.content_text = GONE, "", ""
        one.files, one.withdrawal_reason, one.facts = [], "", {}
        one.disposed_on = clock.today()
        one.save(
            update_fields=["title", "content", "content_text", "files", "withdrawal_reason", "facts", "disposed_on"]
        )
    DecisionComment.objects.filter(decision__request__in=requests).delete()
    ActWords.objects.filter(act__request__in=requests).delete()
    FormerContent.objects.filter(request__in=requests).delete()
    SeatTrace.objects.filter(seat__stage__request__in=requests).delete()
    RouteSeat.objects.filter(stage__request__in=requests).update(traced=[])
    NumberedTitle.objects.filter(number__about_kind=subject.kind, number__about_id=subject.public_id).delete()
    return len(requests)
