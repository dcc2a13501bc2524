"""Which messages somebody asked for: as the address of the list says it, the trail, and a file's form."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from functions.adapters.ledger.store import Item
from functions.console.asking.narrowing import MOST_DAYS, checkboxes, day_field, select
from functions.console.door.request import Values
from functions.console.shown.form import Chip, Field, Line
from functions.console.words.messages import STATUSES, WAYS, Kind, kind_of, listed_status
from functions.domain.typed import day_typed, id_typed
from schemas.codes import Channel, DeliveryState

PATH = "/messages"
DAYS_BACK = 14
OFFERED = {status: tag.text for status, tag in STATUSES.items() if status != DeliveryState.SENDING}
"""Two states are both `Delivering`: one of them stands for both."""
KINDS: Mapping[str, str] = {
    Kind.OUTCOME: "Outcome",
    Kind.CHANGED: "Decision changed",
    Kind.REMINDER: "Police reminder",
    Kind.NEWS: "Other news",
}
_A_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9-]{3,17}")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What somebody asked for; what is no such value is as if nobody had asked."""

    ref: str
    statuses: tuple[str, ...]
    kinds: tuple[str, ...]
    agency: str
    way: str
    since: date
    until: date

    @classmethod
    def of(cls, values: Values, today: date) -> "Narrowed":
        """From an address, or from a form."""

        def one(name: str) -> str:
            return (values.get(name) or ("",))[-1].strip()

        until = min(day_typed(one("until")) or today, today)
        since = day_typed(one("since")) or until - timedelta(days=DAYS_BACK)
        ref = one("ref").upper()
        return cls(
            ref=ref if _A_REFERENCE.fullmatch(ref) else "",
            statuses=tuple(status for status in OFFERED if status in values.get("status", ())),
            kinds=tuple(kind for kind in Kind if kind in values.get("kind", ())),
            agency=id_typed(one("agency")),
            way=one("way") if one("way") in set(Channel) else "",
            since=min(max(since, until - timedelta(days=MOST_DAYS)), until),
            until=until,
        )

    def takes(self, item: Item) -> bool:
        """Whether a message is among them."""
        return (
            (not self.statuses or listed_status(item) in self.statuses)
            and (not self.kinds or kind_of(item) in self.kinds)
            and self.agency in ("", item["agency"])
            and self.way in ("", item["chan"])
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As an address says it, or the fields of a form."""
        several = [("status", one) for one in self.statuses] + [("kind", one) for one in self.kinds]
        single = {"ref": self.ref, "agency": self.agency, "way": self.way}
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return [*several, *((name, value) for name, value in single.items() if value), *days.items()]

    def noted(self, agencies: Collection[str], *, has_ref: bool) -> dict[str, str]:
        """As the trail says it: an agency only if it is one of these, a reference only if there is such a
        one, and the days only where they are looked at: of one referral they are not."""
        asked = replace(
            self,
            ref=self.ref if has_ref else "",
            agency=self.agency if self.agency in agencies else "",
        )
        found: dict[str, str] = {}
        for name, value in asked.pairs:
            if self.ref and name in ("since", "until"):
                continue
            found[name] = f"{found[name]} {value}" if name in found else value
        return found

    def address(self, path: str = PATH, **more: str) -> str:
        """Of a page of them."""
        return f"{path}?{urlencode([*self.pairs, *more.items()])}"

    def address_from(self, day: date) -> str:
        """Of the same from that day on."""
        return replace(self, since=day).address()

    def fields(self, names: Mapping[str, str]) -> tuple[Field, ...]:
        """The form by which somebody asks; `names` are what agencies are called."""
        return (
            Line(name="ref", question="Referral or message reference", value=self.ref),
            checkboxes("status", "Status", OFFERED, self.statuses),
            checkboxes("kind", "Message", KINDS, self.kinds),
            select("agency", "To", names, self.agency),
            select("way", "Sent by", {way.value: words for way, words in WAYS.items()}, self.way),
            day_field("since", "Referral came in from", self.since),
            day_field("until", "Referral came in until", self.until),
        )

    def chips(self, names: Mapping[str, str]) -> Iterator[Chip]:
        """Each filter in force, and the address without it."""
        if self.ref:
            yield Chip(text=self.ref, path=replace(self, ref="").address())
        for status in self.statuses:
            left = tuple(one for one in self.statuses if one != status)
            yield Chip(text=OFFERED[status], path=replace(self, statuses=left).address())
        for kind in self.kinds:
            others = tuple(one for one in self.kinds if one != kind)
            yield Chip(text=KINDS[Kind(kind)], path=replace(self, kinds=others).address())
        if self.agency:
            yield Chip(text=names.get(self.agency, self.agency), path=replace(self, agency="").address())
        if self.way:
            yield Chip(text=WAYS[Channel(self.way)], path=replace(self, way="").address())
