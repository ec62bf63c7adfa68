from django.db import migrations

from yakuba.kernel.audit.append_only import append_only

TABLES = (
    "plan_planversion",
    "plan_milestoneconfirmation",
    "plan_phaseconfirmation",
    "plan_assessment",
    "plan_assessmentrelease",
    "plan_pdcaentry",
    "plan_oodaentry",
    "plan_savedwork",
    "plan_savedworkdecision",
    "plan_surveyitem",
)


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial"), ("audit", "0002_append_only")]

    operations = [append_only(table) for table in TABLES]
