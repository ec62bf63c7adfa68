"""A turn of the year from the list to the last hand-over, and the minute it happens."""

from __future__ import annotations

import json
from datetime import date, datetime
from io import BytesIO

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from yakuba.kernel.access.api import VISITOR, NotAllowed, PersonKind, Role
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.files.api import FileRefused
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.organisation.api import deputies_of, postings_of, verbs
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.organisation.tests.town_hall import (
    APRIL,
    CLERK,
    FOUNDED,
    LAST_OF_MARCH,
    SYSTEM,
    TODAY,
)
from yakuba.kernel.paper.api import TableRefused
from yakuba.kernel.values.api import TOKYO, FixedClock, Refusal
from yakuba.kernel.yearturn import jobs
from yakuba.kernel.yearturn.cli import year_turn
from yakuba.kernel.yearturn.models import LineState, TurnHeir, TurnLine, YearTurn
from yakuba.kernel.yearturn.rules.turn import TurnState
from yakuba.kernel.yearturn.services import (
    apply_chunk,
    cancel_turn,
    choose_heirs,
    finish_turn,
    hand_over_chunk,
    prepare_turn,
    refresh_heirs,
    retry_failed,
    skip_line,
    start_turn,
)
from yakuba.kernel.yearturn.tests.errands import personnel_list

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(TODAY)
ON_THE_DAY = FixedClock(datetime(2027, 4, 1, 0, 5, tzinfo=TOKYO))

MOVES = (
    ("1002", "総務 主査", "異動", "財政課", "主査"),
    ("2001", "財政 課長", "退職", "", ""),
    ("3001", "産業 課長", "異動", "財政課", "課長"),
    ("9001", "新人 花子", "採用", "総務課", "主査", "しんじん はなこ"),
)


def prepared(*rows, clock=CLOCK) -> YearTurn:
    return prepare_turn(
        by=SYSTEM, content=personnel_list(*(rows or MOVES)), filename="名簿.xlsx", on=APRIL, clock=clock
    )


def started(turn: YearTurn) -> YearTurn:
    turn = start_turn(by=SYSTEM, turn=turn, clock=CLOCK, in_background=False)
    while turn.state == TurnState.APPLYING and turn.lines.filter(state=LineState.PENDING).exists():
        turn = apply_chunk(by=SYSTEM, turn=turn)
    return turn


def handed_over(turn: YearTurn) -> None:
    while hand_over_chunk(by=SYSTEM, turn=turn, clock=ON_THE_DAY):
        pass


def where(name_or_number: str, day: date) -> list[str]:
    staff = Staff.objects.get(number=name_or_number)
    return [str(posting) for posting in postings_of(staff, day)]


def heir_of(turn: YearTurn, title: str) -> str:
    return turn.heirs.get(title=title).heir_number


def test_a_plan_writes_nothing_and_proposes_an_heir_for_every_piece(hall, errands):
    errands.give("総務の用務", hall.staff["総務 主査"], hall.sections["総務課"])
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    errands.give("産業の補助金", hall.staff["産業 課長"], hall.sections["産業課"])
    errands.give("自分の研修", hall.staff["総務 主査"], None)
    before = AuditEvent.objects.filter(verb__startswith="organisation.").count()
    turn = prepared()
    assert turn.state == TurnState.DRAFT
    assert heir_of(turn, "総務の用務") == "9001", "who joins into the same post"
    assert heir_of(turn, "財政の決算") == "3001", "who moves into the same post"
    assert heir_of(turn, "産業の補助金") == "", "nobody is left in the section"
    assert not turn.heirs.filter(title="自分の研修").exists(), "what belongs to the person moves with the person"
    assert AuditEvent.objects.filter(verb__startswith="organisation.").count() == before
    assert where("2001", APRIL) == ["財政課 課長"]


