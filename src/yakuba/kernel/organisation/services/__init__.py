"""What can be done to the organisation: each verb in a file of its name."""

from yakuba.kernel.organisation.services.admit_outside_organisation import (
    admit_outside_organisation,
    correct_outside_organisation,
)
from yakuba.kernel.organisation.services.appoint_deputy import appoint_deputy, end_deputy
from yakuba.kernel.organisation.services.close_section import close_section
from yakuba.kernel.organisation.services.correct_posting import correct_posting
from yakuba.kernel.organisation.services.correct_section import correct_section
from yakuba.kernel.organisation.services.correct_staff import correct_staff
from yakuba.kernel.organisation.services.define_post import POST_ROLES, correct_post, define_post
from yakuba.kernel.organisation.services.end_posting import end_posting, withdraw_posting
from yakuba.kernel.organisation.services.found_authority import correct_authority, found_authority
from yakuba.kernel.organisation.services.found_section import found_section
from yakuba.kernel.organisation.services.grant_role import end_role, grant_role
from yakuba.kernel.organisation.services.hand_over_work import hand_over_work
from yakuba.kernel.organisation.services.merge_sections import NewSection, merge_sections
from yakuba.kernel.organisation.services.move_section import move_section
from yakuba.kernel.organisation.services.pass_on_deputyship import pass_on_deputyship
from yakuba.kernel.organisation.services.post_staff import post_staff
from yakuba.kernel.organisation.services.record_leaving import record_leaving, renew_term, withdraw_leaving
from yakuba.kernel.organisation.services.record_staff import hire_staff, record_staff
from yakuba.kernel.organisation.services.rename_section import rename_section
from yakuba.kernel.organisation.services.split_section import split_section
from yakuba.kernel.organisation.services.transfer_staff import transfer_staff

__all__ = [
    "POST_ROLES",
    "NewSection",
    "admit_outside_organisation",
    "appoint_deputy",
    "close_section",
    "correct_authority",
    "correct_outside_organisation",
    "correct_post",
    "correct_posting",
    "correct_section",
    "correct_staff",
    "define_post",
    "end_deputy",
    "end_posting",
    "end_role",
    "found_authority",
    "found_section",
    "grant_role",
    "hand_over_work",
    "hire_staff",
    "merge_sections",
    "move_section",
    "pass_on_deputyship",
    "post_staff",
    "record_leaving",
    "record_staff",
    "rename_section",
    "renew_term",
    "split_section",
    "transfer_staff",
    "withdraw_leaving",
    "withdraw_posting",
]
