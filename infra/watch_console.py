"""What is watched of the managers' console: whether people reach it, and get the pages that they ask for."""

from infra.alarms import SEEN_AGAIN, Alarms
from infra.console import Console
from schemas.console import DIRECTORY_FAULTS


def watch_console(alarms: Alarms, console: Console) -> None:
    """Set the console's alarms."""
    alarms.watch_errors("Console", console.console)
    alarms.watch_door(
        "Console",
        console.console,
        console.api.deployment_stage,
        runbook="console",
        turned_away="Somebody of the MASH was turned away from the console before anything looked at it.",
        failed="A page of the console failed, or an act that somebody asked it for.",
    )
    alarms.watch_line(
        "PAGE_UNANSWERED",
        metric="UnansweredPages",
        functions=[console.console],
        runbook="console",
        says="Somebody of the MASH asked the console for a page, or an act, and got neither.",
    )
    alarms.watch_line(
        "SIGN_IN_REFUSED",
        reasons=DIRECTORY_FAULTS,
        metric="DirectoryFaults",
        functions=[console.console],
        runbook="console",
        says="Nobody can sign in to the console: it and the council's directory do not agree.",
        lasts=SEEN_AGAIN,
    )
