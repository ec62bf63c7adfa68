"""The office's pages of forms: everything a clerk does, without JavaScript, and nothing typed is lost."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfWriter

from tests.harness.databases import made_once
from yakuba.kernel.approval.api import Outcome, decide, waiting_for
from yakuba.kernel.approval.tests.town_hall import open_hall
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.forms.exchange.differences import compare
from yakuba.kernel.forms.exchange.question_list import QUESTIONS, write_question_list
from yakuba.kernel.forms.exchange.settings import TYPE_WORDS
from yakuba.kernel.forms.exchange.xlsform import write_xlsform
from yakuba.kernel.forms.fillings import TRIAL
from yakuba.kernel.forms.models import AnswerSet, Filling, Form, FormVersion
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.services import change_draft, create_form
from yakuba.kernel.forms.tests.example import complete_answers, example, example_form
from yakuba.kernel.forms.tests.test_versions import GROUND, author, head, published, reviewer
from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.tests.people import sign_in
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db
CLOCK = SystemClock()
MY_NUMBER = "123456789018"


@pytest.fixture
@made_once("forms_office_hall")
def hall(db: None) -> Any:
    return open_hall()


@pytest.fixture
def draft(hall) -> FormVersion:
    section = Section.objects.get(name="行政管理班")
    return create_form(by=author(hall), definition=example_form(), section=section, clock=CLOCK)


def seat(hall: Any, name: str) -> Client:
    staff = hall.staff[name]
    with unaudited_writes("tests"):
        account, _ = Account.objects.get_or_create(
            staff=staff,
            defaults={"kind": AccountKind.STAFF, "sign_in_name": staff.number, "display_name": staff.name},
        )
    client = Client()
    sign_in(client, account)
    return client


@pytest.fixture
def clerk(hall) -> Client:
    return seat(hall, "行政 主事")


def at(name: str, version: FormVersion, *more: str) -> str:
    return reverse(f"office-form-{name}", args=[version.public_id, *more])


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


class _Fields(HTMLParser):
    """What a browser would send of the editor's form, read from the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.is_inside = False
        self.area = self.select = ""

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = dict(given)
        if tag == "form":
            self.is_inside = "form" in (attrs.get("class") or "").split()
        name, kind = attrs.get("name") or "", attrs.get("type", "text")
        if not self.is_inside:
            return
        if tag == "input" and name and kind != "file" and (kind not in ("radio", "checkbox") or "checked" in attrs):
            self.found.setdefault(name, []).append(attrs.get("value") or ("on" if kind == "checkbox" else ""))
        elif tag == "textarea":
            self.area = name
            self.found[name] = [""]
        elif tag == "select":
            self.select = name
            self.found[name] = []
        elif tag == "option" and self.select and ("selected" in attrs or not self.found[self.select]):
            self.found[self.select] = [attrs.get("value") or ""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area][0] += (
                data.removeprefix("\r\n").removeprefix("\n") if not self.found[self.area][0] else data
            )


def typed(page: Any, **changed: Any) -> dict[str, Any]:
    """What a browser would send of the editor on the page, with changes; ``__`` stands for a hyphen."""
    reader = _Fields()
    reader.feed(page.content.decode())
    return {**reader.found, **{name.replace("__", "-"): value for name, value in changed.items()}}


def saved(client: Client, address: str, **changed: Any) -> Any:
    return client.post(address, typed(client.get(address), **changed))


def fresh(version: FormVersion) -> Any:
    return FormVersion.objects.get(pk=version.pk).read()


# The listing and new forms.


def test_the_listing_shows_state_and_counts_without_trials(hall, clerk, draft) -> None:
    clerk.post(at("try", draft), {"language": "ja", "channel": "online"})
    page = words(clerk.get(reverse("office-forms")))
    assert "学童の申込" in page and "第1版 下書き" in page and "行政管理班" in page
    assert Filling.objects.get().about == TRIAL
    assert re.search(r'cell--number" data-label="入力開始">\s*0', page)


def test_an_empty_listing_says_how_to_begin(clerk) -> None:
    assert "様式はまだありません" in words(clerk.get(reverse("office-forms")))


@pytest.mark.parametrize("source", ["blank", "copy", "library"])
def test_a_form_begins_from_nothing_from_another_or_from_the_library(clerk, draft, source) -> None:
    section = Section.objects.get(name="行政管理班").public_id
    given = {
        "source": source,
        "title": "新しい申込",
        "section": section,
        "copy": draft.form.public_id,
        "library": "dog-registration",
    }
    answer = clerk.post(reverse("office-form-new"), given, follow=True)
    form = Form.objects.exclude(pk=draft.form_id).get()
    assert form.title == "新しい申込" and form.section.name == "行政管理班"
    assert answer.redirect_chain[-1][0] == at("version", form.versions.get())
    if source == "library":
        assert form.versions.get().law


