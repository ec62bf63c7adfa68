"""What clerks fill in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from yakuba.kernel.ui.api import DateField
from yakuba.residents.card_support.forms.fields import ContactForm, RefusableForm
from yakuba.residents.card_support.forms.residents import comer_choices, people_choices, purpose_choices
from yakuba.residents.card_support.models import Arrival, Place, Slot
from yakuba.residents.card_support.rules.results import (
    MOST_AT_A_VISIT,
    MOST_AT_AN_APPOINTMENT,
    RESULT_WORDS,
)
from yakuba.residents.card_support.rules.slots import Pattern
from yakuba.residents.card_support.services import Booking
from yakuba.residents.card_support.words import moment_text

WEEKDAYS = [(str(number), word) for number, word in enumerate("月火水木金土日")]
_ENTERED = [(one.value, one.label) for one in (Arrival.PHONE, Arrival.COUNTER)]
_SHORT = {"class": "input--short"}


def slot_choices(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    """Slots as a clerk chooses them, with how many are free."""
    return [(one.public_id, f"{moment_text(one.starts_at).ja} {one.venue}（あと{one.free}人）") for one in slots]


class EnterForm(ContactForm):
    """A booking by telephone or at the counter."""

    arrival = forms.ChoiceField(label="受付の方法", choices=_ENTERED, widget=forms.RadioSelect, initial="phone")
    purpose = forms.ChoiceField(label="用件")
    comer = forms.ChoiceField(label="来る人", widget=forms.RadioSelect, initial="self")
    people = forms.TypedChoiceField(label="手続きをする人数", coerce=int, initial=1)
    slot = forms.ChoiceField(
        label="日時", error_messages={"invalid_choice": "この時間は空いていません。別の時間を選んでください。"}
    )
    wish = forms.CharField(
        label="伝えたいこと", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    sending = forms.CharField(max_length=64, widget=forms.HiddenInput)

    field_order = ("arrival", "purpose", "slot", "comer", "people", "name", "kana", "phone", "mail", "wish", "sending")

    def __init__(self, *arguments: Any, slots: Sequence[Slot], **named: Any) -> None:
        super().__init__(*arguments, **named)
        fields: dict[str, Any] = self.fields
        fields["purpose"].choices = purpose_choices()
        fields["comer"].choices = comer_choices(None)
        fields["people"].choices = people_choices()
        fields["slot"].choices = [("", "選んでください"), *slot_choices(slots)]

    def booking(self) -> Booking:
        """The booking as the verb takes it."""
        given = self.cleaned_data
        names = ("purpose", "comer", "people", "name", "kana", "phone", "mail", "wish")
        return Booking(**{name: given[name] for name in names})


class MoveForm(RefusableForm):
    """Another slot."""

    slot = forms.ChoiceField(
        label="新しい日時", error_messages={"invalid_choice": "この時間は空いていません。別の時間を選んでください。"}
    )

    def __init__(self, *arguments: Any, slots: Sequence[Slot], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["slot"]
        field.choices = [("", "選んでください"), *slot_choices(slots)]


class NoteForm(RefusableForm):
    """A clerk's note."""

    note = forms.CharField(label="職員のメモ", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    has_called = forms.BooleanField(label="電話で知らせた", required=False)


class ResultForm(RefusableForm):
    """How many people for whom what was done."""

    applied = forms.IntegerField(
        label=RESULT_WORDS["applied"], min_value=0, initial=0, widget=forms.NumberInput(attrs=_SHORT)
    )
    issued = forms.IntegerField(
        label=RESULT_WORDS["issued"], min_value=0, initial=0, widget=forms.NumberInput(attrs=_SHORT)
    )
    renewed = forms.IntegerField(
        label=RESULT_WORDS["renewed"], min_value=0, initial=0, widget=forms.NumberInput(attrs=_SHORT)
    )
    other = forms.IntegerField(
        label=RESULT_WORDS["other"], min_value=0, initial=0, widget=forms.NumberInput(attrs=_SHORT)
    )

    def __init__(self, *arguments: Any, is_visit: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        most = MOST_AT_A_VISIT if is_visit else MOST_AT_AN_APPOINTMENT
        for field in self.fields.values():
            number: Any = field
            number.max_value = most
            number.widget.attrs["max"] = str(most)


class PatternForm(RefusableForm):
    """Slots from a weekly pattern."""

    place = forms.ChoiceField(label="会場")
    first = DateField(label="始まりの日")
    last = DateField(label="終わりの日")
    weekdays = forms.MultipleChoiceField(label="曜日", choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple)
    begins = forms.TimeField(
        label="始まりの時刻", widget=forms.TimeInput(attrs={"type": "time", "class": "input--short"})
    )
    ends = forms.TimeField(
        label="終わりの時刻", widget=forms.TimeInput(attrs={"type": "time", "class": "input--short"})
    )
    pause_begins = forms.TimeField(
        label="休みの始まり", required=False, widget=forms.TimeInput(attrs={"type": "time", "class": "input--short"})
    )
    pause_ends = forms.TimeField(
        label="休みの終わり", required=False, widget=forms.TimeInput(attrs={"type": "time", "class": "input--short"})
    )
    minutes = forms.IntegerField(
        label="一枠の長さ（分）", min_value=5, max_value=480, initial=30, widget=forms.NumberInput(attrs=_SHORT)
    )
    capacity = forms.IntegerField(
        label="一枠の定員（人）", min_value=1, max_value=50, initial=2, widget=forms.NumberInput(attrs=_SHORT)
    )
    purposes = forms.MultipleChoiceField(
        label="受ける用件",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばなければ、すべての用件を受けます。",
    )
    left_out = forms.CharField(
        label="除く日",
        required=False,
        max_length=600,
        help_text="「2026-12-28、2026-12-29」のように並べます。",
    )
    on_closing_days = forms.BooleanField(
        label="閉庁日にも作る",
        required=False,
        help_text="休日窓口のときだけ付けます。付けなければ、土日・祝日・年末年始は除かれます。",
    )

    def __init__(self, *arguments: Any, places: Sequence[Place], **named: Any) -> None:
        super().__init__(*arguments, **named)
        fields: dict[str, Any] = self.fields
        fields["place"].choices = [(one.public_id, one.name) for one in places]
        fields["purposes"].choices = purpose_choices()

    def clean_left_out(self) -> frozenset[date]:
        words = re.split(r"[、,\s]+", self.cleaned_data["left_out"].strip())
        days = set()
        for word in filter(None, words):
            try:
                days.add(date.fromisoformat(word))
            except ValueError:
                raise forms.ValidationError(
                    f"「{word[:20]}」は日付として読めません。2026-12-28 のように書いてください。"
                ) from None
        return frozenset(days)

    def pattern(self) -> Pattern:
        """The pattern as the rules take it."""
        given = self.cleaned_data
        names = (
            "first", "last", "begins", "ends", "minutes", "capacity", "pause_begins", "pause_ends", "left_out",
            "on_closing_days",
        )  # fmt: skip
        return Pattern(
            weekdays=frozenset(int(one) for one in given["weekdays"]), **{name: given[name] for name in names}
        )


class CloseForm(RefusableForm):
    """Why a slot is closed; whoever is booked reads it."""

    reason = forms.CharField(
        label="中止の理由",
        max_length=200,
        help_text="予約した人に、そのまま伝わります。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PlaceForm(RefusableForm):
    """A place in three languages."""

    name = forms.CharField(label="会場の名前", max_length=60)
    name_easy = forms.CharField(label="会場の名前（やさしい日本語）", max_length=120)
    name_en = forms.CharField(label="会場の名前（英語）", max_length=120)
    where = forms.CharField(label="所在地・階", required=False, max_length=120)
    is_open = forms.BooleanField(label="予約を受ける", required=False, initial=True)


class ScheduleForm(RefusableForm):
    """Day, time and staff of a visit."""

    on = DateField(label="うかがう日")
    at = forms.TimeField(label="うかがう時刻", widget=forms.TimeInput(attrs={"type": "time", "class": "input--short"}))
    staff = forms.MultipleChoiceField(label="担当の職員", widget=forms.CheckboxSelectMultiple)
    answer = forms.CharField(
        label="申し込んだ人への返事", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *arguments: Any, staff: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["staff"]
        field.choices = staff


class DeclineForm(RefusableForm):
    """Why nobody can come."""

    reason = forms.CharField(
        label="うかがえない理由",
        max_length=400,
        help_text="申し込んだ人に、そのまま伝わります。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ContactReasonForm(RefusableForm):
    """Why a protected person's contact is opened."""

    reason = forms.CharField(
        label="連絡先を見る理由", max_length=200, help_text="だれが、いつ、何のために見たかが残ります。"
    )


class FigureForm(RefusableForm):
    """How many cards are held on a day."""

    on = DateField(label="いつ現在")
    cards = forms.IntegerField(
        label="保有枚数", min_value=0, max_value=10_000_000, widget=forms.NumberInput(attrs=_SHORT)
    )
    population = forms.IntegerField(
        label="人口", required=False, min_value=1, max_value=10_000_000, widget=forms.NumberInput(attrs=_SHORT)
    )
    source = forms.CharField(label="出典", max_length=200, help_text="公表した所、表の名前、公表の日を書いてください。")
