"""The scanner this installation uses, if it uses one: `YAKUBA_CLAMAV` in the environment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from yakuba.kernel.files.scanning.clamd import Clamd, ScannerDown
from yakuba.kernel.jobs.api import outside_call


class Verdict(StrEnum):
    """What is known of a file's harmlessness."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = "unknown"  # configured, but not answering: the file waits in quarantine
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True)
class Scan:
    """The result for one file; `detail` is the virus or the reason why nothing is known."""

    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScannerState:
    """How the scanner stands: `words` and `todo` are Japanese, for the doctor and the office."""

    is_configured: bool
    works: bool
    words: str
    todo: str = ""


def scanner() -> Clamd | None:
    """The configured daemon, or `None`. Raises `ValueError` for an address that is none."""
    address = getattr(settings, "YAKUBA_CLAMAV", "")
    return Clamd(address) if address else None


def scan(content: bytes) -> Scan:
    """Ask the scanner. Refused inside a transaction: the daemon may take its time."""
    with outside_call("clamav"):
        try:
            daemon = scanner()
            if daemon is None:
                return Scan(Verdict.NOT_CONFIGURED)
            virus = daemon.scan(content)
        except (ScannerDown, ValueError) as fault:
            return Scan(Verdict.UNKNOWN, str(fault)[:200])
    return Scan(Verdict.INFECTED, virus) if virus else Scan(Verdict.CLEAN)


def scanner_state() -> ScannerState:
    """Whether a scanner is configured and answers."""
    try:
        daemon = scanner()
        if daemon is None:
            return ScannerState(
                False,
                False,
                "設定されていません（ファイルは種類と構造だけを検査しています）",
                "ClamAV を入れて、環境変数 YAKUBA_CLAMAV に unix:/run/clamav/clamd.ctl のように指定してください",
            )
        version = daemon.version()
    except (ScannerDown, ValueError) as fault:
        return ScannerState(
            True,
            False,
            f"応答がありません（{str(fault)[:80]}）。届いたファイルは検査が済むまで開けません",
            "clamd が動いているか、YAKUBA_CLAMAV の指定が正しいかを確かめてください",
        )
    return ScannerState(True, True, version[:120])