def upload(content: bytes, name: str = "様式.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    "content",
    [write_question_list(example_form()), write_xlsform(example_form()).content, json.dumps(example()).encode()],
    ids=["質問一覧", "XLSForm", "JSON"],
)
def test_a_form_begins_from_a_file(clerk, content) -> None:
    section = Section.objects.get(name="行政管理班").public_id
    clerk.post(reverse("office-form-new"), {"source": "file", "file": upload(content), "section": section})
    assert Form.objects.get().versions.get().read() == example_form()


def broken_list() -> bytes:
    book = load_workbook(BytesIO(write_question_list(example_form())))
    page = book[QUESTIONS]
    page.cell(3, next(cell.column for cell in page[1] if cell.value == "種類"), "魔法")
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_file_with_mistakes_is_told_by_cell_and_comes_back_marked(clerk) -> None:
    section = Section.objects.get(name="行政管理班").public_id
    answer = clerk.post(
        reverse("office-form-new"), {"source": "file", "file": upload(broken_list()), "section": section, "title": "題"}
    )
    page = words(answer)
    assert answer.status_code == 422 and "魔法" in page and 'value="題"' in page
    marked = clerk.get(re.search(r'href="(/office/forms/marked/[^"]+)"', page).group(1))
    assert "エラー" in [cell.value for cell in load_workbook(BytesIO(marked.content))[QUESTIONS][1]]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04x", b"\xff\xfe\x00", b'{"key": 1}', b"[" * 90_000])
def test_what_is_no_form_is_refused_and_the_page_stays(clerk, content) -> None:
    section = Section.objects.get(name="行政管理班").public_id
    answer = clerk.post(reverse("office-form-new"), {"source": "file", "file": upload(content), "section": section})
    assert answer.status_code == 422 and not Form.objects.exists()


def test_a_title_that_is_missing_and_a_key_that_is_taken_are_told(clerk, draft) -> None:
    section = Section.objects.get(name="行政管理班").public_id
    page = clerk.post(reverse("office-form-new"), {"source": "blank", "title": "", "section": section})
    assert "題名を入力してください" in words(page)
    page = clerk.post(
        reverse("office-form-new"), {"source": "blank", "title": "題", "section": section, "key": "child-care"}
    )
    assert "すでにあります" in words(page)


# The builder.


def test_the_builder_shows_questions_conditions_and_the_preview(clerk, draft) -> None:
    page = words(clerk.get(at("version", draft)))
    for one in (
        "保護者",
        "「働いていますか」が「はい」のときにたずねる",
        "フルタイム／パート／その他",
        "「人数」が2以上のときに出す",
        "質問を追加",
    ):
        assert one in page
    shown = clerk.get(at("preview", draft) + "?language=en")
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "Required" in words(shown) and "アレルギーの内容" in words(shown), "hidden questions are shown as well"


def acted(clerk: Client, version: FormVersion, act: str) -> Any:
    version.refresh_from_db()
    return clerk.post(at("act", version), {"act": act, "edition": version.edition}, follow=True)


def order(version: FormVersion) -> list[str]:
    return [question.key for question in fresh(version).questions()]


def test_questions_are_moved_copied_deleted_and_brought_back(clerk, draft) -> None:
    acted(clerk, draft, "down:guardian")
    assert order(draft)[:2] == ["works", "guardian"]
    acted(clerk, draft, "copy:works")
    assert order(draft)[:2] == ["works", "works2"]
    page = words(acted(clerk, draft, "delete:works"))
    assert "1か所の条件で使っていました" in page
    assert "works" not in order(draft)
    acted(clerk, draft, "undo")
    assert "works" in order(draft)
    acted(clerk, draft, "redo")
    assert "works" not in order(draft)
    acted(clerk, draft, "place:account>who>>0")
    assert order(draft)[0] == "account"
    acted(clerk, draft, "step-down:who")
    assert [one.key for one in fresh(draft).steps][:2] == ["children", "who"]


@pytest.mark.parametrize(
    "act",
    [
        "",
        "fly:guardian",
        "up:nobody",
        "delete-step:nowhere",
        "place:works>nowhere>>0",
        "place:works",
        "undo",
        "up:guardian",
    ],
)
def test_acts_that_make_no_sense_change_nothing(clerk, draft, act) -> None:
    assert acted(clerk, draft, act).status_code == 200
    assert fresh(draft) == example_form()


def test_what_another_changed_meanwhile_is_not_overwritten(hall, clerk, draft) -> None:
    clerk.post(at("act", draft), {"act": "down:guardian", "edition": draft.edition})
    answer = clerk.post(at("act", draft), {"act": "down:works", "edition": draft.edition}, follow=True)
    assert "ほかの職員が変えました" in words(answer)
    assert order(draft)[:2] == ["works", "guardian"]


def test_steps_lines_and_blocks_are_added(clerk, draft) -> None:
    clerk.post(at("new-step", draft), {"title": "添付書類", "edition": draft.edition})
    draft.refresh_from_db()
    assert fresh(draft).steps[-1].title.ja == "添付書類"
    clerk.post(
        at("new-lines", draft),
        {"lines": "申請者の氏名\n・電話番号\n\n希望日", "step": "step5", "edition": draft.edition},
    )
    assert [one.type for one in fresh(draft).steps[-1].questions] == ["name", "phone", "date"]
    draft.refresh_from_db()
    clerk.post(at("new-block", draft, "step5"), {"block": "account", "edition": draft.edition})
    assert fresh(draft).steps[-1].questions[-1].key == "account2"


def test_questions_of_another_form_are_taken_over(hall, clerk, draft) -> None:
    given = {**example(), "key": "other"}
    other = create_form(by=author(hall), definition=read_definition(given), section=draft.form.section, clock=CLOCK)
    address = f"{at('take', draft)}?from={other.form.public_id}"
    assert "働き方" in words(clerk.get(address))
    clerk.post(address, {"questions": ["works", "work"], "step": "money", "edition": draft.edition})
    form = fresh(draft)
    assert form.question("work2").when == {"var": "works2"}


# The question editor.

_FILLED: dict[str, dict[str, str]] = {
    "choice": {"options": "持ち家\n借家"},
    "choices": {"options": "月\n火"},
    "group": {"inside": "氏名\n生年月日"},
    "text_block": {"body_ja": "読んでください"},
    "fee": {"how": "fixed", "price": "300"},
    "computed": {"how": "fixed", "price": "1"},
}


@pytest.mark.parametrize("kind", sorted(TYPE_WORDS))
def test_every_kind_is_added_with_its_label_alone(clerk, draft, kind) -> None:
    address = f"{at('new-question', draft)}?kind={kind}&step=money"
    answer = saved(clerk, address, label_ja="あたらしい質問", **_FILLED.get(kind, {}))
    assert answer.status_code == 302, words(answer)
    question = fresh(draft).steps[3].questions[-1]
    assert question.type == kind and question.label.ja == "あたらしい質問" and question.key


@pytest.mark.parametrize("form", ["example"])
def test_every_question_is_saved_as_it_was_when_nothing_is_changed(clerk, draft, form) -> None:
    for question in example_form().questions():
        paths = [question.key, *(f"{question.key}.{one.key}" for one in getattr(question, "questions", ()))]
        for path in paths:
            assert saved(clerk, at("question", draft, path)).status_code == 302, path
    assert compare(example_form(), fresh(draft)) == ()
    assert fresh(draft).to_json() == example_form().to_json()


@pytest.mark.parametrize("every", [33, pytest.param(1, marks=[pytest.mark.prove, pytest.mark.timeout(1800)])])
def test_every_question_of_the_library_is_saved_as_it_was(hall, clerk, every) -> None:
    from yakuba.kernel.forms.library import library_forms

    section = Section.objects.get(name="行政管理班")
    for form in library_forms()[::every]:
        version = create_form(by=author(hall), definition=form.definition, section=section, clock=CLOCK)
        for question in form.definition.questions():
            for path in (question.key, *(f"{question.key}.{one.key}" for one in getattr(question, "questions", ()))):
                answer = saved(clerk, at("question", version, path))
                assert answer.status_code == 302, (form.definition.key, path, words(answer)[-3000:])
        assert compare(form.definition, fresh(version)) == (), form.definition.key
        assert fresh(version).to_json() == form.definition.to_json(), form.definition.key


def test_a_condition_is_chosen_in_rows_and_told_as_a_sentence(clerk, draft) -> None:
    address = at("question", draft, "account")
    clerk.post(
        address,
        typed(
            clerk.get(address),
            when__mode="rows",
            when__joint="or",
            when__rows="2",
            when__subject0="work",
            when__comparison0="in",
            when__values0=["full", "part"],
            when__subject1="count children",
            when__comparison1=">=",
            when__value1="２",
        ),
    )
    assert fresh(draft).question("account").when == {
        "or": [{"in": [{"var": "work"}, ["full", "part"]]}, {">=": [{"count": [{"var": "children"}]}, 2]}]
    }
    assert "「働き方」が「フルタイム」か「パート」か、または「子ども」の件数が2件以上のときにたずねる" in words(
        clerk.get(at("version", draft))
    )


def test_the_words_of_an_option_may_be_typed_where_there_is_no_script(clerk, draft) -> None:
    saved(
        clerk, at("question", draft, "account"), when__mode="rows", when__subject0="work", when__comparison0="==",
        when__value0="パート",
    )  # fmt: skip
    assert fresh(draft).question("account").when == {"==": [{"var": "work"}, "part"]}


def test_a_plain_line_goes_beyond_rows_and_its_faults_are_told(clerk, draft) -> None:
    address = at("question", draft, "account")
    answer = saved(clerk, address, when__mode="plain", when__plain="件数(children) >=")
    page = words(answer)
    assert answer.status_code == 422 and "途中で終わっています" in page and "件数(children) >=" in page
    saved(clerk, address, when__mode="plain", when__plain="件数(children) * 2 >= 3")
    assert fresh(draft).question("account").when == {">=": [{"*": [{"count": [{"var": "children"}]}, 2]}, 3]}
    assert 'value="plain" checked' in words(clerk.get(address))


def test_an_incomplete_row_is_told_and_nothing_typed_is_lost(clerk, draft) -> None:
    answer = saved(
        clerk, at("question", draft, "account"), label_ja="口座の番号", when__mode="rows", when__subject0="how_many",
        when__comparison0=">=", when__value0="たくさん",
    )  # fmt: skip
    page = words(answer)
    assert answer.status_code == 422 and "「たくさん」は数ではありません" in page
    assert 'value="口座の番号"' in page and 'value="たくさん"' in page
    assert fresh(draft) == example_form()


def test_checks_are_added_and_taken_away(clerk, draft) -> None:
    address = at("question", draft, "children.birth")
    prefix = "check0-rule"
    given = {
        f"{prefix}-mode": "rows",
        f"{prefix}-subject0": "age row.birth",
        f"{prefix}-comparison0": "<",
        f"{prefix}-value0": "15",
    }
    page = clerk.post(address, {**typed(clerk.get(address)), **given})
    assert "文を書いてください" in words(page)
    clerk.post(
        address, {**typed(clerk.get(address)), **given, "check0-message_ja": "15歳未満の子どもを書いてください。"}
    )
    check = fresh(draft).question("children").questions[1].checks[0]
    assert check.rule == {"<": [{"age": [{"var": "row.birth"}]}, 15]}
    clerk.post(address, {**typed(clerk.get(address)), f"{prefix}-mode": "always"})
    assert not fresh(draft).question("children").questions[1].checks


def test_options_are_pasted_and_keep_values_and_languages(clerk, draft) -> None:
    saved(
        clerk, at("question", draft, "work"), options="・パート\n内職\nフルタイム", o0_easy="いちにち", o0_value="whole"
    )
    options = fresh(draft).question("work").options
    assert [(one.value, one.label.ja) for one in options] == [
        ("part", "パート"),
        ("o1", "内職"),
        ("whole", "フルタイム"),
    ]
    assert options[2].label.easy == "いちにち"
    answer = saved(clerk, at("question", draft, "work"), options="同じ\n同じ")
    assert "同じ選択肢が二つあります" in words(answer)


def test_a_new_key_is_followed_by_conditions(clerk, draft) -> None:
    saved(clerk, at("question", draft, "works"), key="employed")
    assert fresh(draft).question("work").when == {"var": "employed"}
    assert "使っています" in words(saved(clerk, at("question", draft, "work"), key="employed"))
    assert "英小文字で始まる" in words(saved(clerk, at("question", draft, "work"), key="9 lives"))


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"how": "fixed", "price": "500"}, 500),
        ({"how": "times", "price": "300", "times": "how_many"}, {"*": [{"var": "how_many"}, 300]}),
        (
            {"how": "table", "table_of": "work", "table": "フルタイム＝１，０００円\nその他=5"},
            {"if": [{"==": [{"var": "work"}, "full"]}, 1000, {"==": [{"var": "work"}, "other"]}, 5, 0]},
        ),
        ({"how": "plain", "value_plain": "how_many * 2 + 1"}, {"+": [{"*": [{"var": "how_many"}, 2]}, 1]}),
    ],
)
def test_fees_are_set_in_four_ways_and_come_back(clerk, draft, given, rule) -> None:
    address = at("question", draft, "monthly")
    saved(clerk, address, **given)
    assert fresh(draft).question("monthly").value == rule
    assert typed(clerk.get(address))["how"] == [given["how"]]
    assert saved(clerk, address).status_code == 302
    assert fresh(draft).question("monthly").value == rule


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"how": "fixed", "price": ""}, "額を数字で"),
        ({"how": "table", "table_of": "work", "table": "なし=x"}, "読めません"),
        ({"how": "table", "table_of": "work", "table": ""}, "額を書いてください"),
        ({"how": "plain", "value_plain": "もし("}, "途中で終わっています"),
    ],
)
def test_a_fee_that_cannot_be_read_is_told(clerk, draft, given, told) -> None:
    answer = saved(clerk, at("question", draft, "monthly"), **given)
    assert answer.status_code == 422 and told in words(answer)


