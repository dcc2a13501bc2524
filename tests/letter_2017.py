"""Two months of contacts as the inspection letter of July 2017 counts them: 59 % decided within 24 hours in
March, 80 % in May, and beside it how many within one working day, which the letter does not say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Contact:
    """One child's contact, from its receipt until its decision."""

    ref: str
    received_at: datetime
    decided_at: datetime


# 100 contacts a month. London is on winter time until 26 March; 29 May is a bank holiday.
#
#            received            decided                 24 h   1 working day
#   49       Tue  7 Mar 10:00    Wed  8 Mar 09:00        yes    yes
#   10       Sat 11 Mar 10:00    Sun 12 Mar 10:00        yes    yes              out of hours
#   12       Fri 10 Mar 15:00    Mon 13 Mar 14:00        no     yes
#   29       Tue 14 Mar 10:00    Fri 17 Mar 10:00        no     no
#   80       Wed 10 May 11:00    Thu 11 May 11:00        yes    yes
#    8       Fri 26 May 16:00    Tue 30 May 15:00        no     yes
#   12       Tue 16 May 10:00    Thu 18 May 10:00        no     no
_GROUPS = (
    (49, datetime(2017, 3, 7, 10, tzinfo=UTC), timedelta(hours=23)),
    (10, datetime(2017, 3, 11, 10, tzinfo=UTC), timedelta(hours=24)),
    (12, datetime(2017, 3, 10, 15, tzinfo=UTC), timedelta(hours=71)),
    (29, datetime(2017, 3, 14, 10, tzinfo=UTC), timedelta(hours=72)),
    (80, datetime(2017, 5, 10, 10, tzinfo=UTC), timedelta(hours=24)),
    (8, datetime(2017, 5, 26, 15, tzinfo=UTC), timedelta(hours=95)),
    (12, datetime(2017, 5, 16, 9, tzinfo=UTC), timedelta(hours=48)),
)
MARCH, MAY = "2017-03", "2017-05"
DECIDED_IN_24_HOURS = {MARCH: "59.0", MAY: "80.0"}
DECIDED_IN_1_WORKING_DAY = {MARCH: "71.0", MAY: "88.0"}


def contacts() -> Iterator[Contact]:
    """All 200, by when they came."""
    number = 0
    for count, received_at, took in sorted(_GROUPS, key=lambda group: group[1]):
        for _ in range(count):
            number += 1
            yield Contact(f"NS-17-{number:06d}", received_at, received_at + took)
