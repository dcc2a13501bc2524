"""The e-mails beside the decisions whose whole text is kept under golden_updates/: each for each kind of
reader.

`python -m tests.adapters.update_drafts` writes the files again; read the difference before you commit it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from functions.adapters.render import render_email
from functions.domain.updates import before_the_decision
from schemas.codes import AgencyType, Channel, RaStatus, Role, Series
from schemas.notice import FrozenUpdate, Pins
from schemas.risk_assessment import RaRule
from tests.adapters.drafts import as_read
from tests.notices import A_TOKEN, a_duplicate, a_police_check, an_update, update_pins

GOLDEN: Final = Path(__file__).parent / "golden_updates"
AUDIENCES: Final[dict[AgencyType, tuple[str, RaStatus]]] = {
    AgencyType.POLICE: ("43261124/0917", RaStatus.INCORRECT),
    AgencyType.PROBATION: ("PR-55120", RaStatus.ABSENT),
    AgencyType.HEALTH_VISITING: ("HV 88-12", RaStatus.UNKNOWN),
    AgencyType.SUBSTANCE_MISUSE: ("SM-7", RaStatus.NOT_REQUIRED),
    AgencyType.GP: ("GP-9", RaStatus.COMPLETE),
    AgencyType.SCHOOL: ("HS/204", RaStatus.ABSENT),
    AgencyType.DENTIST: ("D-1001", RaStatus.UNKNOWN),
    AgencyType.HOUSING: ("H-31", RaStatus.NOT_REQUIRED),
    AgencyType.CHILDMINDER: ("CM-2", RaStatus.COMPLETE),
}
"""One of each row of the matrix and of each kind that reads something of its own; between them every status
of the police form."""
Draft = tuple[FrozenUpdate, Pins]


def to(series: Series, agency_type: AgencyType, **changes: Any) -> Pins:
    """As much as an agency of that type is told before the decision, its mailbox being a managed one."""
    told = before_the_decision(agency_type, mailbox_managed=changes.pop("managed", True))
    name = agency_type.lower().replace("_", "-")
    values: dict[str, Any] = {
        "agency_id": f"north-{name}",
        "agency_type": agency_type,
        "role": Role.REFERRER if series is Series.ACKNOWLEDGEMENT else Role.INVOLVED,
        "channel": Channel.EMAIL,
        "level": told.level,
        "notice_reason": told.notice_reason,
        "own_ref": AUDIENCES.get(agency_type, ("REF-1", None))[0],
    }
    return update_pins(series, **{**values, **changes})


def _check(status: RaStatus) -> Any:
    rules = {"failed_rules": (RaRule.RA10, RaRule.RA15), "advisory_rules": (RaRule.RA14,)}
    return a_police_check(status, **(rules if status is RaStatus.INCORRECT else {}))


def _to_everybody(series: Series, name: str) -> Iterator[tuple[str, Draft]]:
    for agency_type, (_, status) in AUDIENCES.items():
        update = an_update(series, police_form=_check(status))
        yield f"{name}-{agency_type.lower().replace('_', '-')}", (update, to(series, agency_type))


def _whatever_the_form(series: Series, name: str) -> Iterator[tuple[str, Draft]]:
    for status in RaStatus:
        form = status.lower().replace("_", "-")
        update = an_update(series, police_form=_check(status))
        yield f"{name}-police-form-{form}", (update, to(series, AgencyType.POLICE))


ACKNOWLEDGEMENT, CONTRIBUTION = Series.ACKNOWLEDGEMENT, Series.CONTRIBUTION
DRAFTS: Final[dict[str, Draft]] = {
    **dict(_to_everybody(ACKNOWLEDGEMENT, "acknowledgement")),
    **dict(_whatever_the_form(ACKNOWLEDGEMENT, "acknowledgement")),
    "acknowledgement-not-graded-yet": (
        an_update(ACKNOWLEDGEMENT, facts={"due_at": None}),
        to(ACKNOWLEDGEMENT, AgencyType.PROBATION),
    ),
    "acknowledgement-dentist-not-graded-yet": (
        an_update(ACKNOWLEDGEMENT, facts={"due_at": None}),
        to(ACKNOWLEDGEMENT, AgencyType.DENTIST),
    ),
    "acknowledgement-mailbox-not-managed": (
        an_update(ACKNOWLEDGEMENT, police_form=_check(RaStatus.INCORRECT)),
        to(ACKNOWLEDGEMENT, AgencyType.POLICE, managed=False),
    ),
    "acknowledgement-duplicate": (
        an_update(ACKNOWLEDGEMENT),
        to(ACKNOWLEDGEMENT, AgencyType.SCHOOL, duplicate=a_duplicate()),
    ),
    **dict(_to_everybody(CONTRIBUTION, "contribution")),
    **dict(_whatever_the_form(CONTRIBUTION, "contribution")),
    "contribution-no-time-is-set": (
        an_update(CONTRIBUTION, facts={"due_at": None}),
        to(CONTRIBUTION, AgencyType.GP),
    ),
    "contribution-which-child": (an_update(CONTRIBUTION), to(CONTRIBUTION, AgencyType.GP, own_ref=None)),
    "contribution-mailbox-not-managed": (
        an_update(CONTRIBUTION),
        to(CONTRIBUTION, AgencyType.SCHOOL, managed=False),
    ),
}


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for stale in GOLDEN.glob("*.email.txt"):
        stale.unlink()
    for name, draft in DRAFTS.items():
        text = as_read(render_email(*draft, A_TOKEN))
        (GOLDEN / f"{name}.email.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
