"""The verbs of a person's acts on the tables: what is shown, asked and said, and whose the row is."""

from typing import Any

import pytest

from functions.adapters.ledger.reading import Asked
from functions.adapters.ledger.store import Change, Item
from functions.cli import acts, answering
from functions.cli.acting_words import STATES, recovered_words, state_words
from functions.cli.failure import CommandError
from functions.cli.outputs import Outputs
from functions.domain.delivery import Answer
from functions.domain.tasks import endpoint_task
from functions.flows.acting.recover import Became, Outage
from schemas.clocks import ClockPolicy
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    Channel,
    DeliveryState,
    ErrorWord,
    PauseCause,
)
from tests.cli.busy_tables import CannotWrite, FullForTheSecond
from tests.cli.typed import BUSY, ME, POLICE, PROBATION, REF, SINCE, Mash, lines, of_kind, state
from tests.world import MORNING, World, a_decision, a_registry, an_agency

# --- keep


def test_a_hold_is_kept_by_whoever_asked_until_somebody_must_decide_again(world: World, mash: Mash) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    result = mash("keep", REF, "--reason", "NOBODY_REACHED")
    (row,) = of_kind(world, "TASK")
    assert result.exit_code == 0
    assert lines(result) == [
        f"{REF}: still held: whoever must hear it by telephone first has not been reached (NOBODY_REACHED).",
        "The MASH manager must act by 24 November 2026 at 4:02pm.",
        f"In the trail: R#{REF} {row['sk']}.",
    ]
    assert (row["actor"], row["reason"]) == (ME, "NOBODY_REACHED")


@pytest.mark.parametrize(
    ("option", "held", "kind"),
    [
        (
            ("--agency", POLICE),
            {"hold_codes": [{"code": "STAFF_LINK", "agency_id": POLICE}]},
            "RELEASE_AGENCY",
        ),
        (("--allegation",), {"additional_outcomes": ["LAD"]}, "RELEASE_ALLEGATION"),
    ],
)
def test_each_sort_of_hold_is_kept_by_its_option(
    world: World, mash: Mash, option: tuple[str, ...], held: dict[str, Any], kind: str
) -> None:
    world.take(a_decision(**held))
    assert mash("keep", REF, *option, "--reason", "NOT_SAFE_YET").exit_code == 0
    assert [row["task"] for row in of_kind(world, "TASK")] == [kind]


def test_two_holds_are_kept_one_after_the_other(world: World, mash: Mash) -> None:
    result = mash("keep", REF, "--agency", POLICE, "--allegation", "--reason", "NOT_SAFE_YET")
    assert result.exit_code != 0
    assert "keep one after the other" in result.output


# --- resend


def test_a_message_is_shown_agreed_to_and_sent_again_by_whoever_asked(told: World, mash: Mash) -> None:
    result = mash("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", says="y\n")
    (row,) = of_kind(told, "RESENT")
    assert result.exit_code == 0
    assert lines(result) == [
        f"{REF}, child 1, version 1",
        "message webhook to north-police",
        "stands delivered, after 1 try",
        "becomes 1 new message with an id of its own (outcome and plan)",
        "reason the agency says that it has not received it (NOT_RECEIVED)",
        "Send it again? [y/N]: y",
        f"{_new_id(told)} was made, and is due now.",
        f"In the trail: R#{REF} {row['sk']}.",
    ]
    assert (row["actor"], row["reason"]) == (ME, "NOT_RECEIVED")


def _new_id(world: World) -> str:
    (new,) = (item for item in world.all_items("state") if "+" in item["sk"] and "message_id" in item)
    return str(new["message_id"])


def test_what_waits_is_said_to_be_tried_again_at_once(world: World, mash: Mash) -> None:
    world.take(a_decision())
    world.police.answers = [BUSY]
    world.send_due()
    result = mash("resend", REF, "--channel", "webhook", "--reason", "AGENCY_ASKED", "--yes")
    assert "stands still trying, after 1 try" in lines(result)
    assert "becomes the same message, tried again at once" in lines(result)
    assert lines(result)[-2].endswith(" is due now.")


def test_by_email_instead_is_said_to_go_to_the_mailbox_with_what_that_may_have(
    told: World, mash: Mash
) -> None:
    result = mash("resend", REF, "--agency", POLICE, "--by-email", "--reason", "LOST_BY_AGENCY", "--yes")
    assert "becomes 1 e-mail to the agreed mailbox in its place (outcome and plan)" in lines(result)
    assert of_kind(told, "RESENT")[0]["recipients"][0].startswith(f"{POLICE}#fallback#3#")


