"""Chain heads that leave the machine, so that a rewritten chain is found as well."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from yakuba.kernel.audit.models import AuditLink


def append_head(folder: Path, *, now: datetime) -> bool:
    """Append position and value of the newest link to ``heads.jsonl``; ``False`` when nothing is new.

    ``folder`` is meant to lie elsewhere (a share of another machine, a write-once medium).
    """
    newest = AuditLink.objects.order_by("-position").first()
    if newest is None or newest.position in read_heads(folder):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": now.isoformat(), "position": newest.position, "value": newest.value})
    with (folder / "heads.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return True


def read_heads(folder: Path) -> dict[int, str]:
    """Positions and values kept in ``folder``; an empty mapping when there are none."""
    path = folder / "heads.jsonl"
    if not path.exists():
        return {}
    kept = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {int(one["position"]): str(one["value"]) for one in kept}
