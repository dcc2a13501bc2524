"""An address that mail came back from: nothing more goes there until somebody has verified it anew."""

from dataclasses import replace
from datetime import date

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import NotPossibleError, Which
from functions.flows.acting.resend import what_would_go
from schemas.agency import Mailbox
from schemas.codes import ActReason, AgencyType, AttemptResult, Bucket, Channel, ErrorWord, TaskKind
from tests.flows.accounts import reckoned
from tests.flows.sweeps import item_of, send_to
from tests.flows.test_mail_receipts import receipts, send_it
from tests.flows.untold import GP_MAIL
from tests.mail_events import MAILBOX, said
from tests.world import World, a_decision, a_registry, an_agency, an_event_id, change_agency

REF, PROBATION = "NS-26-7KQ4ZP", "north-probation"
NEW_MAILBOX = "duty@north-probation.secure.example"


@pytest.fixture
def sent(world: World) -> World:
    """The example's e-mail to probation has been handed over."""
    world.take(a_decision())
    send_it(world)
    return world


def mend_task(world: World) -> Item | None:
    pk = keys.agency("north-probation")
    return world.store.get("state", pk, "TASK#MEND_ADDRESS#00#north-probation")


def suppression(world: World, address: str = MAILBOX) -> Item | None:
    return world.store.get("state", keys.suppressed(address), keys.SUPPRESSED)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("came-back", "REFUSED_FOR_GOOD"),
        ("suppressed", "SUPPRESSED_BY_PROVIDER"),
        ("complained", "MARKED_AS_SPAM"),
    ],
)
def test_an_address_that_mail_comes_back_from_is_suppressed_by_its_hash(
    sent: World, kind: str, cause: str
) -> None:
    sent.hear(said(kind))
    found = suppression(sent)
    assert found is not None
    assert (found["cause"], found["since"]) == (cause, "2026-11-24T15:02:30.000Z")
    assert MAILBOX not in str(found)
    assert MAILBOX not in str(sent.rows())
    task = mend_task(sent)
    assert task is not None
    assert (task["st"], task["role"], task["kind"]) == ("OPEN", "DIRECTORY_OWNER", "MEND_ADDRESS")


@pytest.mark.parametrize(
    "kind", ["accepted", "delivered", "delayed", "came-back-for-now", "rejected", "not-rendered"]
)
def test_what_does_not_lie_with_the_address_suppresses_nothing(sent: World, kind: str) -> None:
    sent.hear(said(kind))
    assert suppression(sent) is None
    assert mend_task(sent) is None


def another_child(world: World, child: int = 2) -> None:
    world.take(a_decision(event_id=an_event_id("child", child), child_index=child))


def test_nothing_more_is_sent_to_it_and_a_person_is_called(
    sent: World, caplog: pytest.LogCaptureFixture
) -> None:
    sent.hear(said("came-back"))
    another_child(sent)
    sent.send_due()
    assert len(sent.mailbox.sent) == 1
    assert sent.delivery("north-probation", Channel.EMAIL, child=2)["st"] == "PARKED"
    (parked,) = [row for row in sent.rows() if row["type"] == "PARKED"]
    assert parked["reason"] == "ADDRESS_SUPPRESSED"
    assert "DELIVERY_PARKED" in caplog.messages
    sent.send_due()
    assert sent.tasks()["CALL_UNTOLD#02#north-probation"]["st"] == "OPEN"


def test_whoever_hears_by_webhook_what_could_not_be_mailed_is_told_of_it(world: World) -> None:
    """What came back, and what was not even sent, stays as it is: nobody is asked about it."""
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    own = {"referring_agency": {"agency_id": "north-gp", "own_ref": "GP-9"}, "involved_agencies": []}
    world.take(a_decision(**own))
    send_to(world, GP_MAIL)
    world.hear(said("came-back", message_id=item_of(world, GP_MAIL)["message_id"]))
    world.take(a_decision(event_id=an_event_id("child", 2), child_index=2, **own))
    send_to(world, replace(GP_MAIL, child=2))
    assert world.delivery("north-gp", Channel.EMAIL, child=2)["st"] == "PARKED"
    assert reckoned(world).ended[Bucket.OPEN] == 2
    world.send_due()
    assert reckoned(world).ended[Bucket.TOLD] == 2


@pytest.mark.parametrize(
    ("verified_at", "is_sent_to"),
    [
        (date(2026, 11, 2), False),
        (date(2026, 11, 20), False),
        (date(2026, 11, 24), True),
        (date(2026, 11, 25), True),
    ],
)
def test_it_is_sent_to_again_once_somebody_has_verified_it_anew(
    sent: World, verified_at: date, *, is_sent_to: bool
) -> None:
    sent.hear(said("came-back"))
    sent.later(days=1)
    change_agency(sent, "north-probation", verified_at=verified_at.isoformat())
    another_child(sent)
    sent.send_due()
    assert len(sent.mailbox.sent) == 1 + is_sent_to


