"""What happened beside the decisions, in a sentence for each type of event that says so."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from functions.adapters.ledger.store import Item
from functions.domain.wording.codes import LEAD_ROLES
from functions.domain.wording.reader_roles import READER_ROLES
from functions.story.named import lower, moment, upper, which_child
from functions.story.tasks import role_words
from functions.story.vocabulary import (
    CHALLENGE_RESULTS,
    DISCLOSURES,
    ENQUIRY_ANSWERS,
    INVESTIGATIONS,
    RELEASE_REASONS,
    S47_RESULTS,
    coded,
    plan_words,
)
from schemas.codes import (
    ChallengeResult,
    Disclosure,
    EnquiryAnswer,
    EventType,
    InvestigationStatus,
    LeadRole,
    RaStatement,
    ReaderRole,
    ReleaseReason,
    S47Result,
)


def _acknowledged(row: Item) -> str:
    urgency = f", {row['rag'].lower()}" if "rag" in row else ""
    return " ".join(
        (
            f"The MASH acknowledged this referral on {moment(row['acknowledged_at'])}{urgency}.",
            _asked(row),
            *_already_decided(row),
        )
    )


def _asked(row: Item) -> str:
    asked = [f"{one['agency_id']} about child {one['child_index']}" for one in row["asked_to_contribute"]]
    if not asked:
        return "Nobody is asked what they know."
    by = f", by {moment(row['contribute_by'])}" if "contribute_by" in row else ""
    return f"Asked what they know{by}: {listed(asked)}."


def _already_decided(row: Item) -> Iterator[str]:
    held = row.get("outcome_held", [])
    if told := [child for child in row.get("already_decided", []) if child not in held]:
        yield f"Nobody hears or is asked about {_children(told)}, decided already."
    if held:
        yield (
            f"Nobody is asked about {_children(held)}, decided already; whoever referred hears this all the "
            "same, as the outcome is held."
        )


def _children(numbers: Iterable[int]) -> str:
    return listed(f"child {number}" for number in numbers)


def _assessed(row: Item) -> str:
    return (
        f"The assessment of child {row['child']} ended on {moment(row['completed_at'])}. "
        f"It led to: {plan_words(row['plan_status'])}."
    )


def _enquired(row: Item) -> str:
    return (
        f"The section 47 enquiry about child {row['child']} ended on {moment(row['ended_at'])}. "
        f"It led to: {coded(S47_RESULTS, S47Result(row['result']))}."
    )


def _conferred(row: Item) -> str:
    return (
        f"The child protection conference about child {row['child']} was held on {moment(row['held_at'])}. "
        f"It led to: {plan_words(row['plan_status'])}."
    )


def _planned(row: Item) -> str:
    plan = f"The plan of child {row['child']} since {moment(row['changed_at'])}"
    return " ".join((f"{plan}: {plan_words(row['plan_status'])}.", *_led(row), *_take_part(row)))


def _led(row: Item) -> Iterator[str]:
    role = [f"the {LEAD_ROLES[LeadRole(row['lead_role'])]}"] if "lead_role" in row else []
    team = [f"team {row['lead_team_code']}"] if "lead_team_code" in row else []
    if led := ", ".join((*role, *team)):
        yield f"It is led by {led}."


def _take_part(row: Item) -> Iterator[str]:
    """An event that says nothing of it leaves it as it was."""
    if "plan_agencies" in row:
        agencies = listed(one["agency_id"] for one in row["plan_agencies"])
        yield f"Part in it: {agencies or 'no agency'}."


def _closed(row: Item) -> str:
    return f"The case of child {row['child']} was closed on {moment(row['closed_at'])}."


def _investigated(row: Item) -> str:
    ref = f", occurrence {row['police_occurrence_ref']}" if "police_occurrence_ref" in row else ""
    return (
        f"The police investigation that child {row['child']} is part of, since {moment(row['changed_at'])}: "
        f"{coded(INVESTIGATIONS, InvestigationStatus(row['status']))}{ref}."
    )


def _stated(row: Item) -> str:
    said = {
        RaStatement.DONE: "was done" + (f" on {moment(row['done_at'])}" if "done_at" in row else ""),
        RaStatement.NOT_NEEDED: f"is not needed, by policy {row.get('policy_id', 'not named')}",
    }[RaStatement(row["statement"])]
    by = f", by the link of reminder {row['reminder']} to {row['reminded']}," if "reminder" in row else ""
    form = f"their form for child {row['child']}"
    return f"The police say{by} that {form} {said}; its check alone says its status."


def _accepted(row: Item) -> str:
    return f"{row['receiving_la']} took over child {row['child']} on {moment(row['accepted_at'])}."


def _challenged(row: Item) -> str:
    return (
        f"{row['raised_by']} disagreed with the decision for child {row['child']} on "
        f"{moment(row['raised_at'])} (challenge {row['challenge_id']})."
    )


def _went_up(row: Item) -> str:
    stage = row["event_type"].rpartition("_")[2]
    return f"{upper(_challenge(row))} reached stage {stage} on {moment(row['reached_at'])}."


def _settled(row: Item) -> str:
    result = coded(CHALLENGE_RESULTS, ChallengeResult(row["result"]))
    return f"{upper(_challenge(row))} was settled on {moment(row['resolved_at'])}: {result}."


def _challenge(row: Item) -> str:
    return f"challenge {row['challenge_id']} about child {row['child']}"


def _released(row: Item) -> str:
    """A hold that a person ended in the case system; what that freed has a row of its own."""
    whom = f" for {row['agency_id']} alone" if "agency_id" in row else ""
    reason = RELEASE_REASONS[ReleaseReason(row["reason"])]
    return (
        f"{role_words({'role': row['released_by']})} ended a hold{whom} in the case system on "
        f"{moment(row['released_at'])}{_of_version(row)}: {reason}."
    )


def _withheld(row: Item) -> str:
    whom = f" from {row['agency_id']}" if "agency_id" in row else ""
    why = coded(DISCLOSURES, Disclosure(row["disclosure"]))
    return (
        f"{role_words({'role': row['decided_by']})} decided on {moment(row['withheld_at'])} to withhold"
        f"{whom}{_of_version(row)}: {why}. The reasons are recorded as {row['rationale_ref']}."
    )


def _phoned(row: Item) -> str:
    who = lower(READER_ROLES[ReaderRole(row["reader_role"])])
    return (
        f"{row['agency_id']} was told by telephone on {moment(row['phoned_at'])}{_of_version(row)}, and "
        f"confirmed it: {who}."
    )


def _withdrawn(row: Item) -> str:
    return f"The decision{_of_version(row)} was withdrawn on {moment(row['withdrawn_at'])}: made in error."


def _of_version(row: Item) -> str:
    return which_child({"child": row["child"], "dver": row["decision_seq"]})


def _probation_enquired(row: Item) -> str:
    answered = "It is not answered yet."
    if "answer" in row:
        what = coded(ENQUIRY_ANSWERS, EnquiryAnswer(row["answer"]))
        answered = f"Answered on {moment(row['answered_at'])}: {what}."
    return f"{row['agency_id']} made an enquiry, which arrived on {moment(row['received_at'])}. {answered}"


def listed(names: Iterable[object]) -> str:
    """`one, two`."""
    return ", ".join(map(str, names))


HAPPENED: Mapping[str, Callable[[Item], str]] = {
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.MILESTONE_ASSESSMENT_COMPLETE: _assessed,
    EventType.MILESTONE_S47_OUTCOME: _enquired,
    EventType.MILESTONE_ICPC_OUTCOME: _conferred,
    EventType.PLAN_STATUS_CHANGED: _planned,
    EventType.CASE_CLOSED: _closed,
    EventType.POLICE_INVESTIGATION_STATUS_CHANGED: _investigated,
    EventType.RA_STATUS_CHANGED: _stated,
    EventType.TRANSFER_ACCEPTED: _accepted,
    EventType.CHALLENGE_RAISED: _challenged,
    EventType.CHALLENGE_STAGE_2: _went_up,
    EventType.CHALLENGE_STAGE_3: _went_up,
    EventType.CHALLENGE_STAGE_4: _went_up,
    EventType.CHALLENGE_RESOLVED: _settled,
    EventType.RELEASED: _released,
    EventType.WITHHELD: _withheld,
    EventType.PHONE_CONFIRMED: _phoned,
    EventType.WITHDRAWN_IN_ERROR: _withdrawn,
    EventType.PROBATION_ENQUIRY: _probation_enquired,
}
"""A sentence for each event that its row names by its type."""
