"""Carrying a turn out: postings in chunks, hand-over from the day on, and the end that allows no orphan."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.api import successors_on, verbs
from yakuba.kernel.organisation.models import Employment, Leaving, Post, Section, Staff
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.kernel.yearturn.models import LineState, TurnHeir, TurnLine, YearTurn
from yakuba.kernel.yearturn.queries import inheritances
from yakuba.kernel.yearturn.rules.personnel_list import Action
from yakuba.kernel.yearturn.rules.turn import TRANSITIONS, TurnState, check_may_finish, check_may_start
from yakuba.kernel.yearturn.services.propose_heirs import check_heir, lines_of, orphans_of, renew_proposals, waiting_of

LINES_A_CHUNK = 4
PIECES_A_CHUNK = 4


@verb("yearturn.start", label="年度替わりの発令の登録")
def start_turn(*, by: Person, turn: YearTurn, clock: Clock, in_background: bool = True) -> YearTurn:
    """Begin to register the postings of the list; starting twice changes nothing.

    Raises ``Refusal`` while a piece of open work has no heir.
    """
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    if turn.state in (TurnState.APPLYING, TurnState.POSTED, TurnState.FINISHED):
        return turn
    TRANSITIONS.check(TurnState(turn.state), TurnState.APPLYING)
    renew_proposals(turn, inheritances(lines_of(turn), turn.on))
    check_may_start(orphans=orphans_of(turn).count())
    turn.state = TurnState.APPLYING
    turn.started_by = by.id
    turn.save(update_fields=["state", "started_by"])
    if in_background:
        _queue(turn, clock)
    return turn


@verb("yearturn.apply_chunk", label="年度替わりの発令の登録（一部）")
def apply_chunk(*, by: Person, turn: YearTurn) -> YearTurn:
    """Register the next few lines; each is marked in the same transaction, so none is registered twice.

    A line that is refused is kept with the reason and the rest goes on.
    """
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    if turn.state != TurnState.APPLYING:
        return turn
    pending = turn.lines.filter(state=LineState.PENDING).select_related("staff", "section", "post")
    for line in list(pending[:LINES_A_CHUNK]):
        try:
            with transaction.atomic():
                line.staff = _register(by, turn, line)
                line.state, line.note = LineState.DONE, ""
        except Refusal as refusal:
            line.state, line.note = LineState.FAILED, f"{refusal.message}{refusal.hint or ''}"[:400]
        line.save(update_fields=["staff", "state", "note"])
    if not turn.lines.filter(state__in=[LineState.PENDING, LineState.FAILED]).exists():
        TRANSITIONS.check(TurnState(turn.state), TurnState.POSTED)
        turn.state = TurnState.POSTED
        turn.save(update_fields=["state"])
    return turn


@verb("yearturn.retry", label="登録できなかった行の再登録")
def retry_failed(*, by: Person, turn: YearTurn, clock: Clock, in_background: bool = True) -> YearTurn:
    """Try the lines that were refused once more."""
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    turn.lines.filter(state=LineState.FAILED).update(state=LineState.PENDING, note="")
    if turn.state == TurnState.APPLYING and in_background:
        _queue(turn, clock)
    return turn


@verb("yearturn.skip_line", label="名簿の行を外す")
def skip_line(*, by: Person, line: TurnLine, reason: str) -> YearTurn:
    """Leave a refused line out, with the reason. Raises ``Refusal`` without reason or for a line that is registered."""
    require_editor(by)
    line = TurnLine.objects.select_for_update(of=("self",)).select_related("turn").get(pk=line.pk)
    if not reason.strip():
        raise Refusal("外す理由がありません。", field="reason", hint="理由を入力してください。")
    if line.state == LineState.DONE:
        raise Refusal("登録済みの行は外せません。", hint="職員の画面で発令を取り消してください。")
    line.state, line.note = LineState.SKIPPED, reason.strip()[:400]
    line.save(update_fields=["state", "note"])
    turn = line.turn
    left = turn.lines.filter(state__in=[LineState.PENDING, LineState.FAILED]).exists()
    if turn.state == TurnState.APPLYING and not left:
        turn.state = TurnState.POSTED
        turn.save(update_fields=["state"])
    return turn


@verb("yearturn.hand_over_chunk", label="年度替わりの引き継ぎ（一部）")
def hand_over_chunk(*, by: Person, turn: YearTurn, clock: Clock) -> int:
    """Hand over the next few pieces; returns how many pieces with an heir are left.

    Nothing happens before the day. A piece its heir can no longer take becomes an orphan again.
    """
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    if turn.state != TurnState.POSTED or clock.today() < turn.on:
        return 0
    for heir in list(waiting_of(turn).select_related("holder")[:PIECES_A_CHUNK]):
        try:
            with transaction.atomic():
                check_heir(turn, heir, heir.heir_number)
                verbs.hand_over_work(
                    by=by,
                    source=heir.source,
                    ref=Ref.parse(heir.ref),
                    holder=heir.holder,
                    heir=Staff.objects.get(number=heir.heir_number),
                    on=turn.on,
                )
            heir.handed_at = clock.now()
        except (Refusal, Staff.DoesNotExist) as fault:
            heir.heir_number, heir.is_by_hand, heir.ground = "", False, str(fault)[:60]
        heir.save(update_fields=["handed_at", "heir_number", "is_by_hand", "ground"])
    return waiting_of(turn).count()


@verb("yearturn.finish", label="年度替わりの完了")
def finish_turn(*, by: Person, turn: YearTurn, clock: Clock) -> YearTurn:
    """Close the turn. Raises ``Refusal`` before the day, with an open line, with an orphan, with work not handed over."""
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    if turn.state == TurnState.FINISHED:
        return turn
    renew_proposals(turn, inheritances(lines_of(turn), turn.on))
    check_may_finish(
        on=turn.on,
        today=clock.today(),
        open_lines=turn.lines.filter(state__in=[LineState.PENDING, LineState.FAILED]).count(),
        orphans=orphans_of(turn).count(),
        waiting=waiting_of(turn).count(),
    )
    TRANSITIONS.check(TurnState(turn.state), TurnState.FINISHED)
    turn.state = TurnState.FINISHED
    turn.content = b""
    turn.finished_at = clock.now()
    turn.save(update_fields=["state", "content", "finished_at"])
    return turn


def _register(by: Person, turn: YearTurn, line: TurnLine) -> Staff:
    action = Action(line.action)
    section = _standing(line.section, turn) if line.section else None
    ground = f"{era_date(turn.on)}付人事異動"
    if action is Action.JOIN:
        if section is None or line.post is None:
            raise Refusal("新所属か新職がありません。", hint="名簿を直して送り直してください。")
        return verbs.hire_staff(
            by=by,
            number=line.number,
            name=line.name,
            name_kana=line.name_kana,
            employment=line.employment,
            joined_on=turn.on,
            leaves_on=line.last_day and line.last_day + timedelta(days=1),
            section=section,
            post=line.post,
        )
    staff = line.staff
    if staff is None:
        raise Refusal("職員が見つかりません。", hint="名簿を直して送り直してください。")
    if action.leaves:
        leaving = Leaving.TERM_ENDED if action is Action.TERM_END else Leaving.RETIRED
        last_day = turn.on - timedelta(days=1)
        return verbs.record_leaving(by=by, staff=staff, last_day=last_day, leaving=leaving)
    if action is Action.RENEW and line.last_day is not None:
        staff = _renew(by, line, staff, section)
        if staff.employment == Employment.FISCAL_YEAR:
            return staff
    now = staff.postings.filter(is_main=True).order_by("-starts_on").select_related("section", "post").first()
    post: Post | None = line.post
    if now is not None:
        section = section or _standing(now.section, turn)
        post = post or now.post
        if action is Action.RENEW and (now.section_id, now.post_id) == (section.pk, post.pk):
            return staff
    if section is None or post is None:
        raise Refusal("新所属か新職がありません。", hint="名簿を直して送り直してください。")
    verbs.transfer_staff(by=by, staff=staff, section=section, post=post, on=turn.on, ground=ground)
    return staff


def _renew(by: Person, line: TurnLine, staff: Staff, section: Section | None) -> Staff:
    if line.last_day is None:
        raise Refusal("任期の末日がありません。", hint="名簿を直して送り直してください。")
    if staff.employment == Employment.FISCAL_YEAR:
        return verbs.renew_term(by=by, staff=staff, last_day=line.last_day, section=section, post=line.post)
    return verbs.renew_term(by=by, staff=staff, last_day=line.last_day)


def _standing(section: Section, turn: YearTurn) -> Section:
    """The section as it stands on the day: one renamed since the list was read is followed to its successor."""
    standing = successors_on([section.pk], turn.on)[section.pk]
    if len(standing) != 1:
        raise Refusal(
            f"「{section.name}」は{era_date(turn.on)}に{'ありません' if not standing else '分かれています'}。",
            field="section",
            hint="職員の画面で発令を登録し、この行を外してください。",
        )
    return section if standing[0] == section.pk else Section.objects.get(pk=standing[0])


def _queue(turn: YearTurn, clock: Clock) -> None:
    enqueue("yearturn.apply", key=f"yearturn.apply:{turn.public_id}:{clock.now().isoformat()}", turn=turn.public_id)


def heirs_with_names(turn: YearTurn) -> list[tuple[TurnHeir, str]]:
    """Every piece with the name of its heir, also of one who is still to join."""
    pieces = list(turn.heirs.select_related("holder"))
    numbers = {one.heir_number for one in pieces if one.heir_number}
    names = dict(turn.lines.filter(number__in=numbers).values_list("number", "name"))
    names |= dict(Staff.objects.filter(number__in=numbers).values_list("number", "name"))
    return [(one, names.get(one.heir_number, "")) for one in pieces]
