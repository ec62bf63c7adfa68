"""Who hears `kernel.kpi`."""

from yakuba.kernel.events.api import afterwards
from yakuba.kernel.kpi.api import MeasurementApproved, SnapshotsTaken
from yakuba.plan import jobs as plan

afterwards(SnapshotsTaken, plan.look_after_the_day)
afterwards(MeasurementApproved, plan.look_after_an_approval)
