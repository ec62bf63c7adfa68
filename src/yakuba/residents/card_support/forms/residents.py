"""What residents fill in: a booking, a request for a visit, reminders, number and password."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from yakuba.kernel.ui.api import DateField
from yakuba.kernel.values.api import Text
from yakuba.residents.card_support.forms.fields import ContactForm, RefusableForm
from yakuba.residents.card_support.models import Slot, VisitKind
from yakuba.residents.card_support.models.appointment import MOST_PEOPLE
from yakuba.residents.card_support.purposes import bookable
from yakuba.residents.card_support.rules.purposes import Comer, Purpose
from yakuba.residents.card_support.rules.reminders import FURTHEST_YEARS
from yakuba.residents.card_support.services import Booking, VisitAsked
from yakuba.residents.card_support.services.visits import FURTHEST
from yakuba.residents.card_support.words import PARTS, moment_text


def _language() -> str:
    return get_language() or "ja"


def purpose_choices() -> list[tuple[str, str]]:
    """The purposes one books, in the reader's language."""
    return [(one.key, one.title.in_language(_language())) for one in bookable()]


def comer_choices(purpose: Purpose | None) -> list[tuple[str, str]]:
    """Who may come for a purpose."""
    return [
        (one.value, one.text.in_language(_language()))
        for one in Comer
        if purpose is None or purpose.bring[one].may_come
    ]


def people_choices() -> list[tuple[str, str]]:
    """One person to six."""
    return [(str(number), _("%(number)d人") % {"number": number}) for number in range(1, MOST_PEOPLE + 1)]


