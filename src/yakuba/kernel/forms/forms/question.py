"""The question editor: one form for every kind, its fields told by the kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from yakuba.kernel.expressions.api import Named, ValueType
from yakuba.kernel.forms.exchange.plain_rules import PlainRuleFault, read_rule, write_rule
from yakuba.kernel.forms.exchange.question_list import PREFILL_WORDS
from yakuba.kernel.forms.forms.condition import ALWAYS, ConditionForm, sentence_of
from yakuba.kernel.forms.forms.kind_settings import FIRST, SETTINGS, TEXTS, setting_value
from yakuba.kernel.forms.forms.texts import error_lines, text_fields, text_of, three
from yakuba.kernel.forms.rules.amounts import Amount, read_amount, write_amount
from yakuba.kernel.forms.rules.check import PREFILLS
from yakuba.kernel.forms.rules.conditions import subjects_of, value_in_words, value_of_words
from yakuba.kernel.forms.rules.definition import MOST_OPTIONS
from yakuba.kernel.forms.rules.options import lines_of, merged_options, repeated
from yakuba.kernel.forms.rules.suggest import suggest
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal

MOST_CHECKS = 10
MOST_DETAILED = 60
"""Options beyond so many are given their other languages in Excel, not on the page."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PRICE = re.compile(r"[0-9]{1,12}")
_SILENT = ("text_block", "computed", "fee")
Json = dict[str, Any]


