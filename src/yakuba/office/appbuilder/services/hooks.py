"""Places outside: an app's own, and the hosts the information systems section allows."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, Role
from yakuba.kernel.audit.api import verb
from yakuba.kernel.identity.api import seal
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import sight_for
from yakuba.office.appbuilder.models import AllowedHost, App, Hook
from yakuba.office.appbuilder.queries.planned import allowed_hosts
from yakuba.office.appbuilder.rules.outside import target_of, tidy_host

MOST_HOOKS = 10


def new_secret() -> str:
    """A secret for signing; shown once, to be entered at the other side."""
    return f"yk_{secrets.token_urlsafe(32)}"


@verb("appbuilder.add_hook", label="アプリの送り先の追加")
def add_hook(*, by: Person, app: App, name: str, url: str, secret: str, clock: Clock) -> Hook:
    """A place an app may tell. Raises `Refusal` for a URL that may not be asked, with the reason."""
    _refuse_strangers(by, app)
    target_of(url, allowed=allowed_hosts())
    if Hook.objects.filter(app=app, closed_at__isnull=True).count() >= MOST_HOOKS:
        raise Refusal(f"送り先は{MOST_HOOKS}までです。", hint="使わない送り先をやめてください。")
    return Hook.objects.create(
        app=app, name=name[:60], url=url, secret=seal(secret), made_by_name=by.name[:80], made_at=clock.now()
    )


@verb("appbuilder.close_hook", label="アプリの送り先をやめる")
def close_hook(*, by: Person, hook: Hook, clock: Clock) -> Hook:
    """Nothing is sent there any more; the sealed secret goes."""
    _refuse_strangers(by, hook.app)
    kept = Hook.objects.select_for_update().get(pk=hook.pk)
    if kept.closed_at is None:
        kept.closed_at, kept.secret = clock.now(), ""
        kept.save(update_fields=["closed_at", "secret"])
    return kept


def _refuse_strangers(by: Person, app: App) -> None:
    if not sight_for(by, app).manage:
        raise NotAllowed("送り先を決められるのは、このアプリを管理する人です。")


@verb("appbuilder.allow_host", label="アプリからの送信先の許可")
def allow_host(*, by: Person, host: str, reason: str, is_plain: bool, clock: Clock) -> AllowedHost:
    """Let apps tell a host outside; only the information systems section does."""
    if not by.has(Role.IT):
        raise NotAllowed("送り先を許可できるのは、情報システム担当です。")
    tidy = tidy_host(host)
    if not reason.strip():
        raise Refusal("許可する理由が空です。", field="reason", hint="どの事務のために、何を送るのかを書いてください。")
    try:
        with transaction.atomic():
            return AllowedHost.objects.create(
                host=tidy,
                is_plain=is_plain,
                reason=reason.strip()[:200],
                allowed_by_name=by.name[:80],
                allowed_at=clock.now(),
            )
    except IntegrityError:
        raise Refusal(f"「{tidy}」はすでに許可しています。", field="host") from None


@verb("appbuilder.close_host", label="アプリからの送信先の許可の取消し")
def close_host(*, by: Person, host: str, clock: Clock) -> AllowedHost:
    """Take the permission back: from the next message on nothing is sent there."""
    if not by.has(Role.IT):
        raise NotAllowed("許可を取り消せるのは、情報システム担当です。")
    row = AllowedHost.objects.select_for_update().filter(public_id=host, closed_at__isnull=True).first()
    if row is None:
        raise NotVisible
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    return row
