"""The listing itself: from a gated queryset and the URL to a page or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.kernel.ui.listing import sheets
from yakuba.kernel.ui.listing.columns import Column, Expression, Filter, Kind, Range, Source, cell, words
from yakuba.kernel.ui.listing.rules import Pages, asked_page, choose, pages, search_words, tidy_words

EXPORTS = ("csv", "csv-cp932", "xlsx")
_LABELS = (
    ("csv", "CSV（UTF-8）"),
    ("csv-cp932", "CSV（Shift_JIS・旧システム用）"),
    ("xlsx", "Excel（xlsx）"),
    ("json", "JSON"),
)
MOST_NAMED = 200
"""At most so many characters that do not fit are listed on the page; all are counted."""


@dataclass(frozen=True, slots=True)
class HeadView:
    """A column head as shown."""

    label: str
    url: str
    direction: str
    kind: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell as shown; `label` is the head of its column, for pages too narrow to show one."""

    text: str
    url: str
    badge: str
    has_badge: bool
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class FilterView:
    """A filter as shown."""

    key: str
    label: str
    everything: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class RangeView:
    """A range as shown; `type` is that of the two inputs."""

    key: str
    label: str
    type: str
    low_name: str
    low: str
    high_name: str
    high: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a listing, ready for `<c-listing>`; `things` are the objects it shows."""

    title: str
    name: str
    words: str
    is_searchable: bool
    filters: tuple[FilterView, ...]
    kept: tuple[tuple[str, str], ...]
    heads: tuple[HeadView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    pages: Pages
    sizes: tuple[tuple[int, str, bool], ...]
    exports: tuple[tuple[str, str], ...]
    is_narrowed: bool
    clear_url: str
    empty_title: str
    empty_text: str
    things: tuple[Any, ...]
    ranges: tuple[RangeView, ...] = ()

    @property
    def has_range(self) -> bool:
        """Whether an end of a range is given."""
        return any(one.low or one.high for one in self.ranges)

    @property
    def picked_from(self) -> tuple[tuple[Any, tuple[CellView, ...]], ...]:
        """The objects with their rows, for listings whose rows are ticked."""
        things = self.things or (None,) * len(self.rows)  # an example page has rows without objects
        return tuple(zip(things, self.rows, strict=True))


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the URL asks for, after everything unknown was dropped."""

    words: str
    chosen: Mapping[str, str]
    sort: str
    size: int
    page: int
    kept: Mapping[str, str]
    ends: Mapping[str, str]


