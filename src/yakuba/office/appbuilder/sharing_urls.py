"""Addresses of templates, of apps from forms, and of apps that come in and go out as files."""

from django.urls import path

from yakuba.office.appbuilder.views import from_forms, package, ready_made

urlpatterns = [
    path("office/apps/templates/", ready_made.gallery, name="office-apps-templates"),
    path("office/apps/templates/<slug:key>/", ready_made.one, name="office-apps-template"),
    path("office/apps/forms/", from_forms.forms, name="office-apps-forms"),
    path("office/apps/forms/<slug:version_id>/", from_forms.form, name="office-apps-form"),
    path("office/apps/package/", package.take, name="office-apps-package"),
    path("office/apps/<slug:public_id>/package/", package.give, name="office-app-package"),
]
