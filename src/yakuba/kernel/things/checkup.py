"""Findings of ``yakuba doctor``: each engine looks at itself and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a finding stands."""

    GOOD = "good"
    NOT_CONFIGURED = "not_configured"
    WARNING = "warning"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        return {"good": "良好", "not_configured": "未設定", "warning": "注意", "broken": "異常"}[self.value]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor. ``what`` says what was seen, ``todo`` what to do next (empty when all is well)."""

    subject: str
    level: Level
    what: str
    todo: str = ""


Checkup = Callable[[], Iterable[Finding]]
_checkups: dict[str, Checkup] = {}


def checkup(name: str) -> Callable[[Checkup], Checkup]:
    """Declare a function of an app's ``checkups.py``; it looks and answers findings, it changes nothing."""

    def declare(look: Checkup) -> Checkup:
        _checkups[name] = look
        return look

    return declare


def all_checkups() -> dict[str, Checkup]:
    return dict(sorted(_checkups.items()))
