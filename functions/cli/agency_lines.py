"""How the registry looks in a terminal: what a file would change, who is reached how, what needs a person."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rich.table import Table
from rich.text import Text

from functions.adapters.ledger.chain import at_text
from functions.adapters.registry.diff import Change, ChangeKind, FieldChange
from functions.adapters.registry.directory import ACTIVE, Entry
from functions.adapters.registry.obstacles import Obstacles, Pause
from functions.domain.entitlement import is_managed
from functions.domain.registry_rules import VERIFIED_FOR_DAYS
from functions.domain.wording.uk_time import uk_date
from schemas.codes import Addressee, Channel

MAILBOX, LEAD = Addressee.ROLE_MAILBOX, Addressee.SAFEGUARDING_LEAD
_NAMES: Mapping[str, str] = {
    "agency_type": "type",
    "aliases": "other names",
    "channels": "told by",
    "in_case_system": "reads in the case system",
    "told_of_unborn": "told of unborn children",
    "phone": "telephone",
    "own_ref_pattern": "pattern of its references",
    "address": "e-mail",
    "verified_at": "e-mail verified",
    "mailbox_raised": "e-mail raised to managed",
    "dpo_ref": "data protection officer's reference",
    "lead_address": "safeguarding lead",
    "lead_verified_at": "safeguarding lead verified",
    "escalation_address": "last reminders of police forms",
    "escalation_verified_at": "last reminders verified",
    "url": "webhook url",
    "canary": "canary every 15 minutes",
    "team": "teams",
    "authority": "councils",
    "service": "services",
    "label": "words for outcomes",
    "lowered": "lowered levels",
    "early_help_working_days": "days to early help",
}
_MARKS = {
    ChangeKind.ADDED: "+",
    ChangeKind.CHANGED: "~",
    ChangeKind.DEACTIVATED: "-",
    ChangeKind.REACTIVATED: "+",
}


def diff_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Each change as its reviewer wants to read it: one line for a whole agency, else one for each field."""
    for change in changes:
        subject = f"{_MARKS[change.kind]} {change.agency_id or 'hub'}"
        if change.agency_id is None:
            yield f"{subject}  {', '.join(_NAMES[field.name] for field in change.fields) or 'its directory'}"
        elif change.kind is ChangeKind.ADDED:
            yield f"{subject} ({change.new('agency_type')})  {_in_one_line(change)}"
        elif change.kind is ChangeKind.DEACTIVATED:
            yield f"{subject}  is told nothing any more"
        else:
            back = [f"{subject}  is told again"] if change.kind is ChangeKind.REACTIVATED else []
            yield from back
            yield from (
                f"{subject}  {_field_words(field)}" for field in change.fields if field.name != "status"
            )


def _in_one_line(change: Change) -> str:
    parts = [
        f"e-mail {change.new('address')}" if change.changes("address") else "",
        "raised by two people" if change.new("mailbox_raised") else "",
        f"safeguarding lead {change.new('lead_address')}" if change.changes("lead_address") else "",
        f"last reminders to {change.new('escalation_address')}"
        if change.changes("escalation_address")
        else "",
        f"webhook {change.new('url')} (must be checked)" if change.changes("url") else "",
        "a canary every 15 minutes" if change.new("canary") else "",
        f"also {_value(change.new('aliases'))}" if change.changes("aliases") else "",
        "reads in the case system" if change.new("in_case_system") else "",
        "told of unborn children" if change.new("told_of_unborn") else "",
        f"telephone {change.new('phone')}" if change.changes("phone") else "",
    ]
    told = _value(change.new("channels"))
    return ", ".join(filter(None, [f"told by {told}" if told != "nothing" else "not told", *parts]))


def _field_words(field: FieldChange) -> str:
    again = "  (must be checked again)" if field.name == "url" and field.new is not None else ""
    name = _NAMES.get(field.name, field.name)
    return f"{name}  {_value(field.old)} -> {_value(field.new)}{again}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "nothing"
    return "nothing" if value is None else str(value)


# --- who is reached how


