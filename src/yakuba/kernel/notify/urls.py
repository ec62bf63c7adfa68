from django.urls import path

from yakuba.kernel.notify.views import resident

urlpatterns = [
    path("my/notices/", resident.notices, name="resident-notices"),
    path("my/notices/<slug:public_id>/", resident.notice, name="resident-notice"),
]
