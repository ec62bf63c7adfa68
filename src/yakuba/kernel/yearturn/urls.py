"""Addresses of the turn of the year."""

from django.urls import path

from yakuba.kernel.yearturn import views

_AT = "office/year-turn/"

urlpatterns = [
    path(_AT, views.year_turn, name="yearturn"),
    path(f"{_AT}list-<slug:on>.xlsx", views.template_file, name="yearturn-template"),
    path(f"{_AT}lines/<slug:public_id>/skip/", views.skip, name="yearturn-skip"),
    path(f"{_AT}<slug:public_id>/", views.turn, name="yearturn-turn"),
    path(f"{_AT}<slug:public_id>/heirs/", views.choose, name="yearturn-heirs"),
    path(f"{_AT}<slug:public_id>/progress/", views.progress, name="yearturn-progress"),
    path(f"{_AT}<slug:public_id>/errors.xlsx", views.error_list, name="yearturn-errors"),
    path(f"{_AT}<slug:public_id>/<slug:act>/", views.act, name="yearturn-act"),
]
