"""What is sent to break an app: hostile sheets, cells that become formulas, JSON without an end; and an import cut off.

Addresses of webhooks are tried in `test_outside.py`, shared definitions in `test_package.py`.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from yakuba.kernel.files.tests import making
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import FixedClock, Refusal
from yakuba.office.appbuilder.jobs import drop_left_imports
from yakuba.office.appbuilder.models import App, Cell, ImportBatch, Record
from yakuba.office.appbuilder.rules.definition import DefinitionFault, read_definition
from yakuba.office.appbuilder.rules.views import read_view
from yakuba.office.appbuilder.services.imports import begin_import, import_chunk
from yakuba.office.appbuilder.tests.world import sit

FORMULAS = ("=HYPERLINK(1)", "=cmd|'/c calc'!A0", "+1+1", "-2-3", "@SUM(A1)", "\t=1", "＝1+1")
BOMB = making.repacked(making.excel(), added={"xl/media/a.xml": b" " * 60_000_000})
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ccccc">]><worksheet>&b;</worksheet>'


def deep(levels: int) -> Any:
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


class TestAHostileSheet:
    @pytest.mark.parametrize(
        "content",
        [
            BOMB,
            making.repacked(making.excel(), added={"xl/vbaProject.bin": b"x"}),
            making.repacked(making.excel(), changed={"xl/worksheets/sheet1.xml": ENTITIES}),
            making.repacked(making.excel(), added={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        ],
        ids=["bomb", "macro", "entities", "link to another file"],
    )
    @pytest.mark.parametrize("place", ["/office/apps/sheet/", "import/", "papers/"])
    def test_is_refused_wherever_a_sheet_is_taken_and_says_what_to_do(self, desk, content, place) -> None:
        path = place if place.startswith("/") else f"/office/apps/{desk.app.public_id}/{place}"
        sent = {"title": "表", "sheet": SimpleUploadedFile("a.xlsx", content)}
        sent["file"] = SimpleUploadedFile("a.xlsx", content)
        shown = sit(desk, "行政 主事").post(path, sent)
        assert shown.status_code == 422 and "field__error" in shown.content.decode()
        assert App.objects.count() == 1 and not ImportBatch.objects.exists()


class TestACellThatLooksLikeAFormula:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_goes_out_as_text(self, desk, text) -> None:
        desk.add(item=text, note=text)
        browser = sit(desk, "行政 主事")
        path = f"/office/apps/{desk.app.public_id}/"
        book = load_workbook(io.BytesIO(browser.get(path, {"export": "xlsx"}).content))
        assert all(cell.data_type != "f" for line in book.active.iter_rows() for cell in line)
        for line in browser.get(path, {"export": "csv"}).content.decode("utf-8-sig").splitlines():
            assert not any(cell.strip('"').startswith(("=", "+", "@", "-2", "\t", "＝")) for cell in line.split(","))


class TestJson:
    @pytest.mark.parametrize(
        "written", [deep(3000), {"fields": deep(3000)}, "[" * 200_000, '{"title":"' + "x" * 2_000_000]
    )
    def test_without_an_end_is_no_definition(self, written) -> None:
        with pytest.raises(DefinitionFault):
            read_definition(written)

    @pytest.mark.parametrize(
        "written", [deep(3000), {"key": "a", "name": "a", "rule": deep(3000)}, {"rule": "x" * 99_000}]
    )
    def test_without_an_end_is_no_view(self, written) -> None:
        with pytest.raises(Refusal):
            read_view(written)


@pytest.mark.parametrize("formula", ["(" * 1999, "1+" * 999 + "1", "もし(" * 400, "「品名」" * 300, "-" * 2000 + "1"])
def test_a_formula_without_an_end_is_refused_and_stays_typed(desk, formula) -> None:
    path = f"/office/apps/{desk.app.public_id}/fields/new/"
    typed = {"type": "computed", "label": "計", "gives": "number", "rule": formula, "edition": "0"}
    shown = sit(desk, "行政 主事").post(path, typed)
    assert shown.status_code == 422 and formula[:20] in shown.content.decode()


def test_an_import_cut_off_in_the_middle_shows_nothing_and_is_taken_out(desk) -> None:
    long_ago = FixedClock(town_clock().now() - timedelta(hours=2))
    just_now = FixedClock(town_clock().now())
    for clock in (long_ago, just_now):  # the process dies here: nobody finishes either
        batch = begin_import(by=desk.maker, app=desk.app, filename="備品.xlsx", clock=clock)
        import_chunk(by=desk.maker, batch=batch, rows=[{"item": f"机{n}"} for n in range(5)], clock=clock)
    page = sit(desk, "行政 主事").get(f"/office/apps/{desk.app.public_id}/").content.decode()
    assert "机1" not in page and desk.seen(desk.maker) == set()
    drop_left_imports()
    assert [one.started_at for one in ImportBatch.objects.all()] == [just_now.now()], "one may still be running"
    assert Record.objects.count() == 5
    assert set(Cell.objects.values_list("record_id", flat=True)) == set(Record.objects.values_list("pk", flat=True))
