"""Many residents send forms with attachments at once, while processes of the town hall may be killed; then the count.

What counts as acknowledged is a receipt with its number. A resident who gets no answer presses the same button again,
as people do.
"""

import html
import http.client
import http.cookies
import json
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.harness.town_home import TownHome
from tests.harness.town_process import TownProcess, eventually, kill

START = "/my/apply/opinion/"
PATIENCE_SECONDS = 180
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00050001ff"
    "56c7265a0000000049454e44ae426082"
)
NOTHING_WRONG = {"lost": 0, "twice": 0, "half": 0, "without_attachment": 0, "foreign_words": 0, "chain_faults": 0}


class GaveUp(Exception):
    """A resident got no useful answer for too long."""


@dataclass
class Outcome:
    """`receipts` maps the number on each receipt to the words its sender wrote; `left` is what was counted after."""

    receipts: dict[str, str]
    left: dict[str, Any]
    kills: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def faults(self) -> dict[str, int]:
        return {name: self.left[name] for name, none in NOTHING_WRONG.items() if self.left[name] != none}


class Resident:
    """One browser without JavaScript, with its own cookies."""

    def __init__(self, port: int, answered: list[float] | None = None) -> None:
        self.port = port
        self.answered = answered if answered is not None else []
        self.cookies: dict[str, str] = {}
        self.token = ""

    def request(self, method: str, path: str, fields: dict[str, str] | None = None, file: str = "") -> tuple[str, str]:
        """The page at the end of all redirections: its address and text. A broken connection is tried again."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                status, where, text = self._once(method, path, fields, file)
            except (OSError, http.client.HTTPException):
                status, where, text = 0, "", ""
            if status:
                self.answered.append(time.monotonic())
            if status in (301, 302, 303):
                method, path, fields, file = "GET", where, None, ""
                continue
            if status in (200, 409, 422):
                return path, text
            if status in (400, 403, 404):
                raise GaveUp(f"{method} {path}: {status} {re.sub('<[^>]+>', ' ', text)[-200:]}")
            if time.monotonic() > until:
                raise GaveUp(f"{method} {path}: {status}")
            time.sleep(0.3)

    def _once(self, method: str, path: str, fields: dict[str, str] | None, file: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Host": f"localhost:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": f"http://localhost:{self.port}",
            "Accept-Language": "ja",
        }
        body = b""
        if fields is not None:
            body, headers["Content-Type"] = _multipart({**fields, "csrfmiddlewaretoken": self.token}, file)
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for line in answer.headers.get_all("Set-Cookie") or ():
                for name, morsel in http.cookies.SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            if token := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text):
                self.token = token[1]
            return answer.status, answer.headers.get("Location", ""), text
        finally:
            connection.close()

    def send_an_opinion(self, words: str) -> str:
        """From the first page to the receipt; the number on it."""
        self.request("GET", START)
        path, text = self.request("POST", START, {"form": "opinion"})
        pages = {
            "message": ({"kind": "opinion", "field": "road", "subject": words, "body": words}, "photos"),
            "sender": ({"anonymous": "yes", "reply": "no", "publish": "yes"}, ""),
        }
        for _ in range(12):
            if "/check/" in path:
                break
            # After a broken connection the page may come back as it stands now: then it is answered again.
            typed, file = pages[path.rstrip("/").rpartition("/")[2]]
            path, text = self._answer(path, text, typed, file)
        if "/check/" not in path:
            raise GaveUp(f"stuck at {path}: {re.sub('<[^>]+>', ' ', text)[-400:]}")
        path, text = self.request("POST", path, {})
        found = re.search(r'class="number">(R\d+-\d+-\d)<', text)
        if "/receipt/" not in path or found is None:
            raise GaveUp(f"no receipt at {path}")
        return found[1]

    def _answer(self, path: str, text: str, typed: dict[str, str], file: str = "") -> tuple[str, str]:
        hidden = {
            name: html.unescape(value)
            for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)
        }
        return self.request("POST", path, {**hidden, **typed, "action": "next"}, file)


def _multipart(fields: dict[str, str], file: str) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if file:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{file}"; filename="photo.png"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(head.encode() + PICTURE + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def residents_send(
    folder: Path, *, postgresql: bool, residents: int, each: int = 1, kills: int = 0, seed: int = 0
) -> Outcome:
    """Open a sample town, let residents send at once (each some forms, one after another), kill meanwhile, count."""
    home = TownHome(folder, postgresql=postgresql)
    chance = random.Random(seed)
    receipts: dict[str, str] = {}
    failures: list[str] = []
    answered: list[float] = []
    with home.open(sample_residents=200) as town:

        def live(number: int) -> None:
            for turn in range(each):
                words = f"住民{number}の{turn}回目の意見 {uuid.uuid4().hex}"
                try:
                    receipts[Resident(town.port, answered).send_an_opinion(words)] = words
                except GaveUp as reason:
                    failures.append(f"{number}: {reason}")

        threads = [threading.Thread(target=live, args=(number,)) for number in range(residents)]
        for thread in threads:
            thread.start()
        killed = _kill_meanwhile(town, threads, kills, chance, answered)
        for thread in threads:
            thread.join()
        kept = folder / "receipts.json"
        kept.write_text(json.dumps(receipts, ensure_ascii=False))
        left = json.loads(home.command("-m", "tests.load.count_cases", str(kept)))
    return Outcome(receipts, left, killed, failures)


def _kill_meanwhile(
    town: TownProcess, threads: list[threading.Thread], kills: int, chance: random.Random, answered: list[float]
) -> int:
    """Kill again and again, in the middle of answers, but only after each resident could have had one since.

    Otherwise a busy machine would be killed faster than it answers, and the residents would give up.
    """
    killed = 0
    while killed < kills and any(thread.is_alive() for thread in threads):
        before, waiting = len(answered), time.monotonic() + 60
        while len(answered) < before + len(threads) and time.monotonic() < waiting:
            if not any(thread.is_alive() for thread in threads):
                return killed
            time.sleep(0.05)
        time.sleep(chance.uniform(0.0, 1.0))
        eventually(lambda: bool(town.workers("web")), within=60, what="a web worker to kill")
        victim = chance.choice(town.workers("web")) if killed % 5 else town.head("web")
        kill(victim)
        killed += 1
        eventually(town.answers, within=60, what="the town hall answers again")
    return killed
