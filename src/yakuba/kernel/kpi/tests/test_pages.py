"""A value by hand, from the form over its evidence to the second person."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.pages.walk import signed_in
from yakuba.kernel.kpi.models import HandMeasurement, HandState

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def filled(**changed: object) -> dict[str, object]:
    return {
        "measure_id": "documents.paper_shelf_metres", "on": "2026-11-20", "value": "1100.5", "n": "40",
        "how": "巻き尺で測り合計", "evidence": "書庫の棚の測定表", **changed,
    }  # fmt: skip


def test_a_value_travels_from_one_person_to_another(sample_town: None) -> None:
    clerk, secretariat = signed_in("担当者"), signed_in("DX推進事務局")
    before = set(HandMeasurement.objects.values_list("pk", flat=True))
    table = SimpleUploadedFile("測定表.csv", "棚,長さ\n1,27.5\n".encode())
    answer = clerk.post("/office/kpi/enter/", filled(evidence_file=table))
    assert answer.status_code == 302, answer.content.decode()
    made = HandMeasurement.objects.exclude(pk__in=before).get()
    page = clerk.get(answer["Location"]).content.decode()
    assert "資料を開く" in page and 'value="approve"' not in page
    assert clerk.post(f"/office/kpi/hand/{made.public_id}/decide/", {"decision": "approve"}).status_code == 403
    assert 'value="approve"' in secretariat.get(answer["Location"]).content.decode()
    assert secretariat.post(f"/office/kpi/hand/{made.public_id}/decide/", {"decision": "approve"}).status_code == 302
    made.refresh_from_db()
    assert made.state == HandState.APPROVED


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"evidence_file": SimpleUploadedFile("x.csv", b"MZ\x90\x00\x03\x00\x00\x00")}, "x.csv"),
        ({"value": "たくさん"}, "値"),
        ({"on": "2030-01-01"}, "未来の日付"),
        ({"measure_id": "nobody.knows"}, "指標"),
        ({"evidence": ""}, "根拠"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    sample_town: None, changed: dict[str, object], words: str
) -> None:
    count = HandMeasurement.objects.count()
    answer = signed_in("担当者").post("/office/kpi/enter/", filled(**changed))
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert "巻き尺で測り合計" in page, "what was typed is still there"
    assert HandMeasurement.objects.count() == count
