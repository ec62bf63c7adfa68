"""Faces and rules: what every URL declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from yakuba.kernel.access.person import Person, PersonKind, Role


class Face(StrEnum):
    """The side of the town hall a URL belongs to. Each has its own session cookie and may have its own host."""

    PUBLIC = "public"
    RESIDENT = "resident"
    OFFICE = "office"
    DEVICE = "device"
    MACHINE = "machine"


@dataclass(frozen=True)
class Rule:
    """Who may call a URL; ``|`` joins two rules."""

    words: str
    allows: Callable[[Person], bool]

    def __or__(self, other: Rule) -> Rule:
        return Rule(f"{self.words}・{other.words}", lambda person: self.allows(person) or other.allows(person))


@dataclass(frozen=True)
class Declaration:
    """What one view declared."""

    face: Face
    rule: Rule
    #: Whether the auditor's read-only seat may send POST here (only sign-out and the like).
    auditor_may_post: bool = False


anyone = Rule("だれでも", lambda person: True)
signed_in_staff = Rule(
    "職員", lambda person: person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE) and Role.STAFF in person.roles
)
office_seat = Rule("庁内の席がある人", lambda person: person.kind in (PersonKind.STAFF, PersonKind.OUTSIDE))
signed_in_resident = Rule("登録した町民", lambda person: person.kind is PersonKind.RESIDENT)


def role(*roles: Role) -> Rule:
    """People who hold at least one of ``roles``."""
    return Rule("・".join(one.label for one in roles), lambda person: person.has(*roles))


def page(
    face: Face, *, may: Rule, auditor_may_post: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare face and rule of a view. ``AccessMiddleware`` enforces what is declared and refuses what is not."""

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def declared(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        declared.declaration = Declaration(face, may, auditor_may_post)  # type: ignore[attr-defined]
        return declared

    return declare


def declaration_of(view: Callable[..., Any]) -> Declaration | None:
    declared = getattr(view, "declaration", None)
    return declared if isinstance(declared, Declaration) else None
