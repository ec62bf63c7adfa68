"""What is stored: places and slots, appointments, support visits, reminders, holder figures."""

from yakuba.residents.card_support.models.appointment import Appointment, Arrival
from yakuba.residents.card_support.models.figure import HolderFigure
from yakuba.residents.card_support.models.opened import ContactOpened
from yakuba.residents.card_support.models.reminder import Reminded, Reminder
from yakuba.residents.card_support.models.slot import Place, Slot
from yakuba.residents.card_support.models.visit import Visit, VisitKind

__all__ = [
    "Appointment",
    "Arrival",
    "ContactOpened",
    "HolderFigure",
    "Place",
    "Reminded",
    "Reminder",
    "Slot",
    "Visit",
    "VisitKind",
]
