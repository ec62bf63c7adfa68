"""Public names of `kernel.ui`: listing, charts, form fields, the look of the town. Components are used from templates."""

from yakuba.kernel.ui.errors import refuse
from yakuba.kernel.ui.forms import DateField, EraDateField, SeveralFilesField
from yakuba.kernel.ui.language import safe_return
from yakuba.kernel.ui.listing import Column, Filter, Kind, Listing, ListingPage, Range, Searched, Source
from yakuba.kernel.ui.listing.rules import search_words
from yakuba.kernel.ui.my_numbers import TownForm, without_my_number
from yakuba.kernel.ui.town import town_look

__all__ = [
    "Column",
    "DateField",
    "EraDateField",
    "Filter",
    "Kind",
    "Listing",
    "ListingPage",
    "Range",
    "Searched",
    "SeveralFilesField",
    "Source",
    "TownForm",
    "refuse",
    "safe_return",
    "search_words",
    "town_look",
    "without_my_number",
]
