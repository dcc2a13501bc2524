"""The whole matrix through the planning function: who is told what, by which channel, held by what, called.

Nothing expected here is asked of the code: the cells are tests/unit/matrix.py, written out from the domain.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.registry.directory import ACTIVE, Entry
from functions.domain.entitlement import Standing
from functions.domain.release import Verdict
from functions.flows.planning.deliveries import Plan, Terms, plan
from functions.flows.planning.recipients import Recipient, missing_for_unborn
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, Channel, HoldTrigger, Level, Outcome, Role
from schemas.entitlement import PUBLIC, LoweredLevel
from schemas.notice import ToldBefore
from tests.unit.matrix import LEVELS
from tests.world import BOTH

TODAY = date(2026, 11, 24)
AT = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "", Channel.EMAIL)
WHO = "north-agency"
SENT = sorted(set(Outcome) - {Outcome.DUP})
FIXED_SENTENCE = {Outcome.EMP, Outcome.LAD}

STANDINGS = {
    "referrer": (0, Standing(Role.REFERRER)),
    "involved": (1, Standing(Role.INVOLVED)),
    "in the plan": (2, Standing(Role.INVOLVED, holds_plan_role=True)),
}
WAYS: dict[str, tuple[Channel, dict[str, Any], bool]] = {
    "webhook": (Channel.WEBHOOK, {}, True),
    "managed mailbox": (Channel.EMAIL, {"address": "mash@agency.secure.example"}, True),
    "unmanaged mailbox": (Channel.EMAIL, {"address": "mash@agency.example"}, False),
    "raised mailbox": (Channel.EMAIL, {"address": "mash@agency.example", "mailbox_raised": True}, True),
}
CHILDREN = ("known by own reference", "not known", "unborn, added by rule")


class Hold(NamedTuple):
    """What holds: the child, this recipient, another one, its address."""

    on_child: tuple[HoldTrigger, ...] = ()
    on_agency: tuple[str, tuple[HoldTrigger, ...]] = ("nobody", ())
    verified: bool = True

    @property
    def alone(self) -> tuple[HoldTrigger, ...]:
        agency_id, triggers = self.on_agency
        lapsed = () if self.verified else (HoldTrigger.UNVERIFIED_ADDRESS,)
        return (*(triggers if agency_id == WHO else ()), *lapsed)


LINK = (HoldTrigger.STAFF_LINK,)
HOLDS = {
    "none": Hold(),
    "child": Hold(on_child=(HoldTrigger.SENSITIVE,)),
    "recipient": Hold(on_agency=(WHO, LINK)),
    "another recipient": Hold(on_agency=("south-agency", LINK)),
    "address": Hold(verified=False),
    "all": Hold((HoldTrigger.SENSITIVE,), (WHO, LINK), verified=False),
}


def an_entry(agency_type: AgencyType, *channels: Channel, verified: bool = True, **changes: Any) -> Entry:
    """An agency reached by `channels`, all of them verified or none."""
    url = "https://agency.example/outcomes"
    values: dict[str, Any] = {
        "address": None,
        "mailbox_raised": False,
        "url": url,
        "checked_url": url if verified else None,
        "verified_at": TODAY - timedelta(days=90 if verified else 91),
        **changes,
    }
    return Entry(
        agency_id=WHO, version=1, status=ACTIVE, type=agency_type, name="Agency", channels=channels,
        own_ref_pattern=".*", **values,
    )  # fmt: skip


def a_recipient(entry: Entry, standing: Standing, child: str) -> Recipient:
    if child == "unborn, added by rule":
        (added,) = missing_for_unborn([], [entry])
        return added
    return Recipient(entry, standing, own_ref="AB/123" if child == "known by own reference" else None)


def planned(
    recipient: Recipient,
    *outcomes: Outcome,
    hold: Hold = HOLDS["none"],
    lowered: tuple[LoweredLevel, ...] = (),
) -> Plan:
    verdict = Verdict(outcomes, hold.on_child, dict([hold.on_agency]), allegation_beside=False)
    return plan([recipient], AT, outcomes, verdict, Terms(("secure.example",), lowered, TODAY, ClockPolicy()))


def expected_level(
    agency_type: AgencyType, outcome: Outcome, column: int, *, readable: bool, sure: bool
) -> tuple[int, str | None]:
    """Level and, of a notice, why; by the domain's own sentences."""
    cell = LEVELS[agency_type, outcome][column]
    if cell == Level.NOTHING:
        return 0, None
    if cell == Level.NOTICE:
        says_its_sentence = (
            outcome in FIXED_SENTENCE and agency_type is not AgencyType.CHILDMINDER and readable and sure
        )
        return 1, None if says_its_sentence else "PHONE_ONLY"
    if not sure:
        return 1, "WHICH_CHILD"
    return (int(cell), None) if readable else (1, "MAILBOX_NOT_MANAGED")


