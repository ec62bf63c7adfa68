"""The town profile (自治体プロファイル): what makes this installation this town's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The 18 initiatives and the plan board, by the name of their app.
INITIATIVES = (
    "plan",
    "residents.procedures", "residents.reports", "residents.facilities", "residents.certificates",
    "residents.counter", "residents.cashless", "residents.line",
    "office.attendance", "office.documents", "office.telework", "office.bpr", "office.water", "office.ai",
    "office.appbuilder",
    "talent.training",
    "foundation.network", "foundation.inclusion", "foundation.opendata",
)  # fmt: skip


class TownProfileFault(ValueError):
    """The profile file cannot be used; the text names file, key and reason in Japanese."""


@dataclass(frozen=True)
class TownProfile:
    """Name, looks, switches and calendar of a town, from ``town.toml``."""

    code: str
    name: str
    name_kana: str
    name_en: str
    prefecture: str
    office_name: str
    address: str
    postal_code: str
    phone: str
    colour: str
    crest_path: str
    plan: str
    initiatives_on: frozenset[str]
    face_hosts: Mapping[str, str] = field(default_factory=dict)
    closed_weekdays: tuple[int, ...] = (5, 6)
    closed_days: tuple[str, ...] = ()
    document_symbol: str = ""

    def is_on(self, initiative: str) -> bool:
        """Whether the initiative (name of its app) is switched on; off means no URL, menu, job or KPI."""
        return initiative in self.initiatives_on


def read_town_profile(path: Path) -> TownProfile:
    """Read ``town.toml``; raises ``TownProfileFault`` naming key and reason."""
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise TownProfileFault(f"{path}: 読めません（{fault.strerror}）") from fault
    except tomllib.TOMLDecodeError as fault:
        raise TownProfileFault(f"{path}: TOMLとして読めません（{fault}）") from fault
    town, look, calendar = (_table(path, raw, key) for key in ("town", "look", "calendar"))
    switches = _table(path, raw, "initiatives")
    unknown = sorted(set(switches) - set(INITIATIVES))
    if unknown:
        raise TownProfileFault(f"{path}: [initiatives] に知らない名前があります：{'、'.join(unknown)}")
    return TownProfile(
        code=_text(path, town, "town.code"),
        name=_text(path, town, "town.name"),
        name_kana=_text(path, town, "town.name_kana"),
        name_en=_text(path, town, "town.name_en"),
        prefecture=_text(path, town, "town.prefecture"),
        office_name=_text(path, town, "town.office_name"),
        address=str(town.get("address", "")),
        postal_code=str(town.get("postal_code", "")),
        phone=str(town.get("phone", "")),
        colour=_text(path, look, "look.colour"),
        crest_path=str(look.get("crest", "")),
        plan=str(town.get("plan", "")),
        initiatives_on=frozenset(name for name, is_on in switches.items() if is_on is True),
        face_hosts={key: str(value) for key, value in raw.get("faces", {}).items()},
        closed_weekdays=tuple(calendar.get("closed_weekdays", (5, 6))),
        closed_days=tuple(calendar.get("closed_days", ())),
        document_symbol=str(raw.get("numbering", {}).get("document_symbol", "")),
    )


def _table(path: Path, raw: dict[str, Any], key: str) -> dict[str, Any]:
    table = raw.get(key)
    if not isinstance(table, dict):
        raise TownProfileFault(f"{path}: [{key}] がありません")
    return table


def _text(path: Path, table: dict[str, Any], key: str) -> str:
    value = table.get(key.partition(".")[2])
    if not isinstance(value, str) or not value.strip():
        raise TownProfileFault(f"{path}: {key} がありません（文字で書いてください）")
    return value
