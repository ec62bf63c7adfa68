"""The check before use, versions, handing over, closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, Role, system_person
from yakuba.kernel.approval.api import Outcome, decide
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import visible_apps
from yakuba.office.appbuilder.models import App, AppEvent, CheckState, UseCheck
from yakuba.office.appbuilder.queries.orphans import to_tell
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.checking import why_checked, why_wider
from yakuba.office.appbuilder.rules.keeping import Care
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.services import CheckNeeded, close_app, publish_version, reopen_app, save_definition
from yakuba.office.appbuilder.services.handing_over import (
    apps_without_keepers,
    give_to_heir,
    hand_over_app,
    tell_of_app,
)
from yakuba.office.appbuilder.services.taking_back import take_version_back
from yakuba.office.appbuilder.services.use_checks import ask_check, end_check
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, Desk, define, sit

WHO: dict[str, Any] = {"key": "who", "label": "氏名", "type": "short_text", "data_class": "personal"}
CARE = Care(purpose="貸出しのため", years=5)


def _draft(desk: Desk, fields: list[dict[str, Any]], care: Care = CARE) -> int:
    definition = define(fields).model_copy(update={"care": care})
    return save_definition(by=desk.maker, app=desk.app, definition=definition, edition=0, clock=CLOCK).edition


def _ask(desk: Desk, edition: int) -> UseCheck:
    return ask_check(by=desk.maker, app=desk.app, edition=edition, apps={}, clock=CLOCK)


def _answer(desk: Desk, outcome: Outcome) -> None:
    request = DecisionRequest.objects.filter(subject_kind="appbuilder.check").latest("pk")
    decide(by=desk.person("総務 課長"), request=request, outcome=outcome, comment="確かめた", clock=CLOCK)


def _with(person: Person, *roles: Role) -> Person:
    return replace(person, roles=person.roles | set(roles))


class TestWhenACheckIsNeeded:
    own = read_permissions({"groups": [{"name": "自分の課", "sections": ["s1"]}]})

    def test_an_app_of_the_own_section_without_personal_fields_needs_none(self) -> None:
        assert why_checked(None, define(FIELDS), self.own, owner_sections=["s1"]) == ()
        assert why_checked(None, define(FIELDS), self.own, owner_sections=["s1"], always=True) != ()

    def test_personal_fields_and_people_beyond_the_section_need_one(self) -> None:
        after = define([*FIELDS, WHO])
        assert why_checked(None, after, self.own, owner_sections=["s1"]) == ("「氏名」に個人情報を持つ",)
        assert why_checked(after, after, self.own, owner_sections=["s1"]) == ()
        stricter = define([*FIELDS, WHO | {"data_class": "sensitive"}])
        assert why_checked(after, stricter, self.own, owner_sections=["s1"]) == ("「氏名」に要配慮個人情報を持つ",)
        assert why_checked(None, define(FIELDS), self.own, owner_sections=["s2"]) != ()

    def test_widening_is_everybody_or_new_people_before_personal_fields(self) -> None:
        definition = define([*FIELDS, WHO])
        everybody = {"name": "全員", "everybody": True}
        wide = read_permissions({"groups": [*self.own.to_json()["groups"], everybody]})
        assert len(why_wider(self.own, wide, definition, outside={})) == 2
        hidden = read_permissions({"groups": [{**everybody, "columns": {"who": "hide"}}]})
        assert why_wider(self.own, hidden, definition, outside={}) == ("すべての職員が使えるようになる",)
        assert why_wider(wide, hidden, definition, outside={}) == ()
        colleague = read_permissions({"groups": [*self.own.to_json()["groups"], {"name": "一人", "staff": ["p1"]}]})
        assert why_wider(self.own, colleague, definition, outside={}) == ()
        assert why_wider(self.own, colleague, definition, outside={"p1": "委託 太郎"}) == (
            "個人情報の「氏名」が外部の委託 太郎にも見えるようになる",
        )


class TestTheCheck:
    def test_somebody_else_says_yes_and_the_version_is_used(self, desk, checks) -> None:
        edition = _draft(desk, [*FIELDS, WHO])
        with pytest.raises(CheckNeeded, match="個人情報"):
            publish_version(by=desk.maker, app=desk.app, edition=edition, apps={}, clock=CLOCK)
        check = _ask(desk, edition)
        with pytest.raises(Refusal, match="確認を待って"):
            save_definition(by=desk.maker, app=desk.app, definition=define(FIELDS), edition=edition, clock=CLOCK)
        _answer(desk, Outcome.APPROVED)
        check.refresh_from_db()
        assert check.state == CheckState.PASSED, check.words
        assert Shapes(App.objects.get(pk=desk.app.pk)).definition.field("who") is not None

    def test_no_leaves_everything_as_it_was_and_the_draft_may_be_changed_again(self, desk, checks) -> None:
        check = _ask(desk, _draft(desk, [*FIELDS, WHO]))
        _answer(desk, Outcome.RETURNED)
        check.refresh_from_db()
        assert check.state == CheckState.RETURNED
        assert Shapes(App.objects.get(pk=desk.app.pk)).definition.field("who") is None
        draft = desk.app.versions.get(state="draft")
        save_definition(by=desk.maker, app=desk.app, definition=define(FIELDS), edition=draft.edition, clock=CLOCK)

    def test_personal_fields_need_purpose_and_retention_before_anybody_is_asked(self, desk, checks) -> None:
        with pytest.raises(Refusal, match="利用目的と保存期間"):
            _ask(desk, _draft(desk, [*FIELDS, WHO], Care()))

    def test_only_the_engine_of_decisions_ends_it(self, desk, checks) -> None:
        check = _ask(desk, _draft(desk, [*FIELDS, WHO]))
        with pytest.raises(NotAllowed):
            end_check(by=desk.maker, check=check, outcome="approved", clock=CLOCK)

    def test_widening_permissions_waits_for_the_same(self, desk, checks) -> None:
        client = sit(desk, "行政 主事")
        with pytest.raises(CheckNeeded, match="すべての職員"):
            desk.permit({"name": "全員", "everybody": True})
        edition = App.objects.get(pk=desk.app.pk).permissions_edition
        sent = {"name": "全員", "everybody": "on", "see": "on", "rows": "all", "edition": str(edition)}
        sent |= {f"column_{one['key']}": "view" if one["type"] == "computed" else "edit" for one in FIELDS}
        assert client.post(f"/office/apps/{desk.app.public_id}/rights/new/", sent).status_code == 302
        assert visible_apps(desk.stranger) == []
        _answer(desk, Outcome.APPROVED)
        assert len(visible_apps(desk.stranger)) == 1

    def test_the_page_asks_in_one_press(self, desk, checks) -> None:
        edition = _draft(desk, [*FIELDS, WHO])
        client, url = sit(desk, "行政 主事"), f"/office/apps/{desk.app.public_id}/fields/"
        assert "確認を求める" in client.get(url).content.decode()
        client.post(f"{url}publish/", {"edition": str(edition)})
        assert "確認を待っています" in client.get(url).content.decode()


class TestVersions:
    def test_an_older_version_becomes_the_draft_and_its_values_come_back(self, desk) -> None:
        record = desk.add(note="大事な備考")
        desk.publish([one for one in FIELDS if one["key"] != "note"])
        draft = take_version_back(by=desk.maker, app=desk.app, number=1, edition=0, clock=CLOCK)
        publish_version(by=desk.maker, app=desk.app, edition=draft.edition, apps={}, clock=CLOCK)
        record.refresh_from_db()
        now = Shapes(App.objects.get(pk=desk.app.pk)).of(record, today=TODAY)
        assert now.values["note"] == "大事な備考"
        assert AppEvent.objects.filter(app=desk.app, kind=AppEvent.Kind.TOOK_BACK).count() == 1

    def test_the_page_says_what_changed_and_strangers_do_not_see_it(self, desk) -> None:
        desk.publish([one for one in FIELDS if one["key"] != "note"])
        url = f"/office/apps/{desk.app.public_id}/care/versions/"
        assert "項目「備考」（長い文章）を除いた" in sit(desk, "行政 主事").get(url).content.decode()
        stranger = sit(desk, "財政 主事")
        assert stranger.get(url).status_code == 404
        assert stranger.post(url, {"number": "1", "edition": "0"}).status_code == 404
        head = sit(desk, "総務 課長")
        assert head.post(url, {"number": "1", "edition": "0"}).status_code in (302, 403)
        assert not desk.app.versions.filter(state="draft").exists()


class TestHandingOver:
    def _give(self, desk: Desk, by: Person, *names: str, section: str = "財政課") -> App:
        return hand_over_app(
            by=by,
            app=desk.app,
            section=desk.hall.sections[section],
            keepers=[desk.hall.staff[name] for name in names],
            reason="人事異動",
            clock=CLOCK,
        )

    def test_the_new_keepers_manage_and_the_old_ones_do_not(self, desk) -> None:
        app = self._give(desk, desk.maker, "財政 主事")
        assert app.section.name == "財政課"
        assert [one[1].manage for one in visible_apps(desk.stranger)] == [True]
        assert visible_apps(desk.maker) == []
        assert "財政課、管理する人 財政 主事（人事異動）" in AppEvent.objects.get(app=app).words

    def test_keepers_work_in_the_new_section(self, desk) -> None:
        with pytest.raises(Refusal, match="財政課の職員ではありません"):
            self._give(desk, desk.maker, "教育 主事")
        with pytest.raises(Refusal, match="1人から"):
            self._give(desk, desk.maker)

    def test_it_staff_only_for_orphans_and_strangers_never(self, desk) -> None:
        it = _with(desk.person("教育 主事"), Role.IT)
        with pytest.raises(NotAllowed):
            self._give(desk, it, "財政 主事")
        with pytest.raises(NotVisible):
            self._give(desk, desk.stranger, "財政 主事")
        self._leave(desk)
        assert self._give(desk, it, "財政 主事").section.name == "財政課"

    def _leave(self, desk: Desk) -> None:
        staff = desk.hall.staff["行政 主事"]
        with unaudited_writes("test"):
            type(staff).objects.filter(pk=staff.pk).update(leaves_on=TODAY - timedelta(days=1))

    def test_heads_are_told_of_orphans_once_a_month(self, desk) -> None:
        assert list(to_tell(TODAY)) == []
        self._leave(desk)
        sit(desk, "総務 課長")
        [(app, staff, why)] = to_tell(TODAY)
        assert [one.name for one in staff] == ["総務 課長"] and why == "管理する人がいない"
        for _ in range(2):
            told = tell_of_app(by=system_person("t"), app=app, staff=staff, orphan=why, link="/", clock=CLOCK)
            assert told == 1

    def test_the_turn_of_the_year_asks_for_an_heir(self, desk) -> None:
        leaving, heir = desk.hall.staff["行政 主事"], desk.hall.staff["総務 主査"]
        [work] = apps_without_keepers(frozenset({leaving.pk}), TODAY + timedelta(days=30))
        assert (work.title, work.holder_id) == ("備品貸出", leaving.pk)
        given = {"ref": work.ref, "from_staff_id": leaving.pk, "to_staff_id": heir.pk, "on": TODAY}
        with pytest.raises(NotAllowed):
            give_to_heir(**given, by=desk.stranger)
        give_to_heir(**given, by=system_person("yearturn"))
        assert give_to_heir(**given, by=system_person("yearturn")) is None
        assert list(apps_without_keepers(frozenset({leaving.pk}), TODAY)) == []
        assert ref_of(desk.app) == work.ref

    def test_the_page_hands_over(self, desk) -> None:
        client, url = sit(desk, "総務 課長"), f"/office/apps/{desk.app.public_id}/care/hand-over/"
        assert client.get(url).status_code == 200
        keeper = desk.hall.staff["総務 主査"].public_id
        sent = {"section": desk.hall.sections["総務課"].public_id, "keepers": [keeper], "reason": ""}
        assert client.post(url, sent | {"keepers": ["nobody"]}).status_code == 422
        assert client.post(url, sent).status_code == 302
        assert sit(desk, "財政 主事").get(url).status_code == 404


class TestClosing:
    def test_needs_a_reason_and_is_undone_by_the_head(self, desk) -> None:
        with pytest.raises(Refusal, match="理由"):
            close_app(by=desk.maker, app=desk.app, reason=" ", clock=CLOCK)
        close_app(by=desk.maker, app=desk.app, reason="新しい台帳に移した", clock=CLOCK)
        assert visible_apps(desk.maker) == []
        with pytest.raises(NotAllowed):
            reopen_app(by=desk.maker, app=desk.app, reason="まだ使う", clock=CLOCK)
        reopen_app(by=desk.person("総務 課長"), app=desk.app, reason="まだ使う", clock=CLOCK)
        assert len(visible_apps(desk.maker)) == 1
        assert [one.kind for one in AppEvent.objects.filter(app=desk.app)] == ["reopened", "closed"]

    def test_the_page_closes_and_the_ledger_still_lists_it(self, desk) -> None:
        url = f"/office/apps/{desk.app.public_id}/care/closing/"
        assert sit(desk, "財政 主事").post(url, {"reason": "いたずら"}).status_code == 404
        head = sit(desk, "総務 課長")
        assert head.post(url, {"reason": "使わない"}).status_code == 302
        assert "使用終了" in head.get("/office/apps/ledger/").content.decode()
        assert sit(desk, "行政 主事").get(url).status_code == 404
        assert head.post(url, {"reason": "使う"}).status_code == 302
        assert App.objects.get(pk=desk.app.pk).closed_at is None
