"""Counting what was done (結果の件数)."""

from __future__ import annotations

from collections.abc import Mapping

from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.rules.purposes import COUNTED

RESULT_WORDS = {
    "applied": "申請を手伝った",
    "issued": "カードを交付した",
    "renewed": "電子証明書などを更新した",
    "other": "そのほかの用件",
}
MOST_AT_AN_APPOINTMENT = 20
MOST_AT_A_VISIT = 2_000


def checked_results(counts: Mapping[str, int], *, most: int) -> dict[str, int]:
    """The counts by kind, complete and within bounds. Raises `Refusal` naming the kind."""
    found = {}
    for kind in COUNTED:
        count = counts.get(kind, 0)
        if not 0 <= count <= most:
            raise Refusal(f"「{RESULT_WORDS[kind]}」は0から{most}までで入れてください。", field=kind)
        found[kind] = count
    return found


def usual_results(counts_as: str, people: int) -> dict[str, int]:
    """What a finished appointment counts as until a clerk says otherwise: its purpose, once for each person."""
    return {kind: people if kind == counts_as else 0 for kind in COUNTED}
