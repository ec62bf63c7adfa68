from yakuba.kernel.events.bus import deliver
from yakuba.kernel.jobs.api import job

job("events.deliver", label="出来事を知らせる")(deliver)
