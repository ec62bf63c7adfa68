"""Records written twice: what counts as alike, finding, merging, and the hint at a new record."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.files.api import get_for, receive_file
from yakuba.kernel.files.tests.making import picture
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import Cell, Record
from yakuba.office.appbuilder.rules.alike import CELL, alike_by, alike_text, compared
from yakuba.office.appbuilder.rules.check import problems_of
from yakuba.office.appbuilder.rules.definition import AppField, FieldType, read_definition
from yakuba.office.appbuilder.rules.editing import without_field
from yakuba.office.appbuilder.services import (
    change_record,
    merge_records,
    publish_version,
    reshape_chunk,
    restore_record,
    save_definition,
)
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, cells_are_right, define, sit

NAME = AppField(key="item", label="品名", type=FieldType.SHORT_TEXT)
ALL = {"name": "全員", "everybody": True, "create": True, "edit": True}


class TestWhatCounts:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("ＡＢＣ－１２３", "abc 123"),
            ("髙橋　花子", "高橋花子"),
            ("㈱見本", "株式会社　見本"),
            ("ﾌﾟﾛｼﾞｪｸﾀｰ", "プロジェクター"),
            ("1-2-3", "1‐2−3"),
        ],
    )
    def test_writing_does_not(self, one, other) -> None:
        assert compared(NAME, one) == compared(NAME, other) != ""

    @pytest.mark.parametrize(("one", "other"), [("机1", "机2"), ("見本", "見本町"), ("12", "21")])
    def test_what_is_written_does(self, one, other) -> None:
        assert compared(NAME, one) != compared(NAME, other)

    def test_signs_alone_are_still_something(self) -> None:
        assert compared(NAME, "---") != ""

    def test_empty_is_not_equal_to_empty(self) -> None:
        other = NAME.model_copy(update={"key": "code"})
        assert alike_by([NAME, other], {"item": "机"}) is None
        assert alike_by([], {"item": "机"}) is None
        assert alike_by([NAME, other], {"item": "机", "code": "1"}) == alike_by(
            [NAME, other], {"item": " 机", "code": "１"}
        )

    @given(st.text(max_size=20))
    def test_width_never_counts(self, text) -> None:
        assert compared(NAME, text) == compared(NAME, unicodedata.normalize("NFKC", text))

    def test_the_fields_of_the_app_are_checked_and_go_with_a_field(self) -> None:
        whole = define(FIELDS).model_copy(update={"alike": ("item", "code")})
        assert read_definition(whole.to_json()) == whole
        assert not problems_of(whole, apps={})
        assert without_field(whole, "code").alike == ("item",)
        for wrong in ("nothing", "twice"):
            assert problems_of(whole.model_copy(update={"alike": (wrong,)}), apps={})


def compare_by(desk: Any, *keys: str) -> None:
    definition = define(FIELDS).model_copy(update={"alike": keys})
    saved = save_definition(by=desk.maker, app=desk.app, definition=definition, edition=0, clock=CLOCK)
    publish_version(by=desk.maker, app=desk.app, edition=saved.edition, apps={}, clock=CLOCK)
    while reshape_chunk(by=desk.maker, app=desk.app, clock=CLOCK):
        pass


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


class TestFinding:
    def test_puts_likely_duplicates_together(self, desk) -> None:
        desk.add(item="プロジェクター"), desk.add(item="ﾌﾟﾛｼﾞｪｸﾀｰ"), desk.add(item="机")
        page = sit(desk, "行政 主事").get(at(desk, "alike/"), {"by": "item"})
        assert [[row["record"].number for row in group["rows"]] for group in page.context["groups"]] == [[2, 1]]
        assert "番号1とくらべる" in text(page)

    def test_shows_nobody_the_records_or_fields_of_others(self, desk) -> None:
        desk.add(item="机", code="A-1"), desk.add(item="机", code="A1")
        desk.permit({**ALL, "rows": "own"})
        stranger = sit(desk, "財政 主事")
        assert stranger.get(at(desk, "alike/"), {"by": "item"}).context["groups"] == []
        desk.permit({**ALL, "columns": {"code": "hide"}})
        shown = stranger.get(at(desk, "alike/"), {"by": "code"})
        assert "groups" not in shown.context and "A-1" not in text(shown)
        desk.permit({**ALL, "edit": False})
        assert stranger.get(at(desk, "alike/")).status_code == 404


def merge(desk: Any, keep: Record, gone: Record, by: Any = None, **values: Any) -> Record:
    versions = (Record.objects.get(pk=keep.pk).version, Record.objects.get(pk=gone.pk).version)
    return merge_records(by=by or desk.maker, keep=keep, gone=gone, values=values, versions=versions, clock=CLOCK)


class TestMerging:
    def test_keeps_the_chosen_values_and_both_histories_say_so(self, desk) -> None:
        keep, gone = desk.add(price=1), desk.add(price=2, code="A-1")
        merge(desk, keep, gone, code="A-1")
        keep, gone = Record.objects.get(pk=keep.pk), Record.objects.get(pk=gone.pk)
        assert (keep.values["price"], keep.values["code"]) == (1, "A-1")
        assert gone.deleted_at is not None
        assert keep.history.first().words == "番号2をまとめた"
        assert gone.history.first().words == "番号1にまとめた"
        cells_are_right(desk.app)
        change_record(by=desk.maker, record=keep, values={"code": None}, version=2, clock=CLOCK)
        restore_record(by=desk.maker, record=gone, clock=CLOCK)
        assert Record.objects.get(pk=gone.pk).values["code"] == "A-1"
        cells_are_right(desk.app)

    def test_is_for_those_who_see_and_write_everything(self, desk) -> None:
        keep, gone = desk.add(), desk.add()
        for columns in ({"price": "hide"}, {"price": "view"}):
            desk.permit({**ALL, "columns": columns})
            with pytest.raises(NotAllowed):
                merge(desk, keep, gone, by=desk.stranger)
        desk.permit(ALL)
        assert merge(desk, keep, gone, by=desk.stranger).pk == keep.pk

    def test_of_what_changed_meanwhile_or_is_one_record_is_refused(self, desk) -> None:
        keep, gone = desk.add(), desk.add()
        with pytest.raises(Refusal, match="別々の記録"):
            merge(desk, keep, keep)
        with pytest.raises(Refusal, match="ほかの人が記録を変えました"):
            merge_records(by=desk.maker, keep=keep, gone=gone, values={}, versions=(1, 2), clock=CLOCK)
        assert not Record.objects.filter(deleted_at__isnull=False).exists()

    def test_on_the_page_takes_values_and_copies_of_photos(self, desk) -> None:
        desk.publish([*FIELDS, {"key": "photos", "label": "写真", "type": "photos"}])
        files = [
            receive_file(by=desk.maker, stream=picture("JPEG"), filename=f"{n}.jpg", clock=CLOCK) for n in range(2)
        ]
        keep, gone = (desk.add(item=name, photos=[file.public_id]) for name, file in zip("机椅", files, strict=True))
        browser = sit(desk, "行政 主事")
        page = at(desk, f"alike/{keep.public_id}/{gone.public_id}/")
        assert "違う" in text(browser.get(page))
        typed = {"take_item": "gone", "take_photos": "both", "keep_version": "1", "gone_version": "1"}
        assert browser.post(page, typed).status_code == 302
        keep = Record.objects.get(pk=keep.pk)
        assert keep.values["item"] == "椅" and len(keep.values["photos"]) == 2
        assert [get_for(desk.maker, one).name for one in keep.values["photos"]] == ["0.jpg", "1.jpg"]


class TestTheHint:
    def test_warns_before_adding_and_lets_the_clerk_go_on(self, desk) -> None:
        desk.add(item="プロジェクター")
        compare_by(desk, "item")
        assert Cell.objects.filter(key=CELL).count() == 1
        cells_are_right(desk.app)
        browser = sit(desk, "行政 主事")
        typed = {"f_item": "ﾌﾟﾛｼﾞｪｸﾀｰ", "f_state": "in", "f_note": "二台目"}
        shown = text(browser.post(at(desk, "new/"), typed))
        assert "よく似た記録がすでにあります" in shown and "番号1" in shown and "二台目" in shown
        assert Record.objects.count() == 1
        assert browser.post(at(desk, "new/"), {**typed, "anyway": "1"}).status_code == 302
        assert Record.objects.count() == 2

    def test_never_tells_of_what_is_hidden(self, desk) -> None:
        desk.add(item="机", code="A-1")
        compare_by(desk, "code")
        for code, group in (
            ("A1", {**ALL, "columns": {"code": "hide"}}),
            ("A 1", {**ALL, "rows": "own"}),
            ("a1", {**ALL, "see": False}),
        ):
            desk.permit(group)
            shown = sit(desk, "財政 主事").post(at(desk, "new/"), {"f_item": "棚", "f_state": "in", "f_code": code})
            assert shown.status_code == 302

    def test_is_chosen_by_managers_on_the_page(self, desk) -> None:
        browser = sit(desk, "行政 主事")
        assert browser.post(at(desk, "alike/hint/"), {"by": ["item", "twice", "x"]}).status_code == 302
        assert desk.app.versions.get(state="draft").content.alike == ("item",)
        desk.permit(ALL)
        assert sit(desk, "財政 主事").post(at(desk, "alike/hint/"), {"by": "item"}).status_code == 404

    def test_is_one_text_of_equal_records(self) -> None:
        definition = define(FIELDS).model_copy(update={"alike": ("item", "price")})
        same = {alike_text(definition, {"item": item, "price": 1}) for item in ("机 ", "机", "　机")}
        assert len(same) == 1 and alike_text(definition, {"item": "机", "price": 2}) not in same
