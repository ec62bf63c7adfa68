"""What the doctor looks at in the house itself."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yakuba.kernel.audit.api import unsealed_since
from yakuba.kernel.jobs.api import count_jobs, oldest_waiting
from yakuba.kernel.operations.backup import checkups as backup_checkups
from yakuba.kernel.operations.moving import checkups as moving_checkups
from yakuba.kernel.operations.upgrade import checkups as upgrade_checkups
from yakuba.kernel.things.api import Finding, Level, checkup
from yakuba.kernel.values.api import SystemClock

__all__ = ["backup_checkups", "moving_checkups", "upgrade_checkups"]  # declared by being imported

_FONTS = {
    "Noto Sans CJK JP": "画面と印刷の日本語",
    "IPAmjMincho": "戸籍統一文字・異体字（IVS）の氏名",
}


@checkup("database")
def database() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    if waiting:
        yield Finding(
            "データベース",
            Level.BROKEN,
            f"{kind}：新しい版の表がまだ {len(waiting)} 件できていません",
            "yakuba upgrade を実行してください",
        )
    else:
        yield Finding("データベース", Level.GOOD, f"{kind}：つながり、表は最新です")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            answer = cursor.fetchone()[0]
        if answer != "ok":
            yield Finding(
                "データベース",
                Level.BROKEN,
                f"SQLiteの検査が異常を報告しました（{answer}）",
                "すぐに yakuba restore --verify で直前のバックアップを確かめてください",
            )


@checkup("disk")
def disk() -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.YAKUBA_HOME)
    free = usage.free / 1024**3
    share = usage.free / usage.total * 100
    if free < 2 or share < 5:
        yield Finding(
            "ディスク",
            Level.BROKEN,
            f"空きが {free:.1f} GB（{share:.0f} %）しかありません",
            "不要なファイルを消すか、容量を増やしてください",
        )
    elif free < 10 or share < 15:
        yield Finding(
            "ディスク", Level.WARNING, f"空きが {free:.1f} GB（{share:.0f} %）です", "近いうちに容量を増やしてください"
        )
    else:
        yield Finding("ディスク", Level.GOOD, f"空き {free:.0f} GB（{share:.0f} %）")


@checkup("fonts")
def fonts() -> Iterator[Finding]:
    lister = shutil.which("fc-list")
    if lister is None:
        yield Finding("フォント", Level.WARNING, "フォントの一覧を調べられません", "fontconfig を入れてください")
        return
    listed = subprocess.run([lister, ":", "family"], capture_output=True, text=True, timeout=20, check=False).stdout  # noqa: S603
    for family, use in _FONTS.items():
        if family in listed:
            yield Finding("フォント", Level.GOOD, f"{family}（{use}）があります")
        else:
            package = "fonts-noto-cjk" if "Noto" in family else "fonts-ipamj-mincho"
            yield Finding(
                "フォント",
                Level.WARNING,
                f"{family}（{use}）がありません",
                f"apt-get install {package} を実行してください",
            )


@checkup("worker")
def worker() -> Iterator[Finding]:
    now = SystemClock().now()
    oldest = oldest_waiting(now=now)
    failed = count_jobs("failed")
    if oldest is not None and now - oldest > timedelta(minutes=10):
        minutes = round((now - oldest).total_seconds() / 60)
        yield Finding(
            "ジョブ",
            Level.BROKEN,
            f"{minutes} 分前から実行されていないジョブがあります",
            "yakuba run で動いているか確かめ、再起動してください",
        )
    else:
        yield Finding("ジョブ", Level.GOOD, "たまっているジョブはありません")
    if failed:
        yield Finding(
            "ジョブ",
            Level.WARNING,
            f"失敗したジョブが {failed} 件あります",
            "庁内の「運用 › ジョブ」で理由を見て、やり直してください",
        )


@checkup("audit")
def audit() -> Iterator[Finding]:
    now = SystemClock().now()
    since = unsealed_since()
    if since is not None and now - since > timedelta(minutes=2):
        minutes = round((now - since).total_seconds() / 60)
        yield Finding(
            "監査記録",
            Level.BROKEN,
            f"{minutes} 分前から封印されていない記録があります",
            "番人（keeper）が動いているか確かめてください",
        )
    else:
        yield Finding("監査記録", Level.GOOD, "封印は追いついています")
    heads = Path(settings.YAKUBA_AUDIT_HEADS)
    if heads.resolve().is_relative_to(Path(settings.YAKUBA_HOME).resolve()):
        yield Finding(
            "監査記録",
            Level.NOT_CONFIGURED,
            "連鎖値の控えが同じ機械の中にあります",
            "YAKUBA_AUDIT_HEADS に別の機械の共有フォルダーを指定してください",
        )


@checkup("secrets")
def secrets() -> Iterator[Finding]:
    folder = Path(settings.YAKUBA_HOME) / "secrets"
    loose = [path.name for path in folder.glob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if loose:
        yield Finding(
            "鍵",
            Level.BROKEN,
            f"ほかの利用者が読める鍵があります（{'、'.join(sorted(loose))}）",
            f"chmod 600 {folder}/* を実行してください",
        )
    else:
        yield Finding("鍵", Level.GOOD, "鍵は本人だけが読めます")


@checkup("mail")
def mail() -> Iterator[Finding]:
    if settings.EMAIL_HOST:
        yield Finding("メール", Level.GOOD, f"{settings.EMAIL_HOST} から送ります")
    else:
        yield Finding(
            "メール",
            Level.NOT_CONFIGURED,
            "送信サーバーが決まっていません",
            "YAKUBA_MAIL_HOST を設定してください。お知らせは画面と紙で届きます",
        )


@checkup("mode")
def mode() -> Iterator[Finding]:
    if not settings.YAKUBA_IS_PRODUCTION:
        yield Finding(
            "運用の形",
            Level.NOT_CONFIGURED,
            "試用の設定で動いています",
            "本番では YAKUBA_MODE=production と YAKUBA_HOSTS を設定してください",
        )
    else:
        yield Finding("運用の形", Level.GOOD, "本番の設定です")


@checkup("zones")
def zones() -> Iterator[Finding]:
    served = "、".join(sorted(face.value for face in settings.YAKUBA_FACES))
    if settings.YAKUBA_IS_PRODUCTION and {"public", "office"} <= {face.value for face in settings.YAKUBA_FACES}:
        yield Finding(
            "ネットワークの区分",
            Level.WARNING,
            f"一つの機械が {served} を受け持っています",
            "町民向けと庁内向けを分けるときは YAKUBA_FACES を機械ごとに設定してください",
        )
    else:
        yield Finding("ネットワークの区分", Level.GOOD, f"受け持つ窓口：{served}")
