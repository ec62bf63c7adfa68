"""A door in words, for whoever checks it before it opens."""

from __future__ import annotations

from datetime import datetime

from yakuba.office.appbuilder.rules.definition import AppField
from yakuba.office.appbuilder.rules.doors import Door, DoorKind, Words


def door_lines(door: Door, fields: tuple[AppField, ...]) -> tuple[tuple[str, str], ...]:
    """What a door is, line by line: (what, words)."""
    lines = [
        ("種類", door.kind.label),
        ("題名", _said(door.title)),
        ("説明", _said(door.about)),
        ("利用目的", _said(door.purpose)),
        ("使える人", "手続きに定めた本人確認による" if door.kind is DoorKind.APPLICATION else door.needs.label),
        ("受付", _period(door)),
        ("質問", "、".join(_asked(one) for one in fields)),
    ]
    if door.kind is DoorKind.SIGN_UP:
        lines += _of_sign_up(door, fields)
    if door.kind is DoorKind.SURVEY:
        survey = door.survey
        lines += [
            ("記名", "無記名（答えた人が分かるものを残さない）" if survey.anonymous else "記名（利用登録した人）"),
            ("回数", survey.once.label),
            ("回答の上限", f"{survey.most}件" if survey.most else "なし"),
            ("結果の公表", survey.results.label),
        ]
    lines += [
        ("受付後に示す文", _said(door.receipt)),
        ("内容を消す時", f"受付の終わり（決めないときは届いた日）から{door.kept_months}か月後"),
    ]
    return tuple((what, words) for what, words in lines if words)


def door_in_words(door: Door, fields: tuple[AppField, ...]) -> str:
    """The same as one text."""
    return "\n".join(f"{what}：{words}" for what, words in door_lines(door, fields))


def _of_sign_up(door: Door, fields: tuple[AppField, ...]) -> list[tuple[str, str]]:
    places = door.places
    one = next((each for each in fields if each.key == places.field), None)
    capacity = (
        "、".join(f"{one.choice_label(key)} {number}人" for key, number in places.by_choice.items())
        if one is not None
        else f"{places.total}人"
    )
    waiting = "なし"
    if places.waiting:
        answer = f"、空いたら{places.answer_hours}時間以内に返事をもらう" if places.answer_hours else ""
        waiting = f"{places.waiting}組まで、{places.promotion.label}繰り上げる{answer}"
    return [
        ("定員", capacity),
        ("一回の人数", f"{places.group_most}人まで"),
        ("一人が申し込める回数", f"{places.per_person}回"),
        ("空き待ち", waiting),
        ("本人が取り消せる期限", _moment(places.cancel_until or door.closes_at, "なし")),
    ]


def _said(words: Words) -> str:
    lacking = [name for name, text in (("やさしい日本語", words.easy), ("英語", words.en)) if not text.strip()]
    if not words.ja.strip():
        return ""
    return words.ja.strip() + (f"（{'・'.join(lacking)}の文はありません）" if lacking else "")


def _period(door: Door) -> str:
    begins = f"{_moment(door.opens_at, '')}から" if door.opens_at else ""
    ends = f"{_moment(door.closes_at, '')}まで" if door.closes_at else ""
    return f"{begins}　{ends}".strip() or "公開してから、職員が終えるまで"


def _moment(moment: datetime | None, otherwise: str) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else otherwise


def _asked(one: AppField) -> str:
    marks = [
        word for word, holds in (("必須", one.required), (one.data_class.label, one.data_class != "open")) if holds
    ]
    return one.label + (f"（{'・'.join(marks)}）" if marks else "")