def test_limits_of_days_are_written_as_people_say_them(clerk, draft) -> None:
    address = at("question", draft, "children.birth")
    saved(clerk, address, earliest="今日の18年前", latest="今日")
    birth = fresh(draft).question("children").questions[1]
    assert (birth.earliest, birth.latest) == ({"add_years": [{"today": []}, -18]}, {"today": []})
    assert 'value="今日の18年前"' in words(clerk.get(address))
    assert "日付として読めません" in words(saved(clerk, address, earliest="いつか"))


def test_a_my_number_is_taken_nowhere(clerk, draft) -> None:
    for address in (at("question", draft, "works"), at("step", draft, "who"), at("texts", draft)):
        field = "label_ja" if "questions" in address else "title_ja"
        answer = saved(clerk, address, **{field: f"番号{MY_NUMBER}"})
        assert answer.status_code == 422 and "個人番号" in words(answer)
    assert fresh(draft) == example_form()


def test_a_question_changed_by_two_shows_both_and_keeps_what_was_typed(hall, clerk, draft) -> None:
    address = at("question", draft, "works")
    page = clerk.get(address)
    given = example()
    given["steps"][0]["questions"][1]["label"]["ja"] = "お仕事をしていますか"
    change_draft(by=reviewer(hall), version=draft, seen_edition=1, definition=read_definition(given), clock=CLOCK)
    answer = clerk.post(address, typed(page, label_ja="働いていらっしゃいますか"))
    shown = words(answer)
    assert answer.status_code == 409 and "ほかの職員がこの下書きを変えました" in shown
    assert "お仕事をしていますか" in shown and "働いていらっしゃいますか" in shown
    assert clerk.post(address, typed(answer)).status_code == 302
    assert fresh(draft).question("works").label.ja == "働いていらっしゃいますか"


