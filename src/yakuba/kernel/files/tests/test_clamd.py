"""The scanner's client speaks the protocol exactly, and takes nothing for a verdict that is none."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from yakuba.kernel.files.scanning.clamd import Clamd, ScannerDown
from yakuba.kernel.files.tests.fake_clamd import VIRUS, running, unused_port


def test_a_clean_content_is_sent_whole_and_found_clean() -> None:
    content = bytes(range(256)) * 1024  # several chunks
    with running() as (address, seen):
        assert Clamd(address).scan(content) is None
        assert seen == [content]


def test_a_virus_is_named() -> None:
    with running() as (address, _seen):
        assert Clamd(address).scan(b"a" * 70_000 + VIRUS) == "Harmless.Test-1"


def test_it_works_over_a_unix_socket(tmp_path: Path) -> None:
    with running(socket_file=tmp_path / "clamd.ctl") as (address, _seen):
        assert Clamd(address).scan(b"x") is None
        assert Clamd(address).version().startswith("ClamAV 1.4.3")


def test_the_stand_in_refuses_wrong_framing() -> None:
    with (
        running() as (address, _seen),
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as wrong,
    ):
        wrong.sendall(b"zINSTREAM\0" + b"\x05\0\0\0hello\0\0\0\0")  # the length in the wrong order
        assert b"ERROR" in wrong.recv(1000)


def test_a_content_over_the_daemons_limit_is_no_verdict() -> None:
    with running(longest_stream=1000) as (address, _seen), pytest.raises(ScannerDown, match=r"size limit|Broken|Reset"):
        Clamd(address).scan(b"x" * 2000)


@pytest.mark.parametrize("behaviour", ["silent", "hangs up", "babbles"])
def test_a_daemon_that_gives_no_answer_is_down(behaviour: str) -> None:
    with running(behaviour) as (address, _seen):
        started = time.monotonic()
        with pytest.raises(ScannerDown):
            Clamd(address, timeout=0.3).scan(b"x")
        assert time.monotonic() - started < 3


def test_no_daemon_at_all_is_down(tmp_path: Path) -> None:
    for address in (f"tcp:127.0.0.1:{unused_port()}", f"unix:{tmp_path}/none.ctl"):
        with pytest.raises(ScannerDown):
            Clamd(address).scan(b"x")


@pytest.mark.parametrize(
    "address", ["", "clamd", "http://localhost:3310", "tcp:localhost", "unix:relative", "tcp:a:b:1"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="clamd address"):
        Clamd(address)
