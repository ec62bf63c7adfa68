"""When a job runs, and when it runs again: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
#: Minutes to wait before the second, third … attempt: about two days in all.
RETRY_MINUTES = (1, 2, 5, 15, 60, 180, 360, 720, 1440)
LEASE = timedelta(seconds=90)


@dataclass(frozen=True)
class Every:
    """Every ``minutes`` minutes, counted from midnight in Japan."""

    minutes: int

    def due(self, now: datetime) -> datetime:
        """The latest moment at or before ``now`` when the job was due."""
        local = now.astimezone(TOKYO)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = int((local - midnight).total_seconds() // (self.minutes * 60))
        return midnight + timedelta(minutes=passed * self.minutes)

    @property
    def words(self) -> str:
        return f"{self.minutes}分ごと" if self.minutes != 60 else "1時間ごと"


@dataclass(frozen=True)
class Daily:
    """Every day at ``at`` (``HH:MM`` in Japan)."""

    at: str

    def due(self, now: datetime) -> datetime:
        """The latest moment at or before ``now`` when the job was due."""
        local = now.astimezone(TOKYO)
        moment = datetime.combine(local.date(), time.fromisoformat(self.at), tzinfo=TOKYO)
        return moment if moment <= local else moment - timedelta(days=1)

    @property
    def words(self) -> str:
        return f"毎日 {self.at}"


def next_attempt(*, attempts: int, now: datetime) -> datetime | None:
    """When a job that failed ``attempts`` times runs again; ``None`` when it is given up to a person."""
    if attempts > len(RETRY_MINUTES):
        return None
    return now + timedelta(minutes=RETRY_MINUTES[attempts - 1])
