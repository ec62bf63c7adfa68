"""An app from a published form: what carries over, what is named, and who may do it."""

from __future__ import annotations

import hashlib
from typing import Any, get_args

import pytest

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.forms.api import library_forms, read_definition
from yakuba.kernel.forms.models import Form, FormVersion
from yakuba.kernel.forms.rules.definition import Group, Single
from yakuba.kernel.forms.rules.definition import Question as AnyKind
from yakuba.kernel.forms.tests.example import example
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.queries.from_forms.form import FromForm, app_of_form
from yakuba.office.appbuilder.queries.from_forms.kinds import KINDS
from yakuba.office.appbuilder.rules.check import problems_of
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass, FieldType
from yakuba.office.appbuilder.rules.readiness import everything_wrong
from yakuba.office.appbuilder.rules.values import is_shaped
from yakuba.office.appbuilder.services import RecordFault, add_record, publish_version
from yakuba.office.appbuilder.tests.world import CLOCK, sit

OPTIONS = [{"value": "a", "label": "あ"}, {"value": "b", "label": "い"}]
SETTINGS: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "consent": {"statement": "同意します"},
    "signature": {"statement": "誓います"},
    "text_block": {"body": "お読みください"},
    "computed": {"value": {"+": [1, 2]}},
    "fee": {"value": 300},
    "group": {"row_label": "人目", "questions": [{"type": "short_text", "key": "inner", "label": "中身"}]},
}


def form(*questions: dict[str, Any], **more: Any) -> Any:
    """A form of one page."""
    return read_definition({"key": "test-form", "title": "試しの様式", "steps": [
        {"key": "one", "title": "質問", "questions": list(questions)}]} | more)  # fmt: skip


def q(kind: str, key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "label": f"質問{key}", **SETTINGS.get(kind, {}), **more}


def made_of(*questions: dict[str, Any]) -> FromForm:
    made = app_of_form(form(*questions))
    assert not problems_of(made.definition, apps={}) or not any(one.type.is_typed for one in made.definition.fields)
    assert AppDefinition.model_validate(made.definition.to_json()) == made.definition
    return made


def field_of(*questions: dict[str, Any], key: str = "") -> AppField:
    found = made_of(*questions).definition.field(key or questions[-1]["key"])
    assert found is not None
    return found


def notes_of(made: FromForm, key: str = "x") -> str:
    return "".join(next(one.notes for one in made.lines if one.label == f"質問{key}"))


def test_every_kind_of_question_there_is_is_mapped_or_named() -> None:
    kinds = {get_args(one.model_fields["type"].annotation)[0] for one in get_args(get_args(AnyKind)[0])}
    assert Group in get_args(get_args(AnyKind)[0]) and len(kinds) == len(get_args(get_args(Single)[0])) + 1
    assert set(KINDS) == kinds
    for kind in kinds:
        (line,) = made_of(q(kind)).lines
        assert line.kind == KINDS[kind][0] and (line.fields or line.notes), kind


def test_every_form_of_the_catalogue_becomes_an_app_in_which_nothing_is_lost_in_silence() -> None:
    forms = library_forms()
    assert len(forms) >= 60
    for one in forms:
        made = app_of_form(one.definition, purpose=one.ground.purpose)
        assert not problems_of(made.definition, apps={}), one.definition.key
        asked = list(one.definition.questions())
        told = [line for line in made.lines if line.kind != "画面"]
        assert [line.label for line in told] == [question.label.ja for question in asked], one.definition.key
        assert all(line.fields or line.notes for line in made.lines)
        for question, line in zip(asked, told, strict=True):
            if question.is_sensitive:
                assert all(each.data_class is FieldClass.SENSITIVE for each in line.fields), line.label
            if question.when is not None or question.checks:
                assert line.notes, line.label


@pytest.mark.parametrize(
    ("question", "type_", "expected"),
    [
        (q("short_text", min_length=2, max_length=30), "short_text", {"least": "2", "most": "30"}),
        (q("short_text", max_length=400), "long_text", {"most": "400"}),
        (q("long_text", max_length=20_000), "long_text", {"most": "5000"}),
        (q("number", least="0.5", most="10", decimals=1, unit="kg"), "number",
         {"least": "0.5", "most": "10", "decimals": 1, "unit": "kg"}),
        (q("yen"), "yen", {"least": "0", "most": ""}),
        (q("date", earliest="2000-01-01", latest={"today": []}), "date", {"least": "2000-01-01", "most": "today"}),
        (q("time", earliest="09:00"), "time", {"least": "09:00", "most": ""}),
        (q("choices", least=1, most=2), "choices", {"least": "1", "most": "2"}),
        (q("files", kinds=["image"], least=2, most=3), "photos", {"least": "2", "most": "3"}),
        (q("files", least=0), "files", {"required": False}),
        (q("corporate_number"), "short_text", {"least": "13", "most": "13"}),
        (q("mail", required=False, help="連絡用"), "mail", {"required": False, "help": "連絡用"}),
    ],
)  # fmt: skip
def test_types_limits_hints_and_whether_it_is_required_carry_over(question, type_, expected) -> None:
    one = field_of(question)
    assert one.type == type_ and one.label == "質問x"
    assert {name: getattr(one, name) for name in expected} == expected
    assert one.required is expected.get("required", True)


