"""`docs/dependencies.md` and `docs/sbom.cdx.json`: what the town hall is built from, under which licence, and why.

`python scripts/dependencies.py`                writes both papers
`python scripts/dependencies.py --check`        says whether the committed papers equal a fresh generation
`python scripts/dependencies.py --sbom FILE`    writes the bill of materials alone (`make bundle`)

Versions come from the locks (`requirements/*.txt`, `package-lock.json`), licences from the metadata of the installed
packages, reasons and what metadata do not say from `scripts/dependencies.toml`. The same input gives the same bytes:
no time, no machine, no place to fetch from. The bill of materials (CycloneDX 1.5) holds what a town runs; tools of
developers stand in the table only.
"""

import argparse
import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "dependencies.md"
SBOM = ROOT / "docs" / "sbom.cdx.json"

#: What packages write instead of an SPDX identifier, where it can mean one licence only.
SPDX = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "PSFL": "PSF-2.0",
    "Apache-2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD-2-Clause": "BSD-2-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "BSD-0-Clause": "0BSD",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}

#: The town hall runs on Linux with CPython; what a lock keeps for other systems is no part of it.
_LINUX = {
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "os_name": "posix",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
}
_PYTHONS = ("3.11", "3.12", "3.13", "3.14")


class Unexplained(Exception):
    """Something the papers need stands nowhere; the text says what to write where."""


@dataclass(frozen=True)
class Locked:
    """One entry of a lock: ``via`` names the packages (or ``yakuba``) that ask for it."""

    name: str
    version: str
    marker: str = ""
    via: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"

    @property
    def is_for_some_pythons(self) -> bool:
        return "python_full_version" in self.marker or "python_version" in self.marker

    @property
    def version_words(self) -> str:
        words = self.marker.replace("python_full_version", "Python").replace("'", "")
        return f"{self.version} ({words})" if self.is_for_some_pythons else self.version


