"""Which police forms of a closed month people grade: drawn by chance, and drawn the same by whoever repeats
it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from functions.domain.measures.counts import month_of
from schemas.codes import AuditKind, RaStatus


@dataclass(frozen=True, slots=True, order=True)
class CompleteForm:
    """A form that was complete for one child; of a newer version of it, that one."""

    referral_ref: str
    child: int
    version: int

    @property
    def name(self) -> str:
        return f"{self.referral_ref}#{self.child:02d}#{self.version}"


def complete_in(month: str, ref: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[CompleteForm]:
    """The forms that were first seen to be complete in that month, one for each child of the referral.

    By rows alone, which nobody changes: once the month has ended, they are always the same.
    """
    first_seen: dict[tuple[int, int], str] = {}
    for row in rows:
        if row["type"] == AuditKind.RA_CHECK and row["ra"] == RaStatus.COMPLETE:
            first_seen.setdefault((row["child"], row["form_version"]), row["at"])
    newest: dict[int, int] = {}
    for (child, version), at in first_seen.items():
        if month_of(datetime.fromisoformat(at)) == month:
            newest[child] = max(version, newest.get(child, version))
    return (CompleteForm(ref, child, version) for child, version in sorted(newest.items()))


def drawn(forms: Iterable[CompleteForm], month: str, hub: str, size: int) -> list[CompleteForm]:
    """As many as `size` of them, each as likely as any other.

    The seed is made of the month, the hub and the list itself, so that nobody can choose it, and anybody with
    the same list draws the same.
    """
    listed = sorted(set(forms))
    names = "\n".join(form.name for form in listed)
    seed = _digest(f"{month}|{hub}|{_digest(names)}")
    return sorted(listed, key=lambda form: _digest(f"{seed}|{form.name}"))[:size]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
