"""The content store loses nothing and mixes nothing up."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from yakuba.kernel.files.store import ContentChanged, ContentStore


def test_a_content_lies_under_its_digest_and_comes_back_the_same(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    digest = store.put(b"content")
    assert digest == hashlib.sha256(b"content").hexdigest()
    assert store.path(digest) == tmp_path / "files" / digest[:2] / digest[2:4] / digest
    assert store.get(digest) == b"content" and store.size(digest) == 7
    assert list(store.digests()) == [digest]


def test_only_the_house_may_read_it(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    path = store.path(store.put(b"content"))
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    inode = store.path(store.put(b"content")).stat().st_ino
    assert store.path(store.put(b"content")).stat().st_ino == inode


def test_a_changed_content_is_noticed(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    digest = store.put(b"content")
    store.path(digest).write_bytes(b"Content")
    with pytest.raises(ContentChanged):
        store.get(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_only_digests_are_addresses(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        ContentStore(tmp_path).path(digest)


def test_a_content_that_was_put_again_is_not_removed(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    digest = store.put(b"content")
    os.utime(store.path(digest), (0, 0))
    store.put(b"content")
    assert not store.remove_if_older(digest, 3600)
    os.utime(store.path(digest), (0, 0))
    assert store.remove_if_older(digest, 3600) and store.size(digest) is None
    assert not store.remove_if_older(digest, 3600)


def test_many_writers_of_the_same_contents_leave_each_once_and_whole(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    contents = [f"content {number}".encode() * 1000 for number in range(20)]

    def write() -> None:
        for content in contents:
            store.put(content)

    writers = [threading.Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(store.digests()) == sorted(hashlib.sha256(content).hexdigest() for content in contents)
    assert all(store.get(digest) for digest in store.digests())
    assert list(store.unfinished()) == []


def test_a_writer_killed_in_the_middle_leaves_no_half_content_under_a_digest(tmp_path: Path) -> None:
    root = tmp_path / "files"
    program = (
        "import sys, os; from pathlib import Path; from yakuba.kernel.files.store import ContentStore\n"
        "store = ContentStore(Path(sys.argv[1])); number = 0\n"
        "while True:\n"
        "    print(store.put(f'{number} '.encode() * 20000), flush=True); number += 1\n"
    )
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", program, str(root)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().strip() for _ in range(15)]
        writer.kill()
        writer.wait()
        store = ContentStore(root)
        assert all(store.get(digest) for digest in acknowledged)
        assert all(store.get(digest) for digest in store.digests())
