"""The contract of a resident register (住民記録システム): what the house may ask it, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Protocol

from yakuba.kernel.values.api import Refusal

MOST_FOUND = 50
"""Residents one question brings at most: whoever needs more has asked too widely."""


class RegisterUnavailable(Refusal):
    """The register gives no answer. The page keeps what was typed and lets the clerk go on by hand."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is registered (住所): ``area`` is the 大字 or 字 alone, ``lot`` what follows it."""

    postal_code: str
    prefecture: str
    city: str
    area: str
    lot: str
    written: str

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True, slots=True)
class Removal:
    """Why and when somebody left the register (消除): 転出, 死亡 …; ``to`` is the new place, if it is known."""

    on: date
    reason: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the register as one look-up shows them. Holds no My Number; the contract has no place for one.

    ``number`` is the register's own number (宛名番号). ``name`` is written exactly as registered, variation selectors
    kept; ``reading`` is in full-width katakana. Foreign residents have ``latin_name``, ``common_name`` (通称),
    ``nationality`` and ``status_of_residence`` (在留資格). ``relationship`` is the 続柄 to the head of the household.

    Of a **protected** resident (支援措置) the adapter withholds everything that says where they are: ``address``,
    ``household_number``, ``previous_address``, ``registered_domicile``, ``phone``, ``mail`` and the place of a ``removal``
    are empty. The page
    says that the person is protected and sends the clerk to the section of the register.
    """

    number: str
    name: str
    reading: str
    born_on: date
    sex: str
    became_resident_on: date | None
    relationship: str
    is_head: bool
    is_protected: bool = False
    household_number: str = ""
    address: Address | None = None
    previous_address: str = ""
    removal: Removal | None = None
    registered_domicile: str = ""
    latin_name: str = ""
    common_name: str = ""
    nationality: str = "日本"
    status_of_residence: str = ""
    phone: str = ""
    mail: str = ""
    is_sample: bool = False
    may_certify: bool = False
    source: str = ""

    def age_on(self, day: date) -> int:
        """Completed years of age on ``day``, by the calendar."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: parts of the name in any spelling or reading, a date of birth, parts of the address.

    All that is given must fit. At least a name of two characters, a date of birth or an address is needed: a
    question without any asks for the whole register and is refused.
    """

    name: str = ""
    born_on: date | None = None
    address: str = ""
    include_removed: bool = False

    def __post_init__(self) -> None:
        if self.born_on is None and len(self.name.strip()) < 2 and len(self.address.strip()) < 2:
            raise Refusal(
                "住民記録を探すための条件が足りません。",
                hint="氏名かふりがなの2文字以上、生年月日、住所のどれかを入力してください。",
            )


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question: at most ``MOST_FOUND`` residents by reading; ``is_cut`` says that there are more."""

    residents: tuple[Resident, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """How the register stands: whether it answers, what was seen, and what to do next."""

    vendor: str
    label: str
    is_configured: bool
    answers: bool
    what: str
    todo: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    may_certify: bool = False
    is_stale: bool = False


class Register(Protocol):
    """An adapter to one kind of register. It only reads; nothing here writes to the outside system.

    Adapters never log: whoever asks goes through ``yakuba.kernel.people.api``, which records each look-up. A question
    with an address never finds a protected resident, because the hit itself would tell the address.
    Every method raises ``RegisterUnavailable`` when the register gives no answer.
    """

    vendor: ClassVar[str]
    label: ClassVar[str]
    may_certify: ClassVar[bool]

    def check(self) -> RegisterCheck:
        """Look whether the register answers; never raises."""
        ...

    def find(self, question: Question) -> Found:
        """Residents who fit the question, ordered by reading and date of birth."""
        ...

    def by_number(self, number: str) -> Resident | None:
        """The resident of a number of the register, also a removed one; ``None`` when there is none."""
        ...
