"""Which reasons fit which acts: each act has some, each reason an act, and a hold's task none at all."""

from functions.domain import by_hand
from schemas.codes import ActReason, TaskKind

ACTS = (
    by_hand.TO_SEND_AGAIN,
    by_hand.TO_CANCEL,
    by_hand.TO_KEEP,
    by_hand.TO_PAUSE,
    by_hand.TO_RESUME,
    by_hand.TO_RECOVER,
)
HOLDS = {TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION}


def test_every_reason_fits_some_act() -> None:
    fitting = {reason for reasons in (*ACTS, *by_hand.TO_END.values()) for reason in reasons}
    assert fitting == set(ActReason)


def test_no_act_lists_a_reason_twice() -> None:
    for reasons in (*ACTS, *by_hand.TO_END.values()):
        assert len(reasons) == len(set(reasons)) > 0


def test_every_task_but_a_holds_can_be_said_to_be_done() -> None:
    assert set(TaskKind) - by_hand.TO_END.keys() == HOLDS


def test_every_call_ends_by_telling_or_because_nobody_need_be_told() -> None:
    for kind, reasons in by_hand.TO_END.items():
        is_call = kind.startswith("CALL_")
        assert (ActReason.TOLD_BY_PHONE in reasons) is is_call
        assert (ActReason.NOT_NEEDED in reasons) is (kind is not TaskKind.GRADE_FORM), (
            "a grade is what ends that"
        )


def test_what_ends_a_clock_is_a_call_about_a_message_and_what_is_an_agencys_is_mended() -> None:
    assert {TaskKind.CALL_UNTOLD, TaskKind.CALL_UNREAD} == by_hand.ENDS_THE_CLOCK
    assert all(kind.startswith("MEND_") for kind in by_hand.OF_AN_AGENCY)
