"""What each task means for a child."""

from collections.abc import Mapping

from schemas.codes import TaskKind

WHY: Mapping[TaskKind, str] = {
    TaskKind.RELEASE_CHILD: "Nobody is told of this child until somebody decides whether telling is safe.",
    TaskKind.RELEASE_AGENCY: "This agency is told nothing until somebody decides whether it may be.",
    TaskKind.RELEASE_ALLEGATION: "The allegation is told to nobody until the designated officer has agreed.",
    TaskKind.CALL_REFERRER: "No message tells whoever referred this child: without a call they may never "
    "hear what was decided.",
    TaskKind.CALL_AGENCY: "Only a call can tell this agency what was decided: what it was told may no longer "
    "hold.",
    TaskKind.CHECK_REVISION: "This decision replaced one that never came here: nobody was told of that one.",
    TaskKind.CHECK_DUPLICATE: "Somebody who referred this child as well is not told what was decided "
    "until this is settled.",
    TaskKind.CHECK_DIVERGENCE: "The police advised something else for this child. Agencies are told the "
    "decision all the same.",
    TaskKind.CHECK_NOT_TOLD: "Some agencies that know of this child have not heard the news, and no message "
    "may tell them.",
    TaskKind.CHECK_CHALLENGE: "Somebody disagrees with what was decided for the child: it is not settled.",
    TaskKind.CHECK_WITHHELD: "Somebody may know by now what is to be kept from them to protect the child.",
    TaskKind.CHECK_RELEASE: "The case system says that this may be told, but it is still held here.",
    TaskKind.CALL_UNTOLD: "Nothing shows that this agency knows what was decided for the child.",
    TaskKind.CALL_UNREAD: "The message is there, but nobody says that they have read it.",
    TaskKind.MEND_ENDPOINT: "Messages about children wait for this agency's system: until it takes them "
    "again, only an email or a call tells what they say.",
    TaskKind.MEND_ADDRESS: "Messages about children cannot reach this agency until its address is right.",
    TaskKind.ACKNOWLEDGE_LATE: "Whoever referred does not know whether their worry for the child was taken "
    "in.",
    TaskKind.DECIDE_LATE: "Nothing is recorded as decided for this child, though the time for it has passed.",
    TaskKind.CHASE_CONTRIBUTION: "What this agency knows of the child may be missing from the decision.",
    TaskKind.CHASE_TRANSFER: "Nobody knows whether the other authority looks after this child's case.",
    TaskKind.CHASE_CONFERENCE: "Those who protect the child have not met to agree how, as far as we know.",
    TaskKind.CHASE_ASSESSMENT: "What the child needs has not been worked out, as far as we know.",
    TaskKind.CHASE_PLAN: "Agencies may go by a plan for the child that no longer holds.",
    TaskKind.CHASE_POLICE: "Nobody here knows whether the enquiry that is to protect the child goes on.",
    TaskKind.CHECK_EARLY_EVENT: "News came that fits nothing we know here: nobody was told of it.",
    TaskKind.CHECK_SILENCE: "If this system is down, decisions about children are reaching nobody.",
    TaskKind.CHECK_GAP: "What never came may be a decision about a child, of which nobody has been told.",
    TaskKind.CHECK_RESTART: "If events were lost, decisions about children may have reached nobody.",
    TaskKind.CHASE_FORM: "Plans are being made for the child without the police's complete picture.",
    TaskKind.READ_LATE_FORM: "The decision for this child was told before the police's picture was whole.",
    TaskKind.CHECK_STATEMENT: "The police say that their form is settled, but its check shows otherwise: "
    "what they know of the child may still be missing.",
    TaskKind.CHECK_REASONS: "Whoever reads these decisions is told to ring for the reason, and may never "
    "learn what would help the child.",
    TaskKind.GRADE_FORM: "Grading some forms each month shows whether a complete form is also a good one.",
}
