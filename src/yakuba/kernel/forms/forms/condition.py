"""The condition editor: rows of [question][comparison][value], or the plain line for anything beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from yakuba.kernel.expressions.api import Named, RuleFault, in_words
from yakuba.kernel.forms.exchange.plain_rules import PlainRuleFault, read_rule, write_rule
from yakuba.kernel.forms.rules.conditions import (
    MOST_ROWS,
    Comparison,
    Condition,
    ConditionFault,
    ConditionRow,
    Subject,
    comparisons_for,
    read_rows,
    subjects_of,
    write_rows,
)
from yakuba.kernel.ui.api import TownForm

ALWAYS, ROWS, PLAIN = "always", "rows", "plain"


class ConditionForm(TownForm):
    """One condition. ``rule`` is the stored one; after `is_valid` the new one stands in ``cleaned_rule``.

    A rule that was not touched comes back as it was, letter by letter.
    """

    mode = forms.ChoiceField(label="条件", choices=(), required=False, widget=forms.RadioSelect)
    joint = forms.ChoiceField(
        label="つなぎ方",
        choices=(("and", "すべてに当てはまる（かつ）"), ("or", "どれかに当てはまる（または）")),
        required=False,
    )
    plain = forms.CharField(label="式", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        data: Any = None,
        *,
        prefix: str,
        rule: Any,
        names: Mapping[str, Named],
        modes: Sequence[tuple[str, str]],
        is_value: bool = False,
    ) -> None:
        self.rule, self.names, self.subjects = rule, names, subjects_of(names)
        self.by_id = {one.id: one for one in self.subjects}
        self.cleaned_rule: Any = rule
        shown = read_rows(rule, self.subjects)
        self.is_beyond_rows = shown is None
        self.shown = shown or Condition()
        self.row_faults: dict[int, str] = {}
        super().__init__(data, prefix=prefix, initial=self._initial())
        self.fields["mode"].choices = [*modes, (ROWS, "条件を選ぶ"), (PLAIN, "式で書く")]  # type: ignore[attr-defined]
        count = len(self.shown.rows) + 1
        if data is not None:
            given = data.get(f"{prefix}-rows", "")
            count = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else count
        self.count = max(1, min(count, MOST_ROWS))
        self._add_rows()

    def _initial(self) -> dict[str, Any]:
        mode = ALWAYS if self.rule is None else PLAIN if self.is_beyond_rows else ROWS
        return {"mode": mode, "joint": self.shown.joint, "plain": write_rule(self.rule)}

    def _add_rows(self) -> None:
        for number in range(self.count):
            row = self.shown.rows[number] if number < len(self.shown.rows) else ConditionRow()
            self.fields[f"subject{number}"] = forms.CharField(required=False, max_length=120, initial=row.subject)
            self.fields[f"comparison{number}"] = forms.CharField(required=False, max_length=20, initial=row.comparison)
            self.fields[f"value{number}"] = forms.CharField(required=False, max_length=300, initial=row.value)
            self.fields[f"values{number}"] = _Several(required=False, initial=list(row.values))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        mode = cleaned.get("mode") or self.initial["mode"]
        if mode == PLAIN:
            self._take_plain(cleaned.get("plain", ""))
        elif mode == ROWS:
            self._take_rows(cleaned)
        else:
            self.cleaned_rule = None
        return cleaned

    def _take_plain(self, written: str) -> None:
        if written.strip() == str(self.initial["plain"]).strip():
            self.cleaned_rule = self.rule
            return
        try:
            self.cleaned_rule = read_rule(written)
        except PlainRuleFault as fault:
            self.add_error("plain", f"{fault.message}{fault.hint or ''}")
            return
        if self.cleaned_rule is None:
            self.add_error("plain", "条件を書いてください。条件がいらないときは、上で選び直してください。")

    def _take_rows(self, cleaned: Mapping[str, Any]) -> None:
        condition = Condition(cleaned.get("joint") or "and", tuple(self._row(cleaned, n) for n in range(self.count)))
        try:
            rule = write_rows(condition, self.subjects)
        except ConditionFault as fault:
            self.row_faults[fault.row] = f"{fault.message}{fault.hint or ''}"
            self.add_error(f"subject{fault.row}", self.row_faults[fault.row])
            return
        if rule is None:
            self.row_faults[0] = "質問を選んでください。条件がいらないときは、上で選び直してください。"
            self.add_error("subject0", self.row_faults[0])
            return
        same = Condition(condition.joint, tuple(one for one in condition.rows if one.subject))
        is_same = same.rows == self.shown.rows and (same.joint == self.shown.joint or len(same.rows) < 2)
        self.cleaned_rule = self.rule if is_same and not self.is_beyond_rows else rule

    def _row(self, cleaned: Mapping[str, Any], number: int) -> ConditionRow:
        subject = self.by_id.get(cleaned.get(f"subject{number}", ""))
        if subject is None:
            return ConditionRow(cleaned.get(f"subject{number}", ""))
        comparison = cleaned.get(f"comparison{number}", "")
        takes = {one.key: one.takes for one in comparisons_for(subject)}.get(comparison, "one")
        value = str(cleaned.get(f"value{number}", ""))
        values = tuple(cleaned.get(f"values{number}") or ())
        if takes == "none":
            return ConditionRow(subject.id, comparison)
        if takes == "several":
            typed = values or tuple(one.strip() for one in value.replace("、", ",").split(",") if one.strip())
            chosen = tuple(_value_of(subject, one) for one in typed)
            before = self.shown.rows[number].values if number < len(self.shown.rows) else ()
            # The boxes come in the order of the choices; what means the same shall not look changed.
            return ConditionRow(subject.id, comparison, values=before if set(before) == set(chosen) else chosen)
        return ConditionRow(subject.id, comparison, _value_of(subject, value or (values[0] if values else "")))

    @property
    def chosen_mode(self) -> str:
        """The way that is open on the page."""
        return str(self["mode"].value() or self.initial["mode"])

    @property
    def sentence(self) -> str:
        """The condition in words; empty without one."""
        return sentence_of(self.cleaned_rule if self.is_bound and not self.errors else self.rule, self.names)

    @property
    def rows(self) -> list[RowShown]:
        """The rows as the page shows them."""
        return [self._shown(number) for number in range(self.count)]

    def _shown(self, number: int) -> RowShown:
        chosen = str(self[f"subject{number}"].value() or "")
        subject = self.by_id.get(chosen)
        comparisons = comparisons_for(subject) if subject else _every_comparison(self.subjects)
        comparison = str(self[f"comparison{number}"].value() or "")
        takes = {one.key: one.takes for one in comparisons}.get(comparison, "one")
        values = self[f"values{number}"].value() or ()
        return RowShown(
            number=number,
            name=f"{self.prefix}-{{}}{number}",
            subject=chosen,
            comparison=comparison,
            comparisons=comparisons,
            takes=takes,
            value=str(self[f"value{number}"].value() or ""),
            values=tuple(values if isinstance(values, list | tuple) else (values,)),
            choices=subject.choices if subject else (),
            kind=subject.type.value if subject else "",
            error=self.row_faults.get(number, ""),
        )


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row on the page."""

    number: int
    name: str
    subject: str
    comparison: str
    comparisons: tuple[Comparison, ...]
    takes: str
    value: str
    values: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    kind: str
    error: str

    @property
    def subject_name(self) -> str:
        return self.name.format("subject")

    @property
    def comparison_name(self) -> str:
        return self.name.format("comparison")

    @property
    def value_name(self) -> str:
        return self.name.format("value")

    @property
    def values_name(self) -> str:
        return self.name.format("values")