@dataclass(frozen=True)
class Asset:
    """One package of `package-lock.json`."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...] = field(default=())

    @property
    def purl(self) -> str:
        return f"pkg:npm/{quote(self.name, safe='/')}@{self.version}"


def main() -> int:
    parser = argparse.ArgumentParser(description="依存パッケージの一覧と部品表を作る")
    parser.add_argument("--check", action="store_true", help="docs/ の一覧が新しいかどうかだけを調べる")
    parser.add_argument("--sbom", type=Path, metavar="FILE", help="部品表だけを FILE に書く")
    chosen = parser.parse_args()
    try:
        if chosen.sbom:
            chosen.sbom.write_text(sbom_text(), encoding="utf-8")
            return 0
        fresh = papers()
    except Unexplained as problem:
        print(problem, file=sys.stderr)
        return 1
    stale = stale_papers(fresh)
    if chosen.check:
        for place in stale:
            print(f"{place.relative_to(ROOT)} が古くなっています。make papers で作り直してください。", file=sys.stderr)
        return 1 if stale else 0
    for place in stale:
        place.write_text(fresh[place], encoding="utf-8")
        print(f"{place.relative_to(ROOT)} を作り直しました。")
    return 0


def papers() -> dict[Path, str]:
    """Both papers as they should be."""
    return {TABLE: table_text(), SBOM: sbom_text()}


def stale_papers(fresh: Mapping[Path, str]) -> list[Path]:
    """The papers whose committed text is another one, or missing."""
    return [place for place, text in fresh.items() if not place.exists() or place.read_text(encoding="utf-8") != text]


# ---- what the locks and the metadata say -----------------------------------------------------------------------------


@cache
def explained() -> dict[str, Any]:
    """`scripts/dependencies.toml`."""
    return tomllib.loads((ROOT / "scripts" / "dependencies.toml").read_text(encoding="utf-8"))


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> list[str]:
    """The names in lines such as ``django-allauth[mfa]>=65.21,<66``, in order of the alphabet."""
    return sorted(normal(re.split(r"[\[<>=!~ ;]", line)[0]) for line in requirements)


def direct(purpose: str) -> list[str]:
    """Direct dependencies in `pyproject.toml`: "run" or "dev"."""
    found = project()["project"]["dependencies"] if purpose == "run" else project()["dependency-groups"]["dev"]
    return named(found)


def locked(lock: str) -> list[Locked]:
    """The entries of `requirements/<lock>.txt` that hold on Linux, by name and version."""
    entries: list[Locked] = []
    for line in (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").splitlines():
        head = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;]+)\s*(?:;\s*(.*?))?\s*\\?", line)
        if head:
            entries.append(Locked(normal(head[1]), head[2], (head[3] or "").strip()))
        elif (asks := re.fullmatch(r"\s+#\s+(?:via\s*)?([A-Za-z0-9._-]*).*", line)) and asks[1] and entries:
            last = entries.pop()
            entries.append(Locked(last.name, last.version, last.marker, (*last.via, normal(asks[1]))))
    return sorted((one for one in entries if _is_for_linux(one.marker)), key=by_name)


def _is_for_linux(marker: str) -> bool:
    surroundings = [{**_LINUX, "python_version": one, "python_full_version": f"{one}.0"} for one in _PYTHONS]
    return not marker or any(Marker(marker).evaluate(each) for each in surroundings)


def licence_of(name: str) -> str:
    """The licence of a Python package as an SPDX expression. Raises ``Unexplained``."""
    written = explained()["licences"].get(name)
    if written:
        return str(written)
    try:
        found = metadata(name)
    except PackageNotFoundError:
        raise Unexplained(
            f"{name} が入っていないので、ライセンスを読めません。make env を実行するか、"
            "scripts/dependencies.toml の [licences] に書いてください。"
        ) from None
    if found["License-Expression"]:
        return str(found["License-Expression"])
    said = [(found["License"] or "").partition("\n")[0].strip()]
    said += [one for one in found.get_all("Classifier") or [] if one.startswith("License ::")]
    for one in said:
        if one in SPDX:
            return SPDX[one]
    raise Unexplained(
        f"{name} のライセンスが分かりません（{'、'.join(filter(None, said)) or '記載なし'}）。パッケージの LICENSE を"
        "読んで、scripts/dependencies.toml の [licences] に SPDX の式で書いてください。"
    )


def by_name(one: Locked) -> tuple[str, str]:
    return one.name, one.version


def reason_for(purpose: str, name: str) -> str:
    """Why a direct dependency is there. Raises ``Unexplained``."""
    found = explained()["reasons"][purpose].get(name)
    if not found:
        raise Unexplained(
            f"{name} が何のためにあるかを、scripts/dependencies.toml の [reasons.{purpose}] に書いてください。"
        )
    return str(found)


def assets() -> dict[str, Asset]:
    """The packages of `package-lock.json` by name."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    found = {}
    for place, entry in lock["packages"].items():
        name = place.rpartition("node_modules/")[2]
        if name and not {"os", "cpu"} & set(entry):  # builds of a package for one system are not told apart
            licence = SPDX.get(entry.get("license", ""), entry.get("license", "")) or "NOASSERTION"
            found[name] = Asset(name, entry["version"], licence, tuple(sorted(entry.get("dependencies", {}))))
    return found


def shipped_assets() -> list[Asset]:
    """What reaches the browser. Raises ``Unexplained`` for a name the lock does not hold."""
    every = assets()
    missing = sorted(set(explained()["browser"]) - set(every))
    if missing:
        raise Unexplained(
            f"package-lock.json に {'、'.join(missing)} がありません。scripts/dependencies.toml を直してください。"
        )
    return [every[name] for name in sorted(explained()["browser"])]


# ---- the bill of materials -------------------------------------------------------------------------------------------


