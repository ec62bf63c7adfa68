"""What the doctor sees of self-built apps: counts and host names, never what stands in a record."""

from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.things.api import Finding, Level, checkup
from yakuba.office.appbuilder.models import AllowedHost, AutomationPause


@checkup("apps")
def apps() -> Iterator[Finding]:
    """Whether apps may tell anybody outside, and whether an automation stands still."""
    hosts = list(AllowedHost.objects.filter(closed_at__isnull=True).order_by("host"))
    if hosts:
        shown = "、".join(f"{one.host}{'（httpも可）' if one.is_plain else ''}" for one in hosts[:10])
        more = f" ほか{len(hosts) - 10}" if len(hosts) > 10 else ""
        yield Finding("アプリから外への送信", Level.GOOD, f"許可した送り先 {len(hosts)} 件：{shown}{more}")
    else:
        yield Finding(
            "アプリから外への送信",
            Level.NOT_CONFIGURED,
            "許可した送り先はありません。アプリはどこにも送りません",
            "使うときは、情報システム担当が「アプリの送り先の許可」の画面でホスト名を許可してください",
        )
    paused = AutomationPause.objects.filter(paused_at__isnull=False, app__closed_at__isnull=True).count()
    if paused:
        yield Finding(
            "アプリの自動処理",
            Level.WARNING,
            f"止まっている自動処理が {paused} 件あります",
            "アプリを管理する人が「自動処理」の画面で理由を見て、直してから再開してください",
        )