def test_choices_keep_their_values_and_words_and_other_gets_a_field_of_its_own() -> None:
    made = made_of(q("choice", has_other=True, options=[*OPTIONS, {"value": "c", "label": "あ"}]))
    first, other = made.definition.fields
    assert [(one.key, one.label) for one in first.choices] == [
        ("a", "あ"), ("b", "い"), ("c", "あ（2）"), ("other", "その他")]  # fmt: skip
    assert other.needed_when == {"==": [{"var": "x"}, "other"]} and "その他" in notes_of(made)


def test_a_condition_that_compiles_carries_over_and_one_that_does_not_is_told() -> None:
    works, address = q("yes_no", "works"), q("address", "home")
    carried = made_of(works, q("short_text", when={"var": "works"}))
    assert carried.definition.field("x").needed_when == {"var": "works"} and "条件を写します" in notes_of(carried)
    both = made_of(works, q("yes_no", "far"), q("short_text", when={"var": "works"}, required={"var": "far"}))
    assert both.definition.field("x").needed_when == {"and": [{"var": "works"}, {"var": "far"}]}
    told = made_of(address, q("short_text", when={"==": [{"var": "home.place"}, "見本"]}))
    assert told.definition.field("x").needed_when is None and "この条件は写せない" in notes_of(told)
    facts = made_of(q("short_text", when={"var": "facts.is_agent"}, required=False))
    assert "代理人による手続き" in notes_of(facts)


def test_a_computed_value_carries_over_unless_it_reads_the_day_or_rows() -> None:
    price = q("yen", "price")
    twice = field_of(price, q("computed", value={"*": [{"var": "price"}, 2]}, gives="yen"))
    assert (twice.type, twice.rule, twice.gives) == ("computed", {"*": [{"var": "price"}, 2]}, "yen")
    fee = field_of(price, q("fee", value={"if": [{">": [{"var": "price"}, 100]}, 10, 0]}))
    assert fee.type is FieldType.COMPUTED and fee.gives == "yen"
    aged = made_of(q("date", "birth"), q("computed", value={"age": [{"var": "birth"}]}))
    assert aged.definition.field("x").type is FieldType.NUMBER and "今日の日付を使うため" in notes_of(aged)
    assert not aged.definition.field("x").required
    rows = made_of(q("group", "rows"), q("computed", value={"count": [{"var": "rows"}]}, is_shown=False))
    assert [line.label for line in rows.lost] == ["質問x"]


def test_rules_follow_a_key_that_an_app_cannot_take() -> None:
    made = made_of(
        q("yes_no", "page"), q("yes_no", "a__b_"), q("short_text", when={"and": [{"var": "page"}, {"var": "a__b_"}]})
    )
    assert [one.key for one in made.definition.fields] == ["page_1", "a_b", "x"]
    assert made.definition.field("x").needed_when == {"and": [{"var": "page_1"}, {"var": "a_b"}]}


