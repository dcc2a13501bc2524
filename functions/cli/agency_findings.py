"""What a person must mend in the registry as applied."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from functions.adapters.errors import UnusableSecretError
from functions.adapters.registry.directory import Entry
from functions.adapters.registry.obstacles import Obstacles
from functions.adapters.registry.ownership import Verdict
from functions.cli.agency_lines import verified_until
from functions.cli.office import Office
from functions.domain.registry_rules import is_fresh
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import Addressee, AgencyType, Channel

SOON = timedelta(days=14)
"""How long before a verification ends somebody should be asked to repeat it."""
UNBORN_TYPES = (AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY)
_WHOSE = {
    Addressee.ROLE_MAILBOX: "mailbox",
    Addressee.SAFEGUARDING_LEAD: "safeguarding lead",
    Addressee.FORM_ESCALATION: "role for last reminders",
}
_WHY_NOT = {
    "NO_SECRET": "it has no signing secret yet: run `mash rotate {agency}`, then `mash agencies check`",
    "E_INVALID_TARGET": "its name leads to an address that is not public, or its URL is not plain https",
    "E_DNS": "its name is not known",
    "E_TLS": "its certificate is not valid for its name",
    "E_TIMEOUT": "it did not answer in time",
    "E_CONNECTION": "it could not be reached, or broke off",
}


def findings(office: Office) -> Iterator[str]:
    """A line for each thing to mend, by agency; none if all is well."""
    entries = office.active()
    obstacles = office.directory.obstacles(entries)
    for entry in entries:
        yield from _of_obstacles(entry, obstacles[entry.agency_id])
        for addressee, which in _WHOSE.items():
            address, verified_at = entry.address_for(addressee), entry.verified_on(addressee)
            yield from _of_mailbox(entry.agency_id, which, address, verified_at, office.today)
        if Channel.WEBHOOK in entry.channels and entry.url is not None:
            yield from _of_webhook(office, entry)
    yield from _of_unborn(entries)
    yield from _of_police_form(entries)


def _of_mailbox(
    agency_id: str, which: str, address: str | None, verified_at: date | None, today: date
) -> Iterator[str]:
    until = verified_until(verified_at)
    if address is None:
        return
    if until is None or verified_at is None or not is_fresh(verified_at, today):
        when = f" since {until}" if until and until < today else ""
        yield f"{agency_id}: {which} not verified{when}: ring its main number, confirm it, apply the day"
    elif until - today <= SOON:
        yield f"{agency_id}: {which} verified for {(until - today).days} more days: ring its main number"


def _of_obstacles(entry: Entry, obstacles: Obstacles) -> Iterator[str]:
    for addressee, since in obstacles.came_back.items():
        yield (
            f"{entry.agency_id}: mail to its {_WHOSE[addressee]} came back on {uk_date(since)}, nothing more "
            "goes there: ring its main number, apply the right address and the day"
        )
    if pause := obstacles.pause:
        paused = uk_date_and_time(pause.since)
        yield (
            f"{entry.agency_id}: endpoint paused since {paused} ({pause.cause}): once it takes messages, "
            f"`mash resume {entry.agency_id}`"
        )


def _of_webhook(office: Office, entry: Entry) -> Iterator[str]:
    if entry.checked_url != entry.url:
        yield f"{entry.agency_id}: endpoint not active: nothing is posted there before its owner agrees"
    try:
        if not office.keeper.has_secret(entry.agency_id, office.now()):
            yield f"{entry.agency_id}: no signing secret: run `mash rotate {entry.agency_id}`"
    except UnusableSecretError as exc:
        yield f"{entry.agency_id}: its signing secret cannot be used ({exc}): run `mash rotate` for it"


def _of_unborn(entries: Iterable[Entry]) -> Iterator[str]:
    told = {entry.type for entry in entries if entry.told_of_unborn}
    for agency_type in UNBORN_TYPES:
        if agency_type not in told:
            yield f"no {agency_type} agency is told of unborn children: set told_of_unborn on one"


def _of_police_form(entries: Iterable[Entry]) -> Iterator[str]:
    if not any(entry.escalation_address for entry in entries):
        yield "no POLICE agency is reminded of forms: add [agency.form_escalation] to the one that owes them"


def unchecked(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Those with a URL whose owner has not agreed to it."""
    for entry in entries:
        if entry.url is not None and entry.url != entry.checked_url:
            yield entry, entry.url


def check_words(entry: Entry, verdict: Verdict) -> str:
    """What came of asking an endpoint's owner."""
    if verdict.agreed:
        how = verdict.method.value.replace("_", " ").lower()
        canary = "; a canary every 15 minutes from now on" if entry.canary else ""
        return f"{entry.agency_id}: endpoint active, checked by {how}{canary}"
    answered = f"it answered {verdict.status} to the test event"
    why = _WHY_NOT.get(verdict.result, answered).format(agency=entry.agency_id)
    return f"{entry.agency_id}: endpoint not active: {why}"
