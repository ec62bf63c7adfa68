"""Asking somebody else to look at an app before it is used, and what their answer does (使い始める前の確認)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role, system_person
from yakuba.kernel.approval.api import DecisionMade, DecisionWithdrawn, ask_decision
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.api import postings_of, staff_on, valid_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import definition_of, sight_for, who_of
from yakuba.office.appbuilder.models import App, AppToken, AppVersion, CheckState, UseCheck
from yakuba.office.appbuilder.queries import checking
from yakuba.office.appbuilder.queries.names import apps_to_look_up
from yakuba.office.appbuilder.queries.seen_as import person_as
from yakuba.office.appbuilder.rules.care import changes, class_of, missing
from yakuba.office.appbuilder.rules.checking import in_words
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldClass
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import Permissions, read_permissions
from yakuba.office.appbuilder.rules.tokens import whole
from yakuba.office.appbuilder.services.define import (
    ChangedMeanwhile,
    NotReady,
    hold_permissions,
    locked,
    put_in_force,
    put_to_use,
    refuse_strangers,
    top_of,
    wrong_with,
)
from yakuba.office.appbuilder.services.tokens import hold_token, keep_token

SUBJECT = "appbuilder.check"
KIND = "アプリの使い始める前の確認"


@verb("appbuilder.ask_check", label="アプリの使い始める前の確認を求める")
def ask_check(*, by: Person, app: App, edition: int, apps: Mapping[str, Mapping[str, str]], clock: Clock) -> UseCheck:
    """Ask the head of the app's section (for 要配慮個人情報: of the information systems section) to look at the draft.

    Raises `NotReady`, `ChangedMeanwhile`, and `Refusal` while one waits, without purpose or retention, without a section.
    """
    app = locked(app)
    refuse_strangers(by, app)
    draft = app.versions.filter(state=VersionState.DRAFT).first()
    if draft is None or draft.edition != edition:
        raise ChangedMeanwhile
    definition = draft.content
    problems = wrong_with(by, app, definition, apps)
    if problems:
        raise NotReady(problems)
    unsaid = missing(definition)
    if unsaid:
        raise Refusal(
            f"個人情報を扱うアプリには、{'と'.join(unsaid)}が要ります。",
            hint="「目的と保存期間」に書いてから、確認を求めてください。",
        )
    in_use = app.versions.filter(state=VersionState.IN_USE).first()
    return _ask(
        by,
        app,
        definition,
        app.rights,
        reasons=checking.why_checked(app, definition, today=clock.today()),
        changed=changes(in_use.content, definition) if in_use else (),
        version=draft,
        clock=clock,
    )


@verb("appbuilder.ask_wider", label="アプリの権限を広げる確認を求める")
def ask_wider(*, by: Person, app: App, permissions: Permissions, edition: int, clock: Clock) -> UseCheck:
    """Ask the same for permissions that let more people see personal fields, or everybody see the app."""
    app = locked(app)
    refuse_strangers(by, app)
    if app.permissions_edition != edition:
        raise ChangedMeanwhile
    definition = definition_of(app)
    hold_permissions(by, app, permissions, definition, clock)
    return _ask(
        by,
        app,
        definition,
        permissions,
        reasons=checking.why_wider(app, definition, permissions),
        changed=(),
        version=None,
        clock=clock,
    )


@verb("appbuilder.ask_token", label="アプリのAPIトークンの確認を求める")
def ask_token(
    *, by: Person, app: App, name: str, group: str, scopes: Collection[str], days: int, digest: str, clock: Clock
) -> UseCheck:
    """Make a key of another system that opens nothing yet, and ask the same. Its days count from the answer."""
    app = locked(app)
    refuse_strangers(by, app)
    hold_token(by, app, group=group, scopes=scopes, days=days, clock=clock)
    definition = definition_of(app)
    written = whole(scopes)
    reasons = checking.why_token(app, definition, group=group, name=name[:40], scopes=written, now=clock.now())
    token = keep_token(
        by, app, name=name, group=group, scopes=written, days=days, digest=digest, clock=clock, is_waiting=True
    )
    return _ask(by, app, definition, app.rights, reasons=reasons, changed=(), version=None, token=token, clock=clock)


def _ask(
    by: Person,
    app: App,
    definition: AppDefinition,
    permissions: Permissions,
    *,
    reasons: tuple[str, ...],
    changed: tuple[str, ...],
    version: AppVersion | None,
    clock: Clock,
    token: AppToken | None = None,
) -> UseCheck:
    staff = who_of(by).staff
    if not staff or app.section is None:
        raise Refusal(
            "このアプリには所管課がないため、確認する人が決まりません。",
            hint="「台帳・引継ぎ」で所管課を決めてから、確認を求めてください。",
        )
    if checking.waiting_check(app) is not None:
        raise Refusal(
            "このアプリは、すでに確認を待っています。", hint="直すときは、先に決裁の画面で取り下げてください。"
        )
    check = UseCheck.objects.create(
        app=app,
        version=version,
        token=token,
        permissions={} if version is not None or token is not None else permissions.to_json(),
        reasons=list(reasons),
        content={
            "app": app.public_id,
            "title": definition.title,
            "version": version.number if version is not None else 0,
            "reasons": list(reasons),
            "definition": digest(definition.to_json()),
            "permissions": digest(permissions.to_json()),
            **({"token": token.public_id} if token is not None else {}),
        },
        asked_by=by.id,
        asked_name=by.name[:80],
        asked_staff=staff,
        asked_at=clock.now(),
    )
    section = checking_section(app, app.section, definition, clock.today())
    called = "使い始める前の確認" if version is not None else "APIトークンの確認" if token else "権限を広げる確認"
    request = ask_decision(
        by=by,
        subject=ref_of(check),
        title=f"アプリ「{definition.title}」の{called}",
        content=check.content,
        content_text=in_words(definition.title, definition, reasons, checking.groups_in_words(permissions), changed),
        authority=section.authority,
        section=section,
        kind=KIND,
        clock=clock,
    )
    check.request_id = request.public_id
    check.save(update_fields=["request_id"])
    return check


def digest(written: Any) -> str:
    """SHA-256 of JSON, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def checking_section(app: App, owner: Section, definition: AppDefinition, today: date) -> Section:
    """Whose business the check is: the owner's; for sensitive information the information systems section's."""
    if class_of(definition) is not FieldClass.SENSITIVE:
        return owner
    people = staff_on(today).filter(
        valid_on(today, start="role_grants__starts_on", end="role_grants__ends_on"), role_grants__role=Role.IT.value
    )
    for one in people.order_by("number"):
        postings = postings_of(one, today)
        section = top_of(postings[0].section) if postings else None
        if section is not None:
            return section
    return owner


