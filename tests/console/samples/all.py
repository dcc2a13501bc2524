"""Every sample page."""

from tests.console.samples import (
    acts,
    agency,
    checklist,
    lists,
    lists_of_work,
    message,
    others,
    overview,
    referral,
    reports,
)
from tests.console.samples.around import Sample

SAMPLES: tuple[Sample, ...] = (
    *overview.samples(),
    *lists.samples(),
    *lists_of_work.samples(),
    *referral.samples(),
    *message.samples(),
    *agency.samples(),
    *acts.samples(),
    *checklist.samples(),
    *reports.samples(),
    *others.samples(),
)
