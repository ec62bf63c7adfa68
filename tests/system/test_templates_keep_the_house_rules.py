"""Templates: components see only what they are given; nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "src").rglob("templates/**/*.html"))
COMPONENT = re.compile(r"<c-(?!vars\b|slot\b)[\w.-]+(?:\s[^<>]*?(?:\{[%{].*?[%}]\}[^<>]*?)*)?/?>", re.S)
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*=", re.I),
    "inline handler": re.compile(r"\son(?:click|change|submit|load|input|error|focus|blur|key\w+)\s*=", re.I),
    "hx-on": re.compile(r"hx-on", re.I),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "other host": re.compile(r"(?:src|href)=\"(?:https?:)?//", re.I),
    "|safe": re.compile(r"\|\s*safe\b(?!_)"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "src" / "yakuba")))
def test_template(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    without_comments = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.S)
    for name, pattern in FORBIDDEN.items():
        found = pattern.search(without_comments)
        assert not found, f"{name}: …{without_comments[max(0, found.start() - 40) : found.end() + 40]}…"
    for tag in COMPONENT.findall(without_comments):
        assert re.search(r"\sonly\b", tag), f"component without `only`: {tag[:120]}"
