"""Public names of `kernel.catalogue`: procedures, the ways they are received, and how they are counted."""

from yakuba.kernel.catalogue.access import may_edit, visible_to
from yakuba.kernel.catalogue.models import Channel, CountingEntry, Procedure
from yakuba.kernel.catalogue.queries.counting import live_online_procedures
from yakuba.kernel.catalogue.queries.procedures import channels_of, online_channel, procedure_of, procedures_to_read
from yakuba.kernel.catalogue.queries.yearly import register_case_counter
from yakuba.kernel.catalogue.rules.kinds import ChannelKind, IdentityLevel, ProcedureKind, SignatureRule
from yakuba.kernel.catalogue.rules.missing import missing_for_online
from yakuba.kernel.catalogue.services import (
    close_channel,
    correct_channel,
    open_channel,
    prepare_channel,
    record_first_submission,
)

__all__ = [
    "Channel",
    "ChannelKind",
    "CountingEntry",
    "IdentityLevel",
    "Procedure",
    "ProcedureKind",
    "SignatureRule",
    "channels_of",
    "close_channel",
    "correct_channel",
    "live_online_procedures",
    "may_edit",
    "missing_for_online",
    "online_channel",
    "open_channel",
    "prepare_channel",
    "procedure_of",
    "procedures_to_read",
    "record_first_submission",
    "register_case_counter",
    "visible_to",
]
