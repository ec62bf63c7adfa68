"""What the doctor looks at: whether the table of purposes can be read, and who is in charge."""

from __future__ import annotations

from collections.abc import Iterator

from yakuba.kernel.things.api import Finding, Level, checkup
from yakuba.kernel.values.api import Refusal
from yakuba.residents.card_support.access import PROCEDURE, section_in_charge
from yakuba.residents.card_support.purposes import purposes, purposes_file


@checkup("card support")
def card_support() -> Iterator[Finding]:
    try:
        found = purposes()
    except (Refusal, OSError) as fault:
        yield Finding("カードの用件", Level.BROKEN, f"{purposes_file().name}: {fault}", "用件の表を直してください")
    else:
        unsure = sum(not one.is_verified for one in found)
        if unsure:
            yield Finding(
                "カードの用件",
                Level.WARNING,
                f"{len(found)}件のうち{unsure}件の持ち物は、まだ確かめられていません",
                "担当課が確かめて、用件の表の verified を true にしてください",
            )
        else:
            yield Finding("カードの用件", Level.GOOD, f"{len(found)}件")
    if section_in_charge() is None:
        yield Finding(
            "カードの予約の担当",
            Level.NOT_CONFIGURED,
            "担当の課が決まっていないため、職員は予約を扱えません",
            f"手続きカタログの「{PROCEDURE}」に担当の所属を入れてください",
        )