def test_nothing_starts_and_nothing_finishes_while_a_piece_is_an_orphan(hall, errands):
    errands.give("産業の補助金", hall.staff["産業 課長"], hall.sections["産業課"])
    turn = prepared()
    with pytest.raises(Refusal, match="1件"):
        start_turn(by=SYSTEM, turn=turn, clock=CLOCK)
    orphan = turn.heirs.get()
    choose_heirs(by=SYSTEM, turn=turn, numbers={orphan.public_id: "1001"})
    turn = started(turn)
    assert turn.state == TurnState.POSTED

    errands.give("後から来た仕事", hall.staff["財政 課長"], hall.sections["産業課"])
    with pytest.raises(Refusal, match="引き継ぎ先が決まっていない仕事が1件"):
        finish_turn(by=SYSTEM, turn=turn, clock=ON_THE_DAY)
    refresh_heirs(by=SYSTEM, turn=turn)
    late = turn.heirs.get(title="後から来た仕事")
    choose_heirs(by=SYSTEM, turn=turn, numbers={late.public_id: "1001"})
    with pytest.raises(Refusal, match="まだ引き継いでいない仕事が2件"):
        finish_turn(by=SYSTEM, turn=turn, clock=ON_THE_DAY)
    handed_over(turn)
    assert finish_turn(by=SYSTEM, turn=turn, clock=ON_THE_DAY).state == TurnState.FINISHED
    assert {holder for _, _, holder in errands.handed} == {hall.staff["総務 課長"].pk}


def test_the_whole_turn_at_midnight_of_the_first_of_april(hall, errands):
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    account = a_leaver_with_account(hall.staff["財政 課長"])
    turn = started(prepared())
    assert turn.state == TurnState.POSTED
    last_second, first_second = (
        FixedClock(datetime(2027, 3, 31, 23, 59, 59, tzinfo=TOKYO)),
        FixedClock(datetime(2027, 4, 1, 0, 0, 0, tzinfo=TOKYO)),
    )
    assert where("1002", last_second.today()) == ["総務課 主査"]
    assert where("1002", first_second.today()) == ["財政課 主査"]
    assert where("3001", first_second.today()) == ["財政課 課長"]
    assert where("9001", first_second.today()) == ["総務課 主査"]
    account.refresh_from_db()
    assert account.locked_on == APRIL
    assert person_of(account, last_second.today()).kind is PersonKind.STAFF
    assert person_of(account, first_second.today()) is VISITOR

    with pytest.raises(Refusal, match="まだ来ていません"):
        finish_turn(by=SYSTEM, turn=turn, clock=last_second)
    assert hand_over_chunk(by=SYSTEM, turn=turn, clock=last_second) == 0
    assert errands.handed == [], "work stays with its holder to the last day"
    handed_over(turn)
    assert errands.handed == [("財政の決算", hall.staff["財政 課長"].pk, hall.staff["産業 課長"].pk)]
    finish_turn(by=SYSTEM, turn=turn, clock=first_second)


def a_leaver_with_account(staff: Staff) -> Account:
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("test"):
        account = Account(kind="staff", sign_in_name=staff.number, display_name=staff.name, staff=staff)
        account.set_unusable_password()
        account.save()
    return account


def test_registering_goes_on_where_it_was_stopped_and_nobody_is_moved_twice(hall):
    turn = start_turn(by=SYSTEM, turn=prepared(), clock=CLOCK, in_background=False)
    turn = apply_chunk(by=SYSTEM, turn=turn)
    done = turn.lines.filter(state=LineState.DONE).count()
    assert 0 < done <= 4
    for _ in range(5):  # a second worker, a job that runs again
        turn = apply_chunk(by=SYSTEM, turn=YearTurn.objects.get(pk=turn.pk))
    assert turn.state == TurnState.POSTED
    for verb, times in (("transfer_staff", 2), ("hire_staff", 10), ("record_leaving", 1)):
        assert AuditEvent.objects.filter(verb=f"organisation.{verb}").count() == times


def test_handing_over_twice_hands_over_once(hall, errands):
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    turn = started(prepared())
    handed_over(turn)
    refresh_heirs(by=SYSTEM, turn=turn)
    handed_over(turn)
    assert len(errands.handed) == 1


