"""Forms of those who build a door for residents: what it says and how it works; what it asks; why somebody is cancelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from datetime import time as clock_time
from typing import Any

from django import forms

from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.door_check import may_ask
from yakuba.office.appbuilder.rules.doors import (
    MOST_ASKS,
    MOST_PEOPLE,
    MOST_PLACES,
    Ask,
    Door,
    DoorKind,
    Needs,
    Once,
    Places,
    Promotion,
    Results,
    Survey,
    Words,
)

_TEXTS = (
    ("title", "題名", 100, 1, "例：親子料理教室"),
    ("about", "説明", 2000, 4, "日時、場所、対象、費用など"),
    ("purpose", "利用目的", 1000, 3, "集めた内容を何に使うか。聞く前に示します（個人情報の保護に関する法律第62条）。"),
    ("receipt", "受け付けたあとに示す文", 1000, 3, "持ち物、集合場所、つぎの連絡など"),
)
_LANGUAGES = (("ja", ""), ("easy", "（やさしい日本語）"), ("en", "（英語）"))
_CAPACITY = re.compile(r"(?P<label>.+?)[\s:：=＝,、]+(?P<number>[0-9]{1,5})\s*人?")


class NewDoorForm(TownForm):
    """What kind of door, and what it is called."""

    kind = forms.ChoiceField(
        label="種類",
        choices=[(one.value, one.label) for one in (DoorKind.SURVEY, DoorKind.SIGN_UP, DoorKind.APPLICATION)],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label="題名", max_length=100, help_text="例：親子料理教室、図書室アンケート")


class DoorForm(TownForm):
    """What a door says in three languages, when and for whom it is open, and the rules of its kind."""

    opens_on = DateField(label="受付を始める日", required=False, help_text="空欄なら、公開したときから。")
    opens_time = forms.TimeField(
        label="受付を始める時刻", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes_on = DateField(label="受付を終える日", required=False)
    closes_time = forms.TimeField(
        label="受付を終える時刻",
        required=False,
        help_text="空欄なら、その日の終わりまで。",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    needs = forms.ChoiceField(label="使える人", choices=[(one.value, one.label) for one in Needs])
    kept_months = forms.IntegerField(
        label="内容を消すまでの月数",
        min_value=1,
        max_value=120,
        help_text="受付の終わりから数えます。件数だけは残ります。",
    )
    procedure = forms.ChoiceField(
        label="手続き",
        required=False,
        help_text="手続きカタログの、担当している手続きです。本人確認と署名は、手続きの定めに従います。",
    )
    name_field = forms.ChoiceField(label="氏名の項目", required=False, help_text="一覧とお知らせの宛名に使います。")
    total = forms.IntegerField(label="定員（人）", min_value=0, max_value=MOST_PLACES, required=False)
    split_field = forms.ChoiceField(
        label="定員を分ける項目", required=False, help_text="回や会場ごとに定員があるとき。"
    )
    by_choice = forms.CharField(
        label="選択肢ごとの定員",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行に一つ。例：午前の回 10",
    )
    group_most = forms.IntegerField(label="一回に申し込める人数", min_value=1, max_value=MOST_PEOPLE, required=False)
    per_person = forms.IntegerField(label="一人が申し込める回数", min_value=1, max_value=20, required=False)
    waiting = forms.IntegerField(
        label="空き待ちの数（組）",
        min_value=0,
        max_value=1000,
        required=False,
        help_text="0なら、満員で受付を止めます。",
    )
    promotion = forms.ChoiceField(
        label="空き待ちの繰上げ", choices=[(one.value, one.label) for one in Promotion], required=False
    )
    answer_hours = forms.IntegerField(
        label="返事を待つ時間",
        min_value=0,
        max_value=24 * 14,
        required=False,
        help_text="空いたとき、この時間のうちに返事がなければ次の人に移ります。0なら、返事を待たずに確定します。",
    )
    cancel_on = DateField(label="本人が取り消せる日", required=False, help_text="空欄なら、受付の終わりまで。")
    cancel_time = forms.TimeField(
        label="本人が取り消せる時刻", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    state_field = forms.ChoiceField(
        label="申込みの状態を写す項目",
        required=False,
        help_text="「確定」「空き待ち」「取消」の選択肢がある項目を選ぶと、一覧の絞り込みに使えます。",
    )
    anonymous = forms.BooleanField(label="無記名にする（答えた人が分かるものを残さない）", required=False)
    once = forms.ChoiceField(label="答えられる回数", choices=[(one.value, one.label) for one in Once], required=False)
    most = forms.IntegerField(
        label="回答の上限（件）", min_value=0, max_value=100_000, required=False, help_text="0なら、上限なし。"
    )
    results = forms.ChoiceField(label="結果の公表", choices=[(one.value, one.label) for one in Results], required=False)

    def __init__(
        self,
        *args: Any,
        door: Door,
        definition: AppDefinition,
        procedures: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.door, self.definition = door, definition
        self.fields["procedure"].choices = [("", "選んでください"), *procedures]  # type: ignore[attr-defined]  # a choice
        if self.is_application:
            self.fields["needs"].required = False
        for name, label, most, rows, helping in _TEXTS:
            for code, suffix in _LANGUAGES:
                widget = forms.TextInput() if rows == 1 else forms.Textarea(attrs={"rows": rows})
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label}{suffix}",
                    max_length=most,
                    required=False,
                    widget=widget,
                    help_text=helping if code == "ja" else "",
                )
        self.fields["title_ja"].required = True
        asked = [one for key in door.asked if (one := definition.field(key)) is not None]
        self._offer("name_field", [one for one in asked if one.type is FieldType.SHORT_TEXT])
        self._offer("split_field", [one for one in asked if one.type is FieldType.CHOICE])
        mirrors = [one for one in definition.fields if one.type in (FieldType.STATUS, FieldType.CHOICE)]
        self._offer("state_field", [one for one in mirrors if one.key not in door.asked])
        self.initial = {**_initial(door, definition), **self.initial}

    def _offer(self, name: str, offered: list[AppField]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "なし"), *((one.key, one.label) for one in offered)]

    @property
    def texts(self) -> list[dict[str, Any]]:
        """The texts, each with its three languages."""
        return [{code: self[f"{name}_{code}"] for code, _ in _LANGUAGES} for name, *_ in _TEXTS]

    @property
    def is_sign_up(self) -> bool:
        return self.door.kind is DoorKind.SIGN_UP

    @property
    def is_application(self) -> bool:
        return self.door.kind is DoorKind.APPLICATION

    @property
    def is_survey(self) -> bool:
        return self.door.kind is DoorKind.SURVEY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        capacities = self._capacities(cleaned)
        if self.errors:
            return cleaned
        given: dict[str, Any] = {
            name: Words(**{code: cleaned.get(f"{name}_{code}", "").strip() for code, _ in _LANGUAGES})
            for name, *_ in _TEXTS
        }
        given |= {
            "opens_at": _moment(cleaned, "opens", clock_time(0, 0)),
            "closes_at": _moment(cleaned, "closes", clock_time(23, 59)),
            "needs": Needs(cleaned.get("needs") or Needs.NONE),
            "kept_months": cleaned["kept_months"],
            "name_field": cleaned.get("name_field", ""),
        }
        if self.is_sign_up:
            given["state_field"] = cleaned.get("state_field", "")
            given["places"] = Places(
                total=cleaned.get("total") or 0,
                field=cleaned.get("split_field", ""),
                by_choice=capacities if cleaned.get("split_field") else {},
                group_most=cleaned.get("group_most") or 1,
                per_person=cleaned.get("per_person") or 1,
                waiting=cleaned.get("waiting") or 0,
                promotion=Promotion(cleaned.get("promotion") or Promotion.AUTOMATIC),
                answer_hours=cleaned.get("answer_hours") or 0,
                cancel_until=_moment(cleaned, "cancel", clock_time(23, 59)),
            )
        if self.is_application:
            given["procedure"] = cleaned.get("procedure", "")
        if self.is_survey:
            given["survey"] = Survey(
                anonymous=cleaned.get("anonymous", False),
                once=Once(cleaned.get("once") or Once.DEVICE),
                most=cleaned.get("most") or 0,
                results=Results(cleaned.get("results") or Results.NEVER),
            )
        self.made = self.door.model_copy(update=given)
        return cleaned

    def _capacities(self, cleaned: dict[str, Any]) -> dict[str, int]:
        one = self.definition.field(cleaned.get("split_field", ""))
        found: dict[str, int] = {}
        for line in (cleaned.get("by_choice") or "").splitlines() if one is not None else ():
            if not line.strip():
                continue
            read = _CAPACITY.fullmatch(unicodedata.normalize("NFKC", line).strip())
            key = next(
                (
                    choice.key
                    for choice in (one.choices if one else ())
                    if read and unicodedata.normalize("NFKC", choice.label).strip() == read["label"].strip()
                ),
                "",
            )
            if read is None or not key or not 0 < int(read["number"]) <= MOST_PLACES:
                self.add_error(
                    "by_choice",
                    f"「{line.strip()[:40]}」を読めません。選択肢の名前と人数を、例のように書いてください。",
                )
                continue
            found[key] = int(read["number"])
        return found


def _moment(cleaned: dict[str, Any], name: str, otherwise: clock_time) -> datetime | None:
    day, at = cleaned.get(f"{name}_on"), cleaned.get(f"{name}_time")
    return datetime.combine(day, at or otherwise) if day else None


def _initial(door: Door, definition: AppDefinition) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, *_ in _TEXTS:
        for code, _ in _LANGUAGES:
            found[f"{name}_{code}"] = getattr(getattr(door, name), code)
    for name, moment in (
        ("opens", door.opens_at),
        ("closes", door.closes_at),
        ("cancel", door.places.cancel_until),
    ):
        if moment is not None:
            found |= {f"{name}_on": moment.date(), f"{name}_time": moment.time()}
    places, survey = door.places, door.survey
    split = definition.field(places.field)
    return found | {
        "needs": door.needs.value,
        "procedure": door.procedure,
        "kept_months": door.kept_months,
        "name_field": door.name_field,
        "state_field": door.state_field,
        "total": places.total,
        "split_field": places.field,
        "by_choice": "\n".join(f"{split.choice_label(key)} {number}" for key, number in places.by_choice.items())
        if split is not None
        else "",
        "group_most": places.group_most,
        "per_person": places.per_person,
        "waiting": places.waiting,
        "promotion": places.promotion.value,
        "answer_hours": places.answer_hours,
        "anonymous": survey.anonymous,
        "once": survey.once.value,
        "most": survey.most,
        "results": survey.results.value,
    }


class AsksForm(TownForm):
    """Which fields a door asks, in which order, and their words in other languages."""

    def __init__(self, *args: Any, door: Door, definition: AppDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door, self.definition = door, definition
        self.askable = [one for one in definition.fields if may_ask(one)]
        before = {ask.field: (place, ask) for place, ask in enumerate(door.asks)}
        self.askable.sort(key=lambda one: before[one.key][0] if one.key in before else MOST_ASKS)
        for number, one in enumerate(self.askable):
            ask = before[one.key][1] if one.key in before else Ask(field=one.key)
            self._add(one, ask, is_asked=one.key in before, number=number + 1)

    def _add(self, one: AppField, ask: Ask, *, is_asked: bool, number: int) -> None:
        needed = "（必須）" if one.required else ""
        kind = f"{one.type.label}{needed}"
        self.fields[f"ask_{one.key}"] = forms.BooleanField(
            label=f"「{one.label}」を聞く", required=False, initial=is_asked, help_text=kind
        )
        self.fields[f"order_{one.key}"] = forms.IntegerField(
            label=f"順番（{one.label}）",
            min_value=1,
            max_value=999,
            required=False,
            initial=number,
            widget=forms.NumberInput(attrs={"class": "input input--short"}),
        )
        for name, label, initial, most in (
            ("label_easy", "聞き方（やさしい日本語）", ask.label.easy, 200),
            ("label_en", "聞き方（英語）", ask.label.en, 200),
            ("help_ja", "説明", ask.help.ja, 300),
            ("help_easy", "説明（やさしい日本語）", ask.help.easy, 300),
            ("help_en", "説明（英語）", ask.help.en, 300),
        ):
            self.fields[f"{name}_{one.key}"] = forms.CharField(
                label=label, max_length=most, required=False, initial=initial
            )
        if one.type.has_choices:
            used = [choice for choice in one.choices if choice.is_used]
            for code, label in (("easy", "選択肢（やさしい日本語）"), ("en", "選択肢（英語）")):
                lines = [getattr(ask.choices.get(choice.key, Words()), code) for choice in used]
                self.fields[f"choices_{code}_{one.key}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=31_000,
                    initial="\n".join(lines) if any(lines) else "",
                    widget=forms.Textarea(attrs={"rows": min(max(len(used), 2), 8)}),
                    help_text="上から順に、一行に一つ：" + "、".join(choice.label for choice in used)[:200],
                )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The controls of each field."""
        found = []
        for one in self.askable:
            names = ["label_easy", "label_en", "help_ja", "help_easy", "help_en"]
            names += ["choices_easy", "choices_en"] if one.type.has_choices else []
            found.append(
                {
                    "field": one,
                    "ask": self[f"ask_{one.key}"],
                    "order": self[f"order_{one.key}"],
                    "others": [self[f"{name}_{one.key}"] for name in names],
                    "has_errors": any(self[f"{name}_{one.key}"].errors for name in names),
                }
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = [one for one in self.askable if cleaned.get(f"ask_{one.key}")]
        wanted.sort(key=lambda one: cleaned.get(f"order_{one.key}") or 999)
        if len(wanted) > MOST_ASKS:
            self.add_error(None, f"聞けるのは{MOST_ASKS}項目までです。減らしてください。")
        asks = [self._ask(one, cleaned) for one in wanted[:MOST_ASKS]]
        self.made = self.door.model_copy(update={"asks": tuple(asks)})
        return cleaned

    def _ask(self, one: AppField, cleaned: dict[str, Any]) -> Ask:
        def given(name: str) -> str:
            return str(cleaned.get(f"{name}_{one.key}", "")).strip()

        used = [choice for choice in one.choices if choice.is_used]
        lines = {code: str(cleaned.get(f"choices_{code}_{one.key}", "")).splitlines() for code in ("easy", "en")}
        choices = {}
        for place, choice in enumerate(used):
            words = {code: line[place].strip()[:200] for code, line in lines.items() if place < len(line)}
            if any(words.values()):
                choices[choice.key] = Words(**words)
        return Ask(
            field=one.key,
            label=Words(easy=given("label_easy"), en=given("label_en")),
            help=Words(ja=given("help_ja"), easy=given("help_easy"), en=given("help_en")),
            choices=choices,
        )


class CancelForm(TownForm):
    """Why a clerk cancels a sign-up."""

    reason = forms.CharField(label="取り消す理由", max_length=200, help_text="申し込んだ人に、そのまま知らせます。")
