"""An Office package whose parts are edited in place: everything that is not touched stays as the clerk made it."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO

from lxml import etree

from yakuba.kernel.files.api import FileRefused, Kind, Limits, Reason, check_office

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CONTENT_TYPES = "[Content_Types].xml"


class Package:
    """The parts of a checked .docx or .xlsx. Raises `FileRefused` for hostile files and for the wrong kind."""

    def __init__(self, content: bytes, kind: Kind, name: str) -> None:
        if check_office(content, name=name, limits=Limits()) is not kind:
            raise FileRefused(
                Reason.UNSUPPORTED,
                name,
                f"は{kind.label}ではありません。",
                hint=f"{kind.label}として保存し直してください。",
            )
        with zipfile.ZipFile(BytesIO(content)) as source:
            self._order = source.namelist()
            self._parts = {member: source.read(member) for member in self._order}
        self._trees: dict[str, etree._Element] = {}

    @property
    def members(self) -> tuple[str, ...]:
        """The part names, in the order of the file."""
        return tuple(self._order)

    def tree(self, part: str) -> etree._Element:
        """The XML of a part; changes to it are written by `saved`."""
        if part not in self._trees:
            # The intake has refused type definitions; the parser resolves and fetches nothing either.
            parser = etree.XMLParser(
                resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
            )
            self._trees[part] = etree.fromstring(self._parts[part], parser)
        return self._trees[part]

    def related(self, part: str, ending: str) -> dict[str, str]:
        """Parts a part points at with relationships of the given type ending: relationship id → part name."""
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self._parts:
            return {}
        return {
            str(one.get("Id")): posixpath.normpath(posixpath.join("/", folder, str(one.get("Target")))).lstrip("/")
            for one in self.tree(rels).iter(_RELATIONS)
            if str(one.get("Type")).endswith(ending) and one.get("TargetMode") != "External"
        }

    def drop(self, part: str) -> None:
        """Remove a part, its content type and every relationship to it."""
        if part not in self._parts:
            return
        del self._parts[part]
        self._order.remove(part)
        for one in list(self.tree(_CONTENT_TYPES)):
            if one.get("PartName") == f"/{part}":
                self.tree(_CONTENT_TYPES).remove(one)
        for rels in [member for member in self._order if member.endswith(".rels")]:
            folder = posixpath.dirname(posixpath.dirname(rels))
            for one in list(self.tree(rels)):
                target = posixpath.normpath(posixpath.join("/", folder, str(one.get("Target")))).lstrip("/")
                if target == part and one.get("TargetMode") != "External":
                    self.tree(rels).remove(one)

    def saved(self) -> bytes:
        """The package with every changed tree."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for member in self._order:
                content = self._parts[member]
                if member in self._trees:
                    content = etree.tostring(
                        self._trees[member], xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                # A fixed date: the same sheet and values give the same bytes.
                entry = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, content)
        return out.getvalue()
