"""The bank holidays of England and Wales, copied from gov.uk/bank-holidays: data with a version and an end.

A rule could compute most of these days and would be wrong on the others: days are moved and added by
proclamation, at times days before. To extend: add gov.uk's next year as a row, compare the rows before it
with the page, and change VERSION.
"""

from datetime import date
from typing import Final

VERSION: Final = "2026-11"
"""Changes with the data, so that a due time can be traced to the days it was computed from."""

# As gov.uk lists them: where a holiday falls on a weekend, its substitute day stands here instead.
_DAYS_OF_YEAR: Final = {
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",  # early May, moved to VE Day's Friday
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",  # Jubilee: spring moved; funeral
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",  # the Coronation's Monday, added
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}

BANK_HOLIDAYS: Final = frozenset(
    date.fromisoformat(f"{year}-{day}") for year, days in _DAYS_OF_YEAR.items() for day in days.split()
)
FIRST_DAY: Final = date(min(_DAYS_OF_YEAR), 1, 1)
"""The first day of which the data can tell whether people work."""

HORIZON: Final = date(max(_DAYS_OF_YEAR), 12, 31)
"""The last such day."""
