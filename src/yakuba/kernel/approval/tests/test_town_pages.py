"""The pages of what a town lays down: routes, the 専決 table, absences, and the seal ledger."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from yakuba.kernel.access.api import Role
from yakuba.kernel.approval.api import preview_route
from yakuba.kernel.approval.models import Absence, DelegationLine, RoutePlan, SealUse
from yakuba.kernel.approval.rules.routes import Seat, Who
from yakuba.kernel.approval.rules.simple_conditions import CHOICES, choice_of, rule_of
from yakuba.kernel.approval.rules.states import Outcome
from yakuba.kernel.approval.services import decide, issue_request
from yakuba.kernel.approval.tests.test_pages import MY_NUMBER, address, seat, words
from yakuba.kernel.approval.tests.test_routes import CONSULT, DECIDE, ISSUE, LINE, MONEY, delegate, grant, lay
from yakuba.kernel.approval.tests.town_hall import acting, ask
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.organisation.tests.town_hall import FOUNDED
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
TODAY = CLOCK.today()
KEEPER = "総務 主査"


# ── routes


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {f"row{number}-{name}": value for name, value in fields.items()}


def route(**more: Any) -> dict[str, Any]:
    return {
        "title": "支出の起案",
        "kind": "支出",
        "starts_on": TODAY.isoformat(),
        "ground": "規程第12条",
        "count": "3",
        **row(0, order="10", kind="line", seat_1="superiors"),
        **row(1, order="30", kind="decide", seat_1="delegated"),
        **row(2, order="20", kind="examine", seat_1="role:accounting", title="会計審査", when="spends_money"),
        **more,
    }


def test_the_keeper_builds_a_route_row_by_row(hall: Any) -> None:
    keeper = seat(hall, KEEPER)
    assert "起案者から決裁者までの上司" in words(keeper.get(reverse("approval-route-new")))
    done = keeper.post(reverse("approval-route-new"), route(), follow=True)
    assert "登録しました" in words(done)
    plan = RoutePlan.objects.get()
    assert plan.stages == [LINE, MONEY, DECIDE] and plan.kind == "支出"
    listed = words(seat(hall, "行政 主事").get(reverse("approval-routes")))
    assert "会計管理者" in listed and "支出を伴う" in listed and "規程第12条" in listed


def test_a_route_is_edited_and_an_unusual_one_stands_in_its_raw_form(hall: Any) -> None:
    odd = {**CONSULT, "when": {"and": [{"var": "needs_seal"}, {"var": "spends_money"}]}, "quorum": 1}
    lay(LINE, odd, DECIDE)
    plan = RoutePlan.objects.get()
    page = words(seat(hall, KEEPER).get(reverse("approval-route-edit", args=[plan.public_id])))
    assert 'name="use_raw"' in page and "checked" in page and "needs_seal" in page
    url = reverse("approval-route-edit", args=[plan.public_id])
    raw = '[{"kind": "decide", "seats": [{"who": "delegated"}]}]'
    seat(hall, KEEPER).post(url, route(use_raw="on", raw=raw, starts_on="2030-04-01"), follow=True)
    first, second = RoutePlan.objects.order_by("starts_on")
    assert first.key == second.key and second.stages == [DECIDE] and first.ends_on == second.starts_on


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "名前"),
        ({"row1-kind": ""}, "ちょうど一つ"),
        ({"row0-seat_1": ""}, "席を選んで"),
        ({"row0-when": "amount_above"}, "額を入れて"),
        ({"use_raw": "on", "raw": "{"}, "JSON として"),
        ({"use_raw": "on", "raw": "{}"}, "段階の一覧"),
        ({"use_raw": "on", "raw": "[" * 5000}, "JSON として"),
        ({"title": f"番号 {MY_NUMBER}"}, "個人番号"),
        ({"row2-seat_1": "section:01"}, "役割の人だけ"),
    ],
)
def test_what_is_wrong_with_a_route_is_said_and_what_was_typed_stays(hall: Any, changed: Any, says: str) -> None:
    answer = seat(hall, KEEPER).post(reverse("approval-route-new"), route(**changed))
    page = words(answer)
    assert answer.status_code == 422 and says in page and 'value="会計審査"' in page
    assert not RoutePlan.objects.exists()


def test_a_route_is_tried_out_before_it_is_stored(hall: Any) -> None:
    grant(hall, "財政 主事", Role.ACCOUNTING)
    tried = {"try": "1", "example-section": "0101", "example-drafter": "1004", "example-spends_money": "on"}
    page = words(seat(hall, KEEPER).post(reverse("approval-route-new"), route(**tried)))
    assert "行政 班長" in page and "財政 主事" in page and "総務 課長" in page
    assert not RoutePlan.objects.exists()
    more = words(seat(hall, KEEPER).post(reverse("approval-route-new"), route(more="1")))
    assert 'name="row4-kind"' in more


def test_anybody_asks_who_would_see_a_draft_and_why(hall: Any) -> None:
    delegate(hall, 300_000, Seat(Who.SECTION_HEAD))
    lay(LINE, MONEY, DECIDE, kind="")
    clerk = seat(hall, "行政 主事")
    asked = {"try": "1", "section": "0101", "drafter": "1004", "amount": "500000"}
    page = words(clerk.get(reverse("approval-routes"), asked))
    assert "行政 班長" in page and "町長 一郎" in page and "超えるため" in page and "支出を伴う" in page
    wrong = clerk.get(reverse("approval-routes"), {**asked, "drafter": "9999"})
    assert "その番号の職員はいません" in words(wrong)
    assert "担当の所属を選んで" in words(clerk.get(reverse("approval-routes"), {"try": "1"}))
    seen = preview_route(
        kind="何か",
        section=hall.section("行政管理班"),
        authority=hall.mayor,
        on=TODAY,
        drafter=hall.staff["行政 主事"].pk,
        facts={"amount": 1},
    )
    assert [(one.kind.value, bool(one.skipped)) for one in seen.stages] == [
        ("line", False),
        ("examine", True),
        ("decide", False),
    ]
    assert seen.stages[2].seats[0].name == "総務 課長" and not seen.missing


def test_a_route_ends_on_a_day(hall: Any) -> None:
    lay(LINE, DECIDE)
    plan = RoutePlan.objects.get()
    url = reverse("approval-route-end", args=[plan.public_id])
    early = seat(hall, KEEPER).post(url, {"on": FOUNDED.isoformat()})
    assert early.status_code == 422 and "始まりの日より後" in words(early)
    seat(hall, KEEPER).post(url, {"on": TODAY.isoformat()})
    plan.refresh_from_db()
    assert plan.ends_on == TODAY


def test_only_keepers_change_routes_and_the_table(hall: Any) -> None:
    lay(LINE, DECIDE)
    delegate(hall, 10, Seat(Who.SECTION_HEAD))
    clerk = seat(hall, "行政 主事")
    plan, line = RoutePlan.objects.get(), DelegationLine.objects.get()
    for url in (
        reverse("approval-route-new"),
        reverse("approval-route-edit", args=[plan.public_id]),
        reverse("approval-route-end", args=[plan.public_id]),
        reverse("approval-delegation-new"),
        reverse("approval-delegation-import"),
    ):
        assert clerk.get(url).status_code == 403, url
        assert clerk.post(url, {}).status_code == 403, url
    one = reverse("approval-delegation-line", args=[line.public_id])
    assert clerk.get(one).status_code == 200 and clerk.post(one, {"on": TODAY.isoformat()}).status_code == 403


@pytest.mark.parametrize("choice", [one for one, _ in CHOICES])
def test_a_condition_from_the_list_comes_back_as_the_same_choice(choice: str) -> None:
    amount = 300_000 if choice.startswith("amount") else None
    assert choice_of(rule_of(choice, amount)) == (choice, amount)


@pytest.mark.parametrize("odd", [{"==": [1, 1]}, {">": [1]}, {">": [{"var": "amount"}, "x"]}, [1], {"var": "matter"}])
def test_a_condition_the_list_cannot_show_is_known(odd: Any) -> None:
    assert choice_of(odd) is None


# ── the 専決 table


def test_a_line_is_added_and_ended(hall: Any) -> None:
    keeper = seat(hall, KEEPER)
    given = {
        "authority": hall.mayor.public_id,
        "matter": "",
        "up_to": "300000",
        "seat": "section_head",
        "ground": "別表第1",
        "starts_on": TODAY.isoformat(),
    }
    assert "額にかかわらず" in words(keeper.get(reverse("approval-delegation-new")))
    missing = keeper.post(reverse("approval-delegation-new"), {**given, "ground": ""})
    assert missing.status_code == 422 and "300000" in words(missing)
    keeper.post(reverse("approval-delegation-new"), given)
    line = DelegationLine.objects.get()
    listed = words(keeper.get(reverse("approval-delegation")))
    assert "300,000" in listed and "担当の所属の長" in listed
    url = reverse("approval-delegation-line", args=[line.public_id])
    assert keeper.post(url, {"on": TODAY.isoformat()}).status_code == 422
    keeper.post(url, {"on": (TODAY + timedelta(days=1)).isoformat()})
    line.refresh_from_db()
    assert line.ends_on == TODAY + timedelta(days=1)
    assert keeper.get(reverse("approval-delegation-line", args=["zzz"])).status_code == 404


def sheet(text: str, name: str = "専決.csv") -> dict[str, Any]:
    file = io.BytesIO(text.encode("utf-8-sig"))
    file.name = name
    return {"file": file}


HEAD = "執行機関,事務の種類,この額まで（円）,専決する人,根拠,この日から,終わり\r\n"


def test_the_table_goes_out_and_comes_back_in(hall: Any) -> None:
    delegate(hall, 300_000, Seat(Who.SECTION_HEAD))
    keeper = seat(hall, KEEPER)
    out = keeper.get(reverse("approval-delegation"), {"export": "csv"}).content.decode("utf-8-sig")
    assert "町長部局" in out and "300000" in out
    again = keeper.post(reverse("approval-delegation-import"), sheet(out), follow=True)
    assert "0行を取り込みました（変わらない行 1）" in words(again)
    more = out + f"町長部局,契約,1000000,副町長,別表第2,{TODAY.isoformat()},\r\n"
    done = keeper.post(reverse("approval-delegation-import"), sheet(more), follow=True)
    assert "1行を取り込みました" in words(done)
    assert DelegationLine.objects.get(matter="契約").seat == {"who": "role", "role": "deputy_mayor"}
    ended = HEAD + f"町長部局,,300000,担当の所属の長,別表第1,{FOUNDED.isoformat()},{TODAY.isoformat()}\r\n"
    keeper.post(reverse("approval-delegation-import"), sheet(ended))
    assert DelegationLine.objects.get(matter="").ends_on == TODAY


def test_a_wrong_table_comes_back_marked_and_nothing_is_kept(hall: Any) -> None:
    wrong = HEAD + (
        "町長部局,契約,1000000,副町長,別表第2,2026-04-01,\r\n"
        "宇宙庁,契約,百円,王様,,いつか,\r\n"
        "町長部局,契約,-5,副町長,別表,2026-04-01,2020-01-01\r\n"
    )
    keeper = seat(hall, KEEPER)
    answer = keeper.post(reverse("approval-delegation-import"), sheet(wrong))
    page = words(answer)
    assert answer.status_code == 422 and not DelegationLine.objects.exists()
    for said in ("宇宙庁", "王様", "空欄です", "始まりより前"):
        assert said in page, said
    token = page.partition('href="/office/decisions/delegation/import/')[2].partition("/")[0]
    marked = keeper.get(reverse("approval-delegation-errors", args=[token]))
    assert marked.status_code == 200 and marked.content[:2] == b"PK"
    assert seat(hall, "行政 主事").get(reverse("approval-delegation-errors", args=[token])).status_code == 403
    assert keeper.get(reverse("approval-delegation-errors", args=["other"])).status_code == 404
    for bad in (sheet(""), sheet("a,b\r\n1,2\r\n"), {}):
        assert keeper.post(reverse("approval-delegation-import"), bad).status_code == 422


# ── absences


def test_ones_own_absence_takes_two_taps(hall: Any) -> None:
    head = seat(hall, "総務 課長")
    page = words(head.get(reverse("approval-absences")))
    assert "今日は不在" in page and "代決する順番：行政 班長" in page
    done = head.post(reverse("approval-away", args=["today"]), follow=True)
    assert "不在を登録しました" in words(done)
    one = Absence.objects.get()
    assert (one.starts_on, one.ends_on, one.is_standing) == (TODAY, TODAY + timedelta(days=1), False)
    assert "もう登録されています" in words(head.post(reverse("approval-away", args=["today"]), follow=True))
    assert "選び直して" in words(head.post(reverse("approval-away", args=["ever"]), follow=True))
    assert seat(hall, "行政 主事").post(reverse("approval-back", args=[one.public_id])).status_code == 404
    head.post(reverse("approval-back", args=[one.public_id]))
    assert not Absence.objects.exists()


def test_the_keeper_enters_for_others_and_sets_a_deputy_in_office(hall: Any) -> None:
    keeper = seat(hall, KEEPER)
    mayor = hall.staff["町長 一郎"]
    given = {
        "staff": mayor.public_id,
        "starts_on": TODAY.isoformat(),
        "back_on": (TODAY + timedelta(days=30)).isoformat(),
        "reason": "出張",
        "is_standing": "on",
    }
    late = keeper.post(reverse("approval-absences"), {**given, "back_on": TODAY.isoformat()})
    assert late.status_code == 422 and "出張" in words(late)
    assert "職務代理" in words(keeper.post(reverse("approval-absences"), given, follow=True))
    assert Absence.objects.get(staff=mayor).is_standing
    clerk = seat(hall, "行政 主事")
    assert "町長 一郎" not in words(clerk.get(reverse("approval-absences")))
    clerk.post(reverse("approval-absences"), given)
    assert not Absence.objects.filter(staff=hall.staff["行政 主事"], is_standing=True).exists()
    assert Absence.objects.filter(staff=hall.staff["行政 主事"]).count() == 1, "a clerk enters only for themselves"


# ── the seal ledger


def test_the_ledger_is_seen_by_the_section_the_keeper_and_the_auditor(hall: Any) -> None:
    with unaudited_writes("tests"):
        Authority.objects.filter(pk=hall.mayor.pk).update(seal_name="町長之印")
    lay(DECIDE, ISSUE)
    request = ask(hall, facts={"needs_seal": True}, clock=CLOCK)
    decide(
        by=acting(hall.staff["総務 課長"], TODAY), request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK
    )
    issue_request(by=acting(hall.staff["行政 主事"], TODAY), request=request, on=TODAY, clock=CLOCK, seal_copies=3)
    number = SealUse.objects.get().document_number
    grant(hall, "財政 主事", Role.SEAL)
    grant(hall, "産業 課長", Role.AUDITOR)
    for name in ("行政 主事", "総務 課長", "財政 主事", "産業 課長"):
        assert number in words(seat(hall, name).get(reverse("approval-seals"))), name
    stranger = seat(hall, "教育 主事")
    assert number not in words(stranger.get(reverse("approval-seals")))
    assert number not in stranger.get(reverse("approval-seals"), {"export": "csv"}).content.decode("utf-8-sig")
    out = seat(hall, "財政 主事").get(reverse("approval-seals"), {"export": "csv"}).content.decode("utf-8-sig")
    assert "町長之印" in out and ",3," in out
    assert address(request) in words(seat(hall, "行政 主事").get(reverse("approval-seals")))
