"""The texts of a procedure, and what it is."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.catalogue.queries.delivery import life_events, section_roles
from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.kinds import (
    IdentityLevel,
    ProcedureKind,
    SignatureRule,
)
from yakuba.kernel.organisation.models import Authority
from yakuba.residents.procedures.forms.catalogue.base import (
    LANGUAGES,
    PartForm,
    lines,
    shown_in_fields,
    text_of,
)


class TextsForm(PartForm):
    """Title, what it is, who, when, what happens, criteria: in three languages."""

    title = "案内の文"
    lead = "公開ページに出る文です。やさしい日本語と英語が空のときは、日本語が出ます。"
    TEXTS = (
        ("title", "手続名", 1, True),
        ("about", "どんな手続きか", 2, True),
        ("who", "できる人", 2, True),
        ("when", "時期・期限", 2, True),
        ("happens", "出した後", 2, True),
        ("criteria", "審査基準（申請・補助金）", 3, False),
    )

    def build(self, content: ProcedureContent) -> None:
        for name, label, rows, required in self.TEXTS:
            for code, language in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label}（{language}）",
                    max_length=200 if name == "title" else 1500,
                    required=required and code == "ja",
                    widget=lines(rows) if rows > 1 else forms.TextInput(),
                )

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, *_ in cls.TEXTS:
            found |= shown_in_fields(name, getattr(content, name))
        return found

    def parts(self) -> dict[str, Any]:
        return {name: text_of(self.cleaned_data, name) for name, *_ in self.TEXTS}

    def text_groups(self) -> list[tuple[str, list[Any]]]:
        return [(label, [self[f"{name}_{code}"] for code, _ in LANGUAGES]) for name, label, *_ in self.TEXTS]


class BasicsForm(PartForm):
    """Kind, life events, deciding authority, days, identity, retention, search words."""

    title = "種類・日数・本人確認"
    kind = forms.ChoiceField(label="種類", choices=[(one.value, one.label) for one in ProcedureKind])
    events = forms.MultipleChoiceField(
        label="ライフイベント", widget=forms.CheckboxSelectMultiple, help_text="公開ページで、どの入口から見つかるか"
    )
    first_event = forms.ChoiceField(label="主なライフイベント", help_text="この入口では、前の方に出ます")
    section = forms.ChoiceField(label="担当の役割")
    authority = forms.ChoiceField(label="決定する機関")
    standard_days = forms.IntegerField(
        label="標準処理期間（営業日）",
        required=False,
        min_value=0,
        max_value=1000,
        help_text="届出・相談では空にします",
    )
    identity = forms.ChoiceField(label="本人確認", choices=[(one.value, one.label) for one in IdentityLevel])
    signature = forms.ChoiceField(label="署名", choices=[(one.value, one.label) for one in SignatureRule])
    retention_years = forms.IntegerField(label="保存年限（年）", required=False, min_value=0, max_value=150)
    words = forms.CharField(
        label="探すときの言葉",
        max_length=1200,
        required=False,
        widget=lines(2),
        help_text="町民が使うふだんの言葉を「、」で区切って書きます（例：ゴミ、引っ越し、赤ちゃん）",
    )

    def build(self, content: ProcedureContent) -> None:
        events = [(event.key, event.title.ja) for event in life_events()]
        self._choose("events", events)
        self._choose("first_event", events)
        self._choose("section", [(key, role.name) for key, role in section_roles().items()])
        known = list(Authority.objects.values_list("code", "name"))
        if content.authority not in {code for code, _ in known}:
            known.append((content.authority, content.authority))
        self._choose("authority", known)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        return {
            "kind": content.kind.value,
            "events": list(content.events),
            "first_event": content.events[0],
            "section": content.section,
            "authority": content.authority,
            "standard_days": content.standard_days,
            "identity": content.identity.value,
            "signature": content.signature.value,
            "retention_years": content.retention_years,
            "words": "、".join(content.words),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, events = cleaned.get("first_event"), cleaned.get("events")
        if first and events and first not in events:
            self.add_error("first_event", "選んだライフイベントの中から選んでください。")
        return cleaned

    def parts(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        first = values.pop("first_event")
        values.pop("note"), values.pop("seen_edition")
        values["events"] = [first, *[one for one in values["events"] if one != first]]
        marks = values["words"].replace("，", "、").replace(",", "、").replace("\n", "、")
        values["words"] = [one.strip() for one in marks.split("、") if one.strip()]
        return values
