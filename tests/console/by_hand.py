"""What a stage's items say of each child, read row by row with nothing of ours that counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from functions.adapters.ledger.store import Store, from_item

LONDON = ZoneInfo("Europe/London")
NINETY_ONE_DAYS = timedelta(days=90)
_TOGETHER = ("SCHOOL", "GP")
"""Schools, and practices, stand in one line."""
Item = Mapping[str, Any]


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def uk_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


@dataclass(frozen=True)
class Child:
    """One child that came in: what its referral's rows say, read by hand."""

    ref: str
    number: int
    received_at: datetime
    referrer: str | None
    decisions: Sequence[Item]
    """Those that stop the clock and stand, in order."""
    is_duplicate: bool
    told_at: datetime | None
    """When the outcome of any decision first reached whoever referred."""
    knows_newest: bool
    noticed: bool
    """Whether all that has arrived of the newest one is a notice."""

    @property
    def counts(self) -> bool:
        """Whether an agency is to be told of it."""
        return self.referrer is not None and not self.is_duplicate


def _all_of(table: str, store: Store) -> Iterator[Item]:
    pages = store.client.get_paginator("scan").paginate(TableName=table)
    return (from_item(item) for page in pages for item in page["Items"])


@dataclass(frozen=True)
class ByHand:
    """Every row of a stage's trail, and every item of its state, at one moment."""

    trail: Sequence[Item]
    state: Sequence[Item]
    now: datetime

    @staticmethod
    def of(store: Store, now: datetime) -> "ByHand":
        """As the tables stand."""
        trail, state = (list(_all_of(table, store)) for table in (store.audit, store.state))
        return ByHand(trail, state, now)

    @cached_property
    def rows(self) -> list[Item]:
        """The trail's, in the order of each partition."""
        return sorted(self.trail, key=lambda row: (row["pk"], row["sk"]))

    @cached_property
    def referrals(self) -> dict[str, list[Item]]:
        """The rows of each."""
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for row in self.rows:
            if row["pk"].startswith("R#"):
                found[row["pk"].removeprefix("R#")].append(row)
        return dict(found)

    @cached_property
    def messages(self) -> list[Item]:
        return [one for one in self.state if one["sk"].startswith("N#")]

    def open_tasks(self, kind: str | None = None) -> list[Item]:
        tasks = (one for one in self.state if one["sk"].startswith("TASK#") and one["st"] != "DONE")
        return [one for one in tasks if kind in (None, one["kind"])]

    @cached_property
    def children(self) -> list[Child]:
        """Each that came in, or was decided."""
        return [
            a_child(ref, number, rows, self.messages)
            for ref, rows in self.referrals.items()
            for number in sorted({n for row in rows for n in listed(row)})
        ]

    @property
    def to_be_told(self) -> list[Child]:
        """Those that were decided in the last 91 days and whom an agency referred."""
        first = uk_day(self.now) - NINETY_ONE_DAYS
        ours = (one for one in self.children if one.counts and one.decisions)
        return [one for one in ours if uk_day(when(one.decisions[0]["decided_at"])) >= first]

    @property
    def not_told(self) -> list[Child]:
        """Of those, whose referrer does not know the newest decision."""
        return [one for one in self.to_be_told if not one.knows_newest]

    @property
    def by_notice(self) -> list[Child]:
        """Of whom a notice alone has arrived."""
        return [one for one in self.not_told if one.noticed]

    @property
    def outcomes(self) -> Counter[str]:
        """Of the children that were first decided this week, each as it is decided now."""
        monday = uk_day(self.now) - timedelta(days=uk_day(self.now).weekday())
        decided = (one for one in self.children if one.decisions and not one.is_duplicate)
        return Counter(
            one.decisions[-1]["outcome"]
            for one in decided
            if uk_day(when(one.decisions[0]["decided_at"])) >= monday
        )

    @property
    def delivered(self) -> dict[str, str]:
        """`7 of 19` of what was free to go in the last 7 days, by agency; of schools and practices together,
        by their type."""
        first, sent, reached = uk_day(self.now) - timedelta(days=6), Counter[str](), Counter[str]()
        for ways in self._told_once():
            is_there = any(map(arrived, ways))
            goes = is_there or not all(map(is_stopped, ways))
            if goes and uk_day(min(map(free_from, ways))) >= first:
                one = ways[0]
                name = one["agency_type"] if one["agency_type"] in _TOGETHER else one["agency"]
                sent[name] += 1
                reached[name] += is_there
        return {name: f"{reached[name]} of {count}" for name, count in sent.items()}

    def _told_once(self) -> Iterator[list[Item]]:
        """What tells one agency one thing, by whichever channels and however often; nothing that is held."""
        found: defaultdict[tuple[str, ...], list[Item]] = defaultdict(list)
        for one in self.messages:
            _, child, number, agency, _, *nonce = one["sk"].split("#")
            found[one["pk"], child, number, agency, "#".join(nonce).partition("+")[0]].append(one)
        return (ways for ways in found.values() if not any(one["st"] == "HELD" for one in ways))

    @property
    def form_lacking(self) -> list[Item]:
        """The items of the children of the last 91 days whose police form is not complete, or not known."""
        first = uk_day(self.now) - NINETY_ONE_DAYS
        duplicates = {
            (f"R#{one.ref}", f"CHILD#{one.number:02d}") for one in self.children if one.is_duplicate
        }
        return [
            one
            for one in self.state
            if one["sk"].startswith("CHILD#")
            and one.get("ra") in {"INCORRECT", "ABSENT", "UNKNOWN"}
            and uk_day(when(one["received_at"])) >= first
            and (one["pk"], one["sk"]) not in duplicates
        ]

    @property
    def decided_of_late(self) -> list[Item]:
        """The rows of decisions that came in within the last 24 hours."""
        since = self.now - timedelta(hours=24)
        rows = (row for row in self.rows if row["type"] == "DECISION" and when(row["at"]) > since)
        return [row for row in rows if "waited_since" not in row]


