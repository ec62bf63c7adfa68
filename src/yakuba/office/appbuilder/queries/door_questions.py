"""The questions of a door as a form of `kernel.forms`, and its answers as values of a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yakuba.kernel.forms.api import Evaluation, FormDefinition, evaluate_form, read_definition
from yakuba.kernel.values.api import Clock, Refusal, Text
from yakuba.office.appbuilder.models import Entrance
from yakuba.office.appbuilder.rules.definition import AppChoice, AppField, FieldType
from yakuba.office.appbuilder.rules.doors import Ask, Door, DoorKind, Needs
from yakuba.office.appbuilder.rules.limits import TODAY
from yakuba.office.appbuilder.rules.values import LONGEST_SHORT, from_text

PEOPLE, MAIL, APPLICANT = "people_", "mail_", "applicant_name_"
"""What the door itself asks. No field of an app can be called so."""
STEP = "questions"
_OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_LONGEST_LONG = 2000


def option_value(one: AppField, place: int) -> str:
    """The value of a choice in the form: its key, or its place where the key would be none there."""
    key = one.choices[place].key
    return key if _OPTION.fullmatch(key) and not key.startswith("no.") else f"no.{place}"


def form_of(door: Door, fields: tuple[AppField, ...], *, key: str) -> FormDefinition:
    """The form a door shows; `fields` are those it asks, as they were decided."""
    known = {one.key: one for one in fields}
    questions = [_question(known[ask.field], ask) for ask in door.asks if ask.field in known]
    if door.kind is DoorKind.SIGN_UP:
        if door.places.group_most > 1:
            questions.append(_people(door.places.group_most))
        if door.needs is Needs.NONE:
            questions.append(_mail(is_needed=not any(one.type is FieldType.PHONE for one in fields)))
    steps: list[dict[str, Any]] = []
    if door.kind is DoorKind.APPLICATION:
        questions = [one for one in questions if one["key"] != door.name_field]
        steps.append({"key": "applicant", "title": _APPLICANT_TITLE, "questions": list(_APPLICANT)})
    if questions:
        steps.append({"key": STEP, "title": _STEP_TITLE, "questions": questions})
    said = {name: words.text() for name, words in (("introduction", door.about), ("completion", door.receipt))}
    return read_definition(
        {
            "format": "yakuba-form/1",
            "key": key,
            "title": (door.title.text("入口") or Text("入口")).to_dict(),
            **{name: text.to_dict() for name, text in said.items() if text is not None},
            "steps": steps,
        }
    )


_STEP_TITLE = {"ja": "質問", "ja-easy": "しつもん", "en": "Questions"}
_APPLICANT_TITLE = {"ja": "申請する人", "ja-easy": "あなたの こと", "en": "About you"}
_APPLICANT: tuple[dict[str, Any], ...] = (
    {
        "key": APPLICANT,
        "type": "name",
        "label": {"ja": "氏名", "ja-easy": "名前（なまえ）", "en": "Name"},
        "prefill": "profile.name",
    },
    {
        "key": "applicant_address_",
        "type": "address",
        "label": {"ja": "住所", "ja-easy": "住（す）んで いる ところ", "en": "Address"},
        "prefill": "profile.address",
    },
    {
        "key": "applicant_phone_",
        "type": "phone",
        "label": {"ja": "電話番号", "ja-easy": "電話（でんわ）番号（ばんごう）", "en": "Telephone"},
        "prefill": "profile.phone",
    },
    {
        "key": "applicant_mail_",
        "type": "mail",
        "label": {"ja": "メールアドレス", "ja-easy": "メールアドレス", "en": "Mail address"},
        "prefill": "profile.mail",
        "required": False,
    },
)
"""Who applies: asked as every procedure asks it, so that the case knows its applicant."""


def questions_of(entrance: Entrance) -> FormDefinition:
    """The form of a door that is public."""
    return form_of(entrance.door, entrance.fields, key=f"door-{entrance.number}")


def _question(one: AppField, ask: Ask) -> dict[str, Any]:
    label = ask.label.text(one.label)
    helping = ask.help.text(one.help)
    said: dict[str, Any] = {"key": one.key, "label": (label or Text(one.label)).to_dict(), "required": one.required}
    if helping is not None:
        said["help"] = helping.to_dict()
    kind = one.type
    if kind in (FieldType.CHOICE, FieldType.CHOICES):
        said["options"] = [
            {"value": option_value(one, place), "label": _choice_words(ask, choice).to_dict()}
            for place, choice in enumerate(one.choices)
            if choice.is_used
        ]
        many = kind is FieldType.CHOICE and len(said["options"]) > 8
        return {**said, "type": kind.value, **({"look": "select"} if many else {})}
    extra: dict[FieldType, dict[str, Any]] = {
        FieldType.SHORT_TEXT: {"max_length": LONGEST_SHORT},
        FieldType.LONG_TEXT: {"max_length": _LONGEST_LONG},
        FieldType.NUMBER: {
            "decimals": one.decimals,
            "least": "-999999999999",
            "most": "999999999999",
            **({"unit": one.unit} if one.unit else {}),
        },
        FieldType.YEN: {"least": -999_999_999_999},
    }
    return {**said, "type": kind.value, **extra.get(kind, {}), **_limits(one)}


def _limits(one: AppField) -> dict[str, Any]:
    """The limits of a field as the form says them."""
    names = {
        FieldType.NUMBER: ("least", "most"),
        FieldType.YEN: ("least", "most"),
        FieldType.SHORT_TEXT: ("min_length", "max_length"),
        FieldType.LONG_TEXT: ("", "max_length"),
        FieldType.DATE: ("earliest", "latest"),
        FieldType.TIME: ("earliest", "latest"),
    }.get(one.type, ("", ""))
    said: dict[str, Any] = {}
    for name, written in zip(names, (one.least, one.most), strict=True):
        if not name or not written:
            continue
        if one.type is FieldType.DATE:
            said[name] = {"today": []} if written == TODAY else written
        elif one.type in (FieldType.NUMBER, FieldType.TIME):
            said[name] = written
        else:
            said[name] = int(written)
    return said


def _choice_words(ask: Ask, choice: AppChoice) -> Text:
    words = ask.choices.get(choice.key)
    return (words.text(choice.label) if words else None) or Text(choice.label)


def _people(most: int) -> dict[str, Any]:
    return {
        "key": PEOPLE,
        "type": "number",
        "label": {"ja": "申し込む人数", "ja-easy": "なん人（にん）で きますか", "en": "How many people"},
        "help": {
            "ja": f"あなたを含めて{most}人まで",
            "ja-easy": f"あなたも いれて {most}人（にん）まで",
            "en": f"Up to {most}, yourself included",
        },
        "least": "1",
        "most": str(most),
        "unit": {"ja": "人", "ja-easy": "人（にん）", "en": "people"},
    }


def _mail(*, is_needed: bool) -> dict[str, Any]:
    return {
        "key": MAIL,
        "type": "mail",
        "label": {"ja": "知らせを受け取るメールアドレス", "ja-easy": "メールアドレス", "en": "Mail address for news"},
        "help": {
            "ja": "受付の控えのほか、空きができたときや取りやめになったときにお知らせします。",
            "ja-easy": "あいたとき、なくなったときに、メールを おくります。",
            "en": "We write when a place becomes free or the event is called off.",
        },
        "required": is_needed,
    }


def evaluation_for(
    entrance: Entrance, answers: Mapping[str, Any], *, clock: Clock, facts: Mapping[str, Any]
) -> Evaluation:
    """What the form says of some answers."""
    return evaluate_form(questions_of(entrance), answers, today=clock.today(), facts=facts)


def values_of(fields: tuple[AppField, ...], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Accepted answers as a record holds them. Raises `Refusal` for one the field cannot hold."""
    found: dict[str, Any] = {}
    for one in fields:
        value = answers.get(one.key)
        if value is not None:
            found[one.key] = _stored(one, value)
    return found


