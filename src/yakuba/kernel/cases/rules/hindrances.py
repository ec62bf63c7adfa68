"""What keeps a case from being decided or completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.values.api import Refusal


@dataclass(frozen=True, slots=True)
class Standing:
    """What is still open around a case."""

    needs_identity: bool = False
    needs_paper: bool = False
    unchecked_mandate: bool = False
    suspect_files: int = 0
    unpaid: int = 0


def in_the_way_of_approval(standing: Standing) -> tuple[str, ...]:
    """What must be settled before a case may be approved or a 届出 completed. A refusal needs none of it: that
    something was never shown may be its very reason."""
    found = []
    if standing.needs_identity:
        found.append("本人確認がまだです")
    if standing.needs_paper:
        found.append("署名した書類がまだ届いていません")
    if standing.unchecked_mandate:
        found.append("代理の権限（委任状）をまだ確かめていません")
    if standing.suspect_files:
        found.append(f"個人番号らしい番号の入った書類が{standing.suspect_files}件、判断待ちです")
    return tuple(found)


def in_the_way_of_completion(standing: Standing) -> tuple[str, ...]:
    """What must be settled before a case ends."""
    found = []
    if standing.suspect_files:
        found.append(f"個人番号らしい番号の入った書類が{standing.suspect_files}件、判断待ちです")
    if standing.unpaid:
        found.append(f"手数料{standing.unpaid:,}円が納められていません")
    return tuple(found)


def refuse_if(found: Sequence[str]) -> None:
    """Raise `Refusal` naming everything that is in the way."""
    if found:
        raise Refusal(
            f"まだ進められません：{'、'.join(found)}。",
            hint="それぞれを案件の画面で済ませてから、もう一度操作してください。",
        )
