"""What every form of an act on a case has."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.cases.models import TemplateUse
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal


class ActForm(TownForm):
    """A form whose verb may refuse: the refusal stands at the field it names, and what was typed stays.

    Several of them stand on one page: ``prefix`` keeps their ids apart, the names that are sent stay plain.
    """

    template_use: TemplateUse | None = None
    template_field = ""
    is_refused = False

    edition = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def add_prefix(self, field_name: str) -> str:
        return field_name

    def __init__(
        self,
        *args: Any,
        prefix: str = "",
        seen: int | None = None,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        options: dict[str, Any] = {
            "auto_id": f"{prefix or 'id'}_%s",
            "initial": {"edition": seen, **(initial or {})},
            **kwargs,
        }
        super().__init__(*args, **options)

    def takes_up(self, edition: int) -> None:
        """Let what was typed be sent again for the case as it is now."""
        if self.is_bound:
            sent: Any = self.data
            sent = sent.copy()
            sent["edition"] = str(edition)
            self.data = sent

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the verb."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal.message}{refusal.hint or ''}")

    @property
    def field_id(self) -> str:
        """The id of the field templates of words go into."""
        return self[self.template_field].id_for_label if self.template_field else ""


def words_field(label: str, *, rows: int = 3, longest: int = 1000, help_text: str = "", required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class TargetForm(ActForm):
    """An act on one of several things of a case: a letter, a fee, a file, a co-applicant."""

    target = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, *args: Any, target: str = "", initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"target": target, **(initial or {})}, **kwargs)


class PlainForm(ActForm):
    """A step that needs nothing but the press of a button."""


class PlainTargetForm(TargetForm):
    """The same about one thing of the case."""
