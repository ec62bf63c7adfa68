"""`yakuba catalogue` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from yakuba.kernel.catalogue.cli import catalogue
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.queries.delivery import catalogue_folder

pytestmark = pytest.mark.django_db


def test_check_names_every_fault_and_ends_with_1(tmp_path: Path) -> None:
    assert CliRunner().invoke(catalogue, ["check"]).exit_code == 0
    for path in catalogue_folder().glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    (tmp_path / "tax.toml").write_text("format = 2", "utf-8")
    done = CliRunner().invoke(catalogue, ["check", "--folder", str(tmp_path), "--json"])
    assert done.exit_code == 1
    assert "tax.toml" in {fault["place"] for fault in json.loads(done.stdout)["faults"]}


def test_import_is_idempotent_and_export_comes_back(tmp_path: Path) -> None:
    first = CliRunner().invoke(catalogue, ["import", "--json"])
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["counts"]["new"] == Procedure.objects.count() >= 93
    second = CliRunner().invoke(catalogue, ["import", "--json"])
    assert json.loads(second.stdout)["counts"] == {"new": 0, "updated": 0, "same": Procedure.objects.count(), "kept": 0}
    file = tmp_path / "catalogue.csv"
    assert CliRunner().invoke(catalogue, ["export", str(file)]).exit_code == 0
    back = CliRunner().invoke(catalogue, ["import", str(file), "--json"])
    assert json.loads(back.stdout)["unchanged"] == Procedure.objects.count()


def test_a_faulty_sheet_ends_with_1_and_leaves_the_marked_workbook(tmp_path: Path) -> None:
    CliRunner().invoke(catalogue, ["import", "--json"])
    file, errors = tmp_path / "x.csv", tmp_path / "errors.xlsx"
    file.write_text("識別名,版,保存年限（年）\ndog-registration,1,たくさん\n", "utf-8")
    done = CliRunner().invoke(catalogue, ["import", str(file), "--errors", str(errors)])
    assert done.exit_code == 1
    assert errors.read_bytes().startswith(b"PK")
