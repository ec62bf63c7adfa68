"""The verbs of the support with My Number Cards: the only writers."""

from yakuba.residents.card_support.services.appointments import (
    SlotFull,
    cancel_appointment,
    mark_appointment,
    mark_many,
    move_appointment,
    note_on_appointment,
    record_results,
)
from yakuba.residents.card_support.services.book import Booking, book
from yakuba.residents.card_support.services.contacts import open_contact
from yakuba.residents.card_support.services.figures import enter_figure
from yakuba.residents.card_support.services.keeping import erase_old
from yakuba.residents.card_support.services.reminders import (
    ask_for_reminders,
    confirm_reminder,
    delete_over,
    remind,
    stop_reminder,
)
from yakuba.residents.card_support.services.slots import close_slot, make_slots, reopen_slot, save_place
from yakuba.residents.card_support.services.visits import (
    VisitAsked,
    ask_visit,
    decline_visit,
    finish_visit,
    schedule_visit,
    withdraw_visit,
)

__all__ = [
    "Booking",
    "SlotFull",
    "VisitAsked",
    "ask_for_reminders",
    "ask_visit",
    "book",
    "cancel_appointment",
    "close_slot",
    "confirm_reminder",
    "decline_visit",
    "delete_over",
    "enter_figure",
    "erase_old",
    "finish_visit",
    "make_slots",
    "mark_appointment",
    "mark_many",
    "move_appointment",
    "note_on_appointment",
    "open_contact",
    "record_results",
    "remind",
    "reopen_slot",
    "save_place",
    "schedule_visit",
    "stop_reminder",
    "withdraw_visit",
]