def as_json(
    entry: Entry, obstacles: Obstacles, today: date, managed_domains: tuple[str, ...]
) -> dict[str, Any]:
    """One agency for a program; what a table abbreviates stands in full."""
    until = verified_until(entry.verified_at)
    came_back, pause = obstacles.came_back, obstacles.pause
    return {
        "id": entry.agency_id,
        "active": entry.status == ACTIVE,
        "type": entry.type.value,
        "name": entry.name,
        "aliases": list(entry.aliases),
        "channels": [channel.value for channel in entry.channels],
        "in_case_system": entry.in_case_system,
        "told_of_unborn": entry.told_of_unborn,
        "phone": entry.phone,
        "mailbox": entry.address,
        "mailbox_level": level_words(entry, managed_domains),
        "verified_until": until.isoformat() if until else None,
        "verified": entry.is_verified(Channel.EMAIL, Addressee.ROLE_MAILBOX, today),
        "mail_came_back": at_text(came_back[MAILBOX]) if MAILBOX in came_back else None,
        "safeguarding_lead": entry.lead_address,
        "form_escalation": entry.escalation_address,
        "leads_mail_came_back": at_text(came_back[LEAD]) if LEAD in came_back else None,
        "url": entry.url,
        "endpoint": endpoint_words(entry),
        "paused": {"cause": pause.cause.value, "since": at_text(pause.since)} if pause else None,
        "canary": entry.canary,
        "version": entry.version,
    }


def agency_table(
    entries: Iterable[Entry],
    obstacles: Mapping[str, Obstacles],
    today: date,
    managed_domains: tuple[str, ...],
) -> Table:
    """Two lines for each agency, and a third for its telephone: a terminal is not wide enough for one."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("agency", "told by", "mailbox", "endpoint"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "agency")
    for entry in entries:
        phone = f"\n{entry.phone}" if entry.phone else ""
        agency = Text.assemble(entry.agency_id, (f"\n{entry.type.value}", "dim"), (phone, "dim"))
        if entry.status != ACTIVE:
            table.add_row(agency, Text("not active", "dim"))
            continue
        table.add_row(
            agency,
            "case system" if entry.in_case_system else "\n".join(entry.channels) or "-",
            _mailbox(entry, obstacles[entry.agency_id], today, managed_domains),
            _endpoint(entry, obstacles[entry.agency_id].pause),
        )
    return table


def level_words(entry: Entry, managed_domains: tuple[str, ...]) -> str | None:
    """How much may stand in a message to the mailbox, and why."""
    if entry.address is None:
        return None
    if is_managed(entry.address, managed_domains):
        return "managed"
    return "raised" if entry.mailbox_raised else "notice only"


def endpoint_words(entry: Entry) -> str | None:
    """Whether the webhook may be posted to."""
    if entry.url is None:
        return None
    return "active" if entry.checked_url == entry.url else "not checked"


def verified_until(verified_at: date | None) -> date | None:
    """The last day on which a verification counts."""
    return verified_at + timedelta(days=VERIFIED_FOR_DAYS) if verified_at else None


def _mailbox(entry: Entry, obstacles: Obstacles, today: date, managed_domains: tuple[str, ...]) -> Text:
    if entry.address is None:
        return Text("-", "dim")
    level = str(level_words(entry, managed_domains))
    until = verified_until(entry.verified_at)
    if since := obstacles.came_back.get(MAILBOX):
        verified = (f"mail came back on {uk_date(since)}", "red")
    elif until is None or not entry.is_verified(Channel.EMAIL, Addressee.ROLE_MAILBOX, today):
        verified = ("not verified", "red")
    else:
        verified = (f"verified for {(until - today).days} days", "dim")
    return Text.assemble(
        f"{entry.address}\n", (level, "yellow" if level == "notice only" else "dim"), (", ", "dim"), verified
    )


def _endpoint(entry: Entry, pause: Pause | None) -> Text:
    words = endpoint_words(entry)
    if words is None:
        return Text("-", "dim")
    if pause is not None:
        words = f"paused since {uk_date(pause.since)}"
    canary = ("\nagrees to canaries", "dim") if entry.canary else ""
    return Text.assemble((words, "green" if words == "active" else "yellow"), canary)