def listed(row: Item) -> list[int]:
    """The children whose arrival or decision a row tells."""
    if row.get("event_type") == "REFERRAL_RECEIVED":
        return list(map(int, row["children"]))
    return [int(row["child"])] if row["type"] == "DECISION" else []


def a_child(ref: str, number: int, rows: Sequence[Item], messages: Sequence[Item]) -> Child:
    own = [row for row in rows if number in listed(row)]
    of_it = [row for row in rows if row.get("child") == number]
    withdrawn = {row["decision_seq"] for row in of_it if row.get("event_type") == "WITHDRAWN_IN_ERROR"}
    made = [row for row in own if row["type"] == "DECISION" and row["dver"] not in withdrawn]
    accepted = any(row.get("event_type") == "TRANSFER_ACCEPTED" for row in of_it)
    final = [row for row in made if stops_the_clock(row, is_accepted=accepted)]
    knows = [row for row in own if "source_code" in row]
    referrer = knows[-1].get("referrer") if knows else None
    told = {row["dver"]: list(told_of(ref, row, referrer, of_it, messages)) for row in final}
    newest = final[-1]["dver"] if final else None
    return Child(
        ref,
        number,
        min(when(row["received_at"]) for row in own),
        referrer,
        final,
        is_duplicate=bool(made) and made[-1]["outcome"] == "DUP",
        told_at=min((at for moments in told.values() for at in moments), default=None),
        knows_newest=bool(told.get(newest)),
        noticed=not told.get(newest)
        and any(arrived(one) for one in messages if tells(one, ref, number, newest, referrer)),
    )


def stops_the_clock(row: Item, *, is_accepted: bool) -> bool:
    outcomes = {row["outcome"], *row.get("additional", ())} - {"INF", "DUP"}
    waits = outcomes == {"TRF"} and not (row.get("transfer_accepted") or is_accepted)
    return bool(outcomes) and not waits


def tells(one: Item, ref: str, child: int, dver: int | None, agency: str | None) -> bool:
    """Whether a message tells this agency this very decision."""
    nonce = "#".join(one["sk"].split("#")[5:])
    about = (one["pk"], one["child"], one["dver"], one["agency"])
    return about == (f"R#{ref}", child, dver, agency) and not nonce.startswith(("U", "D"))


def arrived(one: Item) -> datetime | None:
    """When a message was taken by a system, or by a mailbox for good, or read."""
    if "sent_at" in one and (one["chan"] == "webhook" or one.get("rcpt") == "DELIVERED"):
        return when(one["sent_at"])
    return when(one["acked_at"]) if "acked_at" in one else None


def told_of(
    ref: str, decision: Item, referrer: str | None, rows: Sequence[Item], messages: Sequence[Item]
) -> Iterator[datetime]:
    """When its outcome reached whoever referred: by a message, by telephone, in the hub's own system."""
    for one in messages:
        is_it = tells(one, ref, decision["child"], decision["dver"], referrer) and names_the_outcome(one)
        if is_it and (at := arrived(one)):
            yield at
    for row in rows:
        heard = heard_otherwise(row)
        if heard and heard[0] == decision["dver"] and heard[1] in (None, referrer):
            yield when(heard[2])


def heard_otherwise(row: Item) -> tuple[int, str | None, str] | None:
    """What a row says was heard without a message: of which version, by which agency, and when."""
    if row.get("reason") == "TOLD_BY_PHONE":
        return row["dver"], row.get("task_agency", row.get("agency")), row.get("spoken_at", row["at"])
    if row.get("event_type") == "PHONE_CONFIRMED" and "still_held" not in row:
        return row["decision_seq"], row["agency_id"], row["phoned_at"]
    if row["type"] == "SUPPRESSED_IN_SYSTEM":
        return row["dver"], row["agency"], row["at"]
    return None


def free_from(one: Item) -> datetime:
    """When a message might go: as soon as it was made, or once a person let it."""
    return when(one.get("wait_from", one["created_at"]))


def is_stopped(one: Item) -> bool:
    """Something newer took its place, or a person stopped it."""
    return one["st"] in {"SUPERSEDED", "CANCELLED"}


def names_the_outcome(one: Item) -> bool:
    return bool(one["level"] >= 2 or "notice_reason" not in one)
