"""Decisions of the app builder: definitions, values, conversions, merging, permissions, guesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.check import in_order, problems_of
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType, read_definition
from yakuba.office.appbuilder.rules.guessing import guess_column, key_for
from yakuba.office.appbuilder.rules.merging import merge, seen_at
from yakuba.office.appbuilder.rules.permissions import (
    Group,
    Permissions,
    Rows,
    Who,
    permission_problems,
    sight_of,
    starting_permissions,
)
from yakuba.office.appbuilder.rules.values import (
    Names,
    cells_of,
    computed,
    converted,
    for_sheet,
    from_text,
    in_words,
    is_shaped,
)

CHOICES = ({"key": "a", "label": "貸出中"}, {"key": "b", "label": "返却済"})


def field(type_: str, key: str = "x", **more: Any) -> AppField:
    return AppField.model_validate({"key": key, "label": more.pop("label", key), "type": type_, **more})


def app(*fields: AppField) -> AppDefinition:
    return AppDefinition(title="備品貸出", fields=fields)


def words(definition: AppDefinition, **apps: Any) -> str:
    return "\n".join(one.words() for one in problems_of(definition, apps=apps))


class TestADefinition:
    def test_comes_back_from_its_json(self) -> None:
        definition = app(field("choice", choices=CHOICES, default="a"), field("computed", "y", rule={"+": [1, 2]}))
        assert read_definition(definition.to_json()) == definition

    @pytest.mark.parametrize(
        "written", ["{", "[]", {"title": ""}, {"title": "x", "fields": [{"key": "A"}]}, {"title": "x", "code": "1"}, 7]
    )
    def test_that_is_none_is_refused_with_a_way_out(self, written: Any) -> None:
        with pytest.raises(Refusal) as refused:
            read_definition(written)
        assert refused.value.hint

    def test_has_at_most_200_fields(self) -> None:
        fields = [{"key": f"f{n}", "label": f"f{n}", "type": "number"} for n in range(201)]
        with pytest.raises(Refusal):
            read_definition({"title": "x", "fields": fields})
        assert len(read_definition({"title": "x", "fields": fields[:200]}).fields) == 200


class TestPublishing:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ([field("heading")], "入力する項目が一つもありません"),
            ([field("date"), field("number")], "2回使われています"),
            ([field("date", "a", label="日"), field("date", "b", label="日")], "同じ名前の項目"),
            ([field("choice")], "選択肢がありません"),
            ([field("choice", choices=[*CHOICES, CHOICES[0]])], "重なっています"),
            ([field("number", default="七")], "最初の値"),
            ([field("date", default="2026-02-30")], "最初の値"),
            ([field("person", default="0" * 16)], "最初の値を決められません"),
            ([field("long_text", unique=True)], "重複を禁止できません"),
            ([field("choices", choices=CHOICES, sortable=True)], "並べ替えられません"),
            ([field("long_text", filterable=True)], "絞り込めません"),
            ([field("lookup", app="0" * 16)], "参照するアプリ"),
            ([field("date"), field("computed", "y")], "計算式がありません"),
            ([field("date"), field("computed", "y", rule={"var": "zz"})], "「zz」という項目はありません"),
            (
                [field("date"), field("computed", "y", rule={"days_between": [{"var": "x"}, {"today": []}]})],
                "今日の日付",
            ),
            ([field("date"), field("auto_number", "n"), field("auto_number", "m")], "一つまで"),
            ([field("date", "today")], "使えません"),
        ],
    )
    def test_names_what_must_be_put_right(self, fields: list[AppField], said: str) -> None:
        assert said in words(app(*fields))

    def test_finds_computed_fields_that_go_round_in_a_circle(self) -> None:
        definition = app(
            field("number"),
            field("computed", "a", rule={"+": [{"var": "b"}, 1]}),
            field("computed", "b", rule={"+": [{"var": "a"}, 1]}),
        )
        assert words(definition).count("自分自身に戻っています") == 2
        assert in_order(definition) == ()

    def test_orders_computed_fields_by_what_they_read(self) -> None:
        definition = app(
            field("computed", "c", rule={"*": [{"var": "b"}, 2]}),
            field("computed", "b", rule={"+": [{"var": "x"}, 1]}),
            field("number"),
        )
        assert [one.key for one in in_order(definition)] == ["b", "c"]
        assert words(definition) == ""

    def test_a_lookup_needs_an_app_and_a_field_it_has(self) -> None:
        definition = app(field("lookup", app="0" * 16, shows="name"))
        assert "表示する項目" in words(definition, **{"0" * 16: {"title": "名前"}})
        assert words(definition, **{"0" * 16: {"name": "名前"}}) == ""


class TestAValue:
    @pytest.mark.parametrize(
        ("one", "typed", "stored", "shown"),
        [
            (field("number"), "１，２００", 1200, "1,200"),
            (field("number"), "△5", -5, "-5"),
            (field("number", decimals=2), "12.50", "12.5", "12.5"),
            (field("number", decimals=2), "3", "3", "3"),
            (field("number", unit="台"), "3台", 3, "3台"),
            (field("yen"), "¥1,200円", 1200, "1,200円"),
            (field("date"), "令和8年4月1日", "2026-04-01", "2026-04-01"),
            (field("date"), "R8.4.1", "2026-04-01", "2026-04-01"),
            (field("time"), "午後2時半", "14:30", "14:30"),
            (field("yes_no"), "○", True, "はい"),
            (field("yes_no"), "無", False, "いいえ"),
            (field("choice", choices=CHOICES), "返却済", "b", "返却済"),
            (field("choices", choices=CHOICES), "返却済、貸出中", ["a", "b"], "貸出中、返却済"),
            (field("phone"), "0242841503", "0242-84-1503", "0242-84-1503"),
            (field("mail"), "ａ@example.jp", "a@example.jp", "a@example.jp"),
            (field("short_text"), " 髙橋\n ", "髙橋", "髙橋"),
        ],
    )
    def test_is_read_as_people_type_it(self, one: AppField, typed: str, stored: Any, shown: str) -> None:
        value = from_text(one, typed)
        assert value == stored and type(value) is type(stored)
        assert is_shaped(one, value)
        assert in_words(one, value) == shown

    @pytest.mark.parametrize(
        ("one", "typed"),
        [
            (field("number"), "七つ"),
            (field("number"), "1.5"),
            (field("yen"), "1.5円"),
            (field("date"), "2月30日"),
            (field("time"), "25:00"),
            (field("yes_no"), "さあ"),
            (field("choice", choices=CHOICES), "紛失"),
            (field("mail"), "a@"),
            (field("phone"), "12"),
            (field("person"), "だれか"),
            (field("short_text"), "あ" * 201),
            (field("short_text"), "番号 123456789018"),
            (field("computed", rule=1), "1"),
        ],
    )
    def test_that_is_none_is_refused_with_a_way_out(self, one: AppField, typed: str) -> None:
        with pytest.raises(Refusal) as refused:
            from_text(one, typed)
        assert refused.value.field == "x" and refused.value.hint

    def test_names_people_by_name_or_number_and_never_guesses_between_two(self) -> None:
        names = Names(
            staff={"1" * 16: "会津 太郎（1001）", "2" * 16: "会津 花子（1002）", "3" * 16: "会津 花子（1003）"}
        )
        assert from_text(field("person"), "会津太郎", names) == "1" * 16
        assert from_text(field("person"), "会津 花子（1003）", names) == "3" * 16
        with pytest.raises(Refusal, match="2件"):
            from_text(field("person"), "会津花子", names)

    def test_is_typed_on_a_sheet(self) -> None:
        assert for_sheet(field("number", decimals=1), "1.5") == Decimal("1.5")
        assert for_sheet(field("date"), "2026-04-01") == date(2026, 4, 1)
        assert for_sheet(field("choice", choices=CHOICES), "a") == "貸出中"

    def test_is_computed_exactly(self) -> None:
        fields = {"x": field("number", decimals=2), "y": field("date", "y"), "z": field("date", "z")}
        values = {"x": "0.1", "y": "2026-04-01", "z": "2026-04-08"}
        three = field("computed", "c", rule={"*": [{"var": "x"}, 3]})
        days = field("computed", "c", rule={"days_between": [{"var": "y"}, {"var": "z"}]})
        assert computed(three, values, fields, date(2026, 4, 1)) == "0.3"
        assert computed(days, values, fields, date(2026, 4, 1)) == "7"
        assert computed(days, {}, fields, date(2026, 4, 1)) is None


TYPED = st.one_of(
    st.tuples(st.just(field("number", filterable=True)), st.integers(-(10**12), 10**12)),
    st.tuples(st.just(field("yen", filterable=True)), st.integers(0, 10**12)),
    st.tuples(
        st.just(field("date", filterable=True)), st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat)
    ),
    st.tuples(st.just(field("yes_no", filterable=True)), st.booleans()),
    st.tuples(st.just(field("choice", choices=CHOICES, filterable=True)), st.sampled_from(["a", "b"])),
    st.tuples(st.just(field("choices", choices=CHOICES, filterable=True)), st.sampled_from([["a"], ["b"], ["a", "b"]])),
)


class TestConversion:
    @given(TYPED)
    def test_to_text_and_back_loses_nothing(self, given_: tuple[AppField, Any]) -> None:
        one, value = given_
        text = converted(one, field("short_text"), value)
        assert converted(field("short_text"), one, text) == value

    @given(TYPED)
    def test_gives_what_the_new_field_may_hold_or_refuses(self, given_: tuple[AppField, Any]) -> None:
        one, value = given_
        for kind in ("short_text", "number", "yen", "date", "yes_no", "mail", "phone", "long_text"):
            after = field(kind)
            try:
                new = converted(one, after, value)
            except Refusal:
                continue
            assert new is None or is_shaped(after, new)

    @given(TYPED)
    def test_every_value_has_a_cell_and_equal_values_equal_ones(self, given_: tuple[AppField, Any]) -> None:
        one, value = given_
        cells = cells_of(one, value)
        assert len(cells) == (len(value) if isinstance(value, list) else 1)
        assert cells == cells_of(one, value)

    def test_of_several_choices_to_one_is_refused_where_two_are_chosen(self) -> None:
        several, single = field("choices", choices=CHOICES), field("choice", choices=CHOICES)
        assert converted(several, single, ["a"]) == "a"
        with pytest.raises(Refusal):
            converted(several, single, ["a", "b"])


VALUES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)


class TestMerging:
    @given(VALUES, VALUES, VALUES)
    def test_loses_nothing_wanted_and_overwrites_nothing_unseen(
        self, base: dict[str, int], current: dict[str, int], wanted: dict[str, int]
    ) -> None:
        merged = merge(base=base, current=current, wanted=wanted)
        after = {**current, **merged.changes}
        torn = {one.key for one in merged.conflicts}
        for key in {*base, *current, *wanted}:
            if key in torn:
                continue
            i_changed = key in wanted and wanted[key] != base.get(key)
            assert after.get(key) == (wanted[key] if i_changed else current.get(key))
        for one in merged.conflicts:
            assert len({one.before, one.theirs, one.mine}) == 3

    def test_takes_later_changes_back_to_know_what_was_seen(self) -> None:
        history = [(2, {"a": 1}), (4, {"a": 3}), (3, {"b": None, "a": 2})]
        assert seen_at(2, {"a": 4, "b": 9}, history) == {"a": 2, "b": None}
        assert seen_at(4, {"a": 4, "b": 9}, history) == {"a": 4, "b": 9}


WHO = Who(id="me", staff="s1", roles=frozenset({"clerk"}), sections=frozenset({"k1"}))


class TestPermissions:
    DEFINITION = app(
        field("short_text", "name"),
        field("number", "price"),
        field("computed", "twice", rule={"*": [{"var": "price"}, 2]}),
        field("computed", "four", rule={"*": [{"var": "twice"}, 2]}),
    )

    def sight(self, *groups: Group, who: Who = WHO) -> Any:
        return sight_of(Permissions(groups=groups), who, self.DEFINITION, owner_sections=["k9"])

    def test_nobody_sees_anything_without_a_group(self) -> None:
        sight = self.sight(Group(name="よその課", sections=("k2",), manage=True))
        assert not (sight.see or sight.create or sight.manage or sight.visible)

    def test_the_first_group_counts_and_not_the_sum(self) -> None:
        narrow = Group(name="課", sections=("k1",), rows=Rows.OWN)
        wide = Group(name="全員", everybody=True, edit=True, columns={"price": "hide"})
        assert self.sight(narrow, wide).rows is Rows.OWN
        assert not self.sight(narrow, wide).edit
        assert self.sight(wide, narrow).visible == {"name"}

    def test_a_computed_field_is_hidden_with_what_it_is_computed_from(self) -> None:
        sight = self.sight(Group(name="課", roles=("clerk",), columns={"price": "hide"}))
        assert sight.visible == {"name"}

    def test_only_typed_fields_that_may_be_written_can_be_edited(self) -> None:
        sight = self.sight(Group(name="課", roles=("clerk",), edit=True, columns={"name": "view"}))
        assert sight.editable == {"price"}
        assert sight.visible == {"name", "price", "twice", "four"}

    def test_the_head_of_the_owning_section_keeps_an_app_nobody_manages(self) -> None:
        head = Who(id="h", roles=frozenset({"section_head"}), sections=frozenset({"k9"}))
        assert self.sight(who=head).manage
        assert not self.sight(Group(name="人", staff=("s1",), manage=True), who=head).manage

    def test_an_app_begins_with_its_maker_and_the_own_section(self) -> None:
        start = starting_permissions(staff="s1", section="k1")
        assert sight_of(start, WHO, self.DEFINITION, owner_sections=[]).manage
        other = Who(id="o", staff="s2", sections=frozenset({"k1"}))
        assert sight_of(start, other, self.DEFINITION, owner_sections=[]).edit
        stranger = Who(id="z", staff="s3", sections=frozenset({"k2"}))
        assert not sight_of(start, stranger, self.DEFINITION, owner_sections=[]).see

    def test_says_what_must_be_put_right(self) -> None:
        definition = app(field("short_text", "name", required=True))
        said = " ".join(
            one.words()
            for one in permission_problems(
                Permissions(
                    groups=(
                        Group(name="空"),
                        Group(name="条件", everybody=True, rows=Rows.RULE, rule={"==": [{"var": "zz"}, 1]}),
                        Group(name="書けない", everybody=True, create=True, columns={"name": "view"}),
                    )
                ),
                definition,
            )
        )
        for part in (
            "管理する人がいません",
            "だれも入っていません",
            "「zz」という項目はありません",
            "必須の「name」に書けません",
        ):
            assert part in said


class TestAGuess:
    @pytest.mark.parametrize(
        ("name", "texts", "kind"),
        [
            ("貸出日", ["R7.4.1", "令和7年5月2日", "2025/6/1"], FieldType.DATE),
            ("台数", ["1", "２", "3台"][:2], FieldType.NUMBER),
            ("金額", ["1,200", "300円"], FieldType.YEN),
            ("備品番号", ["001", "002"], FieldType.SHORT_TEXT),
            ("郵便", ["0012", "0013"], FieldType.SHORT_TEXT),
            ("電話", ["0242-84-1503"], FieldType.PHONE),
            ("返却", ["○", "×", ""], FieldType.YES_NO),
            ("時刻", ["9:30", "午後2時"], FieldType.TIME),
            ("課名", ["総務課", "建設課"] * 6, FieldType.CHOICE),
            ("状態", ["貸出中", "返却済"] * 6, FieldType.STATUS),
            ("備考", ["あ" * 201], FieldType.LONG_TEXT),
            ("住所", ["会津坂下町字市中三番甲3662", "上口"], FieldType.ADDRESS),
            ("空", ["", ""], FieldType.SHORT_TEXT),
        ],
    )
    def test_names_the_type_of_a_column(self, name: str, texts: list[str], kind: FieldType) -> None:
        assert guess_column(name, texts).type is kind

    def test_says_how_sure_it_is(self) -> None:
        assert guess_column("日", ["R7.4.1"] * 5).confidence == "確か"
        assert guess_column("日", ["R7.4.1"] * 17 + ["不明", "未定", "?"]).confidence == "確かめてください"

    @given(st.lists(st.text(max_size=20), max_size=20))
    def test_gives_keys_a_definition_takes_and_never_twice(self, labels: list[str]) -> None:
        taken: set[str] = set()
        for label in labels:
            key = key_for(label, taken)
            assert key not in taken
            AppField(key=key, label="x", type=FieldType.NUMBER)
            taken.add(key)
