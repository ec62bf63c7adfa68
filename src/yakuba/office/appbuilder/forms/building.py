"""Forms of those who build an app: its title, a field, a group of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from yakuba.kernel.access.api import Role
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.forms.limit import LIMIT_HELP, read_limit
from yakuba.office.appbuilder.rules.definition import (
    AppDefinition,
    AppField,
    ComputedAs,
    FieldClass,
    FieldType,
    Summary,
)
from yakuba.office.appbuilder.rules.editing import choices_from
from yakuba.office.appbuilder.rules.formula import in_formula, read_formula
from yakuba.office.appbuilder.rules.guessing import Guess, key_for, tidy_label
from yakuba.office.appbuilder.rules.limits import LIMITED, TODAY
from yakuba.office.appbuilder.rules.permissions import Column, Group, Rows
from yakuba.office.appbuilder.rules.rollup import Rollable, gives_of, ways_of
from yakuba.office.appbuilder.rules.values import from_text, in_words

TYPES = [(one.value, one.label) for one in FieldType]


class AppForm(TownForm):
    """What an app is called and for."""

    title = forms.CharField(label="アプリの名前", max_length=60, help_text="例：備品貸出、会議室の鍵、鳥獣の目撃")
    description = forms.CharField(
        label="何のための、どのような記録か",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="使う人に見えます。個人情報を扱うときは、その利用目的を書いてください。",
    )


class FieldForm(TownForm):
    """One field. What does not belong to its type is left out when the page is shown."""

    label = forms.CharField(label="項目の名前", max_length=60)
    help = forms.CharField(label="説明", max_length=300, required=False, help_text="入力する人に見えます。")
    choices = forms.CharField(
        label="選択肢",
        required=False,
        max_length=31_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行に一つ。消した選択肢は、すでにある記録では残ります。",
    )
    decimals = forms.IntegerField(label="小数のけた数", min_value=0, max_value=6, required=False)
    unit = forms.CharField(label="単位", max_length=10, required=False, help_text="例：台、m、人")
    before_number = forms.CharField(label="番号の前に付ける文字", max_length=10, required=False, help_text="例：R8-")
    rule = forms.CharField(
        label="計算式",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="項目は「」で囲みます。例：「単価」*「数量」、日数(「貸出日」, 「返却日」)、"
        'もし(「価格」>= 1000, "高額", "")、四捨五入(「合計」/ 3)、つなぐ(「姓」, 「名」)',
    )
    gives = forms.ChoiceField(
        label="計算の結果", choices=[(one.value, one.label) for one in ComputedAs], required=False
    )
    roll = forms.ChoiceField(
        label="集計するもの",
        choices=[],
        help_text="このアプリを参照しているアプリの、件数・合計・最小・最大・平均。相手のアプリで検索・絞り込みか並べ替えに"
        "使う項目だけを選べます。見る人に見える記録だけで集計するため、人によって値が違うことがあります。",
        error_messages={"required": "集計するものを選んでください。"},
    )
    source = forms.ChoiceField(label="参照するアプリと、表示する項目", choices=[], required=False)
    least = forms.CharField(label="範囲の下限", max_length=20, required=False)
    most = forms.CharField(label="範囲の上限", max_length=20, required=False)
    default = forms.CharField(
        label="最初の値", max_length=1000, required=False, help_text="新しい記録に、はじめから入ります。"
    )
    required = forms.BooleanField(label="必須にする", required=False)
    needed_when = forms.CharField(
        label="必須にする条件",
        required=False,
        max_length=2000,
        help_text='条件に合うときだけ必須にします。例：「住まい」= "借家"',
    )
    unique = forms.BooleanField(label="同じ値の重複を禁止する", required=False)
    in_list = forms.BooleanField(label="一覧に出す", required=False)
    filterable = forms.BooleanField(label="検索・絞り込みに使う", required=False)
    sortable = forms.BooleanField(label="並べ替えに使う", required=False)
    data_class = forms.ChoiceField(
        label="情報の区分", choices=[(one.value, one.label) for one in FieldClass], required=False
    )

    def __init__(
        self,
        *args: Any,
        kind: FieldType,
        definition: AppDefinition,
        before: AppField | None,
        apps: Mapping[str, tuple[str, Mapping[str, str]]],
        taken: frozenset[str] = frozenset(),
        rolls: Mapping[str, Rollable] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.definition, self.before, self.apps = kind, definition, before, apps
        self.rolls = rolls or {}
        self.taken = taken  # keys of fields that are gone: their values would come back under another name
        for name in self.fields.keys() - _asked(kind):
            del self.fields[name]
        if "roll" in self.fields:
            choosing: Any = self.fields["roll"]
            choosing.choices = [("", "選んでください"), *self._rolls()]
        if "source" in self.fields:
            sources: Any = self.fields["source"]
            sources.choices = [("", "選んでください")] + [
                (f"{app}:{key}", f"{title}　{label}")
                for app, (title, fields) in apps.items()
                for key, label in fields.items()
            ]
        for name in {"least", "most"} & self.fields.keys():
            self.fields[name].help_text = LIMIT_HELP.get(kind, "数字で書きます。")
        self.initial.update(self._shown(before))

    def _rolls(self) -> list[tuple[str, str]]:
        """Every sum that can be chosen: app, lookup, way and field in one value."""
        found: list[tuple[str, str]] = []
        for app, source in self.rolls.items():
            for via, label in source.via.items():
                words = f"{source.title}（{label}）"
                found.append((f"{app}:{via}:count:", f"{words}　件数"))
                found += [
                    (f"{app}:{via}:{how.value}:{key}", f"{words}　「{one.label}」の{how.label}")
                    for key, one in source.of.items()
                    for how in ways_of(one)
                ]
        return found

    def _shown(self, one: AppField | None) -> dict[str, Any]:
        if one is None:
            return {"in_list": self.kind is not FieldType.LONG_TEXT, "filterable": self.kind.may_filter,
                    "sortable": self.kind.may_sort, "data_class": "open", "decimals": 0, "gives": "number"}  # fmt: skip
        same = one.type is self.kind
        return {
            **{name: getattr(one, name) for name in ("label", "help", "decimals", "unit", "required", "unique")},
            **{name: getattr(one, name) for name in ("in_list", "filterable", "sortable")},
            "before_number": one.prefix,
            "data_class": one.data_class.value,
            "gives": one.gives.value,
            "choices": "\n".join(choice.label for choice in one.choices if choice.is_used),
            "rule": in_formula(one.rule, self.definition),
            "needed_when": in_formula(one.needed_when, self.definition),
            "least": ("今日" if one.least == TODAY else one.least) if same else "",
            "most": ("今日" if one.most == TODAY else one.most) if same else "",
            "source": f"{one.app}:{one.shows}" if one.app else "",
            "roll": f"{one.app}:{one.via}:{one.how.value}:{one.of}",
            "default": in_words(one, one.default) if same else "",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._make(cleaned)
        return cleaned

    def _make(self, typed: Mapping[str, Any]) -> None:
        before = self.before
        key = (
            before.key
            if before
            else key_for(typed["label"], {*self.taken, *(one.key for one in self.definition.fields)})
        )
        app, _, shows = typed.get("source", "").partition(":")
        given: dict[str, Any] = {
            name: typed[name]
            for name in ("label", "help", "unit", "required", "unique", "in_list", "filterable", "sortable")
            if name in typed
        }
        given |= {
            "decimals": typed.get("decimals") or 0,
            "app": app,
            "shows": shows,
            "prefix": typed.get("before_number", ""),
        }
        if "roll" in typed:
            app, via, how, of = typed["roll"].split(":")
            gives, unit = gives_of(Summary(how), self.rolls[app].of.get(of))
            given |= {"app": app, "via": via, "how": how, "of": of, "gives": gives, "unit": unit}
        if "data_class" in typed:
            given["data_class"] = typed["data_class"] or "open"
        if "gives" in typed:
            given["gives"] = typed["gives"] or "number"
        if "choices" in typed:
            given["choices"] = choices_from(typed["choices"].splitlines(), before.choices if before else ())
        try:
            if "rule" in typed:
                name = "rule"
                given["rule"] = self._formula("rule")
            if typed.get("needed_when"):
                name = "needed_when"
                given["needed_when"] = self._formula("needed_when")
            for name in ("least", "most"):
                if typed.get(name):
                    given[name] = read_limit(self.kind, typed[name])
            self.made = AppField(key=key, type=self.kind, **given)
            if typed.get("default"):
                name = "default"
                self.made = self.made.model_copy(update={"default": from_text(self.made, typed["default"])})
        except Refusal as refusal:
            self.add_error(name, f"{refusal.message}{refusal.hint or ''}")
        except ValueError:
            self.add_error(None, "項目として正しくありません。選択肢は300まで、一つ100文字までです。")

    def _formula(self, name: str) -> Any:
        """The rule that was written; one that cannot be written here stays as it is while nobody changes it."""
        before = getattr(self.before, name) if self.before is not None else None
        written = self.cleaned_data[name]
        if before is not None and written.strip() == in_formula(before, self.definition).strip():
            return before
        return read_formula(written, self.definition)


def _asked(kind: FieldType) -> set[str]:
    asked = {"label", "help"}
    if kind is FieldType.HEADING:
        return asked
    asked |= {"in_list", "data_class"}
    if kind.is_typed:
        asked |= {"required", "needed_when"}
        if kind in LIMITED:
            asked |= {"least", "most"}
        if kind not in (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP) and not kind.holds_files:
            asked.add("default")
    for name, is_asked in (
        ("unique", kind.may_be_unique),
        ("filterable", kind.may_filter),
        ("sortable", kind.may_sort),
        ("choices", kind.has_choices),
        ("decimals", kind is FieldType.NUMBER),
        ("unit", kind is FieldType.NUMBER),
        ("before_number", kind is FieldType.AUTO_NUMBER),
        ("rule", kind is FieldType.COMPUTED),
        ("gives", kind is FieldType.COMPUTED),
        ("source", kind is FieldType.LOOKUP),
        ("roll", kind is FieldType.ROLLUP),
    ):
        if is_asked:
            asked.add(name)
    return asked


class GroupForm(TownForm):
    """One group of people: who they are, what they may do, which records and fields they see."""

    name = forms.CharField(label="グループの名前", max_length=40, help_text="例：管理する人、自分の課、そのほかの職員")
    everybody = forms.BooleanField(label="すべての職員", required=False)
    roles = forms.MultipleChoiceField(
        label="役割",
        required=False,
        choices=[(one.value, one.label) for one in Role],
        widget=forms.CheckboxSelectMultiple,
    )
    sections = forms.MultipleChoiceField(
        label="所属",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text="課を選ぶと、その班の人も入ります。Ctrl キーを押しながら、いくつか選べます。",
    )
    staff = forms.MultipleChoiceField(label="職員", required=False, widget=forms.SelectMultiple(attrs={"size": 8}))
    see = forms.BooleanField(label="記録を見る", required=False)
    create = forms.BooleanField(label="記録を作る", required=False)
    edit = forms.BooleanField(label="記録を変える・消す", required=False)
    export = forms.BooleanField(label="CSV・Excel に書き出す", required=False)
    manage = forms.BooleanField(
        label="アプリを管理する", required=False, help_text="項目と権限を変えられ、すべての記録と項目が見えます。"
    )
    rows = forms.ChoiceField(
        label="見える記録", choices=[(one.value, one.label) for one in Rows], widget=forms.RadioSelect, initial="all"
    )
    rule = forms.CharField(
        label="条件",
        required=False,
        max_length=2000,
        help_text='「条件に合う記録」のとき。例：「状態」= "公開" かつ 「金額」< 1000',
    )

    def __init__(
        self,
        *args: Any,
        definition: AppDefinition,
        sections: Sequence[tuple[str, str]],
        staff: Sequence[tuple[str, str]],
        before: Group | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        fields: Any = self.fields
        fields["sections"].choices, fields["staff"].choices = sections, staff
        self.columns: list[str] = []
        for one in definition.fields:
            if one.type.is_column:
                name = f"column_{one.key}"
                self.columns.append(name)
                options = [
                    (choice.value, choice.label) for choice in Column if one.type.is_typed or choice is not Column.EDIT
                ]
                self.fields[name] = forms.ChoiceField(label=one.label, choices=options)
                self.initial[name] = options[0][0]
        if before is None:
            self.initial.update({"see": True, "rows": "all"})
        else:
            for name in (
                "name",
                "everybody",
                "roles",
                "sections",
                "staff",
                "see",
                "create",
                "edit",
                "export",
                "manage",
            ):
                self.initial[name] = getattr(before, name)
            self.initial.update({"rows": before.rows.value, "rule": in_formula(before.rule, definition)})
            self.initial.update({f"column_{key}": column.value for key, column in before.columns.items()})

    def column_fields(self) -> list[Any]:
        """The bound fields of the columns."""
        return [self[name] for name in self.columns]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        rule = None
        if cleaned.get("rows") == Rows.RULE.value:
            try:
                rule = read_formula(cleaned.get("rule", ""), self.definition)
            except Refusal as refusal:
                self.add_error("rule", f"{refusal.message}{refusal.hint or ''}")
            else:
                if rule is None:
                    self.add_error("rule", "条件を書いてください。")
        if not self.errors:
            given = {name: cleaned[name] for name in cleaned if not name.startswith("column_") and name != "rule"}
            columns = {name.removeprefix("column_"): cleaned[name] for name in self.columns if cleaned[name] != "edit"}
            self.made = Group.model_validate({**given, "rule": rule, "columns": columns})
        return cleaned


class SheetForm(TownForm):
    """A sheet that becomes an app, or records of one."""

    sheet = forms.FileField(
        label="Excel または CSV のファイル",
        help_text="Excel（.xlsx）か CSV、10 MB・10,000行まで。見出しの行は自動で見つけます（上に表題があっても、見出しが2行でもかまいません）。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空（0 バイト）です。"},
    )


class ColumnsForm(TownForm):
    """What becomes of each column of a sheet: left out, or a field of a name and a type."""

    title = forms.CharField(label="アプリの名前", max_length=60)

    def __init__(self, *args: Any, guesses: Sequence[Guess], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guesses = guesses
        lower = [guess.name.rpartition("／")[2] for guess in guesses]  # the lower half of a two-row header
        for number, guess in enumerate(guesses):
            self.fields[f"label_{number}"] = forms.CharField(label=f"「{guess.name}」の項目の名前", max_length=60)
            self.fields[f"type_{number}"] = forms.ChoiceField(
                label=f"「{guess.name}」の種類", choices=[("", "取り込まない"), *_OF_SHEETS], required=False
            )
            self.fields[f"required_{number}"] = forms.BooleanField(
                label=f"「{guess.name}」を必須にする", required=False
            )
            self.initial.update(
                {
                    f"label_{number}": tidy_label(lower[number] if lower.count(lower[number]) == 1 else guess.name)[
                        :60
                    ],
                    f"type_{number}": guess.type.value,
                    f"required_{number}": guess.required,
                }
            )

    def lines(self) -> list[dict[str, Any]]:
        """The columns with their controls, as the page shows them."""
        return [
            {
                "guess": guess,
                "label": self[f"label_{number}"],
                "type": self[f"type_{number}"],
                "required": self[f"required_{number}"],
            }
            for number, guess in enumerate(self.guesses)
        ]

    def wanted(self) -> list[tuple[Guess, str, FieldType, bool]]:
        """The columns to bring in: guess, label, type, required."""
        typed = self.cleaned_data
        return [
            (guess, typed[f"label_{number}"], FieldType(typed[f"type_{number}"]), typed[f"required_{number}"])
            for number, guess in enumerate(self.guesses)
            if typed[f"type_{number}"]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.wanted():
            self.add_error(None, "取り込む列がありません。一つ以上の列の種類を選んでください。")
        return cleaned


_OF_SHEETS = [(one.value, one.label) for one in FieldType if one.is_in_sheets and one is not FieldType.LOOKUP]