def test_the_job_of_the_day_hands_over_what_has_an_heir_and_leaves_orphans_to_a_person(hall, errands, monkeypatch):
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    turn = started(prepared())
    errands.give("産業の補助金", hall.staff["産業 課長"], hall.sections["産業課"])
    monkeypatch.setattr(jobs, "town_clock", lambda: FixedClock(LAST_OF_MARCH))
    jobs.hand_over()
    assert errands.handed == []
    monkeypatch.setattr(jobs, "town_clock", lambda: ON_THE_DAY)
    jobs.hand_over()
    assert [name for name, _, _ in errands.handed] == ["財政の決算"]
    assert turn.heirs.get(title="産業の補助金").heir_number == ""


def test_the_job_registers_every_line(hall, monkeypatch):
    turn = start_turn(by=SYSTEM, turn=prepared(), clock=CLOCK)
    monkeypatch.setattr(jobs, "town_clock", lambda: CLOCK)
    jobs.apply(turn=turn.public_id)
    turn.refresh_from_db()
    assert turn.state == TurnState.POSTED


def test_sections_renamed_and_merged_for_the_day_keep_their_history_and_their_work(hall, errands):
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    verbs.rename_section(by=SYSTEM, section=hall.section("総務課"), name="総務企画課", on=APRIL)
    verbs.merge_sections(by=SYSTEM, sections=[hall.section("産業課")], into=hall.section("財政課"), on=APRIL)
    turn = started(
        prepared(
            ("1002", "総務 主査", "異動", "財政課", "主査"),
            ("2001", "財政 課長", "退職", "", ""),
            ("1004", "行政 主事", "異動", "総務企画課", ""),
        )
    )
    assert turn.state == TurnState.POSTED
    assert heir_of(turn, "財政の決算") == "3001", "who came over with the merged section"
    assert where("1002", LAST_OF_MARCH) == ["総務課 主査"]
    assert where("1001", APRIL) == ["総務企画課 課長"]
    assert where("1004", APRIL) == ["総務企画課 主事"]
    assert where("3001", APRIL) == ["財政課 課長"]


def test_a_section_renamed_after_the_list_was_read_is_followed(hall):
    turn = prepared(("2002", "財政 主事", "異動", "産業課", ""))
    verbs.rename_section(by=SYSTEM, section=hall.section("産業課"), name="産業振興課", on=APRIL)
    assert started(turn).state == TurnState.POSTED
    assert where("2002", APRIL) == ["産業振興課 主事"]


def test_terms_are_renewed_or_end_and_the_work_of_who_is_not_listed_passes_on(hall, errands):
    for number, name in (("9101", "任用 一子"), ("9102", "任用 二子"), ("9103", "任用 三子")):
        hall.staff[name] = verbs.hire_staff(
            by=SYSTEM,
            number=number,
            name=name,
            employment="fiscal_year",
            joined_on=date(2026, 4, 1),
            leaves_on=APRIL,
            section=hall.sections["産業課"],
            post=hall.posts["主事"],
        )
    errands.give("窓口当番", hall.staff["任用 三子"], hall.sections["産業課"])
    turn = started(
        prepared(
            ("9101", "任用 一子", "更新", "", "", "", "", "R10.3.31"),
            ("9102", "任用 二子", "更新", "財政課", "", "", "", "R10.3.31"),
        )
    )
    assert turn.state == TurnState.POSTED
    assert where("9101", APRIL) == ["産業課 主事"]
    assert where("9102", APRIL) == ["財政課 主事"]
    assert where("9103", APRIL) == []
    assert heir_of(turn, "窓口当番") == "9101"


def test_deputies_pass_on_at_the_turn(hall):
    head = hall.staff["財政 課長"]
    verbs.appoint_deputy(by=SYSTEM, staff=head, deputy=hall.staff["財政 主事"], order=1, starts_on=FOUNDED)
    turn = prepared(("2002", "財政 主事", "異動", "産業課", ""), ("1004", "行政 主事", "異動", "財政課", ""))
    assert heir_of(turn, "財政 課長の第1順位の代決者") == "1004"
    turn = started(turn)
    handed_over(turn)
    finish_turn(by=SYSTEM, turn=turn, clock=ON_THE_DAY)
    assert [one.deputy.number for one in deputies_of(head, LAST_OF_MARCH)] == ["2002"]
    assert [one.deputy.number for one in deputies_of(head, APRIL)] == ["1004"]


