"""Word, Excel and PowerPoint packages: no macros, no foreign objects, no reaching outside.

Sources: ECMA-376 part 2 (packages), part 1 section 17.16 (fields); the relationship and content types are those of
ECMA-376 part 1 and the [MS-OFFMACRO2] extension.
"""

from __future__ import annotations

import posixpath
import re
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from yakuba.kernel.files.intake.archives import Archive
from yakuba.kernel.files.intake.limits import Kind, Limits
from yakuba.kernel.files.intake.refusals import FileRefused, Reason

_PREFIX = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    _PREFIX + "wordprocessingml.document.main+xml": Kind.DOCX,
    _PREFIX + "spreadsheetml.sheet.main+xml": Kind.XLSX,
    _PREFIX + "presentationml.presentation.main+xml": Kind.PPTX,
}
_TEMPLATES = (
    _PREFIX + "wordprocessingml.template.main+xml",
    _PREFIX + "spreadsheetml.template.main+xml",
    _PREFIX + "presentationml.template.main+xml",
    _PREFIX + "presentationml.slideshow.main+xml",
)
_MACRO_TYPES = re.compile(
    r"macroenabled|vbaproject|vbadata|macrosheet|keyMapCustomizations|attachedToolbars",
    re.IGNORECASE,
)
_MACRO_PARTS = re.compile(r"(?:^|/)(?:vbaproject[^/]*\.bin|vbadata\.xml)$|(?:^|/)macrosheets/", re.IGNORECASE)
_ACTIVE_PARTS = re.compile(r"(?:^|/)(?:activex|webextensions)/", re.IGNORECASE)
_OUTSIDE_PARTS = re.compile(
    r"(?:^|/)(?:externallinks/|connections\.xml$|querytables/|model/item\.data$)",
    re.IGNORECASE,
)
_OBJECT_TYPES = (
    "/oleObject",
    "/control",
    "/activeXControlBinary",
    "/webextension",
    "/vbaProject",
)
# QUOTE with numbers spells letters by their codes; its only known use is to hide one of the others.
_FIELDS = re.compile(
    r"^\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|INCLUDE|LINK|DATABASE|RD|MACROBUTTON|QUOTE(?=\s+\d))\b",
    re.IGNORECASE,
)
_FORMULAS = frozenset({"f", "formula1", "formula2", "definedName", "calculatedColumnFormula"})
_CALLING = re.compile(
    r"\b(?:WEBSERVICE|RTD|CALL|REGISTER|REGISTER\.ID|DDE|IMAGE|FILTERXML)\s*\(|\|\s*'",
    re.IGNORECASE,
)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HARMLESS_LINK = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
_LOCAL_DISK = re.compile(r"(?:file:///)?[A-Za-z]:[\\/]")
_DEEPEST = 2


def check_office(content: bytes, *, name: str, limits: Limits, depth: int = 0) -> Kind | None:
    """The kind of an office document after every check, or `None` if the ZIP is no office document.

    Raises `FileRefused` for macros, ActiveX, embedded objects, links to other files or to the network other than plain
    hyperlinks, fields and formulas that fetch or start something, document type definitions, and everything
    `Archive` refuses.
    """
    archive = Archive(content, name=name, limits=limits)
    if "[Content_Types].xml" not in archive.members:
        return None
    document = _Document(archive, name)
    types = document.content_types()
    document.refuse_active_parts(types)
    kind = next((_MAIN_PARTS[one] for one in types.values() if one in _MAIN_PARTS), None)
    if kind is None:
        if any(one in _TEMPLATES for one in types.values()):
            raise FileRefused(
                Reason.UNSUPPORTED,
                name,
                "はテンプレートまたはスライドショーの形式です。",
                hint="「名前を付けて保存」で通常の文書（.docx・.xlsx・.pptx）として保存し直してください。",
            )
        return None
    if archive.comment:
        raise FileRefused(
            Reason.POLYGLOT,
            name,
            "には文書以外のデータが隠れています。",
            hint="Word や Excel で開いて保存し直してください。",
        )
    for member in archive.members:
        _check_member(document, member, limits, depth)
    return kind


class _Document:
    """One package: its members and how to refuse it."""

    def __init__(self, archive: Archive, name: str) -> None:
        self.archive = archive
        self.name = name

    def content_types(self) -> dict[str, str]:
        """Content type by part name or `*.extension`."""
        root = self.parse("[Content_Types].xml", self.archive.read("[Content_Types].xml"))
        types: dict[str, str] = {}
        for one in root:
            key = one.get("PartName") or f"*.{one.get('Extension', '')}"
            types[key] = one.get("ContentType", "")
        return types

    def parse(self, member: str, content: bytes) -> Element:
        try:
            return SafeTree.fromstring(content, forbid_dtd=True)
        except DefusedXmlException as fault:
            raise self.hostile_xml() from fault
        except (ParseError, ValueError, LookupError) as fault:
            raise self.broken(member) from fault

    def refuse_active_parts(self, types: dict[str, str]) -> None:
        if any(_MACRO_TYPES.search(one) for one in types.values()) or any(
            map(_MACRO_PARTS.search, self.archive.members)
        ):
            raise FileRefused(
                Reason.MACRO,
                self.name,
                "にはマクロ（プログラム）が入っています。",
                hint="マクロなしの形式（.docx・.xlsx・.pptx）で保存し直してください。",
            )
        for member in self.archive.members:
            if _ACTIVE_PARTS.search(member):
                raise self.embedded()
            if _OUTSIDE_PARTS.search(member):
                raise self.outside("ほかのファイルやデータベースへの接続")

    def embedded(self) -> FileRefused:
        return FileRefused(
            Reason.EMBEDDED_OBJECT,
            self.name,
            "にはほかのファイルや部品が埋め込まれています（OLE・ActiveX）。",
            hint="埋め込みを削除するか、図として貼り付け直してから保存してください。",
        )

    def outside(self, what: str) -> FileRefused:
        return FileRefused(
            Reason.EXTERNAL_LINK,
            self.name,
            f"には{what}が含まれています。",
            hint="リンクを解除して（値や図として貼り付けて）保存し直してください。",
        )

    def hostile_xml(self) -> FileRefused:
        return FileRefused(
            Reason.HOSTILE_XML,
            self.name,
            "には文書では使われない定義（DTD・実体）が含まれています。",
            hint="Word や Excel で新しく保存し直してください。",
        )

    def broken(self, member: str) -> FileRefused:
        return FileRefused(
            Reason.BROKEN,
            self.name,
            f"の中の {member[:60]} が壊れています。",
            hint="元のファイルを開いて保存し直してから送ってください。",
        )


