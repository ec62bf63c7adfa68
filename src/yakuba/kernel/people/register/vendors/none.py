"""No register is connected."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from yakuba.kernel.people.register.base import Question, RegisterCheck, RegisterUnavailable

_HINT = "氏名・住所は本人確認書類を見て入力してください。"


class NoRegister:
    """Says honestly that there is no register to ask; never pretends that somebody is unknown."""

    vendor: ClassVar[str] = "none"
    label: ClassVar[str] = "なし"
    may_certify: ClassVar[bool] = False

    def check(self) -> RegisterCheck:
        return RegisterCheck(
            vendor=self.vendor,
            label=self.label,
            is_configured=False,
            answers=False,
            what="住民記録システムにつながっていません",
            todo="つながなくても使えます。照会が要る取組を始めるときに、住民記録の担当と業者に相談してください",
        )

    def find(self, question: Question) -> NoReturn:
        raise self._unavailable()

    def by_number(self, number: str) -> NoReturn:
        raise self._unavailable()

    def _unavailable(self) -> RegisterUnavailable:
        return RegisterUnavailable("住民記録システムにつながっていないため、照会できません。", hint=_HINT)