class QuestionForm(TownForm):
    """A question as it is edited. ``question`` is the stored one (for a new one: what was suggested).

    After `is_valid` the new question stands in ``result``; with rules of its own as they were when untouched.
    """

    key = forms.CharField(
        label="名前（英数字）",
        required=False,
        max_length=40,
        help_text="書き出した表や条件の中で使う名前です。空欄なら自動で付けます。変えると、条件もいっしょに変わります。",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        question: Json,
        names: Mapping[str, Named],
        own_names: Mapping[str, Named],
        taken: frozenset[str] = frozenset(),
        is_new: bool = False,
        in_group: bool = False,
    ) -> None:
        self.question, self.names, self.taken = question, names, taken
        self.is_new, self.in_group = is_new, in_group
        self.kind = str(question["type"])
        self.is_answered = self.kind not in _SILENT
        self.result: Json = {}
        super().__init__(data)
        self.initial["key"] = "" if is_new else question["key"]
        lines = 2 if self.kind in ("text_block",) else 1
        self._add(
            text_fields("label", "見出し" if self.kind == "text_block" else "質問の文", given=question.get("label"),
                        required=True, most=300, lines=lines)
        )  # fmt: skip
        for name, words, required, count in TEXTS.get(self.kind, ()):
            given = question.get(name)
            self._add(
                text_fields(name, words, given=given, required=required, most=5000 if count > 1 else 60, lines=count)
            )
        self._add(text_fields("help", "説明", given=question.get("help"), most=2000, lines=2))
        if self.is_answered:
            self._add(text_fields("why", "おたずねする理由", given=question.get("why"), most=1000, lines=2))
        self._add_settings()
        if "options" in question or self.kind in ("choice", "choices"):
            self._add_options()
        if self.kind in ("computed", "fee"):
            self._add_value()
        if self.kind == "date":
            self._add_limits()
        if self.kind == "group" and not question.get("questions"):
            self.fields["inside"] = forms.CharField(
                label="一件ごとにたずねること（一行に一つ）",
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text="例：氏名、生年月日、続柄。種類は言葉から選びます。あとで直せます。",
            )
        self._add_prefill()
        if self.is_answered:
            self.fields["is_sensitive"] = forms.BooleanField(
                label="要配慮個人情報（病歴、障害、犯罪の経歴など）",
                required=False,
                initial=question.get("is_sensitive", False),
                help_text="答えを暗号化して保存します。",
            )
        self._conditions(data, own_names)

    def _add(self, fields: Mapping[str, forms.Field]) -> None:
        self.fields.update(fields)

    def _add_settings(self) -> None:
        for setting in SETTINGS.get(self.kind, ()):
            field = setting.build()
            field.initial = setting_value(setting, self.question)
            self.fields[setting.name] = field

    def _add_options(self) -> None:
        options = self.question.get("options", [])
        written = "\n".join(_ja(one["label"]) for one in options)
        self.fields["options"] = forms.CharField(
            label="選択肢（一行に一つ）",
            max_length=60_000,
            initial=written,
            widget=forms.Textarea(attrs={"rows": max(4, min(len(options) + 1, 14))}),
            help_text="ほかの表や文書から、まとめて貼り付けられます。行を入れ替えると、並び順が変わります。",
        )
        for number, option in enumerate(options[:MOST_DETAILED]):
            label, note = option["label"], option.get("help")
            texts = {"ja": label} if isinstance(label, str) else label
            notes = {"ja": note} if isinstance(note, str) else note or {}
            self._add(
                {
                    f"o{number}_value": forms.CharField(
                        label="値", max_length=40, initial=option["value"], required=False
                    ),
                    f"o{number}_easy": _line("やさしい日本語", texts.get("ja-easy", "")),
                    f"o{number}_en": _line("英語", texts.get("en", "")),
                    f"o{number}_help": _line("説明", notes.get("ja", "")),
                    f"o{number}_when": _line("出す条件（式）", write_rule(option.get("when")), 4000),
                }
            )

    def _add_value(self) -> None:
        subjects = subjects_of(self.names)
        amount = read_amount(self.question.get("value"), subjects) or Amount("")
        numbers = [(one.id, one.label) for one in subjects if one.type in (ValueType.NUMBER, ValueType.YEN)]
        chosen = [(one.id, one.label) for one in subjects if one.choices and one.type is ValueType.CHOICE]
        how = [("fixed", "決まった額・数")]
        if numbers:
            how.append(("times", "単価 × 答えの数"))
        if chosen:
            how.append(("table", "選んだものごとに決める"))
        how.append(("plain", "式で書く"))
        is_free = "value" not in self.question
        self._add(
            {
                "how": forms.ChoiceField(
                    label="決め方", choices=how, widget=forms.RadioSelect, initial=amount.how or ("fixed" if is_free else "plain")
                ),
                "price": forms.IntegerField(
                    label="額・単価", required=False, min_value=0, max_value=10**12 - 1,
                    initial=amount.price if amount.how in ("fixed", "times") else None,
                ),
                "times": forms.ChoiceField(label="数の質問", choices=numbers, required=False, initial=amount.subject),
                "table_of": forms.ChoiceField(label="選ぶ質問", choices=chosen, required=False, initial=amount.subject),
                "table": forms.CharField(
                    label="選択肢ごとの額（一行に「選択肢=額」）", required=False, max_length=20_000,
                    widget=forms.Textarea(attrs={"rows": 5}), initial=self._table_lines(amount),
                    help_text="例：大きい家具=1000。書かない選択肢は0になります。",
                ),
                "value_plain": forms.CharField(
                    label="式", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
                    initial=write_rule(self.question.get("value")),
                    help_text="例：もし(discount, 3000, 4000) * people",
                ),
            }
        )  # fmt: skip

    def _table_lines(self, amount: Amount) -> str:
        if amount.how != "table":
            return ""
        words = dict(self.names[amount.subject].choices)
        return "\n".join(f"{words.get(value, value)}={price}" for value, price in amount.table)

    def _add_limits(self) -> None:
        for name, words in (("earliest", "最も早い日"), ("latest", "最も遅い日")):
            rule = self.question.get(name)
            self.fields[name] = forms.CharField(
                label=f"{words}（空欄は制限なし）",
                required=False,
                max_length=2000,
                initial=self._limit_words(rule),
                help_text="例：今日、今日の14日後、2026-04-01、「開始日」" if name == "earliest" else "",
            )

    def _limit_words(self, rule: Any) -> str:
        if rule is None:
            return ""
        return value_in_words(rule, ValueType.DATE, subjects_of(self.names)) or write_rule(rule)

    def _add_prefill(self) -> None:
        fitting = [name for name, kind in PREFILLS.items() if kind == self.kind]
        if fitting and not self.in_group:
            self.fields["prefill"] = forms.ChoiceField(
                label="はじめから入れておく値",
                required=False,
                choices=[("", "なし"), *((name, PREFILL_WORDS[name]) for name in fitting)],
                initial=self.question.get("prefill", ""),
                help_text="分かっているときだけ入ります。直すこともできます。",
            )

    def _conditions(self, data: Any, own_names: Mapping[str, Named]) -> None:
        question, names = self.question, self.names
        self.when = ConditionForm(
            data, prefix="when", rule=question.get("when"), names=names, modes=[(ALWAYS, "いつもたずねる")]
        )
        required = question.get("required", True)
        self.required_when = ConditionForm(
            data,
            prefix="required",
            rule=None if isinstance(required, bool) else required,
            names=names,
            modes=[(ALWAYS, "必ず答えてもらう（必須）"), ("never", "答えなくてもよい（任意）")],
        )
        if required is False:
            self.required_when.initial["mode"] = "never"
        self.checks: list[CheckForm] = []
        if self.is_answered:
            stored = list(question.get("checks", ()))[:MOST_CHECKS]
            for number in range(min(len(stored) + 1, MOST_CHECKS)):
                check = stored[number] if number < len(stored) else {}
                self.checks.append(CheckForm(data, number=number, check=check, names={**names, **own_names}))

    @property
    def editors(self) -> list[ConditionForm]:
        """All condition editors of the page."""
        return [self.when, *([self.required_when] if self.is_answered else []), *(one.condition for one in self.checks)]

    def is_valid(self) -> bool:
        parts = [super().is_valid(), self.when.is_valid()]
        if self.is_answered:
            parts.append(self.required_when.is_valid())
        parts += [one.is_valid() for one in self.checks]
        if not all(parts):
            return False
        self.result = self._made()
        return not self.errors

    def clean_key(self) -> str:
        typed = str(self.cleaned_data.get("key", "")).strip().lower()
        if not typed:
            return "" if self.is_new else str(self.question["key"])
        if not _KEY.fullmatch(typed):
            raise forms.ValidationError(
                "英小文字で始まる、英小文字・数字・「_」の名前にしてください（例：birth_date）。"
            )
        return typed

    def clean_options(self) -> str:
        written = str(self.cleaned_data["options"])
        lines = lines_of(written)
        if double := repeated(lines):
            raise forms.ValidationError(f"同じ選択肢が二つあります：{'、'.join(double[:5])}")
        if len(lines) > MOST_OPTIONS:
            raise forms.ValidationError(f"選択肢は{MOST_OPTIONS}個までです（いまは{len(lines)}個）。")
        if not lines:
            raise forms.ValidationError("選択肢を一つ以上書いてください。")
        return written

    def _made(self) -> Json:
        cleaned = self.cleaned_data
        made: Json = {
            "type": self.kind,
            "key": cleaned["key"],
            "label": text_of(cleaned, "label", self.question.get("label")),
        }
        if not made["key"]:
            made["key"] = suggest(made["label"]["ja"], self.kind, taken=self.taken).key
        for name, _words, _required, _lines in TEXTS.get(self.kind, ()):
            _put(made, name, text_of(cleaned, name, self.question.get(name)))
        _put(made, "help", text_of(cleaned, "help", self.question.get("help")))
        if self.is_answered:
            _put(made, "why", text_of(cleaned, "why", self.question.get("why")))
            if cleaned.get("is_sensitive"):
                made["is_sensitive"] = True
            made["required"] = self._required()
            made["checks"] = [one.made for one in self.checks if one.made]
        _put(made, "when", self.when.cleaned_rule)
        for setting in SETTINGS.get(self.kind, ()):
            made[setting.name] = setting.read(cleaned.get(setting.name))
        _put(made, "prefill", cleaned.get("prefill") or None)
        if "options" in self.fields:
            made["options"] = self._options_made()
        if self.kind in ("computed", "fee"):
            made["value"] = self._value_made()
        if self.kind == "date":
            for name in ("earliest", "latest"):
                _put(made, name, self._limit_made(name))
        if self.kind == "group":
            made["questions"] = self.question.get("questions") or self._inside_made()
        return made

    def _required(self) -> Any:
        mode = self.required_when.cleaned_data.get("mode") or self.required_when.initial["mode"]
        if mode == "never":
            return False
        return True if mode == ALWAYS else self.required_when.cleaned_rule

    def _options_made(self) -> list[Json]:
        old: list[Json] = [dict(one) for one in self.question.get("options", ())]
        for number, option in enumerate(old[:MOST_DETAILED]):
            value = str(self.cleaned_data.get(f"o{number}_value", "")).strip()
            if value:
                option["value"] = value
            label = option["label"]
            texts = {"ja": label} if isinstance(label, str) else dict(label)
            for ending, code in (("easy", "ja-easy"), ("en", "en")):
                typed = str(self.cleaned_data.get(f"o{number}_{ending}", "")).strip()
                texts = {**texts, code: typed} if typed else {key: one for key, one in texts.items() if key != code}
            option["label"] = texts
            note = option.get("help")
            notes = {"ja": note} if isinstance(note, str) else dict(note or {})
            typed = str(self.cleaned_data.get(f"o{number}_help", "")).strip()
            option.pop("help", None)
            if typed:
                option["help"] = {**notes, "ja": typed}
            self._option_rule(number, option)
        return merged_options(lines_of(self.cleaned_data["options"]), old)

    def _option_rule(self, number: int, option: Json) -> None:
        written = str(self.cleaned_data.get(f"o{number}_when", "")).strip()
        if written == write_rule(option.get("when")):
            return
        option.pop("when", None)
        try:
            _put(option, "when", read_rule(written))
        except PlainRuleFault as fault:
            self.add_error(f"o{number}_when", f"{fault.message}{fault.hint or ''}")

    def _value_made(self) -> Any:
        cleaned = self.cleaned_data
        how = cleaned["how"]
        if how == "plain":
            written = cleaned["value_plain"]
            if written.strip() == write_rule(self.question.get("value")).strip() and written.strip():
                return self.question["value"]
            try:
                rule = read_rule(written)
            except PlainRuleFault as fault:
                self.add_error("value_plain", f"{fault.message}{fault.hint or ''}")
                return 0
            if rule is None:
                self.add_error("value_plain", "式を書いてください。")
            return rule
        if how in ("fixed", "times") and cleaned.get("price") is None:
            self.add_error("price", "額を数字で入力してください。")
            return 0
        subject = {"fixed": "", "times": cleaned.get("times", ""), "table": cleaned.get("table_of", "")}[how]
        table = self._table_made(subject) if how == "table" else ()
        return write_amount(Amount(how, cleaned.get("price") or 0, subject, table), subjects_of(self.names))

    def _table_made(self, subject: str) -> tuple[tuple[str, int], ...]:
        by_words = {label: value for value, label in self.names[subject].choices.items()}
        found: list[tuple[str, int]] = []
        for line in (
            str(self.cleaned_data["table"])
            .translate(str.maketrans("＝，０１２３４５６７８９", "=,0123456789"))
            .splitlines()
        ):
            if not line.strip():
                continue
            words, _sign, price = line.rpartition("=")
            amount = price.replace(",", "").removesuffix("円").strip()
            value = by_words.get(words.strip(), words.strip())
            if value not in self.names[subject].choices or not _PRICE.fullmatch(amount):
                self.add_error(
                    "table", f"「{line.strip()[:30]}」が読めません。「選択肢=額」の形で、一行に一つ書いてください。"
                )
                continue
            found.append((value, int(amount)))
        if not found and "table" not in self.errors:
            self.add_error("table", "選択肢ごとの額を書いてください。")
        return tuple(found)

    def _limit_made(self, name: str) -> Any:
        written = str(self.cleaned_data.get(name, "")).strip()
        if written == self._limit_words(self.question.get(name)):
            return self.question.get(name)
        if not written:
            return None
        try:
            return value_of_words(written, ValueType.DATE, subjects_of(self.names))
        except Refusal as refusal:
            try:
                return read_rule(written)
            except PlainRuleFault:
                self.add_error(name, f"{refusal.message}{refusal.hint or ''}")
                return None

    def _inside_made(self) -> list[Json]:
        taken: set[str] = set()
        found: list[Json] = []
        for line in lines_of(self.cleaned_data.get("inside", ""))[:40]:
            found.append(question_from_words(line, taken))
            taken.add(found[-1]["key"])
        if not found:
            self.add_error("inside", "一件ごとにたずねることを、一つ以上書いてください。")
        return found

    @property
    def main_texts(self) -> list[Json]:
        """The label and what the kind has of further texts, each in three languages."""
        return [three(self, name) for name in ("label", *(one[0] for one in TEXTS.get(self.kind, ())))]

    @property
    def more_texts(self) -> list[Json]:
        """Help, and why it is asked."""
        return [three(self, name) for name in ("help", *(("why",) if self.is_answered else ()))]

    @property
    def error_list(self) -> list[dict[str, str]]:
        """Every error of the page, in its order."""
        parts: list[tuple[forms.BaseForm, str]] = [(self, ""), (self.when, "いつたずねますか")]
        if self.is_answered:
            parts.append((self.required_when, "答えは必要ですか"))
        for one in self.checks:
            parts += [(one.condition, one.legend), (one, "")]
        return error_lines(*parts)

    @property
    def settings(self) -> list[Any]:
        """The settings of the kind, as bound fields."""
        return [self[one.name] for one in SETTINGS.get(self.kind, ())]

    @property
    def limits(self) -> list[Any]:
        """Earliest and latest day of a date."""
        return [self[name] for name in ("earliest", "latest")] if self.kind == "date" else []

    @property
    def further(self) -> list[Any]:
        """What few questions need: a first value, protection, the key."""
        return [self[name] for name in ("prefill", "is_sensitive", "key") if name in self.fields]

    @property
    def has_further_errors(self) -> bool:
        """Whether something folded away must be put right."""
        return any(one.errors for one in self.further) or any(one.errors or one.condition.errors for one in self.checks)

    @property
    def option_rows(self) -> list[Json]:
        """The details of the options that are stored."""
        return [
            {"number": number, "label": _ja(option["label"]), **{part: self[f"o{number}_{part}"] for part in ("value", "easy", "en", "help", "when")}}
            for number, option in enumerate(self.question.get("options", ())[:MOST_DETAILED])
        ]  # fmt: skip

    @property
    def value_sentence(self) -> str:
        """The computed value or fee in words."""
        rule = self.result.get("value") if self.result else self.question.get("value")
        return sentence_of(rule, self.names, as_value=True)


