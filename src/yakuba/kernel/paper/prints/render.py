"""From a template and values to a PDF."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.apps import apps

from yakuba.kernel.paper.prints import fonts
from yakuba.kernel.paper.prints.letterhead import Letterhead
from yakuba.kernel.paper.prints.values import replaced_in, texts_in, written
from yakuba.kernel.values.api import Refusal

GETA = "〓"
"""Printers' mark for a character that cannot be set (ゲタ記号)."""

_HOUSE = Path(__file__).parent / "house.typ"
_NAME = re.compile(r"[a-z_]+/[a-z0-9_-]+")
_IMPORT = re.compile(r"(?<![\w-])(?:import|include)\b\s*(\S{0,80})")
_PLAIN_PATH = re.compile(r'"(?!@)[\w./-]+\.typ"')
_COPIED = (".typ", ".svg", ".png", ".jpg")


class PrintFailed(Refusal):
    """A print could not be made; names template, place and reason for the person who maintains it."""


class UndrawableCharacters(Refusal):
    """A print that must be exact holds characters no installed font can draw."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        named = "、".join(_named(one) for one in characters[:10])
        super().__init__(
            f"印刷できない文字があります：{named}。",
            hint="文字を確かめてください。外字（この町だけの文字）は、文字情報基盤の文字に置き換えてください。",
        )
        self.characters = characters


def render_pdf(
    template_name: str,
    values: Mapping[str, Any],
    *,
    printed_at: datetime,
    letterhead: Letterhead,
    images: Mapping[str, bytes] | None = None,
    exact: bool = False,
) -> bytes:
    """Set a template (`app_label/name`, i.e. `<app>/paper/name.typ`) with values and return the PDF.

    The template reads them as `values`; see `prints/house.typ` for what the house library offers. `images` are laid
    beside the template as `/images/<name>`. The PDF is tagged (PDF/UA-1) and the same input gives the same bytes.
    Characters no font can draw are printed as 〓 and listed at the end of the print, or, with `exact` (certificates,
    permits, notices), refused.

    Raises `FontMissing`, `UndrawableCharacters`, and `PrintFailed` for a template that does not exist or cannot be set.
    """
    fonts.require()
    table = written(values)
    text = "\n".join([*texts_in(table), *texts_in(letterhead_values(letterhead))])
    missing = fonts.undrawable(text)
    if missing:
        if exact:
            raise UndrawableCharacters(missing)
        table = replaced_in(table, dict.fromkeys(missing, GETA))
    house = {
        "letterhead": {**letterhead_values(letterhead), "crest": letterhead.crest_file},
        "printed_at": written(printed_at),
        "serif_sequences": fonts.sequences_for_serif(text),
        "missing": [_code(one) for one in missing],
    }
    inputs = {"values": json.dumps(table, ensure_ascii=False), "house": json.dumps(house, ensure_ascii=False)}
    with tempfile.TemporaryDirectory(prefix="yakuba-print-") as folder:
        root = Path(folder)
        main = _laid_out(root, template_name, letterhead, images or {})
        return _compiled(root, main, inputs, template_name, printed_at)


def letterhead_values(letterhead: Letterhead) -> dict[str, str]:
    """The texts of a letterhead."""
    return {
        "town": letterhead.town,
        "office": letterhead.office,
        "postal_code": letterhead.postal_code,
        "address": letterhead.address,
        "phone": letterhead.phone,
    }


def _laid_out(root: Path, template_name: str, letterhead: Letterhead, images: Mapping[str, bytes]) -> Path:
    """Copy what the template may read into an empty folder: the typesetter sees nothing outside it."""
    source = _template(template_name)
    for one in (_HOUSE, *source.parent.iterdir()):
        if one.suffix in _COPIED:
            (root / one.name).write_bytes(one.read_bytes())
            if one.suffix == ".typ":
                _refuse_foreign_imports(one)
    if letterhead.crest:
        (root / letterhead.crest_file[1:]).write_bytes(letterhead.crest)
    (root / "images").mkdir()
    for name, content in images.items():
        if not re.fullmatch(r"[\w.-]+", name) or name.startswith("."):
            raise PrintFailed(
                f"画像の名前「{name[:40]}」は使えません。", hint="英数字と - _ . だけの名前にしてください。"
            )
        (root / "images" / name).write_bytes(content)
    return root / source.name


def _template(template_name: str) -> Path:
    if not _NAME.fullmatch(template_name):
        raise PrintFailed(
            f"「{template_name[:60]}」は帳票の名前ではありません。", hint="「アプリ名/帳票名」の形で指定します。"
        )
    label, _, name = template_name.partition("/")
    try:
        path = Path(apps.get_app_config(label).path) / "paper" / f"{name}.typ"
    except LookupError:
        path = Path()
    if not path.is_file():
        raise PrintFailed(
            f"帳票「{template_name}」がありません。", hint="アプリの paper フォルダーを確かめてください。"
        )
    return path


def _refuse_foreign_imports(template: Path) -> None:
    """Only files laid beside the template may be imported: packages would be fetched over the network."""
    for found in _IMPORT.finditer(template.read_text(encoding="utf-8")):
        target = found.group(1).rstrip(":;,")
        if not _PLAIN_PATH.match(target):
            raise PrintFailed(
                f"帳票 {template.name} は外部の部品（{target[:40]}）を読み込もうとしています。",
                hint="読み込めるのは、同じフォルダーの .typ ファイルと house.typ だけです。",
            )


def _compiled(root: Path, main: Path, inputs: dict[str, str], template_name: str, printed_at: datetime) -> bytes:
    try:
        content, warnings = typst.Compiler(
            main,
            root=root,
            font_paths=fonts.installed(),
            sys_inputs=inputs,
            package_path=root,
            package_cache_path=root,
        ).compile_with_warnings(format="pdf", timestamp=int(printed_at.timestamp()), pdf_standards="ua-1")
    except typst.TypstError as fault:
        raise PrintFailed(
            f"帳票「{template_name}」を組めませんでした：{fault.message}",
            hint="\n".join(fault.diagnostic.splitlines()[:8]) or None,
        ) from fault
    for warning in warnings:
        if found := re.search(r"unknown font family: (.+)", str(warning)):
            raise fonts.FontMissing([found.group(1)])
    if not isinstance(content, bytes):
        raise PrintFailed(f"帳票「{template_name}」から PDF ができませんでした。")
    return content


def _code(character: str) -> str:
    return " ".join(f"U+{ord(part):04X}" for part in character)


def _named(character: str) -> str:
    return f"「{character}」（{_code(character)}）"
