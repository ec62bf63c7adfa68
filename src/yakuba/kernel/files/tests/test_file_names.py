"""Names of files, as people send them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.files.intake.file_names import LONGEST, safe_name
from yakuba.kernel.files.intake.limits import Kind


@pytest.mark.parametrize(
    ("sent", "kind", "stored"),
    [
        ("申請書.pdf", Kind.PDF, "申請書.pdf"),
        ("../../etc/passwd", Kind.TEXT, "passwd.txt"),
        (r"C:\Users\職員\写真.jpg", Kind.JPEG, "写真.jpg"),
        ("が.txt", Kind.TEXT, "が.txt"),
        ("辻\U000e0101.pdf", Kind.PDF, "辻\U000e0101.pdf"),
        ("請求書\u202egpj.exe", Kind.PDF, "請求書gpj.exe.pdf"),
        ("見え\u200bない\ufeff.pdf", Kind.PDF, "見えない.pdf"),
        ("改\r\n行\x00.pdf", Kind.PDF, "改行.pdf"),
        ("photo.jpeg", Kind.JPEG, "photo.jpeg"),
        ("photo.pdf", Kind.JPEG, "photo.pdf.jpg"),
        ("第1.2号", Kind.PDF, "第1.2号.pdf"),
        ("con.txt", Kind.TEXT, "_con.txt"),
        ("a<b>:c?.pdf", Kind.PDF, "a_b__c_.pdf"),
        ("", Kind.PDF, "ファイル.pdf"),
        ("...", Kind.PDF, "ファイル.pdf"),
        ("/", Kind.JPEG, "ファイル.jpg"),
        ("  空白　だらけ  .pdf", Kind.PDF, "空白 だらけ.pdf"),
        ("\ud800.pdf", Kind.PDF, "_.pdf"),
    ],
)
def test_a_sent_name_becomes_a_safe_one(sent: str, kind: Kind, stored: str) -> None:
    assert safe_name(sent, kind) == stored


@given(st.text(max_size=400), st.sampled_from(list(Kind)))
def test_whatever_was_sent_the_name_is_short_visible_and_has_its_ending(sent: str, kind: Kind) -> None:
    name = safe_name(sent, kind)
    assert 4 < len(name) <= LONGEST
    assert name.lower().endswith(kind.extensions)
    assert not any(unicodedata.category(one) in ("Cc", "Cf", "Cs") for one in name)
    assert not set(name) & set('/\\<>:"|?*')
    assert safe_name(name, kind) == name
