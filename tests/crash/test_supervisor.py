"""Whatever is killed, the port is answered again or free, and nothing of ours stays behind.

Tried with three small programs that have the process families of the real ones (`small_town`); the real town hall is
killed in `test_town_survives_kills`.
"""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.town_process import ROOT, TownProcess, eventually, free_port, kill, python

SMALL_TOWN = "tests.crash.small_town"


def small_town(home: Path, port: int, *broken: str, until_it_answers: bool = True) -> TownProcess:
    command = python("-m", SMALL_TOWN, str(home), str(port), *broken)
    return TownProcess(command, home=home, port=port, until_it_answers=until_it_answers)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TownProcess]:
    with small_town(tmp_path / "home", free_port()) as running:
        eventually(lambda: len(running.heads()) == 3 and len(running.workers("worker")) == 3, what="all programs run")
        yield running


def test_it_opens_says_where_and_closes_on_ctrl_c(town: TownProcess) -> None:
    eventually(lambda: f"http://localhost:{town.port}" in town.shown(), what="the address is shown")
    assert "Ctrl+C" in town.shown()
    town.signal(signal.SIGINT)
    assert town.wait() == 0
    assert town.family() == []
    assert town.port_is_free()
    assert town.shown().rstrip().endswith("閉めました。")


def test_a_killed_web_worker_is_replaced(town: TownProcess) -> None:
    for _ in range(2):
        victim = int(town.get("/")[1])
        assert victim in town.workers("web")
        kill(victim)
        eventually(lambda: town.answers() and len(town.workers("web")) == 2, what="two web workers again")
        assert victim not in town.family()


def test_killing_the_web_head_takes_its_workers_along_and_the_port_is_answered_again(town: TownProcess) -> None:
    head, workers = town.head("web"), town.workers("web")
    kill(head)
    eventually(lambda: not {head, *workers} & set(town.family()), what="the old web processes are gone")
    eventually(lambda: town.answers() and town.head("web") != head, what="a new web server answers")
    eventually(lambda: "Webが止まりました" in town.shown(), what="the fall is told")


def test_killing_the_job_cluster_head_leaves_no_sentinel_or_worker(town: TownProcess) -> None:
    head, family = town.head("worker"), town.workers("worker")
    kill(head)
    eventually(lambda: not {head, *family} & set(town.family()), what="the old cluster is gone")
    eventually(lambda: len(town.heads()) == 3 and len(town.workers("worker")) == 3, what="a new cluster runs")


def test_killing_a_sentinel_takes_its_workers_along(town: TownProcess) -> None:
    family = town.workers("worker")
    kill(min(family))
    eventually(lambda: not set(family) & set(town.family()), what="the workers of the dead sentinel are gone")
    eventually(lambda: "worker" in town.heads() and len(town.workers("worker")) == 3, what="a new cluster runs")


def test_a_killed_keeper_is_replaced(town: TownProcess) -> None:
    head = town.head("keeper")
    kill(head)
    eventually(lambda: town.heads().get("keeper", head) != head, what="a new keeper runs")
    assert town.answers()


def test_killing_the_supervisor_leaves_nothing_and_the_next_start_works(town: TownProcess) -> None:
    kill(town.pid)
    town.wait()
    eventually(lambda: town.family() == [], within=3, what="no orphan remains")
    eventually(town.port_is_free, within=3, what="the port is free")
    town.start()
    assert town.answers()


@pytest.mark.parametrize("processes_up", [1, 2, 3, 5])
def test_a_kill_while_everything_is_being_started_leaves_nothing(tmp_path: Path, processes_up: int) -> None:
    with small_town(tmp_path / "home", free_port(), until_it_answers=False) as town:
        eventually(lambda: len(town.family()) >= processes_up, what="starting")
        kill(town.pid)
        town.wait()
        eventually(lambda: town.family() == [], within=5, what="no orphan remains")
        eventually(town.port_is_free, within=5, what="the port is free")


def test_strays_that_escaped_every_other_care_are_cleared_at_the_next_start(town: TownProcess) -> None:
    kill(town.pid)
    town.wait()
    stray = subprocess.Popen(["sleep", "600"], env={"YAKUBA_SUPERVISED": str(town.home)}, start_new_session=True)
    town.start()
    assert stray.wait(5) == -signal.SIGKILL
    assert "残っていたプロセス 1 個" in town.shown()


def test_a_second_supervisor_on_the_same_home_refuses(town: TownProcess) -> None:
    second = subprocess.run(
        python("-m", SMALL_TOWN, str(town.home), str(free_port())), cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert second.returncode == 3
    assert f"プロセス {town.pid}" in second.stdout
    assert f"http://localhost:{town.port}" in second.stdout
    assert town.answers()


def test_a_port_taken_by_another_program_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with small_town(tmp_path / "home", port, until_it_answers=False) as town:
            assert town.wait() == 4
    assert f"ポート {port} は使用中です" in town.shown()
    assert f"PORT={port + 1}" in town.shown()


def test_a_port_taken_by_another_town_hall_names_its_home(town: TownProcess, tmp_path: Path) -> None:
    other = subprocess.run(
        python("-m", SMALL_TOWN, str(tmp_path / "other"), str(town.port)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert other.returncode == 4
    assert str(town.home) in other.stdout


def test_a_program_that_never_comes_up_ends_the_start_with_its_last_words(tmp_path: Path) -> None:
    with small_town(tmp_path / "home", free_port(), "web", until_it_answers=False) as town:
        assert town.wait() == 1
        assert "設定ファイルがありません" in town.shown()
        assert town.family() == []


def test_a_program_that_falls_later_is_started_again_with_growing_pauses(town: TownProcess) -> None:
    for _ in range(3):
        head = town.head("keeper")
        kill(head)
        eventually(lambda gone=head: town.heads().get("keeper", gone) != gone, what="a new keeper runs")
    pauses = ["0.2 秒後", "0.5 秒後", "1 秒後"]
    assert [pause for pause in pauses if pause in town.shown()] == pauses
