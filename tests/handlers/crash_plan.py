"""Which stories each deployed function is swept with, and what a sweep must find there at least."""

from collections.abc import Callable, Mapping

from tests.handlers import crash_clocks as clocks
from tests.handlers import crash_disputes as disputes
from tests.handlers import crash_programs as usual
from tests.handlers import crash_stories as wrong
from tests.handlers.crash_life import Asked
from tests.handlers.crash_stage import Stage

Story = Callable[[Stage], Asked]

STORIES: Mapping[str, tuple[Story, ...]] = {
    "acknowledge": (
        usual.somebody_presses_the_button,
        usual.a_system_confirms,
        usual.the_police_say_that_their_form_is_done,
    ),
    "count_outcomes": (usual.new_rows_to_count,),
    "park_dead_letter": (usual.dead_letters, wrong.a_fallback_that_nobody_could_send),
    "receive_event": (
        usual.a_decision_comes,
        usual.a_form_and_nonsense_come,
        usual.a_revision_of_what_is_held,
        usual.a_decision_that_a_person_must_release,
        wrong.a_referral_arrives,
        wrong.a_revision_of_what_was_told,
        wrong.a_duplicate_of_what_was_told,
        clocks.nobody_has_decided,
        clocks.a_decision_that_comes_too_late,
        clocks.a_joint_case_without_news,
        disputes.a_challenge_from_its_first_stage_to_its_end,
        disputes.a_decision_is_withdrawn,
        disputes.a_hold_is_released_in_the_case_system,
        disputes.what_waits_is_withheld,
        disputes.what_was_told_is_withheld,
        disputes.somebody_was_told_by_telephone,
        disputes.probation_asks_and_is_answered,
        disputes.an_investigation_ends,
    ),
    "reconcile": (usual.a_quarter_of_an_hour_of_accounts,),
    "recount_days": (usual.a_night_of_counting,),
    "record_receipt": (
        usual.receipts_of_a_mail,
        usual.a_mail_that_came_back,
        wrong.a_mail_told_of_before_its_end,
        wrong.a_mail_that_came_back_before_its_end,
        wrong.a_complaint_of_what_had_arrived,
    ),
    "relay_deliveries": (usual.new_deliveries,),
    "send_email": (
        usual.mail_to_send,
        wrong.mail_that_is_sent_too_fast,
        wrong.mail_of_which_nobody_knows,
        wrong.mail_that_is_refused,
    ),
    "send_webhook": (
        usual.a_webhook_to_send,
        wrong.a_canary_to_send,
        wrong.a_canary_that_finds_an_endpoint_failing,
        wrong.an_endpoint_that_fails,
        wrong.an_endpoint_that_is_back,
        wrong.an_endpoint_that_is_gone,
    ),
    "sweep_due": (
        usual.a_minute_of_the_sweep,
        wrong.a_webhook_that_an_email_replaces,
        wrong.nobody_has_read,
        wrong.nobody_has_rung,
        wrong.a_canary_is_due,
        clocks.a_clock_is_handed_over,
    ),
}
"""By the function's name."""

ONCE = frozenset(
    {
        usual.a_form_and_nonsense_come,
        wrong.an_endpoint_that_is_gone,
        disputes.a_decision_is_withdrawn,
        disputes.what_waits_is_withheld,
    }
)
"""Swept with one fault only: after two it is hours before the endpoint is asked again, and by then people's
clocks have run out as they must; or what is to be stopped has left, and is told of as that; or the police
have been reminded of the form before it is taken in."""

PLACES: Mapping[str, int] = {
    "acknowledge": 40,
    "count_outcomes": 10,
    "park_dead_letter": 40,
    "receive_event": 300,
    "reconcile": 55,
    "recount_days": 100,
    "record_receipt": 60,
    "relay_deliveries": 7,
    "send_email": 70,
    "send_webhook": 110,
    "sweep_due": 220,
}
"""Where something can go wrong in each, at the least: a sweep that finds fewer has lost sight of some."""

PAIRS: Mapping[str, int] = {
    "acknowledge": 2,
    "count_outcomes": 2,
    "park_dead_letter": 2,
    "receive_event": 2,
    "recount_days": 2,
    "record_receipt": 2,
    "relay_deliveries": 2,
    "send_email": 6,
    "send_webhook": 4,
    "sweep_due": 2,
}
"""Of how many pairs of places each story is given a run by the tests; all of them are the figures'."""
