"""Letters for residents and for the office."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.access import visible_to
from yakuba.kernel.cases.models import Case, Notice, NoticeState, NoticeWay
from yakuba.kernel.forms.api import evaluation_of_answers
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.notify.models import Letter
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Clock


def notices_of(case: Case) -> list[Notice]:
    """The letters the person can open on their page: electronic ones that were sent. Gate of the case first."""
    found = Notice.objects.filter(
        case=case, way=NoticeWay.ELECTRONIC, state__in=[NoticeState.SENT, NoticeState.ARRIVED]
    )
    return list(found.select_related("file", "number"))


def letters_of(case: Case) -> list[Notice]:
    """Every letter of a case, for its clerks."""
    return list(Notice.objects.filter(case=case).select_related("file", "number", "proposal"))


def paper_list(person: Person) -> QuerySet[Notice]:
    """Letters ready to be posted or handed out, in the person's cases: also electronic ones nobody opened in time."""
    return (
        Notice.objects.filter(
            case__in=visible_to(person).order_by().values("pk"),
            way__in=[NoticeWay.POST, NoticeWay.COUNTER],
            state__in=[NoticeState.READY, NoticeState.SENT_BACK],
        )
        .select_related("case", "case__section", "number", "file")
        .order_by("made_at")
    )


def not_opened_in_time(clock: Clock) -> QuerySet[Notice]:
    """Electronic letters nobody opened within the days the town has set."""
    limit = clock.now() - timedelta(days=whole_on("cases.enotice_days", clock.today()))
    return Notice.objects.filter(way=NoticeWay.ELECTRONIC, state=NoticeState.SENT, sent_at__lte=limit).select_related(
        "case"
    )


def posted_long_ago(clock: Clock) -> QuerySet[Notice]:
    """Posted letters of open cases that did not come back within the days the town has set."""
    limit = clock.now() - timedelta(days=whole_on("cases.post_days", clock.today()))
    return Notice.objects.filter(
        way=NoticeWay.POST, state=NoticeState.SENT, sent_at__lte=limit, case__state="notified"
    ).select_related("case")


def come_back_by_post() -> list[tuple[Notice, str]]:
    """Letters of the house that the post office brought back and nobody sent again, with the reason on the envelope."""
    letters = Letter.objects.filter(kind="cases.letter", state="returned", message__isnull=False).select_related(
        "message"
    )
    reasons = {
        letter.message.key.split(":")[3]: letter.get_return_reason_display()
        for letter in letters
        if letter.message is not None and letter.message.key.count(":") >= 4
    }
    found = Notice.objects.filter(public_id__in=list(reasons), way=NoticeWay.POST, state=NoticeState.SENT)
    return [(one, reasons[one.public_id] or "郵便の返戻") for one in found.select_related("case")]


def fee_items_of(answers: AnswerSet) -> list[dict[str, object]]:
    """The fees the form has worked out, one line each: the proposal for what is to be paid."""
    evaluation = evaluation_of_answers(answers)
    return [
        {"name": one.question.label.ja[:80], "yen": int(one.value), "count": 1}
        for step in evaluation.steps
        for one in step.answered()
        if one.question.type == "fee" and one.value
    ]
