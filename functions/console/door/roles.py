"""The roles that people sign in with, what each is called, and who may do what (console section 8)."""

from collections.abc import Mapping

from schemas.codes import ConsoleRole

ROLE_NAMES: Mapping[ConsoleRole, str] = {
    ConsoleRole.VIEWER: "MASH viewer",
    ConsoleRole.MANAGER: "MASH manager",
    ConsoleRole.AUDITOR: "Auditor",
    ConsoleRole.POLICE_DESK: "Police desk",
}
SIGNED_IN_AS: Mapping[ConsoleRole, str] = {
    ConsoleRole.MANAGER: "a MASH manager",
    ConsoleRole.AUDITOR: "an auditor",
    ConsoleRole.VIEWER: "a MASH viewer",
    ConsoleRole.POLICE_DESK: "the police desk",
}
"""Within a sentence."""
EVERYBODY = frozenset(ConsoleRole)
OF_THE_MASH = EVERYBODY - {ConsoleRole.POLICE_DESK}
MANAGERS = frozenset({ConsoleRole.MANAGER})
AUDITORS = frozenset({ConsoleRole.AUDITOR})
POLICE_DESK = frozenset({ConsoleRole.POLICE_DESK})
TAKERS = OF_THE_MASH - {ConsoleRole.VIEWER}
"""Who may take a file away: a viewer reads here alone (console section 3)."""
