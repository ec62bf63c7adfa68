"""What every test must keep: no word to the outside, no transaction over the budget, nothing skipped in CI."""

import ipaddress
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")

_skipped: list[str] = []
_connect = socket.socket.connect


class OutsideWord(AssertionError):
    """A test tried to reach another machine."""


def _connect_inside_only(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
        raise OutsideWord(f"tests talk to this machine only, not to {address[0]}")
    return _connect(self, address)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def pytest_configure() -> None:
    socket.socket.connect = _connect_inside_only  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _transactions_stay_short() -> Iterator[None]:
    """A verb whose transaction took longer than the budget fails the test that called it."""
    verbs = sys.modules.get("yakuba.kernel.audit.verbs")
    slow = verbs.slow_transactions if verbs else []
    slow.clear()
    yield
    verbs = sys.modules.get("yakuba.kernel.audit.verbs")
    too_slow = list(verbs.slow_transactions) if verbs else []
    assert not too_slow, f"transactions over the budget (CPU ms): {too_slow}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped.append(f"{report.nodeid}: {reason}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _skipped.append(f"{report.nodeid}: {report.longrepr}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if IN_CI and _skipped and not hasattr(session.config, "workerinput") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if IN_CI and _skipped:
        terminalreporter.section("skipped in CI, which counts as failed")
        for line in _skipped:
            terminalreporter.write_line(line)
