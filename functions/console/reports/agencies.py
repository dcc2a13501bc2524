"""How many messages reached each agency, month by month: no part of the data set that is taken away."""

from collections.abc import Mapping

from functions.console.asking.periods import month_words
from functions.console.reports.tables import HIDDEN_CELL, NOBODY_CELL, told_once
from functions.console.shown.parts import Column, Table
from functions.console.shown.reports import Section
from functions.domain.measures.by_agency import Deliveries, deliveries
from functions.domain.measures.counts import Counts, days_of
from functions.domain.measures.published import percent


def by_agency(months: Mapping[str, Counts], names: Mapping[str, str]) -> Section:
    """Each agency's, by the counts of each month's days. No line is a part of another's whole, and none of
    them are added up: a share is hidden by itself, where it, its rest or its whole is small."""
    found = {month: deliveries(counts, days_of(month)) for month, counts in months.items()}
    agencies = sorted({(names.get(one, one), one) for of_month in found.values() for one in of_month})
    table = Table(
        caption="Messages that reached each agency",
        columns=(
            Column(heading="Agency"),
            *(Column(heading=month_words(month), is_number=True) for month in months),
        ),
        rows=tuple(
            (name, *(_cell(of_month.get(agency_id, Deliveries())) for of_month in found.values()))
            for name, agency_id in agencies
        ),
    )
    return Section(
        heading="Told, by agency",
        text="Of the messages that were free to go to each agency, those that arrived. They count messages, "
        "not children: one child may be several, and news of a plan is one as well.",
        tables=(told_once(table),),
    )


def _cell(one: Deliveries) -> str:
    if not one.sent:
        return NOBODY_CELL
    if one.is_small:
        return HIDDEN_CELL
    return f"{percent(one.reached, one.sent)}% ({one.reached} of {one.sent})"
