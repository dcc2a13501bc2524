"""What the MASH says of a referral itself: on record, praised where earned, and never a reason to wait."""

from itertools import product

import pytest

from schemas.codes import InfoNeeded
from tests.flows.same_messages import came_of
from tests.world import World, a_decision

LACKS = sorted(set(InfoNeeded) - {InfoNeeded.GOOD_QUALITY})
THANKS = b"Thank you. Your referral gave us the information we needed."
REASON = {"reason_codes": ["BELOW_THRESHOLD_L2"], "support_codes": ["FAMILY_HUB"]}


@pytest.mark.finding(17)
@pytest.mark.finding(18)
@pytest.mark.parametrize("code", LACKS)
def test_what_a_referral_lacks_is_flagged_and_blocks_nothing(world: World, code: InfoNeeded) -> None:
    world.take(a_decision(info_needed_codes=[code.value]))
    assert world.kinds() == ["DECISION", "RA_CHECK"]
    decision = world.rows()[0]
    assert (decision["info_needed_codes"], decision["flags"]) == ([code], [])
    assert world.tasks() == {}
    assert world.send_due() == 2


@pytest.mark.parametrize("code", LACKS)
def test_what_is_needed_to_decide_is_asked_for_at_once(world: World, code: InfoNeeded) -> None:
    world.take(
        a_decision(
            primary_outcome="INF",
            info_needed_codes=[code.value],
            information_asked_of=["north-police", "north-probation"],
        )
    )
    assert world.tasks() == {}
    assert world.send_due() == 2
    assert all(code.value.encode() in body for _, body in world.police.sent)


@pytest.mark.finding(17)
@pytest.mark.finding(18)
@pytest.mark.slow
@pytest.mark.parametrize(("outcome", "held"), list(product(("NFA", "S17", "S47J"), ([], ["SENSITIVE"]))))
def test_a_flagged_referral_is_told_and_released_as_any_other_byte_for_byte(
    outcome: str, held: list[str]
) -> None:
    plain = a_decision(primary_outcome=outcome, hold_codes=[{"code": code} for code in held], **REASON)
    assert came_of(plain) == came_of(plain | {"info_needed_codes": [code.value for code in LACKS]})


def test_good_quality_is_praised_to_whoever_referred_and_to_nobody_else(world: World) -> None:
    referrer = {"agency_id": "north-probation", "own_ref": "PR-55120"}
    police = [{"agency_id": "north-police", "own_ref": "43261124/0917", "holds_plan_role": True}]
    changes = {"referring_agency": referrer, "involved_agencies": police, **REASON}
    world.take(a_decision(primary_outcome="NFA", info_needed_codes=["GOOD_QUALITY"], **changes))
    assert world.send_due() == 2
    (mail,) = [body for _, body in world.mailbox.sent]
    (post,) = [body for _, body in world.police.sent]
    assert (THANKS in b" ".join(mail.split()), THANKS in post) == (True, False)