def test_the_live_preview_follows_what_is_typed_and_keeps_nothing(clerk, draft) -> None:
    address = at("question", draft, "account")
    given = typed(
        clerk.get(address), label_ja="振込先はこちら", when__mode="rows", when__subject0="works", when__comparison0="no"
    )
    told = json.loads(
        clerk.post(at("question-live", draft, "account"), given, headers={"accept": "application/json"}).content
    )
    assert "振込先はこちら" in told["page"] and told["sentences"]["when"] == "「働いていますか」が「いいえ」のとき"
    assert "振込先はこちら" in words(clerk.post(at("question-live", draft, "account"), given))
    told = json.loads(
        clerk.post(
            at("question-live", draft, "account"), {**given, "label_ja": ""}, headers={"accept": "application/json"}
        ).content
    )
    assert told["page"] == "" and told["note"] == "入力の途中です。"
    assert fresh(draft) == example_form()


def test_the_preview_answers_without_keeping_anything(clerk, draft) -> None:
    address = at("preview", draft) + "?mode=live"
    assert "働き方" not in words(clerk.get(address))
    assert "働き方" in words(clerk.post(address, {"works": "yes", "action": "refresh"}))
    assert "1人目" in words(clerk.post(address, {"action": "add:children"}))
    assert "入力内容を確認してください" in words(clerk.post(address, {"action": "next", "_shown": "works guardian"}))
    assert not Filling.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "new-question/?kind=magic&step=who",
        "new-question/?kind=date&step=nowhere",
        "questions/nobody/",
        "steps/nowhere/",
    ],
)
def test_made_up_addresses_lead_nowhere(clerk, draft, address) -> None:
    assert clerk.get(f"/office/forms/{draft.public_id}/{address}").status_code == 404


