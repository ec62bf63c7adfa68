"""What the doctor says about the last upgrade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from yakuba.kernel.operations.upgrade.journal import read_journal
from yakuba.kernel.operations.upgrade.rules import Phase
from yakuba.kernel.things.api import Finding, Level, checkup


@checkup("upgrade")
def upgrade() -> Iterator[Finding]:
    journal = read_journal(Path(settings.YAKUBA_HOME))
    if journal is None:
        return
    if journal.phase.is_open:
        yield Finding(
            "更新", Level.BROKEN, "更新の途中で止まっています", "役場を止めて yakuba upgrade を実行してください"
        )
    elif journal.phase is Phase.REWOUND:
        yield Finding(
            "更新",
            Level.WARNING,
            f"前回の更新は元に戻されました（{journal.why.rstrip('。')}）",
            "理由を取り除いてから、もう一度更新してください",
        )
