"""Addresses of the catalogue, the guide and the publicity pages."""

from django.urls import path

from yakuba.residents.procedures.views import guide, public_catalogue, public_figures
from yakuba.residents.procedures.views.catalogue_office import (
    channels,
    counting,
    listing,
    one,
    posters,
    sheet,
    yearly,
)

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

urlpatterns += [
    path("office/procedures/", listing.office_procedures, name="office-procedures"),
    path("office/procedures/missing/", listing.office_missing, name="office-procedures-missing"),
    path("office/procedures/new/", one.office_procedure_new, name="office-procedure-new"),
    path("office/procedures/<int:number>/", listing.office_procedure_number, name="office-procedure-number"),
    path("office/procedures/counting/", counting.office_counting, name="office-procedures-counting"),
    path("office/procedures/counting/baseline/", counting.office_baseline_list, name="office-procedures-baseline-list"),
    path(
        "office/procedures/counting/baseline.csv",
        counting.office_baseline_template,
        name="office-procedures-baseline-template",
    ),
    path("office/procedures/counting/<slug:public_id>/", counting.office_entry, name="office-procedures-entry"),
    path("office/procedures/errors/<str:token>/", counting.office_import_errors, name="office-procedures-errors"),
    path("office/procedures/yearly/", yearly.office_yearly, name="office-procedures-yearly"),
    path("office/procedures/yearly/publish/", yearly.office_yearly_publish, name="office-procedures-yearly-publish"),
    path("office/procedures/yearly/<slug:key>/", yearly.office_yearly_enter, name="office-procedures-yearly-enter"),
    path("office/procedures/sheet/", sheet.office_sheet, name="office-procedures-sheet"),
    path("office/procedures/sheet.csv", sheet.office_sheet_file, name="office-procedures-sheet-file"),
    path("office/procedures/channels/<slug:public_id>/", channels.office_channel_edit, name="office-channel-edit"),
    path("office/procedures/channels/<slug:public_id>/open/", channels.office_channel_open, name="office-channel-open"),
    path(
        "office/procedures/channels/<slug:public_id>/close/", channels.office_channel_close, name="office-channel-close"
    ),
    path(
        "office/procedures/channels/<slug:public_id>/act/<slug:act>/",
        channels.office_channel_act,
        name="office-channel-act",
    ),
    path("office/procedures/<slug:key>/", one.office_procedure, name="office-procedure"),
    path("office/procedures/<slug:key>/poster.pdf", posters.office_poster, name="office-procedure-poster"),
    path("office/procedures/<slug:key>/edit/<slug:part>/", one.office_procedure_edit, name="office-procedure-edit"),
    path(
        "office/procedures/<slug:key>/preview/<slug:part>/",
        one.office_procedure_preview,
        name="office-procedure-preview",
    ),
    path("office/procedures/<slug:key>/section/", one.office_procedure_section, name="office-procedure-section"),
    path("office/procedures/<slug:key>/act/<slug:act>/", one.office_procedure_act, name="office-procedure-act"),
    path(
        "office/procedures/<slug:key>/editions/<int:number>/",
        one.office_procedure_edition,
        name="office-procedure-edition",
    ),
    path("office/procedures/<slug:key>/channels/new/", channels.office_channel_new, name="office-channel-new"),
]
