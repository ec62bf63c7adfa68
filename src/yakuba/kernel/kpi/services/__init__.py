from yakuba.kernel.kpi.services.hand_measurements import approve_measurement, enter_measurement, reject_measurement
from yakuba.kernel.kpi.services.take_snapshot import take_snapshot

__all__ = ["approve_measurement", "enter_measurement", "reject_measurement", "take_snapshot"]
