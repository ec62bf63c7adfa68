from django.urls import path

from yakuba.kernel.identity.views import office_sign_in, resident_sign_in

urlpatterns = [
    path("office/sign-in", office_sign_in.office_sign_in, name="office-sign-in"),
    path("office/sign-in/as", office_sign_in.office_persona, name="office-persona"),
    path("office/sign-out", office_sign_in.office_sign_out, name="office-sign-out"),
    path("my/sign-in", resident_sign_in.resident_sign_in, name="resident-sign-in"),
    path("my/sign-in/as", resident_sign_in.resident_persona, name="resident-persona"),
    path("my/sign-out", resident_sign_in.resident_sign_out, name="resident-sign-out"),
]
