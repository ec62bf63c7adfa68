"""The backups as the office sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, Role, page, role
from yakuba.kernel.operations.backup import keys
from yakuba.kernel.operations.backup.checkups import backup as examine_backups
from yakuba.kernel.operations.backup.choices import nightly_at, retention, shelf
from yakuba.kernel.operations.backup.services import ASKED_FOR, ask_for_backup
from yakuba.kernel.operations.backup.shelf import ShelfRefused, Shelved
from yakuba.kernel.things.api import Level
from yakuba.kernel.values.api import Refusal, SystemClock

_BADGES = {Level.GOOD: "success", Level.NOT_CONFIGURED: "", Level.WARNING: "warning", Level.BROKEN: "error"}


@page(Face.OFFICE, may=role(Role.IT, Role.AUDITOR))
def backups(request: HttpRequest) -> HttpResponse:
    """バックアップの一覧: age, size, last drill of each, and how they stand altogether."""
    asking: Any = request
    try:
        everything, unreachable = shelf().all(), ""
    except ShelfRefused as refusal:
        everything, unreachable = [], f"{refusal.message}{refusal.hint or ''}"
    home = Path(settings.YAKUBA_HOME)
    context = {
        "rows": [_row(one) for one in everything],
        "unreachable": unreachable,
        "findings": [(one, _BADGES[one.level]) for one in examine_backups()],
        "may_ask": asking.person.has(Role.IT),
        "is_asked_for": (home / "run" / ASKED_FOR).exists(),
        "choices": _choices(home),
    }
    return render(request, "operations/backups.html", context)


@page(Face.OFFICE, may=role(Role.IT))
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the keeper for a backup now."""
    asking: Any = request
    ask_for_backup(by=asking.person)
    messages.success(request, "バックアップを頼みました。30秒以内に始まります。終わるとこの一覧に加わります。")
    return redirect("backups")


def _row(one: Shelved) -> dict[str, Any]:
    facts = one.label.facts if one.label else None
    return {
        "name": one.name,
        "made_at": one.made_at,
        "age": _age(one),
        "reason": one.reason.label,
        "size": one.size,
        "rows": sum(facts.tables.values()) if facts else None,
        "version": one.label.version if one.label else "",
        "drill": one.last_drill,
    }


def _age(one: Shelved) -> str:
    """How old, in the coarsest words that help. A backup is as old as the machine's clock says."""
    seconds = (SystemClock().now() - one.made_at).total_seconds()
    if seconds < 3600:
        return f"{max(0, round(seconds / 60))}分前"
    if seconds < 48 * 3600:
        return f"{round(seconds / 3600)}時間前"
    return f"{round(seconds / 86400)}日前"


def _choices(home: Path) -> list[tuple[str, str]]:
    try:
        keeping = retention()
        kept = f"日ごと {keeping.daily} 個、週ごと {keeping.weekly} 個、月ごと {keeping.monthly} 個"
        when = f"毎日 {nightly_at():%H:%M}"
        public = keys.public_keys(home)
    except Refusal as refusal:
        return [("設定", f"{refusal.message}{refusal.hint or ''}")]
    return [
        ("いつ", when),
        ("残す数", kept),
        ("置き場所", str(settings.YAKUBA_BACKUPS)),
        ("開ける公開鍵", "、".join(public.recipients) if public else "まだ作られていません"),
    ]
