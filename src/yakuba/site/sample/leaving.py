"""Leaving the sample town: everything of it is taken away, and an empty town with fresh keys is left."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.parameters.api import forget_installation, is_sample_town
from yakuba.kernel.parameters.models import Installation
from yakuba.kernel.values.api import TOKYO, Refusal, SystemClock
from yakuba.site.sample.emptying import ensure_alone, set_tables_aside, throw_away_tables
from yakuba.site.sample.making import unfinished_mark
from yakuba.site.supervisor.claim import AlreadyOpen, Claim

#: What stays in YAKUBA_HOME: the town's profile, the lock of the supervisor, compiled static files, earlier copies.
_STAYS = {"town.toml", "run", "static", "left"}


def leave_sample_town(*, confirmed: bool, keep_copy: bool, say: Callable[[str], object]) -> None:
    """Take the sample town away and prepare an empty one. Raises ``Refusal`` when this is no sample town, when the
    town hall is open, or without confirmation; then nothing has changed.

    Files go first and the tables last, so an interrupted run is still a sample town and can be left again.
    """
    if not is_sample_town():
        raise Refusal(
            "ここは見本の町ではありません。ほんとうの町のデータは、この操作では消せません。",
            hint="YAKUBA_HOME と DATABASE_URL が見本の町のものか確かめてください。",
        )
    home = Path(settings.YAKUBA_HOME)
    if not confirmed:
        raise Refusal(
            f"見本の町（{home}）の職員・記録・ファイル・監査記録・鍵をすべて取り除きます。まだ何も変えていません。",
            hint="よければ yakuba sample leave --yes を実行してください。",
        )
    try:
        with Claim(home, port=0):
            _leave(home, keep_copy=keep_copy, say=say)
    except AlreadyOpen as open_elsewhere:
        raise Refusal(
            f"役場が開いています（番号 {open_elsewhere.pid or '不明'}）。開いたままでは片付けられません。",
            hint="yakuba run を Ctrl+C で止めてから、もう一度実行してください。",
        ) from open_elsewhere


def _leave(home: Path, *, keep_copy: bool, say: Callable[[str], object]) -> None:
    stamp = SystemClock().now().astimezone(TOKYO).strftime("%Y%m%d-%H%M%S")
    folder = home / "left" / f"sample-{stamp}"
    database = Path(str(connections["default"].settings_dict["NAME"])).resolve()
    connections.close_all()
    ensure_alone()
    if keep_copy:
        folder.mkdir(parents=True, mode=0o700)
    for item in sorted(home.iterdir()):
        if item.name in _STAYS or item.resolve() == database or item.name.startswith(f"{database.name}-"):
            continue
        if keep_copy:
            shutil.move(item, folder / item.name)
        elif item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    (home / "logs").mkdir(exist_ok=True)
    if keep_copy:
        place = set_tables_aside(folder=folder, schema=f"sample_left_{stamp.replace('-', '_')}")
        say(f"見本の町の控え: {folder} と {place}（要らなくなったら消してください）")
    else:
        throw_away_tables()
    unfinished_mark().unlink(missing_ok=True)
    connections.close_all()
    forget_installation()
    # A process of its own, because this one still holds the keys of the sample town.
    done = subprocess.run([sys.executable, "-m", "yakuba", "init", "--no-sample", "--quiet"], check=False)
    if done.returncode:
        raise Refusal(
            "見本の町は片付けましたが、空の町の準備が途中で止まりました。",
            hint="yakuba init を実行してください。",
        )
    with unaudited_writes("an empty town on purpose"):
        Installation.objects.create(is_sample=False, made_at=SystemClock().now())
    say("空の町になりました。鍵も新しくなっています。")
    say(
        "次に: yakuba account first --number 職員番号 --name 氏名 で最初のアカウントを作り、yakuba run で開いてください。"
    )