def test_it_is_not_mended_because_somebody_says_so(sent: World) -> None:
    """Not before it is verified anew; that it needs nobody is a reason all the same."""
    sent.hear(said("came-back"))
    which = WhichTask(TaskKind.MEND_ADDRESS, agency_id=PROBATION)
    with pytest.raises(
        NotPossibleError, match="Nobody has verified north-probation's address since"
    ) as caught:
        done(which, sent.order(ActReason.ADDRESS_MENDED), sent.act_desk)
    assert caught.value.field == "reason"
    task = mend_task(sent)
    assert task is not None
    assert task["st"] == "OPEN"
    change_agency(sent, PROBATION, verified_at="2026-11-24")
    done(which, sent.order(ActReason.ADDRESS_MENDED), sent.act_desk)
    assert (mend_task(sent) or {})["st"] == "DONE"


def test_nothing_is_promised_to_it_by_hand(sent: World) -> None:
    sent.hear(said("came-back"))
    which = Which(REF, agency_id=PROBATION)
    with pytest.raises(NotPossibleError, match="Mail to north-probation came back on 24 November 2026: call"):
        what_would_go(which, sent.act_desk, by_email=False)
    change_agency(sent, PROBATION, verified_at="2026-11-24")
    assert what_would_go(which, sent.act_desk, by_email=False).channel is Channel.EMAIL


def test_another_address_is_sent_to_at_once(sent: World) -> None:
    sent.hear(said("came-back"))
    change_agency(sent, "north-probation", address=NEW_MAILBOX)
    another_child(sent)
    sent.send_due()
    assert len(sent.mailbox.sent) == 2


def test_a_bounce_of_an_address_that_was_replaced_meanwhile_leaves_the_new_one_alone(sent: World) -> None:
    change_agency(sent, "north-probation", address=NEW_MAILBOX)
    sent.hear(said("came-back"))
    assert suppression(sent) is not None
    assert suppression(sent, NEW_MAILBOX) is None
    assert mend_task(sent) is None, "somebody has mended it already"


def test_a_late_bounce_of_an_earlier_attempt_suppresses_the_address_which_that_one_went_to(
    world: World,
) -> None:
    world.take(a_decision())
    world.mailbox.answers = [Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)]
    send_it(world)
    change_agency(world, "north-probation", address=NEW_MAILBOX, verified_at="2026-11-24")
    world.later(minutes=11)
    send_it(world)
    world.hear(said("delivered", attempt=2))
    world.hear(said("came-back", attempt=1))
    assert suppression(world) is not None
    assert suppression(world, NEW_MAILBOX) is None
    assert mend_task(world) is None


def test_the_address_is_to_be_mended_once_however_many_messages_come_back(sent: World) -> None:
    another_child(sent)
    sent.send_due()
    sent.hear(said("came-back"))
    first = mend_task(sent)
    sent.later(minutes=5)
    second = sent.delivery("north-probation", Channel.EMAIL, child=2)["message_id"]
    sent.hear(said("came-back", message_id=second))
    assert mend_task(sent) == first
    assert ["task" in row for row in receipts(sent)] == [True, False]


@pytest.mark.parametrize(
    "mended",
    [
        {"address": NEW_MAILBOX, "verified_at": date(2026, 11, 24)},
        {"address": MAILBOX, "verified_at": date(2026, 11, 24)},
    ],
    ids=["another address", "verified anew"],
)
def test_applying_the_mended_registry_ends_the_task(sent: World, mended: dict[str, object]) -> None:
    sent.hear(said("came-back"))
    apply(sent, Mailbox.model_validate(mended))
    task = mend_task(sent)
    assert task is not None
    assert (task["st"], "due_pk" in task, "work_pk" in task) == ("DONE", False, False)
    sent.later(days=1)
    another_child(sent)
    sent.send_due()
    assert len(sent.mailbox.sent) == 2


def test_applying_a_registry_that_leaves_the_address_as_it_was_ends_nothing(sent: World) -> None:
    sent.hear(said("came-back"))
    apply(sent, Mailbox(address=MAILBOX, verified_at=date(2026, 11, 2)), name="Northern Probation")
    task = mend_task(sent)
    assert task is not None
    assert task["st"] == "OPEN"


def test_an_address_that_was_never_to_be_mended_gets_no_task(sent: World) -> None:
    apply(sent, Mailbox(address=NEW_MAILBOX, verified_at=date(2026, 11, 24)))
    assert mend_task(sent) is None


def apply(world: World, mailbox: Mailbox, **changes: object) -> None:
    """Two people make the registry say something else of probation."""
    usual = a_registry().agency
    probation = an_agency("north-probation", AgencyType.PROBATION, Channel.EMAIL, email=mailbox, **changes)
    agencies = tuple(probation if one.id == probation.id else one for one in usual)
    registry = a_registry().model_copy(update={"agency": agencies})
    world.directory.apply(registry, applier="duty-engineer", now=world.now)