class CheckForm(TownForm):
    """One further condition an answer must meet, and what is said when it does not."""

    def __init__(self, data: Any, *, number: int, check: Json, names: Mapping[str, Named]) -> None:
        self.check, self.number = check, number
        super().__init__(data, prefix=f"check{number}")
        self.fields.update(text_fields("message", "満たさないときに出す文", given=check.get("message"), most=500))
        self.condition = ConditionForm(
            data,
            prefix=f"check{number}-rule",
            rule=check.get("rule"),
            names=names,
            modes=[(ALWAYS, "この確認をしない")],
        )
        self.made: Json | None = None

    @property
    def legend(self) -> str:
        """What the condition decides."""
        return f"入力の確認{self.number + 1}：正しい答えの条件"

    @property
    def message(self) -> Json:
        """The sentence, in three languages."""
        return three(self, "message")

    def is_valid(self) -> bool:
        if not (super().is_valid() & self.condition.is_valid()):
            return False
        message = text_of(self.cleaned_data, "message", self.check.get("message"))
        rule = self.condition.cleaned_rule
        self.made = None
        if rule is None:
            return True
        if message is None:
            self.add_error("message_ja", "満たさないときに出す文を書いてください。")
            return False
        self.made = {"rule": rule, "message": message}
        return True


def question_from_words(line: str, taken: set[str]) -> Json:
    """A question for a line of a pasted list: its kind and key told from its words."""
    told = suggest(line, taken=taken)
    first = FIRST.get(told.kind, {})
    label = first.get("label", {})
    question: Json = {
        **told.settings,
        **first,
        "type": told.kind,
        "key": told.key,
        "label": dict(label) if label.get("ja") == line.strip() else {"ja": line},
    }
    return question


def _ja(label: Any) -> str:
    return str(label if isinstance(label, str) else label.get("ja", ""))


def _line(label: str, initial: str, most: int = 300) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, initial=initial)


def _put(into: Json, name: str, value: Any) -> None:
    if value is not None:
        into[name] = value
