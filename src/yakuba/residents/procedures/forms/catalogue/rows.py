"""Parts written row by row: documents, fees, grounds."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.kinds import (
    GroundAbout,
)
from yakuba.residents.procedures.forms.catalogue.base import (
    BLANK_ROWS,
    LANGUAGES,
    PartForm,
    lines,
    shown_in_fields,
    text_of,
)


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
                label=f"補足（{language}）", max_length=400, required=False, widget=lines(2)
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
