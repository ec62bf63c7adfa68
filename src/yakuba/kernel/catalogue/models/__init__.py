"""What the catalogue stores."""

from yakuba.kernel.catalogue.models.channel import Channel, LinkState
from yakuba.kernel.catalogue.models.counting import CountingEntry
from yakuba.kernel.catalogue.models.procedure import Procedure, ProcedureEdition, ProcedureEvent, Source
from yakuba.kernel.catalogue.models.yearly import YearlyCount, YearlyPublication

__all__ = [
    "Channel",
    "CountingEntry",
    "LinkState",
    "Procedure",
    "ProcedureEdition",
    "ProcedureEvent",
    "Source",
    "YearlyCount",
    "YearlyPublication",
]
