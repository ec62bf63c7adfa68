from django.urls import path

from yakuba.kernel.audit import views

urlpatterns = [
    path("office/audit/", views.audit_log, name="audit-log"),
    path("office/audit/<int:event_id>/", views.audit_event, name="audit-event"),
]