@pytest.mark.parametrize(
    ("says", "said"),
    [
        (None, "Nothing was changed: nobody is here to be asked. Read that, then add --yes."),
        ("n\n", "Nothing was changed."),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED"),
        ("cancel", REF, "--agency", PROBATION, "--reason", "NOT_SAFE_TO_TELL"),
    ],
    ids=["resend", "cancel"],
)
def test_nothing_happens_to_a_message_that_nobody_agrees_to(
    world: World, mash: Mash, command: tuple[str, ...], says: str | None, said: str
) -> None:
    world.take(a_decision())
    item = world.delivery(POLICE, Channel.WEBHOOK)
    sent = Change({"st": "SENT", "attempt": 1})
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=sent)])
    before = state(world)
    result = mash(*command, says=says)
    assert (result.exit_code, lines(result)[-1]) == (1, f"Error: {said}")
    assert state(world) == before
    assert of_kind(world, "RESENT") == of_kind(world, "CANCELLED") == []


def test_looking_at_what_would_go_is_on_record_before_it_is_shown(told: World, mash: Mash) -> None:
    mash("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED")
    (question,) = of_kind(told, "QUERY")
    said = {"actor": ME, "asked": f"a message of {REF}", "rows": 1, "purpose": "COMMAND_LINE"}
    assert said.items() <= question.items()
    assert question["filters"] == {"ref": REF}


def test_nothing_is_shown_that_could_not_be_recorded_first(
    told: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    mash = Mash(CannotWrite.model_validate(stack.model_dump()), monkeypatch)
    result = mash("resend", REF, "--agency", POLICE, "--reason", "NOT_RECEIVED", "--yes")
    assert result.exit_code == 1
    assert lines(result) == [
        "Error: Others were writing all the while (throttled): run it again. What was done is not done twice."
    ]


def test_what_stands_in_the_way_is_said_to_whoever_asked(told: World, mash: Mash) -> None:
    result = mash("resend", REF, "--reason", "NOT_RECEIVED", "--yes")
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: That means several messages of {REF}. Say which:\n  --agency ")


@pytest.mark.parametrize("verb", ["resend", "cancel", "pause", "resume", "recover", "done"])
def test_a_reason_is_asked_for_and_must_be_one_that_fits(mash: Mash, verb: str) -> None:
    more = {
        "cancel": ["--agency", POLICE],
        "recover": ["--since", SINCE],
        "done": ["--task", "CALL_UNTOLD"],
    }.get(verb, [])
    without, free = mash(verb, "X", *more), mash(verb, "X", *more, "--reason", "she asked me to")
    assert (without.exit_code, free.exit_code) == (2, 2)
    assert "Missing option '--reason'" in without.output
    assert "Invalid value for '--reason'" in free.output


# --- cancel


def test_every_message_that_would_be_stopped_is_listed_and_counted(world: World, mash: Mash) -> None:
    both = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, Channel.WEBHOOK)
    world.apply(a_registry(both))
    involved = [{"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": True}]
    world.take(a_decision(involved_agencies=involved))
    result = mash("cancel", REF, "--agency", "hill-school", "--reason", "WRONG_RECIPIENT", says="y\n")
    first, second = of_kind(world, "CANCELLED")
    assert (result.exit_code, first["actor"]) == (0, ME)
    assert lines(result) == [
        f"{REF}, child 1",
        "stops e-mail to hill-school: not tried yet",
        "webhook to hill-school: not tried yet",
        "reason it was not for this agency (WRONG_RECIPIENT)",
        "Stop 2 messages for good? [y/N]: y",
        "2 messages stopped, never to be sent.",
        f"In the trail: R#{REF} {first['sk']}, {second['sk']}.",
    ]


def test_what_is_on_its_way_is_said_to_go_on_and_a_holds_task_to_end(world: World, mash: Mash) -> None:
    both = an_agency(POLICE, AgencyType.POLICE, Channel.EMAIL, Channel.WEBHOOK)
    probation = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL)
    world.apply(a_registry().model_copy(update={"agency": (both, probation)}))
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    item = world.delivery(POLICE, Channel.WEBHOOK)
    sending = Change({"st": "SENDING"}, remove=("held",))
    world.store.write([world.store.update("x", "state", (item["pk"], item["sk"]), change=sending)])
    result = mash("cancel", REF, "--agency", POLICE, "--reason", "TOLD_BY_PHONE", "--yes")
    said = lines(result)
    assert "stops e-mail to north-police: held for a safety check" in said
    assert "goes on webhook to north-police: being sent at this moment, and cannot be stopped" in said
    assert "1 message stopped, never to be sent. 1 task ended with that." in said


