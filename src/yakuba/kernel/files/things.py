from yakuba.kernel.files.access import gate_of
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.things.api import describe, description_of, load


def _url(file: StoredFile) -> str:
    """The page of the thing the file belongs to: files have no page of their own."""
    owner = file.owner
    description = description_of(owner.kind) if owner else None
    thing = load(owner) if owner else None
    return description.url(thing) if description and thing else ""


describe(
    kind="files.file",
    label="ファイル",
    model=StoredFile,
    title=lambda file: file.name,
    url=_url,
    gate=lambda person, file: gate_of(file, person) if file.owner else file.uploaded_by == person.id,
    snapshot=lambda file: {"sha256": file.sha256, "size": file.size, "name": file.name, "media_type": file.media_type},
)
