"""Writing down an act: who, in which capacity and post, when, on exactly which content."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.events import ActDone
from yakuba.kernel.approval.models import ActWords, DecisionRequest, RouteAct
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.queries.titles import title_of_decider
from yakuba.kernel.approval.rules.canonical import sha256_of
from yakuba.kernel.approval.rules.flow import Act, SeatNow, StageNow, Turn, lawful_deputy
from yakuba.kernel.approval.rules.states import Capacity
from yakuba.kernel.approval.rules.who_decides import MayDecide
from yakuba.kernel.approval.services.subjects import fingerprint
from yakuba.kernel.events.api import publish
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal


@dataclass(frozen=True, slots=True)
class Standing:
    """In which capacity somebody acts, with the words that stand beside it."""

    capacity: Capacity
    title: str
    principal: int | None = None
    principal_name: str = ""
    principal_title: str = ""


def standing_of(
    by: Person, turn: Turn, request: DecisionRequest, day: Day, *, said_absent: Collection[int]
) -> Standing:
    """本人, 代理 (the principal has lost or not yet taken up the office) or 代決 (is away); the latter needs 後閲.

    Raises ``Refusal`` when somebody before this deputy is not away, and for what is too important to be decided so.
    """
    may = turn.may
    title = title_of_decider(by, may, request, day.on)
    if may.capacity is Capacity.OWN:
        return Standing(Capacity.OWN, title)
    lawful_deputy(may, turn.seat, absent=day.absent, said_absent=said_absent)
    is_standing = bool(day.absent.get(may.principal))
    facts = request.facts
    if not is_standing and (facts.get("is_important") or facts.get("is_extraordinary")):
        raise Refusal(
            "重要な案件・異例な案件は、代決できません。",
            hint="本人に連絡するか、戻るのを待ってください。職務代理が置かれたときは、代理者が決裁できます。",
        )
    principal = Staff.objects.get(pk=may.principal)
    own = MayDecide(may.principal, Capacity.OWN, may.place, may.principal)
    return Standing(
        Capacity.DEPUTY if is_standing else Capacity.ACTING,
        title,
        principal.pk,
        principal.name,
        title_of_decider(None, own, request, day.on),
    )


TOLD = (Act.DISSENT, Act.HOLD, Act.RETURN_TO, Act.AMEND, Act.REROUTE, Act.REMIND)
"""Acts others are told of. What ends a draft has an event of its own."""


def record_act(
    act: Act,
    *,
    by: Person,
    request: DecisionRequest,
    clock: Clock,
    words: str = "",
    files: Sequence[Ref] = (),
    stage: StageNow | None = None,
    seat: SeatNow | None = None,
    titles: tuple[str, str] = ("", ""),
    standing: Standing | None = None,
    subject_sha256: str | None = None,
) -> RouteAct:
    """One row, never changed afterwards. ``titles`` are what stage and seat are called."""
    shown = standing or Standing(Capacity.OWN, f"{by.section} {by.title}".strip())
    made = RouteAct.objects.create(
        request=request,
        act=act.value,
        stage_kind=stage.kind.value if stage else "",
        stage_title=titles[0][:40],
        seat_words=titles[1][:120],
        seat_key=seat.key if seat and seat.key else None,
        by=by.id,
        name=by.name[:80],
        staff_id=by.staff_id if by.kind is PersonKind.STAFF else None,
        capacity=shown.capacity.value,
        title=shown.title[:120],
        principal_id=shown.principal,
        principal_name=shown.principal_name,
        principal_title=shown.principal_title[:120],
        at=clock.now(),
        edition=request.edition,
        content_sha256=request.content_sha256,
        text_sha256=request.text_sha256,
        subject_sha256=fingerprint(request.subject) if subject_sha256 is None else subject_sha256,
        words_sha256=sha256_of(words) if words else "",
        is_sample=request.is_sample,
    )
    if words or files:
        ActWords.objects.create(act=made, words=words, files=[named_file(one) for one in files])
    if act in TOLD or (shown.capacity is Capacity.ACTING):
        publish(ActDone(request_public_id=request.public_id, act_public_id=made.public_id))
    return made


def named_file(ref: Ref) -> dict[str, str]:
    """A file as it is kept beside an act or a draft. Raises ``Refusal`` when it is gone."""
    file = StoredFile.objects.filter(public_id=ref.public_id).first() if ref.kind == "files.file" else None
    if file is None:
        raise Refusal(
            "添えたファイルが見つかりません。", field="files", hint="ファイルを添え直してから、もう一度出してください。"
        )
    return {"ref": str(ref), "name": file.name, "sha256": file.sha256}


def require_staff(by: Person) -> int:
    """The row of the acting member of staff. Raises ``NotAllowed`` for anybody else."""
    if by.kind is not PersonKind.STAFF or by.staff_id is None:
        raise NotAllowed("決裁に関わる操作ができるのは職員だけです。")
    return by.staff_id


def titles_of(stage: StageNow, seat: SeatNow) -> tuple[str, str]:
    """What the stage and the seat of a stored route are called."""
    from yakuba.kernel.approval.models import RouteSeat

    row: Any = RouteSeat.objects.filter(pk=seat.key).select_related("stage").first() if seat.key else None
    return (row.stage.title, row.words) if row is not None else (stage.kind.label, "")
