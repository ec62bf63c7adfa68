"""Prints: what stands in the PDF is what was asked for."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from yakuba.kernel.paper.prints import fonts, render
from yakuba.kernel.paper.prints.letterhead import Letterhead, town_letterhead
from yakuba.kernel.paper.prints.render import GETA, PrintFailed, UndrawableCharacters, render_pdf

MORNING = datetime(2026, 4, 1, 0, 5, tzinfo=UTC)
CREST = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#00629b"/></svg>'
TOWN = Letterhead(town="会津坂下町", office="会津坂下町役場", crest=CREST)
ONE_DOT, TWO_DOTS = "辻\U000e0102", "辻\U000e0101"


def specimen(**changed: object) -> bytes:
    values = {
        "title": "帳票の見本",
        "subtitle": "令和8年度",
        "people": [f"{ONE_DOT} 太郎", "髙﨑 花子"],
        "rows": [
            {"day": date(2026, 4, 1), "item": f"品目{number}", "amount": 1234567, "done": True} for number in range(80)
        ],
        "day": date(2019, 5, 1),
        "amount": -1234567,
        "remark": "",
    }
    return render_pdf("paper/specimen", {**values, **changed}, printed_at=MORNING, letterhead=TOWN)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def pixels(pdf: bytes, folder: Path, name: str) -> Image.Image:
    source = folder / f"{name}.pdf"
    source.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "100", "-png", "-f", "1", "-l", "1", "-singlefile", source, folder / name], check=True
    )
    with Image.open(folder / f"{name}.png") as picture:
        return picture.convert("L")


def test_the_pdf_holds_names_dates_and_numbers_as_they_are_written() -> None:
    pdf = specimen()
    text = text_of(pdf)
    assert f"{ONE_DOT} 太郎" in text and "髙﨑 花子" in text
    assert "令和元年5月1日（水）" in text and "−1,234,567円" in text and "R8.4.1" in text
    assert "令和8年4月1日 9:05 印刷" in text


def test_pages_are_counted_and_the_head_of_a_table_comes_back_on_each() -> None:
    pages = PdfReader(io.BytesIO(specimen())).pages
    assert len(pages) == 3
    assert "2 / 3 ページ" in pages[1].extract_text()
    assert all("金額（円）" in page.extract_text() for page in pages[:2])


def test_the_pdf_tells_its_title_and_language_to_screen_readers() -> None:
    reader = PdfReader(io.BytesIO(specimen()))
    assert reader.metadata is not None and reader.metadata.title == "帳票の見本"
    assert reader.root_object["/Lang"] == "ja-JP" and reader.root_object["/MarkInfo"]["/Marked"]


def test_two_shapes_of_one_character_are_drawn_as_two_shapes(tmp_path: Path) -> None:
    one, two, plain = (
        pixels(specimen(people=[name * 9], rows=[]), tmp_path, f"shape{number}")
        for number, name in enumerate((ONE_DOT, TWO_DOTS, "〓"))
    )
    assert ImageChops.difference(one, two).getbbox() is not None
    assert ImageChops.difference(one, plain).getbbox() is not None


def test_the_same_input_gives_the_same_bytes() -> None:
    assert specimen() == specimen()


def test_markup_in_values_is_printed_and_not_obeyed() -> None:
    nasty = '#panic("x") *fett* $a$ \\ "quoted" <label> @ref #read("/etc/passwd") // {{氏名}}'
    text = text_of(specimen(remark=nasty, rows=[], title="#eval"))
    assert "".join(nasty.split()) in "".join(text.split())
    assert "#eval" in text


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_printed(text: str) -> None:
    assert specimen(remark=text.encode("utf-8", "replace").decode(), rows=[]).startswith(b"%PDF-")


def test_characters_no_font_can_draw_become_geta_and_are_listed() -> None:
    text = text_of(specimen(people=["笑😀"], rows=[]))
    assert f"笑{GETA}" in text and "U+1F600" in text
    assert GETA not in text_of(specimen(rows=[]))


def test_a_print_that_must_be_exact_refuses_what_it_cannot_draw() -> None:
    values = {
        "title": "許可書", "number": "第1号", "day": date(2026, 4, 1), "sender": {"title": "会津坂下町長"},
        "recipient": {"name": "\ue000田"}, "paragraphs": [],
    }  # fmt: skip
    with pytest.raises(UndrawableCharacters) as caught:
        render_pdf("paper/specimen_letter", values, printed_at=MORNING, letterhead=TOWN, exact=True)
    assert "U+E000" in caught.value.message and caught.value.hint
    unknown_shape = {**values, "recipient": {"name": "田\U000e01ef"}}
    with pytest.raises(UndrawableCharacters):
        render_pdf("paper/specimen_letter", unknown_shape, printed_at=MORNING, letterhead=TOWN, exact=True)


def test_a_letter_has_its_address_in_the_window_of_the_envelope(tmp_path: Path) -> None:
    pdf = render_pdf(
        "paper/specimen_letter",
        {
            "title": "通知", "number": "8坂○第1号", "day": date(2026, 4, 1),
            "recipient": {"postal_code": "969-6500", "address": ["福島県河沼郡会津坂下町", "字市中"], "name": "会津 太郎"},
            "sender": {"title": "会津坂下町長", "name": "坂下 花子", "section": "総務課", "phone": "0242-00-0000"},
            "paragraphs": ["本文です。"],
        },
        printed_at=MORNING,
        letterhead=TOWN,
    )  # fmt: skip
    text = text_of(pdf)
    assert "〒969-6500" in text and "会津 太郎" in text and "8坂○第1号" in text
    picture = pixels(pdf, tmp_path, "letter")
    per_millimetre = picture.width / 210
    left, top, right, bottom = (round(one * per_millimetre) for one in (20, 18, 105, 50))
    window = picture.crop((left, top, right, bottom)).point(lambda value: 255 if value < 128 else 0)
    ink = window.getbbox()
    assert ink is not None and ink[0] <= 3 * per_millimetre and ink[3] <= 31 * per_millimetre
    above = picture.crop((0, 0, round(110 * per_millimetre), top - 2)).point(lambda value: 255 if value < 128 else 0)
    assert above.getbbox() is None


def test_a_missing_font_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    class Nothing:
        def families(self) -> list[str]:
            return [fonts.SANS, fonts.SERIF]

    monkeypatch.setattr(fonts, "installed", Nothing)
    with pytest.raises(fonts.FontMissing) as caught:
        specimen()
    assert "IPAmjMincho" in caught.value.message and "fonts-ipamj-mincho" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["paper/none", "nowhere/specimen", "../paper/specimen", "paper/../specimen", "paper"])
def test_an_unknown_template_is_named(name: str) -> None:
    with pytest.raises(PrintFailed) as caught:
        render_pdf(name, {}, printed_at=MORNING, letterhead=TOWN)
    assert name in caught.value.message


@pytest.mark.parametrize(
    "line",
    [
        '#import "@preview/cetz:0.2.0"',
        '#import("@preview/" + "cetz:0.2.0")',
        "#import values.module: *",
        '#include "../../secret.typ"',
        '#image("/etc/hostname.png", alt: "x")',
        '#read("../values.py")',
        "#values.no_such_value",
    ],
)
def test_a_template_reaches_nothing_outside_and_its_faults_are_named(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = tmp_path / "own.typ"
    template.write_text(f'#import "house.typ": *\n#show: report.with(title: "x")\n{line}\n', encoding="utf-8")
    monkeypatch.setattr(render, "_template", lambda name: template)
    with pytest.raises(PrintFailed) as caught:
        render_pdf("paper/own", {}, printed_at=MORNING, letterhead=TOWN)
    assert "own" in caught.value.message


def test_pictures_are_laid_beside_the_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = tmp_path / "own.typ"
    template.write_text(
        '#import "house.typ": *\n#show: report.with(title: "x")\n#image("images/a.png", alt: "写真")', encoding="utf-8"
    )
    monkeypatch.setattr(render, "_template", lambda name: template)
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    pdf = render_pdf("paper/own", {}, printed_at=MORNING, letterhead=TOWN, images={"a.png": out.getvalue()})
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1
    with pytest.raises(PrintFailed):
        render_pdf("paper/own", {}, printed_at=MORNING, letterhead=TOWN, images={"../a.png": out.getvalue()})


def test_the_towns_letterhead_comes_from_its_profile(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "crest.svg").write_bytes(CREST)
    settings.STATICFILES_DIRS = [tmp_path]
    settings.TOWN = replace(settings.TOWN, crest_path="crest.svg")
    head = town_letterhead()
    assert (head.town, head.office, head.crest) == (settings.TOWN.name, settings.TOWN.office_name, CREST)
    settings.TOWN = replace(settings.TOWN, crest_path="nowhere.svg")
    assert town_letterhead().crest is None