def test_a_line_that_is_refused_can_be_tried_again_or_left_out_with_a_reason(hall):
    turn = prepared(("2002", "財政 主事", "異動", "産業課", ""), ("9001", "新人 花子", "採用", "総務課", "主査"))
    verbs.hire_staff(
        by=SYSTEM,
        number="9001",
        name="先客",
        employment="regular",
        joined_on=TODAY,
        section=hall.sections["財政課"],
        post=hall.posts["主事"],
    )
    turn = started(turn)
    assert turn.state == TurnState.APPLYING
    line = turn.lines.get(state=LineState.FAILED)
    assert "「先客」が使って" in line.note
    with pytest.raises(Refusal, match="登録できていない名簿の行が1行"):
        finish_turn(by=SYSTEM, turn=turn, clock=ON_THE_DAY)
    retry_failed(by=SYSTEM, turn=turn, clock=CLOCK, in_background=False)
    turn = apply_chunk(by=SYSTEM, turn=turn)
    assert turn.lines.get(pk=line.pk).state == LineState.FAILED
    with pytest.raises(Refusal, match="理由"):
        skip_line(by=SYSTEM, line=line, reason=" ")
    assert skip_line(by=SYSTEM, line=line, reason="番号を付け直して画面で登録").state == TurnState.POSTED
    with pytest.raises(Refusal, match="登録済み"):
        skip_line(by=SYSTEM, line=turn.lines.get(number="2002"), reason="やめる")