# --- pause and resume


def test_a_pause_is_confirmed_with_how_to_end_it_and_where_it_stands(world: World, mash: Mash) -> None:
    result = mash("pause", POLICE, "--reason", "MAINTENANCE")
    (row,) = of_kind(world, "ENDPOINT")
    assert (row["actor"], row["reason"]) == (ME, "MAINTENANCE")
    assert lines(result) == [
        "north-police's endpoint is paused: there is work on the agency's system (MAINTENANCE).",
        "Nothing leaves for it until `mash resume north-police`; 0 messages to it wait for another try now.",
        f"In the trail: G#north-police {row['sk']}.",
    ]
    again = mash("pause", POLICE, "--reason", "MAINTENANCE")
    assert (again.exit_code, lines(again)) == (
        1,
        ["Error: north-police's endpoint is paused already, since 24 November 2026 at 3:02pm (BY_HAND)."],
    )


def test_resuming_says_how_many_are_due_now(world: World, mash: Mash) -> None:
    world.health.pause(POLICE, PauseCause.REFUSING, by="x", now=world.now)
    world.take(a_decision())
    world.send_due()
    result = mash("resume", POLICE, "--reason", "ENDPOINT_MENDED")
    row = of_kind(world, "ENDPOINT")[-1]
    assert result.exit_code == 0
    why = "the agency's system takes messages again (ENDPOINT_MENDED)"
    assert lines(result) == [
        f"north-police's endpoint is sent to again: {why}.",
        "1 message due now; one goes first, to see whether it is taken.",
        f"In the trail: G#north-police {row['sk']}.",
    ]
    assert mash("resume", POLICE, "--reason", "ENDPOINT_MENDED").exit_code == 1


# --- recover

COUNTED = [
    "What north-police's system has not taken since 24 November 2026 at 3:00pm",
    "2 still trying is tried again at once",
    "1 not delivered goes again as a new message",
    "3 in all",
    "reason the fault was ours, and is mended (OUR_FAULT_MENDED)",
]


def test_a_dry_run_counts_by_state_and_changes_nothing(outage: World, mash: Mash) -> None:
    before = state(outage)
    result = mash("recover", POLICE, "--since", SINCE, "--reason", "OUR_FAULT_MENDED", "--dry-run")
    assert result.exit_code == 0
    assert lines(result) == [*COUNTED, "Nothing was changed: leave out --dry-run to send them again."]
    assert state(outage) == before
    assert [row["asked"] for row in of_kind(outage, "QUERY")] == ["what north-police has not taken"]


def test_a_recovery_is_counted_agreed_to_and_says_how_many_went(outage: World, mash: Mash) -> None:
    result = mash("recover", POLICE, "--since", SINCE, "--reason", "OUR_FAULT_MENDED", says="y\n")
    rows = of_kind(outage, "RESENT")
    assert result.exit_code == 0
    assert lines(result) == [
        *COUNTED,
        "Send 3 messages again? [y/N]: y",
        "3 messages go again.",
        f"In the trail: RESENT in each referral, by request {rows[0]['cause']}.",
    ]
    assert {(row["actor"], row["cause"]) for row in rows} == {(ME, rows[0]["cause"])}
    again = mash("recover", POLICE, "--since", SINCE, "--reason", "OUR_FAULT_MENDED", "--yes")
    assert (again.exit_code, lines(again)) == (
        0,
        ["Nothing to recover: north-police's system has taken all that it may have."],
    )


def test_nothing_is_recovered_that_nobody_agrees_to(outage: World, mash: Mash) -> None:
    before = state(outage)
    for says in (None, "n\n"):
        result = mash("recover", POLICE, "--since", SINCE, "--reason", "OUR_FAULT_MENDED", says=says)
        assert result.exit_code == 1
    assert state(outage) == before


def test_the_end_of_an_outage_is_said_where_it_was_given(outage: World, mash: Mash) -> None:
    until = ["--until", "2026-11-24T15:10+00:00", "--reason", "OUR_FAULT_MENDED", "--dry-run"]
    said = " ".join(lines(mash("recover", POLICE, "--since", SINCE, *until)))
    assert "since 24 November 2026 at 3:00pm, until 24 November 2026 at 3:10pm" in said


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("yesterday", "'yesterday' is no moment: write 2026-11-24T06:12Z."),
        ("2026-11-24T06:12", "'2026-11-24T06:12' names no time zone: end it with Z, or +01:00 in summer."),
    ],
)
def test_a_moment_that_could_be_two_is_not_understood(mash: Mash, since: str, said: str) -> None:
    result = mash("recover", POLICE, "--since", since, "--reason", "OUR_FAULT_MENDED")
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ({Became.SENT_AGAIN: 1}, "1 message goes again"),
        ({Became.SENT_AGAIN: 14, Became.WENT_ON: 1}, "14 messages go again; 1 had gone on by itself"),
        (
            {Became.WENT_ON: 2, Became.LEFT: 1},
            "0 messages go again; 2 had gone on by themselves; 1 is left for the next run",
        ),
        ({Became.SENT_AGAIN: 2, Became.LEFT: 3}, "2 messages go again; 3 are left for the next run"),
    ],
)
def test_what_came_of_a_recovery_is_told_in_a_line(became: dict[Became, int], words: str) -> None:
    assert recovered_words(became) == words