def test_labels_are_told_apart_shortened_and_never_lost() -> None:
    long = "とても長い質問の文" * 12
    made = made_of(
        q("yes_no", "a", label="同じ「名」"), q("yes_no", "b", label="同じ「名」"), q("yes_no", "c", label=long)
    )
    assert [one.label for one in made.definition.fields][:2] == ["同じ『名』", "同じ『名』（質問）"]
    last = made.definition.fields[2]
    assert len(last.label) == 60 and last.help == long and "名前が長い" in "".join(made.lines[2].notes)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (q("group"), "繰り返し（中身）は写せません"),
        (q("bank_account"), "封印して預かる様式だけ"),
        (q("place"), "地図の点"),
        (q("address"), "郵便番号から住所を入れることはできません"),
        (q("name"), "姓と名を、一つの項目"),
        (q("short_text", kana=True), "カタカナ"),
        (q("short_text", checks=[{"rule": True, "message": "同じ番号は書けません"}]), "「同じ番号は書けません」は写しません"),
        (q("date", prefill="today"), "最初の値"),
        (q("date", latest={"add_months": [{"today": []}, 3]}), "最も遅い日"),
        (q("yes_no", yes="出席", no="欠席"), "はい＝出席"),
        (q("short_text", label="質問x 個人番号"), "アプリのどの項目にも入れられません"),
        (q("choice", options=[*OPTIONS, {"value": "c", "label": "う", "when": {"var": "facts.is_agent"}}]), "いつも出します"),
        (q("text_block", body="長い文" * 200), "300文字を超える"),
        (q("files", kinds=["pdf"]), "PDFに限ることはしません"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_named(question, said) -> None:
    assert any(said in note for line in made_of(question).lines for note in line.notes)


def test_pages_become_headings_and_questions_that_may_be_skipped_are_not_required() -> None:
    steps = [
        {"key": "a", "title": "一枚目", "questions": [q("yes_no", "more")], "ways": [{"when": {"var": "more"}, "to": "c"}]},
        {"key": "b", "title": "二枚目", "introduction": "説明", "questions": [q("short_text")]},
        {"key": "c", "title": "三枚目", "when": {"var": "more"}, "questions": []},
    ]  # fmt: skip
    made = app_of_form(form(steps=steps))
    assert [(one.label, one.help) for one in made.definition.fields if one.type is FieldType.HEADING] == [
        ("一枚目", ""), ("二枚目", "説明"), ("三枚目", "")]  # fmt: skip
    assert not made.definition.field("x").required and "画面の進み方" in notes_of(made)
    assert any("次の画面" in one for one in made.notes)


def test_classes_follow_the_form_and_a_form_that_asks_a_name_is_about_a_person() -> None:
    asked = (q("yes_no", "ill", is_sensitive=True), q("short_text", "note"))
    sum_of = q("computed", value={"if": [{"var": "ill"}, 1, 0]})
    plain = made_of(*asked, sum_of).definition
    assert [one.data_class.value for one in plain.fields] == ["sensitive", "personal", "sensitive"]
    assert field_of(q("short_text")).data_class is FieldClass.OPEN
    named = made_of(q("name", "who"), *asked)
    assert {one.data_class for one in named.definition.fields[:2]} == {FieldClass.PERSONAL}
    assert any("暗号化しません" in one for one in named.notes)


@pytest.mark.parametrize("count", [200, 201])
def test_more_fields_than_an_app_has_are_named(count) -> None:
    made = made_of(*(q("yes_no", f"k{number}") for number in range(count)))
    assert len(made.definition.fields) == 200 and len(made.lost) == count - 200


def publish(hall: Any, section: str, written: dict[str, Any] | None = None, *, key: str = "child-care") -> FormVersion:
    """A form that takes answers."""
    definition = (written or example()) | {"key": key}
    with unaudited_writes("test"):
        made = Form.objects.create(
            key=key, title="学童の申込", section=hall.sections.get(section), created_at=CLOCK.now()
        )
        return FormVersion.objects.create(
            form=made, number=1, state="live", definition=read_definition(definition).to_json(),
            digest=hashlib.sha256(key.encode()).hexdigest(), law="条例", online_ground="条例", signature_rule="不要",
            purpose="学童の利用の決定のため", decision="決裁", created_at=CLOCK.now(), changed_at=CLOCK.now(),
            live_at=CLOCK.now(),
        )  # fmt: skip


def test_a_clerk_chooses_a_form_sees_what_becomes_of_it_and_gets_a_draft_to_be_used(desk) -> None:
    version = publish(desk.hall, "行政管理班")
    maker = sit(desk, "行政 主事")
    assert "様式から作る" in maker.get("/office/apps/new/").content.decode()
    assert "学童の申込" in maker.get("/office/apps/forms/").content.decode()
    at = f"/office/apps/forms/{version.public_id}/"
    shown = maker.get(at).content.decode()
    assert "繰り返し（名前、生年月日、アレルギー" in shown and "変わるところがあるもの" in shown
    made = maker.post(at)
    app = App.objects.exclude(pk=desk.app.pk).get()
    assert made.url == f"/office/apps/{app.public_id}/fields/"
    draft = app.versions.get()
    assert draft.content.care.purpose == "学童の利用の決定のため"
    assert not everything_wrong(draft.content, app.rights, apps={})
    assert maker.get(made.url).status_code == 200
    publish_version(by=desk.maker, app=app, edition=1, apps={}, clock=CLOCK)
    app = App.objects.get(pk=app.pk)
    with pytest.raises(RecordFault, match="「働き方」を入力"):
        add_record(by=desk.maker, app=app, values={"guardian": "見本", "works": True}, clock=CLOCK)


def test_only_published_forms_that_the_person_may_see_are_offered(desk) -> None:
    other = publish(desk.hall, "教育課")
    draft = publish(desk.hall, "行政管理班", key="draft-form")
    with unaudited_writes("test"):
        FormVersion.objects.filter(pk=draft.pk).update(state="draft")
    maker = sit(desk, "行政 主事")
    assert "選べる様式はありません" in maker.get("/office/apps/forms/").content.decode()
    for version in (other, draft):
        at = f"/office/apps/forms/{version.public_id}/"
        assert maker.get(at).status_code == maker.post(at).status_code == 404
    assert sit(desk, "教育 主事").get(f"/office/apps/forms/{other.public_id}/").status_code == 200
    assert App.objects.count() == 1


def test_values_of_the_form_have_the_shape_the_fields_ask_for() -> None:
    made = made_of(q("choices"), q("yes_no", "y"), q("date", "d"), q("number", "n", decimals=1), q("time", "t"))
    for key, value in {"x": ["a"], "y": True, "d": "2026-04-01", "n": "1.5", "t": "09:30"}.items():
        one = made.definition.field(key)
        assert one is not None and is_shaped(one, value), key