def test_on_the_page_a_reason_with_a_my_number_is_refused_and_kept(client, hall):
    seat(client, Role.PERSONNEL)
    turn = prepared()
    a_staff_account("9001", name="先客 一郎")
    turn = started(turn)
    line = turn.lines.get(state=LineState.FAILED)
    typed = "番号 123456789018 の人と同じ"
    answer = client.post(reverse("yearturn-skip", args=[line.public_id]), {"reason": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "個人番号" in page and f'value="{typed}"' in page
    assert turn.lines.get(pk=line.pk).state == LineState.FAILED
    missing = client.post(reverse("yearturn-skip", args=[line.public_id]), {"reason": " "})
    assert missing.status_code == 422 and "外す理由がありません" in missing.content.decode()
    done = client.post(reverse("yearturn-skip", args=[line.public_id]), {"reason": "画面で登録する"})
    assert done.status_code == 302
    assert turn.lines.get(pk=line.pk).note == "画面で登録する"


def test_heirs_are_people_who_can_take_the_work(hall, errands):
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    turn = prepared()
    piece = turn.heirs.get()
    for wrong in ("2001", "4711", "<script>"):
        with pytest.raises(Refusal):
            choose_heirs(by=SYSTEM, turn=turn, numbers={piece.public_id: wrong})
    [chosen] = choose_heirs(by=SYSTEM, turn=turn, numbers={piece.public_id: "9001"})
    assert chosen.is_by_hand and chosen.heir_number == "9001"
    refresh_heirs(by=SYSTEM, turn=turn)
    assert heir_of(turn, "財政の決算") == "9001", "a choice by hand stays"


def test_a_new_list_replaces_the_draft_and_keeps_the_heirs_chosen_by_hand(hall, errands):
    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    first = prepared()
    choose_heirs(by=SYSTEM, turn=first, numbers={first.heirs.get().public_id: "1001"})
    second = prepared(*MOVES[:2])
    assert heir_of(second, "財政の決算") == "1001"
    first.refresh_from_db()
    assert first.state == TurnState.CANCELLED
    assert bytes(first.content) == b"" and not first.lines.exists()
    started(second)
    with pytest.raises(Refusal, match="新しい名簿は送れません"):
        prepared()
    with pytest.raises(Refusal):
        cancel_turn(by=SYSTEM, turn=second, clock=CLOCK)


def test_a_faulty_list_is_kept_only_to_be_given_back(hall):
    turn = prepared(("1002", "別の 名前", "異動", "財政課", "主査"))
    assert turn.state == TurnState.REFUSED
    assert [(one["row"], one["column"]) for one in turn.faults] == [(3, "氏名")]
    with pytest.raises(Refusal):
        start_turn(by=SYSTEM, turn=turn, clock=CLOCK)


def test_hostile_and_empty_lists_are_refused(hall):
    for content in (b"", b"PK\x03\x04", b"\x00" * 40, "氏名\n甲".encode(), b"P" * (5 * 1024 * 1024 + 1)):
        with pytest.raises((TableRefused, FileRefused)):
            prepare_turn(by=SYSTEM, content=content, filename="名簿.xlsx", on=APRIL, clock=CLOCK)
    with pytest.raises(Refusal):
        prepare_turn(by=SYSTEM, content=personnel_list(*MOVES), filename="名簿.xlsx", on=date.max, clock=CLOCK)


def test_clerks_do_not_prepare_turns(hall):
    with pytest.raises(NotAllowed):
        prepare_turn(by=CLERK, content=personnel_list(*MOVES), filename="名簿.xlsx", on=APRIL, clock=CLOCK)


def test_the_command_shows_the_plan_and_writes_nothing(hall, errands, tmp_path):
    errands.give("産業の補助金", hall.staff["産業 課長"], hall.sections["産業課"])
    file = tmp_path / "名簿.xlsx"
    file.write_bytes(personnel_list(*MOVES))
    shown = CliRunner().invoke(year_turn, ["--dry-run", "--json", "--list", str(file), "--on", "2027-04-01"])
    outcome = json.loads(shown.stdout)
    assert shown.exit_code == 1, "an orphan"
    assert outcome["counts"] == {"異動": 2, "採用": 1, "任期更新": 0, "退職": 1, "任期満了": 0}
    assert outcome["orphans"] == 1 and outcome["open_work"][0]["heir"] is None
    words = CliRunner().invoke(year_turn, ["--dry-run", "--list", str(file), "--on", "2027-04-01"])
    assert "★引き継ぎ先がありません" in words.output and "産業 課長" in words.output
    assert not YearTurn.objects.exists() and not TurnLine.objects.exists() and not TurnHeir.objects.exists()
    refused = CliRunner().invoke(year_turn, ["--list", str(file), "--on", "2027-04-01"])
    assert refused.exit_code == 1 and not YearTurn.objects.exists()


def test_the_command_carries_a_turn_out_to_the_end_once_the_day_has_come(hall, errands, tmp_path, monkeypatch):
    from yakuba.kernel.yearturn import cli

    errands.give("財政の決算", hall.staff["財政 課長"], hall.sections["財政課"])
    monkeypatch.setattr(cli, "town_clock", lambda: ON_THE_DAY)
    file = tmp_path / "名簿.csv"
    file.write_text("職員番号,氏名,区分,新所属,新職\n2001,財政 課長,退職,,\n3001,産業 課長,異動,財政課,課長\n", "utf-8")
    done = CliRunner().invoke(year_turn, ["--json", "--list", str(file), "--on", "2027-04-01"])
    outcome = json.loads(done.stdout)
    assert done.exit_code == 0, done.output
    assert (outcome["state"], outcome["registered"], outcome["handed_over"]) == ("finished", 2, 1)


def test_the_command_says_what_is_wrong_with_the_list(hall, tmp_path):
    file = tmp_path / "名簿.csv"
    file.write_text("職員番号,氏名,区分\n2001,別人,退職\n", "utf-8")
    failed = CliRunner().invoke(year_turn, ["--dry-run", "--list", str(file), "--on", "2027-04-01"])
    assert failed.exit_code == 1 and "2行目 氏名" in failed.output


def seat(client: Client, *roles: Role) -> Account:
    account = a_staff_account("8001", roles=roles)
    sign_in(client, account)
    return account


def send(client: Client, content: bytes, name: str = "名簿.xlsx"):
    file = BytesIO(content)
    file.name = name
    return client.post(reverse("yearturn"), {"on": "2027-04-01", "personnel_list": file})


def test_on_the_page_a_list_becomes_a_plan_whose_heirs_can_be_changed(client, hall, errands):
    seat(client, Role.PERSONNEL)
    errands.give("産業の補助金", hall.staff["産業 課長"], hall.sections["産業課"])
    address = send(client, personnel_list(*MOVES)).url
    shown = client.get(address).content.decode()
    assert "引き継ぎ先が決まっていない仕事が1件" in shown and "新人 花子" in shown
    turn = YearTurn.objects.get()
    act = lambda name: client.post(reverse("yearturn-act", args=[turn.public_id, name]), follow=True)  # noqa: E731
    assert "引き継ぎ先が決まっていない仕事が1件あります" in act("start").content.decode()
    piece = turn.heirs.get()
    choose = reverse("yearturn-heirs", args=[turn.public_id])
    wrong = client.post(choose, {f"heir-{piece.public_id}": "4711 だれか"})
    assert wrong.status_code == 422 and "職員番号「4711」の職員がいません" in wrong.content.decode()
    assert "4711" in wrong.content.decode()
    assert client.post(choose, {f"heir-{piece.public_id}": "1001 総務 課長"}).status_code == 302
    act("start")
    jobs.apply(turn=turn.public_id)
    turn.refresh_from_db()
    assert turn.state == TurnState.POSTED
    assert "0時5分に自動で引き継ぎます" in client.get(address).content.decode()
    assert "まだ来ていません" in act("hand-over").content.decode()
    assert "まだ来ていません" in act("finish").content.decode()
    assert client.get(reverse("yearturn-progress", args=[turn.public_id]))["HX-Redirect"] == address


def test_on_the_page_a_faulty_list_comes_back_marked(client, hall):
    seat(client, Role.PERSONNEL)
    answer = send(client, personnel_list(("1002", "別の 名前", "異動", "財政課", "主査")))
    assert "「1002」は「総務 主査」です" in client.get(answer.url).content.decode()
    turn = YearTurn.objects.get()
    back = client.get(reverse("yearturn-errors", args=[turn.public_id]))
    told = [cell.value for cell in load_workbook(BytesIO(back.content)).worksheets[0][3]]
    assert any("氏名" in str(one) for one in told)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04"])
def test_on_the_page_a_file_that_is_no_list_is_refused_at_its_field(client, hall, content):
    seat(client, Role.IT)
    answer = send(client, content)
    assert answer.status_code == 422
    assert "id_personnel_list_error" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.SECTION_HEAD])
