"""A day is settled when whoever should be told is known to have heard, and nothing waits or differs."""

from dataclasses import replace

import pytest

from functions.domain.reconciliation.account import account_of
from functions.domain.reconciliation.tally import NOTHING, Tally
from schemas.codes import Bucket
from tests.unit.lives import OTHER, Damage, Life, arrived, told, without_delivery, without_row
from tests.unit.test_reconciliation_ends import (
    POLICE,
    PROBATION,
    TO_POLICE,
    a_scope,
    account,
    sent_again,
)


def all_heard() -> Life:
    life = told()
    for which in (POLICE, PROBATION):
        life.becomes(which, receipt="DELIVERED", is_watched=True)
    return life


def test_a_day_is_settled_when_everybody_is_known_to_have_heard() -> None:
    life = told()
    assert not account(life.evidence()).is_settled
    life.becomes(POLICE, receipt="DELIVERED")
    assert not account(life.evidence()).is_settled
    life.becomes(PROBATION, is_confirmed=True)
    assert account(life.evidence()).is_settled
    assert NOTHING.is_settled


@pytest.mark.parametrize("damage", [without_row(2), without_delivery("north-police")])
def test_a_day_with_a_difference_is_not_settled(damage: Damage) -> None:
    tally = account(damage(all_heard().evidence()))
    assert tally.is_done
    assert not tally.is_settled


@pytest.mark.parametrize("bucket", [Bucket.OPEN, Bucket.HELD])
def test_a_day_of_which_an_event_is_open_or_held_is_not_settled(bucket: Bucket) -> None:
    """A duplicate waits for its original, which has no message yet."""
    assert not Tally(decisions=1, ended={bucket: 1}).is_settled
    assert Tally(decisions=1, ended={Bucket.TOLD: 1}).is_settled


def test_a_task_keeps_its_day_open_until_it_is_done() -> None:
    life = all_heard()
    name = life.task("CALL_UNREAD", agency="north-police")
    assert not account(life.evidence()).is_settled
    life.tasks[name] = replace(life.tasks[name], state="DONE")
    assert account(life.evidence()).is_settled


def test_what_stands_in_a_messages_place_is_waited_for_in_its_place() -> None:
    life = all_heard()
    life.becomes(PROBATION, receipt="BOUNCED", is_resent=True)
    again = sent_again(life, PROBATION, "+S1")
    life.sent(again)
    assert not account(life.evidence()).is_done
    life.becomes(again, receipt="DELIVERED")
    assert account(life.evidence()).is_done


def test_a_newer_version_takes_away_the_wait_for_the_older_one() -> None:
    life = told()
    assert not account(life.evidence()).is_done
    for which in life.decided(TO_POLICE, dver=2):
        life.sent(which)
        life.becomes(which, receipt="DELIVERED")
    assert account(life.evidence()).is_done


def test_a_message_that_stands_with_the_original_is_waited_for_by_its_duplicate() -> None:
    life, original = Life(), Life(OTHER)
    life.decided(told_as={"ref": OTHER, "child": 1, "dver": 1})
    (which,) = original.decided(TO_POLICE)
    original.sent(which)
    mine = life.evidence()

    def is_done() -> bool:
        places = {life.ref: mine, OTHER: original.evidence()}
        return account_of(mine, arrived(mine), places, a_scope()).is_done

    assert not is_done()
    original.becomes(which, receipt="DELIVERED")
    assert is_done()
