"""What becomes of one question of a form in an app: fields, and in words whatever is not the same there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yakuba.office.appbuilder.queries.from_forms.copying import LONGEST_LABEL, OTHER, Copying, Made
from yakuba.office.appbuilder.queries.from_forms.kinds import KINDS, NOT_ANSWERED
from yakuba.office.appbuilder.rules.definition import AppField, FieldClass, FieldType

LONGEST_HELP = 300
_LISTED = 6
_NOT_LISTED = (FieldType.LONG_TEXT, FieldType.ADDRESS, FieldType.FILES, FieldType.PHOTOS)
_MY_NUMBER = re.compile(r"個人番号|マイナンバー(?!カード)")


def fields_of(
    copying: Copying, question: Any, *, step: str, needs: Needs
) -> tuple[tuple[AppField, ...], tuple[str, ...]]:
    """The fields of one question and everything to be said about it."""
    made = KINDS[question.type][1](copying, question)
    made.notes += _beside(copying, question)
    made_of: list[AppField] = []
    for given in made.fields:
        made_of.append(_field(copying, question, given, before=made_of, made=made, step=step, needs=needs))
    if made_of and made.is_same:
        copying.same[question.key] = made_of[0]
        if len(made_of) > 1:
            copying.same[f"{question.key}_{OTHER}"] = made_of[1]
    return tuple(made_of), tuple(made.notes)


@dataclass(frozen=True)
class Needs:
    """Whether a question must be answered: `always`, or under `rules`, all of which hold; `when` says so in words."""

    always: bool
    rules: tuple[Any, ...] = ()
    may_be_skipped: bool = False


def _field(
    copying: Copying,
    question: Any,
    given: dict[str, Any],
    *,
    before: list[AppField],
    made: Made,
    step: str,
    needs: Needs,
) -> AppField:
    kind: FieldType = given["type"]
    of_other, of_kana = given.pop("of_other", False), given.pop("of_kana", False)
    tail = "のその他の内容" if of_other else "のフリガナ" if of_kana else ""
    words = " ".join(question.label.ja.split())
    wanted = f"{words[: LONGEST_LABEL - len(tail)]}{tail}"
    said: dict[str, Any] = {
        "key": copying.key(f"{question.key}{'_other' if of_other else '_kana' if of_kana else ''}"),
        "label": wanted[:LONGEST_LABEL] if kind is FieldType.HEADING else copying.label(wanted, step),
        "help": "" if before else _help(question, made, is_cut=len(words) > LONGEST_LABEL),
        "data_class": FieldClass.OPEN if kind is FieldType.HEADING else copying.class_of(question, given.get("rule")),
    }
    if kind.is_stored:
        is_listed = given.get("in_list", True) and kind not in _NOT_LISTED and copying.listed < _LISTED
        copying.listed += is_listed
        said |= {
            "in_list": is_listed,
            "filterable": kind.may_filter and (is_listed or kind.has_choices or kind is FieldType.YES_NO),
            "sortable": kind.may_sort and is_listed,
        }
    if question.type not in NOT_ANSWERED:
        if of_other:
            holds = "contains" if question.type == "choices" else "=="
            said["needed_when"] = {holds: [{"var": before[0].key}, OTHER]}
        else:
            said |= _needed(copying, needs, made, first=not before)
    return AppField.model_validate({**given, **said})


def _needed(copying: Copying, needs: Needs, made: Made, *, first: bool) -> dict[str, Any]:
    """Whether the field must be filled: always, under a condition that carries over, or never, which is then said."""
    if not needs.always:
        if needs.rules and first:
            when = "、".join(copying.in_words(one) for one in needs.rules)
            made.notes.append(f"様式では{when}だけ聞きます。アプリではいつも出します。")
        return {}
    if needs.may_be_skipped:
        if first:
            made.notes.append("画面の進み方によっては聞かない質問です。アプリではいつも出し、任意にします。")
        return {}
    if not needs.rules:
        return {"required": True}
    carried = [copying.rule(one) for one in needs.rules]
    when = "、".join(copying.in_words(one) for one in needs.rules)
    if any(one is None for one in carried):
        if first:
            made.notes.append(f"様式では{when}に必要です。この条件は写せないため、いつも出し、任意にします。")
        return {}
    if first:
        made.notes.append(f"いつも出します。{when}は必須です（条件を写します）。")
    return {"needed_when": carried[0] if len(carried) == 1 else {"and": carried}}


def _beside(copying: Copying, question: Any) -> Iterator[str]:
    for one in question.checks:
        yield f"入力の確認「{one.message.ja}」は写しません。"
    if question.prefill == "today":
        yield "最初の値（今日の日付）は入りません。"
    if _MY_NUMBER.search(question.label.ja):
        yield "個人番号（マイナンバー）は、アプリのどの項目にも入れられません。"
    if question.type in NOT_ANSWERED and question.when is not None:
        yield f"様式では{copying.in_words(question.when)}だけ出ます。アプリではいつも出します。"


def _help(question: Any, made: Made, *, is_cut: bool) -> str:
    parts = [" ".join(question.label.ja.split())] if is_cut else []
    if is_cut:
        made.notes.append(f"名前が長いため、{LONGEST_LABEL}文字までにします。元の名前は説明に入れます。")
    parts += [question.help.ja] if question.help else []
    parts += [f"お聞きする理由：{question.why.ja}"] if question.why else []
    whole = "　".join((*parts, *made.help)).strip()
    if len(whole) > LONGEST_HELP:
        made.notes.append(
            f"説明が{LONGEST_HELP}文字を超えるため、終わりの「…{whole[LONGEST_HELP - 1 :][:60]}」からを除きます。"
        )
        return whole[: LONGEST_HELP - 1] + "…"
    return whole