def test_what_is_left_of_a_recovery_is_a_failure_that_says_to_go_on(
    outage: World, capsys: pytest.CaptureFixture[str]
) -> None:
    outage.use(FullForTheSecond)
    at = acts.Acting(outage.act_desk, Asked(outage.store, outage.chain), ME, "this-request")
    talk = answering.Talk("recover", yes=True)
    came = acts.recovered(at, Outage(POLICE, MORNING), ActReason.OUR_FAULT_MENDED, talk, dry_run=False)
    with pytest.raises(CommandError, match="Others were writing to what is left all the while: run it again"):
        talk.tell(came)
    assert "2 messages go again; 1 is left for the next run." in capsys.readouterr().out


# --- done


def test_a_call_that_was_made_is_confirmed_with_what_it_was_about(outage: World, mash: Mash) -> None:
    result = mash("done", "NS-26-000000", "--task", "CALL_UNTOLD", "--reason", "TOLD_BY_PHONE")
    (row,) = (row for row in of_kind(outage, "TASK") if row.get("done"))
    assert (result.exit_code, row["actor"], row["reason"]) == (0, ME, "TOLD_BY_PHONE")
    assert lines(result) == [
        "NS-26-000000: done: call the agency: nothing shows that a message has reached it (north-police).",
        "The reason: it was told by telephone (TOLD_BY_PHONE). 1 message counts as told.",
        f"In the trail: R#NS-26-000000 {row['sk']}.",
    ]


def test_an_agencys_own_task_is_named_by_its_agency(world: World, mash: Mash) -> None:
    task = endpoint_task(world.now, ClockPolicy())
    world.health.pause(POLICE, PauseCause.REFUSING, by="x", task=task, now=world.now)
    result = mash("done", "--agency", POLICE, "--task", "MEND_ENDPOINT", "--reason", "ENDPOINT_MENDED")
    assert lines(result)[:2] == [
        "north-police: done: call the agency's desk: its endpoint does not take messages.",
        "The reason: the agency's system takes messages again (ENDPOINT_MENDED).",
    ]
    assert (
        mash("done", "--agency", POLICE, "--task", "MEND_ENDPOINT", "--reason", "NOT_NEEDED").exit_code == 1
    )


# --- words


def an_item(state: DeliveryState, **more: Any) -> Item:
    return {"st": state.value, "attempt": 0, **more}


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (an_item(DeliveryState.SENT), "accepted by the mail service"),
        (an_item(DeliveryState.SENT, rcpt="DELIVERED"), "delivered"),
        (an_item(DeliveryState.SENT, rcpt="DELIVERED", acked_at="x"), "read and confirmed"),
        (an_item(DeliveryState.PENDING, held=["LADO"]), "held for a safety check"),
        (an_item(DeliveryState.FAILED), "not delivered"),
    ],
)
def test_a_message_stands_as_a_manager_would_say_it(item: Item, words: str) -> None:
    assert state_words(item) == words


def test_every_state_has_its_words() -> None:
    assert set(STATES) == set(DeliveryState)


def test_emails_that_did_not_leave_are_recovered_as_well(world: World, mash: Mash) -> None:
    world.mailbox.answers = [Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)]
    world.take(a_decision())
    world.send_due()
    command = ("recover", PROBATION, "--since", SINCE, "--channel", "email", "--reason", "OUR_FAULT_MENDED")
    result = mash(*command, "--yes")
    (row,) = of_kind(world, "RESENT")
    assert (result.exit_code, row["agency"], row["chan"]) == (0, PROBATION, "email")
    assert lines(result)[:2] == [
        "What north-probation's mailbox has not taken since 24 November 2026 at 3:00pm",
        "1 not delivered goes again as a new message",
    ]
    assert lines(mash(*command, "--yes")) == [
        "Nothing to recover: north-probation's mailbox has taken all that it may have."
    ]
