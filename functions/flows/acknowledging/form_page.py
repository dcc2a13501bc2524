"""The page on which the police say how their form stands: its states, and what each request is answered
with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import parse_qs

from functions.adapters.ledger.confirming import Readable
from functions.adapters.render import render_page
from functions.adapters.rest_api import Request, Response
from functions.domain.form_statement import MOST_BY_ONE_LINK, Answers, Mistake, Statement, judged
from functions.domain.wording.uk_time import uk_date_and_time
from functions.flows.acknowledging.desk import ConfirmDesk
from functions.flows.acknowledging.page import page_headers
from functions.flows.acknowledging.statement import (
    LINK_ENDED,
    NOT_WANTED,
    TOO_MANY,
    Reminder,
    open_form,
    pass_on,
    turn_away,
)
from schemas.codes import RaStatement
from schemas.notice import HubContact

MOST_FIELDS = 12


class FormState(StrEnum):
    """What there is to say."""

    READY = "READY"
    WRONG = "WRONG"
    THANK_YOU = "THANK_YOU"
    NOT_WANTED = "NOT_WANTED"
    TOO_MANY = "TOO_MANY"
    LINK_ENDED = "LINK_ENDED"
    NOT_RECORDED = "NOT_RECORDED"


STATUSES = {
    FormState.WRONG: HTTPStatus.BAD_REQUEST,
    FormState.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    FormState.LINK_ENDED: HTTPStatus.NOT_FOUND,
    FormState.NOT_RECORDED: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLES = {
    FormState.READY: "Tell us how the form stands",
    FormState.WRONG: "Tell us how the form stands",
    FormState.THANK_YOU: "Thank you",
    FormState.NOT_WANTED: "Nothing more is needed",
    FormState.TOO_MANY: "This link takes no more answers",
    FormState.LINK_ENDED: "This link no longer works",
    FormState.NOT_RECORDED: "Sorry, there is a problem",
}


@dataclass(frozen=True, slots=True)
class FormPage:
    """All that the template shows: the reference and the child's number, and never how the form stands; of
    one that nobody waits for not even these."""

    state: FormState
    hub: HubContact
    policies: tuple[str, ...] = ()
    referral_ref: str | None = None
    child: int | None = None
    answers: Answers = field(default_factory=Answers)
    mistakes: tuple[Mistake, ...] = ()
    said: str | None = None
    most: int = MOST_BY_ONE_LINK
    for_police: bool = True
    """Whoever has a reminder's link: they are who 999 reaches."""

    @property
    def title(self) -> str:
        return TITLES[self.state]

    @property
    def is_form(self) -> bool:
        return self.state in (FormState.READY, FormState.WRONG)

    @property
    def is_wrong(self) -> bool:
        return self.state is FormState.WRONG

    @property
    def wrong(self) -> Mapping[str, str]:
        """What is wrong with each question that has something wrong with it."""
        return {mistake.field.value: mistake.says for mistake in self.mistakes}

    @property
    def date_parts(self) -> Iterator[tuple[str, str, str, int]]:
        """Of each box of the date: its name, its label, what was typed, and for how many characters."""
        typed = self.answers
        yield "day", "Day", typed.day, 2
        yield "month", "Month", typed.month, 2
        yield "year", "Year", typed.year, 4


def form_shown(request: Request, desk: ConfirmDesk) -> Response:
    """What a reminder's link opens; whoever only opens it has said nothing."""
    reminder = open_form(_token(request), request.request_id, desk)
    if reminder is None or reminder.has_ended:
        return _page(FormPage(FormState.LINK_ENDED, desk.hub))
    if not reminder.form.is_wanted:
        return _page(FormPage(FormState.NOT_WANTED, desk.hub))
    state = FormState.TOO_MANY if reminder.form.is_used_up else FormState.READY
    return _page(_about(reminder.read, state, desk))


def form_sent(request: Request, desk: ConfirmDesk) -> Response:
    """Passes on what was said, or shows what is wrong with it beside what was typed."""
    reminder = open_form(_token(request), request.request_id, desk)
    if reminder is None:
        return _page(FormPage(FormState.LINK_ENDED, desk.hub))
    if reminder.has_ended:
        turn_away(LINK_ENDED, reminder, request.request_id, desk)
        return _page(FormPage(FormState.LINK_ENDED, desk.hub))
    if not reminder.form.is_wanted:
        turn_away(NOT_WANTED, reminder, request.request_id, desk)
        return _page(FormPage(FormState.NOT_WANTED, desk.hub))
    return _heard(request, reminder, desk)


def _heard(request: Request, reminder: Reminder, desk: ConfirmDesk) -> Response:
    answers = _answers(request.body)
    said = judged(answers, desk.policies, desk.now())
    if isinstance(said, Statement):
        if pass_on(said, reminder, desk):
            return _page(_about(reminder.read, FormState.THANK_YOU, desk, said=_in_words(said)))
    elif not reminder.form.is_used_up:
        return _page(_about(reminder.read, FormState.WRONG, desk, answers=answers, mistakes=said))
    turn_away(TOO_MANY, reminder, request.request_id, desk)
    return _page(_about(reminder.read, FormState.TOO_MANY, desk))


def form_not_recorded(desk: ConfirmDesk) -> Response:
    """What whoever asked reads where the tables or the bus did not answer in time."""
    return _page(FormPage(FormState.NOT_RECORDED, desk.hub))


def _about(
    read: Readable,
    form_state: FormState,
    desk: ConfirmDesk,
    *,
    answers: Answers | None = None,
    mistakes: tuple[Mistake, ...] = (),
    said: str | None = None,
) -> FormPage:
    return FormPage(
        form_state,
        desk.hub,
        policies=desk.policies,
        referral_ref=read.shown_as,
        child=read.key.child,
        answers=answers or Answers(),
        mistakes=mistakes,
        said=said,
    )


def _page(shown: FormPage) -> Response:
    status = STATUSES.get(shown.state, HTTPStatus.OK)
    return Response(status, render_page("police_form", page=shown), page_headers())


def _in_words(said: Statement) -> str:
    if said.statement is RaStatement.DONE and said.done_at is not None:
        return f"The form was done on {uk_date_and_time(said.done_at)}."
    return f"The form is not needed, by policy {said.policy_id}."


def _token(request: Request) -> str:
    return request.parameters.get("token", "")


def _answers(body: bytes) -> Answers:
    """What was typed; of bytes that are no form of ours, nothing."""
    try:
        return Answers.of(parse_qs(body.decode(), max_num_fields=MOST_FIELDS))
    except ValueError:
        return Answers()
