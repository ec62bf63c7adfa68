"""Small forms of the builder: a step's title, several questions at once, the texts of a step and of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from yakuba.kernel.expressions.api import Named
from yakuba.kernel.forms.forms.condition import ALWAYS, ConditionForm
from yakuba.kernel.forms.forms.texts import error_lines, text_fields, text_of, three
from yakuba.kernel.ui.api import TownForm

END = "end"
MOST_WAYS = 10
Json = dict[str, Any]


class StepTitleForm(TownForm):
    """The title of a new step."""

    title = forms.CharField(label="画面の題名", max_length=120)


class LinesForm(TownForm):
    """Several questions, one a line."""

    lines = forms.CharField(
        label="質問（一行に一つ）",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="例：氏名、生年月日、電話番号。種類は言葉から選びます。あとで直せます。",
    )
    step = forms.ChoiceField(label="追加する画面")

    def __init__(self, data: Any = None, *, steps: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["step"].choices = list(steps)  # type: ignore[attr-defined]
        self.initial["step"] = steps[-1][0] if steps else ""


class FormTextsForm(TownForm):
    """Title, introduction and closing words of the form."""

    def __init__(self, data: Any = None, *, form: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.stored = form
        self.fields.update(text_fields("title", "題名", given=form.get("title"), required=True, most=120))
        self.fields.update(
            text_fields(
                "introduction", "はじめの説明", given=form.get("introduction"), most=4000, lines=4,
                help_text="入力を始める前の画面に出ます。だれが、いつまでに、何を用意して使うか。",
            )
        )  # fmt: skip
        self.fields.update(
            text_fields(
                "completion", "送った後の説明", given=form.get("completion"), most=4000, lines=3,
                help_text="受付の画面に出ます。このあと何が起きるか、いつごろ返事があるか。",
            )
        )  # fmt: skip

    @property
    def texts(self) -> list[Json]:
        """The three texts, each in three languages."""
        return [three(self, name) for name in ("title", "introduction", "completion")]

    def changed(self) -> Json:
        """The stored form with the new texts."""
        new = dict(self.stored)
        for name in ("title", "introduction", "completion"):
            text = text_of(self.cleaned_data, name, self.stored.get(name))
            new.pop(name, None)
            if text is not None:
                new[name] = text
        return new


class StepForm(TownForm):
    """A step: its texts, when it is shown, and where it leads."""

    def __init__(
        self, data: Any = None, *, step: Mapping[str, Any], names: Mapping[str, Named], after: Mapping[str, Named],
        targets: Sequence[tuple[str, str]],
    ) -> None:  # fmt: skip
        super().__init__(data)
        self.step = step
        self.fields.update(text_fields("title", "画面の題名", given=step.get("title"), required=True, most=120))
        self.fields.update(
            text_fields("introduction", "はじめの説明", given=step.get("introduction"), most=4000, lines=3)
        )
        self.when = ConditionForm(
            data, prefix="when", rule=step.get("when"), names=names, modes=[(ALWAYS, "いつも出す")]
        )
        stored = list(step.get("ways", ()))
        self.ways = [
            WayForm(
                data, number=number, way=stored[number] if number < len(stored) else {}, names=after, targets=targets
            )
            for number in range(min(len(stored) + 1, MOST_WAYS))
        ]

    def is_valid(self) -> bool:
        parts = [super().is_valid(), self.when.is_valid(), *(one.is_valid() for one in self.ways)]
        return all(parts)

    @property
    def error_list(self) -> list[dict[str, str]]:
        """Every error of the page, in its order."""
        parts: list[tuple[forms.BaseForm, str]] = [(self, ""), (self.when, "いつこの画面を出しますか")]
        for one in self.ways:
            parts += [(one, ""), (one.condition, "進む条件")]
        return error_lines(*parts)

    @property
    def texts(self) -> list[Json]:
        """Title and introduction, each in three languages."""
        return [three(self, name) for name in ("title", "introduction")]

    @property
    def editors(self) -> list[ConditionForm]:
        """All condition editors of the page."""
        return [self.when, *(one.condition for one in self.ways)]

    def changed(self) -> Json:
        """The stored step with what was typed."""
        new: Json = {"key": self.step["key"]}
        for name in ("title", "introduction"):
            text = text_of(self.cleaned_data, name, self.step.get(name))
            if text is not None:
                new[name] = text
        if self.when.cleaned_rule is not None:
            new["when"] = self.when.cleaned_rule
        ways = [one.made for one in self.ways if one.made is not None]
        if ways:
            new["ways"] = ways
        return new


class WayForm(TownForm):
    """One way from a step to a later one."""

    to = forms.ChoiceField(label="次に進む画面", required=False)

    def __init__(
        self, data: Any, *, number: int, way: Mapping[str, Any], names: Mapping[str, Named],
        targets: Sequence[tuple[str, str]],
    ) -> None:  # fmt: skip
        super().__init__(data, prefix=f"way{number}", initial={"to": way.get("to", "")})
        self.number = number
        known = dict(targets)
        extra = [(way["to"], f"（今は選べない画面：{way['to']}）")] if way.get("to") and way["to"] not in known else []
        self.fields["to"].choices = [("", "（この行を使わない）"), *targets, *extra]  # type: ignore[attr-defined]
        self.condition = ConditionForm(
            data, prefix=f"way{number}-rule", rule=way.get("when"), names=names, modes=[(ALWAYS, "いつも")]
        )
        self.made: Json | None = None

    def is_valid(self) -> bool:
        if not (super().is_valid() & self.condition.is_valid()):
            return False
        target = self.cleaned_data.get("to")
        rule = self.condition.cleaned_rule
        self.made = None
        if target:
            self.made = {"to": target} if rule is None else {"to": target, "when": rule}
        return True


class TakeForm(TownForm):
    """Which questions of another form, and into which step."""

    questions = forms.MultipleChoiceField(label="写す質問", widget=forms.CheckboxSelectMultiple)
    step = forms.ChoiceField(label="追加する画面")

    def __init__(
        self, data: Any = None, *, questions: Sequence[tuple[str, str]], steps: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.fields["questions"].choices = list(questions)  # type: ignore[attr-defined]
        self.fields["step"].choices = list(steps)  # type: ignore[attr-defined]
        self.initial["step"] = steps[-1][0] if steps else ""
