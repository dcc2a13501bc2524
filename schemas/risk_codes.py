"""The closed vocabularies of the police risk-assessment form (domain section 4)."""

from enum import StrEnum


class FormBasis(StrEnum):
    """Whether an officer went there, or answered from the desk."""

    ATTENDED = "ATTENDED"
    DESK = "DESK"


class FormSource(StrEnum):
    """How the form's metadata reached us."""

    FEED = "FEED"
    DESK_CHECK = "DESK_CHECK"
    CSV = "CSV"


class FeedStatus(StrEnum):
    """What the police feed says of itself in a heartbeat."""

    OK = "ok"
    FAILING = "failing"


class YesNo(StrEnum):
    YES = "YES"
    NO = "NO"


class YesNoUnknown(StrEnum):
    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"


class IncidentTime(StrEnum):
    """What `incident_at` says where no single moment fits (RA04)."""

    CONTINUING = "CONTINUING"
    HISTORIC = "HISTORIC"
    NOT_KNOWN = "NOT_KNOWN"


class NoContactReason(StrEnum):
    """Why a child was not seen, not spoken to, or not spoken to alone (RA06, RA07)."""

    PRE_VERBAL = "PRE_VERBAL"
    ASLEEP = "ASLEEP"
    REFUSED = "REFUSED"
    UNSAFE = "UNSAFE"
    NOT_PRESENT = "NOT_PRESENT"
    NOT_ATTENDED = "NOT_ATTENDED"
    COMMUNICATION_NEED = "COMMUNICATION_NEED"
    CARER_REFUSED = "CARER_REFUSED"
    INTERVIEW_PLANNED = "INTERVIEW_PLANNED"


class NeglectFinding(StrEnum):
    """The answer to one item of the neglect screen (RA10)."""

    NONE_SEEN = "NONE_SEEN"
    CONCERN_SEEN = "CONCERN_SEEN"
    NOT_ASSESSED = "NOT_ASSESSED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class DaTool(StrEnum):
    """The domestic abuse risk form that was used (RA18)."""

    DASH = "DASH"
    DARA = "DARA"
    DOM5 = "DOM5"
    OTHER = "OTHER"


class DaNotDoneReason(StrEnum):
    """Why no domestic abuse risk form was used (RA18)."""

    HISTORIC = "HISTORIC"
    DECLINED = "DECLINED"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