def test_a_step_gets_its_condition_and_its_ways(clerk, draft) -> None:
    address = at("step", draft, "children")
    answer = saved(
        clerk, address, title_ja="お子さん", when__mode="rows", when__subject0="works", when__comparison0="yes",
        **{"way0-to": "money", "way0-rule-mode": "rows", "way0-rule-subject0": "how_many", "way0-rule-comparison0": "==", "way0-rule-value0": "1"},
    )  # fmt: skip
    assert answer.status_code == 302, words(answer)
    step = fresh(draft).step("children")
    assert step.title.ja == "お子さん" and step.when == {"==": [{"var": "works"}, True]}
    assert [(way.to, way.when) for way in step.ways] == [("money", {"==": [{"var": "how_many"}, 1]})]
    assert [one.key for one in step.questions] == ["children", "how_many"]


# Publishing.


def test_the_ground_is_written_and_the_opening_period_is_checked(clerk, draft) -> None:
    address = at("ground", draft)
    answer = saved(clerk, address, law="条例第1条", opens_on="R9.4.1", closes_on="2027-03-01")
    assert answer.status_code == 422 and "前になっています" in words(answer) and "条例第1条" in words(answer)
    saved(
        clerk, address, law="条例第1条", opens_on="2027-04-01", opens_at="09:00", closes_on="2027-05-31", capacity="30"
    )
    draft.refresh_from_db()
    assert draft.law == "条例第1条" and draft.capacity == 30
    assert draft.opens_at.isoformat() == "2027-04-01T00:00:00+00:00"
    assert saved(clerk, address).status_code == 302


