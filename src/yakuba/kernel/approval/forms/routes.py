"""The forms of the route editor: one for the route, one for each stage, one for the example it is tried out with."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.approval.forms.base import VerbForm
from yakuba.kernel.approval.queries.seat_words import key_of, seat_of_key
from yakuba.kernel.approval.rules.routes import ALL, MOST_STAGES, Seat, Stage, StageKind, Who, read_route
from yakuba.kernel.approval.rules.simple_conditions import ABOVE, BELOW, CHOICES, choice_of, rule_of
from yakuba.kernel.ui.api import DateField
from yakuba.kernel.values.api import Refusal

SEATS = 4
"""Seats of a stage one chooses from lists; further people are named by number, anything else in the raw form."""

Choices = Sequence[tuple[str, str]]


class RouteForm(VerbForm):
    """What a route is called, for which drafts it holds, from when, and its raw form for what the rows cannot show."""

    title = forms.CharField(label="名前", max_length=80, help_text="例：支出を伴う起案")
    kind = forms.CharField(
        label="決裁の種類",
        required=False,
        max_length=40,
        help_text="起案の種類と同じ言葉で。空にすると、ほかに当てはまるルートのないすべての起案に使います。",
    )
    section_code = forms.ChoiceField(label="使う所属", required=False)
    authority = forms.ChoiceField(label="使う執行機関", required=False)
    starts_on = DateField(label="この日から", help_text="すでに回っている起案のルートは変わりません。")
    ground = forms.CharField(label="根拠", required=False, max_length=200, help_text="例：文書取扱規程第12条")
    count = forms.IntegerField(required=False, widget=forms.HiddenInput)
    use_raw = forms.BooleanField(label="下の行でなく、この形式を使う", required=False)
    raw = forms.CharField(
        label="段階（JSON）", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, sections: Choices, authorities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, first, choices in (
            ("section_code", "すべての所属", sections),
            ("authority", "すべての執行機関", authorities),
        ):
            field: Any = self.fields[name]
            field.choices = [("", first), *choices]

    def clean_raw(self) -> list[Any]:
        """The stages as written, as lists and tables; checked as a route later."""
        written = self.cleaned_data["raw"].strip()
        if not written or not self.cleaned_data.get("use_raw"):
            return []
        try:
            found = json.loads(written)
        except (ValueError, RecursionError) as fault:
            raise forms.ValidationError("JSON として読めません。かっことカンマを確かめてください。") from fault
        if not isinstance(found, list):
            raise forms.ValidationError("段階の一覧（[ で始まるもの）を書いてください。")
        return found


class StageRowForm(VerbForm):
    """One row: place, kind, seats, how many of them are needed, when. A row without a kind is left out."""

    order = forms.IntegerField(label="順番", required=False, min_value=1, max_value=99)
    kind = forms.ChoiceField(label="種類", required=False)
    title = forms.CharField(label="段階の名前", required=False, max_length=40)
    seat_1 = forms.ChoiceField(label="席1", required=False)
    seat_2 = forms.ChoiceField(label="席2", required=False)
    seat_3 = forms.ChoiceField(label="席3", required=False)
    seat_4 = forms.ChoiceField(label="席4", required=False)
    staff = forms.CharField(label="職員番号で加える席", required=False, max_length=200)
    quorum = forms.IntegerField(label="必要な人数（空は全員）", required=False, min_value=0, max_value=20)
    when = forms.ChoiceField(label="通るとき", required=False, choices=CHOICES)
    amount = forms.IntegerField(label="額（円）", required=False, min_value=0, max_value=10**12)

    def __init__(self, *args: Any, seats: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", "（使わない）"), *((one.value, one.label) for one in StageKind)]
        for number in range(1, SEATS + 1):
            field: Any = self.fields[f"seat_{number}"]
            field.choices = [("", "—"), *seats]

    @property
    def is_more(self) -> bool:
        """Whether something stands in the folded part of the row."""
        names = ("seat_2", "seat_3", "seat_4", "staff", "quorum")
        return any(self[one].value() not in (None, "") for one in names)

    def clean(self) -> dict[str, Any]:
        """A condition about an amount needs one; a stage needs a seat."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("kind"):
            return given
        if given.get("when") in (ABOVE, BELOW) and given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "額を入れてください。")
        if not self.seats():
            self.add_error("seat_1", "席を選んでください。")
        return given

    def seats(self) -> list[Seat]:
        """The seats chosen and named."""
        chosen = [self.cleaned_data.get(f"seat_{number}") for number in range(1, SEATS + 1)]
        found = [seat_of_key(one) for one in chosen if one]
        numbers = [one for one in re.split(r"[\s、,，・]+", self.cleaned_data.get("staff") or "") if one]
        return found + [Seat(Who.STAFF, staff=one) for one in numbers]

    def stage(self) -> dict[str, Any]:
        """The stage as it is stored; call it when the row is sound and used."""
        given = self.cleaned_data
        said: dict[str, Any] = {"kind": given["kind"], "seats": [one.to_json() for one in self.seats()]}
        if given.get("title"):
            said["title"] = given["title"]
        if given.get("quorum"):
            said["quorum"] = given["quorum"]
        rule = rule_of(given.get("when") or "", given.get("amount"))
        if rule is not None:
            said["when"] = rule
        return said


