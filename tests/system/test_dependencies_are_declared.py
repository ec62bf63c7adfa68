"""What the code imports is declared, locked, explained and free to use: nothing works only because a developer's machine
happens to have it, and nobody finds out later under which licence it came."""

import ast
import json
import re
import sys
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import Licensing, get_spdx_licensing
from PIL import features

from scripts import dependencies

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yakuba"

#: Part of a declared package, released together with it.
PARTS = {"pydantic_core": "pydantic"}

#: Licences under which a part of the town hall may come without being named one by one.
FREE = frozenset(
    {
        "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-1-Clause", "BSD-2-Clause", "BSD-3-Clause",
        "BSL-1.0", "CC0-1.0", "IPA", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unicode-3.0",
        "Unicode-DFS-2016", "Unlicense", "Zlib",
    }
)  # fmt: skip
#: Further ones of native libraries inside wheels.
FREE_INSIDE = FREE | {
    "BSD-Attribution-HPND-disclaimer",
    "FTL",
    "IJG",
    "OLDAP-2.8",
    "PostgreSQL",
    "libpng-2.0",
    "libtiff",
}
LGPL = frozenset({"LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"})

#: Crates whose licence the wheel's bill gives as text alone; the text was read.
READ_BY_HAND = {"tinystr": "Unicode-3.0"}


def _imported() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "tests" in path.relative_to(SOURCE).parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        optional = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Try) for inner in ast.walk(node)}
        for node in ast.walk(tree):
            if id(node) in optional:
                continue  # the code goes on without it
            names = (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module]
                if isinstance(node, ast.ImportFrom) and node.module and not node.level
                else []
            )
            for name in names:
                top = name.partition(".")[0]
                found.setdefault(PARTS.get(top, top), path)
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names and name != "yakuba"}


@cache
def _spdx() -> Licensing:
    return get_spdx_licensing()


@cache
def _is_free(expression: str, allowed: frozenset[str]) -> bool:
    """Whether one may use something under an SPDX expression with the licences ``allowed`` alone."""
    spdx = _spdx()
    parsed = spdx.parse(expression, validate=False)

    def holds(part: object) -> bool:
        if isinstance(part, spdx.AND):
            return all(holds(each) for each in part.args)
        if isinstance(part, spdx.OR):
            return any(holds(each) for each in part.args)
        return str(part) in allowed

    return parsed is not None and holds(parsed)


def test_every_imported_package_is_declared_and_locked() -> None:
    declared = set(dependencies.direct("run"))
    locked = {one.name for one in dependencies.locked("run")}
    providers = packages_distributions()
    undeclared = [
        f"{name} ({path.relative_to(ROOT)})"
        for name, path in sorted(_imported().items())
        if not {dependencies.normal(each) for each in providers.get(name, [])} & declared & locked
    ]
    assert not undeclared, f"add to pyproject.toml, then `make lock`: {', '.join(undeclared)}"


def test_every_direct_dependency_has_a_reason_and_every_reason_a_dependency() -> None:
    told = dependencies.explained()["reasons"]
    assert sorted(told["run"]) == dependencies.direct("run")
    assert sorted(told["dev"]) == dependencies.direct("dev")
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert {*dependencies.explained()["browser"], *dependencies.explained()["assets"]} == set(asked)
    assert all(reason.endswith(".") and len(reason) > 10 for reasons in told.values() for reason in reasons.values())


def test_every_system_package_is_explained() -> None:
    lists = {"run": "apt-run.txt", "test": "apt-test.txt"}
    told = dependencies.explained()["system"]
    for where, name in lists.items():
        lines = (ROOT / "scripts" / name).read_text(encoding="utf-8").splitlines()
        packages = {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}
        allowed = {"run"} if where == "run" else {"test", "choice"}
        assert {each for each in packages if told.get(each, {}).get("where") not in allowed} == set()


def test_the_committed_papers_equal_a_fresh_generation() -> None:
    stale = [str(place.relative_to(ROOT)) for place in dependencies.stale_papers(dependencies.papers())]
    assert not stale, f"{', '.join(stale)}: make papers"


def test_the_check_notices_a_paper_that_was_changed_by_hand(tmp_path: Path) -> None:
    paper = tmp_path / "sbom.cdx.json"
    fresh = {paper: dependencies.sbom_text()}
    assert dependencies.stale_papers(fresh) == [paper]
    paper.write_text(fresh[paper], encoding="utf-8")
    assert dependencies.stale_papers(fresh) == []
    paper.write_text(fresh[paper].replace("BSD-3-Clause", "MIT", 1), encoding="utf-8")
    assert dependencies.stale_papers(fresh) == [paper]


