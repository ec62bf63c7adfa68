"""What a model stores about people, why, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DataClass(StrEnum):
    """Class of a stored field."""

    OPEN = "open"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SECRET = "secret"


@dataclass(frozen=True)
class PersonalData:
    """Declaration of a personal model (個人情報).

    ``purpose`` (利用目的) and ``retention`` (保存期間) are shown on the ledger page; ``fields`` names the class of
    every personal field. Fields not named are OPEN.
    """

    purpose: str
    retention: str
    fields: Mapping[str, DataClass] = field(default_factory=dict)


NO_PERSONAL_DATA = PersonalData(purpose="", retention="", fields={})
