"""What the actions of an automation would do to one record: the run does it, the dry run shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yakuba.kernel.access.api import VISITOR, NotVisible, Person
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import TOKYO, Refusal
from yakuba.office.appbuilder.access import app_for, holds, sight_for
from yakuba.office.appbuilder.models import AllowedHost, App, AppVersion, Hook, Record
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.queries.seen_as import person_as
from yakuba.office.appbuilder.queries.told import MOST_TOLD, Told, told_by
from yakuba.office.appbuilder.rules.automations import (
    Action,
    Automation,
    Create,
    Given,
    Mapped,
    Notify,
    SetFields,
    Webhook,
)
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.outside import Target, target_of
from yakuba.office.appbuilder.rules.process import at_press
from yakuba.office.appbuilder.rules.values import Names, as_read, from_text, in_words


@dataclass(frozen=True)
class Planned:
    """One action for one record. `fault` says why it cannot be done; then nothing else is filled."""

    does: str
    words: str
    told: tuple[Told, ...] = ()
    untold: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    app: App | None = None
    owner: Person | None = None
    hook: Hook | None = None
    target: Target | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""

    @property
    def letters(self) -> list[tuple[str, str, bool]]:
        """Who reads the same, together: names, text, whether they may open the record."""
        alike: dict[tuple[str, bool], list[str]] = {}
        for one in self.told:
            alike.setdefault((one.text, one.sees), []).append(one.staff.name)
        return [("、".join(names), text, sees) for (text, sees), names in alike.items()]


class Ground:
    """A record with everything its automations ask: values, definition, who put the version to use."""

    def __init__(
        self,
        record: Record,
        values: Mapping[str, Any],
        version: AppVersion,
        *,
        at: datetime,
        definition: AppDefinition,
        most_told: int = MOST_TOLD,
    ) -> None:
        self.record, self.values, self.version, self.at, self.definition = record, values, version, at, definition
        self.app, self.most_told = record.app, most_told
        self.today = at.astimezone(TOKYO).date()

    def meets(self, one: Automation) -> bool:
        """Whether the condition holds."""
        fields = {field.key: field for field in self.definition.stored}
        return one.rule is None or holds(one.rule, dict(self.values), fields, self.today)

    def plan(self, action: Action) -> Planned:
        """What an action would do; a refusal becomes its `fault`."""
        try:
            match action:
                case Notify():
                    return self._notify(action)
                case SetFields():
                    return self._set(action)
                case Create():
                    return self._create(action)
                case Webhook():
                    return self._webhook(action)
        except Refusal as refusal:
            return Planned(action.does, "", fault=f"{refusal.message}{refusal.hint or ''}")
        except NotVisible:
            return Planned(
                action.does, "", fault="使い始めた人に、必要な権限がありません。権限のある人が使い始めてください。"
            )

    def _notify(self, action: Notify) -> Planned:
        told, count = told_by(
            action, self.record, self.values, self.app, self.definition, today=self.today, most=self.most_told
        )
        return Planned("notify", f"{count}人に知らせる", told=tuple(told), untold=count - len(told))

    def _set(self, action: SetFields) -> Planned:
        values = at_press(action.sets, at=self.at.astimezone(TOKYO), staff="")
        names = names_for(self._reader(), self.definition, today=self.today)
        said = []
        for key, value in values.items():
            one = self.definition.field(key)
            if one is None:
                raise Refusal("値を入れる項目が、いまのアプリにありません。")
            said.append(f"「{one.label}」→「{as_read(one, value, names) or '（空欄）'}」")
        return Planned("set", "、".join(said), values=values)

    def _reader(self) -> Person:
        return self.owner() or VISITOR

    def owner(self) -> Person | None:
        """Who put the version to use, as they are today; None when out of service or unknown."""
        staff: Staff | None = self.version.published_by
        if staff is None:
            return None
        person = person_as(staff, self.today)
        return person if person.is_signed_in else None

    def _create(self, action: Create) -> Planned:
        owner = self.owner()
        if owner is None or not sight_for(owner, self.app).manage:
            raise Refusal(
                "この版を使い始めた人が、いまはアプリを管理していません。", hint="管理する人が使い始め直してください。"
            )
        app, definition, _ = app_for(owner, action.app)
        names = names_for(owner, definition, today=self.today)
        mine = names_for(owner, self.definition, today=self.today)
        values = {one.to: self._mapped(one, definition, names, mine) for one in action.fields}
        values = {key: value for key, value in values.items() if value is not None}
        said = []
        for key, value in values.items():
            field = definition.field(key)
            if field is not None:
                said.append(f"{field.label}：{as_read(field, value, names)}")
        words = f"「{app.title}」に記録を作る（{'、'.join(said)}）"
        return Planned("create", words, values=values, app=app, owner=owner)

    def _mapped(self, one: Mapped, definition: AppDefinition, names: Names, mine: Names) -> Any:
        to = definition.field(one.to)
        if to is None or not to.type.is_in_sheets:
            raise Refusal("写す先の項目が、相手のアプリにありません。", hint="自動処理の項目を選び直してください。")
        if one.given is Given.TODAY:
            return from_text(to, self.today.isoformat(), names)
        if one.given is Given.RECORD:
            if to.type is not FieldType.LOOKUP:
                return from_text(to, f"{self.app.title} 番号{self.record.number}", names)
            if to.app != self.app.public_id:
                raise Refusal(f"「{to.label}」は、このアプリの記録を選ぶ項目ではありません。")
            return self.record.public_id
        if one.given is Given.CONSTANT:
            return from_text(to, one.value, names)
        source = self.definition.field(one.value)
        if source is None:
            raise Refusal("写す元の項目が、いまのアプリにありません。", hint="自動処理の項目を選び直してください。")
        value = self.values.get(source.key)
        if value is None:
            return None
        if source.type is to.type and source.type in (FieldType.PERSON, FieldType.SECTION, FieldType.YES_NO):
            return value
        if source.type is to.type is FieldType.LOOKUP and source.app == to.app:
            return value
        return from_text(to, in_words(source, value, mine), names)

    def _webhook(self, action: Webhook) -> Planned:
        hook = Hook.objects.filter(app=self.app, public_id=action.hook, closed_at__isnull=True).first()
        if hook is None:
            raise Refusal("送り先がなくなっています。", hint="自動処理の送り先を選び直してください。")
        target = target_of(hook.url, allowed=allowed_hosts())
        fields = [one for one in self.definition.stored if one.key in action.fields]
        payload = {
            "app": {"id": self.app.public_id, "title": self.app.title},
            "record": {"id": self.record.public_id, "number": self.record.number},
            "values": {one.key: self.values.get(one.key) for one in fields},
            "labels": {one.key: one.label for one in fields},
        }
        return Planned("webhook", f"「{hook.name}」（{target.host}）に送る", hook=hook, target=target, payload=payload)


def allowed_hosts() -> dict[str, bool]:
    """The hosts apps may tell, with whether one may be asked without encryption."""
    return dict(AllowedHost.objects.filter(closed_at__isnull=True).values_list("host", "is_plain"))
