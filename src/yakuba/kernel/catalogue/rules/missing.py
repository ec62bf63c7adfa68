"""What is still missing or unconfirmed about a procedure (足りない事項): the clerk's worklist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.catalogue.rules.kinds import Fact, GroundAbout, IdentityLevel, ProcedureKind


class Lack(StrEnum):
    """How a fact falls short."""

    ABSENT = "absent"
    UNCONFIRMED = "unconfirmed"

    @property
    def label(self) -> str:
        return "未登録" if self is Lack.ABSENT else "未確認"


@dataclass(frozen=True, slots=True)
class Missing:
    """One shortcoming: which fact, how, and what to do."""

    fact: Fact
    lack: Lack
    words: str

    @property
    def key(self) -> str:
        return f"{self.lack}:{self.fact}"


_DECIDED = (ProcedureKind.APPLICATION, ProcedureKind.SUBSIDY)


def missing_in(content: ProcedureContent) -> tuple[Missing, ...]:
    """The shortcomings of a description, absent facts before unconfirmed ones.

    審査基準 and 標準処理期間 are asked only of what is decided on: applications and subsidies (行政手続法第5条・第6条).
    """
    absent: list[Fact] = []
    if not content.fee.is_known:
        absent.append(Fact.FEE)
    if content.kind in _DECIDED:
        if content.criteria is None:
            absent.append(Fact.CRITERIA)
        if content.standard_days is None:
            absent.append(Fact.STANDARD_DAYS)
    if not any(one.about is GroundAbout.PROCEDURE for one in content.grounds):
        absent.append(Fact.GROUND)
    if content.retention_years is None:
        absent.append(Fact.RETENTION)
    found = [Missing(fact, Lack.ABSENT, f"{fact.label}が登録されていません。") for fact in absent]
    for fact in Fact:
        if fact in absent or not _is_there(content, fact) or content.is_certain(fact):
            continue
        found.append(Missing(fact, Lack.UNCONFIRMED, f"{fact.label}を、町の条例・規則や実際の扱いと照らしてください。"))
    return tuple(found)


def missing_for_online(content: ProcedureContent) -> tuple[str, ...]:
    """What must be there before the procedure may go online, as Japanese sentences (根拠、オンラインの根拠、本人確認)."""
    reasons = []
    abouts = {one.about for one in content.grounds}
    if GroundAbout.PROCEDURE not in abouts:
        reasons.append("手続きの根拠（法律・条例）が登録されていません。")
    if GroundAbout.ONLINE not in abouts:
        reasons.append("オンラインで行うことの根拠（デジタル手続法・町の条例など）が登録されていません。")
    if content.identity is IdentityLevel.IN_PERSON:
        reasons.append("本人確認が「窓口」になっています。オンラインで受けるなら、水準を決めてください。")
    return tuple(reasons)


def _is_there(content: ProcedureContent, fact: Fact) -> bool:
    if fact is Fact.CRITERIA:
        return content.criteria is not None
    if fact is Fact.STANDARD_DAYS:
        return content.standard_days is not None
    return True
