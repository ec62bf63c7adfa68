"""What holds a procedure up, and every part by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.kinds import (
    Fact,
)
from yakuba.residents.procedures.forms.catalogue.base import (
    PartForm,
)
from yakuba.residents.procedures.forms.catalogue.rows import DocumentsForm, FeesForm, GroundsForm
from yakuba.residents.procedures.forms.catalogue.words import BasicsForm, TextsForm


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
