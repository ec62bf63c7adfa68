"""Public names of ``kernel.home``: what apps plug into the homes and the menu."""

from yakuba.kernel.home.plugins import (
    MENU_GROUPS,
    MenuItem,
    PublicDoor,
    ResidentItem,
    SearchHit,
    WorkItem,
    entries_of,
    menu_item,
    office_menu,
    protection_source,
    public_door,
    public_doors,
    resident_source,
    search_source,
    work_of,
    work_source,
)

__all__ = [
    "MENU_GROUPS",
    "MenuItem",
    "PublicDoor",
    "ResidentItem",
    "SearchHit",
    "WorkItem",
    "entries_of",
    "menu_item",
    "office_menu",
    "protection_source",
    "public_door",
    "public_doors",
    "resident_source",
    "search_source",
    "work_of",
    "work_source",
]
