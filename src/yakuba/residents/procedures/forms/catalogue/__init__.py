"""The forms clerks keep the catalogue with."""

from yakuba.residents.procedures.forms.catalogue.acts import (
    ChannelForm,
    CloseChannelForm,
    EntryForm,
    NewProcedureForm,
    OpenChannelForm,
    SectionForm,
    StrikeForm,
)
from yakuba.residents.procedures.forms.catalogue.base import CatalogueForm, PartForm, shown_in_fields, text_of
from yakuba.residents.procedures.forms.catalogue.counting import (
    BaselineListForm,
    PublishForm,
    SheetForm,
    YearlyCountsForm,
    years_to_choose,
)
from yakuba.residents.procedures.forms.catalogue.evidence import PART_FORMS, EvidenceForm
from yakuba.residents.procedures.forms.catalogue.rows import DocumentsForm, FeesForm, GroundsForm, RowsForm
from yakuba.residents.procedures.forms.catalogue.words import BasicsForm, TextsForm

__all__ = [
    "PART_FORMS",
    "BaselineListForm",
    "BasicsForm",
    "CatalogueForm",
    "ChannelForm",
    "CloseChannelForm",
    "DocumentsForm",
    "EntryForm",
    "EvidenceForm",
    "FeesForm",
    "GroundsForm",
    "NewProcedureForm",
    "OpenChannelForm",
    "PartForm",
    "PublishForm",
    "RowsForm",
    "SectionForm",
    "SheetForm",
    "StrikeForm",
    "TextsForm",
    "YearlyCountsForm",
    "shown_in_fields",
    "text_of",
    "years_to_choose",
]
