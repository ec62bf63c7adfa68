"""What the person at the terminal reads: few lines, Japanese first, English where somebody may be stuck."""

import time
from pathlib import Path
from typing import TextIO

from yakuba.site.supervisor.children import Child
from yakuba.site.supervisor.processes import Listener


class Screen:
    """Writes the supervisor's lines; a closed terminal is no reason to fall."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def opening(self, home: Path) -> None:
        self._write(f"役場を開けています…（データの場所: {home}）")

    def open(self, port: int, home: Path, *, sound: bool) -> None:
        self._write(
            "",
            f"  役場が開きました  http://localhost:{port}",
            f"  止めるには Ctrl+C を押してください。記録: {home / 'logs'}",
            f"  Open in your browser: http://localhost:{port} — Ctrl+C stops everything.",
            "",
        )
        if not sound:
            self._write(
                "  ただし、状態の確認（/healthz）が異常を伝えています。「yakuba doctor」が原因と直し方を示します。",
                "  The health check reports a fault; `yakuba doctor` explains it.",
                "",
            )

    def closing(self) -> None:
        self._write("", "役場を閉めています…（すぐに止めるには、もう一度 Ctrl+C）")

    def closed(self) -> None:
        self._write("閉めました。")

    def fell(self, child: Child, how: str) -> None:
        self._note(f"{child.program.title}が止まりました（{how}）。{child.pause:g} 秒後に起動し直します。")

    def killed(self, child: Child) -> None:
        self._note(f"{child.program.title}が時間内に止まらないため、強制終了しました。")

    def strays(self, count: int) -> None:
        self._note(f"前回の終了時に残っていたプロセス {count} 個を片づけました。")

    def cannot_start(self, child: Child) -> None:
        self._write(
            f"{child.program.title}を起動できません。最後の出力（全体は {child.log}）:",
            *(f"    {line}" for line in child.tail),
            "直してから、もう一度起動してください。「yakuba doctor」が原因を調べます。",
            f'The program "{child.program.name}" cannot be started; its last lines are above.',
        )

    def already_open(self, home: Path, *, pid: int | None, port: int | None) -> None:
        where = f"http://localhost:{port}（プロセス {pid}）" if pid and port else "別のプロセス"
        self._write(
            f"このデータの場所（{home}）では、役場がすでに開いています: {where}",
            "そのまま使うか、先にそちらを Ctrl+C で止めてください。"
            + (f"画面が見つからないときは: kill {pid}" if pid else ""),
            f"Yakuba is already running for this home{f' (process {pid}, port {port})' if pid else ''}.",
        )

    def port_in_use(self, port: int, listener: Listener | None) -> None:
        if listener is None:
            by, stop = "別のプログラム", "そのプログラムを止める"
        elif listener.home is not None:
            by = f"別の役場（データの場所: {listener.home}、プロセス {listener.pid}）"
            stop = "その役場の画面で Ctrl+C を押す"
        else:
            by = f"{listener.command}（プロセス {listener.pid}）"
            stop = f"そのプログラムを止める（kill {listener.pid}）"
        self._write(
            f"ポート {port} は使用中です: {by}",
            f"次のどちらかをしてください: {stop}／別のポートで起動する（PORT={port + 1} make run）",
            f"Port {port} is in use{f' by process {listener.pid}' if listener else ''}. "
            f"Stop that program, or start with PORT={port + 1}.",
        )

    def port_refused(self, address: str, port: int, *, reason: str) -> None:
        self._write(
            f"{address} のポート {port} を開けません: {reason}",
            "1024 以上のポートを PORT= で指定してください。例: PORT=8000 make run",
            f"Cannot listen on {address} port {port}: {reason}. Choose another one with PORT=.",
        )

    def _note(self, text: str) -> None:
        self._write(f"{time.strftime('%H:%M:%S')}  {text}")

    def _write(self, *lines: str) -> None:
        try:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass
