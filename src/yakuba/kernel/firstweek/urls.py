"""Addresses of the first-week import."""

from django.urls import path

from yakuba.kernel.firstweek import views

urlpatterns = [
    path("office/first-week/", views.first_week, name="firstweek"),
    path("office/first-week/template.xlsx", views.template_file, name="firstweek-template"),
    path("office/first-week/<slug:public_id>/", views.upload, name="firstweek-upload"),
    path("office/first-week/<slug:public_id>/progress/", views.progress, name="firstweek-progress"),
    path("office/first-week/<slug:public_id>/apply/", views.apply, name="firstweek-apply"),
    path("office/first-week/<slug:public_id>/discard/", views.give_up, name="firstweek-discard"),
    path("office/first-week/<slug:public_id>/errors.xlsx", views.error_sheet, name="firstweek-errors"),
]
