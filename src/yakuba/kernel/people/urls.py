from django.urls import path

from yakuba.kernel.people.views import office, resident

urlpatterns = [
    path("my/profile/", resident.profile, name="resident-profile"),
    path("my/mandates/", resident.mandates, name="resident-mandates"),
    path("my/mandates/<slug:public_id>/<slug:act>", resident.mandate_act, name="resident-mandate-act"),
    path("office/protections/", office.protections, name="protections"),
    path("office/protections/new", office.protect_somebody, name="protection-new"),
    path("office/protections/<slug:public_id>/", office.protection, name="protection"),
    path("office/protections/<slug:public_id>/extend", office.protection_extend, name="protection-extend"),
    path("office/protections/<slug:public_id>/end", office.protection_end, name="protection-end"),
    path("office/register/", office.prefill, name="prefill"),
    path("office/register/remove", office.prefill_remove, name="prefill-remove"),
]
