"""Whether what was shown is enough for a procedure (本人確認・署名). Authentication is not signature: each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.values.api import Refusal

LEVELS: Sequence[str] = ("none", "mail", "account", "card")
"""The levels somebody can reach online, in the catalogue's words, each including those before it."""

IN_PERSON, ELECTRONIC, PAPER = "in_person", "electronic", "paper"

_WORDS = {
    "mail": "メールアドレスの確認",
    "account": "利用者登録とログイン",
    "card": "マイナンバーカードでの本人確認",
}


class ProofMissing(Refusal):
    """The procedure asks for more than was shown; ``needed`` is the level, or ``signature``."""

    def __init__(self, needed: str, message: str, hint: str) -> None:
        super().__init__(message, field="proof", hint=hint)
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Shown:
    """What whoever submits has shown: ``level`` as in `LEVELS`, when, and by what (card, session, mail)."""

    level: str = "none"
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StillToShow:
    """What must follow before the case can be decided or completed."""

    identity: bool = False
    paper: bool = False


def check_proof(*, needed: str, signature: str, arrival: Arrival, shown: Shown, is_signed: bool) -> StillToShow:
    """What is still to be shown. ``needed`` and ``signature`` are the catalogue's levels.

    Online, a level is shown before sending; raises `ProofMissing`. What can only be shown in person or on paper follows:
    the case waits for it. At the counter and by post the clerk checks papers with the person or the letter at hand, so
    every identity the procedure asks for is confirmed by the clerk; over the telephone nothing can be shown.
    """
    if arrival is Arrival.ONLINE:
        if needed in LEVELS and _rank(shown.level) < _rank(needed):
            raise ProofMissing(
                needed,
                f"この手続きには、{_WORDS[needed]}が必要です。",
                "入力した内容は残っています。確認を済ませてから、もう一度送信してください。",
            )
        if signature == ELECTRONIC and not is_signed:
            raise ProofMissing(
                "signature",
                "この手続きをオンラインで出すには、マイナンバーカードの電子署名が必要です。",
                "確認の画面から電子署名をして、もう一度送信してください。内容を直したときは、署名もやり直します。",
            )
        return StillToShow(identity=needed == IN_PERSON, paper=signature == PAPER)
    return StillToShow(
        identity=needed in ("card", IN_PERSON), paper=signature in (PAPER, ELECTRONIC) and arrival is Arrival.PHONE
    )


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0
