"""Messages about a decision that is challenged or withdrawn, and answers to enquiries, whose whole text is
kept under golden_disputes/.

`python -m tests.adapters.drafts_of_disputes` writes the files again; read the difference before you commit
it.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from functions.adapters.render import render_email
from functions.adapters.webhook import webhook_body
from functions.domain.completeness import of_no_referral
from functions.domain.series import thread_of
from functions.domain.wording import LABELS_VERSION, UPDATE_TEMPLATE_VERSION
from functions.domain.wording.updates import MESSAGE_TYPES
from schemas.codes import (
    AgencyType,
    ChallengeResult,
    Channel,
    EnquiryAnswer,
    Level,
    NoticeReason,
    RaStatus,
    Role,
    Series,
)
from schemas.notice import FrozenUpdate, Pins, ToldBefore, UpdateFacts
from tests.adapters.drafts import as_read
from tests.notices import A_TOKEN, CONFIRM_BASE, a_duplicate, a_hub_contact, a_police_check, pins

GOLDEN: Final = Path(__file__).parent / "golden_disputes"
CHALLENGER: Final = "hill-school"
HAPPENED_AT: Final = datetime(2026, 12, 2, 11, 20, tzinfo=UTC)
TOLD_BEFORE: Final = ToldBefore(decision_seq=2, told_at=datetime(2026, 11, 24, 15, 3, tzinfo=UTC))

READERS: Final[dict[str, dict[str, Any]]] = {
    "police": {},
    "school": {"agency_id": CHALLENGER, "agency_type": AgencyType.SCHOOL, "own_ref": "HS/204"},
    "general-practice": {
        "agency_id": "hill-practice",
        "agency_type": AgencyType.GP,
        "role": Role.INVOLVED,
        "own_ref": "GP-9",
    },
    "childminder": {
        "agency_id": "hill-childminder",
        "agency_type": AgencyType.CHILDMINDER,
        "role": Role.INVOLVED,
        "own_ref": None,
    },
    "duplicates-reader": {
        "agency_id": "hill-nurse",
        "agency_type": AgencyType.SCHOOL_NURSING,
        "own_ref": "SN-1",
        "duplicate": a_duplicate(),
    },
}
"""The school is the one that challenged."""
_OTHERS: Final = tuple(name for name in READERS if name != "school")

_CHALLENGES: Final[dict[str, tuple[dict[str, Any], RaStatus, tuple[str, ...]]]] = {
    "challenge-raised": ({"challenge_stage": 1}, RaStatus.ABSENT, ("school", "police")),
    "challenge-third-stage": (
        {"challenge_stage": 3},
        RaStatus.UNKNOWN,
        ("school", "general-practice", "police"),
    ),
    "challenge-upheld": (
        {"challenge_result": ChallengeResult.UPHELD, "changed_already": False},
        RaStatus.INCORRECT,
        tuple(READERS),
    ),
    "challenge-upheld-and-changed": (
        {"challenge_result": ChallengeResult.UPHELD, "changed_already": True},
        RaStatus.COMPLETE,
        ("school", "police"),
    ),
    "challenge-revised": (
        {"challenge_result": ChallengeResult.REVISED, "changed_already": False},
        RaStatus.COMPLETE,
        ("school", "police"),
    ),
    "challenge-not-upheld": (
        {"challenge_result": ChallengeResult.NOT_UPHELD},
        RaStatus.COMPLETE,
        ("school", "police"),
    ),
    "challenge-withdrawn": (
        {"challenge_result": ChallengeResult.WITHDRAWN},
        RaStatus.NOT_REQUIRED,
        ("school", "police"),
    ),
}


def an_update(series: Series, **changes: Any) -> FrozenUpdate:
    """What is told of the worked example's decision when it is disputed; `facts` as the series has them."""
    facts = {"happened_at": HAPPENED_AT, **changes.pop("facts", {})}
    values: dict[str, Any] = {
        "referral_ref": "NS-26-7KQ4ZP",
        "child_index": 1,
        "series": series,
        "thread": thread_of("CH-2026-0117") if series is Series.CHALLENGE else None,
        "number": 1,
        "occurred_at": HAPPENED_AT,
        "received_at": datetime(2026, 11, 24, 9, 40, tzinfo=UTC),
        "contact": a_hub_contact(),
        "police_form": a_police_check(),
        "labels_version": LABELS_VERSION,
        "confirm_base": CONFIRM_BASE,
    }
    return FrozenUpdate(**{**values, "facts": UpdateFacts(**facts), **changes})


