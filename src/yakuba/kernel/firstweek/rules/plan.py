"""From the rows of a workbook and what is stored to a plan: what is added, changed, unchanged, and what is wrong.

Nothing is ever deleted: a row that is stored and not in the workbook stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yakuba.kernel.firstweek.rules.checks import Checks
from yakuba.kernel.firstweek.rules.lines import Fault, Line, Plan, RawRow, Stored
from yakuba.kernel.firstweek.rules.reader import Reader
from yakuba.kernel.firstweek.rules.sheets import SHEET_BY_NAME, SHEETS
from yakuba.kernel.organisation.rules.appointments import INDISPENSABLE


def plan(raw: Mapping[str, Sequence[RawRow]], stored: Stored) -> Plan:
    """Read every row, compare it with what is stored, and ask the organisation's rules about the whole."""
    reader = Reader(stored)
    for sheet in SHEETS:
        for row in raw.get(sheet.name, ()):
            reader.read(sheet, row)
    Checks(reader).run()
    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    faults = sorted(reader.faults, key=lambda one: (order[one.sheet], one.row, _place_of(one)))
    lines = _parents_first([line for line in reader.lines if not reader.is_faulty(line.sheet, line.row)])
    return Plan(lines=tuple(lines), faults=tuple(faults), notices=tuple(_notices(reader)))


def _parents_first(lines: list[Line]) -> list[Line]:
    """Sections after the section they stand below, everything else in the order of the sheets."""
    parents = {line.values["code"]: line.values["parent"] for line in lines if line.sheet == "所属"}

    def depth(line: Line) -> int:
        if line.sheet != "所属":
            return 0
        steps, at = 0, line.values["parent"]
        while at in parents and steps <= len(parents):
            steps, at = steps + 1, parents[at]
        return steps

    order = {sheet.name: place for place, sheet in enumerate(SHEETS)}
    return sorted(lines, key=lambda line: (order[line.sheet], depth(line), line.row))


def _notices(reader: Reader) -> list[str]:
    """What would be odd about the house after the import."""
    staff = {str(values["number"]): values for values, _ in reader.all_values("職員")}
    posted = {str(values["number"]) for values, _ in reader.all_values("発令") if values["is_main"] == "main"}
    homeless = [
        number for number, values in staff.items() if number not in posted and values["employment"] != "outside"
    ]
    notices = []
    if staff and not any(values["role"] in INDISPENSABLE for values, _ in reader.all_values("権限")):
        notices.append(
            "「人事担当」か「情報システム担当」の権限を持つ人がいません。このままでは、画面で組織を直せる人がいません。"
        )
    if homeless:
        shown = "、".join(homeless[:10]) + (f" ほか{len(homeless) - 10}人" if len(homeless) > 10 else "")
        notices.append(f"本務の発令がない職員が{len(homeless)}人います（職員番号 {shown}）。")
    heads = {
        str(values["section"])
        for values, _ in reader.all_values("発令")
        if (reader.values_of("職", (values["post"],)) or {}).get("role") == "section_head"
    }
    headless = [
        str(values["name"])
        for values, _ in reader.all_values("所属")
        if values["kind"] == "section" and str(values["code"]) not in heads
    ]
    if staff and headless:
        shown = "、".join(headless[:10]) + (f" ほか{len(headless) - 10}" if len(headless) > 10 else "")
        notices.append(f"所属長のいない課・室があります（{shown}）。")
    return notices


def _place_of(fault: Fault) -> int:
    """Where the column of a fault stands in its sheet; the whole row comes last."""
    names = [column.name for column in SHEET_BY_NAME[fault.sheet].columns]
    return names.index(fault.column) if fault.column in names else len(names)
