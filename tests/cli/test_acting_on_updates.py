"""`mash resend` and `cancel` on what is told beside the decisions: named by its series, never a version."""

import json

from tests.cli.typed import POLICE, PROBATION, REF, Mash, lines
from tests.flows.lives import an_acknowledgement
from tests.world import World, a_decision, a_receipt

ASKED = ("--agency", PROBATION, "--about", "CONTRIBUTION")


def acknowledged(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement(PROBATION))


def test_an_update_that_goes_again_is_shown_by_what_it_is_about(world: World, mash: Mash) -> None:
    acknowledged(world)
    world.send_due()
    came = mash("resend", REF, *ASKED, "--reason", "NOT_RECEIVED", "--yes")
    assert came.exit_code == 0, came.output
    shown = lines(came)
    assert shown[0] == f"{REF}, child 1, about what the agency knows, number 1"
    assert "message e-mail to north-probation, about what the agency knows" in shown
    assert "becomes 1 new message with an id of its own (the news)" in shown


def test_a_program_reads_its_series_and_number_and_no_version(world: World, mash: Mash) -> None:
    acknowledged(world)
    world.send_due()
    came = mash("resend", REF, *ASKED, "--reason", "NOT_RECEIVED", "--yes", "--json")
    facts = json.loads(came.stdout)
    assert (facts["series"], facts["number"], "decision_seq" in facts) == ("CONTRIBUTION", 1, False)


def test_a_program_reads_a_decisions_version_as_ever(world: World, mash: Mash) -> None:
    world.take(a_decision())
    world.send_due()
    came = mash("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", "--yes", "--json")
    facts = json.loads(came.stdout)
    assert (facts["decision_seq"], "series" in facts) == (1, False)


def test_what_is_stopped_is_listed_by_what_it_is_about(world: World, mash: Mash) -> None:
    acknowledged(world)
    came = mash("cancel", REF, *ASKED, "--reason", "WRONG_RECIPIENT", "--yes")
    assert came.exit_code == 0, came.output
    assert "stops e-mail to north-probation, about what the agency knows: not tried yet" in lines(came)


def test_a_series_that_nobody_knows_is_named_with_those_that_there_are(mash: Mash) -> None:
    came = mash("resend", REF, "--about", "GOSSIP", "--reason", "NOT_RECEIVED")
    assert came.exit_code == 2
    assert "'DECISION', 'ACKNOWLEDGEMENT', 'CONTRIBUTION'" in " ".join(came.output.split())
