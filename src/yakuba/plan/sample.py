"""The plan in the sample town: the real plan, and invented progress that says everywhere it is a sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from yakuba.kernel.kpi.api import approve_measurement, enter_measurement
from yakuba.kernel.organisation.api import sections_on, staff_on
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.kernel.values.api import Clock, FiscalYear
from yakuba.plan import services
from yakuba.plan.models import Initiative, MeetingState, Milestone, PdcaStep, Plan, TaskState, TeamRole
from yakuba.plan.rules.hours_freed import Method
from yakuba.plan.rules.ooda import Stage
from yakuba.plan.rules.survey import Item, SurveyRow
from yakuba.plan.services.watch_kpis import watch_kpis

_BEGINNING = date(2026, 4, 1)

# Measure: baseline of the plan and invented steps per month. LINE is made to fall behind, so that a loop opens.
_COURSES: dict[str, tuple[float, float, int]] = {
    "line.friends_reachable": (820, 28, 0),
    "bpr.cases_measured": (0, 0.3, 0),
    "opendata.datasets_published": (1, 0.13, 0),
    "ai.minutes_ratio": (96, -4.5, 0),
    "training.security_completion_rate": (12, 9.5, 1),
    "attendance.overtime_hours_per_staff": (13.4, -0.15, 1),
    "documents.paper_shelf_metres": (1240, -14, 1),
}
_MOST_MONTHS = 12

_QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("町の手続きはスムーズに行える", "46.1", "77.2"),
    ("必要な情報がすぐに手に入る", "51.8", "72.4"),
    ("災害のときの情報が届く", "58.3", "88.6"),
    ("公共施設を使いやすい", "54.9", "61.7"),
    ("水道を安心して使える", "81.2", "90.3"),
    ("道路の傷みがすぐ直る", "38.7", "70.5"),
    ("広報が読みやすい", "69.4", "49.8"),
    ("町の行事に参加しやすい", "62.0", "41.3"),
)


@sample_part(order=100, title="DX推進計画")
def fill(context: SampleContext) -> None:
    """Load the plan of the town profile and tell half a year of its history."""
    began = context.clock_on(min(_BEGINNING, context.today))
    secretariat = context.person("secretariat")
    text = (Path(settings.YAKUBA_DATA) / "plans" / settings.TOWN.plan).read_text(encoding="utf-8")
    plan = services.load_plan(by=secretariat, text=text, note="", show=True, clock=began).plan
    if not Initiative.objects.filter(plan=plan, key="1-7").exists():
        return  # another town's plan: its history is not ours to invent
    _measurements(context)
    _meeting(context, plan)
    _progress(context, plan)
    _people(context, plan)
    for loop in watch_kpis(by=secretariat, clock=context.clock)[:1]:
        services.advance_ooda_loop(
            by=secretariat,
            loop=loop,
            to=Stage.ORIENTED,
            text="（見本）友だち追加の案内が、広報と窓口の掲示だけにとどまっている。",
            value_after=None,
            clock=context.clock,
        )


def _month_ends(today: date) -> list[date]:
    ends = []
    month = _BEGINNING
    while month <= today:
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        ends.append(following - timedelta(days=1))
        month = following
    return [day for day in ends if day <= today][-_MOST_MONTHS:]


def _measurements(context: SampleContext) -> None:
    for measure, (start, step, places) in _COURSES.items():
        for number, day in enumerate(_month_ends(context.today)):
            wobble = context.rng.uniform(-0.3, 0.3) * abs(step)
            value = round(Decimal(str(start + step * (number + 1) + wobble)), places)
            entry = enter_measurement(
                by=context.person("clerk"),
                measure_id=measure,
                on=day,
                value=value,
                n=None,
                how="見本として作った値",
                evidence="見本の町の値です。実際の測定ではありません。",
                evidence_file="",
                is_baseline=measure == "documents.paper_shelf_metres" and number == 0,
                clock=context.clock_on(day),
            )
            approve_measurement(by=context.person("section_head"), measurement=entry, clock=context.clock_on(day))


def _meeting(context: SampleContext, plan: Plan) -> None:
    day = date(2026, 5, 20)
    if context.today < day:
        return
    by, then = context.person("secretariat"), context.clock_on(day)
    meeting = services.call_meeting(
        by=by,
        plan=plan,
        title="第1回DX推進本部会議（見本）",
        held_on=day,
        starts_at=None,
        place="大会議室",
        clock=then,
    )
    decisions = (
        ("今年度の進め方", None, "案のとおり決定"),
        ("公式LINEの登録者を増やす取組", "1-7", "夏までに案内のしかたを改める"),
    )
    items = []
    for title, key, decision in decisions:
        item = services.put_on_agenda(
            by=by,
            meeting=meeting,
            title=title,
            initiative=Initiative.objects.get(plan=plan, key=key) if key else None,
            explanation="（見本）事務局から説明。",
            clock=then,
        )
        services.record_decision(
            by=by,
            item=item,
            explanation="（見本）事務局から説明。",
            discussion="（見本）できることから早く始めたい、という意見があった。",
            decision=decision,
            is_dropped=False,
            clock=then,
        )
        items.append(item)
    meeting = services.edit_meeting(
        by=by,
        meeting=meeting,
        seen_edition=meeting.edition,
        title=meeting.title,
        held_on=day,
        starts_at=None,
        place="大会議室",
        attendees="町長（本部長）\n副町長（副本部長）\n各所属長\nDX推進アドバイザー",
        summary="（見本）計画の始まりに当たり、進め方を確かめた。",
        clock=then,
    )
    meeting = services.move_meeting(by=by, meeting=meeting, to=MeetingState.HELD, reason="", clock=then)
    services.move_meeting(by=by, meeting=meeting, to=MeetingState.MINUTED, reason="", clock=then)
    section = sections_on(context.today).filter(kind="section").order_by("order", "code").first()
    for words, due, ended in (
        ("（見本）転入の案内にLINEの二次元コードを載せる", date(2026, 8, 31), True),
        ("（見本）区長会で登録の手伝いを頼む", date(2026, 10, 30), False),
        ("（見本）年度末の評価の案をつくる", date(2027, 3, 19), False),
    ):
        task = services.assign_task(
            by=by,
            plan=plan,
            agenda_item=items[1],
            initiative=None,
            words=words,
            section=section,
            owner=None,
            due_on=due,
            clock=then,
        )
        if ended and context.today > due:
            services.end_task(
                by=by, task=task, to=TaskState.DONE, report="（見本）7月から載せている。", clock=context.clock_on(due)
            )


def _progress(context: SampleContext, plan: Plan) -> None:
    def initiative(key: str) -> Initiative:
        return Initiative.objects.get(plan=plan, key=key)

    then = context.clock_on(min(date(2026, 10, 9), context.today))
    services.confirm_milestone(
        by=context.person("section_head"),
        milestone=Milestone.objects.get(plan=plan, key="2-6-m1"),
        is_met=True,
        on=then.today(),
        evidence="（見本）ガイドラインを決裁し、全職員に知らせた。",
        clock=then,
    )
    for key, step, text in (
        ("1-1", PdcaStep.PLAN, "（見本）今年度は子育ての手続きを5つ加える。"),
        ("1-1", PdcaStep.DO, "（見本）9月までに2つを公開した。"),
        ("1-7", PdcaStep.PLAN, "（見本）登録者1,500人を目指す。"),
    ):
        services.write_pdca(
            by=context.person("clerk"),
            initiative=initiative(key),
            year=FiscalYear.of(then.today()),
            step=step,
            text=text,
            seen="",
            clock=then,
        )
    stories: tuple[tuple[str | None, str, date], ...] = (
        ("2-6", "（見本）AIを使うときのガイドラインを定めました", date(2026, 10, 9)),
        ("1-1", "（見本）子育ての手続きが2つ、オンラインでできるようになりました", date(2026, 9, 1)),
        (None, "（見本）第1回DX推進本部会議を開きました", date(2026, 5, 20)),
    )
    for about, title, published in stories:
        day = min(published, context.today)
        services.publish_news(
            by=context.person("secretariat"),
            plan=plan,
            initiative=initiative(about) if about else None,
            title=title,
            text="見本の町のお知らせです。",
            clock=context.clock_on(day),
        )
    for work, before, after, cases, method in (
        ("（見本）会議録の作成", "180", "75", 18, Method.TIMED),
        ("（見本）休暇簿の集計", "25", "10", 240, Method.ASKED),
    ):
        saved = services.enter_saved_work(
            by=context.person("clerk"),
            plan=plan,
            initiative=initiative("2-6" if method is Method.TIMED else "2-1"),
            year=FiscalYear.of(then.today()),
            work=work,
            minutes_before=Decimal(before),
            minutes_after=Decimal(after),
            cases=cases,
            method=method,
            evidence="見本として作った値",
            clock=then,
        )
        services.decide_saved_work(
            by=context.person("section_head"), saved_work=saved, is_approved=True, reason="", clock=then
        )


def _people(context: SampleContext, plan: Plan) -> None:
    then: Clock = context.clock_on(min(date(2026, 6, 1), context.today))
    section = sections_on(then.today()).filter(kind="section").order_by("order", "code").first()
    if section is not None:
        team = services.form_team(
            by=context.person("secretariat"),
            plan=plan,
            name="窓口改革チーム（見本）",
            aim="何度も書かずに済む窓口の形を決める。",
            section=section,
            initiatives=list(Initiative.objects.filter(plan=plan, key__in=["1-5", "1-6"])),
            starts_on=then.today(),
            clock=then,
        )
        roles = (TeamRole.LEADER, TeamRole.SECTION, TeamRole.SECRETARIAT)
        members = staff_on(then.today()).exclude(employment="outside").order_by("number")[20:23]
        for staff, role in zip(members, roles, strict=False):
            services.join_team(
                by=context.person("secretariat"), team=team, staff=staff, role=role, starts_on=then.today(), clock=then
            )
    advice = services.take_advice(
        by=context.person("adviser"),
        plan=plan,
        initiative=None,
        adviser=context.person("adviser").name,
        given_on=then.today(),
        text="（見本）測り始めなければ、良くなったかどうかも分からない。紙の量と窓口の時間は、今のうちに測っておくこと。",
        clock=then,
    )
    services.answer_advice(
        by=context.person("secretariat"),
        advice=advice,
        is_accepted=True,
        answer="（見本）夏までに全所属の書架を測る。",
        clock=then,
    )
    services.import_survey(
        by=context.person("secretariat"),
        plan=plan,
        title="住民満足度調査（見本）",
        held_on=min(date(2026, 9, 30), context.today),
        sent=2000,
        returned=912,
        how="見本として作った結果です。実際の調査ではありません。",
        rows=_survey_rows(),
        clock=context.clock,
    )


def _survey_rows() -> Sequence[SurveyRow]:
    return [
        SurveyRow(Item(str(number), title, Decimal(satisfied), Decimal(important), 900))
        for number, (title, satisfied, important) in enumerate(_QUESTIONS, start=1)
    ]
