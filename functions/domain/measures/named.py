"""The live counters that screens ask for by name, and the target beside them."""

from functions.domain.measures.catalogue import MEASURES

_COUNT = {f"{one.k}.{one.name}": one.count for one in MEASURES}
TOLD, BY_NOTICE = _COUNT["K1a.outcome_told"], _COUNT["K1b.told_by_notice_only"]
TOLD_IN_TIME, FORM_STATUS = _COUNT["K2.told_in_1_working_day"], _COUNT["K8.ra_status"]
BY_OUTCOME, STILL_HELD = _COUNT["K11.outcome"], _COUNT["K15.still_held"]
TARGET = 95
"""Per cent told within a working day (console section 2)."""