class _Several(forms.Field):
    """Several chosen values; what they may be depends on the question of the row."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        return [str(one)[:60] for one in value][:300] if isinstance(value, list | tuple) else []


def _value_of(subject: Subject, typed: str) -> str:
    """The value of an option whose words were typed (pages without JavaScript have no list of the options)."""
    by_words = {label: value for value, label in subject.choices}
    text = typed.strip().strip("「」") if subject.choices else typed.strip()
    return by_words.get(text, text)


def _every_comparison(subjects: Sequence[Subject]) -> tuple[Comparison, ...]:
    found: dict[str, Comparison] = {}
    for subject in subjects:
        for one in comparisons_for(subject):
            found.setdefault(one.key, one)
    return tuple(found.values())


def sentence_of(rule: Any, names: Mapping[str, Named], *, as_value: bool = False) -> str:
    """A rule in words; empty for none, and a plain hint for one that is not sound."""
    if rule is None:
        return ""
    try:
        return in_words(rule, names=names, as_value=as_value)
    except RuleFault as fault:
        return f"（読めない式：{fault.message}）"


def editor_table(names: Mapping[str, Named]) -> dict[str, Any]:
    """What the page's script needs to offer comparisons and values: subjects by id, comparisons by type."""
    subjects: dict[str, Any] = {}
    comparisons: dict[str, Any] = {}
    for one in subjects_of(names):
        key = f"{one.type.value}{'+' if one.choices else ''}{'#' if ' ' in one.id else ''}"
        comparisons.setdefault(key, [[each.key, each.words, each.takes] for each in comparisons_for(one)])
        subjects[one.id] = {"label": one.label, "type": key, "choices": list(one.choices)}
    return {"subjects": subjects, "comparisons": comparisons}
