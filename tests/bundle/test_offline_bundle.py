"""The offline bundle installs and upgrades where there is no network, and refuses what was tampered with."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.town_process import ROOT, free_port, python

pytestmark = [pytest.mark.prove, pytest.mark.timeout(900), pytest.mark.xdist_group("bundle")]

WITHOUT_NETWORK = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The unpacked bundle of this very tree."""
    folder = tmp_path_factory.mktemp("bundle")
    environment = os.environ | {"YAKUBA_BUNDLE_KEY": str(folder / "key.pem")}
    made = subprocess.run(
        python("scripts/bundle.py", str(folder)), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    yield next(folder.glob("yakuba-*/"))
    shutil.rmtree(folder, ignore_errors=True)


def fingerprint(bundle: Path) -> str:
    return hashlib.sha256((bundle / "publisher.pem").read_bytes()).hexdigest()


def installing(bundle: Path, place: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the installer in a network namespace that has nothing but a loopback interface."""
    command = [*WITHOUT_NETWORK, _plain_python(), str(bundle / "install.py"), "--to", str(place / "program")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("YAKUBA_", "DJANGO_"))}
    return subprocess.run(
        [*command, "--home", str(place / "home"), *more], env=environment, capture_output=True, text=True, check=False
    )


def test_it_installs_opens_and_upgrades_without_a_network(bundle: Path, tmp_path: Path) -> None:
    first = installing(bundle, tmp_path, "--publisher", fingerprint(bundle))
    assert first.returncode == 0, first.stdout + first.stderr
    port = free_port()
    asking = f"import urllib.request; print(urllib.request.urlopen('http://localhost:{port}/healthz').status)"
    script = f"""
        ip link set lo up
        {tmp_path}/program/current/bin/yakuba run --port {port} & running=$!
        for _ in $(seq 150); do sleep 0.2; {_plain_python()} -c "{asking}" 2>/dev/null && break; done
        kill -INT $running; wait $running
    """
    opened = subprocess.run(
        [*WITHOUT_NETWORK, "bash", "-c", script],
        env={"PATH": os.environ["PATH"], "YAKUBA_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "200" in opened.stdout.split(), opened.stdout + opened.stderr
    again = installing(bundle, tmp_path)  # the publisher is known by now
    assert again.returncode == 0, again.stdout + again.stderr


def test_it_refuses_a_changed_file_an_added_file_and_another_publisher(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    assert "発行者が違います" in installing(copy, tmp_path, "--publisher", "0" * 64).stderr
    assert "--publisher" in installing(copy, tmp_path).stderr
    (copy / "extra.py").write_text("")
    assert "一覧にない" in installing(copy, tmp_path, "--publisher", fingerprint(copy)).stderr
    (copy / "extra.py").unlink()
    with (copy / "requirements.txt").open("a") as file:
        file.write("\n")
    assert "書き換えられています" in installing(copy, tmp_path, "--publisher", fingerprint(copy)).stderr
    with (copy / "SHA256SUMS").open("a") as file:
        file.write("\n")
    assert "署名が正しくありません" in installing(copy, tmp_path, "--publisher", fingerprint(copy)).stderr
    assert not (tmp_path / "program").exists()


def _plain_python() -> str:
    """The Python below the virtual environment, as a town's machine has it."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
