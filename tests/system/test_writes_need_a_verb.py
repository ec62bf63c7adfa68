"""Writes outside a verb are refused, and only named places may go round verbs."""

from __future__ import annotations

from pathlib import Path

import pytest

from yakuba.kernel.audit.api import WriteOutsideVerb
from yakuba.kernel.organisation.models import Authority

ROOT = Path(__file__).parents[2]
MAY_GO_ROUND = {
    "src/yakuba/kernel/audit",  # defines it
    "src/yakuba/kernel/jobs/services.py",  # the queue's own bookkeeping
    "src/yakuba/kernel/operations",  # the error book; backup and moving
    "src/yakuba/kernel/identity/views/library.py",  # the sign-in library writes accounts itself
    "src/yakuba/site/prepare.py",  # migrations
    "src/yakuba/site/sample",  # the generator
    "src/yakuba/residents/procedures/sample_cases.py",  # its part that fills in forms at a stroke
}


@pytest.mark.django_db
def test_a_write_outside_a_verb_is_refused() -> None:
    with pytest.raises(WriteOutsideVerb):
        Authority.objects.create(code="mayor", name="町長", head_title="町長")
    with pytest.raises(WriteOutsideVerb):
        Authority.objects.filter(code="mayor").update(name="別名")
    with pytest.raises(WriteOutsideVerb):
        Authority.objects.all()._raw_delete("default")


def test_only_named_places_go_round_verbs() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "src").rglob("*.py")
        if "unaudited_writes" in path.read_text(encoding="utf-8") and "/tests/" not in str(path)
    }
    strangers = {one for one in found if not one.startswith(tuple(MAY_GO_ROUND))}
    assert not strangers
