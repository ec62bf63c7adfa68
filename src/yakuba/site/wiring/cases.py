"""Who hears `kernel.cases`: people are told in the transaction of what happened."""

from yakuba.kernel.cases import events
from yakuba.kernel.cases.services import telling
from yakuba.kernel.events.api import together
from yakuba.office.appbuilder.services import door_cases as doors

together(events.CaseReceived, telling.hear_received)
together(events.CaseReceived, doors.hear_case_received)
together(events.CorrectionAsked, telling.hear_correction_asked)
together(events.CorrectionOverdue, telling.hear_correction_overdue)
together(events.CorrectionAnswered, telling.hear_correction_answered)
together(events.CaseReturned, telling.hear_returned)
together(events.PlaceDecided, telling.hear_place)
together(events.ConsentAnswered, telling.hear_consent)
together(events.CaseAssigned, telling.hear_assigned)
together(events.CaseDecided, telling.hear_decided)
together(events.CaseWithdrawn, telling.hear_withdrawn)
together(events.NumberSuspected, telling.hear_suspected)
together(events.NoticeSent, telling.hear_notice_sent)
together(events.NoticeOnPaper, telling.hear_on_paper)
