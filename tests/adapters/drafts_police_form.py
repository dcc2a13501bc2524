"""The chase for the police form whose whole text is kept under golden_police_form/: each reminder, and its
end.

`python -m tests.adapters.drafts_police_form` writes the files again; read the difference before you commit
it.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from functions.adapters.render import render_email
from functions.adapters.webhook import webhook_body
from schemas.codes import Addressee, AgencyType, Channel, Level, NoticeReason, RaStatus, Role, Series
from schemas.notice import FrozenUpdate, Pins
from schemas.risk_assessment import RaRule
from tests.adapters.drafts import as_read
from tests.notices import A_TOKEN, a_police_check, an_update, update_pins

GOLDEN: Final = Path(__file__).parent / "golden_police_form"
CAME: Final = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
DUE: Final = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
LAST: Final = datetime(2026, 11, 25, 13, 40, tzinfo=UTC)
_MOMENTS: Final = {1: (CAME, DUE), 2: (DUE, LAST), 3: (LAST, None)}
_RULES: Final = {"failed_rules": (RaRule.RA10, RaRule.RA15), "advisory_rules": (RaRule.RA14,)}
_TO_POLICE: Final[dict[str, Any]] = {"role": Role.INVOLVED, "level": Level.OUTCOME}
_TO_PROBATION: Final[dict[str, Any]] = {
    "agency_id": "north-probation",
    "agency_type": AgencyType.PROBATION,
    "role": Role.INVOLVED,
    "own_ref": "PR-55120",
}
_NOTICE: Final = {"level": Level.NOTICE, "notice_reason": NoticeReason.MAILBOX_NOT_MANAGED}
Draft = tuple[FrozenUpdate, Pins]


def reminder(number: int, status: RaStatus, **pins: Any) -> Draft:
    """That reminder, of a form that stood so when it was made."""
    now, next_at = _MOMENTS[number]
    rules = _RULES if status is RaStatus.INCORRECT else {}
    update = an_update(
        Series.RA_REMINDER,
        number=number,
        facts={"happened_at": now, "due_at": DUE, "reminder": number, "next_reminder_at": next_at},
        occurred_at=now,
        police_form=a_police_check(status, evaluated_at=now, due_at=DUE, **rules),
    )
    return update, update_pins(Series.RA_REMINDER, channel=Channel.EMAIL, **{**_TO_POLICE, **pins})


def settled(status: RaStatus, **pins: Any) -> Draft:
    """That nobody need wait for the form any more."""
    update = an_update(
        Series.RA_STATUS,
        facts={"happened_at": LAST},
        occurred_at=LAST,
        police_form=a_police_check(status, evaluated_at=LAST),
    )
    return update, update_pins(Series.RA_STATUS, channel=Channel.EMAIL, **pins)


DRAFTS: Final[dict[str, Draft]] = {
    "reminder-1-absent": reminder(1, RaStatus.ABSENT),
    "reminder-1-incorrect": reminder(1, RaStatus.INCORRECT),
    "reminder-1-unknown": reminder(1, RaStatus.UNKNOWN),
    "reminder-2-absent": reminder(2, RaStatus.ABSENT),
    "reminder-2-notice": reminder(2, RaStatus.ABSENT, **_NOTICE),
    "reminder-3-incorrect": reminder(3, RaStatus.INCORRECT, addressee=Addressee.FORM_ESCALATION),
    "complete-police": settled(RaStatus.COMPLETE, **_TO_POLICE),
    "complete-probation": settled(RaStatus.COMPLETE, **_TO_PROBATION),
    "complete-notice": settled(RaStatus.COMPLETE, **{**_TO_PROBATION, **_NOTICE}),
    "not-needed-police": settled(RaStatus.NOT_REQUIRED, **_TO_POLICE),
}


def in_files() -> dict[str, str]:
    """What each golden file holds."""
    files = {}
    for name, (update, pins) in DRAFTS.items():
        body = webhook_body(update, pins.model_copy(update={"channel": Channel.WEBHOOK}), A_TOKEN)
        files[f"{name}.email.txt"] = as_read(render_email(update, pins, A_TOKEN))
        files[f"{name}.webhook.json"] = json.dumps(json.loads(body), indent=1, ensure_ascii=False) + "\n"
    return files


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for stale in GOLDEN.iterdir():
        stale.unlink()
    for name, text in in_files().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