def sbom_text() -> str:
    """The bill of materials of what a town runs, CycloneDX 1.5 as JSON. Raises ``Unexplained``."""
    content = sbom()
    # Derived from the content, so that two equal bills carry the same number.
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    content["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}"
    order = ("bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies")
    return json.dumps({name: content[name] for name in order}, ensure_ascii=False, indent=2) + "\n"


def sbom() -> dict[str, Any]:
    """The bill without its number."""
    own = project()["project"]
    ref = f"{own['name']}@{own['version']}"
    entries = locked("run")
    fonts = [name for name, about in explained()["system"].items() if about["where"] == "run"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ref,
                "name": own["name"],
                "version": own["version"],
                "description": own["description"],
                "licenses": [{"license": {"id": own["license"]}}],
            }
        },
        "components": [
            *(_component(one.name, one.version, one.purl, licence_of(one.name), _about(one)) for one in entries),
            *(
                _component(one.name, one.version, one.purl, one.licence, [("yakuba:part", "browser")])
                for one in shipped_assets()
            ),
            *(_font(name) for name in sorted(fonts)),
        ],
        "dependencies": list(_edges(ref, entries, fonts)),
    }


def _about(one: Locked) -> list[tuple[str, str]]:
    kind = "direct" if "yakuba" in one.via else "transitive"
    return [("yakuba:part", kind), *([("yakuba:marker", one.marker)] if one.is_for_some_pythons else [])]


def _component(
    name: str, version: str, purl: str, licence: str, properties: list[tuple[str, str]], kind: str = "library"
) -> dict[str, Any]:
    group, _, plain = name.rpartition("/")
    return {
        "type": kind,
        "bom-ref": purl,
        **({"group": group} if group else {}),
        "name": plain,
        **({"version": version} if version else {}),
        "scope": "required",
        "licenses": [{"expression": licence}] if " " in licence else [{"license": {"id": licence}}],
        "purl": purl,
        "properties": [{"name": key, "value": value} for key, value in properties],
    }


def _font(name: str) -> dict[str, Any]:
    licence = explained()["system"][name]["licence"]
    return _component(name, "", f"pkg:deb/debian/{name}", licence, [("yakuba:part", "system")], kind="data")


def _edges(ref: str, entries: list[Locked], fonts: list[str]) -> Iterator[dict[str, Any]]:
    """Who asks for what, as the lock's comments say."""
    asked: dict[str, list[str]] = {}
    for one in entries:
        for asker in one.via:
            asked.setdefault(asker, []).append(one.purl)
    own = [
        *asked.get("yakuba", []),
        *(one.purl for one in shipped_assets()),
        *(f"pkg:deb/debian/{one}" for one in fonts),
    ]
    yield {"ref": ref, "dependsOn": sorted(own)}
    for one in entries:
        yield {"ref": one.purl, "dependsOn": sorted(asked.get(one.name, []))}
    for asset in shipped_assets():
        yield {"ref": asset.purl, "dependsOn": []}
    for name in sorted(fonts):
        yield {"ref": f"pkg:deb/debian/{name}", "dependsOn": []}


# ---- the table -------------------------------------------------------------------------------------------------------


def table_text() -> str:
    """`docs/dependencies.md`. Raises ``Unexplained``."""
    return "\n".join(_table_lines()) + "\n"


