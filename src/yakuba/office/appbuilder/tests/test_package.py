"""An app goes out as a file and comes in at another town: the same, without people, records or secrets."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from yakuba.kernel.organisation.tests.town_hall import open_town_hall
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder import sample
from yakuba.office.appbuilder.cli import apps as command
from yakuba.office.appbuilder.models import App, AppSheet, Record
from yakuba.office.appbuilder.queries.package import packed
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.rules.package import FORMAT, LARGEST_PACKAGE, read_package
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.rules.readiness import everything_wrong
from yakuba.office.appbuilder.services import change_permissions, publish_version
from yakuba.office.appbuilder.services.package import TakenIn, take_in_package
from yakuba.office.appbuilder.tests.lending import PROCESS, lending, put_to_use
from yakuba.office.appbuilder.tests.test_sheet_out import a_table, put_in, text
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, Desk, lookable, open_app, sit

TELL: dict[str, Any] = {
    "key": "overdue",
    "name": "返却のお願い",
    "when": "day",
    "field": "due_on",
    "days": 1,
    "actions": [{"does": "notify", "text": "「品名」の返却日を過ぎました。", "people": ["keeper"], "maker": True}],
}


def sent_out(app: App) -> bytes:
    return packed(app, app.versions.get(state="in_use").content).to_bytes()


def taken_in(desk: Desk, content: bytes) -> TakenIn:
    return take_in_package(by=desk.maker, package=read_package(content), clock=CLOCK)


def a_file(**changed: Any) -> bytes:
    written = {"format": FORMAT, "definition": {"title": "備品", "fields": FIELDS}, **changed}
    return json.dumps(written, ensure_ascii=False).encode()


class TestAnotherTown:
    @pytest.mark.parametrize(
        "definition",
        [
            read_definition(
                {
                    "title": "備品貸出（見本）",
                    "fields": sample._FIELDS,
                    "process": sample.PROCESS,
                    "automations": sample.AUTOMATIONS,
                    "views": sample.VIEWS,
                }
            ),
            read_definition({"title": "備品", "fields": FIELDS, "alike": ["item"]}),
            lending(PROCESS, automations=[TELL]),
        ],
        ids=lambda one: one.title,
    )
    def test_the_definition_arrives_as_it_was(self, db, definition) -> None:
        with transaction.atomic():
            first = Desk(open_town_hall(), App())
            app = first.app = open_app(first.maker, FIELDS)
            first.add()
            put_to_use(first, definition)
            content = sent_out(App.objects.get(pk=app.pk))
            people = [one.public_id for one in first.hall.staff.values()]
            sections = [one.public_id for one in first.hall.sections.values()]
            transaction.set_rollback(True)
        assert not App.objects.exists()
        assert not [one for one in (*people, *sections) if one in content.decode()]
        second = Desk(open_town_hall(), App())
        made = taken_in(second, content)
        draft = made.app.versions.get()
        assert draft.state == "draft" and draft.content == definition
        assert made.app.section == second.hall.section("総務課") and not Record.objects.exists()
        assert everything_wrong(draft.content, made.app.rights, apps={}) == ()
        assert [(one.name, one.manage) for one in made.app.rights.groups] == [("管理する人", True), ("自分の課", False)]
        publish_version(by=second.maker, app=made.app, edition=1, apps={}, clock=CLOCK)
        assert packed(made.app, definition).definition == definition

    def test_people_sections_and_places_outside_stay_at_home(self, desk) -> None:
        away = {**TELL, "key": "away", "actions": [{"does": "webhook", "hook": "0123456789abcdef", "fields": ["item"]}]}
        staff = desk.hall.staff["総務 課長"].public_id
        told = {**TELL, "actions": [{"does": "notify", "text": "返却日です。", "staff": [staff], "maker": True}]}
        put_to_use(desk, lending(PROCESS, automations=[told, away]))
        rule = {"==": [{"var": "keeper"}, staff]}
        app = App.objects.get(pk=desk.app.pk)
        groups = [*app.permissions["groups"], {"name": "係", "staff": [staff], "rows": "rule", "rule": rule}]
        rights = read_permissions({"groups": groups})
        change_permissions(by=desk.maker, app=app, permissions=rights, edition=app.permissions_edition, clock=CLOCK)
        content = sent_out(App.objects.get(pk=desk.app.pk))
        assert staff not in content.decode() and desk.hall.sections["総務課"].public_id not in content.decode()
        package = read_package(content)
        assert any("自動処理の中で" in note for note in package.notes)
        assert any("グループ「係」の条件" in note for note in package.notes)
        made = taken_in(desk, content)
        problems = everything_wrong(made.app.versions.get().content, made.app.rights, apps={})
        assert {"見える記録の条件がありません。", "だれも入っていません。"} <= {one.message for one in problems}

    def test_the_sheets_go_along(self, desk) -> None:
        put_in(desk, a_table(), "台帳.xlsx", "貸出台帳")
        made = taken_in(desk, sent_out(desk.app))
        sheet = AppSheet.objects.get(app=made.app)
        assert (sheet.title, sheet.is_table, sheet.is_ready) == ("貸出台帳", True, True)

    def test_a_lookup_finds_the_app_of_the_same_name_or_says_which_is_missing(self, desk) -> None:
        places = open_app(desk.maker, [{"key": "name", "label": "名前", "type": "short_text"}], "保管場所")
        field = {"key": "place", "label": "場所", "type": "lookup", "app": places.public_id, "shows": "name"}
        app = open_app(desk.maker, [*FIELDS, field], "置き場")
        content = sent_out(app).replace(places.public_id.encode(), b"a" * 16)
        made = taken_in(desk, content)
        found = made.app.versions.get().content.field("place")
        assert found is not None and found.app == places.public_id and "「保管場所」" in made.notes[0]
        other = taken_in(desk, content.replace("保管場所".encode(), "倉庫".encode()))
        assert "「倉庫」" in other.notes[0] and "先に取り込むか" in other.notes[0]
        draft = other.app.versions.get().content
        assert [one.key for one in everything_wrong(draft, other.app.rights, apps=lookable())] == ["place"]

    def test_an_app_that_writes_to_itself_does_so_in_the_new_town(self, desk) -> None:
        create = {
            "does": "create",
            "app": desk.app.public_id,
            "fields": [{"to": "item", "given": "field", "value": "item"}],
        }
        put_to_use(desk, lending(PROCESS, automations=[{**TELL, "actions": [create]}]))
        made = taken_in(desk, sent_out(App.objects.get(pk=desk.app.pk)))
        action = made.app.versions.get().content.automations[0].actions[0]
        assert action.does == "create" and action.app == made.app.public_id


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "読めません"),
            (b"\xff\xfe\x00", "読めません"),
            (b"[]", "形式"),
            (b'{"format": "yakuba-app-package/2"}', "yakuba-app-package/2"),
            (b'{"format": "yakuba-app/1", "title": "x"}', "yakuba-app/1"),
            (b"[" * 100_000 + b"]" * 100_000, "読めません"),
            (a_file(definition=json.loads("[" * 150 + "]" * 150)), "読めません"),
            (b" " * (LARGEST_PACKAGE + 1), "大きすぎます"),
            (a_file().replace(b"}]", b', "x": NaN}]', 1), "読めません"),
            (b'{"format": "yakuba-app-package/1", "definition": {"title": "\\ud800"}}', "読めません"),
            (a_file(definition={"title": "a\u0000b", "fields": []}), "読めません"),
            (a_file(definition={"title": "番号 123456789018", "fields": []}), "マイナンバー"),
            (a_file(definition=None), "正しくありません"),
            (a_file(definition={"title": "x", "code": "print()"}), "code"),
            (a_file(definition={"title": "x", "fields": [{"key": f"k{n}", "label": "a", "type": "date"} for n in range(201)]}), "fields"),
            (a_file(surprise=1), "surprise"),
            (a_file(groups=[{"name": "x", "roles": ["root"]}]), "役割"),
            (a_file(groups=[{"name": str(n)} for n in range(21)]), "groups"),
            (a_file(sheets=[{"title": "x", "kind": "excel", "content": "!"}]), "様式「x」"),
            (a_file(sheets=[{"title": "x", "kind": "macro", "content": "AA=="}]), "sheets.0.kind"),
        ],
    )  # fmt: skip
    def test_are_refused_with_words(self, content, words) -> None:
        with pytest.raises(Refusal) as refused:
            read_package(content)
        assert words in refused.value.message

    def test_an_expression_bomb_stays_a_draft_and_says_why(self, desk) -> None:
        bomb: Any = 1
        for _ in range(40):
            bomb = {"+": [bomb, 1]}
        wide = {"+": [{"var": "price"}] * 5_000}
        fields = [
            *FIELDS,
            *(
                {"key": key, "label": key, "type": "computed", "rule": rule}
                for key, rule in (("deep", bomb), ("wide", wide))
            ),
        ]
        group = {"name": "全員", "everybody": True, "manage": True, "rows": "rule", "rule": wide}
        made = taken_in(desk, a_file(definition={"title": "爆弾", "fields": fields}, groups=[group]))
        assert {"管理の権限を外しました", "条件が使えません"} <= {
            words for note in made.notes for words in ("管理の権限を外しました", "条件が使えません") if words in note
        }
        problems = everything_wrong(made.app.versions.get().content, made.app.rights, apps={})
        assert {"deep", "wide"} <= {one.key for one in problems}
        assert not any(one.manage for one in made.app.rights.groups if one.everybody)

    def test_a_sheet_that_is_none_is_left_out_and_named(self, desk) -> None:
        content = base64.b64encode(b"MZ this is no workbook").decode()
        made = taken_in(desk, a_file(sheets=[{"title": "偽物", "kind": "excel", "content": content}]))
        assert any("様式「偽物」" in note for note in made.notes) and not AppSheet.objects.exists()

    def test_markup_and_formulas_in_names_are_only_words(self, desk) -> None:
        nasty = '<script>alert(1)</script>=HYPERLINK("x")'
        fields = [{**FIELDS[0], "label": nasty[:60], "help": nasty}]
        file = SimpleUploadedFile("a.json", a_file(definition={"title": nasty[:60], "fields": fields}))
        client = sit(desk, "行政 主事")
        answer = client.post("/office/apps/package/", {"file": file}, follow=True)
        assert answer.status_code == 200
        shown = text(answer)
        assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


class TestPages:
    def test_out_on_one_page_and_in_on_another(self, desk) -> None:
        client = sit(desk, "行政 主事")
        page = f"/office/apps/{desk.app.public_id}/package/"
        assert "入らないもの" in text(client.get(page))
        assert page in text(client.get(f"/office/apps/{desk.app.public_id}/fields/"))
        got = client.get(page, {"download": "1"})
        assert "attachment" in got["Content-Disposition"] and read_package(got.content).definition.title == "備品貸出"
        assert "/office/apps/package/" in text(client.get("/office/apps/new/"))
        answer = client.post("/office/apps/package/", {"file": SimpleUploadedFile("a.json", got.content)}, follow=True)
        assert "下書きを作りました" in text(answer) and "使い始められます" in text(answer)

    def test_only_managers_take_it_out(self, desk) -> None:
        desk.permit({"name": "全員", "everybody": True, "create": True, "edit": True, "export": True})
        page = f"/office/apps/{desk.app.public_id}/package/"
        assert sit(desk, "財政 主事").get(page).status_code == 404

    def test_a_file_that_is_none_is_refused_at_the_field(self, desk) -> None:
        client = sit(desk, "行政 主事")
        answer = client.post("/office/apps/package/", {"file": SimpleUploadedFile("a.json", b"{}")})
        assert answer.status_code == 422 and FORMAT in text(answer)
        assert client.post("/office/apps/package/").status_code == 422
        assert App.objects.count() == 1


class TestCommand:
    def test_out_and_in(self, desk, tmp_path: Path) -> None:
        sit(desk, "行政 主事")
        file = tmp_path / "app.json"
        run = CliRunner()
        assert "備品貸出" in run.invoke(command, ["list"]).output
        out = run.invoke(command, ["export", "備品貸出", str(file)])
        assert out.exit_code == 0, out.output
        back = run.invoke(command, ["import", str(file), "--by", desk.hall.staff["行政 主事"].number])
        assert back.exit_code == 0, back.output
        assert App.objects.filter(title="備品貸出").count() == 2
        twice = run.invoke(command, ["export", "備品貸出", str(file)])
        assert isinstance(twice.exception, Refusal)
        nobody = run.invoke(command, ["import", str(file), "--by", "nobody"])
        assert isinstance(nobody.exception, Refusal)