def test_coming_personnel_changes_are_secret(client, hall, role):
    seat(client, role)
    turn = prepared()
    assert client.get(reverse("yearturn")).status_code == 403
    for name in ("yearturn-turn", "yearturn-progress", "yearturn-errors"):
        assert client.get(reverse(name, args=[turn.public_id])).status_code == 403
    assert client.post(reverse("yearturn-act", args=[turn.public_id, "start"])).status_code == 403
    assert client.post(reverse("yearturn-skip", args=[turn.lines.first().public_id])).status_code == 403


def test_looking_at_a_plan_is_logged_and_unknown_acts_are_not_found(client, hall):
    seat(client, Role.PERSONNEL)
    turn = prepared()
    client.get(reverse("yearturn-turn", args=[turn.public_id]))
    assert AuditEvent.objects.filter(verb="yearturn.plan").count() == 1
    assert client.post(reverse("yearturn-act", args=[turn.public_id, "explode"])).status_code == 404
    assert client.get(reverse("yearturn-turn", args=["0" * 16])).status_code == 404
    assert client.get(reverse("yearturn-template", args=["2027-13-41"])).status_code == 404


def test_the_template_has_the_sections_of_the_day_and_reads_back_as_empty(client, hall):
    seat(client, Role.PERSONNEL)
    verbs.rename_section(by=SYSTEM, section=hall.section("産業課"), name="産業振興課", on=APRIL)
    answer = client.get(reverse("yearturn-template", args=["2027-04-01"]))
    paths = [cell.value for cell in load_workbook(BytesIO(answer.content))["所属と職"]["B"]]
    assert "産業振興課" in paths and "産業課" not in paths and "総務課 行政管理班" in paths
    assert Section.objects.filter(name="産業課").exists()
    turn = prepare_turn(by=SYSTEM, content=answer.content, filename="名簿.xlsx", on=APRIL, clock=CLOCK)
    assert [one["row"] for one in turn.faults] == [0]
