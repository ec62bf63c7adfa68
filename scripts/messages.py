"""Translations: finds what is said in templates and code, adds it to the catalogues, compiles them.

    python scripts/messages.py            report what lacks a translation (exit code 1 if anything does)
    python scripts/messages.py --write    add missing entries to the .po files and compile all .mo files
                                          (--only=kernel/home: entries of this app alone)

Each app keeps its catalogues in `<app>/locale/<language>/LC_MESSAGES/django.po`; what no app owns is the site's.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "yakuba"
LANGUAGES = ("en", "ja_Easy")
PLAIN = {"gettext", "gettext_lazy", "gettext_noop", "_"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}


@dataclass(frozen=True, order=True)
class Message:
    """Something said: context ("" for none), the Japanese text, its plural form ("" for none), and where."""

    context: str
    text: str
    plural: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.text)


def messages_of_code(source: str, place: str) -> Iterator[Message]:
    """Messages of a Python source."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in PLAIN and texts:
            yield Message("", texts[0], place=place)
        elif name in WITH_CONTEXT and len(texts) >= 2:
            yield Message(texts[0], texts[1], place=place)
        elif name in PLURAL and len(texts) >= 2:
            yield Message("", texts[0], texts[1], place=place)


def messages_of_template(source: str, place: str) -> Iterator[Message]:
    """Messages of a Django template; components pass texts as `:title="_('…')"`."""
    from django.utils.translation.template import templatize

    for found in re.finditer(r"\b_\((['\"])(.+?)\1\)", source):
        yield Message("", found.group(2), place=place)
    code = templatize(source)
    calls = re.finditer(
        r"\b(gettext|pgettext|ngettext|npgettext|_)\((?:[^()'\"]|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")*\)", code
    )
    for found in calls:
        try:
            yield from messages_of_code(re.sub(r"\bu(['\"])", r"\1", found.group(0)), place)
        except SyntaxError:
            continue


def owner_of(path: Path) -> Path:
    """The folder whose catalogue a file's messages belong to: its app, else the site."""
    for folder in path.parents:
        if folder == SOURCE:
            break
        if (folder / "apps.py").exists():
            return folder
    return SOURCE / "site"


def spoken() -> dict[Path, list[Message]]:
    """Every message by owner."""
    found: dict[Path, dict[tuple[str, str], Message]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if "/tests/" in str(path) or path.suffix not in (".py", ".html", ".txt"):
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        text, place = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        messages = messages_of_code(text, place) if path.suffix == ".py" else messages_of_template(text, place)
        for message in messages:
            if re.search(r"[぀-ヿ一-鿿]", message.text):
                found.setdefault(owner_of(path), {}).setdefault(message.key, message)
    return {owner: sorted(by_key.values()) for owner, by_key in found.items()}


def catalogue_path(owner: Path, language: str) -> Path:
    return owner / "locale" / language / "LC_MESSAGES" / "django.po"


def translated() -> dict[str, set[tuple[str, str]]]:
    """What is translated, by language, over all catalogues."""
    known: dict[str, set[tuple[str, str]]] = {language: set() for language in LANGUAGES}
    for language in LANGUAGES:
        for path in SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po"):
            for entry in polib.pofile(str(path)):
                done = entry.msgstr or all(entry.msgstr_plural.values() or [""])
                if done and not entry.fuzzy and not entry.obsolete:
                    known[language].add((entry.msgctxt or "", entry.msgid))
    return known


def missing() -> list[tuple[str, Path, Message]]:
    """What is said but lacks a translation: language, owner, message."""
    known = translated()
    return [
        (language, owner, message)
        for owner, messages in spoken().items()
        for message in messages
        for language in LANGUAGES
        if message.key not in known[language]
    ]


def compiled(path: Path) -> bytes:
    """The .mo of a .po."""
    return polib.pofile(str(path)).to_binary()


def write() -> None:
    """Add missing entries (empty) to the catalogues and compile every catalogue."""
    only = next((one.partition("=")[2] for one in sys.argv if one.startswith("--only=")), "")
    for language, owner, message in missing():
        if only and str(owner.relative_to(SOURCE)) != only:
            continue
        path = catalogue_path(owner, language)
        catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            plural = "nplurals=2; plural=(n != 1);" if language == "en" else "nplurals=1; plural=0;"
            catalogue.metadata = {
                "Language": language,
                "Content-Type": "text/plain; charset=UTF-8",
                "Content-Transfer-Encoding": "8bit",
                "Plural-Forms": plural,
            }
        already = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
        if message.key in already:
            continue
        entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None, occurrences=[(message.place, "")])
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: "", 1: ""} if language == "en" else {0: ""}
        catalogue.append(entry)
        catalogue.save(str(path))
    for path in SOURCE.rglob("locale/*/LC_MESSAGES/django.po"):
        path.with_suffix(".mo").write_bytes(compiled(path))


def main() -> int:
    if "--write" in sys.argv:
        write()
    lacking = missing()
    for language, owner, message in lacking:
        context = f"［{message.context}］" if message.context else ""
        print(f"{language}\t{owner.relative_to(SOURCE)}\t{context}{message.text}\t{message.place}")
    print(f"{len(lacking)} translations missing")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
