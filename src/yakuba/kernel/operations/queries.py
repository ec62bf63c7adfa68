"""Looking at the house."""

from __future__ import annotations

import logging

from yakuba.kernel.things.api import Finding, Level, all_checkups

log = logging.getLogger("yakuba.doctor")


def examine() -> list[Finding]:
    """Every finding of every engine; an engine that cannot even look is a finding itself."""
    findings: list[Finding] = []
    for name, look in all_checkups().items():
        try:
            findings.extend(look())
        except Exception:  # one broken engine must not hide the others
            log.exception("checkup failed", extra={"part": name})
            findings.append(
                Finding(name, Level.BROKEN, "調べる途中で失敗しました", "ログ（logs/yakuba.log）を確かめてください")
            )
    return findings
