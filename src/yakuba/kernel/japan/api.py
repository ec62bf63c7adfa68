"""What other packages import from `japan`."""

from yakuba.kernel.japan.business_days import BusinessCalendar, ClosingDays
from yakuba.kernel.japan.cp932 import unencodable
from yakuba.kernel.japan.eras import era_date, era_date_short, era_year, parse_date
from yakuba.kernel.japan.folding import fold
from yakuba.kernel.japan.holidays import holiday_name
from yakuba.kernel.japan.identity_numbers import find_my_numbers, is_corporate_number, parse_corporate_number
from yakuba.kernel.japan.kana import to_hiragana, to_katakana, to_reading
from yakuba.kernel.japan.local_government import parse_local_government_code, with_check_digit
from yakuba.kernel.japan.phone import format_phone
from yakuba.kernel.japan.postal import PostalAddress, PostalDirectory, format_postal_code, parse_postal_code

__all__ = [
    "BusinessCalendar",
    "ClosingDays",
    "PostalAddress",
    "PostalDirectory",
    "era_date",
    "era_date_short",
    "era_year",
    "find_my_numbers",
    "fold",
    "format_phone",
    "format_postal_code",
    "holiday_name",
    "is_corporate_number",
    "parse_corporate_number",
    "parse_date",
    "parse_local_government_code",
    "parse_postal_code",
    "to_hiragana",
    "to_katakana",
    "to_reading",
    "unencodable",
    "with_check_digit",
]
