"""The life of a version of a form (様式の版)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yakuba.kernel.values.api import Refusal, TransitionTable


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    LIVE = "live"
    CLOSED = "closed"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return {
            "draft": "下書き",
            "reviewed": "確認済み・決裁待ち",
            "live": "公開中",
            "closed": "受付終了",
            "archived": "保管",
        }[self.value]


VERSION_LIFE = TransitionTable(
    {
        VersionState.DRAFT: {
            VersionState.REVIEWED: "作った人とは別の職員が確かめ、決裁を求めた",
            VersionState.ARCHIVED: "使わないことにした",
        },
        VersionState.REVIEWED: {
            VersionState.DRAFT: "直すために戻した、または決裁で差し戻された",
            VersionState.LIVE: "公開の決裁が下りた",
        },
        VersionState.LIVE: {VersionState.CLOSED: "受付を終えた、または新しい版に替わった"},
        VersionState.CLOSED: {
            VersionState.LIVE: "同じ決裁の範囲で、受付を再開した",
            VersionState.ARCHIVED: "書きかけの申請もなくなった",
        },
        VersionState.ARCHIVED: {},
    },
    start=VersionState.DRAFT,
)


@dataclass(frozen=True, slots=True)
class LegalGround:
    """Why a form may be online (法的根拠). All four must be there before a version goes live.

    ``law``: the law or ordinance of the procedure with its article; ``online``: the ground for taking it electronically;
    ``signature``: what the signature rule asks and how it is met; ``purpose``: the purpose of use of the personal data.
    """

    law: str = ""
    online: str = ""
    signature: str = ""
    purpose: str = ""

    def missing(self) -> tuple[str, ...]:
        """The names of what is not filled in, for people."""
        names = {
            "law": "手続の根拠（法令・条例）",
            "online": "オンラインで受け付ける根拠",
            "signature": "署名・押印の定めと扱い",
            "purpose": "個人情報の利用目的",
        }
        return tuple(words for name, words in names.items() if not getattr(self, name).strip())


@dataclass(frozen=True, slots=True)
class Opening:
    """When and for how many a form is open (受付期間・定員). Times with zone; ``None`` is no limit."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    capacity: int | None = None

    def check(self, *, now: datetime, received: int) -> None:
        """Raise `NotOpen` when nothing can be begun or sent now."""
        if self.opens_at is not None and now < self.opens_at:
            raise NotOpen("受付はまだ始まっていません。", hint="受付が始まってから、もう一度開いてください。")
        if self.closes_at is not None and now >= self.closes_at:
            raise NotOpen("受付は終わりました。", hint="担当課へお問い合わせください。")
        if self.capacity is not None and received >= self.capacity:
            raise NotOpen("定員に達したため、受付を終わりました。", hint="担当課へお問い合わせください。")


class NotOpen(Refusal):
    """The form takes nothing now."""
