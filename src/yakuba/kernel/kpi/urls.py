from django.urls import path

from yakuba.kernel.kpi import views

urlpatterns = [
    path("office/kpi/", views.measures, name="kpi-measures"),
    path("office/kpi/enter/", views.enter, name="kpi-enter"),
    path("office/kpi/hand/<slug:public_id>/", views.hand, name="kpi-hand"),
    path("office/kpi/hand/<slug:public_id>/decide/", views.decide, name="kpi-decide"),
    path("office/kpi/<str:measure_id>/", views.measure, name="kpi-measure"),
]
