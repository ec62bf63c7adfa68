"""The verbs of the catalogue."""

from yakuba.kernel.catalogue.services.channels import (
    close_channel,
    correct_channel,
    open_channel,
    prepare_channel,
    reopen_channel,
)
from yakuba.kernel.catalogue.services.check_links import record_link
from yakuba.kernel.catalogue.services.counting_list import (
    correct_entry,
    import_baseline_list,
    record_first_submission,
    strike_entry,
)
from yakuba.kernel.catalogue.services.deliver import Delivered, accept_offer, decline_offer, deliver, deliver_procedure
from yakuba.kernel.catalogue.services.edit_procedure import (
    ChangedMeanwhile,
    add_procedure,
    assign_section,
    edit_procedure,
    show_procedure,
)
from yakuba.kernel.catalogue.services.yearly_counts import enter_yearly_count, publish_year

__all__ = [
    "ChangedMeanwhile",
    "Delivered",
    "accept_offer",
    "add_procedure",
    "assign_section",
    "close_channel",
    "correct_channel",
    "correct_entry",
    "decline_offer",
    "deliver",
    "deliver_procedure",
    "edit_procedure",
    "enter_yearly_count",
    "import_baseline_list",
    "open_channel",
    "prepare_channel",
    "publish_year",
    "record_first_submission",
    "record_link",
    "reopen_channel",
    "show_procedure",
    "strike_entry",
]
