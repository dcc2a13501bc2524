"""What a terminal shows: plain words, children in order, nothing green about a form, no filled-up lines."""

import io
from dataclasses import replace

from rich.console import Console, RenderableType

from functions.cli.accounts import account
from functions.cli.show import (
    Arrivals,
    WithoutTrailingSpaces,
    failed_tries,
    followed,
    last_line,
    summary,
    to_open,
    trail_table,
    was_judged,
    were_told,
)
from functions.domain.series import nonce_of
from schemas.codes import Channel, RaStatus, Series
from tests.cli.runs import AT, POLICE, PROBATION, REF, a_run, chained, check, mail, started

GREEN = "\x1b[32m"


def shown(what: RenderableType, *, in_colour: bool = False) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=100,
        highlight=False,
        force_terminal=in_colour,
        color_system="standard" if in_colour else None,
    )
    console.print(what)
    return file.getvalue()


def lines(what: RenderableType) -> list[str]:
    return [" ".join(line.split()) for line in shown(what).splitlines() if line.strip()]


def test_a_file_gets_no_spaces_that_only_fill_up_a_line() -> None:
    kept = io.StringIO()
    table = WithoutTrailingSpaces(kept)
    Console(file=table, width=20).print("a  \nb c")  # type: ignore[arg-type]
    table.write("d  ")
    table.flush()
    assert kept.getvalue() == "a\nb c\nd  "


def test_a_try_is_named_by_its_messages_id_and_not_by_a_hash() -> None:
    row = {"at": AT, **started(POLICE, "0123456789abcdef" * 4)}
    said = shown(trail_table([row]))
    assert "Sending the webhook to north-police (child 1, version 1, msg_00000000), try 1:" in said
    assert "0123456789ab" not in said


def test_children_are_judged_and_told_in_their_order() -> None:
    rows = chained(f"R#{REF}", {**check("e-1"), "child": 2}, check("e-2", RaStatus.ABSENT))
    assert [line.split(": ")[0] for line in lines(was_judged(rows))] == [
        f"check {REF} police form for child 1",
        f"check {REF} police form for child 2",
    ]
    (police, _) = account(a_run()).notifications
    second = replace(police, key=replace(POLICE, child=2))
    told = lines(were_told([second, police], Arrivals([], [], [])))
    assert [line.split()[3] for line in told] == ["1", "2"]


def test_what_was_told_takes_more_lines_before_any_of_it_is_cut_short() -> None:
    (police, _) = account(a_run()).notifications
    about = replace(
        police, key=replace(police.key, nonce=nonce_of(Series.CONFERENCE)), ra_status=RaStatus.INCORRECT
    )
    words = shown(were_told([about], Arrivals([], [], [])))
    assert "…" not in words
    assert max(map(len, words.splitlines())) <= 100
    assert {police.key.agency_id, "webhook", "INCORRECT"} <= set(words.split())


def test_only_what_has_arrived_is_told() -> None:
    (police, probation) = account(a_run()).notifications
    open_one = replace(police, delivered=False)
    replaced = replace(probation, delivered=False, replaced_by="decision_seq 2")
    told = lines(were_told([police, open_one, replaced], Arrivals([], [], [])))
    assert [line.split()[0] for line in told] == ["told", "open", "replaced"]


def test_no_police_status_is_green() -> None:
    (police, _) = account(a_run()).notifications
    for status in RaStatus:
        told = shown(were_told([replace(police, ra_status=status)], Arrivals([], [], [])), in_colour=True)
        before = told.split(status)[0]
        assert before.count(GREEN) == 1, told  # "told" itself
        assert not before.rstrip(" ").endswith(GREEN)


