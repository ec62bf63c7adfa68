"""Addresses of the catalogue, the guide and the publicity pages."""

from django.urls import path

from yakuba.residents.procedures.views import guide, public_catalogue, public_figures

urlpatterns = [
    path("p/<int:number>", public_catalogue.short_address, name="procedure-short"),
    path("procedures/", public_catalogue.catalogue_home, name="procedures"),
    path("procedures/online/", public_catalogue.catalogue_online, name="procedures-online"),
    path("procedures/list/", public_catalogue.catalogue_list, name="procedures-list"),
    path("procedures/events/<slug:event>/", public_catalogue.catalogue_event, name="procedures-event"),
    path("procedures/guide/", guide.guide_home, name="procedures-guide"),
    path("procedures/guide/<slug:event>/", guide.guide_walk, name="procedures-guide-event"),
    path("procedures/figures/", public_figures.figures, name="procedures-figures"),
    path("procedures/figures/<int:year>/", public_figures.figures_of_year, name="procedures-figures-year"),
    path("procedures/figures/<int:year>.csv", public_figures.figures_file, name="procedures-figures-file"),
    path("procedures/<slug:key>/", public_catalogue.catalogue_procedure, name="procedure"),
]
