"""The forms clerks keep the catalogue with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from yakuba.kernel.catalogue.queries.delivery import life_events, section_roles
from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.kinds import (
    ChannelKind,
    Fact,
    GroundAbout,
    IdentityLevel,
    ProcedureKind,
    SignatureRule,
)
from yakuba.kernel.organisation.models import Authority, Section
from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.kernel.values.api import FiscalYear, Refusal, Text

LANGUAGES = (("ja", "日本語"), ("easy", "やさしい日本語"), ("en", "英語"))
_CODES = {"ja": "ja", "easy": "ja-easy", "en": "en"}
BLANK_ROWS = 3


def _lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def text_of(values: Mapping[str, Any], name: str) -> dict[str, str] | None:
    """The three languages of a text from cleaned fields; `None` when none is written."""
    found = {_CODES[code]: str(values.get(f"{name}_{code}") or "").strip() for code, _ in LANGUAGES}
    written = {code: words for code, words in found.items() if words}
    return written or None


def shown_in_fields(name: str, text: Text | None) -> dict[str, str]:
    """The initial values of the fields of a text."""
    written = text.to_dict() if text else {}
    return {f"{name}_{code}": written.get(_CODES[code], "") for code, _ in LANGUAGES}


class CatalogueForm(TownForm):
    """A form whose verb may refuse; the refusal stands at the field it names."""

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the verb."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal.message}{refusal.hint or ''}")


class PartForm(CatalogueForm):
    """One part of the description. `parts` gives what the verb takes."""

    title = ""
    lead = ""
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)
    note = forms.CharField(
        label="変えた理由",
        max_length=400,
        required=False,
        help_text="例：規則の改正、窓口の扱いと合わせた。版の記録に残ります。",
    )

    def __init__(self, *args: Any, content: ProcedureContent, edition: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {**self.initial_of(content), "seen_edition": edition})
        super().__init__(*args, **kwargs)
        self.content = content
        note = self.fields.pop("note")
        self.build(content)
        self.fields["note"] = note

    def build(self, content: ProcedureContent) -> None:
        """Add the fields that depend on what is there."""

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        raise NotImplementedError

    def parts(self) -> dict[str, Any]:
        raise NotImplementedError

    def text_groups(self) -> list[tuple[str, list[Any]]]:
        """The fields as the page shows them: (heading, bound fields)."""
        return [("", [self[name] for name in self.fields if name not in ("note", "seen_edition")])]


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
                    widget=_lines(rows) if rows > 1 else forms.TextInput(),
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
        widget=_lines(2),
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


class RowsForm(PartForm):
    """A part that is a list: a row per entry and some empty ones; an entry without a name goes."""

    rows: int
    row_title = ""

    def build(self, content: ProcedureContent) -> None:
        # A row someone adds in another window must not push ours out: what was sent decides how many there are.
        sent = [name for name in self.data if name.startswith("r")]
        numbers = [int(part) for name in sent if (part := name[1:].partition("_")[0]).isdigit() and len(part) < 3]
        self.rows = max([len(self.entries(content)) + BLANK_ROWS, *[number + 1 for number in numbers]])
        for row in range(min(self.rows, 40)):
            for name, field in self.row_fields().items():
                self.fields[f"r{row}_{name}"] = field

    @classmethod
    def entries(cls, content: ProcedureContent) -> tuple[Any, ...]:
        raise NotImplementedError

    @classmethod
    def row_fields(cls) -> dict[str, forms.Field]:
        raise NotImplementedError

    @classmethod
    def row_initial(cls, entry: Any) -> dict[str, Any]:
        raise NotImplementedError

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        return {
            f"r{row}_{name}": value
            for row, entry in enumerate(cls.entries(content))
            for name, value in {**cls.row_initial(entry), "order": row + 1}.items()
        }

    def row_values(self) -> list[dict[str, Any]]:
        """The filled rows in the order their numbers ask for; new ones come last."""
        found = []
        for row in range(min(self.rows, 40)):
            values = {name: self.cleaned_data.get(f"r{row}_{name}") for name in self.row_fields()}
            if values.get("name_ja") or values.get("law"):
                order = values.get("order")
                found.append((order if order is not None else 1000, row, values))
        return [values for _, _, values in sorted(found, key=lambda one: one[:2])]

    def text_groups(self) -> list[tuple[str, list[Any]]]:
        return [
            (f"{row + 1}{self.row_title}", [self[f"r{row}_{name}"] for name in self.row_fields()])
            for row in range(min(self.rows, 40))
        ]


_ORDER: dict[str, Any] = {"label": "順", "required": False, "min_value": 1, "max_value": 99}


class DocumentsForm(RowsForm):
    """What to bring, each with the condition under which it is needed."""

    title = "必要なもの"
    lead = "「必要なとき」が空のものは、いつも必要です。名前を消すと、その行はなくなります。"
    row_title = "つめ"

    @classmethod
    def entries(cls, content: ProcedureContent) -> tuple[Any, ...]:
        return content.documents

    @classmethod
    def row_fields(cls) -> dict[str, forms.Field]:
        return {
            "name_ja": forms.CharField(label="名前（日本語）", max_length=200, required=False),
            "name_easy": forms.CharField(label="名前（やさしい日本語）", max_length=200, required=False),
            "name_en": forms.CharField(label="名前（英語）", max_length=200, required=False),
            "when_ja": forms.CharField(label="必要なとき（日本語）", max_length=200, required=False),
            "when_easy": forms.CharField(label="必要なとき（やさしい日本語）", max_length=200, required=False),
            "when_en": forms.CharField(label="必要なとき（英語）", max_length=200, required=False),
            "id": forms.CharField(
                label="識別名", max_length=40, required=False, help_text="ほかの手続きと同じものは、同じ識別名にします"
            ),
            "order": forms.IntegerField(**_ORDER),
        }

    @classmethod
    def row_initial(cls, entry: Any) -> dict[str, Any]:
        return {"id": entry.id, **shown_in_fields("name", entry.name), **shown_in_fields("when", entry.when)}

    def parts(self) -> dict[str, Any]:
        found = []
        for values in self.row_values():
            one: dict[str, Any] = {"name": text_of(values, "name"), "id": values["id"] or ""}
            when = text_of(values, "when")
            found.append(one | ({"when": when} if when else {}))
        return {"documents": found}


class FeesForm(RowsForm):
    """What it costs."""

    title = "手数料"
    lead = "額は1つずつ書きます。幅があるときは「上の額」も書きます。無料のときは、下の「無料」だけを選びます。"
    row_title = "つめの手数料"

    def build(self, content: ProcedureContent) -> None:
        self.fields["is_free"] = forms.BooleanField(label="無料", required=False)
        for code, language in LANGUAGES:
            self.fields[f"feenote_{code}"] = forms.CharField(
                label=f"補足（{language}）", max_length=400, required=False, widget=_lines(2)
            )
        super().build(content)

    @classmethod
    def entries(cls, content: ProcedureContent) -> tuple[Any, ...]:
        return content.fee.items

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        return {
            **super().initial_of(content),
            "is_free": content.fee.is_free,
            **shown_in_fields("feenote", content.fee.note),
        }

    @classmethod
    def row_fields(cls) -> dict[str, forms.Field]:
        return {
            "name_ja": forms.CharField(label="名前（日本語）", max_length=200, required=False),
            "name_easy": forms.CharField(label="名前（やさしい日本語）", max_length=200, required=False),
            "name_en": forms.CharField(label="名前（英語）", max_length=200, required=False),
            "yen": forms.IntegerField(label="円", required=False, min_value=0, max_value=100_000_000),
            "most": forms.IntegerField(label="上の額（円）", required=False, min_value=0, max_value=100_000_000),
            "unit_ja": forms.CharField(label="単位（日本語）", max_length=60, required=False, help_text="例：1通"),
            "unit_easy": forms.CharField(label="単位（やさしい日本語）", max_length=60, required=False),
            "unit_en": forms.CharField(label="単位（英語）", max_length=60, required=False),
            "order": forms.IntegerField(**_ORDER),
        }

    @classmethod
    def row_initial(cls, entry: Any) -> dict[str, Any]:
        return {
            **shown_in_fields("name", entry.name),
            "yen": entry.yen,
            "most": entry.most,
            **shown_in_fields("unit", entry.unit),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for row in range(min(self.rows, 40)):
            if (
                cleaned.get(f"r{row}_name_ja")
                and cleaned.get(f"r{row}_yen") is None
                and f"r{row}_yen" not in self.errors
            ):
                self.add_error(f"r{row}_yen", "額を書いてください。")
        return cleaned

    def parts(self) -> dict[str, Any]:
        items = []
        for values in self.row_values():
            one: dict[str, Any] = {"name": text_of(values, "name"), "yen": values["yen"]}
            if values["most"] is not None:
                one["most"] = values["most"]
            unit = text_of(values, "unit")
            items.append(one | ({"unit": unit} if unit else {}))
        fee = {"is_free": self.cleaned_data["is_free"], "items": items, "note": text_of(self.cleaned_data, "feenote")}
        return {"fee": {name: value for name, value in fee.items() if value} or None}

    def text_groups(self) -> list[tuple[str, list[Any]]]:
        head = [self["is_free"], *[self[f"feenote_{code}"] for code, _ in LANGUAGES]]
        return [("無料・補足", head), *super().text_groups()]


class GroundsForm(RowsForm):
    """The legal grounds."""

    title = "根拠"
    lead = "オンラインの受付を始めるには、「手続き」と「オンラインで行うこと」の根拠が要ります。"
    row_title = "つめの根拠"

    @classmethod
    def entries(cls, content: ProcedureContent) -> tuple[Any, ...]:
        return content.grounds

    @classmethod
    def row_fields(cls) -> dict[str, forms.Field]:
        return {
            "about": forms.ChoiceField(
                label="何の根拠か", choices=[(one.value, one.label) for one in GroundAbout], required=False
            ),
            "law": forms.CharField(label="法律・条例・規則の名前", max_length=200, required=False),
            "article": forms.CharField(label="条", max_length=200, required=False, help_text="例：第12条第1項"),
            "url": forms.CharField(
                label="アドレス", max_length=500, required=False, help_text="例規集や法令検索のページ"
            ),
            "order": forms.IntegerField(**_ORDER),
        }

    @classmethod
    def row_initial(cls, entry: Any) -> dict[str, Any]:
        return {"about": entry.about.value, "law": entry.law, "article": entry.article, "url": entry.url}

    def parts(self) -> dict[str, Any]:
        return {
            "grounds": [
                {
                    "about": values["about"] or "procedure",
                    "law": values["law"],
                    "article": values["article"] or "",
                    "url": values["url"] or "",
                }
                for values in self.row_values()
            ]
        }


class EvidenceForm(PartForm):
    """Which facts the town has confirmed, and by what."""

    title = "確認と出典"
    lead = "町の条例・規則・要綱や実際の扱いと照らした事項に印を付け、何で確かめたかを書きます。公開ページの「未確認」が消えます。"

    def build(self, content: ProcedureContent) -> None:
        for fact in Fact:
            self.fields[f"{fact.value}_certain"] = forms.BooleanField(label="確かめた", required=False)
            self.fields[f"{fact.value}_source"] = forms.CharField(
                label="何で確かめたか", max_length=200, required=False, help_text="例：町手数料条例 別表第2"
            )

    @classmethod
    def initial_of(cls, content: ProcedureContent) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for fact in Fact:
            evidence = content.evidence_of(fact)
            found |= {f"{fact.value}_certain": evidence.certain, f"{fact.value}_source": evidence.source}
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for fact in Fact:
            if cleaned.get(f"{fact.value}_certain") and not cleaned.get(f"{fact.value}_source"):
                self.add_error(f"{fact.value}_source", "何で確かめたかを書いてください。")
        return cleaned

    def parts(self) -> dict[str, Any]:
        found = {}
        for fact in Fact:
            certain, source = self.cleaned_data[f"{fact.value}_certain"], self.cleaned_data[f"{fact.value}_source"]
            if certain or source:
                found[fact.value] = {"certain": certain, "source": source}
        return {"evidence": found}

    def text_groups(self) -> list[tuple[str, list[Any]]]:
        return [(fact.label, [self[f"{fact.value}_certain"], self[f"{fact.value}_source"]]) for fact in Fact]


PART_FORMS: Mapping[str, type[PartForm]] = {
    "texts": TextsForm,
    "basics": BasicsForm,
    "documents": DocumentsForm,
    "fees": FeesForm,
    "grounds": GroundsForm,
    "evidence": EvidenceForm,
}


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
                    widget=forms.TextInput() if name == "title" else _lines(2),
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
    reason = forms.CharField(label="終える理由", max_length=400, widget=_lines(2))


class EntryForm(CatalogueForm):
    """Correcting a line of the counting list."""

    first_online_on = DateField(label="オンラインになった日")
    ended_on = DateField(label="オンラインでなくなった日", required=False)
    first_submission_on = DateField(label="最初の受付日", required=False)
    decision = forms.CharField(label="公開を決めた決裁", max_length=200)
    source = forms.CharField(label="出典", max_length=400, widget=_lines(2))
    seen_edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)


class StrikeForm(CatalogueForm):
    """Striking a line that was entered by mistake."""

    reason = forms.CharField(label="取り消す理由", max_length=400, widget=_lines(2))


class BaselineListForm(CatalogueForm):
    """The list behind the baseline."""

    as_of = DateField(
        label="基準日", help_text="計画の現状値の日。この日までにオンラインだった手続きだけを取り込みます"
    )
    file = forms.FileField(label="一覧のファイル（CSV・Excel）")


class SheetForm(CatalogueForm):
    """The whole catalogue as a sheet."""

    file = forms.FileField(
        label="表のファイル（CSV・Excel）", help_text="書き出した表を直したもの。版の列は消さないでください。"
    )
    note = forms.CharField(label="変えた理由", max_length=400, required=False)


class YearlyCountsForm(CatalogueForm):
    """The cases of one procedure in one year that this system did not receive, by channel."""

    source = forms.CharField(
        label="出典", max_length=400, help_text="何から数えたか（例：証明発行簿、ぴったりサービスの受付一覧）"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields.pop("source")
        for kind in ChannelKind:
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label, required=False, min_value=0, max_value=10_000_000
            )
            self.fields[f"{kind.value}_seen"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, min_value=0, max_value=10_000_000
            )
        self.fields["source"] = source


class PublishForm(CatalogueForm):
    """Publishing the table of a year."""

    note = forms.CharField(
        label="注記",
        max_length=400,
        required=False,
        widget=_lines(2),
        help_text="数え方や、直した理由など。公開ページに出ます",
    )


def years_to_choose(today_year: FiscalYear) -> list[tuple[str, str]]:
    """The fiscal years counts are entered for: this one and the six before."""
    return [(str(today_year.year - back), FiscalYear(today_year.year - back).label) for back in range(7)]


def _name(section: Section) -> str:
    return f"{section.parent.name}　{section.name}" if section.parent else section.name