def pins_of(series: Series, reader: str, **changes: Any) -> Pins:
    """A reader of that series, by e-mail."""
    values = {
        "channel": Channel.EMAIL,
        "level": Level.OUTCOME,
        "message_type": MESSAGE_TYPES[series],
        "template_version": UPDATE_TEMPLATE_VERSION,
        "told_before": TOLD_BEFORE if series is Series.WITHDRAWAL else None,
        **READERS[reader],
    }
    return pins(**{**values, **changes})


def in_brief(series: Series) -> Pins:
    """A force whose mailbox may have the words, and of the form no more than its sentence."""
    return pins_of(series, "police", level=Level.NOTICE, notice_reason=NoticeReason.MAILBOX_NOT_MANAGED)


def an_answer(answer: EnquiryAnswer) -> FrozenUpdate:
    """What probation is answered: about no child, under the enquiry's own reference."""
    return an_update(
        Series.PROBATION_ENQUIRY,
        referral_ref="NS-26-ENQ001",
        child_index=0,
        facts={"enquiry_answer": answer},
        police_form=of_no_referral(HAPPENED_AT),
    )


def asked_by(**changes: Any) -> Pins:
    """Probation: nobody else is answered."""
    probation = {"agency_id": "north-probation", "agency_type": AgencyType.PROBATION, "own_ref": "PR-77001"}
    return pins_of(Series.PROBATION_ENQUIRY, "police", **{**probation, **changes})


def _drafts() -> Iterator[tuple[str, tuple[FrozenUpdate, Pins]]]:
    for message, (said, status, readers) in _CHALLENGES.items():
        facts = {"challenge_stage": 1, "challenged_by": CHALLENGER, **said}
        for reader in readers:
            update = an_update(Series.CHALLENGE, facts=facts, police_form=a_police_check(status))
            yield f"{message}-{reader}", (update, pins_of(Series.CHALLENGE, reader))
    update = an_update(Series.WITHDRAWAL, police_form=a_police_check(RaStatus.INCORRECT))
    for reader in READERS:
        yield f"withdrawn-{reader}", (update, pins_of(Series.WITHDRAWAL, reader))
    yield "withdrawn-mailbox-not-managed", (update, in_brief(Series.WITHDRAWAL))
    facts = {"challenge_stage": 1, "challenged_by": CHALLENGER}
    raised = an_update(Series.CHALLENGE, facts=facts, police_form=update.police_form)
    yield "challenge-raised-mailbox-not-managed", (raised, in_brief(Series.CHALLENGE))
    not_known = pins_of(Series.WITHDRAWAL, "school", told_before=ToldBefore(decision_seq=2))
    yield "withdrawn-perhaps-never-told", (update, not_known)
    for answer in EnquiryAnswer:
        name = answer.value.lower().replace("_", "-")
        yield f"enquiry-{name}", (an_answer(answer), asked_by())
    notice = asked_by(level=Level.NOTICE, notice_reason=NoticeReason.MAILBOX_NOT_MANAGED, own_ref=None)
    yield "enquiry-notice", (an_answer(EnquiryAnswer.KNOWN_CALL_US), notice)


DRAFTS: Final = dict(_drafts())
_BY_WEBHOOK: Final = ("police", "-call-us", "-to-share")


def by_email(name: str) -> str:
    return as_read(render_email(*DRAFTS[name], A_TOKEN))


def by_webhook(name: str) -> str:
    """The same draft as the agency's system would have it."""
    update, reader = DRAFTS[name]
    body = webhook_body(update, reader.model_copy(update={"channel": Channel.WEBHOOK}), A_TOKEN)
    return json.dumps(json.loads(body), indent=1, ensure_ascii=False) + "\n"


def in_files() -> dict[str, str]:
    """What each golden file holds."""
    emails = {f"{name}.email.txt": by_email(name) for name in DRAFTS}
    return emails | {
        f"{name}.webhook.json": by_webhook(name) for name in DRAFTS if name.endswith(_BY_WEBHOOK)
    }


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for stale in GOLDEN.iterdir():
        stale.unlink()
    for name, text in in_files().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
