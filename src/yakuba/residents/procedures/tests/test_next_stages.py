"""A 補助金 goes on from its case's page: the next form begins with what is known, and is a stage of the same grant."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.models import Case, Grant, Outcome
from yakuba.kernel.cases.services import send_notice, set_programme
from yakuba.kernel.cases.tests.deciding import decided, lettered
from yakuba.kernel.cases.tests.world import CLOCK, live_version, small_form
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.models import Mandate
from yakuba.kernel.values.api import FiscalYear
from yakuba.residents.procedures.tests.counter import start_of
from yakuba.residents.procedures.tests.own import answer, let_in

CLERK, HEAD = "産業 課長", "町長 一郎"
ACCOUNT = {
    "account__bank_name": "見本銀行",
    "account__bank_code": "0001",
    "account__branch_name": "坂下",
    "account__branch_code": "001",
    "account__kind": "ordinary",
    "account__number": "0012345",
    "account__holder": "ミホン　ハナコ",
}


@pytest.fixture
def grants(counter: Any) -> Any:
    """A 補助金 with forms for its application, its report and its claim, and a budget."""
    from yakuba.kernel.approval.services import name_section_symbol
    from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM

    procedure = counter.procedures["subsidy"]
    name_section_symbol(by=SYSTEM, section=counter.hall.sections["産業課"], symbol="産", starts_on=FOUNDED)
    with unaudited_writes("test"):
        for stage, asked in (("report", "decided_amount"), ("claim", "fixed_amount")):
            form = small_form(f"small-form-{stage}")
            form["steps"][1]["questions"].append(
                {"type": "yen", "key": asked, "label": dict.fromkeys(("ja", "ja-easy", "en"), "額")}
            )
            counter.versions[stage] = live_version(form["key"], form)
            Channel.objects.create(
                procedure=procedure,
                kind="yakuba_form",
                target=form["key"],
                live_since=date(2026, 4, 1),
                decision="決裁",
                acted_by="test",
                acted_name="test",
                acted_at=CLOCK.now(),
            )
    today = town_clock().today()
    set_programme(
        by=counter.clerk(CLERK, today),
        procedure=procedure,
        year=FiscalYear.of(today),
        ceiling=500_000,
        most_per_grant=None,
        report_by=FiscalYear.of(today).last_day,
        ground="見本の要綱",
        seen_edition=0,
        clock=town_clock(),
    )
    return counter


def apply(client: Client, grants: Any) -> tuple[Case, str]:
    page = answer(client, client.post(start_of(grants, "subsidy"), follow=True))
    receipt = client.post(answer(client, page, **ACCOUNT).request["PATH_INFO"], follow=True)
    return Case.objects.get(pk=receipt.context["case"].pk), receipt.context["password"]


def told(grants: Any, case: Case, amount: int, **decision: Any) -> None:
    clock = town_clock()
    done = decided(grants, case, by=CLERK, by_head=HEAD, amount=amount, clock=clock, **decision)
    notice = lettered(grants, done, by=CLERK, clock=clock)
    send_notice(by=grants.clerk(CLERK, clock.today()), notice=notice, clock=clock)


def go_on(client: Client, case: Case, stage: str) -> Any:
    """Begin the next stage and answer nothing but what is left to say: everything else stands there already."""
    page = client.post(f"/my/cases/{case.public_id}/next/{stage}/", follow=True)
    assert "/s/" in page.request["PATH_INFO"], page.content.decode()[-1500:]
    return page


def whole(client: Client, page: Any) -> Any:
    """The check page of a filling whose answers were all carried over."""
    return client.get(f"/my/apply/f/{page.context['filling'].public_id}/check/", follow=True)


def test_from_the_application_to_the_claim_without_typing_anything_twice(client, grants) -> None:
    first, _ = apply(client, grants)
    page = client.get(f"/my/cases/{first.public_id}/").content.decode()
    assert "補助金の流れ" in page and "/next/" not in page
    told(grants, first, 200_000)
    page = client.get(f"/my/cases/{first.public_id}/").content.decode()
    assert f"/my/cases/{first.public_id}/next/report/" in page and "3/31 までに出してください" in page
    report = whole(client, go_on(client, first, "report"))
    assert "/check/" in report.request["PATH_INFO"], "every answer came with it"
    html = report.content.decode()
    assert "200,000円" in html and "見本" in html and "見本銀行" in html
    receipt = client.post(report.request["PATH_INFO"], follow=True)
    second = Case.objects.get(pk=receipt.context["case"].pk)
    grant = Grant.objects.get()
    assert [one.case_id for one in grant.stages.order_by("position")] == [first.pk, second.pk]
    assert second.stage == "report"
    told(grants, second, 180_000)
    claim = whole(client, go_on(client, second, "claim"))
    assert "180,000円" in claim.content.decode()
    client.post(claim.request["PATH_INFO"], follow=True)
    third = Case.objects.order_by("pk").last()
    assert (third.stage, Grant.objects.get().state) == ("claim", "claimed")
    page = client.get(f"/my/cases/{third.public_id}/").content.decode()
    assert page.count('href="/my/cases/') >= 2 and "/next/" not in page


def test_after_a_refused_report_it_may_be_reported_again(client, grants) -> None:
    first, _ = apply(client, grants)
    told(grants, first, 200_000)
    report = client.post(whole(client, go_on(client, first, "report")).request["PATH_INFO"], follow=True)
    second = Case.objects.get(pk=report.context["case"].pk)
    told(grants, second, None, outcome=Outcome.REFUSED, reasons="領収書の宛名が申請者と違うため")
    page = client.get(f"/my/cases/{first.public_id}/").content.decode()
    assert "/next/report/" in page and "/next/claim/" not in page
    again = whole(client, go_on(client, second, "report"))
    client.post(again.request["PATH_INFO"], follow=True)
    assert Grant.objects.get().stages.count() == 3


def test_after_a_refused_application_nothing_follows(client, grants) -> None:
    first, _ = apply(client, grants)
    told(grants, first, None, outcome=Outcome.REFUSED, reasons="区域の外であるため")
    assert "/next/" not in client.get(f"/my/cases/{first.public_id}/").content.decode()
    answer = client.post(f"/my/cases/{first.public_id}/next/report/", follow=True)
    assert answer.request["PATH_INFO"] == f"/my/cases/{first.public_id}/"
    assert "いまは出せません" in answer.content.decode()


def test_two_reports_of_one_grant_are_not_both_taken(client, grants) -> None:
    first, _ = apply(client, grants)
    told(grants, first, 200_000)
    one, two = (whole(client, go_on(client, first, "report")) for _ in range(2))
    client.post(one.request["PATH_INFO"], follow=True)
    late = client.post(two.request["PATH_INFO"], follow=True)
    assert "いまは「実績報告」を出せません" in late.content.decode()
    assert Case.objects.count() == 2


def test_who_was_let_in_by_number_and_password_goes_on_too(client, grants) -> None:
    first, password = apply(client, grants)
    told(grants, first, 200_000)
    browser = let_in(first, password)
    check = whole(browser, go_on(browser, first, "report"))
    browser.post(check.request["PATH_INFO"], follow=True)
    assert Grant.objects.get().stages.count() == 2
    page = let_in(first, password).get(f"/my/cases/{first.public_id}/").content.decode()
    second = Case.objects.exclude(pk=first.pk).get()
    assert second.number in page and f'href="/my/cases/{second.public_id}/"' not in page, "each has its own password"


def test_nobody_goes_on_with_somebody_elses_grant(client, grants) -> None:
    owner = Client()
    sign_in(owner, a_resident_account("hanako@example.jp"))
    first, _ = apply(owner, grants)
    told(grants, first, 200_000)
    stranger = Client()
    sign_in(stranger, a_resident_account("jiro@example.jp"))
    for browser in (client, stranger):
        for address in ("report", "claim", "apply", "nonsense"):
            assert browser.get(f"/my/cases/{first.public_id}/next/{address}/").status_code == 404
            assert browser.post(f"/my/cases/{first.public_id}/next/{address}/").status_code == 404


def test_a_stage_that_was_begun_is_offered_again(client, grants) -> None:
    first, _ = apply(client, grants)
    told(grants, first, 200_000)
    go_on(client, first, "report")
    page = client.get(f"/my/cases/{first.public_id}/next/report/")
    assert "続きを書く" in page.content.decode()


@pytest.mark.parametrize("takes_letters", [True, False])
def test_an_agent_whose_mandate_has_run_out_goes_on_with_a_letter_or_not_at_all(grants, takes_letters) -> None:
    """The first stage rested on a registered mandate; a later one cannot rest on it any more."""
    client, agent = Client(), a_resident_account("taro@example.jp", name="例示 太郎")
    sign_in(client, agent)
    with unaudited_writes("test"):
        mandate = Mandate.objects.create(
            kind="letter",
            principal_name="見本　花子",
            agent_account=agent.public_id,
            agent_name="例示　太郎",
            is_for_everything=True,
            scope_words="すべての手続き",
            starts_on=date(2026, 4, 1),
            state="in_force",
            requested_by="test",
            requested_at=CLOCK.now(),
        )
    page = client.post(start_of(grants, "subsidy"), {"for_whom": mandate.public_id}, follow=True)
    about_me = {"name": "例示 太郎", "address": "会津坂下町字例示2番地", "phone": "0242-00-0001"}
    page = answer(client, answer(client, client.post(page.request["PATH_INFO"], about_me, follow=True)))
    case = Case.objects.get(pk=client.post(page.request["PATH_INFO"], follow=True).context["case"].pk)
    told(grants, case, 100_000)
    with unaudited_writes("test"):
        Mandate.objects.update(ends_on=date(2026, 4, 2))
        if not takes_letters:
            version = grants.versions["report"]
            who = version.definition["steps"][0]
            who["questions"] = [one for one in who["questions"] if one["key"] != "mandate"]
            version.save()
    begun = client.post(f"/my/cases/{case.public_id}/next/report/")
    if takes_letters:
        facts = Filling.objects.get(state="open").facts
        assert begun.status_code == 302 and facts["is_agent"] and not facts["has_mandate"] and "mandate" not in facts
    else:
        assert begun.status_code == 409 and "代理人の登録が取り消されたか" in begun.content.decode()
        assert not Filling.objects.filter(state="open").exists()


def test_without_a_form_the_section_takes_it(client, grants) -> None:
    with unaudited_writes("test"):
        Channel.objects.filter(target="small-form-report").delete()
    first, _ = apply(client, grants)
    told(grants, first, 200_000)
    page = client.get(f"/my/cases/{first.public_id}/").content.decode()
    assert "担当課の窓口か郵便で出してください" in page and "/next/" not in page