def _check_member(document: _Document, member: str, limits: Limits, depth: int) -> None:
    content = document.archive.read(member)
    lowered = member.casefold()
    if lowered.endswith(".rels"):
        for relation in document.parse(member, content):
            _check_relation(document, relation)
    elif lowered.endswith((".xml", ".vml")) or content[:5] == b"<?xml":
        _scan_xml(document, member, content)
    elif "/embeddings/" in f"/{lowered}" or content.startswith(b"PK\x03\x04"):
        # A chart keeps its figures as a workbook inside; that one is checked like any other.
        if depth >= _DEEPEST or not content.startswith(b"PK") or _inner_kind(document, content, limits, depth) is None:
            raise document.embedded()
    elif content.startswith((b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0")) and not lowered.endswith("thumbs.db"):
        raise document.embedded()


def _inner_kind(document: _Document, content: bytes, limits: Limits, depth: int) -> Kind | None:
    return check_office(content, name=document.name, limits=limits, depth=depth + 1)


def _check_relation(document: _Document, relation: Element) -> None:
    kind = relation.get("Type", "")
    target = relation.get("Target", "")
    if kind.endswith(_OBJECT_TYPES):
        raise document.embedded()
    if relation.get("TargetMode", "").casefold() != "external":
        if ".." in posixpath.normpath(target.replace("\\", "/")).split("/")[2:]:
            raise document.broken("関係の一覧")
        return
    if kind.endswith("/hyperlink") and _HARMLESS_LINK.match(target):
        return
    if kind.endswith("/attachedTemplate"):
        # Word notes the template a document was written with; a path on the writer's own disk reaches nothing here.
        if _LOCAL_DISK.match(target):
            return
        raise document.outside("外部のテンプレートへのリンク")
    raise document.outside("外部のファイルや場所へのリンク")


def _scan_xml(document: _Document, member: str, content: bytes) -> None:
    """Walk one part without building a tree: refuse type definitions, and fields and formulas that act."""
    walk = _PartWalk()
    try:
        walk.run(content)
    except _DefinitionFound:
        raise document.hostile_xml() from None
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise document.broken(member) from fault
    if walk.acting:
        raise FileRefused(
            Reason.ACTIVE_CONTENT,
            document.name,
            f"には外部を呼び出す命令（{walk.acting[0][:30]}）が含まれています。",
            hint="その計算式・フィールドを削除し、値だけにして保存し直してください。",
        )


class _DefinitionFound(Exception):
    """A document type definition stands in a part."""


class _PartWalk:
    """Reads one XML part as a stream and collects the instructions that would act."""

    def __init__(self) -> None:
        self.acting: list[str] = []
        self._fields: list[list[str]] = []
        self._collected: list[str] | None = None

    def run(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _definition
        parser.EntityDeclHandler = _definition
        parser.ExternalEntityRefHandler = _definition
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "fldSimple":
            self._judge_field(_attribute(attributes, "instr"))
        elif local == "fldChar":
            self._step_field(_attribute(attributes, "fldCharType"))
        elif local == "instrText":
            self._collected = self._fields[-1] if self._fields else []
        elif local in _FORMULAS:
            self._collected = []

    def _step_field(self, step: str) -> None:
        if step == "begin":
            self._fields.append([])
        elif step in ("separate", "end") and self._fields:
            self._judge_field("".join(self._fields.pop()))
            if step == "separate":
                self._fields.append([])  # the shown result, closed by "end"

    def _end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if self._collected is None:
            return
        if local == "instrText":
            if not self._fields:
                self._judge_field("".join(self._collected))
            self._collected = None
        elif local in _FORMULAS:
            if calling := _CALLING.search("".join(self._collected)):
                self.acting.append(calling.group().strip("( '|") or "DDE")
            self._collected = None

    def _text(self, piece: str) -> None:
        if self._collected is not None:
            self._collected.append(piece)

    def _judge_field(self, instruction: str) -> None:
        if acting := _FIELDS.match(instruction):
            self.acting.append(acting.group(1).upper())


def _definition(*_: object) -> int:
    raise _DefinitionFound


def _attribute(attributes: dict[str, str], local: str) -> str:
    return next(
        (value for key, value in attributes.items() if key.rpartition(":")[2] == local),
        "",
    )
