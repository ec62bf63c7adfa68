"""What the doctor says about backups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from yakuba.kernel.operations.backup import keys
from yakuba.kernel.operations.backup.choices import shelf
from yakuba.kernel.operations.backup.queries import last_failure
from yakuba.kernel.operations.backup.rules import DRILL_WITHIN, Freshness, drill_is_due, freshness
from yakuba.kernel.operations.backup.shelf import ShelfRefused, Shelved
from yakuba.kernel.things.api import Finding, Level, checkup
from yakuba.kernel.values.api import TOKYO, SystemClock

SUBJECT = "バックアップ"


@checkup("backup")
def backup() -> Iterator[Finding]:
    try:
        everything = shelf().all()
    except ShelfRefused as refusal:
        yield Finding(SUBJECT, Level.BROKEN, refusal.message.rstrip("。"), (refusal.hint or "").rstrip("。"))
        return
    yield _age(everything)
    failed = last_failure()
    if failed:
        when = failed[0].started_at.astimezone(TOKYO)
        why = failed[1] or "理由は logs/keeper.log にあります"
        yield Finding(
            SUBJECT,
            Level.BROKEN,
            f"{when:%m月%d日 %H:%M} の自動バックアップが失敗しました（{why.rstrip('。')}）",
            "原因を直して yakuba backup を実行してください",
        )
    yield _drill(everything)
    yield _key()
    yield _place()


def _age(everything: list[Shelved]) -> Finding:
    newest = everything[0] if everything else None
    state = freshness(now=SystemClock().now(), newest=newest.made_at if newest else None)
    if newest is None:
        level = Level.BROKEN if settings.YAKUBA_IS_PRODUCTION else Level.NOT_CONFIGURED
        return Finding(SUBJECT, level, "まだ一つもありません", "yakuba backup を実行してください")
    when = f"最新は {newest.made_at.astimezone(TOKYO):%Y年%m月%d日 %H:%M}（全部で {len(everything)} 個）"
    if state is Freshness.GOOD:
        return Finding(SUBJECT, Level.GOOD, when)
    level = Level.WARNING if state is Freshness.LATE else Level.BROKEN
    return Finding(
        SUBJECT,
        level,
        f"{when}で、新しいものがありません",
        "yakuba backup を実行し、番人（keeper）が動いているか確かめてください",
    )


def _drill(everything: list[Shelved]) -> Finding:
    subject = "復元訓練"
    done = [one.last_drill for one in everything if one.last_drill]
    latest = max(done, key=lambda one: one.at, default=None)
    if latest and not latest.was_good:
        return Finding(
            subject,
            Level.BROKEN,
            f"最後の訓練で戻せませんでした（{latest.what.rstrip('。')}）",
            "別のバックアップで yakuba restore --verify を実行してください",
        )
    good = max((one.last_good_drill.at for one in everything if one.last_good_drill), default=None)
    if drill_is_due(now=SystemClock().now(), last_good_drill=good):
        when = f"最後は {good.astimezone(TOKYO):%Y年%m月%d日} です" if good else "まだ行われていません"
        level = Level.WARNING if settings.YAKUBA_IS_PRODUCTION or good else Level.NOT_CONFIGURED
        return Finding(
            subject, level, when, f"{DRILL_WITHIN.days} 日に一度、yakuba restore --verify を実行してください"
        )
    return Finding(
        subject, Level.GOOD, f"最後は {good.astimezone(TOKYO):%Y年%m月%d日}。すべて戻せました" if good else ""
    )


def _key() -> Finding:
    subject = "復元の鍵"
    home = Path(settings.YAKUBA_HOME)
    try:
        public = keys.public_keys(home)
    except keys.KeyRefused as refusal:
        return Finding(subject, Level.BROKEN, refusal.message.rstrip("。"), (refusal.hint or "").rstrip("。"))
    if public is None:
        return Finding(subject, Level.NOT_CONFIGURED, "まだ作られていません", "yakuba backup-key を実行してください")
    where = keys.identity_file(home)
    if where.exists():
        level = Level.WARNING if settings.YAKUBA_IS_PRODUCTION else Level.NOT_CONFIGURED
        return Finding(
            subject,
            level,
            f"この機械の中（{where}）にあります。機械ごと失うと、バックアップを開けません",
            "USBメモリーや紙に写して金庫に入れ、この機械からは消してください",
        )
    return Finding(
        subject,
        Level.GOOD,
        f"この機械にはありません（公開鍵 {public.recipients[0][:16]}…）。保管場所を引き継いでください",
    )


def _place() -> Finding:
    folder, home = Path(settings.YAKUBA_BACKUPS).resolve(), Path(settings.YAKUBA_HOME).resolve()
    if folder.is_relative_to(home) or (folder.exists() and folder.stat().st_dev == home.stat().st_dev):
        return Finding(
            SUBJECT,
            Level.WARNING if settings.YAKUBA_IS_PRODUCTION else Level.NOT_CONFIGURED,
            f"置き場所（{folder}）がデータと同じディスクにあります",
            "YAKUBA_BACKUPS に別の機械の共有フォルダーを指定してください",
        )
    return Finding(SUBJECT, Level.GOOD, f"置き場所は {folder} です")
