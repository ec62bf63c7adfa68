"""How a Django form field stands on the page: everything `<c-field>` needs, worked out once, with its aria wiring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

from yakuba.kernel.ui.forms import EraDateInput, IsoDateInput, era_words

_CLASS_BY_KIND = {"textarea": "textarea", "select": "select", "file": "upload__input", "checkbox": "choice__input"}


@dataclass(frozen=True, slots=True)
class ChoicePresentation:
    """One radio button or check box: its control and its words."""

    control: SafeString
    label: str
    id: str


@dataclass(frozen=True, slots=True)
class FieldPresentation:
    """A field as the component shows it.

    `kind` is one of hidden, text, textarea, select, date, checkbox, choices, file, compound. `first_id` is the id of
    the first control: the target of links in the error summary.
    """

    kind: str
    name: str
    id: str
    first_id: str
    label: str
    help: str
    errors: tuple[str, ...]
    required: bool
    control: SafeString
    choices: tuple[ChoicePresentation, ...]
    era: str
    accept: str
    several: bool

    @property
    def help_id(self) -> str:
        return f"{self.id}_help"

    @property
    def error_id(self) -> str:
        return f"{self.id}_error"

    @property
    def era_id(self) -> str:
        return f"{self.id}_era"

    @property
    def is_group(self) -> bool:
        """Whether the field is a group of controls and needs fieldset and legend."""
        return self.kind in ("choices", "compound")


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the error summary; `target` is empty for what belongs to no single field."""

    text: str
    label: str
    target: str


def present(field: BoundField, *, help_text: str = "") -> FieldPresentation:
    """The presentation of a bound field."""
    kind = _kind(field.field.widget)
    field_id = field.id_for_label if kind not in ("choices", "compound") else (field.auto_id or field.html_name)
    field_id = field_id or str(field.auto_id or field.html_name)
    words = help_text or str(field.help_text or "")
    errors = tuple(str(error) for error in field.errors)
    described = [f"{field_id}_help"] if words else []
    if kind == "date":
        described.append(f"{field_id}_era")
    if errors:
        described.append(f"{field_id}_error")

    attrs: dict[str, Any] = {}
    if described and kind not in ("choices", "compound"):
        attrs["aria-describedby"] = " ".join(described)
    choices: tuple[ChoicePresentation, ...] = ()
    control = SafeString("")
    if kind == "choices":
        choices = tuple(_choices(field, bool(errors)))
    elif kind == "compound":
        control = field.as_widget(attrs={"class": "input input--short"})
    else:
        attrs["class"] = _class(field.field.widget, kind)
        control = field.as_widget(attrs=attrs)
    widget = field.field.widget
    return FieldPresentation(
        kind=kind,
        name=field.html_name,
        id=field_id,
        first_id=choices[0].id if choices else (f"{field_id}_0" if kind == "compound" else field_id),
        label=str(field.label),
        help=words,
        errors=errors,
        required=bool(field.field.required),
        control=control,
        choices=choices,
        era=_era_of(field) if kind == "date" else "",
        accept=str(widget.attrs.get("accept", "")),
        several=bool(getattr(widget, "allow_multiple_selected", False)),
    )


def error_lines(form: forms.BaseForm) -> list[SummaryLine]:
    """All errors of a form, in the order of its fields, those of no single field first."""
    lines = [SummaryLine(str(error), "", "") for error in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        if not bound.errors:
            continue
        hidden = bound.is_hidden
        shown = None if hidden else present(bound)
        lines.extend(
            SummaryLine(str(error), str(bound.label), shown.first_id if shown else "") for error in bound.errors
        )
    return lines


def _kind(widget: forms.Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "compound"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, IsoDateInput | EraDateInput):
        return "date"
    return "text"


def _class(widget: forms.Widget, kind: str) -> str:
    own = str(widget.attrs.get("class", ""))
    if kind == "date":
        extra = "input input--date"
    elif isinstance(widget, forms.NumberInput):
        extra = "input input--number"
    else:
        extra = _CLASS_BY_KIND.get(kind, "input")
    return f"{extra} {own}".strip()


def _choices(field: BoundField, wrong: bool) -> Iterator[ChoicePresentation]:
    attrs: dict[str, Any] = {"id": field.auto_id} if field.auto_id else {}
    attrs = field.build_widget_attrs(attrs, field.field.widget)
    attrs.pop("aria-describedby", None)
    attrs["class"] = "choice__input"
    if wrong:
        attrs["aria-invalid"] = "true"
    for part in field.field.widget.subwidgets(field.html_name, field.value(), attrs):
        if isinstance(part, Mapping):
            bound = BoundWidget(field.field.widget, dict(part), field.form.renderer)
            yield ChoicePresentation(
                control=bound.tag(wrap_label=False), label=str(bound.choice_label), id=str(bound.id_for_label or "")
            )


def _era_of(field: BoundField) -> str:
    value = field.value()
    if isinstance(value, str) and value:
        try:
            value = field.field.to_python(value)
        except forms.ValidationError:
            return ""
    return era_words(value) if isinstance(value, date) else ""
