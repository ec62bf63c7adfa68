"""アプリ台帳: what it says, who reads it, hours saved, people from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ObjectDoesNotExist

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder import kpi
from yakuba.office.appbuilder.access import sight_for, visible_apps
from yakuba.office.appbuilder.access_ledger import caring_for, has_ledger, in_ledger
from yakuba.office.appbuilder.models import App, PublicView
from yakuba.office.appbuilder.queries.ledger import entries, is_orphan, with_counts
from yakuba.office.appbuilder.rules.care import changes, class_of, connected, missing
from yakuba.office.appbuilder.rules.definition import FieldClass, read_definition
from yakuba.office.appbuilder.rules.keeping import Care, kept_until
from yakuba.office.appbuilder.services import create_app
from yakuba.office.appbuilder.services.caring import enter_hours
from yakuba.office.appbuilder.services.tokens import digest_of_secret, make_token, revoke_token
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, define, open_app, sit


def _with(person: Person, *roles: Role) -> Person:
    return replace(person, roles=person.roles | set(roles))


def _entry(app: App):
    found = list(with_counts(App.objects.filter(pk=app.pk).select_related("section")))
    return entries(found, today=TODAY)[app.pk]


class TestRules:
    def test_what_an_app_says_about_itself_comes_back_unchanged_from_json(self) -> None:
        definition = define(FIELDS).model_copy(update={"care": Care(purpose="貸出しのため", years=5)})
        assert read_definition(definition.to_json()) == definition
        assert definition.care.kept_words == "5年"

    def test_the_strictest_field_decides_and_personal_apps_must_say_why_they_hold_it(self) -> None:
        fields = [*FIELDS, {"key": "who", "label": "氏名", "type": "short_text", "data_class": "personal"}]
        assert class_of(define(FIELDS)) is FieldClass.OPEN and missing(define(FIELDS)) == ()
        assert class_of(define(fields)) is FieldClass.PERSONAL
        assert missing(define(fields)) == ("利用目的", "保存期間")
        assert connected(define(FIELDS)).words == ""

    def test_a_version_says_in_words_what_it_changed(self) -> None:
        after = [{**one, "type": "long_text", "filterable": False, "unique": False} if one["key"] == "code" else one
                 for one in FIELDS if one["key"] != "broken"]  # fmt: skip
        after.append({"key": "who", "label": "氏名", "type": "short_text"})
        assert changes(define(FIELDS), define(after, "備品")) == (
            "名前を「備品貸出」から「備品」に変更",
            "項目「氏名」（一行の文字）を追加",
            "項目「故障」（はい・いいえ）を除いた",
            "項目「備品番号」：種類を「一行の文字」から「長い文章」に",
        )
        assert changes(define(FIELDS), define(FIELDS)) == ()

    def test_retention_counts_from_the_first_of_april_after_the_last_change(self) -> None:
        assert kept_until(TODAY.replace(2026, 11, 2), 5).isoformat() == "2032-04-01"
        assert kept_until(TODAY.replace(2026, 4, 1), 0).isoformat() == "2027-04-01"


class TestWhoReadsIt:
    def test_it_secretariat_and_auditor_read_all_a_head_reads_their_own(self, desk) -> None:
        for role in (Role.IT, Role.SECRETARIAT, Role.AUDITOR):
            assert in_ledger(_with(desk.stranger, role)).exists()
        assert in_ledger(desk.person("総務 課長")).exists()
        assert not in_ledger(desk.person("財政 課長")).exists()
        assert not has_ledger(desk.stranger) and not in_ledger(desk.stranger).exists()
        with pytest.raises(NotVisible):
            caring_for(desk.stranger, desk.app.public_id)
        assert caring_for(desk.maker, desk.app.public_id).manages

    def test_the_pages_show_counts_and_never_a_value(self, desk) -> None:
        desk.add(item="ひみつの品")
        head = sit(desk, "総務 課長")
        shown = head.get("/office/apps/ledger/")
        assert shown.status_code == 200 and "備品貸出" in shown.content.decode()
        assert "ひみつの品" not in shown.content.decode()
        assert "備品貸出" in head.get("/office/apps/ledger/?export=csv").content.decode("utf-8-sig")
        assert "備品貸出" not in head.get("/office/apps/ledger/?state=作りかけ").content.decode()
        page = head.get(f"/office/apps/{desk.app.public_id}/care/").content.decode()
        assert "行政 主事" in page and "ひみつの品" not in page
        for path in ("ledger/", f"{desk.app.public_id}/care/"):
            assert sit(desk, "財政 主事").get(f"/office/apps/{path}").status_code == 404

    def test_purpose_is_written_on_the_draft(self, desk) -> None:
        client = sit(desk, "行政 主事")
        url = f"/office/apps/{desk.app.public_id}/care/purpose/"
        sent = client.post(url, {"purpose": "貸出しのため", "years": "3", "edition": "0"})
        assert sent.status_code == 302
        draft = desk.app.versions.get(state="draft").content
        assert draft.care == Care(purpose="貸出しのため", years=3)


class TestEntry:
    def test_says_keepers_and_what_needs_a_hand(self, desk) -> None:
        entry = _entry(desk.app)
        assert entry.keepers == ["行政 主事"] and not is_orphan(entry) and entry.state == "使用中"
        with unaudited_writes("test"):
            staff = desk.hall.staff["行政 主事"]
            type(staff).objects.filter(pk=staff.pk).update(leaves_on=TODAY - timedelta(days=1))
            App.objects.filter(pk=desk.app.pk).update(made_at=CLOCK.now() - timedelta(days=400))
        assert _entry(desk.app).problems == ["管理する人がいない", "12か月使われていない"]
        assert is_orphan(_entry(desk.app))

    def test_an_app_whose_section_is_gone_is_an_orphan(self, desk) -> None:
        with unaudited_writes("test"):
            App.objects.filter(pk=desk.app.pk).update(section=None)
        assert _entry(desk.app).problems == ["所管課がない"]


class TestHoursSaved:
    def test_the_latest_entry_of_each_app_counts_and_samples_never_do(self, desk) -> None:
        assert kpi.saved(TODAY) is None
        for before, day in ((Decimal(10), TODAY - timedelta(days=40)), (Decimal(8), TODAY)):
            enter_hours(by=desk.maker, app=desk.app, before=before, after=Decimal("2.5"), basis="月12件", from_on=day,
                        clock=CLOCK)  # fmt: skip
        assert kpi.saved(TODAY).value == Decimal("5.5") and kpi.saved(TODAY - timedelta(days=1)).value == Decimal("7.5")
        with unaudited_writes("test"):
            App.objects.update(is_sample=True)
        assert kpi.saved(TODAY) is None

    def test_needs_a_basis_and_somebody_who_looks_after_the_app(self, desk) -> None:
        given = {"app": desk.app, "before": Decimal(3), "after": Decimal(1), "from_on": TODAY, "clock": CLOCK}
        with pytest.raises(Refusal, match="数え方"):
            enter_hours(by=desk.maker, basis=" ", **given)
        with pytest.raises(NotAllowed):
            enter_hours(by=_with(desk.stranger, Role.IT), basis="月3件", **given)
        with pytest.raises(NotVisible):
            enter_hours(by=desk.stranger, basis="月3件", **given)

    def test_are_entered_on_the_page_and_a_fault_keeps_what_was_typed(self, desk) -> None:
        client, url = sit(desk, "行政 主事"), f"/office/apps/{desk.app.public_id}/care/"
        typed = {"before": "10", "after": "4", "basis": "月40件×10分", "from_on": "2099-01-01"}
        wrong = client.post(url, typed)
        assert wrong.status_code == 422 and "月40件×10分" in wrong.content.decode()
        assert client.post(url, typed | {"from_on": "2026-04-01"}).status_code == 302
        assert "6.0時間" in client.get(url).content.decode()


class TestPeopleFromOutside:
    @pytest.fixture
    def partner(self, desk) -> Person:
        with unaudited_writes("test"):
            staff = desk.hall.staff["財政 主事"]
            type(staff).objects.filter(pk=staff.pk).update(employment="outside")
        return replace(desk.stranger, kind=PersonKind.OUTSIDE)

    def test_belong_to_a_group_only_by_name(self, desk, partner) -> None:
        desk.permit({"name": "全員", "everybody": True})
        assert visible_apps(partner) == []
        desk.permit({"name": "財政課", "sections": [desk.hall.sections["財政課"].public_id], "roles": ["staff"]})
        assert visible_apps(partner) == []
        named = desk.hall.staff["財政 主事"].public_id
        desk.permit({"name": "委託先", "staff": [named], "create": True, "edit": True, "rows": "section"})
        sight = sight_for(partner, App.objects.get(pk=desk.app.pk))
        assert sight.see and sight.create and not sight.export and not sight.manage and sight.rows.value == "own"
        desk.add()
        assert desk.seen(partner) == set()

    def test_are_refused_management_and_export_and_make_no_app(self, desk, partner) -> None:
        named = desk.hall.staff["財政 主事"].public_id
        for right in ("manage", "export"):
            with pytest.raises(Refusal, match="外部の人"):
                desk.permit({"name": "委託先", "staff": [named], right: True})
        with pytest.raises(NotAllowed, match="外部の人"):
            create_app(by=partner, definition=define(FIELDS), clock=CLOCK)
        assert not has_ledger(replace(partner, roles=frozenset({Role.IT})))

    def test_written_rights_do_not_help_them(self, desk, partner) -> None:
        named = desk.hall.staff["財政 主事"].public_id
        with unaudited_writes("test"):
            App.objects.filter(pk=desk.app.pk).update(
                permissions={"groups": [{"name": "全部", "staff": [named], "manage": True, "export": True}]}
            )
        app = App.objects.get(pk=desk.app.pk)
        sight = sight_for(partner, app)
        assert not sight.manage and not sight.export
        assert _entry(app).keepers == [] and is_orphan(_entry(app))


def test_keys_of_other_systems_and_views_before_the_public_are_counted_while_they_stand(desk) -> None:
    app = open_app(desk.maker, FIELDS)
    assert _entry(app).reach.words == ""
    token = make_token(
        by=desk.maker, app=app, name="集計", group=app.rights.groups[0].name, scopes=("read",), days=30,
        digest=digest_of_secret("secret"), clock=CLOCK,
    )  # fmt: skip
    with unaudited_writes("test"):
        public = PublicView.objects.create(app=app, key="by_month", content={"key": "by_month"})
    assert _entry(app).reach.words == "公開している見方1、APIトークン1"
    revoke_token(by=desk.maker, token=token, clock=CLOCK)
    with unaudited_writes("test"):
        PublicView.objects.filter(pk=public.pk).update(content={})
    assert _entry(app).reach.words == ""


def test_nobody_reads_the_entry_of_an_unknown_app(desk) -> None:
    with pytest.raises((NotVisible, ObjectDoesNotExist)):
        caring_for(desk.maker, "unknown")
