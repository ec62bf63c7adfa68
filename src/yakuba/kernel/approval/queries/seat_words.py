"""Seats in words, and the seats one may choose: for the pages and sheets of routes and of the 専決 table."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Role
from yakuba.kernel.approval.rules.routes import Seat, Who
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.values.api import Refusal

DELEGATES = (Role.DEPUTY_MAYOR, Role.MAYOR, Role.SECTION_HEAD)
_ROLES = (
    Role.MAYOR,
    Role.DEPUTY_MAYOR,
    Role.ACCOUNTING,
    Role.SEAL,
    Role.SECRETARIAT,
    Role.PERSONNEL,
    Role.IT,
    Role.PROTECTION,
)


def key_of(seat: Seat) -> str:
    """A seat as a value of a select list: 「section:0101」."""
    return f"{seat.who.value}:{seat.section or seat.role or seat.staff}".rstrip(":")


def seat_of_key(key: str) -> Seat:
    """The seat of a value. Raises ``Refusal`` for what is none."""
    who, _, what = key.partition(":")
    field = {"section": "section", "role": "role", "staff": "staff"}.get(who)
    return Seat.from_json({"who": who, field: what} if field else {"who": who}, "席")


class SeatWords:
    """What seats are called on a day, without a draft; looks up sections once."""

    def __init__(self, on: date) -> None:
        self.sections = list(sections_on(on).order_by("order", "code").values_list("code", "name"))
        self._names = dict(Section.objects.order_by("starts_on").values_list("code", "name")) | dict(self.sections)

    def __call__(self, seat: Seat) -> str:
        if seat.who is Who.SECTION:
            return f"{self._names.get(seat.section, f'所属{seat.section}')}の長"
        if seat.who is Who.ROLE:
            return Role(seat.role).label
        if seat.who is Who.STAFF:
            found = Staff.objects.filter(number=seat.staff).first()
            return f"{found.name}（職員番号{seat.staff}）" if found else f"職員番号{seat.staff}"
        return seat.who.label

    def choices(self, *, delegates: bool = False) -> list[tuple[str, str]]:
        """The seats to choose from: for the 専決 table only who may be a delegate."""
        whos = [Who.SECTION_HEAD, Who.AUTHORITY_HEAD]
        if not delegates:
            whos = [Who.SUPERIORS, Who.SECTION_HEAD, Who.DELEGATED, Who.AUTHORITY_HEAD, Who.DRAFTER]
        roles = DELEGATES if delegates else _ROLES
        found = [(one.value, one.label) for one in whos]
        found += [(f"role:{one.value}", one.label) for one in roles]
        return found + [(f"section:{code}", f"{name}の長") for code, name in self.sections]

    def read(self, words: str) -> Seat:
        """The seat that is called so, among those who may be delegates. Raises ``Refusal``."""
        for key, label in self.choices(delegates=True):
            if label == words:
                return seat_of_key(key)
        raise Refusal(
            f"「{words[:30]}」という専決者はありません。",
            hint="「担当の所属の長」「副町長」「総務課の長」のように書いてください。",
        )
