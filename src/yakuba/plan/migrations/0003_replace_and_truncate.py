from django.db import migrations

from yakuba.kernel.audit.append_only import append_only_again

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
    dependencies = [("plan", "0002_append_only"), ("audit", "0003_replace_and_truncate")]

    operations = [append_only_again(table) for table in TABLES]
