"""Published views: what stands before everybody, and what a decision is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, pgettext

from yakuba.kernel.access.api import VISITOR
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.ui.charts import Bar, Chart, bar_chart, trend_chart
from yakuba.office.appbuilder.models import App, PublicView
from yakuba.office.appbuilder.queries.charting import drawn_chart, places_of
from yakuba.office.appbuilder.queries.groups import Grouped, grouped, number_words
from yakuba.office.appbuilder.queries.names import names_for
from yakuba.office.appbuilder.queries.scope import Scope, scope_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.care import personal_fields
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass
from yakuba.office.appbuilder.rules.formula import in_formula
from yakuba.office.appbuilder.rules.permissions import Rows, Sight
from yakuba.office.appbuilder.rules.publishing import (
    Published,
    Small,
    published,
    published_content,
    published_cross,
    published_total,
    publishing_problems,
    used_fields,
)
from yakuba.office.appbuilder.rules.tallies import NOTHING, NOWHERE, OTHERS, Tally, folded
from yakuba.office.appbuilder.rules.values import NO_NAMES, Names, as_read
from yakuba.office.appbuilder.rules.view_check import day_in, is_day, is_yes_no
from yakuba.office.appbuilder.rules.view_words import group_words, measure_words, told, unit_of
from yakuba.office.appbuilder.rules.views import AppView, Axis, Drawn, How, Measure, Step, ViewKind

SMALL = "appbuilder.small_number"
MOST_ROWS = 500


@dataclass(frozen=True)
class Board:
    """A table of words; the first cell of a line is its heading. `numbers` says that the others are numbers."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] = ()
    numbers: bool = True


@dataclass(frozen=True)
class PublicPage:
    """What everybody sees of a published view: a chart with its table, or a table alone.

    `withheld` is the number below which counts are withheld, 0 when none is; `cut` how many rows a table shows at most,
    0 when it shows all.
    """

    title: str
    chart: Chart | None
    board: Board | None
    withheld: int = 0
    cut: int = 0
    counts_twice: bool = False


def published_view(token: str) -> PublicView | None:
    """What stands at an address, as long as it is exactly what was decided and the app is in use."""
    found = PublicView.objects.filter(public_id=token, app__closed_at__isnull=True).exclude(content={})
    public = found.select_related("app__section").first()
    return public if public is not None and is_as_decided(public) else None


def is_as_decided(public: PublicView) -> bool:
    """Whether the view, in the version in use, still is what was decided."""
    version = public.app.versions.filter(state="in_use").first()
    view = version.content.view(public.key) if version is not None else None
    if version is None or view is None or publishing_problems(view, version.content):
        return False
    return bool(published_content(view, version.content) == public.content)


def public_page(app: App, view: AppView, *, today: date) -> PublicPage:
    """A view as everybody may see it, in the language of the page. Raises `Refusal` where it cannot be shown."""
    shapes = Shapes(app)
    definition = shapes.definition
    keys = frozenset(one.key for one in used_fields(view, definition))
    sight = Sight(group="public", see=True, rows=Rows.ALL, visible=keys)
    scope = scope_for(VISITOR, app, definition, sight, today=today, shapes=shapes, view=view)
    least = whole_on(SMALL, today)
    if view.kind is ViewKind.TABLE and view.group is None:
        return _rows(view, scope, shapes, today=today)
    if view.kind is ViewKind.CHART and view.split is None:
        return _chart(view, scope, least, today=today)
    if view.kind is ViewKind.TABLE:
        return _groups(view, scope, least, today=today)
    return _crossed(view, scope, least, today=today)


# Rows


def _rows(view: AppView, scope: Scope, shapes: Shapes, *, today: date) -> PublicPage:
    records = scope.rows(start=0, stop=MOST_ROWS + 1)
    fields = [one for key in view.columns if (one := scope.definition.field(key)) is not None]
    used = scope.definition.model_copy(update={"fields": tuple(fields)})
    names = names_for(VISITOR, used, today=today, ids={})
    lines = []
    for record in records[:MOST_ROWS]:
        values = shapes.of(record, today=today).values
        lines.append(tuple(as_read(one, values.get(one.key), names) or "—" for one in fields))
    board = Board(tuple(one.label for one in fields), tuple(lines), numbers=False)
    return PublicPage(view.name, None, board, cut=MOST_ROWS if len(records) > MOST_ROWS else 0)


