"""Addresses of templates, and of apps that come in and go out as files."""

from django.urls import path

from yakuba.office.appbuilder.views import package, ready_made

urlpatterns = [
    path("office/apps/templates/", ready_made.gallery, name="office-apps-templates"),
    path("office/apps/templates/<slug:key>/", ready_made.one, name="office-apps-template"),
    path("office/apps/package/", package.take, name="office-apps-package"),
    path("office/apps/<slug:public_id>/package/", package.give, name="office-app-package"),
]
