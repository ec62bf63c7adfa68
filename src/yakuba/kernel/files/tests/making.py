"""Files made for the tests: good ones, and one of every trick."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

import docx
import openpyxl
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (60, 40),
    mode: str = "RGB",
    **saving: object,
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else None).save(out, kind, **saving)
    return out.getvalue()


def phone_photo(orientation: int = 6) -> bytes:
    """A JPEG as a telephone takes it: lying on its side, with the place and the maker's name in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (37.0, 33.0, 42.0)
    out = BytesIO()
    photo = Image.new("RGB", (60, 40), (255, 255, 255))
    photo.paste((255, 0, 0), (0, 0, 20, 40))
    photo.save(out, "JPEG", exif=exif, comment=b"taken at home", quality=95)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return _written(writer)


def pdf_with_script() -> bytes:
    return pdf_with_open_action({"/S": "/JavaScript", "/JS": "app.alert('x')"})


def pdf_with_attachment() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("inside.exe", b"MZ")
    return _written(writer)


def pdf_with_open_action(action: Mapping[str, str], compressed: bool = False) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    dictionary = DictionaryObject()
    for key, value in action.items():
        dictionary[NameObject(key)] = NameObject(value) if value.startswith("/") else TextStringObject(value)
    writer.root_object[NameObject("/OpenAction")] = dictionary
    if compressed:
        writer.compress_identical_objects()
    return _written(writer)


def locked_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("geheim", algorithm="AES-256")
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def word(text: str = "起案用紙") -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def excel(value: object = "見出し") -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(
    package: bytes,
    *,
    changed: Mapping[str, bytes] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """The same package with members changed or added."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(package)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.namelist():
            target.writestr(member, (changed or {}).get(member, source.read(member)))
        for member, content in (added or {}).items():
            target.writestr(member, content)
    return out.getvalue()


def member(package: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(package)) as source:
        return source.read(name)


def names(package: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(package)) as source:
        return source.namelist()


def with_content_type(package: bytes, part: str, content_type: str, content: bytes = b"") -> bytes:
    """The package with one more part of a given type."""
    types = member(package, "[Content_Types].xml").decode()
    override = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    return repacked(
        package,
        changed={"[Content_Types].xml": types.replace("</Types>", override).encode()},
        added={part: content},
    )


def with_relation(package: bytes, rels: str, kind: str, target: str, external: bool = True) -> bytes:
    """The package with one more relationship."""
    mode = ' TargetMode="External"' if external else ""
    relation = f'<Relationship Id="rId999" Type="{kind}" Target="{target}"{mode}/></Relationships>'
    return repacked(
        package,
        changed={rels: member(package, rels).replace(b"</Relationships>", relation.encode())},
    )


def zipped(members: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            target.writestr(name, content)
        target.comment = comment
    return out.getvalue()
