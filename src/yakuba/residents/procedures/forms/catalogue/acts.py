"""New procedures, who is responsible, channels opened and closed, the counting list."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.catalogue.queries.delivery import life_events, section_roles
from yakuba.kernel.catalogue.rules.kinds import (
    ChannelKind,
    IdentityLevel,
    ProcedureKind,
)
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import DateField
from yakuba.kernel.values.api import Text
from yakuba.residents.procedures.forms.catalogue.base import (
    LANGUAGES,
    CatalogueForm,
    lines,
    text_of,
)


class NewProcedureForm(CatalogueForm):
    """A procedure of the town's own; the rest is written on its page."""

    key = forms.CharField(
        label="識別名",
        max_length=60,
        help_text="公開ページのアドレスになります。半角の英小文字・数字・ハイフン（例：snow-shovelling）。後から変えられません。",
    )
    kind = forms.ChoiceField(label="種類", choices=[(one.value, one.label) for one in ProcedureKind])
    event = forms.ChoiceField(label="主なライフイベント")
    section = forms.ChoiceField(label="担当の役割")
    identity = forms.ChoiceField(label="本人確認", choices=[(one.value, one.label) for one in IdentityLevel])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = [(one.key, one.title.ja) for one in life_events()]  # type: ignore[attr-defined]
        self.fields["section"].choices = [(key, role.name) for key, role in section_roles().items()]  # type: ignore[attr-defined]
        for name, label in (
            ("title", "手続名"),
            ("about", "どんな手続きか"),
            ("who", "できる人"),
            ("when", "時期・期限"),
            ("happens", "出した後"),
        ):
            for code, language in LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=f"{label}（{language}）",
                    max_length=200 if name == "title" else 1500,
                    required=code == "ja",
                    widget=forms.TextInput() if name == "title" else lines(2),
                )

    def values(self) -> dict[str, Any]:
        """What the verb takes."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: given[name] for name in ("key", "kind", "section", "identity")}
        found["events"] = [given["event"]]
        return found | {name: text_of(given, name) for name in ("title", "about", "who", "when", "happens")}


class SectionForm(CatalogueForm):
    """The section in charge."""

    section = forms.ChoiceField(label="担当の所属", required=False)
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)

    def __init__(self, *args: Any, sections: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", "（なし）"), *[(one.public_id, _name(one)) for one in sections]]  # type: ignore[attr-defined]


class ChannelForm(CatalogueForm):
    """A way a procedure is received, or a correction of one."""

    kind = forms.ChoiceField(label="方法", choices=[(one.value, one.label) for one in ChannelKind])
    target = forms.CharField(
        label="行き先",
        max_length=500,
        required=False,
        help_text="ほかのサイトのアドレス（https://…）。町のオンライン申請ではフォームの名前。窓口・郵送・電話では空にします。",
    )
    note_ja = forms.CharField(
        label="補足（日本語）", max_length=400, required=False, help_text="例：毎月の第2・第4木曜日は19時まで"
    )
    note_easy = forms.CharField(label="補足（やさしい日本語）", max_length=400, required=False)
    note_en = forms.CharField(label="補足（英語）", max_length=400, required=False)
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000_000)

    def note(self) -> Text | None:
        """The note in its languages; the Japanese text must be there when another is."""
        written = text_of(self.cleaned_data, "note")
        return Text.from_dict(written) if written else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("note_easy") or cleaned.get("note_en")) and not cleaned.get("note_ja"):
            self.add_error("note_ja", "日本語の補足も書いてください。")
        return cleaned


class OpenChannelForm(CatalogueForm):
    """Going online: where to, since when, by which decision."""

    target = forms.CharField(
        label="行き先", max_length=500, help_text="住民が進むアドレス（https://…）、またはフォームの名前"
    )
    live_since = DateField(label="受付を始めた日", help_text="以前から受け付けていたものは、その日を書きます")
    decision = forms.CharField(
        label="公開を決めた決裁", max_length=200, help_text="文書番号か、決裁の日付と件名（例：8坂第123号）"
    )
    source = forms.CharField(
        label="出典",
        max_length=400,
        required=False,
        help_text="数えた手続きの一覧に残ります（例：ぴったりサービスの公開通知）",
    )


class CloseChannelForm(CatalogueForm):
    """Ending a way."""

    on = DateField(label="受け付けなくなった最初の日")
    reason = forms.CharField(label="終える理由", max_length=400, widget=lines(2))


class EntryForm(CatalogueForm):
    """Correcting a line of the counting list."""

    first_online_on = DateField(label="オンラインになった日")
    ended_on = DateField(label="オンラインでなくなった日", required=False)
    first_submission_on = DateField(label="最初の受付日", required=False)
    decision = forms.CharField(label="公開を決めた決裁", max_length=200)
    source = forms.CharField(label="出典", max_length=400, widget=lines(2))
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)


class StrikeForm(CatalogueForm):
    """Striking a line that was entered by mistake."""

    reason = forms.CharField(label="取り消す理由", max_length=400, widget=lines(2))


def _name(section: Section) -> str:
    return f"{section.parent.name}　{section.name}" if section.parent else section.name
