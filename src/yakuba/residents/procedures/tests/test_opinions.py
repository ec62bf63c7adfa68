"""Once a procedure is over, one tap says how it was: once per case, by nobody in particular."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from yakuba.kernel.access.api import system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.services import withdraw_case
from yakuba.kernel.cases.tests.deciding import decided
from yakuba.kernel.parameters.api import town_clock
from yakuba.residents.procedures.kpi import share_content
from yakuba.residents.procedures.models import Opinion
from yakuba.residents.procedures.services import forget_opinions
from yakuba.residents.procedures.tests.own import decide_and_send, send


def address(case: Case) -> str:
    return f"/my/cases/{case.public_id}/opinion/"


def test_one_tap_on_the_cases_page_is_enough(client, counter) -> None:
    case, _ = send(client, counter)
    decide_and_send(counter, case)
    page = client.get(f"/my/cases/{case.public_id}/").content.decode()
    assert address(case) in page and 'name="score" value="4"' in page
    thanks = client.post(address(case), {"score": "4"}, follow=True)
    assert "ありがとうございました" in thanks.content.decode()
    found = Opinion.objects.get()
    assert (found.score, found.procedure, found.month.day) == (4, case.procedure, 1)
    assert "いかがでしたか" not in thanks.content.decode()
    again = client.post(address(case), {"score": "1"}, follow=True)
    assert "もうお答えいただいた" in again.content.decode()
    assert Opinion.objects.count() == 1


def test_neither_the_answer_nor_the_log_leads_to_the_person(client, counter) -> None:
    case, _ = send(client, counter)
    decide_and_send(counter, case)
    client.post(address(case), {"score": "1", "words": "入力欄が多すぎる"})
    found = Opinion.objects.get()
    names = {field.name for field in Opinion._meta.get_fields()}
    assert not names & {"case", "account", "applicant", "filling"}
    event = AuditEvent.objects.get(verb="procedures.give_opinion")
    assert found.public_id not in str(event.subjects) and "入力欄" not in str(event.__dict__)


def test_before_the_person_knows_the_result_nothing_is_asked(client, counter) -> None:
    case, _ = send(client, counter)
    assert "いかがでしたか" not in client.get(f"/my/cases/{case.public_id}/").content.decode()
    decided(counter, case, clock=town_clock())
    client.post(address(case), {"score": "5"})
    assert not Opinion.objects.exists()
    gone, _ = send(client, counter, "notification")
    withdraw_case(by=counter.clerk(on=town_clock().today()), case=gone, reason="電話で申出", clock=town_clock())
    assert "いかがでしたか" not in client.get(f"/my/cases/{gone.public_id}/").content.decode()


@pytest.mark.parametrize("score", ["", "0", "6", "x", "９" * 3000])
def test_other_scores_are_refused_and_the_words_stay(client, counter, score) -> None:
    case, _ = send(client, counter)
    decide_and_send(counter, case)
    page = client.post(address(case), {"score": score, "words": "わかりやすい"})
    assert page.status_code == 422 and "わかりやすい" in page.content.decode()
    assert client.post(address(case), {"score": "3", "words": "番号は123456789018"}).status_code == 422
    assert not Opinion.objects.exists()
    assert Client().post(address(case), {"score": "3"}).status_code == 404


def say(counter, *scores: int, month: date = date(2026, 10, 1), words: str = "") -> None:
    with unaudited_writes("test"):
        for score in scores:
            Opinion.objects.create(
                procedure=counter.procedures["application"], arrival="online", month=month, score=score, words=words
            )


def test_the_share_of_the_content_waits_for_five_answers(counter) -> None:
    say(counter, 5, 4, 4, 1)
    assert share_content(date(2026, 11, 10)) is None
    say(counter, 2)
    reading = share_content(date(2026, 11, 10))
    assert (reading.value, reading.n) == (60, 5)
    assert share_content(date(2027, 12, 10)) is None, "a year later it is over"


def test_clerks_and_the_secretariat_read_sums_and_words(counter) -> None:
    from yakuba.kernel.identity.models import Account, AccountKind
    from yakuba.kernel.identity.tests.people import sign_in

    say(counter, 5, 2, month=town_clock().today().replace(day=1), words="字が小さい")
    staff = counter.hall.staff["行政 主事"]
    with unaudited_writes("tests"):
        account = Account.objects.create(
            staff=staff, kind=AccountKind.STAFF, sign_in_name=staff.number, display_name=staff.name
        )
    clerk = Client()
    sign_in(clerk, account)
    html = clerk.get("/office/cases/voices/?months=3").content.decode()
    assert "字が小さい" in html and "50" in html and "3.5" in html


def test_after_three_years_they_are_gone(counter) -> None:
    today = town_clock().today()
    say(counter, 5, month=date(today.year - 3, today.month, 1))
    say(counter, 4, month=date(today.year - 4, today.month, 1))
    assert forget_opinions(by=system_person("procedures"), clock=town_clock()) == 1
    assert Opinion.objects.get().score == 5