# Numbers


def _found(view: AppView, scope: Scope, measures: list[Measure], *, today: date, fill: bool = False) -> Grouped:
    axes = [axis for axis in (view.group, view.split) if axis is not None]
    return grouped(scope, axes, measures, person=VISITOR, today=today, most=(200, 20), fill=fill, naming=_named)


def _chart(view: AppView, scope: Scope, least: int, *, today: date) -> PublicPage:
    measure = view.measure
    one = scope.definition.field(view.group.field) if view.group is not None else None
    found = _found(view, scope, [measure], today=today, fill=one is not None and is_day(one))
    numbers = {key: published(found.tallies.get((key,)), measure, least=least) for key, _ in found.rows}
    small = any(isinstance(number, Small) for number in numbers.values())
    head = _measured(measure, scope.definition)
    unit = _unit(measure, scope.definition)
    language = get_language() or "ja"
    if not small:
        chart = drawn_chart(view, found, scope.definition, title=head, language=language, words=head, unit=unit)
        return PublicPage(view.name, chart, None)
    # Shares would tell a withheld count by what is missing to a hundred: counts instead, and no bar for what is withheld.
    rows = tuple((name, _written(numbers[key])) for key, name in found.rows if view.drawn is not Drawn.LINE or key)
    shown = [
        (name, number if isinstance(number, Decimal) else None)
        for key, name in found.rows
        if view.drawn is not Drawn.LINE or key != NOWHERE
        for number in [numbers[key]]
    ]
    places = places_of(found, measure)
    if view.drawn is Drawn.LINE:
        chart = trend_chart(title=head, unit=unit, points=shown, value_words=head, places=places, language=language)
    else:
        bars = [Bar(name, number) for name, number in shown if number is not None]
        chart = bar_chart(title=head, unit=unit, bars=bars, value_words=head, places=places, language=language)
    chart = replace(chart, rows=rows)
    return PublicPage(view.name, chart, None, withheld=least)


def _groups(view: AppView, scope: Scope, least: int, *, today: date) -> PublicPage:
    measures = [Measure(), *(one for one in view.measures if one.how is not How.COUNT)]
    found = _found(view.model_copy(update={"split": None}), scope, measures, today=today)
    numbers = {
        key: [published(found.tallies.get((key,)), one, least=least) for one in measures] for key, _ in found.rows
    }
    whole = _together(found)
    twice = _counts_twice(view, scope)
    totals = [
        published_total(whole, one, [numbers[key][place] for key, _ in found.rows], least=least)
        for place, one in enumerate(measures)
    ]
    axis = scope.definition.field(view.group.field) if view.group is not None else None
    board = Board(
        (axis.label if axis is not None else "", *(_head(one, scope.definition) for one in measures)),
        tuple((name, *map(_written, numbers[key])) for key, name in found.rows),
        () if twice else (pgettext("cross table", "合計"), *map(_written, totals)),
    )
    small = any(isinstance(one, Small) for line in numbers.values() for one in line)
    return PublicPage(view.name, None, board, withheld=least if small else 0, counts_twice=twice)


def _crossed(view: AppView, scope: Scope, least: int, *, today: date) -> PublicPage:
    measure = view.measure
    found = _found(view, scope, [measure], today=today)
    rows, columns = [key for key, _ in found.rows], [key for key, _ in found.columns]
    pairs = {(keys[0], keys[1]): tally for keys, tally in found.tallies.items() if len(keys) == 2}
    across = folded((row, tally) for (row, _), tally in pairs.items())
    down = folded((column, tally) for (_, column), tally in pairs.items())
    shown = published_cross(
        pairs, rows, columns, measure, least=least, totals=(across, down, _together(found))
    )  # fmt: skip
    twice = _counts_twice(view, scope)
    first, second = (
        one.label if (one := scope.definition.field(axis.field)) is not None else ""
        for axis in (view.group, view.split)
        if axis is not None
    )
    total = () if twice else (pgettext("cross table", "合計"),)
    board = Board(
        (f"{first} ＼ {second}", *(name for _, name in found.columns), *total),
        tuple(
            (
                name,
                *(_written(shown.cells[key, column]) for column in columns),
                *(() if twice else (_written(shown.across[key]),)),
            )
            for key, name in found.rows
        ),
        ()
        if twice
        else (
            pgettext("cross table", "合計"),
            *(_written(shown.down[key]) for key in columns),
            _written(shown.whole),
        ),
    )
    small = any(isinstance(one, Small) for one in shown.cells.values())
    if view.kind is ViewKind.CHART and not small and not twice:
        words, unit = _measured(measure, scope.definition), _unit(measure, scope.definition)
        language = get_language() or "ja"
        drawn = drawn_chart(view, found, scope.definition, title=words, language=language, words=words, unit=unit)
        return PublicPage(view.name, drawn, None)
    return PublicPage(view.name, None, board, withheld=least if small else 0, counts_twice=twice)


