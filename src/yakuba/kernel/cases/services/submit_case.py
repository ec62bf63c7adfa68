"""A case arrives (受付)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from django.contrib.auth.hashers import make_password

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.events import CaseReceived
from yakuba.kernel.cases.models import Case, CaseParty, CaseSeries, Happening
from yakuba.kernel.cases.models.party import CONTACT
from yakuba.kernel.cases.queries.answers import files_of
from yakuba.kernel.cases.queries.calendar import read_calendar
from yakuba.kernel.cases.queries.standing import handling_of
from yakuba.kernel.cases.rules.consent import Invited, checked_invitations
from yakuba.kernel.cases.rules.grants import stage_of_form
from yakuba.kernel.cases.rules.numbers import written_number
from yakuba.kernel.cases.rules.parties import Arrival, Party, PartyRole, checked_party
from yakuba.kernel.cases.rules.proof import ELECTRONIC, Shown, StillToShow, check_proof
from yakuba.kernel.cases.rules.states import GrantStage, first_state, table_of
from yakuba.kernel.cases.services.consent import add_cosigners
from yakuba.kernel.cases.services.deadlines import reckon
from yakuba.kernel.cases.services.grants import join_stage
from yakuba.kernel.cases.services.moving import note
from yakuba.kernel.cases.services.places import settle_on_arrival
from yakuba.kernel.catalogue.api import ChannelKind, online_channel, record_first_submission
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.events.api import publish
from yakuba.kernel.forms.api import finish_filling
from yakuba.kernel.forms.models import AnswerSet, Filling
from yakuba.kernel.identity.api import seal
from yakuba.kernel.identity.models import SignatureEvidence, SignatureOutcome
from yakuba.kernel.japan.api import fold
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.organisation.api import successors_on
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.people.api import is_about, is_protected, mandates_for
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128


def submit_case(
    *,
    by: Person,
    procedure: Procedure,
    filling: Filling,
    applicant: Party,
    agent: Party | None = None,
    channel: Arrival = Arrival.ONLINE,
    accepts_enotice: bool = False,
    password: str = "",
    shown: Shown | None = None,
    language: str = "ja",
    cosigners: Sequence[Invited] = (),
    clock: Clock,
) -> Case:
    """Send a filled form and make it a case. Sent twice (a second press, the back button) it is the same case.

    ``password`` lets somebody without an account look the case up; it is kept as a hash. ``shown`` is what identity the
    sender has proven in this session; a signed-in resident has at least shown an account. An electronic signature is
    looked for by itself (about the filling, over the digest of exactly these answers). An agent acts on a mandate
    registered for the procedure, or on a letter of attorney attached under the question ``mandate``. With ``cosigners``
    the case waits for their consent before it counts as received (`invite_cosigner` makes their links).

    The password is hashed before the transaction begins. Raises `Incomplete`, `NotOpen`, `ProofMissing`, `Refusal`.
    """
    if password and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refusal(
            f"パスワードは{SHORTEST_PASSWORD}文字以上にしてください。",
            field="password",
            hint="受付番号と一緒に、状況を確かめるときに使います。",
        )
    read_calendar(clock.today())
    return receive_case(
        by=by,
        procedure=procedure,
        filling=filling,
        applicant=checked_party(applicant, role=PartyRole.APPLICANT),
        agent=checked_party(agent, role=PartyRole.AGENT) if agent is not None else None,
        channel=channel,
        accepts_enotice=accepts_enotice,
        password_hash=make_password(password) if password else "",
        shown=_shown(by, shown),
        language=language,
        cosigners=checked_invitations(tuple(cosigners), applicant=applicant.name),
        clock=clock,
    )


@verb("cases.receive", label="手続きの受付")
def receive_case(
    *,
    by: Person,
    procedure: Procedure,
    filling: Filling,
    applicant: Party,
    agent: Party | None,
    channel: Arrival,
    accepts_enotice: bool,
    password_hash: str,
    shown: Shown,
    language: str,
    cosigners: tuple[Invited, ...],
    clock: Clock,
) -> Case:
    """The transaction behind `submit_case`."""
    _check_sender(by, channel)
    known = _case_of(filling)
    if known is not None:
        return known
    if filling.about and filling.about != procedure.key:
        raise Refusal("この入力は、別の手続きのものです。", hint="手続きの画面を開き直してください。")
    answers = finish_filling(by=by, filling=filling, clock=clock)
    known = _case_of(filling)  # somebody else sent it while we waited for the row
    if known is not None:
        return known
    signature = _signature(filling, answers)
    missing = check_proof(
        needed=procedure.identity,
        signature=procedure.signature,
        arrival=channel,
        shown=shown,
        is_signed=signature is not None,
    )
    case = _stored(
        by=by,
        procedure=procedure,
        answers=answers,
        applicant=applicant,
        agent=agent,
        channel=channel,
        signature=signature,
        missing=missing,
        values={
            "accepts_enotice": accepts_enotice and channel is Arrival.ONLINE,
            "password_hash": password_hash,
            "identity_level": shown.level if channel is Arrival.ONLINE else "none",
            "language": language[:10],
        },
        needs_consent=bool(cosigners),
        clock=clock,
    )
    add_cosigners(case, cosigners)
    if case.kind == "subsidy":
        join_stage(case, grant_id=str(filling.facts.get("grant", "")), answers=answers, clock=clock)
    reckon(case)
    case.save(update_fields=["due_on"])
    _keep_parties(case, procedure, answers, applicant, agent, channel, clock)
    note(
        case,
        Happening.RECEIVED,
        by=by,
        clock=clock,
        words=f"{Arrival(channel).label}で受け付けた",
        resident_words="受け付けました。",
        after=case.state,
    )
    if case.kind == "sign_up" and not cosigners:
        settle_on_arrival(case, by=by, clock=clock)
    if channel is Arrival.ONLINE and not case.is_sample:
        _tell_catalogue(by, procedure, clock)
    if files_of(answers):
        enqueue("cases.check_files", key=f"cases.check_files:{answers.public_id}", case=case.public_id)
    publish(
        CaseReceived(
            case_public_id=case.public_id,
            procedure_key=procedure.key,
            arrival=Arrival(channel).value,
            is_sample=case.is_sample,
        )
    )
    return case


def _check_sender(by: Person, channel: Arrival) -> None:
    if channel is Arrival.ONLINE and by.kind in (PersonKind.RESIDENT, PersonKind.VISITOR):
        return
    if channel is not Arrival.ONLINE and by.kind is PersonKind.STAFF and by.staff_id is not None:
        return
    raise NotAllowed("オンラインで出せるのは本人と代理人です。職員は、窓口・電話・郵送で届いたものを入力してください。")


def _case_of(filling: Filling) -> Case | None:
    return Case.objects.select_related("procedure", "section").filter(first_answers__filling=filling).first()


def _shown(by: Person, shown: Shown | None) -> Shown:
    if shown is None or (shown.level in ("", "none", "mail") and by.kind is PersonKind.RESIDENT):
        return Shown("account", "session") if by.kind is PersonKind.RESIDENT else (shown or Shown())
    return shown


def _signature(filling: Filling, answers: AnswerSet) -> SignatureEvidence | None:
    """The accepted signature over exactly these answers."""
    return (
        SignatureEvidence.objects.filter(
            about=f"forms.filling:{filling.public_id}",
            document_digest=answers.digest,
            outcome=SignatureOutcome.ACCEPTED,
        )
        .order_by("-received_at")
        .first()
    )


def _stored(
    *,
    by: Person,
    procedure: Procedure,
    answers: AnswerSet,
    applicant: Party,
    agent: Party | None,
    channel: Arrival,
    signature: SignatureEvidence | None,
    missing: StillToShow,
    values: dict[str, object],
    needs_consent: bool,
    clock: Clock,
) -> Case:
    kind, stage = procedure.kind, _stage(procedure, answers)
    if needs_consent and not table_of(kind, stage).knows("awaiting_consent"):
        raise Refusal(
            "この手続きは、一人で出すものです。", field="cosigners", hint="一緒に申請する人を外してください。"
        )
    state = first_state(kind, stage, needs_consent=needs_consent)
    number = next_number(clock)
    return Case.objects.create(
        number=number,
        procedure=procedure,
        kind=kind,
        stage=stage,
        title=_title(procedure, stage),
        state=state,
        phase=table_of(kind, stage).phase(state).value,
        section=section_in_charge(procedure, clock),
        arrival=Arrival(channel).value,
        received_at=clock.now(),
        received_on=clock.today(),
        entered_by_id=by.staff_id,
        first_answers=answers,
        answers=answers,
        applicant_name=applicant.name,
        applicant_kana=applicant.kana,
        applicant_account=applicant.account_id,
        agent_account=agent.account_id if agent else "",
        search_words=search_words(number, procedure.title_ja, applicant, agent),
        needs_identity=missing.identity,
        needs_paper=missing.paper and not (signature and procedure.signature == ELECTRONIC),
        signature=signature,
        fee=answers.fee,
        standard_days=procedure.standard_days,
        counts_from=clock.today(),
        changed_at=clock.now(),
        is_sample=is_sample_town() or procedure.is_sample,
        **values,
    )


def _stage(procedure: Procedure, answers: AnswerSet) -> str:
    if procedure.kind != "subsidy":
        return ""
    return stage_of_form(answers.version.form.key, handling_of(procedure).stage_forms).value


def _title(procedure: Procedure, stage: str) -> str:
    """The name of the procedure, with that of the stage behind it."""
    return f"{procedure.title_ja}（{GrantStage(stage).label}）"[:200] if stage else procedure.title_ja


def search_words(number: str, title: str, applicant: Party, agent: Party | None) -> str:
    """What a case is found by in lists: number, procedure, names. Never places or contacts."""
    words = [number, number.replace("-", ""), title, applicant.name, applicant.kana]
    words += [agent.name, agent.kana] if agent else []
    return " ".join(fold(one) for one in words if one)[:400]


def next_number(clock: Clock) -> str:
    """The next 受付番号 of the fiscal year; two at once wait for each other at its row."""
    year = FiscalYear.of(clock.today())
    CaseSeries.objects.get_or_create(fiscal_year=year.year)
    series = CaseSeries.objects.select_for_update().get(fiscal_year=year.year)
    series.last_number += 1
    series.save(update_fields=["last_number"])
    return written_number(year, series.last_number)


def section_in_charge(procedure: Procedure, clock: Clock) -> Section:
    """The section that stands in for the one of the catalogue today. Raises `Refusal` when there is none."""
    if procedure.section is None:
        raise Refusal(
            f"「{procedure}」の担当の課が決まっていないため、受け付けられません。",
            hint="役場へお電話ください。",
        )
    standing = successors_on([procedure.section.pk], clock.today())[procedure.section.pk]
    return Section.objects.get(pk=standing[0]) if standing else procedure.section


def _keep_parties(
    case: Case,
    procedure: Procedure,
    answers: AnswerSet,
    applicant: Party,
    agent: Party | None,
    channel: Arrival,
    clock: Clock,
) -> None:
    given = [(PartyRole.APPLICANT, applicant)] + ([(PartyRole.AGENT, agent)] if agent else [])
    # Who is protected is known for the case as a whole: an agent may well live at the same place.
    protected = any(
        one.is_protected
        or is_protected(account=one.account_id, name=one.name, born_on=one.birth_date, on=clock.today())
        for _, one in given
    )
    for role, party in given:
        mandate, file = (
            _mandate(procedure, answers, applicant, party, channel, clock) if role is PartyRole.AGENT else (None, "")
        )
        CaseParty.objects.create(
            case=case,
            role=role.value,
            mandate=mandate,
            mandate_file=file,
            mandate_checked=mandate is not None,
            **_party_columns(party, protected),
        )


def _party_columns(party: Party, protected: bool) -> dict[str, object]:
    columns = {name: value for name, value in asdict(party).items() if name != "is_protected"}
    if protected:
        contact = {name: columns[name] for name in CONTACT}
        columns |= dict.fromkeys(CONTACT, "")
        columns["sealed"] = seal(json.dumps(contact, ensure_ascii=False))
    return columns | {"is_protected": protected}


def _mandate(
    procedure: Procedure, answers: AnswerSet, applicant: Party, agent: Party, channel: Arrival, clock: Clock
) -> tuple[Mandate | None, str]:
    """The registered mandate, or the public id of the attached letter. Raises `Refusal` online without either.

    The mandate the agent chose at the start must still be good now, and be about the very person who applies.
    """
    held = mandates_for(agent=agent.account_id, procedure=procedure.key, on=clock.today())
    chosen = answers.facts.get("mandate")
    if chosen:
        return _chosen(held, str(chosen), applicant), ""
    for one in held:
        if _is_about(one, applicant):
            return one, ""
    attached = answers.every_answer().get("mandate")
    if isinstance(attached, list) and attached:
        return None, str(attached[0])
    if channel is Arrival.ONLINE:
        raise Refusal(
            "代理で手続きをするには、委任状が必要です。",
            field="mandate",
            hint="委任状の写真を付けるか、本人の利用登録から代理人の登録をしてもらってください。",
        )
    return None, ""


def _chosen(held: list[Mandate], chosen: str, applicant: Party) -> Mandate:
    found = next((one for one in held if one.public_id == chosen), None)
    if found is None:
        raise Refusal(
            "始めるときに選んだ委任は、もう使えません（取り消されたか、期間が終わっています）。",
            field="mandate",
            hint="本人に確かめ、委任状を付けて初めからやり直すか、役場へご相談ください。",
        )
    if not _is_about(found, applicant):
        raise Refusal(
            f"申請する人が、登録された委任の本人（{found.principal_name}さん）と違います。",
            field="mandate",
            hint="本人の氏名と生年月日を、委任を登録したときのとおりに直してください。",
        )
    return found


def _is_about(mandate: Mandate, applicant: Party) -> bool:
    return is_about(
        principal_name=mandate.principal_name,
        principal_born_on=mandate.principal_born_on,
        name=applicant.name,
        born_on=applicant.birth_date,
    )


def _tell_catalogue(by: Person, procedure: Procedure, clock: Clock) -> None:
    channel = online_channel(procedure, ChannelKind.YAKUBA_FORM)
    if (
        channel is not None
        and channel.counting_entries.filter(first_submission_on__isnull=True, struck_on__isnull=True).exists()
    ):
        record_first_submission(by=by, channel=channel, on=clock.today(), clock=clock)
