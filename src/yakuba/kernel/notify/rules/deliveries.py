"""A delivery over an outside channel: intent, call, outcome; and when it is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from yakuba.kernel.values.api import TransitionTable


class DeliveryState(StrEnum):
    """Where a delivery stands. ``SENDING`` is the committed intent: what happened to it is not known yet."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {
            "waiting": "送信待ち",
            "sending": "送信中",
            "sent": "送信済み",
            "bounced": "不達",
            "failed": "送信できず",
            "cancelled": "取りやめ",
        }[self.value]


DELIVERY_STATES: TransitionTable[DeliveryState] = TransitionTable(
    {
        DeliveryState.WAITING: {
            DeliveryState.SENDING: "送り始める（意図を先に記録する）",
            DeliveryState.CANCELLED: "送り先がなくなった（利用登録の取消しなど）",
        },
        DeliveryState.SENDING: {
            DeliveryState.SENT: "相手のサーバーが受け取った",
            DeliveryState.WAITING: "一時的な失敗、または結果が分からないまま時間が過ぎた",
            DeliveryState.BOUNCED: "宛先がないと断られた",
            DeliveryState.FAILED: "何度試しても送れなかった",
            DeliveryState.CANCELLED: "送り先がなくなった",
        },
        DeliveryState.SENT: {DeliveryState.BOUNCED: "あとから不達の知らせが届いた（職員が記録）"},
        DeliveryState.FAILED: {DeliveryState.WAITING: "職員がもう一度送ることにした"},
    },
    start=(DeliveryState.WAITING, DeliveryState.SENT),
)

PER_CHUNK = 100
"""Deliveries one job takes at a time, over one connection."""
LEASE = timedelta(minutes=5)
"""How long an intent without outcome is left alone; a chunk lasts at most 40 seconds."""
RETRY_MINUTES = (2, 10, 30, 120, 360, 720, 1440, 1440)
"""Minutes to wait before the next attempts: about three days in all, as mail servers do among themselves."""


def next_attempt(*, attempts: int, now: datetime) -> datetime | None:
    """When a delivery that failed ``attempts`` times is tried again; ``None`` when a person has to look at it."""
    if attempts > len(RETRY_MINUTES):
        return None
    return now + timedelta(minutes=RETRY_MINUTES[attempts - 1])


def masked_mail(address: str) -> str:
    """A mail address for a log: ``h…@example.jp``."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if local and domain else "—"
