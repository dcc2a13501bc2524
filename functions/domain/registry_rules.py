"""What no registry may say, whoever reviewed it: addresses that mislead, endpoints inside, stale checks."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from functions.domain.entitlement import MANAGED_DOMAINS, is_managed

if TYPE_CHECKING:
    from schemas.agency import Agency, Registry

VERIFIED_FOR_DAYS = 90
"""An address that nobody has verified for longer may be somebody else's by now (section 6.2)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a registry cannot be applied as it is: whose field, and what to do about it."""

    agency_id: str
    field: str
    words: str

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.field}: {self.words}"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage adds: mail domains that count as managed, and the local stage's own receivers."""

    managed_domains: tuple[str, ...] = ()
    local_receivers: tuple[str, ...] = ()


def problems(registry: "Registry", stage: Stage) -> tuple[Problem, ...]:
    """All that is wrong with the file, whatever is applied already and whatever the day is."""
    return tuple(problem for agency in registry.agency for problem in _of_agency(agency, stage))


def _of_agency(agency: "Agency", stage: Stage) -> Iterator[Problem]:
    for field, mailbox in agency.mailboxes:
        domain = mailbox.address.rpartition("@")[2].lower()
        if words := misleading(domain, stage.managed_domains):
            yield Problem(agency.id, f"{field}.address", words)
    if agency.webhook is not None and (words := unfit_target(agency.webhook.url, stage.local_receivers)):
        yield Problem(agency.id, "webhook.url", words)
    if not (agency.own_ref_pattern.isascii() and agency.own_ref_pattern.isprintable()):
        yield Problem(agency.id, "own_ref_pattern", "has letters that cannot be seen: type it again")


# --- who must verify an address again


def stale_verifications(agencies: Iterable["Agency"], today: date) -> tuple[Problem, ...]:
    """The mailboxes of `agencies` that were verified too long ago, or on a day that has not come."""
    return tuple(
        Problem(agency.id, f"{field}.verified_at", words)
        for agency in agencies
        for field, mailbox in agency.mailboxes
        if (words := _stale(mailbox.verified_at, today))
    )


def _stale(verified_at: date, today: date) -> str | None:
    who = "whoever looks after the agency must ring its main number, confirm the mailbox, and write that day"
    if verified_at > today:
        return f"{verified_at} has not come yet: write the day on which somebody verified the mailbox"
    if not is_fresh(verified_at, today):
        return f"{verified_at} is more than {VERIFIED_FOR_DAYS} days ago: {who}"
    return None


def is_fresh(verified_at: date, today: date) -> bool:
    """Whether what was verified then still counts."""
    return today - timedelta(days=VERIFIED_FOR_DAYS) <= verified_at <= today


# --- mail domains that look like a managed one

_LOOKS_LIKE = str.maketrans("013457i", "oleastl")
"""Digits and letters that a reader takes for others, each mapped to one of its group."""


def misleading(domain: str, additions: Sequence[str]) -> str | None:
    """What is wrong with a mail domain that could pass for another at a glance; None if nothing is."""
    if "xn--" in domain:
        return "an internationalised domain can look like any other: use the agency's plain one"
    if is_managed(f"@{domain}", additions):
        return None
    for managed in (*MANAGED_DOMAINS, *additions):
        if _resembles(_seen(domain), _seen(managed)):
            return f"looks like {managed} and is not: ask the agency for its real domain"
    return None


def _seen(domain: str) -> str:
    return domain.translate(_LOOKS_LIKE).replace("vv", "w").replace("rn", "m")


def _resembles(domain: str, managed: str) -> bool:
    """Whether `domain`, which is not on `managed`, has it in the wrong place, glued to a word or misspelt."""
    labels = domain.split(".")
    tail = ".".join(labels[-len(managed.split(".")) :])
    words = {word for label in labels for word in label.split("-")}
    return (
        f".{managed}." in f".{domain}."
        or any(f"-{managed.replace('.', '-')}-" in f"-{label}-" for label in labels)
        or managed.replace(".", "") in words
        or tail.endswith(managed)
        or _one_edit_apart(tail, managed)
    )


def _one_edit_apart(one: str, other: str) -> bool:
    """Equal, or so after one letter is added, left out, changed, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    return one[at + 1 :] == other[at + 1 :] or (one[at : at + 2], one[at + 2 :]) == (
        other[at : at + 2][::-1],
        other[at + 2 :],
    )


# --- endpoints

_URL = re.compile(r"(?P<origin>(?P<scheme>[a-z]+)://(?P<host>[^/:@]+)(?::(?P<port>[0-9]+))?)(?:/|$)")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_INSIDE = ("localhost", "local", "internal", "localdomain", "home.arpa")


def unfit_target(url: str, local_receivers: Sequence[str]) -> str | None:
    """What is wrong with a webhook's URL as it is written; None if nothing is.

    Where its name leads is found out when the endpoint is checked, and again at each send.
    """
    parts = _URL.match(url)
    if parts is None:
        return "is no plain https address: no user, no password"
    if parts["origin"] in local_receivers:
        return None
    if parts["scheme"] != "https":
        return "must begin with https://: anybody on the way could read the rest"
    if parts["port"] not in (None, "443"):
        return "must be on the usual port: leave the port out"
    return _unfit_host(parts["host"].lower())


def _unfit_host(host: str) -> str | None:
    if not _NAME.fullmatch(host):
        return "must name a host in full, such as outcomes.agency.example: no address, no short name"
    if any(host.endswith(f".{inside}") for inside in _INSIDE):
        return "names a host inside a network: only public ones are posted to"
    if "xn--" in host:
        return "an internationalised domain can look like any other: use the agency's plain one"
    return None
