"""The one office listing: declared columns, search, filters in the URL, sort, paging, CSV and Excel (一覧).

STAFF = Listing(
    name="staff", title="職員",
    columns=(
        Column("number", "職員番号", "number", sort="number", search=("number",)),
        Column("name", "氏名", "name", sort="name_key", search=(Searched("name_key", fold=fold),), url=staff_url),
        Column("section", "課", "section.name", sort="section__order"),
    ),
    filters=(Filter("section", "課", sections, apply="section__public_id"),),
    order=("name_key",),
)

@page(Face.OFFICE, may=signed_in_staff)
def staff(request):
    return STAFF.answer(request, visible_to(request.person).select_related("section"))
"""

from yakuba.kernel.ui.listing.columns import Column, Filter, Kind, Range, Searched, Source
from yakuba.kernel.ui.listing.listing import Listing, ListingPage
from yakuba.kernel.ui.listing.rules import Pages, neutralised

__all__ = ["Column", "Filter", "Kind", "Listing", "ListingPage", "Pages", "Range", "Searched", "Source", "neutralised"]
