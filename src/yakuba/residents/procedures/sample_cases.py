"""Some forty cases of the sample town, in every state a worklist knows. Everybody in them is made up (「見本」)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from PIL import Image, ImageDraw

from yakuba.kernel.access.api import VISITOR, Person
from yakuba.kernel.approval.api import Outcome as Decided
from yakuba.kernel.approval.api import decide, deciders_on, requests_on
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases import services
from yakuba.kernel.cases.api import Arrival, Case, Party, Shown
from yakuba.kernel.cases.models import Outcome, Programme, TemplateUse
from yakuba.kernel.cases.queries.calendar import town_calendar
from yakuba.kernel.cases.queries.notices import fee_items_of
from yakuba.kernel.cases.rules.places import Lot
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.files.api import receive_file
from yakuba.kernel.forms.api import evaluate_form, live_version
from yakuba.kernel.forms.library import library_folder
from yakuba.kernel.forms.models import Filling, FormVersion
from yakuba.kernel.forms.sealing import seal_answers
from yakuba.kernel.forms.services.begin_filling import begin_filling
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.models import Posting, Section
from yakuba.kernel.organisation.models.validity import valid_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.things.sample import SampleContext
from yakuba.kernel.values.api import Clock, FiscalYear, Refusal
from yakuba.residents.procedures.services.bring_forms import numbers_of_forms

EXAMPLES_OF = date(2026, 11, 23)
"""The day for which the example answers were written; near days in them move with the town's today."""

