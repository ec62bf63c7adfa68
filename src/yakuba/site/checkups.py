"""What the doctor sees of the way in and of the way mail goes out."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from yakuba.kernel.things.api import Finding, Level, checkup


@checkup("proxy")
def proxy() -> Iterator[Finding]:
    if settings.YAKUBA_TRUSTED_PROXIES:
        trusted = "、".join(settings.YAKUBA_TRUSTED_PROXIES)
        yield Finding("暗号化（TLS）", Level.GOOD, f"{trusted} のプロキシが受け持ちます")
    elif settings.YAKUBA_IS_PRODUCTION:
        yield Finding(
            "暗号化（TLS）",
            Level.BROKEN,
            "TLSを受け持つプロキシが登録されていません。ログインも送信もできません",
            "プロキシの住所を YAKUBA_TRUSTED_PROXIES に書き、X-Forwarded-Proto を付けるように設定してください",
        )
    else:
        yield Finding("暗号化（TLS）", Level.NOT_CONFIGURED, "この端末だけで使っています")


@checkup("mail-encryption")
def mail_encryption() -> Iterator[Finding]:
    host = settings.EMAIL_HOST
    if not host:
        return
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        yield Finding("メールの暗号化", Level.GOOD, f"{host} まで暗号化して送ります")
    elif host in ("localhost", "127.0.0.1", "::1"):
        yield Finding("メールの暗号化", Level.GOOD, "同じ機械の中継サーバーに渡します")
    else:
        yield Finding(
            "メールの暗号化",
            Level.WARNING,
            f"{host} まで暗号化せずに送ります。ログインの確認番号も含まれます",
            "中継サーバーが対応していれば YAKUBA_MAIL_TLS=starttls か tls を指定してください",
        )
