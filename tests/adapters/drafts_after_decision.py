"""Updates whose whole text is kept under golden_after_decision/: each sort of message and of reader.

`python -m tests.adapters.drafts_after_decision` writes the files again; read the difference before you commit
it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from functions.adapters.render import render_email
from functions.adapters.webhook import webhook_body
from schemas.codes import (
    AgencyType,
    Channel,
    Level,
    NoticeReason,
    PlanStatus,
    RaStatus,
    Role,
    S47Result,
    Series,
)
from schemas.notice import FrozenUpdate, Pins
from tests.adapters.drafts import as_read
from tests.notices import A_TOKEN, a_duplicate, a_police_check, an_update, update_pins

GOLDEN: Final = Path(__file__).parent / "golden_after_decision"

READERS: Final[dict[str, dict[str, Any]]] = {
    "police": {},
    "probation": {
        "agency_id": "north-probation",
        "agency_type": AgencyType.PROBATION,
        "role": Role.INVOLVED,
        "own_ref": "PR-55120",
    },
    "school": {
        "agency_id": "hill-school",
        "agency_type": AgencyType.SCHOOL,
        "level": Level.OUTCOME,
        "own_ref": "HS/204",
    },
    "general-practice": {
        "agency_id": "hill-practice",
        "agency_type": AgencyType.GP,
        "role": Role.INVOLVED,
        "level": Level.OUTCOME,
        "own_ref": "GP-9",
    },
    "duplicates-reader": {
        "agency_id": "hill-nurse",
        "agency_type": AgencyType.SCHOOL_NURSING,
        "own_ref": "SN-1",
        "duplicate": a_duplicate(),
    },
    "notice": {
        "agency_id": "hill-dental",
        "agency_type": AgencyType.DENTIST,
        "role": Role.INVOLVED,
        "level": Level.NOTICE,
        "notice_reason": NoticeReason.PHONE_ONLY,
        "own_ref": "D-1001",
    },
}
"""The two partners who read plans, one at level 2 in each role, one by another reference, and a notice."""

_MESSAGES: Final[dict[str, tuple[Series, dict[str, Any], RaStatus]]] = {
    "assessment": (Series.ASSESSMENT, {}, RaStatus.COMPLETE),
    "enquiry": (Series.ENQUIRY, {}, RaStatus.COMPLETE),
    "enquiry-to-conference": (Series.ENQUIRY, {"enquiry_result": S47Result.ICPC}, RaStatus.INCORRECT),
    "conference": (Series.CONFERENCE, {}, RaStatus.ABSENT),
    "transfer": (Series.TRANSFER, {}, RaStatus.UNKNOWN),
    "plan": (Series.PLAN, {}, RaStatus.INCORRECT),
    "plan-ended": (Series.PLAN, {"plan_status": PlanStatus.NONE}, RaStatus.NOT_REQUIRED),
    "police-investigation": (Series.POLICE_CASE, {}, RaStatus.ABSENT),
    "case-closed": (Series.CLOSED, {}, RaStatus.NOT_REQUIRED),
    "stale-plan": (Series.STALE_PLAN, {}, RaStatus.UNKNOWN),
    "joint-case": (Series.JOINT_CASE, {}, RaStatus.ABSENT),
}


def _drafts() -> Iterator[tuple[str, tuple[FrozenUpdate, Pins, str]]]:
    for message, (series, facts, status) in _MESSAGES.items():
        for reader, who in READERS.items():
            if not _is_for(series, who):
                continue
            update = an_update(series, facts=facts, police_form=a_police_check(status))
            pins = update_pins(series, channel=Channel.EMAIL, **who)
            yield f"{message}-{reader}", (update, pins, A_TOKEN)


def _is_for(series: Series, who: dict[str, Any]) -> bool:
    """Of a plan, whoever reads no plans has the notice alone; of a joint case only the police are asked."""
    if series is Series.JOINT_CASE:
        return who.get("agency_type", AgencyType.POLICE) is AgencyType.POLICE
    return series not in {Series.PLAN, Series.STALE_PLAN} or who.get("level") is not Level.OUTCOME


DRAFTS: Final = dict(_drafts())
"""Each with the token of its read link."""


def by_email(name: str) -> str:
    return as_read(render_email(*DRAFTS[name]))


def by_webhook(name: str) -> str:
    """The same draft as the agency's system would have it."""
    update, pins, token = DRAFTS[name]
    body = webhook_body(update, pins.model_copy(update={"channel": Channel.WEBHOOK}), token)
    return json.dumps(json.loads(body), indent=1, ensure_ascii=False) + "\n"


def in_files() -> dict[str, str]:
    """What each golden file holds."""
    emails = {f"{name}.email.txt": by_email(name) for name in DRAFTS}
    return emails | {f"{name}.webhook.json": by_webhook(name) for name in DRAFTS}


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for stale in GOLDEN.iterdir():
        stale.unlink()
    for name, text in in_files().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
