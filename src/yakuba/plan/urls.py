from django.urls import path

from yakuba.plan.views import open_data, public

urlpatterns = [
    path("", public.plan_overview, name="public-home"),
    path("plan/", public.plan_overview, name="plan-overview"),
    path("plan/print/", public.plan_overview_print, name="plan-overview-print"),
    path("plan/schedule/", public.plan_schedule, name="plan-schedule"),
    path("plan/figures/", public.plan_figures, name="plan-figures"),
    path("plan/about/", public.plan_about, name="plan-about"),
    path("plan/news/", public.plan_news, name="plan-news"),
    path("plan/initiatives/<str:key>/", public.plan_initiative, name="plan-initiative"),
    path("plan/initiatives/<str:key>/print/", public.plan_initiative_print, name="plan-initiative-print"),
    path("plan/data/kpis.<str:kind>", open_data.plan_data_kpis, name="plan-data-kpis"),
    path("plan/data/initiatives.<str:kind>", open_data.plan_data_initiatives, name="plan-data-initiatives"),
    path("plan/data/kpi/<str:key>.<str:kind>", open_data.plan_data_kpi, name="plan-data-kpi"),
    path("plan/data/schedule/<str:key>.<str:kind>", open_data.plan_data_schedule, name="plan-data-schedule"),
]