def cells(agency_type: AgencyType) -> Iterator[tuple[str, str, str, str, Outcome]]:
    for outcome, standing, way, hold, child in product(SENT, STANDINGS, WAYS, HOLDS, CHILDREN):
        # Whom the rule for unborn children adds is involved, and that is all.
        if child != "unborn, added by rule" or standing == "involved":
            yield standing, way, hold, child, outcome


@pytest.mark.parametrize("agency_type", AgencyType)
def test_each_cell_is_planned_whole(agency_type: AgencyType) -> None:
    wrong = {}
    for cell in cells(agency_type):
        standing, way, hold_name, child, outcome = cell
        column, stands = STANDINGS[standing]
        channel, reached_by, readable = WAYS[way]
        hold = HOLDS[hold_name]
        entry = an_entry(agency_type, channel, verified=hold.verified, **reached_by)
        found = planned(a_recipient(entry, stands, child), outcome, hold=hold)
        sure = column == 0 or child == "known by own reference"
        level, reason = expected_level(agency_type, outcome, column, readable=readable, sure=sure)
        held = (*hold.on_child, *hold.alone)
        expected = [(WHO, channel, level, reason, held)] if level else []
        alone = {WHO: tuple(sorted(hold.alone))} if level and hold.alone else {}
        if (deliveries(found), found.held_agencies) != (expected, alone) or found.suppressed or found.to_call:
            wrong[cell] = (found, expected)
    assert wrong == {}


def deliveries(found: Plan) -> list[tuple[str, Channel, int, str | None, tuple[HoldTrigger, ...]]]:
    return [
        (
            new.key.agency_id,
            new.key.channel,
            int(new.pins.level),
            new.pins.notice_reason.value if new.pins.notice_reason else None,
            new.held,
        )
        for new in found.deliveries
    ]


@pytest.mark.parametrize("agency_type", AgencyType)
def test_whom_no_message_reaches_is_called_or_reads_it_in_the_hubs_own_system(
    agency_type: AgencyType,
) -> None:
    before = ToldBefore(decision_seq=1)
    for outcome, (column, stands) in product(SENT, STANDINGS.values()):
        entitled = LEVELS[agency_type, outcome][column] > 0
        without = Recipient(an_entry(agency_type), stands, own_ref="AB/123")
        assert (planned(without, outcome).to_call == (without,)) is entitled
        told = Recipient(an_entry(agency_type), stands, own_ref="AB/123", told_before=before)
        assert planned(told, outcome).to_call == (told,)
        inside = Recipient(an_entry(agency_type, *BOTH, in_case_system=True), stands, own_ref="AB/123")
        assert planned(inside, outcome) == Plan(suppressed=(inside,) if entitled else ())


def test_an_agency_on_two_channels_is_told_on_each_as_that_one_may() -> None:
    entry = an_entry(AgencyType.SCHOOL, *BOTH, address="office@hill.example")
    found = planned(Recipient(entry, Standing(Role.REFERRER)), Outcome.S17)
    assert {channel: (level, reason) for _, channel, level, reason, _ in deliveries(found)} == {
        Channel.WEBHOOK: (2, None),
        Channel.EMAIL: (1, "MAILBOX_NOT_MANAGED"),
    }


def test_a_recipient_told_before_and_now_told_nothing_is_for_a_call() -> None:
    """A dentist in the plan read an NFA; of the section 47 that came of it a dentist reads nothing."""
    entry = an_entry(AgencyType.DENTIST, Channel.WEBHOOK)
    told = Recipient(entry, Standing(Role.INVOLVED), "AB/123", told_before=ToldBefore(decision_seq=1))
    assert planned(told, Outcome.S47J) == Plan(to_call=(told,))


# --- whatever the combination

