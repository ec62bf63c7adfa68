"""Support visits: asked for, answered, done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.api import seal
from yakuba.kernel.japan.api import fold
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import TOKYO, Clock, Refusal
from yakuba.residents.card_support.access import require_own, require_work
from yakuba.residents.card_support.models import Arrival, Visit, VisitKind
from yakuba.residents.card_support.notices import VISIT_DECLINED, VISIT_SCHEDULED
from yakuba.residents.card_support.purposes import purpose_of
from yakuba.residents.card_support.rules.numbers import VISIT
from yakuba.residents.card_support.rules.results import MOST_AT_A_VISIT, checked_results
from yakuba.residents.card_support.rules.states import VISITS, VisitState
from yakuba.residents.card_support.services.sending import free_number, stored_sending
from yakuba.residents.card_support.services.telling import told
from yakuba.residents.card_support.words import PARTS, moment_text

MOST_WISHES = 3
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """What somebody asks for, checked by the form; ``wishes`` are pairs of day and part (am, pm, any)."""

    kind: VisitKind
    purpose: str
    people: int
    name: str
    kana: str
    address: str
    wishes: tuple[tuple[date, str], ...]
    phone: str = ""
    mail: str = ""
    organisation: str = ""
    room: str = ""
    reason: str = ""


def ask_visit(
    *,
    by: Person,
    asked: VisitAsked,
    sending: str,
    password: str = "",
    arrival: Arrival = Arrival.ONLINE,
    language: str = "ja",
    clock: Clock,
) -> Visit:
    """Ask for a visit. The same ``sending`` gives the same request; the password is hashed before the transaction.
    Raises `Refusal`."""
    sending = stored_sending(sending)
    known = Visit.objects.filter(sending=sending).first()
    if known is not None:
        return known
    _check(asked, clock)
    if arrival is not Arrival.ONLINE:
        require_work(by)
    hashed = make_password(password) if password else ""
    try:
        return _ask_visit(
            by=by, asked=asked, sending=sending, password_hash=hashed, arrival=arrival, language=language, clock=clock
        )
    except IntegrityError:
        known = Visit.objects.filter(sending=sending).first()
        if known is None:
            raise
        return known


@verb("card.ask_visit", label="訪問・出張の申込")
def _ask_visit(
    *,
    by: Person,
    asked: VisitAsked,
    sending: str,
    password_hash: str,
    arrival: Arrival,
    language: str,
    clock: Clock,
) -> Visit:
    return Visit.objects.create(
        number=free_number(Visit, VISIT),
        sending=sending,
        kind=asked.kind.value,
        state=VisitState.RECEIVED.value,
        name=asked.name,
        kana=asked.kana,
        name_key=fold(f"{asked.name} {asked.kana} {asked.organisation}")[:240],
        organisation=asked.organisation,
        phone=asked.phone,
        mail=asked.mail,
        account=by.id if by.kind is PersonKind.RESIDENT else "",
        address=seal(asked.address),
        room=asked.room,
        reason=seal(asked.reason) if asked.reason else "",
        purpose=asked.purpose,
        people=asked.people,
        wishes=[{"day": day.isoformat(), "part": part} for day, part in asked.wishes],
        language=language,
        password_hash=password_hash,
        arrival=arrival.value,
        entered_by_id=by.staff_id if arrival is not Arrival.ONLINE else None,
        asked_at=clock.now(),
        asked_on=clock.today(),
        changed_at=clock.now(),
        is_sample=is_sample_town(),
    )


@verb("card.schedule_visit", label="訪問・出張の日程の決定")
def schedule_visit(
    *, by: Person, visit: Visit, on: date, at: time, staff: Sequence[Staff], answer: str, clock: Clock
) -> Visit:
    """Fix day, time and staff, and tell who asked. Scheduled again it is changed, and they are told again."""
    require_work(by)
    kept = _locked(visit)
    VISITS.check(kept.standing, VisitState.SCHEDULED)
    if not clock.today() <= on <= clock.today() + FURTHEST:
        raise Refusal("うかがう日は、今日から1年以内にしてください。", field="on")
    if not staff:
        raise Refusal("担当の職員が選ばれていません。", field="staff", hint="一人以上選んでください。")
    kept.state, kept.scheduled_on, kept.scheduled_at = VisitState.SCHEDULED.value, on, at
    kept.answer, kept.changed_at = answer.strip()[:400], clock.now()
    kept.must_call = not told(
        by=by,
        thing=kept,
        kind=VISIT_SCHEDULED,
        values={"number": kept.number, "when": moment_text(datetime.combine(on, at, TOKYO)), "answer": kept.answer},
        clock=clock,
        once=clock.now().isoformat(),
    )
    kept.save()
    kept.staff.set(staff)
    return kept


@verb("card.decline_visit", label="訪問・出張をうかがえない返事")
def decline_visit(*, by: Person, visit: Visit, reason: str, clock: Clock) -> Visit:
    """Say that nobody can come, with the reason, which is told to who asked."""
    require_work(by)
    kept = _locked(visit)
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="申し込んだ人に伝える理由を書いてください。")
    VISITS.check(kept.standing, VisitState.DECLINED)
    kept.state, kept.answer, kept.changed_at = VisitState.DECLINED.value, reason.strip()[:400], clock.now()
    kept.must_call = not told(
        by=by,
        thing=kept,
        kind=VISIT_DECLINED,
        values={"number": kept.number, "answer": kept.answer},
        clock=clock,
        once=clock.now().isoformat(),
    )
    kept.save()
    return kept


@verb("card.finish_visit", label="訪問・出張の結果の記録")
def finish_visit(*, by: Person, visit: Visit, counts: Mapping[str, int], clock: Clock) -> Visit:
    """Record what was done at a visit; recorded again the counts are corrected."""
    require_work(by)
    kept = _locked(visit)
    if kept.standing is not VisitState.DONE:
        VISITS.check(kept.standing, VisitState.DONE)
    if kept.scheduled_on is None or kept.scheduled_on > clock.today():
        raise Refusal("うかがう日がまだ来ていません。", hint="日程を確かめてください。")
    for kind, count in checked_results(counts, most=MOST_AT_A_VISIT).items():
        setattr(kept, kind, count)
    kept.state, kept.changed_at, kept.must_call = VisitState.DONE.value, clock.now(), False
    kept.save()
    return kept


@verb("card.withdraw_visit", label="訪問・出張の取りやめ")
def withdraw_visit(*, by: Person, visit: Visit, clock: Clock) -> Visit:
    """Who asked no longer needs it."""
    kept = _locked(visit)
    require_own(by, kept)
    if kept.standing is VisitState.WITHDRAWN:
        return kept
    VISITS.check(kept.standing, VisitState.WITHDRAWN)
    kept.state, kept.changed_at, kept.must_call = VisitState.WITHDRAWN.value, clock.now(), False
    kept.save()
    return kept


@verb("card.called_about_visit", label="訪問・出張の申込者への電話")
def called_about_visit(*, by: Person, visit: Visit, clock: Clock) -> Visit:
    """Who asked was telephoned."""
    require_work(by)
    kept = _locked(visit)
    kept.must_call, kept.changed_at = False, clock.now()
    kept.save()
    return kept


def _locked(visit: Visit) -> Visit:
    return Visit.objects.select_for_update().get(pk=visit.pk)


def _check(asked: VisitAsked, clock: Clock) -> None:
    purpose = purpose_of(asked.purpose)
    if purpose is None or not purpose.is_booked:
        raise Refusal("この用件の訪問はできません。", field="purpose", hint="用件を選び直してください。")
    most = 10 if asked.kind is VisitKind.PERSONAL else 500
    if not 1 <= asked.people <= most:
        raise Refusal(f"人数は1人から{most}人までです。", field="people")
    if not asked.name.strip() or not asked.address.strip():
        raise Refusal("氏名とうかがう場所を入力してください。", field="name")
    if asked.kind is VisitKind.GROUP and not asked.organisation.strip():
        raise Refusal("団体名が空です。", field="organisation", hint="会社・地区・学校などの名前を入力してください。")
    if not (asked.phone or asked.mail):
        raise Refusal("電話番号かメールアドレスを入力してください。", field="phone", hint="日程の連絡に使います。")
    if not 1 <= len(asked.wishes) <= MOST_WISHES or any(part not in PARTS for _, part in asked.wishes):
        raise Refusal("希望の日を一つ以上入れてください。", field="wish_1")
    if any(not clock.today() < day <= clock.today() + FURTHEST for day, _ in asked.wishes):
        raise Refusal("希望の日は、明日から1年以内にしてください。", field="wish_1")
