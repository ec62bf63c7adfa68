"""電子申請 in the sample town: halls and sports grounds are asked for by an app's own door, and cases are decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied

from yakuba.kernel.access.api import VISITOR, Person
from yakuba.kernel.approval.api import Outcome as Decided
from yakuba.kernel.approval.api import decide, deciders_on, requests_on
from yakuba.kernel.cases import services as cases
from yakuba.kernel.cases.api import Case, Outcome, Party, Shown, submit_case
from yakuba.kernel.cases.queries.notices import fee_items_of
from yakuba.kernel.catalogue.api import Procedure, procedure_of
from yakuba.kernel.forms.api import (
    answer_page,
    ask_for_publication,
    begin_filling,
    change_draft,
    live_version,
    pages_of,
)
from yakuba.kernel.forms.rules.lifecycle import LegalGround
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.models import Posting, Staff
from yakuba.kernel.organisation.models.validity import valid_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.things.sample import SampleContext
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, Entrance
from yakuba.office.appbuilder.queries.door_questions import APPLICANT
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.rules.permissions import read_permissions
from yakuba.office.appbuilder.services import change_permissions, create_app, make_door_form, publish_version

PROCEDURE = "facility-booking"
_FACILITIES = (("gym", "町民体育館", "体育館（たいいくかん）", "Gymnasium"),
               ("hall", "中央公民館 大会議室", "公民館（こうみんかん）の 大（おお）きい 部屋（へや）", "Community hall, large room"),
               ("ground", "町民グラウンド", "グラウンド", "Sports ground"))  # fmt: skip
_HOURS = (("am", "午前（9時から12時）", "午前（ごぜん）", "Morning, 9 to 12"),
          ("pm", "午後（13時から17時）", "午後（ごご）", "Afternoon, 13 to 17"),
          ("night", "夜（18時から21時）", "夜（よる）", "Evening, 18 to 21"))  # fmt: skip
_FIELDS: list[dict[str, Any]] = [
    {"key": "name", "label": "申込者", "type": "short_text", "filterable": True, "data_class": "personal"},
    {"key": "facility", "label": "施設", "type": "choice", "required": True, "filterable": True, "sortable": True,
     "choices": [{"key": key, "label": label} for key, label, _, _ in _FACILITIES]},
    {"key": "use_on", "label": "利用日", "type": "date", "required": True, "filterable": True, "sortable": True},
    {"key": "hours", "label": "時間帯", "type": "choice", "required": True, "filterable": True,
     "choices": [{"key": key, "label": label} for key, label, _, _ in _HOURS]},
    {"key": "people", "label": "人数", "type": "number", "unit": "人", "required": True, "least": "1", "most": "500"},
    {"key": "purpose", "label": "使う目的", "type": "short_text", "required": True, "most": "100"},
    {"key": "reduction", "label": "減免の希望", "type": "yes_no", "required": True, "in_list": False},
    {"key": "handed", "label": "鍵を渡した日", "type": "date", "sortable": True},
    {"key": "note", "label": "担当のメモ", "type": "long_text", "in_list": False},
]  # fmt: skip
_ASKS: list[dict[str, Any]] = [
    {"field": "name", "label": {"easy": "名前（なまえ）", "en": "Name"}},
    {"field": "facility", "label": {"easy": "使（つか）いたい ところ", "en": "Facility"},
     "choices": {key: {"easy": easy, "en": english} for key, _, easy, english in _FACILITIES}},
    {"field": "use_on", "label": {"easy": "使（つか）う 日（ひ）", "en": "Day of use"}},
    {"field": "hours", "label": {"easy": "使（つか）う 時間（じかん）", "en": "Hours"},
     "choices": {key: {"easy": easy, "en": english} for key, _, easy, english in _HOURS}},
    {"field": "people", "label": {"easy": "人（ひと）の 数（かず）", "en": "Number of people"}},
    {"field": "purpose", "label": {"easy": "何（なに）を しますか", "en": "Purpose"}},
    {"field": "reduction", "label": {"easy": "お金（かね）を 安（やす）く して ほしいですか", "en": "Do you ask for a reduction?"}},
]  # fmt: skip
_DOOR: dict[str, Any] = {
    "key": "d1",
    "kind": "application",
    "title": {"ja": "施設の利用申込（見本）", "easy": "体育館（たいいくかん）や 公民館（こうみんかん）を 使（つか）いたい（見本）",
              "en": "Using halls and sports grounds (sample)"},
    "about": {"ja": "空きを電話で確かめてから、お申し込みください。", "easy": "あいて いるか、先（さき）に 電話（でんわ）で 聞（き）いて ください。",
              "en": "Please ask by telephone first whether it is free."},
    "purpose": {"ja": "利用の許可、当日の連絡、使用料の計算のため", "easy": "使（つか）って よいか 決（き）める ためだけに 使（つか）います。",
                "en": "To decide on the use, to reach you, and to work out the fee."},
    "receipt": {"ja": "利用の許可を決めたら、通知します。", "easy": "決（き）まったら 知（し）らせます。", "en": "We tell you once it is decided."},
    "asks": _ASKS,
    "name_field": "name",
    "procedure": PROCEDURE,
    "needs": "account",
}  # fmt: skip
_VIEWS = [{"key": "days", "name": "利用のカレンダー", "kind": "calendar", "day": "use_on",
           "columns": ["facility", "hours", "purpose"]}]  # fmt: skip
_CAME: tuple[tuple[int, str, str, dict[str, str], bool], ...] = (
    (12, "夏美", "ナツミ", {"facility": "gym", "hours": "night", "people": "18", "purpose": "バドミントンの練習", "reduction": "yes"}, True),
    (1, "桃子", "モモコ", {"facility": "hall", "hours": "pm", "people": "25", "purpose": "見本町内会の総会", "reduction": "no"}, False),
)  # fmt: skip
"""How many days ago, who, the answers, and whether it was decided."""


def take_applications(context: SampleContext) -> None:
    """The app, its form decided and public, two cases: one decided, one that just came."""
    procedure = procedure_of(PROCEDURE)
    clerk = _clerk_of(context, procedure)
    if procedure is None or procedure.authority is None or clerk is None:
        return  # a town hall without the section in charge has nobody to build it
    app = _app(context, clerk)
    version = make_door_form(by=clerk, app=app, key="d1", clock=context.clock)
    ground = LegalGround(
        "町の施設の設置及び管理に関する条例（見本）",
        "町の手続等における情報通信の技術の利用に関する条例（見本）",
        "署名・押印は求めない。利用登録で本人を確かめる（見本）",
        version.purpose,
    )
    version = change_draft(by=clerk, version=version, seen_edition=version.edition, ground=ground, clock=context.clock)
    version = ask_for_publication(
        by=context.person("secretariat"), version=version, authority=procedure.authority, clock=context.clock
    )
    _decide(context, version)
    if not Entrance.objects.filter(app=app, state="open").exists():
        return
    for came in _CAME:
        _arrive(context, procedure, clerk, *came)


def _app(context: SampleContext, clerk: Person) -> App:
    written = {"format": "yakuba-app/1", "title": "施設の利用申込（見本）", "description": "町民の入口から届いた利用の申込みです。許可は案件で決め、鍵の受け渡しをここに書きます。",
               "fields": _FIELDS, "doors": [_DOOR], "views": _VIEWS,
               "care": {"purpose": _DOOR["purpose"]["ja"], "years": 5, "retention": "利用の許可の記録（見本の期間）",
                        "people": "施設の利用を申し込んだ人", "collected": "町民の入口（電子申請）"}}  # fmt: skip
    app = create_app(by=clerk, definition=read_definition(written), clock=context.clock, is_sample=True)
    publish_version(by=clerk, app=app, edition=1, apps={}, clock=context.clock)
    app = App.objects.get(pk=app.pk)
    helping = Staff.objects.filter(pk=context.person("clerk").staff_id).values_list("public_id", flat=True)
    group = {"name": "受付の応援", "staff": list(helping), "see": True, "edit": True}
    rights = read_permissions({"groups": [*app.permissions["groups"], group]})
    return change_permissions(
        by=clerk, app=app, permissions=rights, edition=app.permissions_edition, clock=context.clock
    )


def _arrive(
    context: SampleContext, procedure: Procedure, clerk: Person, days: int, given: str, kana: str, said: dict[str, str],
    is_decided: bool,
) -> None:  # fmt: skip
    version = live_version(Entrance.objects.get(app__title="施設の利用申込（見本）").form_key)
    if version is None:
        return
    clock = context.clock_on(context.today - timedelta(days=days))
    phone = f"0242-00-{2000 + days}"
    typed = {
        f"{APPLICANT}.family": "見本",
        f"{APPLICANT}.given": given,
        f"{APPLICANT}.family_kana": "ミホン",
        f"{APPLICANT}.given_kana": kana,
        "applicant_address_.postal_code": "969-6500",
        "applicant_address_.place": "見本町字見本",
        "applicant_address_.lot": f"{days}番地",
        "applicant_phone_": phone,
        "use_on": (context.today + timedelta(days=20 - days)).isoformat(),
        **said,
    }
    begun = begin_filling(
        by=VISITOR, version=version, about=procedure.key, language="ja", facts={}, known={}, clock=clock
    )
    filling, pages = begun.filling, pages_of(version)
    answer_page(
        by=VISITOR,
        filling=filling,
        seen_edition=filling.edition,
        steps=pages,
        typed={name: [words] for name, words in typed.items()},
        position=pages[-1],
        clock=clock,
    )
    filling.refresh_from_db()
    try:
        party = Party(name=f"見本　{given}", kana=f"ミホン　{kana}", phone=phone)
        shown = Shown("card", "見本のカード", clock.now())
        case = submit_case(by=VISITOR, procedure=procedure, filling=filling, applicant=party, shown=shown, clock=clock)
        if is_decided:
            _work(context, case, clerk, days)
    except (Refusal, PermissionDenied):
        return  # the posts of that day do not allow this story; the case stays where it is


def _work(context: SampleContext, case: Case, clerk: Person, days: int) -> None:
    clock = context.clock_on(context.today - timedelta(days=days - 1))
    cases.start_work(by=clerk, case=case, clock=clock)
    case.refresh_from_db()
    if case.needs_identity:
        cases.confirm_identity(by=clerk, case=case, how="運転免許証の提示（見本）", clock=clock)
    cases.propose_decision(
        by=clerk, case=case, outcome=Outcome.APPROVED, reasons="", conditions="鍵は当日に事務室で受け取ること。",
        fee_items=fee_items_of(case.answers), amount=None, clock=clock,
    )  # fmt: skip
    _decide(context, case)


def _decide(context: SampleContext, subject: Any) -> None:
    """Whoever may decide says yes; without such a person it waits."""
    request = requests_on(ref_of(subject))[0]
    for one in deciders_on(request, on=context.today):
        account = Account.objects.select_related("staff").filter(staff_id=one.staff).first()
        if account is not None:
            head = person_of(account, context.today)
            decide(by=head, request=request, outcome=Decided.APPROVED, comment="確かめました。", clock=context.clock)
            return


def _clerk_of(context: SampleContext, procedure: Procedure | None) -> Person | None:
    """Somebody with an account who works where the procedure is looked after."""
    if procedure is None or procedure.section is None:
        return None
    posted = Posting.objects.filter(valid_on(context.today), section=procedure.section, post__role="clerk")
    for staff in posted.order_by("-post__rank", "staff__number").values_list("staff_id", flat=True):
        account = Account.objects.select_related("staff").filter(staff_id=staff).first()
        if account is not None:
            return person_of(account, context.today)
    return None
