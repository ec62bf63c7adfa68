"""What the house knows of an uploaded workbook when the log points at it."""

from django.urls import reverse

from yakuba.kernel.firstweek.models import Upload
from yakuba.kernel.organisation.api import may_edit
from yakuba.kernel.things.api import describe

describe(
    kind="firstweek.upload",
    label="最初の登録のブック",
    model=Upload,
    title=str,
    url=lambda upload: reverse("firstweek-upload", args=[upload.public_id]),
    gate=lambda person, upload: may_edit(person),
)
