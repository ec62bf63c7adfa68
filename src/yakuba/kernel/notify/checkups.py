"""What the doctor sees of notices: counts, never names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from yakuba.kernel.access.api import Face
from yakuba.kernel.notify.channels.registry import outside_channels
from yakuba.kernel.notify.queries import health
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import Finding, Level, checkup

SLOW = timedelta(minutes=30)


@checkup("notices")
def notices() -> Iterator[Finding]:
    for channel in outside_channels():
        seen = channel.check()
        level = Level.GOOD if seen.is_configured else Level.NOT_CONFIGURED
        yield Finding(f"お知らせ（{seen.label}）", level, seen.what, seen.todo)
    now = town_clock().now()
    found = health(since=now - timedelta(days=7))
    if found.oldest is not None and now - found.oldest > SLOW:
        yield Finding(
            "お知らせの送信",
            Level.WARNING,
            f"送信待ちが {found.waiting} 件あり、最も古いものは {found.oldest:%m-%d %H:%M}（UTC）からです",
            "ジョブの画面で「お知らせを送る」を確かめ、メールサーバーの設定を見てください",
        )
    elif found.failed or found.bounced:
        yield Finding(
            "お知らせの送信",
            Level.WARNING,
            f"7日間に、送信できず {found.failed} 件、不達 {found.bounced} 件",
            "担当の所属が「お知らせの記録」で、郵便に切り替えるかを決めます",
        )
    else:
        yield Finding(
            "お知らせの送信", Level.GOOD, f"送信待ち {found.waiting} 件、印刷待ちの郵便 {found.letters_waiting} 通"
        )
    if (
        settings.YAKUBA_IS_PRODUCTION
        and not settings.YAKUBA_FACE_HOSTS.get(Face.RESIDENT)
        and "localhost" in settings.YAKUBA_URL
    ):
        yield Finding(
            "お知らせのリンク",
            Level.BROKEN,
            "メールに書くページのアドレスが localhost のままです",
            "town.toml の [faces] か YAKUBA_URL を設定してください",
        )
