"""No reminder of a police form that is settled: whoever looks at a message knows that it need not go."""

from typing import Any

import pytest

from functions.domain.entitlement import Entitlement
from functions.domain.reconciliation.evidence import Child, Which
from functions.domain.series import FORM_SETTLED, nonce_of, replaced_by
from functions.domain.updates import about_the_form
from schemas.codes import AgencyType, Level, NoticeReason, Series


@pytest.mark.parametrize(
    ("series", "child", "by"),
    [
        (Series.RA_REMINDER, {FORM_SETTLED: 2}, 2),
        (Series.RA_REMINDER, {FORM_SETTLED: 0}, None),
        (Series.RA_REMINDER, {"dver": 3}, None),
        (Series.RA_STATUS, {FORM_SETTLED: 2, "dver": 3}, None),
        (Series.CONTRIBUTION, {"dver": 3}, 3),
        (Series.CONTRIBUTION, {FORM_SETTLED: 2}, None),
        (None, {FORM_SETTLED: 2, "dver": 3}, None),
    ],
)
def test_only_what_asks_for_something_is_overtaken_by_its_coming(
    series: Series | None, child: dict[str, Any], by: int | None
) -> None:
    found = replaced_by(series, 3, child)
    assert (found and found.number) == by


@pytest.mark.parametrize(("settled", "is_replaced"), [(0, False), (1, True)])
def test_the_account_of_a_day_waits_for_no_reminder_of_a_form_that_is_settled(
    settled: int, *, is_replaced: bool
) -> None:
    which = Which("NS-26-7KQ4ZP", 1, 1, "north-police", "webhook", nonce_of(Series.RA_REMINDER))
    assert Child(dver=1, newest={Series.RA_REMINDER: 1}, form_settled=settled).has_newer(which) is is_replaced


@pytest.mark.parametrize(("waits", "is_replaced"), [("", True), ("north-police", False)])
def test_the_account_of_a_day_waits_for_the_acknowledgement_of_a_referrer_whose_outcome_is_held(
    waits: str, *, is_replaced: bool
) -> None:
    which = Which("NS-26-7KQ4ZP", 1, 1, "north-police", "webhook", nonce_of(Series.ACKNOWLEDGEMENT))
    child = Child(dver=1, newest={Series.ACKNOWLEDGEMENT: 1}, referrer_waits=waits)
    assert child.has_newer(which) is is_replaced


def test_the_police_are_told_of_their_form_whatever_was_decided_and_never_in_a_mailbox_that_may_not() -> None:
    assert about_the_form(AgencyType.POLICE, mailbox_managed=True) == Entitlement(Level.OUTCOME)
    notice = Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)
    assert about_the_form(AgencyType.POLICE, mailbox_managed=False) == notice


@pytest.mark.parametrize("agency_type", sorted(set(AgencyType) - {AgencyType.POLICE}))
def test_others_hear_of_it_beside_their_decision(agency_type: AgencyType) -> None:
    assert about_the_form(agency_type, mailbox_managed=True) is None
