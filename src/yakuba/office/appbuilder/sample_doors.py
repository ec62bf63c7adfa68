"""Two doors of the sample town: a cooking class that is full, and a survey of the library room. Everybody is made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.things.sample import SampleContext
from yakuba.office.appbuilder.models import Entrance
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.services import (
    answer_survey,
    ask_for_door,
    create_app,
    publish_version,
    sign_up,
)

_NAMES = ("見本 一郎", "見本 花子", "見本 次郎", "見本 春子", "見本 夏美", "見本 秋男", "見本 冬子", "見本 三郎",
          "見本 桃子", "見本 四郎", "見本 梅子", "見本 五郎", "見本 桜", "見本 菊江")  # fmt: skip
_CLASS: list[dict[str, Any]] = [
    {"key": "name", "label": "保護者の氏名", "type": "short_text", "required": True, "filterable": True,
     "data_class": "personal"},
    {"key": "phone", "label": "電話番号", "type": "phone", "required": True, "data_class": "personal", "in_list": False},
    {"key": "grade", "label": "お子さんの学年", "type": "choice", "required": True, "filterable": True, "choices": [
        {"key": "g12", "label": "小学1・2年"}, {"key": "g34", "label": "小学3・4年"}, {"key": "g56", "label": "小学5・6年"}]},
    {"key": "allergy", "label": "食べられない材料", "type": "short_text", "in_list": False, "data_class": "personal"},
    {"key": "state", "label": "状態", "type": "status", "filterable": True, "sortable": True, "choices": [
        {"key": "in", "label": "確定"}, {"key": "wait", "label": "空き待ち"}, {"key": "out", "label": "取消"}]},
    {"key": "paid", "label": "材料費", "type": "yes_no"},
]  # fmt: skip
_LIBRARY: list[dict[str, Any]] = [
    {"key": "often", "label": "図書室に来る回数", "type": "choice", "required": True, "filterable": True, "choices": [
        {"key": "week", "label": "週に1回以上"}, {"key": "month", "label": "月に1回くらい"},
        {"key": "year", "label": "年に数回"}, {"key": "never", "label": "来たことがない"}]},
    {"key": "wants", "label": "増やしてほしいもの", "type": "choices", "choices": [
        {"key": "new", "label": "新しい本"}, {"key": "kids", "label": "絵本・児童書"}, {"key": "desk", "label": "自習の机"},
        {"key": "time", "label": "夜の開館"}]},
    {"key": "good", "label": "いまの図書室に満足していますか", "type": "yes_no"},
    {"key": "words", "label": "ご意見", "type": "long_text", "in_list": False},
    {"key": "note", "label": "担当のメモ", "type": "short_text", "in_list": False},
]  # fmt: skip
_WORDS = (
    "静かで使いやすいです。",
    "夜も開いていると助かります。",
    "絵本が古くなってきました。",
    "机の数がもう少しほしいです。",
)


def open_class(context: SampleContext) -> None:
    """A class of twelve places, twelve taken, two waiting; the first in is the resident of the sample town."""
    closes = context.today + timedelta(days=21)
    door = {
        "key": "d1",
        "kind": "sign_up",
        "title": {"ja": "親子料理教室（見本）", "easy": "親（おや）と 子（こ）の 料理（りょうり）教室（見本）",
                  "en": "Cooking class for parents and children (sample)"},
        "about": {"ja": "地元の野菜を使って、親子で昼ごはんを作ります。会場は中央公民館の調理室、対象は小学生と保護者です。材料費は一組500円です。",
                  "easy": "親（おや）と 子（こ）で いっしょに 昼（ひる）ごはんを 作（つく）ります。場所（ばしょ）は 中央公民館（ちゅうおうこうみんかん）です。お金（かね）は 500円（えん）です。",
                  "en": "Cook lunch together with vegetables grown here. At the central community hall, for schoolchildren and a parent; 500 yen for materials."},
        "purpose": {"ja": "参加者の決定、当日の連絡、材料の準備のためにだけ使います。",
                    "easy": "教室（きょうしつ）の 連絡（れんらく）と 準備（じゅんび）の ためだけに 使（つか）います。",
                    "en": "Used only to decide who takes part, to reach you, and to prepare materials."},
        "receipt": {"ja": "エプロンと三角巾をお持ちください。", "easy": "エプロンを 持（も）って 来（き）て ください。",
                    "en": "Please bring an apron."},
        "asks": [
            {"field": "name", "label": {"easy": "名前（なまえ）（おとなの 人（ひと））", "en": "Name of the parent"}},
            {"field": "phone", "label": {"easy": "電話（でんわ）番号（ばんごう）", "en": "Telephone"}},
            {"field": "grade", "label": {"easy": "子（こ）どもの 学年（がくねん）", "en": "School year of the child"},
             "choices": {"g12": {"easy": "小学（しょうがく）1・2年（ねん）", "en": "Years 1 and 2"},
                         "g34": {"easy": "小学（しょうがく）3・4年（ねん）", "en": "Years 3 and 4"},
                         "g56": {"easy": "小学（しょうがく）5・6年（ねん）", "en": "Years 5 and 6"}}},
            {"field": "allergy", "label": {"easy": "食（た）べられない もの", "en": "Anything that cannot be eaten"}},
        ],
        "closes_at": f"{closes.isoformat()}T17:00:00",
        "kept_months": 6,
        "name_field": "name",
        "state_field": "state",
        "places": {"total": 12, "waiting": 5, "answer_hours": 48},
    }  # fmt: skip
    entrance = _opened(context, "料理教室の申込み（見本）", _CLASS, door, "参加者の決定、当日の連絡、材料の準備のため")
    grades = ("g12", "g34", "g56")
    for number, name in enumerate(_NAMES):
        is_ours = number == 0
        sign_up(
            by=context.person("resident") if is_ours else VISITOR,
            entrance=entrance,
            values={"name": name, "phone": f"0242-00-{1000 + number}", "grade": grades[context.rng.randrange(3)]},
            people=1,
            mail="",
            phone=f"0242-00-{1000 + number}",
            sending=f"sample-class-{number}",
            language="ja",
            clock=context.clock_on(context.today - timedelta(days=(len(_NAMES) - number) // 2)),
        )


def open_survey(context: SampleContext) -> None:
    """A survey with answers, whose results so far everybody may see."""
    closes = context.today + timedelta(days=30)
    door = {
        "key": "d1",
        "kind": "survey",
        "title": {"ja": "図書室アンケート（見本）", "easy": "図書室（としょしつ）の アンケート（見本）",
                  "en": "Survey of the library room (sample)"},
        "about": {"ja": "公民館の図書室を使いやすくするための、1分で終わるアンケートです。", "easy": "1分（ぷん）で 終（お）わります。",
                  "en": "One minute, to make the library room better."},
        "purpose": {"ja": "図書室の本の選び方と開館時間を考えるために使います。", "easy": "図書室（としょしつ）を よくするために 使（つか）います。",
                    "en": "Used to choose books and opening hours."},
        "asks": [
            {"field": "often", "label": {"easy": "図書室（としょしつ）に どのくらい 来（き）ますか", "en": "How often do you come?"},
             "choices": {"week": {"easy": "1週間（しゅうかん）に 1回（かい）より 多（おお）い", "en": "Once a week or more"},
                         "month": {"easy": "1か月（げつ）に 1回（かい）くらい", "en": "About once a month"},
                         "year": {"easy": "1年（ねん）に 何回（なんかい）か", "en": "A few times a year"},
                         "never": {"easy": "来（き）たことが ない", "en": "Never yet"}}},
            {"field": "wants", "label": {"easy": "増（ふ）やして ほしい もの", "en": "What should there be more of?"},
             "choices": {"new": {"easy": "新（あたら）しい 本（ほん）", "en": "New books"},
                         "kids": {"easy": "子（こ）どもの 本（ほん）", "en": "Books for children"},
                         "desk": {"easy": "勉強（べんきょう）の 机（つくえ）", "en": "Desks to study at"},
                         "time": {"easy": "夜（よる）も 開（あ）ける", "en": "Open in the evening"}}},
            {"field": "good", "label": {"easy": "いまの 図書室（としょしつ）は いいですか", "en": "Are you content with it?"}},
            {"field": "words", "label": {"easy": "言（い）いたい こと", "en": "Anything you want to say"}},
        ],
        "closes_at": f"{closes.isoformat()}T23:59:00",
        "kept_months": 12,
        "survey": {"once": "device", "results": "live"},
    }  # fmt: skip
    entrance = _opened(context, "図書室アンケート（見本）", _LIBRARY, door, "図書室の本の選び方と開館時間を考えるため")
    for number in range(37):
        answer: dict[str, Any] = {
            "often": context.rng.choices(("week", "month", "year", "never"), (9, 13, 8, 2))[0],
            "wants": sorted(context.rng.sample(("new", "kids", "desk", "time"), context.rng.randint(1, 2))),
            "good": context.rng.random() < 0.7,
        }
        if number % 9 == 0:
            answer["words"] = _WORDS[number // 9 % len(_WORDS)]
        answer_survey(
            by=VISITOR,
            entrance=entrance,
            values=answer,
            sending=f"sample-survey-{number}",
            device=f"sample-device-{number}",
            language="ja",
            clock=context.clock_on(context.today - timedelta(days=(37 - number) // 3)),
        )


def _opened(
    context: SampleContext, title: str, fields: list[dict[str, Any]], door: dict[str, Any], purpose: str
) -> Entrance:
    """An app with a door, decided by the head of the clerk's section."""
    clerk, head = context.person("clerk"), context.person("section_head")
    written = {"format": "yakuba-app/1", "title": title, "description": "町民の入口から届いた内容の記録です。",
               "fields": fields, "doors": [door],
               "care": {"purpose": purpose, "years": 1, "retention": "見本の期間", "collected": "町民の入口"}}  # fmt: skip
    app = create_app(by=clerk, definition=read_definition(written), clock=context.clock, is_sample=True)
    publish_version(by=clerk, app=app, edition=1, apps={}, clock=context.clock)
    entrance = ask_for_door(by=clerk, app=app, key="d1", clock=context.clock)
    request = requests_on(ref_of(entrance))[0]
    decide(by=head, request=request, outcome=Outcome.APPROVED, comment="確かめました。", clock=context.clock)
    return Entrance.objects.select_related("app").get(pk=entrance.pk)
