"""The sample town's decisions: document symbols, routes, an invented 専決 table, and drafts on their way.

The amounts of the table are invented (見本): a town enters those of its own 事務決裁規程.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day, deciders_of, stages_of
from yakuba.kernel.approval.rules.document_numbers import propose_symbols
from yakuba.kernel.approval.rules.flow import Act, SeatState, StageState
from yakuba.kernel.approval.rules.routes import Seat, StageKind, Who
from yakuba.kernel.approval.services import (
    act_on_request,
    amend_request,
    ask_decision,
    delegate_matter,
    enter_absence,
    lay_down_route,
    name_section_symbol,
)
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Authority, Section, SectionKind, Staff
from yakuba.kernel.things.api import Ref, description_of, ref_of
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.kernel.values.api import Clock, FiscalYear

GENERAL, SPENDING, SEALED = "一般の起案", "支出を伴う起案", "公印を押す文書"
_GROUND = "見本の専決表（町の事務決裁規程に置き換えてください）"

_LINE = {"kind": "line", "seats": [{"who": "superiors"}]}
_DECIDE = {"kind": "decide", "seats": [{"who": "delegated"}]}


def _finance(code: str) -> dict[str, Any]:
    return {
        "kind": "consult",
        "title": "財政の合議",
        "seats": [{"who": "section", "section": code}],
        "when": {">": [{"var": "amount"}, 300_000]},
    }


_MONEY = {
    "kind": "examine",
    "title": "会計審査",
    "seats": [{"who": "role", "role": "accounting"}],
    "when": {"var": "spends_money"},
}
_SEAL = {"kind": "examine", "title": "公印審査", "seats": [{"who": "role", "role": "seal"}]}
_ISSUE = {"kind": "issue", "seats": [{"who": "drafter"}]}


@sample_part(order=90, title="文書記号")
def fill(context: SampleContext) -> None:
    """Every section and facility with its symbol; units write under that of their section."""
    sections = list(sections_on(context.today).exclude(kind=SectionKind.UNIT).order_by("order", "code"))
    for section, symbol in zip(sections, propose_symbols([one.name for one in sections]), strict=True):
        if symbol:
            name_section_symbol(
                by=context.person("it"),
                section=section,
                symbol=symbol,
                starts_on=FiscalYear.of(context.today).start,
            )


@sample_part(order=250, title="決裁のルートと起案")
def fill_routes(context: SampleContext) -> None:
    """Three routes, three thresholds, and five drafts on their way, about tasks of the plan."""
    finance = sections_on(context.today).filter(name__contains="財務").first()
    keeper, start = context.person("it"), FiscalYear.of(context.today).start
    authority = Authority.objects.order_by("order", "pk").first()
    if finance is None or authority is None:
        return  # another town's hall: its routes are not ours to invent
    ground = "見本のルート（町の文書取扱規程に置き換えてください）"
    for key, kind, stages in (
        ("sample-general", GENERAL, [_LINE, _DECIDE]),
        ("sample-spending", SPENDING, [_LINE, _finance(finance.code), _MONEY, _DECIDE]),
        ("sample-sealed", SEALED, [_LINE, _DECIDE, _SEAL, _ISSUE]),
    ):
        lay_down_route(
            by=keeper, key=key, title=f"{kind}（見本）", kind=kind, stages=stages, starts_on=start, ground=ground
        )
    for up_to, seat in (
        (300_000, Seat(Who.SECTION_HEAD)),
        (1_000_000, Seat(Who.ROLE, role="deputy_mayor")),
    ):
        delegate_matter(
            by=keeper, authority=authority, matter=SPENDING, up_to=up_to, seat=seat, ground=_GROUND, starts_on=start
        )
    _drafts(context, authority)


@dataclass(frozen=True)
class _Draft:
    """One draft: on which day it was asked (days ago), what it says, and how far it has come."""

    kind: str
    title: str
    text: str
    days_ago: int
    facts: Mapping[str, Any]
    walk: Callable[[DecisionRequest, SampleContext, int], None]


def _drafts(context: SampleContext, authority: Authority) -> None:
    subjects = _subjects(len(_DRAFTS))
    clerk = context.person("clerk")
    section = Section.objects.filter(pk__in=clerk.section_ids).first()
    if section is None or len(subjects) < 2:
        return
    for number, draft in enumerate(_DRAFTS):
        subject = subjects[number % len(subjects)]
        day = _working_day(context.today, draft.days_ago)
        request = ask_decision(
            by=clerk,
            subject=subject,
            title=f"{draft.title}（見本）",
            content={"件名": draft.title, "対象": str(subject), **draft.facts},
            content_text=draft.text,
            authority=authority,
            section=section,
            kind=draft.kind,
            clock=context.clock_on(day),
            facts=draft.facts,
            due=_working_day(context.today, -7),
        )
        draft.walk(request, context, draft.days_ago)


def _subjects(count: int) -> list[Ref]:
    """Tasks of the plan, as far as the town has them: the engine knows them by their description only."""
    tasks = description_of("plan.task")
    if tasks is None:
        return []
    return [ref_of(one) for one in tasks.model.objects.order_by("-due_on", "pk")[:count]]  # type: ignore[attr-defined]


def _working_day(today: date, days_ago: int) -> date:
    day = today - timedelta(days=days_ago)
    return day - timedelta(days=max(0, day.weekday() - 4))


def _pass(request: DecisionRequest, clock: Clock, *, until: StageKind | None = None, words: str = "") -> None:
    """Everybody whose turn it is agrees, stage by stage, up to (not including) the first stage of a kind."""
    for _ in range(20):
        fresh = DecisionRequest.objects.get(pk=request.pk)
        day = Day.of(clock.today())
        opened = [one for one in stages_of([fresh], day)[fresh.pk] if one.state is StageState.OPEN]
        if not opened or opened[0].kind is until:
            return
        act = {StageKind.EXAMINE: Act.EXAMINE, StageKind.DECIDE: Act.APPROVE}.get(opened[0].kind, Act.AGREE)
        for seat in opened[0].seats:
            if seat.state is SeatState.WAITING and seat.sitting:
                by = _person(seat.sitting[0].staff, clock.today())
                act_on_request(by=by, request=fresh, act=act, comment=words, clock=clock)


def _person(staff: int, day: date) -> Person:
    return person_of(Account.objects.get(staff=staff), day)


def _stays(request: DecisionRequest, context: SampleContext, days_ago: int) -> None:
    """Just asked: it waits for the drafter's superior."""


