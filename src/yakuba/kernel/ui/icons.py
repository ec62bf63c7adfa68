"""The icons: own line drawings on a 24-unit grid, inline so that they take the text's colour and print sharply."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_LINES: dict[str, str] = {
    "add": "M12 5v14M5 12h14",
    "arrow-left": "M19 12H5m6-6-6 6 6 6",
    "arrow-right": "M5 12h14m-6-6 6 6-6 6",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15L6 17Zm4 4.5h4",
    "building": "M4 21h16M6 21V5l6-2.5L18 5v16M10 9h.01M14 9h.01M10 13h.01M14 13h.01M11 21v-4h2v4",
    "calendar": "M4 6h16v14H4zM4 10.5h16M8 3v5M16 3v5",
    "chart": "M4 4v16h16M8 16v-4M12 16V8M16 16v-6",
    "check": "m5 12.5 4.5 4.5L19 7",
    "chevron-down": "m6 9 6 6 6-6",
    "chevron-left": "m15 6-6 6 6 6",
    "chevron-right": "m9 6 6 6-6 6",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5.5l3.5 2",
    "close": "m6 6 12 12M18 6 6 18",
    "copy": "M9 9h11v12H9zM5 15H4V3h11v1.5",
    "download": "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14",
    "edit": "m4 20 1-4.5L16.5 4 20 7.5 8.5 19 4 20ZM14 6.5l3.5 3.5",
    "external": "M13 5h6v6M19 5l-9 9M10 6H5v13h13v-5",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "filter": "M4 5h16l-6 7.5V19l-4-2v-4.5L4 5Z",
    "flag": "M6 21V4m0 0h11l-2 4 2 4H6",
    "globe": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
    "help": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.9-1.1 1.8M12 16.5v.01",
    "home": "m4 11.5 8-7 8 7M6 10v10h12V10M10 20v-6h4v6",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v5.5M12 7.5v.01",
    "key": "M9 10a4 4 0 1 1-2.5 7.1A4 4 0 0 1 9 10Zm3 1.5L19 4.5l1.5 1.5M16 7.5l2 2",
    "keyboard": "M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M17.5 11h.01M8 15h8",
    "law": "M12 4v16M7 20h10M5 7h14M5 7l-2.5 7h5L5 7Zm14 0-2.5 7h5L19 7Z",
    "link": "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7L12 6.5M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1.2",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
    "lock": "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
    "mail": "M3.5 6h17v12h-17zM4 7l8 6 8-6",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "minus": "M5 12h14",
    "more": "M6 12h.01M12 12h.01M18 12h.01",
    "people": "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.5 2.5-6 6-6s6 2.5 6 6M15.5 4.6a3.5 3.5 0 0 1 0 5.8M17 14.5c2.4.7 4 2.8 4 5.5",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 9c0-4 3-6.5 7-6.5s7 2.5 7 6.5",
    "phone": "M6 4h3l1.5 4-2 1.5a10 10 0 0 0 6 6l1.5-2 4 1.5v3c0 1-1 2-2 2C11 20 4 13 4 6c0-1 1-2 2-2Z",
    "pin": "M12 21c4.5-4.6 7-8 7-11a7 7 0 1 0-14 0c0 3 2.5 6.4 7 11Zm0-8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "print": "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L20 20",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
    "sort": "m8 10 4-4 4 4M8 14l4 4 4-4",
    "sort-down": "M12 5v14m-5-5 5 5 5-5",
    "sort-up": "M12 19V5m-5 5 5-5 5 5",
    "stamp": "M9 13V9.5a3.5 3.5 0 1 1 6 0V13M5 13h14v4H5zM5 20.5h14",
    "trash": "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
    "triangle": "M12 4 2.5 20h19L12 4Zm0 6v5M12 17.5v.01",
    "octagon": "M8.5 3h7L21 8.5v7L15.5 21h-7L3 15.5v-7L8.5 3ZM12 7.5v5.5M12 16.5v.01",
    "tick": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-4 9.5 3 3 5.5-6",
    "trend-down": "m4 7 6 6 4-4 6 7m0-5v5h-5",
    "trend-flat": "M4 12h15m-4-4 4 4-4 4",
    "trend-up": "m4 17 6-6 4 4 6-7m0 5V8h-5",
    "upload": "M12 20V9m-4.5 4.5L12 9l4.5 4.5M5 4h14",
    "pause": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM10 9v6M14 9v6",
    "circle": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z",
    "half": "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Zm0 4v8a4 4 0 0 0 0-8Z",
}

ICON_NAMES: tuple[str, ...] = tuple(sorted(_LINES))


def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """The drawing `name` as inline SVG. `size` is "", "small" or "large".

    Without `label` it is decoration (hidden from screen readers); with one it is an image of that name.
    Raises `KeyError` on an unknown name, so that a slip shows in development instead of as a gap on the page.
    """
    lines = _LINES[name]
    css = f" icon--{size}" if size in ("small", "large") else ""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" focusable="false" {}><path d="{}"/></svg>',
        css,
        spoken,
        lines,
    )
