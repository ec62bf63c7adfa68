"""What goes into the bundle, and under which signature. The whole of it is tried by `make prove PART=bundle`."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scripts import bundle

LOCK = """\
always==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
old==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:cc
    # via always
elsewhere==3.0 ; sys_platform == 'win32' \\
    --hash=sha256:dd
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "requirements").mkdir(parents=True)
    (folder / "requirements" / "run.txt").write_text(LOCK)
    (folder / "pyproject.toml").write_text('[project]\nname = "yakuba"\nversion = "1.2.3"\n')
    return folder


@pytest.mark.parametrize(("python", "names"), [("3.11", ["always", "old"]), ("3.12", ["always"])])
def test_only_what_a_python_on_linux_needs_is_fetched_and_only_with_hashes(
    source: Path, python: str, names: list[str]
) -> None:
    wanted = list(bundle.requirements_for(source / "requirements" / "run.txt", python))
    assert [one.split("==")[0] for one in wanted] == names
    assert wanted[0] == "always==1.0 --hash=sha256:aa --hash=sha256:bb\n"


def test_the_lock_of_a_bundle_names_the_wheels_that_lie_in_it(source: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "made" / "wheels"
    wheels.mkdir(parents=True)
    for name in (
        "always-1.0-py3-none-any.whl",
        "old-2.0-cp311-cp311-linux_x86_64.whl",
        "yakuba-1.2.3-py3-none-any.whl",
    ):
        (wheels / name).write_text(name)
    bundle.write_lock(source, wheels.parent)
    lines = (wheels.parent / "requirements.txt").read_text().splitlines()
    own = hashlib.sha256(b"yakuba-1.2.3-py3-none-any.whl").hexdigest()
    assert [line.split()[0] for line in lines] == ["always==1.0", "old==2.0", "yakuba==1.2.3"]
    assert lines[-1] == f"yakuba==1.2.3 --hash=sha256:{own}"
    assert "python_full_version < '3.12'" in lines[1]


def test_one_content_gives_one_archive_and_openssl_accepts_its_signature(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    archives = []
    for turn in ("one", "two"):
        folder = tmp_path / turn / "yakuba-1"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "file").write_text("content")
        bundle.seal(folder, key)
        archives.append(bundle.pack(folder, tmp_path / turn / "yakuba-1.tar"))
        bundle.sign_archive(archives[-1], key)
    assert archives[0].read_bytes() == archives[1].read_bytes()
    archive = archives[0]
    check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(archive.with_suffix(".pub")), "-rawin"]
    check += ["-in", str(archive), "-sigfile", f"{archive}.sig"]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    archive.write_bytes(archive.read_bytes() + b"x")
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0


def test_a_key_of_another_kind_is_refused_with_the_command_that_makes_one(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    with pytest.raises(bundle.CannotBundle, match="openssl genpkey -algorithm ed25519"):
        bundle.signing_key(tmp_path / "key.pem")