class ExampleForm(VerbForm):
    """The example draft a route is tried out with."""

    section = forms.ChoiceField(label="担当の所属", required=False)
    drafter = forms.CharField(label="起案者の職員番号", required=False, max_length=20)
    kind = forms.CharField(label="決裁の種類", required=False, max_length=40)
    amount = forms.IntegerField(label="金額", required=False, min_value=0, max_value=10**12)
    spends_money = forms.BooleanField(label="支出を伴う", required=False)
    needs_seal = forms.BooleanField(label="公印を押す", required=False)
    is_important = forms.BooleanField(label="重要な案件", required=False)
    is_extraordinary = forms.BooleanField(label="異例な案件", required=False)

    def __init__(self, *args: Any, sections: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [("", "選んでください"), *sections]

    def facts(self) -> dict[str, Any]:
        """The facts of the example, as ``ask_decision`` takes them."""
        flags = ("spends_money", "needs_seal", "is_important", "is_extraordinary")
        found: dict[str, Any] = {one: bool(self.cleaned_data.get(one)) for one in flags}
        if self.cleaned_data.get("amount") is not None:
            found["amount"] = self.cleaned_data["amount"]
        return found


def rows_of(stages: Sequence[Any]) -> tuple[list[dict[str, Any]], bool]:
    """What the rows of the editor show for stored stages, and whether they can show all of it."""
    route = read_route(list(stages))
    shown = [_row(stage, number) for number, stage in enumerate(route.stages, start=1)]
    return [one for one, _ in shown], all(whole for _, whole in shown)


def _row(stage: Stage, number: int) -> tuple[dict[str, Any], bool]:
    listed = [one for one in stage.seats if one.who is not Who.STAFF]
    named = [one.staff for one in stage.seats if one.who is Who.STAFF]
    choice = choice_of(stage.when)
    row: dict[str, Any] = {
        "order": number * 10 if number < 10 else 89 + number,
        "kind": stage.kind.value,
        "title": stage.title,
        "staff": "、".join(named),
        "quorum": None if stage.quorum == ALL else stage.quorum,
        "when": choice[0] if choice else "",
        "amount": choice[1] if choice else None,
    }
    row |= {f"seat_{place}": key_of(one) for place, one in enumerate(listed[:SEATS], start=1)}
    return row, choice is not None and len(listed) <= SEATS


def stages_of_rows(rows: Sequence[StageRowForm]) -> list[dict[str, Any]]:
    """The stages of the rows that are used, in their order. Raises ``Refusal`` when there are too many."""
    used = [one for one in rows if one.cleaned_data.get("kind")]
    if len(used) > MOST_STAGES:
        raise Refusal(f"段階は{MOST_STAGES}までです。", hint="段階を減らしてください。")
    ordered = sorted(enumerate(used), key=lambda pair: (pair[1].cleaned_data.get("order") or 99, pair[0]))
    return [one.stage() for _, one in ordered]
