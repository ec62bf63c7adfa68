"""Form fields and widgets every app uses: dates with the Japanese era, and several files in one field."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yakuba.kernel.japan.api import era_date, parse_date
from yakuba.kernel.values.api import Refusal


def era_words(day: date) -> str:
    """`令和8年4月1日`; the plain year for days before the solar calendar, which no era of ours covers."""
    try:
        return era_date(day)
    except Refusal:
        return f"{day.year}年{day.month}月{day.day}日"


class IsoDateInput(forms.DateInput):
    """The browser's own calendar; the era stands beside it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"data-era": "", **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """A calendar shows nothing for what is no day; then the line is a plain one, so that what was typed is not lost."""
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown:
            try:
                date.fromisoformat(shown)
            except ValueError:
                context["widget"]["type"] = "text"
        return context


class EraDateInput(forms.DateInput):
    """A line to type a day into, by era or by year: quicker than a calendar for birthdays and for clerks."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {"data-era": "", "autocomplete": "off", "placeholder": "R8.4.1", "maxlength": "20", **(attrs or {})}
        super().__init__(attrs=given, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """What was typed stays as typed; a stored day is shown by its era."""
        return era_words(value) if isinstance(value, date) else super().format_value(value)


class DateField(forms.DateField):
    """A day chosen from the browser's calendar; days typed by era are understood too."""

    widget: type[forms.DateInput] = IsoDateInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            try:
                return parse_date(value)
            except Refusal as refusal:
                raise forms.ValidationError(
                    " ".join(filter(None, (refusal.message, refusal.hint))), code="invalid"
                ) from None
        return super().to_python(value)


class EraDateField(DateField):
    """A day typed by era or by year (birthdays, dates of old documents)."""

    widget = EraDateInput


class SeveralFilesInput(forms.FileInput):
    """A file picker that takes several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files in one field; its value is a list. Content and size are judged by `kernel.files`."""

    widget = SeveralFilesInput

    def __init__(self, *, most: int = 10, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files, each checked as Django checks one. Raises `ValidationError` also when there are too many."""
        given = list(data) if isinstance(data, list | tuple) else ([data] if data else [])
        if not given:
            super().clean(None, initial)
            return []
        if len(given) > self.most:
            raise forms.ValidationError(
                _("ファイルは%(most)d個までです（今回は%(count)d個）。"),
                params={"most": self.most, "count": len(given)},
                code="too_many",
            )
        return [super(SeveralFilesField, self).clean(one, initial) for one in given]
