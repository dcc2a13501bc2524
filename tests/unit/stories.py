"""A referral's rows as the trail would keep them, told by hand, for whoever counts them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.domain.measures.counting import counts_of
from functions.domain.measures.counts import Counts
from functions.domain.measures.facts import AsOf, Case, Facts, facts_of
from functions.domain.reconciliation.evidence import Row
from schemas.base import instant_text
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, AuditKind, EventType

REF = "NS-26-7KQ4ZP"
POLICE, SCHOOL, HEALTH = "north-police", "hill-school", "north-health-visiting"
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
"""A working day, an hour after the office opens."""
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)
AS_OF = AsOf(
    now=LATER,
    clocks=ClockPolicy(),
    agency_types={
        POLICE: AgencyType.POLICE,
        SCHOOL: AgencyType.SCHOOL,
        HEALTH: AgencyType.HEALTH_VISITING,
    },
)


def hours(count: float) -> datetime:
    """So many hours after the usual receipt."""
    return TUESDAY + timedelta(hours=count)


@dataclass
class Story:
    """One referral, to which things happen; a row is written at the moment that its event names."""

    ref: str = REF
    said: list[dict[str, Any]] = field(default_factory=list)

    def row(self, kind: AuditKind, at: datetime = TUESDAY, /, **said: Any) -> "Story":
        """One more row."""
        self.said.append({"type": kind.value, "at": instant_text(at), **_plain(said)})
        return self

    def event(self, event_type: EventType, at: datetime = TUESDAY, /, **said: Any) -> "Story":
        """An event of a referral's life."""
        return self.row(AuditKind.LIFECYCLE, at, event_type=event_type.value, **said)

    def received(self, at: datetime = TUESDAY, *children: int, **said: Any) -> "Story":
        """The referral's arrival: of one child, from the police, as a contact; None leaves a field out."""
        usual: dict[str, Any] = {
            "kind": "CONTACT",
            "received_at": at,
            "source_code": "6",
            "referrer": POLICE,
            "children": list(children or (1,)),
            "unborn": [],
            "pseudonyms": {},
        }
        return self.event(EventType.REFERRAL_RECEIVED, at, **{**usual, **said})

    def decided(self, at: datetime, outcome: str = "S17", dver: int = 1, **said: Any) -> "Story":
        """A decision about a child, listing one message to the police; received when the story began."""
        usual: dict[str, Any] = {
            "child": 1,
            "dver": dver,
            "outcome": outcome,
            "additional": [],
            "received_at": TUESDAY,
            "decided_at": at,
            "recipients": [f"{POLICE}#webhook#3"],
            "cause": f"event-{len(self.said)}",
        }
        return self.row(AuditKind.DECISION, at, **{**usual, **said})

    def checked(self, status: str, *failed: str, child: int = 1, **said: Any) -> "Story":
        """A police check."""
        return self.row(AuditKind.RA_CHECK, child=child, ra=status, failed=list(failed), **said)

    def form(self, version: int, *newest_for: int, unit: str | None = None, **said: Any) -> "Story":
        """A police form came, the newest of these children."""
        usual = {"form_version": version, "children": list(newest_for), "newest_for": list(newest_for)}
        return self.row(AuditKind.RA_FORM, **{**usual, "unit": unit, **said})

    def tried(self, at: datetime, agency: str = POLICE, channel: str = "webhook", **said: Any) -> "Story":
        """An attempt that was taken: by a mail service, if it is a mail."""
        usual = {"child": 1, "dver": 1, "agency": agency, "chan": channel}
        started = {"level": 3, **usual, **said}
        self.row(AuditKind.ATTEMPT_STARTED, at, **started)
        about = {
            name: started[name] for name in ("child", "dver", "agency", "chan", "nonce") if name in started
        }
        return self.row(AuditKind.ATTEMPT_CLOSED, at, result="SUCCESS", **about)

    def about(self, kind: AuditKind, at: datetime, agency: str = POLICE, **said: Any) -> "Story":
        """Anything else about a message."""
        usual = {"child": 1, "dver": 1, "agency": agency, "chan": "webhook"}
        return self.row(kind, at, **{**usual, **said})

    @property
    def rows(self) -> list[Row]:
        return [Row(f"E#{seq:06d}", seq, said) for seq, said in enumerate(self.said, 1)]

    def facts(self, as_of: AsOf = AS_OF) -> Facts:
        """What its rows give to the figures."""
        return facts_of(self.rows, self.ref, as_of)

    def case(self, as_of: AsOf = AS_OF) -> Case:
        """Its one child."""
        (case,) = self.facts(as_of).cases
        return case

    def counts(self, as_of: AsOf = AS_OF) -> Counts:
        return counts_of(self.facts(as_of))


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """As a table keeps it: moments as text, nothing that is None."""
    return {
        name: instant_text(value) if isinstance(value, datetime) else value
        for name, value in said.items()
        if value is not None
    }