standings = st.builds(
    Standing,
    role=st.sampled_from(Role),
    holds_plan_role=st.booleans(),
    leads=st.booleans(),
    asked_for_information=st.booleans(),
)
outcome_lists = st.lists(st.sampled_from(SENT), min_size=1, max_size=4, unique=True)
own_refs = st.sampled_from(["AB/123", None])
types = st.sampled_from(AgencyType)


def most(agency_type: AgencyType, standing: Standing, outcome: Outcome) -> int:
    """The matrix, or 2 for whoever the decision itself asks to lead or to answer (domain section 6.4)."""
    column = 0 if standing.role is Role.REFERRER else 2 if standing.holds_plan_role else 1
    cell = int(LEVELS[agency_type, outcome][column])
    asked = (outcome is Outcome.SAL and standing.leads) or (
        outcome is Outcome.INF and standing.asked_for_information
    )
    if asked and agency_type not in PUBLIC:
        return max(cell, 1 if agency_type is AgencyType.CHILDMINDER else 2)
    return cell


def a_lowered_level(agency_type: AgencyType, role: Role, outcome: Outcome, level: int) -> list[LoweredLevel]:
    """A hub's own cell, if it may have that one at all."""
    try:
        return [LoweredLevel(agency_type=agency_type, role=role, outcome=outcome, level=Level(level))]
    except ValueError:
        return []


lowered_levels = st.lists(
    st.builds(a_lowered_level, types, st.sampled_from(Role), st.sampled_from(SENT), st.integers(0, 2)),
    max_size=6,
).map(lambda found: tuple(one for some in found for one in some))


@given(
    agency_type=types,
    standing=standings,
    outcomes=outcome_lists,
    own_ref=own_refs,
    way=st.sampled_from(sorted(WAYS)),
    lowered=lowered_levels,
)
def test_nobody_is_ever_told_more_than_the_lowest_of_the_matrix(
    *,
    agency_type: AgencyType,
    standing: Standing,
    outcomes: list[Outcome],
    own_ref: str | None,
    way: str,
    lowered: tuple[LoweredLevel, ...],
) -> None:
    channel, reached_by, readable = WAYS[way]
    recipient = Recipient(an_entry(agency_type, channel, **reached_by), standing, own_ref)
    allowed = min(most(agency_type, standing, outcome) for outcome in outcomes)
    as_ever = planned(recipient, *outcomes)
    levels = [level for _, _, level, _, _ in deliveries(as_ever)]
    if not readable or (standing.role is Role.INVOLVED and own_ref is None):
        assert levels == ([1] if allowed else [])
    else:
        assert levels == ([allowed] if allowed else [])
    with_less = [level for _, _, level, _, _ in deliveries(planned(recipient, *outcomes, lowered=lowered))]
    assert sum(with_less) <= sum(levels)


@given(types, st.sampled_from(Role), st.sampled_from(SENT), st.integers(0, 2))
def test_a_hub_that_lowers_a_cell_lowers_that_one_and_no_other(
    agency_type: AgencyType, role: Role, outcome: Outcome, level: int
) -> None:
    lowered = tuple(a_lowered_level(agency_type, role, outcome, level))
    referrer, *involved = LEVELS[agency_type, outcome]
    assert bool(lowered) is (level < (referrer if role is Role.REFERRER else max(involved)))
    everybody = (Standing(Role.REFERRER), Standing(Role.INVOLVED, holds_plan_role=True))
    for other, standing in product(SENT, everybody):
        recipient = Recipient(an_entry(agency_type, Channel.WEBHOOK), standing, "AB/123")
        as_ever = [one for _, _, one, _, _ in deliveries(planned(recipient, other))]
        now = [one for _, _, one, _, _ in deliveries(planned(recipient, other, lowered=lowered))]
        hit = bool(lowered) and (other, standing.role) == (outcome, role)
        assert now == ([level] if level else []) if hit else now == as_ever


@given(types, standings, outcome_lists, own_refs)
def test_a_mailbox_raised_by_two_approvers_has_what_a_managed_one_has_and_no_more(
    agency_type: AgencyType, standing: Standing, outcomes: list[Outcome], own_ref: str | None
) -> None:
    told = {}
    for way, (channel, reached_by, _) in WAYS.items():
        recipient = Recipient(an_entry(agency_type, channel, **reached_by), standing, own_ref)
        told[way] = deliveries(planned(recipient, *outcomes))
    assert told["raised mailbox"] == told["managed mailbox"]
    assert all(level <= 1 for _, _, level, _, _ in told["unmanaged mailbox"])