def hear_decision(event: DecisionMade) -> None:
    """Approved: the draft is used, or the permissions hold, in the transaction of the decision. Else all stays."""
    check = _waiting(event.subject_kind, event.request_public_id)
    if check is not None:
        end_check(by=system_person("approval"), check=check, outcome=event.outcome, clock=town_clock())


def hear_withdrawal(event: DecisionWithdrawn) -> None:
    """Whoever asked took the question back."""
    check = _waiting(event.subject_kind, event.request_public_id)
    if check is not None:
        end_check(by=system_person("approval"), check=check, outcome="withdrawn", clock=town_clock())


def _waiting(kind: str, request_id: str) -> UseCheck | None:
    if kind != SUBJECT:
        return None
    return UseCheck.objects.filter(request_id=request_id, state=CheckState.WAITING).first()


@verb("appbuilder.end_check", label="アプリの使い始める前の確認の結果")
def end_check(*, by: Person, check: UseCheck, outcome: str, clock: Clock) -> UseCheck:
    """What the answer does. Only the engine of decisions calls it."""
    if by.kind is not PersonKind.SYSTEM:
        raise NotAllowed("確認の結果を入れるのは、決裁だけです。")
    check = UseCheck.objects.select_for_update(of=("self",)).select_related("version", "token").get(pk=check.pk)
    app = locked(check.app)
    check.ended_at = clock.now()
    if outcome == "approved":
        words = _carry_out(check, app, clock)
        check.state = CheckState.INVALID if words else CheckState.PASSED
        check.words = words[:400]
    else:
        check.state = CheckState.WITHDRAWN if outcome == "withdrawn" else CheckState.RETURNED
    if check.token is not None and check.state != CheckState.PASSED and check.token.revoked_at is None:
        check.token.revoked_at = clock.now()
        check.token.save(update_fields=["revoked_at"])
    check.save(update_fields=["state", "words", "ended_at"])
    return check


def _carry_out(check: UseCheck, app: App, clock: Clock) -> str:
    """Use what was checked; gives why not, if something came between."""
    staff = Staff.objects.filter(public_id=check.asked_staff).first()
    asker = person_as(staff, clock.today()) if staff is not None else None
    if app.closed_at is not None:
        return "その間にアプリの使用をやめていた"
    if asker is None or asker.kind is not PersonKind.STAFF:
        return "確認を求めた人が、その間に離れていた"
    if check.token is not None:
        return _wake_token(check.token, app, asker, check, clock)
    if check.version is None:
        permissions = read_permissions(check.permissions)
        try:
            hold_permissions(asker, app, permissions, definition_of(app), clock)
        except Refusal as refusal:
            return refusal.message
        put_in_force(app, permissions)
        return ""
    draft = check.version
    if draft.state != VersionState.DRAFT or digest(draft.content.to_json()) != check.content["definition"]:
        return "その間に下書きが変わっていた"
    if digest(app.rights.to_json()) != check.content["permissions"]:
        return "その間に権限が変わっていた"
    apps = {key: fields for key, (_, fields) in apps_to_look_up(asker).items()}
    problems = wrong_with(asker, app, draft.content, apps)
    if problems:
        return f"その間に直すところができていた：{problems[0].place} {problems[0].message}"
    put_to_use(app, draft, published_by=staff, clock=clock)
    return ""


def _wake_token(token: AppToken, app: App, asker: Person, check: UseCheck, clock: Clock) -> str:
    if token.revoked_at is not None:
        return "その間にトークンが取り消されていた"
    if not sight_for(asker, app).manage:
        return "確認を求めた人が、その間にこのアプリを管理しなくなっていた"
    if digest(app.rights.to_json()) != check.content["permissions"]:
        return "その間に権限が変わっていた"
    days = token.expires_at - token.made_at
    token.is_waiting, token.expires_at = False, clock.now() + days
    token.save(update_fields=["is_waiting", "expires_at"])
    return ""


__all__ = [
    "KIND",
    "SUBJECT",
    "ask_check",
    "ask_token",
    "ask_wider",
    "checking_section",
    "digest",
    "end_check",
    "hear_decision",
    "hear_withdrawal",
]
