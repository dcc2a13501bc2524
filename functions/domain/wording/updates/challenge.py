"""What becomes of a challenge, to whoever challenged and to all who were told the decision: whether that
stands."""

from typing import Final, assert_never

from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.uk_time import uk_date
from schemas.codes import ChallengeResult, NextStep, Role
from schemas.notice import FrozenUpdate, Pins

STAGES: Final = 4
"""Of the partnership's escalation (domain section 1)."""

_GO_ON: Final = (NEXT_STEPS[NextStep.KEEP_WORKING], NEXT_STEPS[NextStep.TELL_US_CHANGES])
_IT_STANDS: Final = "Our decision stands."
_STANDS_FOR_NOW: Final = "Our decision stands until we tell you that it has changed."
_WILL_BE_CHANGED: Final = "We are changing our decision. We will send you the changed decision."
_NOT_UNTIL_THEN: Final = "Do not rely on the earlier message until then."
_STANDS: Final = frozenset({ChallengeResult.NOT_UPHELD, ChallengeResult.WITHDRAWN})
_ENDED: Final = {
    ChallengeResult.UPHELD: "upheld",
    ChallengeResult.REVISED: "settled",
    ChallengeResult.NOT_UPHELD: "not upheld",
    ChallengeResult.WITHDRAWN: "withdrawn",
}


def challenge(update: FrozenUpdate, pins: Pins) -> Body:
    """To whoever challenged, what theirs has come to; to the others, whether what they were told stands."""
    if update.facts.challenged_by != pins.agency_id:
        return _to_the_others(update, pins)
    result = update.facts.challenge_result
    return _at_its_end(update, result) if result else _on_its_way(update)


def _on_its_way(update: FrozenUpdate) -> Body:
    stage, on = update.facts.challenge_stage or 1, uk_date(update.facts.happened_at)
    if stage == 1:
        return Body(
            heading="We have your challenge",
            paragraphs=(
                f"You told us on {on} that you do not agree with our decision.",
                f"The MASH manager knows and will look at it. This is stage {stage} of {STAGES}.",
                _STANDS_FOR_NOW,
            ),
            next_steps=("You do not need to challenge it again.", *_GO_ON),
        )
    return Body(
        heading=f"Your challenge has gone to stage {stage}",
        paragraphs=(
            "Your challenge to our decision was not settled before.",
            f"On {on} it went to stage {stage} of {STAGES}.",
            _STANDS_FOR_NOW,
        ),
        next_steps=(_to_hear_more(update), *_GO_ON),
    )


def _at_its_end(update: FrozenUpdate, result: ChallengeResult) -> Body:
    on, phone = uk_date(update.facts.happened_at), update.contact.duty_phone
    match result:
        case ChallengeResult.UPHELD | ChallengeResult.REVISED:
            return _decision_changes(update, result, on)
        case ChallengeResult.NOT_UPHELD:
            return Body(
                heading="Your challenge was not upheld",
                paragraphs=(f"We looked at your challenge and did not uphold it on {on}.", _IT_STANDS),
                next_steps=(_to_hear_more(update), *_GO_ON),
            )
        case ChallengeResult.WITHDRAWN:
            return Body(
                heading="Your challenge was withdrawn",
                paragraphs=(f"Your challenge to our decision was withdrawn on {on}.", _IT_STANDS),
                next_steps=(f"If you did not withdraw it, call the duty manager on {phone}.", *_GO_ON),
            )
        case _:
            assert_never(result)


def _decision_changes(update: FrozenUpdate, result: ChallengeResult, on: str) -> Body:
    upheld = result is ChallengeResult.UPHELD
    heading = "Your challenge was upheld" if upheld else "Our decision changes after your challenge"
    ended = f"We upheld your challenge on {on}." if upheld else f"We settled your challenge on {on}."
    if update.facts.changed_already:
        return Body(
            heading=heading,
            paragraphs=(f"{ended} We have changed our decision since you challenged it.",),
            next_steps=("Use the newest decision that we sent you.", *_GO_ON),
        )
    return Body(
        heading=heading,
        paragraphs=(f"{ended} {_WILL_BE_CHANGED}", _NOT_UNTIL_THEN),
        next_steps=(_if_it_cannot_wait(update), *_GO_ON),
    )


def _to_the_others(update: FrozenUpdate, pins: Pins) -> Body:
    """Whom it was that challenged is told to nobody."""
    mine = "your" if pins.role is Role.REFERRER else "a"
    told = f"We told you a decision about {mine} referral, and an agency challenged it."
    result = update.facts.challenge_result
    return _end_to_the_others(update, result, told) if result else _stage_to_the_others(update, told)


def _stage_to_the_others(update: FrozenUpdate, told: str) -> Body:
    stage, on = update.facts.challenge_stage or 1, uk_date(update.facts.happened_at)
    how = f"That was on {on}." if stage == 1 else f"On {on} the challenge went to stage {stage} of {STAGES}."
    return Body(
        heading="An agency does not agree with our decision",
        paragraphs=(f"{told} {how}", _STANDS_FOR_NOW),
        next_steps=("You do not need to reply.", *_GO_ON),
    )


def _end_to_the_others(update: FrozenUpdate, result: ChallengeResult, told: str) -> Body:
    """The day says which message is meant, for whoever reads this one late."""
    ended = f"The challenge was {_ENDED[result]} on {uk_date(update.facts.happened_at)}."
    if result in _STANDS:
        return Body(
            heading="Our decision stands",
            paragraphs=(told, f"{ended} {_IT_STANDS}"),
            next_steps=("You do not need to reply.", *_GO_ON),
        )
    if update.facts.changed_already:
        return Body(
            heading="Our decision changed after a challenge",
            paragraphs=(told, f"{ended} We have changed our decision since."),
            next_steps=("Use the newest decision that we sent you.", *_GO_ON),
        )
    return Body(
        heading="Our decision will change",
        paragraphs=(told, f"{ended} {_WILL_BE_CHANGED}", _NOT_UNTIL_THEN),
        next_steps=(
            _if_it_cannot_wait(update),
            NEXT_STEPS[NextStep.SHOW_COLLEAGUES],
            *_GO_ON,
        ),
    )


def _to_hear_more(update: FrozenUpdate) -> str:
    return f"To hear more, call the duty manager on {update.contact.duty_phone}."


def _if_it_cannot_wait(update: FrozenUpdate) -> str:
    return f"If you must act before that, call the duty manager on {update.contact.duty_phone}."