class BookingForm(ContactForm):
    """A booking. ``slots`` are the ones offered: the slot asked for, or, when it can no longer be had, the next free
    ones as a choice; whatever else was typed stays."""

    slot = forms.ChoiceField(label=pgettext_lazy("booking", "日時"), widget=forms.HiddenInput)
    comer = forms.ChoiceField(label=gettext_lazy("来る人"), widget=forms.RadioSelect)
    people = forms.TypedChoiceField(
        label=gettext_lazy("手続きをする人数"),
        coerce=int,
        help_text=gettext_lazy("家族と一緒に手続きするときは、合わせた人数です。"),
    )
    wish = forms.CharField(
        label=gettext_lazy("伝えたいこと"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "車いす、手話、通訳など、手伝いが要ることを書いてください。マイナンバー（個人番号）は書かないでください。"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sending = forms.CharField(max_length=64, widget=forms.HiddenInput)

    field_order = ("slot", "comer", "people", "name", "kana", "phone", "mail", "wish", "sending")

    def __init__(
        self, *arguments: Any, purpose: Purpose, slots: Sequence[Slot], is_choice: bool = False, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.purpose, self.slots, self.is_choice = purpose, tuple(slots), is_choice
        slot: Any = self.fields["slot"]
        slot.choices = [(one.public_id, self._said(one)) for one in slots]
        slot.error_messages["invalid_choice"] = _(
            "この時間は、満員になったか、受け付けを終わりました。別の時間を選んでください。"
        )
        slot.error_messages["required"] = _("時間を選んでください。")
        if is_choice:
            slot.widget = forms.RadioSelect(choices=slot.choices)
        comer: Any = self.fields["comer"]
        comer.choices = comer_choices(purpose)
        people: Any = self.fields["people"]
        people.choices = people_choices()

    def booking(self) -> Booking:
        """The booking as the verb takes it."""
        given = self.cleaned_data
        return Booking(
            purpose=self.purpose.key,
            comer=given["comer"],
            people=given["people"],
            name=given["name"],
            kana=given["kana"],
            phone=given["phone"],
            mail=given["mail"],
            wish=given["wish"],
        )

    @staticmethod
    def asked_in(sent: Mapping[str, str]) -> tuple[str, str]:
        """Slot and number of people as sent: looked up to know what to offer, judged by the fields, and not kept."""
        return str(sent.get("slot", ""))[:16], str(sent.get("people", ""))[:3]

    @property
    def chosen(self) -> Slot:
        """The slot that was chosen, of a valid form."""
        return next(one for one in self.slots if one.public_id == self.cleaned_data["slot"])

    @property
    def comer_words(self) -> str:
        """Who comes, in the reader's language."""
        return Comer(self.cleaned_data["comer"]).text.in_language(_language())

    @staticmethod
    def _said(slot: Slot) -> str:
        language = _language()
        separator = ": " if language == "en" else "："
        return f"{slot.venue.text.in_language(language)}{separator}{moment_text(slot.starts_at).in_language(language)}"


class VisitForm(ContactForm):
    """A request for a support visit, of one person or of a group."""

    organisation = forms.CharField(
        label=gettext_lazy("会社・地区・学校などの名前"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "class": "input--medium"}),
    )
    address = forms.CharField(
        label=gettext_lazy("うかがう場所（住所・建物の名前）"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    room = forms.CharField(label=gettext_lazy("使える部屋・机・電源・駐車場"), required=False, max_length=200)
    purpose = forms.ChoiceField(label=pgettext_lazy("card", "用件"), widget=forms.RadioSelect)
    people = forms.IntegerField(
        label=gettext_lazy("手続きをする人数（予定）"),
        min_value=1,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "input--short", "inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("役場に来られないわけ・伝えたいこと"),
        required=False,
        max_length=600,
        help_text=gettext_lazy("くわしい病名などは要りません。マイナンバー（個人番号）は書かないでください。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wish_1 = DateField(label=gettext_lazy("希望の日（第1）"))
    part_1 = forms.ChoiceField(label=gettext_lazy("時間帯（第1）"))
    wish_2 = DateField(label=gettext_lazy("希望の日（第2）"), required=False)
    part_2 = forms.ChoiceField(label=gettext_lazy("時間帯（第2）"), required=False)
    wish_3 = DateField(label=gettext_lazy("希望の日（第3）"), required=False)
    part_3 = forms.ChoiceField(label=gettext_lazy("時間帯（第3）"), required=False)
    sending = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, kind: VisitKind, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kind, self.today = kind, today
        if kind is VisitKind.PERSONAL:
            del self.fields["organisation"], self.fields["room"]
            self.fields["people"].initial = 1
            most = 10
        else:
            self.fields["name"].label = _("担当の人の氏名")
            self.fields["reason"].label = _("伝えたいこと")
            most = 500
        people: Any = self.fields["people"]
        people.max_value = most
        people.widget.attrs["max"] = str(most)
        purpose: Any = self.fields["purpose"]
        purpose.choices = purpose_choices()
        for place in (1, 2, 3):
            part: Any = self.fields[f"part_{place}"]
            part.choices = [(key, text.in_language(_language())) for key, text in PARTS.items()]
            part.initial = "any"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for place in (1, 2, 3):
            day = found.get(f"wish_{place}")
            if day is not None and not self.today < day <= self.today + FURTHEST:
                self.add_error(f"wish_{place}", _("明日から1年以内の日を入れてください。"))
        return found

    @property
    def wished(self) -> list[tuple[date, Text]]:
        """The days wished with their parts, of a valid form."""
        return [(day, PARTS[part]) for day, part in self.asked().wishes]

    def asked(self) -> VisitAsked:
        """The request as the verb takes it."""
        given = self.cleaned_data
        wishes: list[tuple[date, str]] = [
            (given[f"wish_{place}"], given.get(f"part_{place}") or "any")
            for place in (1, 2, 3)
            if given.get(f"wish_{place}")
        ]
        return VisitAsked(
            kind=self.kind,
            purpose=given["purpose"],
            people=given["people"],
            name=given["name"],
            kana=given["kana"],
            address=given["address"],
            wishes=tuple(dict.fromkeys(wishes)),
            phone=given["phone"],
            mail=given["mail"],
            organisation=given.get("organisation", ""),
            room=given.get("room", ""),
            reason=given["reason"],
        )


class ReminderForm(RefusableForm):
    """The days on the card, and where to write to (not asked of those with an account)."""

    card_until = DateField(
        label=gettext_lazy("カードの有効期限"),
        required=False,
        help_text=gettext_lazy("カードの表に書いてある日です。"),
    )
    certificate_until = DateField(
        label=gettext_lazy("電子証明書の有効期限"),
        required=False,
        help_text=gettext_lazy("カードの表に書き込んだ人だけ、書いてあります。分からなければ空けておいてください。"),
    )
    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=254,
        help_text=gettext_lazy("確認のメールを送ります。リンクを開くまで、お知らせは始まりません。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input--medium"}),
    )

    def __init__(self, *arguments: Any, has_account: bool, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.today = today
        if has_account:
            del self.fields["mail"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for field in ("card_until", "certificate_until"):
            day = found.get(field)
            if day is not None and not self.today <= day <= self.today + timedelta(days=366 * FURTHEST_YEARS):
                self.add_error(field, _("今日から11年以内の日を入れてください。カードの表に書いてある日です。"))
        is_wrong = self.errors.get("card_until") or self.errors.get("certificate_until")
        if not (found.get("card_until") or found.get("certificate_until") or is_wrong):
            self.add_error("card_until", _("有効期限を、どちらか一つは入力してください。"))
        return found


class LookUpForm(RefusableForm):
    """Number and password as they stand on the receipt."""

    number = forms.CharField(
        label=pgettext_lazy("card", "整理番号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input--medium"}),
    )
    password = forms.CharField(
        label=pgettext_lazy("card", "パスワード"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "input--medium"}, render_value=False),
    )