_GIVEN = (
    ("花子", "ハナコ"), ("太郎", "タロウ"), ("一郎", "イチロウ"), ("良子", "リョウコ"), ("健太", "ケンタ"), ("さくら", "サクラ"),
    ("正男", "マサオ"), ("和子", "カズコ"), ("直樹", "ナオキ"), ("美咲", "ミサキ"), ("進", "ススム"), ("恵", "メグミ"),
    ("茂", "シゲル"), ("由美", "ユミ"), ("大輔", "ダイスケ"), ("千代", "チヨ"), ("勝", "マサル"), ("彩", "アヤ"), ("実", "ミノル"), ("文", "フミ"),
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One case: the form, how many days ago it came and how, and how far it went."""

    form: str
    days: int
    arrival: Arrival
    ends: str
    is_resident: bool = False


_ON, _CO, _PH, _PO = Arrival.ONLINE, Arrival.COUNTER, Arrival.PHONE, Arrival.POST
STORIES = (
    Story("removed-family-register", 38, _PO, "overdue"),
    Story("septic-subsidy", 33, _ON, "approved"),
    Story("tax-payment-certificate", 30, _CO, "completed"),
    Story("dog-registration", 28, _ON, "notified"),
    Story("property-tax-certificate", 27, _PO, "refused"),
    Story("child-medical-refund", 25, _ON, "corrected"),
    Story("nominal-support", 24, _ON, "completed"),
    Story("high-cost-medical", 23, _ON, "examining"),
    Story("water-user-change", 22, _ON, "returned"),
    Story("family-register-certificate", 21, _CO, "notified"),
    Story("compost-subsidy", 20, _ON, "deciding"),
    Story("school-expense-support", 19, _ON, "correcting", is_resident=True),
    Story("status-certificate", 18, _CO, "completed"),
    Story("elder-home-support", 17, _ON, "examining"),
    Story("after-school-club", 16, _ON, "waitlisted"),
    Story("personal-data-disclosure", 16, _ON, "withdrawn"),
    Story("moped-return", 15, _CO, "completed"),
    Story("family-register-address-history", 13, _PO, "examining"),
    Story("child-medical-card", 12, _ON, "approved", is_resident=True),
    Story("event-registration", 12, _ON, "confirmed"),
    Story("event-registration", 11, _PH, "confirmed"),
    Story("event-registration", 10, _ON, "waitlisted"),
    Story("road-occupation", 10, _ON, "deciding"),
    Story("resident-record-items-certificate", 9, _CO, "deciding"),
    Story("public-records-request", 9, _ON, "examining"),
    Story("septic-subsidy", 9, _ON, "notified", is_resident=True),
    Story("resident-record-copy", 8, _PO, "correcting"),
    Story("prenatal-checkup-refund", 8, _ON, "received"),
    Story("vaccination-slip-reissue", 7, _ON, "examining"),
    Story("temporary-childcare", 6, _ON, "received"),
    Story("health-insurance-leave", 6, _ON, "checking"),
    Story("income-tax-certificate", 5, _CO, "examining"),
    Story("staff-examination", 5, _ON, "received"),
    Story("resident-record-copy", 4, _PO, "examining"),
    Story("dog-vaccination", 4, _ON, "received"),
    Story("house-demolition", 3, _ON, "received"),
    Story("opinion", 3, _ON, "received"),
    Story("water-stop", 2, _PH, "checking"),
    Story("family-register-certificate", 2, _PO, "received"),
    Story("resident-record-copy", 1, _CO, "received"),
    Story("water-start", 1, _ON, "received", is_resident=True),
    Story("vacant-house-register", 1, _ON, "received"),
    Story("status-certificate", 0, _CO, "received"),
    Story("resident-record-copy", 0, _PH, "received"),
)


_TEMPLATES = (
    (TemplateUse.CORRECTION, "本人確認書類の写しが見えない", "本人確認書類の写真が暗く、文字が読めませんでした。明るいところで撮り直してください。"),
    (TemplateUse.CORRECTION, "使いみちを詳しく", "どこに出すための証明書かを、提出先の名前まで書いてください。"),
    (TemplateUse.REFUSAL, "請求できる人に当たらない", "請求できる人（本人、同じ世帯の人、代理人）に当たることを、提出された書類で確かめられませんでした。"),
    (TemplateUse.NOTE, "電話で不在", "電話したが不在。留守番電話に、折り返しのお願いを残した。"),
)  # fmt: skip


def fill_worklists(context: SampleContext) -> None:
    """Play every story from the oldest to the newest; a form that does not fit the town's day is left out."""
    reverse("office-home")  # the addresses are read once, before a transaction waits for them
    town = TownAtWork(context)
    town.calendar.is_open(context.today)
    for place, story in enumerate(sorted(STORIES, key=lambda one: -one.days)):
        case = town.arrive(story, place)
        if case is not None:
            town.play(case, story)
    town.write_templates()


class TownAtWork:
    """The people and procedures of the sample town, looked up once; they send cases and work on them."""

    def __init__(self, context: SampleContext) -> None:
        self.context = context
        self.today = context.today
        self.calendar = town_calendar()
        numbers = numbers_of_forms()
        rows = {one.number: one for one in Procedure.objects.select_related("section", "authority")}
        self.procedures = {form: rows[number] for form, number in numbers.items() if number in rows}
        self._clerks: dict[int, Person | None] = {}

    def arrive(self, story: Story, place: int) -> Case | None:
        """Send the form as its applicant, or enter it as the clerk at the counter."""
        procedure, version = self.procedures.get(story.form), live_version(story.form)
        if procedure is None or procedure.section is None or version is None:
            return None
        clock = self._clock(story.days)
        by = self._sender(story, procedure.section)
        answers = self._answers(story.form, place, clock.today())
        facts = answers.pop("facts", {})
        if by is None or not self._is_complete(version, answers, facts, clock):
            return None
        filling = begin_filling(
            by=by, version=version, about=procedure.key, language="ja", facts=facts, known={}, clock=clock
        ).filling
        answers = self._with_files(version, answers, filling, by, clock)
        with unaudited_writes("sample town"):
            filling.answers = seal_answers(answers)
            filling.sources = dict.fromkeys(answers, "typed" if story.arrival is _ON else "clerk")
            filling.save()
        try:
            return services.submit_case(
                by=by,
                procedure=procedure,
                filling=filling,
                applicant=_party(answers, by, story.is_resident),
                channel=story.arrival,
                accepts_enotice=story.arrival is _ON,
                shown=Shown("card", "見本のカード", clock.now()) if story.arrival is _ON else None,
                clock=clock,
            )
        except Refusal:
            return None  # e.g. a procedure that needs a signature nobody can give in a sample

    def play(self, case: Case, story: Story) -> None:
        """What the section did with it so far."""
        clerk = self._clerk(case.section)
        if clerk is None or story.ends == "received":
            return
        later = story.days
        clock = self._clock(later)
        try:
            if story.ends == "withdrawn":
                services.withdraw_case(
                    by=clerk, case=case, reason="電話で本人から申し出があった（見本）", clock=self._clock(later - 1)
                )
                return
            if case.kind == "sign_up":
                services.decide_place(by=clerk, case=case, lot=Lot(story.ends), clock=self._clock(later - 1))
                return
            clock = self._clock(later - 1)
            services.start_work(by=clerk, case=case, clock=clock)
            self._confirm(case, clerk, clock)
            if story.arrival is _PO:
                services.add_note(
                    by=clerk, case=case, words="［電話した］届いたことを本人に伝えた。（見本）", clock=clock
                )
            if story.ends in ("correcting", "overdue", "corrected"):
                self._correct(case, story, clerk)
            elif story.ends in ("completed", "returned") and case.kind == "notification":
                self._end_notification(case, story, clerk)
            elif story.ends in ("deciding", "approved", "refused", "notified", "completed"):
                self._decide(case, story, clerk)
        except (Refusal, PermissionDenied):
            return  # the town's rules or the posts of that day do not allow this story; the case stays where it is

    def write_templates(self) -> None:
        """Words the persona's section uses every day."""
        clerk: Person = self.context.person("clerk")
        section = Section.objects.filter(pk__in=clerk.section_ids).first()
        if section is None:
            return
        for use, title, words in _TEMPLATES:
            services.keep_template(
                by=clerk, section=section, procedure=None, use=use, title=title, words=words, clock=self.context.clock
            )

    def _confirm(self, case: Case, clerk: Person, clock: Clock) -> None:
        case.refresh_from_db()
        if case.needs_identity:
            services.confirm_identity(by=clerk, case=case, how="運転免許証の提示（見本）", clock=clock)
        if case.needs_paper:
            services.confirm_paper(by=clerk, case=case, how="署名した申請書の原本（見本）", clock=clock)

    def _correct(self, case: Case, story: Story, clerk: Person) -> None:
        asked = self._clock(story.days - 2)
        path, label = _askable(case)
        days = 14 if story.ends == "correcting" else 10
        deadline = self.calendar.next_open(
            max(asked.today() + timedelta(days=days), self.today + timedelta(days=4))
            if story.ends == "correcting"
            else asked.today() + timedelta(days=days)
        )
        services.ask_correction(
            by=clerk,
            case=case,
            items=[(path, f"{label}を、書類のとおりに書き直してください。（見本）")],
            message="お手数ですが、期限までにお直しください。分からないときはお電話ください。",
            deadline=deadline,
            clock=asked,
        )
        if story.ends == "corrected":
            services.answer_correction(
                by=clerk,
                case=case,
                answers=case.answers.every_answer(),
                sources={},
                clock=self._clock(story.days - 8),
            )
        if story.ends == "overdue" and deadline < self.today:
            services.mark_overdue(by=clerk, case=case, clock=self.context.clock)

    def _end_notification(self, case: Case, story: Story, clerk: Person) -> None:
        clock = self._clock(story.days - 2)
        if story.ends == "completed":
            services.complete_case(by=clerk, case=case, clock=clock)
        else:
            services.return_case(
                by=clerk,
                case=case,
                reason="新しい使用者の署名がありません。署名のうえ、もう一度お出しください。（見本）",
                clock=clock,
            )

    def _decide(self, case: Case, story: Story, clerk: Person) -> None:
        refuses = story.ends == "refused"
        if case.kind == "subsidy":
            self._budget(case, clerk)
        services.propose_decision(
            by=clerk,
            case=case,
            outcome=Outcome.REFUSED if refuses else Outcome.APPROVED,
            reasons="審査基準の「申請する人と所有者の関係が分かること」に当たる書類が確かめられませんでした。（見本）"
            if refuses
            else "",
            conditions="",
            fee_items=[] if refuses else fee_items_of(case.answers),
            amount=30_000 if case.kind == "subsidy" else None,
            clock=self._clock(story.days - 3),
        )
        if story.ends == "deciding":
            return
        request = requests_on(ref_of(case))[0]
        clock = self._clock(story.days - 4)
        deciders = deciders_on(request, on=clock.today())
        head = next((one for maybe in deciders if (one := self._account(maybe.staff, clock.today()))), None)
        if head is None:
            return
        decide(by=head, request=request, outcome=Decided.APPROVED, comment="", clock=clock)
        case.refresh_from_db()
        clock = self._clock(story.days - 5)
        for order in case.orders.filter(state="unpaid"):
            services.mark_paid(by=clerk, order=order, where="会計窓口（見本）", slip="", clock=clock)
        if story.ends == "approved":
            return
        notice = services.make_notice(by=clerk, case=case, clock=clock)
        if story.ends in ("notified", "completed"):
            notice = services.print_notice(by=clerk, notice=notice, clock=clock)
            if notice.file_id is None:
                return
            if story.ends == "completed":
                services.hand_notice(by=clerk, notice=notice, to_whom=case.applicant_name, clock=clock)
            else:
                services.send_notice(by=clerk, notice=notice, clock=clock)

    def _budget(self, case: Case, clerk: Person) -> None:
        year = FiscalYear.of(case.received_on)
        if Programme.objects.filter(procedure=case.procedure, fiscal_year=year.year).exists():
            return
        services.set_programme(
            by=clerk,
            procedure=case.procedure,
            year=year,
            ceiling=3_000_000,
            most_per_grant=600_000,
            report_by=year.last_day,
            ground="見本の要綱",
            seen_edition=0,
            clock=self.context.clock,
        )

    def _clock(self, days_ago: int) -> Clock:
        """9 o'clock of an open day so many days ago."""
        day = self.today - timedelta(days=max(days_ago, 0))
        while not self.calendar.is_open(day) and day > self.today - timedelta(days=60):
            day -= timedelta(days=1)
        return self.context.clock_on(day) if day < self.today else self.context.clock

    def _sender(self, story: Story, section: Section) -> Person | None:
        if story.arrival is not _ON:
            return self._clerk(section)
        resident: Person = self.context.person("resident")
        return resident if story.is_resident else VISITOR

    def _clerk(self, section: Section) -> Person | None:
        """Somebody who works on cases of a section; the persona wherever it is theirs."""
        persona: Person = self.context.person("clerk")
        if section.pk in persona.section_ids:
            return persona
        if section.pk not in self._clerks:
            posted = (
                Posting.objects.filter(valid_on(self.today), section=section, post__role="clerk")
                .order_by("-post__rank", "staff__number")
                .values_list("staff_id", flat=True)
            )
            self._clerks[section.pk] = next((one for pk in posted if (one := self._account(pk, self.today))), None)
        return self._clerks[section.pk]

    def _account(self, staff_id: int, day: date) -> Person | None:
        """The person of a member of staff as they were posted on a day: in April half the town hall has moved."""
        account = Account.objects.select_related("staff").filter(staff_id=staff_id).first()
        return person_of(account, day) if account else None

    def _answers(self, form: str, place: int, day: date) -> dict[str, Any]:
        answers: dict[str, Any] = _moved(_example(form), (day - EXAMPLES_OF).days)
        given, kana = _GIVEN[place % len(_GIVEN)]
        name = answers.get("applicant_name")
        if isinstance(name, dict) and name.get("family") == "見本":
            answers["applicant_name"] = {**name, "given": given, "given_kana": kana}
        if "applicant_mail" in answers:
            answers["applicant_mail"] = f"mihon{place:02d}@example.jp"
        return answers

    def _is_complete(
        self, version: FormVersion, answers: Mapping[str, Any], facts: Mapping[str, Any], clock: Clock
    ) -> bool:
        return evaluate_form(version.read(), answers, today=clock.today(), facts=facts).first_unfinished() is None

    def _with_files(
        self, version: FormVersion, answers: dict[str, Any], filling: Filling, by: Person, clock: Clock
    ) -> dict[str, Any]:
        """The made-up ids of files become files: one small picture that says it is a sample."""
        keys = [one.key for one in version.read().questions() if one.type == "files" and answers.get(one.key)]
        for key in keys:
            answers[key] = [
                receive_file(
                    by=by, stream=_picture(), filename=f"mihon-{number}.png", clock=clock, owner=ref_of(filling)
                ).public_id
                for number, _ in enumerate(answers[key], start=1)
            ]
        return answers


def _askable(case: Case) -> tuple[str, str]:
    """An answer the applicant can put right: the first short text or telephone number of the form."""
    answered = case.answers.every_answer()
    for question in case.answers.version.read().questions():
        if question.type in ("short_text", "long_text", "phone") and question.key in answered:
            return question.key, question.label.ja
    return "applicant_address", "住所"


def _party(answers: Mapping[str, Any], by: Person, is_resident: bool) -> Party:
    name, address = answers.get("applicant_name") or {}, answers.get("applicant_address") or {}
    if not name:
        return Party(name=by.name or "見本 無記名", account_id=by.id if is_resident else "")
    birth = answers.get("applicant_birth")
    return Party(
        name="　".join(filter(None, (name.get("family", ""), name.get("given", "")))),
        kana="　".join(filter(None, (name.get("family_kana", ""), name.get("given_kana", "")))),
        postal_code=str(address.get("postal_code", "")),
        address="　".join(
            filter(None, (f"{address.get('place', '')}{address.get('lot', '')}", address.get("building", "")))
        ),
        phone=str(answers.get("applicant_phone", "")),
        mail=str(answers.get("applicant_mail", "")),
        account_id=by.id if is_resident else "",
        birth_date=date.fromisoformat(birth) if birth else None,
    )


@cache
def _example_text(form: str) -> str:
    return (library_folder() / "examples" / f"{form}.complete.json").read_text(encoding="utf-8")


def _example(form: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_example_text(form))
    return found


def _moved(value: Any, days: int) -> Any:
    """Days within a year of the examples' day move with the town's; birthdays and the like stay."""
    if isinstance(value, dict):
        return {key: _moved(one, days) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, days) for one in value]
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return (day + timedelta(days=days)).isoformat() if abs((day - EXAMPLES_OF).days) <= 366 else value
    return value


@cache
def _picture() -> bytes:
    image = Image.new("RGB", (480, 300), "#f4f4f4")
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((12, 12, 467, 287), outline="#777777", width=3)
    drawing.line((12, 287, 467, 12), fill="#cccccc", width=2)
    drawing.text((200, 140), "SAMPLE (MIHON)", fill="#555555")
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
