"""Addresses of the support with My Number Cards."""

from django.urls import path

from yakuba.residents.card_support.office_urls import urlpatterns as office
from yakuba.residents.card_support.views import booking, own, public, reminders, visits

urlpatterns = [
    path("card/", public.home, name="card-support"),
    path("card/times/", public.times, name="card-times"),
    path("card/for/<slug:key>/", public.bring, name="card-bring"),
    path("my/card/lookup/", own.look_up, name="card-look-up"),
    path("my/card/book/<slug:key>/", booking.begin, name="card-book"),
    path("my/card/a/<slug:public_id>/", own.own, name="card-own"),
    path("my/card/a/<slug:public_id>/receipt/", booking.receipt, name="card-receipt"),
    path("my/card/a/<slug:public_id>/calendar.ics", booking.calendar, name="card-calendar"),
    path("my/card/a/<slug:public_id>/change/", own.change, name="card-change"),
    path("my/card/a/<slug:public_id>/cancel/", own.cancel, name="card-cancel"),
    path("my/card/visit/personal/", visits.personal, name="card-visit-personal"),
    path("my/card/visit/group/", visits.group, name="card-visit-group"),
    path("my/card/v/<slug:public_id>/", own.visit, name="card-own-visit"),
    path("my/card/v/<slug:public_id>/receipt/", visits.receipt, name="card-visit-receipt"),
    path("my/card/v/<slug:public_id>/withdraw/", own.withdraw, name="card-visit-withdraw"),
    path("my/card/reminders/", reminders.reminders, name="card-reminders"),
    path("my/card/reminders/sent/", reminders.sent, name="card-reminders-sent"),
    path("my/card/reminders/<str:token>/", reminders.reminder, name="card-reminder"),
    *office,
]
