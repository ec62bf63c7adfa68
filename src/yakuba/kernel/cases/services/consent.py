"""Asking co-applicants for their consent (同意), and their answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_party, require_work
from yakuba.kernel.cases.events import ConsentAnswered
from yakuba.kernel.cases.models import Case, ConsentState, Cosigner, Happening
from yakuba.kernel.cases.rules.consent import (
    CODE_DIGITS,
    CodeWrong,
    Invited,
    check_link,
    code_digest,
    is_code,
    statement,
    token_digest,
)
from yakuba.kernel.cases.rules.states import Mover, Phase
from yakuba.kernel.cases.services.deadlines import reckon
from yakuba.kernel.cases.services.moving import hold, move, note
from yakuba.kernel.cases.services.places import settle_on_arrival
from yakuba.kernel.events.api import publish
from yakuba.kernel.japan.api import fold
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Clock, Refusal


@dataclass(frozen=True)
class Invitation:
    """A link and its one-time code, shown once to the applicant: the link may be sent, the code is told by voice."""

    cosigner: Cosigner
    token: str
    code: str


def add_cosigners(case: Case, invited: Sequence[Invited]) -> None:
    """Store whom a new case waits for; within the verb that receives it. Links are made by `invite_cosigner`."""
    Cosigner.objects.bulk_create(
        [Cosigner(case=case, name=one.name, relation=one.relation, mail=one.mail) for one in invited]
    )


@verb("cases.invite_cosigner", label="同意のリンクの作成")
def invite_cosigner(*, by: Person, cosigner: Cosigner, clock: Clock) -> Invitation:
    """Make a new link and code for a co-applicant; an older link opens nothing any more.

    Raises `Refusal` when they answered already or the case waits for nobody.
    """
    case = hold(cosigner.case)
    require_party(by, case)
    cosigner = Cosigner.objects.select_for_update().get(pk=cosigner.pk)
    if case.standing is not Phase.CONSENT or cosigner.state == ConsentState.AGREED:
        raise Refusal("この人の同意は、もう必要ありません。", hint="手続きの画面を開き直してください。")
    token = secrets.token_urlsafe(20)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    cosigner.token_hash, cosigner.code_hash = token_digest(token), code_digest(token, code)
    cosigner.invited_at = clock.now()
    cosigner.expires_at = clock.now() + timedelta(days=whole_on("cases.consent_days", clock.today()))
    cosigner.wrong_codes = 0
    cosigner.state = ConsentState.ASKED
    cosigner.save()
    note(case, Happening.CONSENT, by=by, clock=clock, words=f"{cosigner.name}さんへの同意のリンクを作った")
    return Invitation(cosigner, token, code)


def confirm_cosigner(*, by: Person, token: str, code: str, agrees: bool, typed_name: str, clock: Clock) -> Cosigner:
    """Take the answer of a co-applicant who followed the link and typed the code.

    A wrong code is counted, also though it is refused; after five the link is dead. Raises `CodeWrong`, `Refusal`.
    """
    cosigner = cosigner_of(token)
    if cosigner is None:
        raise Refusal("このリンクは使えません。", hint="申請した人に、新しいリンクを送ってもらってください。")
    check_link(
        now=clock.now(),
        expires_at=cosigner.expires_at,
        wrong_codes=cosigner.wrong_codes,
        is_answered=cosigner.state != ConsentState.ASKED,
    )
    if not is_code(token, code, cosigner.code_hash):
        count_wrong_code(by=by, cosigner=cosigner)
        raise CodeWrong(
            "確認番号が違います。", field="code", hint="申請した人から聞いた6けたの番号を、もう一度入力してください。"
        )
    return answer_consent(by=by, cosigner=cosigner, agrees=agrees, typed_name=typed_name, clock=clock)


def cosigner_of(token: str) -> Cosigner | None:
    """Whom a link belongs to; for the page behind it."""
    if not token or len(token) > 60:
        return None
    return Cosigner.objects.select_related("case", "case__procedure").filter(token_hash=token_digest(token)).first()


@verb("cases.count_wrong_code", label="同意の確認番号の誤り")
def count_wrong_code(*, by: Person, cosigner: Cosigner) -> Cosigner:
    """Count a wrong code."""
    cosigner = Cosigner.objects.select_for_update().get(pk=cosigner.pk)
    cosigner.wrong_codes += 1
    cosigner.save(update_fields=["wrong_codes"])
    return cosigner


@verb("cases.answer_consent", label="共同申請者の回答")
def answer_consent(*, by: Person, cosigner: Cosigner, agrees: bool, typed_name: str, clock: Clock) -> Cosigner:
    """Store the answer (called by `confirm_cosigner`, which has checked link and code).

    The name must be typed as the applicant gave it, so that nobody agrees in passing.
    """
    case = hold(cosigner.case)
    cosigner = Cosigner.objects.select_for_update().get(pk=cosigner.pk)
    if cosigner.state != ConsentState.ASKED or case.standing is not Phase.CONSENT:
        raise Refusal("この同意の手続きは、すでに済んでいます。", hint="変えたいときは、役場へご連絡ください。")
    if agrees and fold(typed_name) != fold(cosigner.name):
        raise Refusal(
            f"氏名が「{cosigner.name}」と違います。",
            field="typed_name",
            hint="申請書に書かれたとおりに入力してください。違う人のときは、同意せずに閉じてください。",
        )
    cosigner.typed_name = typed_name.strip()[:120]
    cosigner.statement = statement(applicant=case.applicant_name, title=case.title, number=case.number).ja
    return _answered(case, cosigner, agrees, Mover.RESIDENT, by, clock)


@verb("cases.record_consent", label="書面による同意の記録")
def record_consent(*, by: Person, cosigner: Cosigner, how: str, clock: Clock) -> Cosigner:
    """Write down that a co-applicant agreed on paper or in person. Raises `Refusal` without words."""
    case = hold(cosigner.case)
    require_work(by, case)
    cosigner = Cosigner.objects.select_for_update().get(pk=cosigner.pk)
    if not how.strip():
        raise Refusal("何で確かめたかが空です。", field="how", hint="例：同意書の原本、窓口で本人から")
    cosigner.note = how.strip()[:200]
    return _answered(case, cosigner, True, Mover.CLERK, by, clock)


def _answered(case: Case, cosigner: Cosigner, agrees: bool, mover: Mover, by: Person, clock: Clock) -> Cosigner:
    cosigner.state = ConsentState.AGREED if agrees else ConsentState.REFUSED
    cosigner.answered_at = clock.now()
    cosigner.token_hash = cosigner.code_hash = ""
    cosigner.save()
    who = by if by.kind is not PersonKind.VISITOR else Person(id="visitor", name=cosigner.name, kind=by.kind)
    note(
        case,
        Happening.CONSENT,
        by=who,
        clock=clock,
        words=f"{cosigner.name}さんが{'同意した' if agrees else '同意しなかった'}",
        resident_words=f"{cosigner.name}さんが{'同意しました' if agrees else '同意しませんでした'}。",
    )
    if agrees and not case.cosigners.exclude(state=ConsentState.AGREED).exists():
        case.counts_from = clock.today()
        move(
            case,
            "received",
            mover,
            by=who,
            clock=clock,
            words="全員の同意がそろった",
            resident_words="全員の同意がそろい、受け付けました。",
        )
        reckon(case)
        case.save(update_fields=["due_on"])
        if case.kind == "sign_up":
            settle_on_arrival(case, by=who, clock=clock)
    publish(
        ConsentAnswered(
            case_public_id=case.public_id,
            cosigner_public_id=cosigner.public_id,
            agreed=agrees,
            is_complete=case.standing is not Phase.CONSENT,
        )
    )
    return cosigner
