"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class PersonKind(StrEnum):
    VISITOR = "visitor"
    RESIDENT = "resident"
    STAFF = "staff"
    OUTSIDE = "outside"  # partners, advisers: people with a seat who are not staff
    SYSTEM = "system"


class Role(StrEnum):
    """What somebody may do by post or by appointment. Given with dates in ``kernel.organisation``."""

    STAFF = "staff"  # 職員: everybody with an office seat
    CLERK = "clerk"  # 担当者
    SECTION_HEAD = "section_head"  # 所属長
    DEPUTY_MAYOR = "deputy_mayor"  # 副町長
    MAYOR = "mayor"  # 町長
    SECRETARIAT = "secretariat"  # DX推進事務局（行政管理班）
    PERSONNEL = "personnel"  # 人事担当
    IT = "it"  # 情報システム担当
    ADVISER = "adviser"  # DX推進アドバイザー
    AUDITOR = "auditor"  # 監査委員
    DX_LEADER = "dx_leader"  # DX推進リーダー
    PROTECTION = "protection"  # 支援措置担当
    ACCOUNTING = "accounting"  # 会計管理者（地方自治法第168条）
    SEAL = "seal"  # 公印管守者

    @property
    def label(self) -> str:
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.STAFF: "職員",
    Role.CLERK: "担当者",
    Role.SECTION_HEAD: "所属長",
    Role.DEPUTY_MAYOR: "副町長",
    Role.MAYOR: "町長",
    Role.SECRETARIAT: "DX推進事務局",
    Role.PERSONNEL: "人事担当",
    Role.IT: "情報システム担当",
    Role.ADVISER: "DX推進アドバイザー",
    Role.AUDITOR: "監査委員",
    Role.DX_LEADER: "DX推進リーダー",
    Role.PROTECTION: "支援措置担当",
    Role.ACCOUNTING: "会計管理者",
    Role.SEAL: "公印管守者",
}


@dataclass(frozen=True)
class Person:
    """The acting person of a request, command or job; a value, not a row.

    ``id`` is the account's public id (``system:<name>`` for the system, ``visitor`` for nobody signed in);
    ``staff_id`` the row of ``organisation.Staff``; ``section_ids`` the sections of today's postings;
    ``title`` the post held today, as it shall stand beside an act.
    """

    id: str
    name: str
    kind: PersonKind
    roles: frozenset[Role] = frozenset()
    staff_id: int | None = None
    section_ids: frozenset[int] = frozenset()
    authority_ids: frozenset[int] = frozenset()
    title: str = ""
    section: str = ""
    is_sample: bool = field(default=False, compare=False)

    def has(self, *roles: Role) -> bool:
        """Whether the person holds at least one of ``roles``."""
        return any(role in self.roles for role in roles)

    @property
    def is_signed_in(self) -> bool:
        return self.kind in (PersonKind.RESIDENT, PersonKind.STAFF, PersonKind.OUTSIDE)

    @property
    def is_read_only(self) -> bool:
        """The auditor's seat reads and never writes."""
        return Role.AUDITOR in self.roles


VISITOR = Person(id="visitor", name="", kind=PersonKind.VISITOR)


def system_person(name: str) -> Person:
    """The system acting by itself, e.g. ``system_person("jobs")``."""
    return Person(id=f"system:{name}", name="システム", kind=PersonKind.SYSTEM)
