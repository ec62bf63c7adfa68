"""The town hall's organisation (組織): who decides, who belongs where, from when until when."""

from yakuba.kernel.organisation.models.staff import Deputy, Employment, Leaving, Posting, RoleGrant, Staff
from yakuba.kernel.organisation.models.structure import (
    Authority,
    OutsideOrganisation,
    Post,
    Section,
    SectionKind,
    SectionSuccession,
    SuccessionKind,
)

__all__ = [
    "Authority",
    "Deputy",
    "Employment",
    "Leaving",
    "OutsideOrganisation",
    "Post",
    "Posting",
    "RoleGrant",
    "Section",
    "SectionKind",
    "SectionSuccession",
    "Staff",
    "SuccessionKind",
]