def test_a_try_that_failed_says_what_was_answered_and_that_it_went_again() -> None:
    closed = {
        "type": "ATTEMPT_CLOSED", "cause": POLICE.sk, "agency": "west-police", "chan": "webhook",
        "result": "FAILED", "http_status": 503, "error": "E_HTTP", "next_due_at": AT,
    }  # fmt: skip
    last = {**closed, "result": "FAILED", "error": "E_TIMEOUT"}
    del last["next_due_at"], last["http_status"]
    rows = chained(f"R#{REF}", closed, last, {**closed, "result": "SUCCESS"})
    assert lines(failed_tries(rows)) == [
        "failed west-police webhook the agency's system did not take it (503), tried again",
        "failed west-police webhook no answer came in time",
    ]


def test_what_came_afterwards_is_told_in_the_trails_own_words() -> None:
    fired = {
        "type": "CLOCK_FIRED", "cause": POLICE.sk, "agency": "north-police", "chan": "webhook", "child": 1,
        "dver": 1, "watch": "FALLBACK", "instead": "msg_1", "level": 3, "message_id": "msg_0",
    }  # fmt: skip
    due = {"type": "TASK", "task": "CALL_UNTOLD", "task_agency": "north-police", "child": 1, "dver": 1}
    made = {**due, "done": True, "reason": "TOLD_BY_PHONE"}
    then = " ".join(lines(followed(chained(f"R#{REF}", check("e-1"), fired, due, made))))
    assert then.count("then NS-26-7KQ4ZP") == 2, "a task that is opened is no news of its own"
    assert "an e-mail to its agreed mailbox takes its place (msg_1)." in then
    assert "Done for child 1: call the agency" in then


def test_what_came_back_and_was_told_by_telephone_is_not_called_told() -> None:
    (_, probation) = account(a_run()).notifications
    came_back = replace(probation, delivered=False, came_back=True)
    called = replace(came_back, replaced_by="a telephone call")
    open_line, called_line, *rest = lines(were_told([came_back, called], Arrivals([], [], [])))
    assert (open_line.split()[0], called_line.split()[0]) == ("open", "called")
    assert open_line.endswith("COMPLETE came back")
    assert " ".join([called_line, *rest]).endswith("COMPLETE came back; replaced by a telephone call")


def test_the_summary_says_what_took_another_way() -> None:
    result = account(a_run())
    police, probation = result.notifications
    instead = replace(police, key=replace(POLICE, channel=Channel.FALLBACK), verified=None)
    odd = replace(result, notifications=[police, instead, replace(probation, came_back=True)])
    assert "1 of them was an e-mail in a failing webhook's place. 1 came back" in str(summary(odd))
    assert "came back" not in str(summary(result))
    assert "place" not in str(summary(result))


def test_the_summary_counts_the_canaries_beside_the_messages() -> None:
    said = [str(summary(replace(account(a_run()), canaries_taken=taken))) for taken in (0, 1, 2)]
    assert "1 forms and heartbeats were kept. The trail has" in said[0]
    assert "kept. 1 canary was taken as well. The trail" in said[1]
    assert "kept. 2 canaries were taken as well. The trail" in said[2]


def test_each_email_says_what_it_shows() -> None:
    html = mail().html.absolute()
    told, noticed, stray = (replace(mail(sha256=sha256), html=html) for sha256 in "abc")
    rows = chained(f"R#{REF}", started(PROBATION, "a"), {**started(PROBATION, "b"), "level": 1})
    assert list(to_open([told, noticed, stray], rows)) == [
        (
            "north-probation, child 1: Section 47 enquiry, joint with police; police form complete",
            html.as_uri(),
        ),
        ("north-probation, child 1: notice only; police form complete", html.as_uri()),
        ("not in the trail", html.as_uri()),
    ]


def test_the_last_line_accounts_for_everything() -> None:
    result = account(a_run())
    assert str(last_line(result)) == (
        "6 events to account for: 1 told, 1 held for a person, 1 refused, 1 duplicate, 1 out of date, "
        "1 with nobody to tell, 0 still open. Unaccounted for: 0."
    )
    assert str(summary(result)).startswith("2 messages were due; 2 arrived exactly as the trail announced")
