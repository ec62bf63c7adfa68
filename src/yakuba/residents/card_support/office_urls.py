"""Addresses of the office pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from yakuba.residents.card_support.views.office import appointment, counts, day, enter, slots, visits

urlpatterns: list[URLPattern] = [
    path("office/card/", day.appointments, name="office-card"),
    path("office/card/mark/", day.mark, name="office-card-mark"),
    path("office/card/print/", day.day_print, name="office-card-print"),
    path("office/card/enter/", enter.enter, name="office-card-enter"),
    path("office/card/a/<slug:public_id>/", appointment.appointment, name="office-card-appointment"),
    path("office/card/a/<slug:public_id>/state/", appointment.state, name="office-card-state"),
    path("office/card/a/<slug:public_id>/results/", appointment.results, name="office-card-results"),
    path("office/card/a/<slug:public_id>/note/", appointment.note, name="office-card-note"),
    path("office/card/a/<slug:public_id>/move/", appointment.move, name="office-card-move"),
    path("office/card/a/<slug:public_id>/contact/", appointment.contact, name="office-card-contact"),
    path("office/card/a/<slug:public_id>/cancel/", appointment.cancel, name="office-card-cancel"),
    path("office/card/slots/", slots.slots, name="office-card-slots"),
    path("office/card/slots/new/", slots.new, name="office-card-slots-new"),
    path("office/card/slots/places/", slots.places, name="office-card-places"),
    path("office/card/slots/places/<slug:public_id>/", slots.place, name="office-card-place"),
    path("office/card/slots/s/<slug:public_id>/", slots.slot, name="office-card-slot"),
    path("office/card/slots/s/<slug:public_id>/reopen/", slots.reopen, name="office-card-slot-reopen"),
    path("office/card/visits/", visits.board, name="office-card-visits"),
    path("office/card/visits/enter/<slug:kind>/", visits.enter, name="office-card-visit-enter"),
    path("office/card/visits/v/<slug:public_id>/", visits.visit, name="office-card-visit"),
    path("office/card/visits/v/<slug:public_id>/schedule/", visits.schedule, name="office-card-visit-schedule"),
    path("office/card/visits/v/<slug:public_id>/decline/", visits.decline, name="office-card-visit-decline"),
    path("office/card/visits/v/<slug:public_id>/finish/", visits.finish, name="office-card-visit-finish"),
    path("office/card/visits/v/<slug:public_id>/contact/", visits.contact, name="office-card-visit-contact"),
    path("office/card/visits/v/<slug:public_id>/called/", visits.called, name="office-card-visit-called"),
    path("office/card/visits/v/<slug:public_id>/withdraw/", visits.withdraw, name="office-card-visit-withdraw"),
    path("office/card/counts/", counts.counts, name="office-card-counts"),
    path("office/card/figures/", counts.holder_figures, name="office-card-figures"),
]