def _to_the_mayor(request: DecisionRequest, context: SampleContext, days_ago: int) -> None:
    clock = context.clock_on(_working_day(context.today, max(days_ago - 1, 0)))
    _pass(request, clock, until=StageKind.DECIDE, words="（見本）内容を確かめました。")


def _to_the_issue(request: DecisionRequest, context: SampleContext, days_ago: int) -> None:
    clock = context.clock_on(_working_day(context.today, max(days_ago - 1, 0)))
    _pass(request, clock, until=StageKind.ISSUE)


def _amended(request: DecisionRequest, context: SampleContext, days_ago: int) -> None:
    clock = context.clock_on(_working_day(context.today, max(days_ago - 1, 0)))
    _pass(request, clock, until=StageKind.DECIDE)
    amend_request(
        by=context.person("clerk"),
        request=request,
        content={"件名": "窓口の案内表示の見直し", "対象": str(request.subject), "案": 2},
        content_text="窓口の案内表示を、次のとおり見直す。\n1. 番号札の前に「申請の書き方」の案内を置く。\n2. 英語とやさしい日本語を並べる。",
        reason="（見本）やさしい日本語を加えたため",
        clock=context.clock,
    )


def _in_place(request: DecisionRequest, context: SampleContext, days_ago: int) -> None:
    """The head was away that day and is back: the first deputy decided (代決), the head is to see it afterwards (後閲)."""
    on = _working_day(context.today, max(days_ago - 1, 1))
    clock = context.clock_on(on)
    _pass(request, clock, until=StageKind.DECIDE)
    fresh = DecisionRequest.objects.get(pk=request.pk)
    sitting = next(iter(deciders_of(fresh, Day.of(on))[:1]), None)
    deputies = deciders_of(fresh, Day.of(on))[1:]
    if sitting is None or not deputies:
        return
    away = Staff.objects.get(pk=sitting.staff)
    back_on = on + timedelta(days=1)
    enter_absence(
        by=context.person("it"), staff=away, starts_on=on, back_on=back_on, reason="（見本）出張", clock=clock
    )
    by = _person(deputies[0].staff, on)
    act_on_request(by=by, request=fresh, act=Act.APPROVE, comment="（見本）急ぐため、代わって決裁します。", clock=clock)


_DRAFTS = (
    _Draft(
        SPENDING,
        "窓口用タブレットの購入",
        "窓口で使うタブレットを、次のとおり購入する。\n品名　タブレット 3台\n金額　248,000円（税込）\n契約の方法　見積り合わせ",
        1,
        {"amount": 248_000, "spends_money": True},
        _stays,
    ),
    _Draft(
        SPENDING,
        "書かない窓口の機器の借上げ",
        "書かない窓口の機器を、次のとおり借り上げる。\n期間　1年\n金額　2,400,000円（税込）\n契約の方法　指名競争入札",
        6,
        {"amount": 2_400_000, "spends_money": True},
        _to_the_mayor,
    ),
    _Draft(
        SEALED,
        "県への照会の回答",
        "福島県からの照会に、次のとおり回答する。\n照会の件名　窓口業務の実施状況\n回答　別添のとおり",
        4,
        {"needs_seal": True},
        _to_the_issue,
    ),
    _Draft(
        GENERAL,
        "窓口の案内表示の見直し",
        "窓口の案内表示を、次のとおり見直す。\n1. 番号札の前に「申請の書き方」の案内を置く。",
        3,
        {},
        _amended,
    ),
    _Draft(
        GENERAL,
        "年末の窓口時間の延長",
        "年末の窓口を、次のとおり延長する。\n期間　12月28日まで\n時間　午後6時30分まで（水曜日）",
        5,
        {},
        _in_place,
    ),
)