def test_no_part_of_the_town_hall_is_under_gpl_and_lgpl_is_named() -> None:
    named = set(dependencies.explained()["weak_copyleft"])
    parts = {one.name: dependencies.licence_of(one.name) for one in dependencies.locked("run")}
    parts |= {one.name: one.licence for one in dependencies.shipped_assets()}
    parts |= {
        name: about["licence"] for name, about in dependencies.explained()["system"].items() if about["where"] == "run"
    }
    refused = {
        name: licence
        for name, licence in parts.items()
        if not _is_free(licence, FREE | LGPL if name in named else FREE)
    }
    assert refused == {}
    assert named == {name for name, licence in parts.items() if not _is_free(licence, FREE)}, "named without need"


@pytest.mark.parametrize(
    ("expression", "is_free"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("LGPL-3.0-only", False),
        ("MIT AND GPL-2.0-or-later", False),
        ("Apache-2.0 OR GPL-2.0-only", True),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("Proprietary", False),
    ],
)
def test_the_licence_rule_bites(expression: str, is_free: bool) -> None:
    assert _is_free(expression, FREE) is is_free


def test_a_licence_nobody_can_read_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "explained", lambda: {"licences": {}})
    with pytest.raises(dependencies.Unexplained, match="sqlparse のライセンスが分かりません"):
        dependencies.licence_of("sqlparse")
    with pytest.raises(dependencies.Unexplained, match="入っていない"):
        dependencies.licence_of("no-such-package-anywhere")


def test_native_libraries_inside_wheels_are_known() -> None:
    allowed = FREE_INSIDE | LGPL
    told = dependencies.explained()["inside"]
    unknown = []
    for one in dependencies.locked("run"):
        files = distribution(one.name).files or []
        for file in files:
            if ".libs/" not in str(file) or ".so" not in file.name:
                continue
            stem = re.split(r"-[0-9a-f]{8}\.|\.so", file.name)[0]
            licence = told.get(file.parts[0].removesuffix(".libs"), {}).get(stem, "")
            if not licence or not _is_free(licence, allowed):
                unknown.append(f"{one.name}: {file.name} {licence}")
    assert not unknown, "read the licence, then add to [inside] of scripts/dependencies.toml"
    assert not features.check("libimagequant"), "this Pillow was built with libimagequant, which is under GPL"


def test_rust_code_inside_wheels_is_free() -> None:
    refused, read = [], 0
    for one in dependencies.locked("run"):
        for file in distribution(one.name).files or []:
            if not str(file).endswith(".cyclonedx.json") or "sboms" not in file.parts:
                continue
            for crate in json.loads(Path(str(file.locate())).read_text(encoding="utf-8")).get("components", []):
                said = [
                    each.get("expression") or each["license"].get("id") or each["license"].get("name", "")
                    for each in crate.get("licenses", [])
                ]
                licence = " AND ".join(f"({each})" for each in said)
                read += 1
                if not _is_free(READ_BY_HAND.get(crate["name"], licence) or "none", FREE):
                    refused.append(f"{one.name}: {crate['name']} {licence}")
    assert refused == []
    assert read > 100, "the wheels brought no bills of materials any more"


def test_the_bill_of_materials_is_valid_complete_and_always_the_same() -> None:
    text = dependencies.sbom_text()
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(text) is None
    bill = json.loads(text)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", bill["serialNumber"]
    )
    refs = [bill["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in bill["components"])]
    assert len(refs) == len(set(refs))
    assert sorted(one["ref"] for one in bill["dependencies"]) == sorted(refs)
    assert {needed for one in bill["dependencies"] for needed in one["dependsOn"]} <= set(refs)
    assert {one["purl"] for one in bill["components"]} >= {one.purl for one in dependencies.locked("run")}
    assert {one["purl"] for one in bill["components"]} >= {one.purl for one in dependencies.shipped_assets()}
    assert all(one["licenses"] for one in bill["components"])
    assert dependencies.sbom_text() == text
    assert "://" not in text, "the bill names a place to fetch from"


def test_everything_locked_is_reached_from_the_town_hall() -> None:
    bill = dependencies.sbom()
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    reached, ahead = set(), [bill["metadata"]["component"]["bom-ref"]]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += needs[here]
    assert reached == set(needs), "the lock holds something nobody asks for"