def _table_lines() -> Iterator[str]:
    run, test = locked("run"), locked("test")
    running = {one.name for one in run}
    here, developing = direct("run"), direct("dev")
    yield from _HEAD.splitlines()
    yield from ("", "## In use in the town hall: chosen by us", "")
    yield from _rows("Package", [(one, reason_for("run", one.name)) for one in run if one.name in here])
    yield from ("", "## In use in the town hall: brought by the above", "")
    yield from _rows("Package", [(one, "") for one in run if one.name not in here])
    yield from ("", "## Sent to the browser", "", *_BROWSER.splitlines(), "")
    yield from _grid(
        ("Package", "Version", "Licence", "What for"),
        [(one.name, one.version, one.licence, explained()["browser"][one.name]) for one in shipped_assets()],
    )
    yield from ("", "## Of the operating system", "", *_SYSTEM.splitlines(), "")
    where = {"run": "needed", "choice": "the town's choice", "test": "tests only"}
    yield from _grid(
        ("Package", "Licence", "Where", "What for"),
        [
            (name, about["licence"], where[about["where"]], about["reason"])
            for name, about in explained()["system"].items()
        ],
    )
    yield from ("", "## LGPL, by name", "", *_WEAK.splitlines(), "")
    for name, why in explained()["weak_copyleft"].items():
        yield f"* **{name}**: {why}"
    yield from ("", "## Native libraries inside wheels", "", *_INSIDE.splitlines(), "")
    yield from _grid(
        ("Wheel", "Libraries"),
        [
            (wheel.replace("_", "-"), ", ".join(f"{name} ({licence})" for name, licence in libraries.items()))
            for wheel, libraries in explained()["inside"].items()
        ],
    )
    yield from ("", "## On developers' machines: chosen by us", "", *_TOOLS.splitlines(), "")
    tools = [(one, reason_for("dev", one.name)) for one in test if one.name in developing]
    makers = sorted({one.name: one for lock in ("build", "node", "uv") for one in locked(lock)}.values(), key=by_name)
    told = explained()["reasons"]["make"]
    tools += [(one, reason_for("make", one.name)) for one in makers if one.name in told]
    yield from _rows("Package", tools)
    every = assets()
    yield ""
    yield from _grid(
        ("Package for assets", "Version", "Licence", "What for"),
        [(name, every[name].version, every[name].licence, why) for name, why in explained()["assets"].items()],
    )
    yield from ("", "## On developers' machines: brought by the above", "")
    listed = running | set(developing)
    brought = {one.name: one for one in [*makers, *test] if one.name not in listed and one.name not in told}
    yield from _rows("Package", [(one, "") for one in sorted(brought.values(), key=by_name)])
    known = {*explained()["browser"], *explained()["assets"]}
    yield ""
    yield from _grid(
        ("Package for assets", "Version", "Licence"),
        [(one.name, one.version, one.licence) for name, one in sorted(every.items()) if name not in known],
    )


def _rows(title: str, entries: list[tuple[Locked, str]]) -> Iterator[str]:
    with_reason = any(why for _, why in entries)
    yield from _grid(
        (title, "Version", "Licence", *(["What for"] if with_reason else [])),
        [
            (one.name, one.version_words, licence_of(one.name), *([why] if with_reason else []))
            for one, why in sorted(entries, key=lambda each: by_name(each[0]))
        ],
    )


def _grid(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


_HEAD = """\
# Dependencies

What the town hall is built from, under which licence, and why. Made by `make papers` from the locks
(`requirements/*.txt`, `package-lock.json`) and the packages' own metadata; a test fails when it is out of date. The
same facts for machines, restricted to what a town runs: [sbom.cdx.json](sbom.cdx.json) (CycloneDX 1.5).

Rules: the product is Apache-2.0, so nothing under GPL or AGPL is part of it; LGPL only as an unchanged library, named
below. Every package is installed by the digest in its lock. A new dependency needs a line saying what it is for."""
_BROWSER = """\
Compiled and committed under `src/yakuba/kernel/ui/static/ui`; a town needs no Node. Nothing is loaded from another
host."""
_SYSTEM = """\
Installed by the operating system and updated by it. Programs are spoken to over sockets or started by the tests; none
is linked into ours. PDFs are set by Typst, which is a Python package here."""
_WEAK = """\
These may be replaced by the town at any time: they are separate packages, imported unchanged."""
_INSIDE = """\
Wheels bring compiled libraries of their own. LGPL ones (libheif, libde265, keyutils, libcrypt) are shared libraries in
files of their own. Rust code inside wheels is listed in the wheels' own bills of materials; a test reads both."""
_TOOLS = """\
Nothing of this is installed in a town."""


if __name__ == "__main__":
    sys.exit(main())