def _together(found: Grouped) -> Tally:
    return folded(((), tally) for tally in found.tallies.values()).get((), NOTHING)


def _counts_twice(view: AppView, scope: Scope) -> bool:
    axes = [axis for axis in (view.group, view.split) if axis is not None]
    fields = [scope.definition.field(axis.field) for axis in axes]
    return any(one is not None and one.type.value == "choices" for one in fields)


# Words


def _written(number: Published) -> str:
    if isinstance(number, Small):
        return gettext("%(n)s未満") % {"n": number.least}
    return number_words(number)


def _named(one: AppField, axis: Axis, key: str, names: Names) -> str:
    if key == NOWHERE:
        return gettext("（空欄）")
    if key == OTHERS:
        return pgettext("groups", "そのほか")
    if is_yes_no(one):
        return pgettext("answer", "はい") if key == "1" else pgettext("answer", "いいえ")
    if is_day(one) and get_language() == "en" and (day := day_in(key)) is not None:
        if axis.step is Step.MONTH:
            return f"{day:%b %Y}"
        if axis.step is Step.FISCAL_YEAR:
            return f"FY{day.year}"
    return group_words(one, axis, key, names)


def _measured(measure: Measure, definition: AppDefinition) -> str:
    one = definition.field(measure.field)
    if measure.how is How.COUNT or one is None:
        return pgettext("measure", "件数")
    said = gettext("%(field)sの合計") if measure.how is How.SUM else gettext("%(field)sの平均")
    return said % {"field": one.label}


def _unit(measure: Measure, definition: AppDefinition) -> str:
    if measure.how is How.COUNT:
        return "" if get_language() == "en" else "件"
    return unit_of(measure, definition)


def _head(measure: Measure, definition: AppDefinition) -> str:
    unit = _unit(measure, definition) if measure.how is not How.COUNT else ""
    return f"{_measured(measure, definition)}（{unit}）" if unit else _measured(measure, definition)


def in_readable_words(app: App, view: AppView, definition: AppDefinition) -> str:
    """What a decision is shown: what becomes public, of which records, and what is withheld."""
    lines = [f"アプリ：{app.title}", f"見方：{view.name}（{view.kind.label}）"]
    lines.append(
        f"使う項目：{'、'.join(one.label for one in used_fields(view, definition))}（すべて「{FieldClass.OPEN.label}」）"
    )
    if view.kind is ViewKind.TABLE and view.group is None:
        lines.append(f"公開するもの：記録を一件ずつ、{MOST_ROWS}件まで")
    else:
        measures = view.measures or (Measure(),)
        lines.append(f"公開するもの：{'、'.join(measure_words(one, definition) for one in measures)}")
        for axis, name in ((view.group, "何ごとに"), (view.split, "内訳")):
            one = definition.field(axis.field) if axis is not None else None
            if axis is not None and one is not None:
                lines.append(f"{name}：{one.label}{f'（{axis.step.label}）' if is_day(one) else ''}")
        lines.append("小さな数は「○未満」とし、差から分かる合計も示しません。")
    conditions = [told(one, definition, NO_NAMES) for one in view.filters]
    conditions += [in_formula(view.rule, definition)] if view.rule is not None else []
    lines.append(f"条件：{'、'.join(conditions) if conditions else 'なし（削除した記録を除くすべて）'}")
    personal = "、".join(one.label for one in personal_fields(definition))
    lines.append(f"アプリの個人情報の項目：{f'{personal}（この見方では使わない）' if personal else 'なし'}")
    lines.append("この決裁は、使う人を広げる前の確認を兼ねます。")
    lines.append("決裁の後は、だれでも見られます。町のほかのページに埋め込めます。いつでもやめられます。")
    return "\n".join(lines)