OnShow = Callable[[Sequence[Any], str], None]
Prepare = Callable[[Sequence[Any]], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing (一覧): declared once, answers page, CSV and Excel (and JSON with `as_json`).

    `name` names the file; `order` is the default order (the primary key is added, so that pages never overlap);
    `sizes` the page sizes offered, the first is the default; `most_exported` the rows a file may have; `keep` further
    URL parameters of the page that links must carry on. It takes nothing but a queryset (or a `Source`): the view
    passes `visible_to(person)`, with `select_related` for what the columns show. Two queries a page: count and rows.
    """

    name: str
    title: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    order: Sequence[Expression] = ()
    sizes: Sequence[int] = (50, 20, 100, 200)
    most_exported: int = 20_000
    keep: Sequence[str] = ()
    empty_title: str = "まだ登録がありません"
    empty_text: str = ""
    ranges: Sequence[Range] = ()
    as_json: bool = False

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        names = [one.key for one in self.filters] + [name for one in self.ranges for name in one.names]
        clashing = {"q", "sort", "page", "size", "export", "replace"} & {*names, *self.keep}
        if len(set(keys)) < len(keys) or len(set(names)) < len(names) or clashing:
            raise ValueError(f"listing {self.name}: keys must differ and not be {sorted(clashing)}")

    def answer(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any] | Source,
        *,
        template: str = "ui/listing.html",
        context: Mapping[str, Any] | None = None,
        on_show: OnShow | None = None,
        prepare: Prepare | None = None,
    ) -> HttpResponse:
        """The page, or the file the URL asks for.

        `on_show(things, how)` is called with what leaves the database (`how`: page, csv, xlsx), so that a view that
        shows people's data can record it. `prepare(things)` is called before any cell is written, for what a few
        queries find out about all of them. The template finds the page as `listing`.
        """
        asked = choose(request.GET.get("export", ""), (*EXPORTS, "json") if self.as_json else EXPORTS, "")
        if asked:
            exported = self._export(request, queryset, asked, on_show, prepare)
            if exported is not None:
                return exported
        shown = self.page(request, queryset, prepare=prepare)
        if on_show and shown.things:
            on_show(shown.things, "page")
        return render(
            request, template, {**(context or {}), "listing": shown, "too_many": self.most_exported if asked else None}
        )

    def ordered(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Everything the URL asks for in its order, whatever the page; for going from one object to the next."""
        wish = self._wish(request)
        if not isinstance(queryset, QuerySet):
            raise TypeError("a listing takes the queryset of visible_to(person), nothing else")
        return self._sorted(self._found(queryset, wish), wish)

    def some(self, request: HttpRequest, queryset: Any, *, most: int) -> tuple[list[Any], int]:
        """The first of everything the URL asks for, in its order whatever the page, and how many there are in all."""
        wish = self._wish(request)
        found = self._found(queryset, wish)
        things = list(self._rows(found, wish, 0, most))
        return things, len(things) if len(things) < most else found.count()

    def narrowed(self, request: HttpRequest, queryset: Any) -> Any:
        """Everything the URL asks for, in no order; for numbers over what a page lists a part of."""
        return self._found(queryset, self._wish(request))

    def page(
        self, request: HttpRequest, queryset: QuerySet[Any] | Source, *, prepare: Prepare | None = None
    ) -> ListingPage:
        """The page alone, for views that show it among other things."""
        wish = self._wish(request)
        found = self._found(queryset, wish)
        total = found.count()
        turned = pages(
            total=total, size=wish.size, asked=wish.page, url=lambda number: self._url(wish, page=str(number))
        )
        start = (turned.number - 1) * wish.size
        things = tuple(self._rows(found, wish, start, start + wish.size)) if total else ()
        if prepare and things:
            prepare(things)
        columns = [column for column in self.columns if column.shown]
        return ListingPage(
            title=self.title,
            name=self.name,
            words=wish.words,
            is_searchable=any(column.search for column in self.columns),
            filters=tuple(self._filter_view(one, wish) for one in self.filters),
            kept=self._carried(wish),
            heads=tuple(self._head(column, wish) for column in columns),
            rows=tuple(tuple(_cell_view(column, thing) for column in columns) for thing in things),
            pages=turned,
            sizes=tuple(
                (size, self._url(wish, size=str(size), page=""), size == wish.size) for size in sorted(self.sizes)
            ),
            exports=tuple(
                (self._url(wish, export=kind, page=""), label)
                for kind, label in _LABELS
                if kind != "json" or self.as_json
            ),
            is_narrowed=bool(wish.words)
            or any(wish.chosen.get(one.key, "") != one.default for one in self.filters)
            or any(wish.ends.values()),
            clear_url=f"?{urlencode(wish.kept)}",
            empty_title=self.empty_title,
            empty_text=self.empty_text,
            things=things,
            ranges=tuple(_range_view(one, wish) for one in self.ranges),
        )

    def _wish(self, request: HttpRequest) -> _Wish:
        asked = request.GET
        sortable = [column.key for column in self.columns if column.sorts]
        size = choose(asked.get("size", ""), [str(one) for one in self.sizes], str(self.sizes[0]))
        chosen = {}
        for one in self.filters:
            value = asked.get(one.key, one.default)
            chosen[one.key] = choose(value, ["", *(option for option, _ in one.options())], one.default)
        return _Wish(
            words=tidy_words(asked.get("q", "")),
            chosen=chosen,
            sort=choose(asked.get("sort", ""), [*sortable, *(f"-{key}" for key in sortable)], ""),
            size=int(size),
            page=asked_page(asked.get("page", "")),
            ends={
                name: asked[name].strip()[:20]
                for one in self.ranges
                for name in one.names
                if name in asked and one.read(asked[name]) is not None
            },
            kept={key: asked[key][:200] for key in self.keep if key in asked},
        )

    def _found(self, queryset: Any, wish: _Wish) -> Any:
        if not isinstance(queryset, QuerySet | Source):
            raise TypeError("a listing takes the queryset of visible_to(person), nothing else")
        for one in self.filters:
            if wish.chosen[one.key]:
                queryset = one.narrowed(queryset, wish.chosen[one.key])
        for span in self.ranges:
            low, high = (span.read(wish.ends.get(name, "")) for name in span.names)
            if low is not None or high is not None:
                queryset = span.narrowed(queryset, low, high)
        if not isinstance(queryset, QuerySet):
            asked = search_words(wish.words) if any(column.search for column in self.columns) else []
            return queryset.searched(asked) if asked else queryset
        searches = [searched for column in self.columns for searched in column.searches]
        if searches:
            for word in search_words(wish.words):
                condition = Q(pk__in=[])
                for searched in searches:
                    condition |= searched.finds(word)
                queryset = queryset.filter(condition)
        return queryset

    def _rows(self, found: Any, wish: _Wish, start: int, stop: int) -> Any:
        if isinstance(found, QuerySet):
            return self._sorted(found, wish)[start:stop]
        return found.rows(wish.sort.removeprefix("-"), down=wish.sort.startswith("-"), start=start, stop=stop)

    def _sorted(self, queryset: QuerySet[Any], wish: _Wish) -> QuerySet[Any]:
        order: list[Expression] = []
        if wish.sort:
            column = next(column for column in self.columns if column.key == wish.sort.removeprefix("-"))
            order = [_directed(one, down=wish.sort.startswith("-")) for one in column.sorts]
        return queryset.order_by(*order, *self.order, "pk")

    def _head(self, column: Column, wish: _Wish) -> HeadView:
        kind = "" if column.kind is Kind.TEXT else column.kind.value
        if not column.sorts:
            return HeadView(column.label, "", "", kind)
        direction = {column.key: "up", f"-{column.key}": "down"}.get(wish.sort, "")
        turned = f"-{column.key}" if direction == "up" else column.key
        return HeadView(column.label, self._url(wish, sort=turned, page=""), direction, kind)

    def _carried(self, wish: _Wish) -> tuple[tuple[str, str], ...]:
        """What the filter form must send along: sort and size survive a new search, the page number does not."""
        carried = {
            **wish.kept,
            "sort": wish.sort,
            "size": str(wish.size) if wish.size != self.sizes[0] else "",
        }
        return tuple((key, value) for key, value in carried.items() if value)

    def _filter_view(self, one: Filter, wish: _Wish) -> FilterView:
        chosen = wish.chosen[one.key]
        return FilterView(
            one.key, one.label, one.everything, tuple((value, label, value == chosen) for value, label in one.options())
        )

    def _url(self, wish: _Wish, **changed: str) -> str:
        given = {
            **wish.kept,
            "q": wish.words,
            **{one.key: wish.chosen[one.key] for one in self.filters if wish.chosen[one.key] != one.default},
            **wish.ends,
            "sort": wish.sort,
            "size": str(wish.size) if wish.size != self.sizes[0] else "",
            "page": str(wish.page) if wish.page > 1 else "",
            **changed,
        }
        if given.get("page") == "1":
            given["page"] = ""
        cleared = {one.key for one in self.filters if one.default and not wish.chosen[one.key]}
        return "?" + urlencode({key: value for key, value in given.items() if value or key in cleared})

    def _export(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any] | Source,
        asked: str,
        on_show: OnShow | None,
        prepare: Prepare | None,
    ) -> HttpResponse | None:
        """The file; None when there are too many rows (the page then says so)."""
        wish = self._wish(request)
        things = list(self._rows(self._found(queryset, wish), wish, 0, self.most_exported + 1))
        if len(things) > self.most_exported:
            return None
        if prepare and things:
            prepare(things)
        columns = [column for column in self.columns if column.exported]
        heads = [column.label for column in columns]
        rows = [[cell(column.of(thing)) for column in columns] for thing in things]
        if asked == "csv-cp932":
            replace = choose(request.GET.get("replace", ""), ("similar", "geta"), "")
            missing = [] if replace else sheets.unfitting(heads, rows)
            if missing:
                return render(
                    request,
                    "ui/listing_unfitting.html",
                    {
                        "title": self.title,
                        "missing": missing[:MOST_NAMED],
                        "count": len(missing),
                        "more": max(0, len(missing) - MOST_NAMED),
                        "utf8_url": self._url(wish, export="csv", page=""),
                        "similar_url": self._url(wish, export=asked, replace="similar", page=""),
                        "geta_url": self._url(wish, export=asked, replace="geta", page=""),
                        "back_url": self._url(wish),
                    },
                )
            rows = [[_fit(value, replace) for value in row] for row in rows]
            heads = [sheets.fitted(head, similar=True) for head in heads]
        if on_show and things:
            on_show(things, asked if asked in ("xlsx", "json") else "csv")
        if asked == "json":
            return sheets.json_response(self.name, [(column.key, column.label) for column in columns], rows)
        if asked == "xlsx":
            return sheets.excel_response(self.name, self.title, heads, rows)
        return sheets.csv_response(self.name, heads, rows, encoding="cp932" if asked == "csv-cp932" else "utf-8-sig")


def _range_view(one: Range, wish: _Wish) -> RangeView:
    low, high = one.names
    kind = "date" if one.kind is Kind.DATE else "text"
    return RangeView(one.key, one.label, kind, low, wish.ends.get(low, ""), high, wish.ends.get(high, ""))


def _fit(value: sheets.Cell, replace: str) -> sheets.Cell:
    return sheets.fitted(value, similar=replace != "geta") if isinstance(value, str) else value


def _directed(expression: Expression, *, down: bool) -> OrderBy:
    """The expression as an order, entries without a value last in both directions."""
    if isinstance(expression, OrderBy):
        turned = expression.copy()
        if down:
            turned.reverse_ordering()
        return turned
    if isinstance(expression, str):
        down = down != expression.startswith("-")
        expression = F(expression.removeprefix("-"))
    return OrderBy(expression, descending=down, nulls_last=True)


def _cell_view(column: Column, thing: Any) -> CellView:
    value = column.of(thing)
    return CellView(
        text=words(value),
        url=column.url(thing) if column.url else "",
        badge=column.badge(thing) if column.badge else "",
        has_badge=column.badge is not None and value not in (None, ""),
        kind="" if column.kind is Kind.TEXT else column.kind.value,
        label=column.label,
    )
