"""Who hears `kernel.organisation`."""

from yakuba.kernel.events.api import together
from yakuba.kernel.identity.services import lock_account
from yakuba.kernel.organisation.events import StaffLeft, StaffStayed

together(StaffLeft, lock_account.lock_account_of_staff)
together(StaffStayed, lock_account.unlock_account_of_staff)
