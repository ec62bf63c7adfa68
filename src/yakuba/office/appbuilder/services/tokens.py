"""Giving a key to another system, taking it back, and noting that it was used."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import definition_of, sight_for
from yakuba.office.appbuilder.models import App, AppToken
from yakuba.office.appbuilder.queries import checking
from yakuba.office.appbuilder.rules.tokens import LONGEST_DAYS, MOST_TOKENS, Scope, digest_of_secret, whole
from yakuba.office.appbuilder.services.define import CheckNeeded, locked


def new_token_secret() -> str:
    """A secret of 256 bits, shown once."""
    return secrets.token_urlsafe(32)


@verb("appbuilder.make_token", label="アプリのAPIトークンの作成")
def make_token(
    *, by: Person, app: App, name: str, group: str, scopes: Collection[str], days: int, digest: str, clock: Clock
) -> AppToken:
    """A key for another system with the rights of a group, for so many days.

    Raises `NotAllowed`, `Refusal`, and `CheckNeeded`: `ask_token` then makes one that sleeps until somebody else said
    yes.
    """
    app = locked(app)
    hold_token(by, app, group=group, scopes=scopes, days=days, clock=clock)
    written = whole(scopes)
    reasons = checking.why_token(app, definition_of(app), group=group, name=name[:40], scopes=written, now=clock.now())
    if reasons:
        raise CheckNeeded(reasons)
    return keep_token(by, app, name=name, group=group, scopes=written, days=days, digest=digest, clock=clock)


def hold_token(by: Person, app: App, *, group: str, scopes: Collection[str], days: int, clock: Clock) -> None:
    """Look at a key before it is made. Raises `NotAllowed`, `Refusal`."""
    if not sight_for(by, app).manage:
        raise NotAllowed("APIトークンを作れるのは、このアプリを管理する人です。")
    if not any(one.name == group for one in app.rights.groups):
        raise Refusal("権限のグループを選んでください。", field="group")
    if not scopes or not set(scopes) <= {one.value for one in Scope}:
        raise Refusal("できることを一つ以上選んでください。", field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(f"期限は{LONGEST_DAYS}日までです。", field="days")
    if AppToken.objects.filter(app=app, revoked_at__isnull=True, expires_at__gt=clock.now()).count() >= MOST_TOKENS:
        raise Refusal(f"使えるトークンは{MOST_TOKENS}までです。", hint="使わないトークンを取り消してください。")


def keep_token(
    by: Person,
    app: App,
    *,
    name: str,
    group: str,
    scopes: list[str],
    days: int,
    digest: str,
    clock: Clock,
    is_waiting: bool = False,
) -> AppToken:
    """Store a key that was looked at; within a verb."""
    now = clock.now()
    return AppToken.objects.create(
        app=app,
        name=name[:40],
        group=group,
        scopes=scopes,
        digest=digest,
        made_by_name=by.name[:80],
        made_at=now,
        expires_at=now + timedelta(days=days),
        is_waiting=is_waiting,
    )


@verb("appbuilder.revoke_token", label="アプリのAPIトークンの取消し")
def revoke_token(*, by: Person, token: AppToken, clock: Clock) -> AppToken:
    """The key opens nothing any more."""
    if not sight_for(by, token.app).manage:
        raise NotVisible
    kept = AppToken.objects.select_for_update().get(pk=token.pk)
    if kept.revoked_at is None:
        kept.revoked_at = clock.now()
        kept.save(update_fields=["revoked_at"])
    return kept


@verb("appbuilder.note_token_use", label="アプリのAPIトークンの使用")
def note_token_use(*, by: Person, token: AppToken, clock: Clock) -> AppToken:
    """Remember that the key was used (called once an hour at most)."""
    AppToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())
    return token


__all__ = [
    "digest_of_secret",
    "hold_token",
    "keep_token",
    "make_token",
    "new_token_secret",
    "note_token_use",
    "revoke_token",
]