def test_findings_lead_to_the_place_where_they_are_put_right(clerk, draft) -> None:
    acted(clerk, draft, "delete:works")
    page = words(clerk.get(at("check", draft)))
    assert "「works」という項目はありません" in page and at("question", draft, "work") in page
    assert "根拠がそろっていません" in page


def test_another_person_asks_the_head_decides_and_the_form_is_live(hall, clerk, draft) -> None:
    change_draft(by=author(hall), version=draft, seen_edition=1, ground=GROUND, clock=CLOCK)
    assert "あなたは決裁を求められません" in words(clerk.get(at("check", draft)))
    other = seat(hall, "行政 班長")
    address = at("ask", draft)
    given = typed(other.get(at("check", draft)))
    answer = other.post(address, given, follow=True)
    assert "公開の決裁を求めました" in words(answer)
    request = waiting_for(head(hall), on=CLOCK.today())[0]
    decide(by=head(hall), request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    page = words(clerk.get(at("check", draft)))
    assert "公開中" in page and "行政 班長" in page
    assert "質問は変えられません" in words(clerk.get(at("version", draft)))
    assert clerk.get(at("question", draft, "works")).status_code == 403


def test_closing_reopening_a_new_version_and_what_differs(hall, clerk, draft) -> None:
    live = published(hall, draft)
    clerk.post(at("do", live, "close"))
    assert FormVersion.objects.get(pk=live.pk).life is VersionState.CLOSED
    clerk.post(at("do", live, "reopen"))
    clerk.post(at("new-version", live), {"note": "文を直す"})
    second = live.form.versions.get(number=2)
    saved(clerk, at("question", second, "works"), label_ja="お仕事は", help_ja="週1日でも")
    acted(clerk, second, "delete:account")
    page = words(clerk.get(at("compare", second, live.public_id)))
    for one in ("質問の文", "働いていますか", "お仕事は", "週1日でも", "質問「口座」", "削除"):
        assert one in page
    assert "第1版との違い" in words(clerk.get(at("history", second)))
    clerk.post(at("do", second, "archive"))
    assert FormVersion.objects.get(pk=second.pk).life is VersionState.ARCHIVED
    assert clerk.post(at("do", live, "explode")).status_code == 404


def test_the_form_is_given_to_another_section(hall, clerk, draft) -> None:
    other = Section.objects.get(name="財政課")
    clerk.post(at("history", draft), {"section": other.public_id})
    assert Form.objects.get().section == other


# Trying.


def test_a_trial_goes_through_to_the_end_and_leaves_nothing(clerk, draft) -> None:
    page = clerk.post(at("try", draft), {"language": "ja-easy", "channel": "counter", "is_agent": "on"}, follow=True)
    filling = Filling.objects.get()
    assert filling.facts["channel"] == "counter" and filling.facts["is_agent"] is True
    assert "かならず" in words(page) or "必須" in words(page)

    def post(step: str, **values: Any) -> Any:
        filling.refresh_from_db()
        address = reverse("office-form-trial", args=[filling.public_id, step])
        given = {name.replace("__", "."): value for name, value in values.items()}
        shown = "guardian works children children.0.name children.0.birth children.0.allergy how_many monthly account"
        given = {"_shown": shown, **given}
        return clerk.post(address, {"action": "next", "edition": filling.edition, **given}, follow=True)

    answer = post("who", _shown="guardian works", works="no")
    assert (answer.status_code == 422 and "もう一度" in words(answer)) or "書いて" in words(answer)
    who = {f"guardian__{part}": value for part, value in complete_answers()["guardian"].items()}
    post("who", works="no", **who)
    post("children", action="add:children")
    post(
        "children",
        children__rows="1",
        children__0__name="一郎",
        children__0__birth="H30.5.1",
        children__0__allergy="no",
    )
    account = {f"account__{part}": value for part, value in complete_answers()["account"].items()}
    answer = post("money", **account)
    assert "最後まで入力できました" in words(answer) and "4,000円" in words(answer)
    clerk.post(reverse("office-form-trial-end", args=[filling.public_id]))
    filling.refresh_from_db()
    assert filling.state == "given_up" and not filling.answers and not AnswerSet.objects.exists()


def test_a_file_in_a_trial_is_taken_and_thrown_away(hall, clerk, draft) -> None:
    from yakuba.kernel.files.models import StoredFile

    given = {"key": "file-form", "title": "写真", "steps": [{"key": "s", "title": "写真", "questions": [
        {"type": "files", "key": "photo", "label": "写真", "kinds": ["pdf"]}]}]}  # fmt: skip
    version = create_form(by=author(hall), definition=read_definition(given), section=draft.form.section, clock=CLOCK)
    clerk.post(at("try", version), {"language": "ja", "channel": "online"})
    filling = Filling.objects.get()
    address = reverse("office-form-trial", args=[filling.public_id, "s"])
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    kept = BytesIO()
    writer.write(kept)
    pdf = kept.getvalue()
    wrong = clerk.post(address, {"action": "next", "edition": "1", "photo": SimpleUploadedFile("a.exe", b"MZ")})
    assert wrong.status_code == 422
    filling.refresh_from_db()
    clerk.post(address, {"action": "next", "edition": filling.edition, "photo": SimpleUploadedFile("a.pdf", pdf)})
    filling.refresh_from_db()
    assert StoredFile.objects.filter(owner_id=filling.public_id, state="stored").count() == 1
    clerk.post(reverse("office-form-trial-end", args=[filling.public_id]))
    assert not StoredFile.objects.filter(owner_id=filling.public_id, state="stored").exists()


def test_a_trial_belongs_to_who_began_it(hall, clerk, draft) -> None:
    clerk.post(at("try", draft), {"language": "ja", "channel": "online"})
    filling = Filling.objects.get()
    other = seat(hall, "行政 班長")
    assert other.get(reverse("office-form-trial", args=[filling.public_id, "who"])).status_code == 404


# Files in and out.


def test_an_excel_list_is_compared_before_it_is_taken_over(clerk, draft) -> None:
    content = clerk.get(at("file", draft, "question-list")).content
    book = load_workbook(BytesIO(content))
    page = book[QUESTIONS]
    page.cell(3, next(cell.column for cell in page[1] if cell.value == "質問"), "お仕事は")
    kept = BytesIO()
    book.save(kept)
    shown = clerk.post(at("exchange", draft), {"file": upload(kept.getvalue())})
    text = words(shown)
    assert "取り込むと変わるところ（質問一覧、1件）" in text and "お仕事は" in text
    assert fresh(draft) == example_form(), "nothing is taken over before somebody says yes"
    offer = re.search(r'name="offer" value="([^"]+)"', text).group(1)
    answer = clerk.post(at("take-over", draft), {"offer": offer, "edition": draft.edition}, follow=True)
    assert "取り込みました" in words(answer)
    assert fresh(draft).question("works").label.ja == "お仕事は"
    late = clerk.post(at("take-over", draft), {"offer": offer, "edition": draft.edition}, follow=True)
    assert "ほかの職員が変えました" in words(late)


@pytest.mark.parametrize("offer", ["", "x", "a.b.c"])
def test_an_offer_that_was_tampered_with_is_refused(clerk, draft, offer) -> None:
    answer = clerk.post(at("take-over", draft), {"offer": offer, "edition": draft.edition}, follow=True)
    assert "もう一度選んで" in words(answer)


def test_an_offer_for_another_form_is_refused(hall, clerk, draft) -> None:
    given = {**example(), "key": "other"}
    other = create_form(by=author(hall), definition=read_definition(given), section=draft.form.section, clock=CLOCK)
    shown = words(
        clerk.post(
            at("exchange", draft), {"file": upload(write_question_list(read_definition({**example(), "title": "x"})))}
        )
    )
    offer = re.search(r'name="offer" value="([^"]+)"', shown).group(1)
    assert "別の様式" in words(clerk.post(at("take-over", other), {"offer": offer, "edition": 1}, follow=True))


def test_mistakes_in_a_list_are_told_and_the_draft_stays(clerk, draft) -> None:
    answer = clerk.post(at("exchange", draft), {"file": upload(broken_list())})
    assert answer.status_code == 422 and "知らない種類" in words(answer)


@pytest.mark.parametrize("kind", ["question-list", "xlsform", "definition", "schema"])
def test_files_go_out(clerk, draft, kind) -> None:
    answer = clerk.get(at("file", draft, kind))
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"] and answer.content


def test_a_blank_form_is_printed_and_a_sheet_is_added(clerk, draft) -> None:
    assert clerk.get(at("blank", draft, "ja")).content.startswith(b"%PDF")
    assert clerk.get(at("blank", draft, "xx")).status_code == 404
    answer = clerk.post(at("new-sheet", draft), {"title": "様式第1号", "kind": "word"}, follow=True)
    assert "{{保護者}}" in words(answer) and "様式第1号" in words(answer)
    assert "まだ入れていません" in words(clerk.get(at("exchange", draft)))


# Who may.


def test_another_section_sees_nothing_of_it(hall, draft) -> None:
    stranger = seat(hall, "教長 三郎")
    for name in ("version", "ground", "check", "try", "exchange", "history", "preview", "take", "texts"):
        assert stranger.get(at(name, draft)).status_code == 404, name
    assert stranger.post(at("act", draft), {"act": "delete:works", "edition": 1}).status_code == 404
    assert "学童の申込" not in words(stranger.get(reverse("office-forms")))


def test_nobody_signed_in_comes_here(draft) -> None:
    for name in ("version", "preview", "try"):
        assert Client().get(at(name, draft)).status_code in (302, 403)


def test_the_kind_of_a_question_can_be_changed_and_what_it_asks_stays(hall, clerk, draft) -> None:
    path = "account"
    label = draft.read().question(path).label
    address = f"{at('question', draft, path)}?kind=choice"
    page = words(clerk.get(address))
    assert "種類を「一つ選ぶ」に変えています" in page and fresh(draft).question(path).type == "bank_account"
    assert saved(clerk, address, options="会議\nその他").status_code == 302
    changed = fresh(draft).question(path)
    assert changed.type == "choice" and changed.label == label
    assert [one.label.ja for one in changed.options] == ["会議", "その他"]


def test_a_repeating_group_keeps_its_kind_and_no_group_goes_into_another(hall, clerk, draft) -> None:
    group = next(one for one in draft.read().questions() if one.type == "group")
    assert clerk.get(f"{at('question', draft, group.key)}?kind=choice").status_code == 404
    inner = f"{group.key}.{group.questions[0].key}"
    assert clerk.get(f"{at('question', draft, inner)}?kind=group").status_code == 404
    assert clerk.get(f"{at('question', draft, inner)}?kind=nothing").status_code == 404


def test_after_adding_a_question_the_kinds_lie_open_for_the_next_one(hall, clerk, draft) -> None:
    step = draft.read().steps[0].key
    address = f"{at('new-question', draft)}?kind=number&step={step}"
    answer = saved(clerk, address, label_ja="人数")
    assert f"?more={step}#q-" in answer["Location"]
    page = words(clerk.get(answer["Location"]))
    assert page.count('<details class="palette" open>') == 1


def test_a_blank_form_begins_with_a_list_and_common_labels_come_in_three_languages(hall, clerk) -> None:
    section = Section.objects.get(name="行政管理班").public_id
    page = clerk.post(reverse("office-form-new"), {"source": "blank", "title": "申込", "section": section}, follow=True)
    version = Form.objects.get().versions.get()
    assert "はじめに、たずねることを書き並べる" in words(page)
    clerk.post(at("new-lines", version), {"lines": "氏名\n同意", "step": "step1", "edition": version.edition})
    name, consent = fresh(version).questions()
    assert name.label.en == "Name" and consent.statement.en == "I agree to the above."


def test_a_trial_does_not_say_that_a_clerk_wrote_the_answers(hall, clerk, draft) -> None:
    clerk.post(at("try", draft), {"language": "ja", "channel": "online"})
    filling = Filling.objects.get()
    address = reverse("office-form-trial", args=[filling.public_id, filling.position])
    clerk.post(address, typed(clerk.get(address), action="refresh", **{"childname.family": "見本"}))
    assert "入れました。違うときは" not in words(clerk.get(address))


def test_the_check_says_languages_missing_at_one_place_in_one_line(hall, clerk, draft) -> None:
    saved(clerk, at("question", draft, "works"), label_ja="新しい文", label_easy="", label_en="")
    page = words(clerk.get(at("check", draft)))
    assert page.count("やさしい日本語と英語の文がありません。") == 1
    assert draft.form.key in page