def fitting_values(fields: tuple[AppField, ...], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Accepted answers as far as a record can hold them; the others stay with the answers themselves."""
    found: dict[str, Any] = {}
    for one in fields:
        try:
            found |= values_of((one,), answers)
        except (Refusal, KeyError, TypeError):
            continue  # the form was changed since the door was made: its answers are kept by the case
    return found


def _stored(one: AppField, value: Any) -> Any:
    kind = one.type
    if kind in (FieldType.CHOICE, FieldType.CHOICES):
        keys = {option_value(one, place): choice.key for place, choice in enumerate(one.choices)}
        chosen = [keys[part] for part in (value if isinstance(value, list) else [value])]
        return sorted(chosen) if kind is FieldType.CHOICES else chosen[0]
    if kind is FieldType.YES_NO:
        return bool(value)
    text = _address(value) if isinstance(value, dict) else str(value)
    read = from_text(one, text)
    if read is None:
        raise Refusal(f"「{one.label}」を読めません。", field=one.key)
    return read


def _address(value: Mapping[str, Any]) -> str:
    code = str(value.get("postal_code", ""))
    rest = "".join(str(value.get(part, "")) for part in ("place", "lot"))
    building = str(value.get("building", ""))
    return " ".join(part for part in (f"〒{code}" if code else "", rest, building) if part)
