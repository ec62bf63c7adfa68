from __future__ import annotations

import json

import click

from yakuba.kernel.kpi.queries import series_of
from yakuba.kernel.kpi.registry import known_measures


@click.command()
@click.option("--json", "as_json", is_flag=True, help="機械が読む形で出す")
def kpi(*, as_json: bool) -> None:
    """すべての指標と最新の値（値・単位・日付・出どころ）。"""
    measures = known_measures()
    latest = {key: points[-1] for key, points in series_of(measures).items()}
    rows = []
    for key, measure in measures.items():
        point = latest.get(key)
        rows.append(
            {
                "id": key,
                "title": measure.title.in_language("ja"),
                "definition": measure.definition.in_language("ja"),
                "unit": measure.unit,
                "direction": measure.direction.value,
                "measured_by": measure.measured_by.value,
                "value": format(point.value.normalize(), "f") if point else None,
                "n": point.n if point else None,
                "on": point.on.isoformat() if point else None,
                "source": point.source.value if point else None,
                "is_sample": point.is_sample if point else None,
            }
        )
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        value = f"{row['value']} {row['unit']}（{row['on']}）" if row["value"] is not None else "未計測"
        click.echo(f"{row['id']:<44} {value}  {row['title']}")


commands = [kpi]
