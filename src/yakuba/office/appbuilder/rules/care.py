"""What an app says about itself for the ledger (アプリ台帳), and what a change of it means, in words."""

from __future__ import annotations

from pydantic import Field

from yakuba.office.appbuilder.rules.automations import Webhook
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass
from yakuba.office.appbuilder.rules.keeping import Care
from yakuba.office.appbuilder.rules.parts import Part

_ORDER = (FieldClass.OPEN, FieldClass.PERSONAL, FieldClass.SENSITIVE)


class Connected(Part):
    """How far an app reaches: its automations, those that tell places outside, its doors, its views.

    The definition does not know `published` (views before the public) and `tokens` (keys of other systems): the ledger
    counts them.
    """

    automations: int = Field(default=0)
    webhooks: int = Field(default=0)
    doors: int = Field(default=0)
    views: int = Field(default=0)
    published: int = Field(default=0)
    tokens: int = Field(default=0)

    @property
    def words(self) -> str:
        parts = (
            ("町民の入口", self.doors),
            ("自動処理", self.automations),
            ("外への送信", self.webhooks),
            ("公開している見方", self.published),
            ("APIトークン", self.tokens),
            ("見方", self.views),
        )
        return "、".join(f"{label}{count}" for label, count in parts if count)


def personal_fields(definition: AppDefinition) -> tuple[AppField, ...]:
    """The fields declared to hold personal information."""
    return tuple(one for one in definition.stored if one.data_class is not FieldClass.OPEN)


def class_of(definition: AppDefinition) -> FieldClass:
    """The strictest class any field has."""
    return max((one.data_class for one in definition.stored), key=_ORDER.index, default=FieldClass.OPEN)


def connected(definition: AppDefinition) -> Connected:
    """What the definition connects the app with. A webhook counts as automation and as such."""
    actions = [action for one in definition.automations for action in one.actions]
    return Connected(
        automations=len(definition.automations),
        webhooks=sum(isinstance(action, Webhook) for action in actions),
        doors=len(definition.doors),
        views=len(definition.views),
    )


def missing(definition: AppDefinition) -> tuple[str, ...]:
    """What an app that holds personal information must say before it is used, and does not."""
    if class_of(definition) is FieldClass.OPEN:
        return ()
    care = definition.care
    return tuple(
        label for label, is_said in (("利用目的", care.purpose.strip()), ("保存期間", care.kept_words)) if not is_said
    )


def changes(before: AppDefinition, after: AppDefinition) -> tuple[str, ...]:
    """What a version changed, one line each, in words."""
    old, new = ({one.key: one for one in definition.fields} for definition in (before, after))
    found: list[str] = []
    if before.title != after.title:
        found.append(f"名前を「{before.title}」から「{after.title}」に変更")
    if before.description != after.description:
        found.append("説明を変更")
    if before.care != after.care:
        found.append("目的と保存期間を変更")
    found += [f"項目「{one.label}」（{one.type.label}）を追加" for key, one in new.items() if key not in old]
    found += [f"項目「{one.label}」（{one.type.label}）を除いた" for key, one in old.items() if key not in new]
    for key, one in new.items():
        if key in old and old[key] != one:
            found.append(f"項目「{old[key].label}」：{'、'.join(_changed(old[key], one))}")
    kept = [key for key in new if key in old]
    if kept != [key for key in old if key in new]:
        found.append("項目の順番を変更")
    for label, attribute in (
        ("流れ", "process"),
        ("自動処理", "automations"),
        ("町民の入口", "doors"),
        ("見方", "views"),
    ):
        was, now = getattr(before, attribute), getattr(after, attribute)
        if was != now:
            found.append(f"{label}を{'追加' if not was else '除いた' if not now else '変更'}")
    return tuple(found)


def _changed(was: AppField, now: AppField) -> list[str]:
    said = []
    if was.label != now.label:
        said.append(f"名前を「{now.label}」に")
    if was.type is not now.type:
        said.append(f"種類を「{was.type.label}」から「{now.type.label}」に")
    if was.data_class is not now.data_class:
        said.append(f"情報の区分を「{was.data_class.label}」から「{now.data_class.label}」に")
    if was.required != now.required:
        said.append("必須に" if now.required else "任意に")
    if was.needed_when != now.needed_when:
        said.append("必須にする条件を変更")
    if (was.least, was.most) != (now.least, now.most):
        said.append("範囲を変更")
    if was.choices != now.choices:
        said.append("選択肢を変更")
    return said or ["設定を変更"]


__all__ = ["Care", "Connected", "changes", "class_of", "connected", "missing", "personal_fields"]
