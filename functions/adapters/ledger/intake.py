"""Taking events in: what is already known of a referral, and the one transaction that records each event."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, at_text
from functions.adapters.ledger.clocks import CLOCKS_LEFT, clocks_that_were_left, moved_clocks
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import (
    delivery,
    done_task,
    marker,
    new_key,
    notice,
    open_task,
    supersede,
    superseded_fact,
)
from functions.adapters.ledger.records import (
    AcceptedDecision,
    Arrival,
    Elsewhere,
    KeptForm,
    MovedClock,
    OpenedTask,
    ReceivedReferral,
    Referral,
)
from functions.adapters.ledger.store import MOST_PARTS, Change, Condition, Item, Part, Store
from functions.domain.series import REFERRER_WAITS
from functions.domain.withdrawal import WITHDRAWN
from functions.domain.withholding import WITHHELD

OF_A_DUPLICATE = ("duplicate_of", "duplicate_of_child", "joined")
"""What a child's item says while its newest decision is that it is a duplicate."""
_OF_ONE_VERSION = (*OF_A_DUPLICATE, WITHDRAWN, WITHHELD, CLOCKS_LEFT, REFERRER_WAITS)
"""What a newer decision of a child ends, unless it says so anew."""


class Intake:
    """Reads what is known and writes what has come, each event in one transaction."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def referral(self, ref: str) -> Referral:
        """One referral's state, in one query."""
        pk = keys.referral(ref)
        return Referral.of(pk, self._store.partition(self._store.state, pk))

    def enquiry(self, ref: str) -> Referral:
        """What is known of one enquiry, likewise."""
        pk = keys.enquiry(ref)
        return Referral.of(pk, self._store.partition(self._store.state, pk))

    def case(self, ref: str) -> Referral:
        """The referral of this reference or, where there is none, the enquiry: whoever acts names either."""
        referral = self.referral(ref)
        return referral if referral.head else self.enquiry(ref)

    def without_referral(self, arrival: Arrival) -> Referral:
        """The day's partition for what belongs to no referral."""
        pk = keys.without_referral(arrival.at, arrival.source)
        return Referral(pk=pk, tip=self._chain.tip(pk))

    def unlinked_form(self, form_id: str, arrival: Arrival) -> Referral:
        """A form without a referral: its own items, recorded in the day's partition."""
        items = self._store.partition(self._store.state, keys.unlinked_form(form_id))
        nowhere = self.without_referral(arrival)
        return replace(nowhere, forms=Referral.of(nowhere.pk, items).forms)

    def feed(self) -> list[Item]:
        """The last sign of life of each police feed."""
        return self._store.partition(self._store.state, keys.FEED)

    def markers(self, event_id: str, bus_id: str) -> tuple[Item | None, bool]:
        """The marker of an event taken in before, and whether this very arrival was recorded before."""
        state = self._store.state
        wanted = [
            (state, keys.marker(event_id), keys.EVENT),
            (state, keys.marker(f"bus-{bus_id}"), keys.EVENT),
        ]
        found = self._store.get_many(wanted)
        first = found.get(wanted[0])
        return first, wanted[1] in found or (first is not None and first["bus_id"] == bus_id)

    def wrapped_key(self, scope: str) -> bytes | None:
        """The scope's wrapped data key, if it has one."""
        item = self._store.get(self._store.keys, scope, keys.KEY)
        return item["wrapped"] if item else None

    def accept(self, referral: Referral, new: AcceptedDecision, arrival: Arrival) -> None:
        """Records one decision whole: rows, child, notices, deliveries, tasks, what it changes in other
        referrals; ends tasks and supersedes what was not sent yet, as far as the transaction has room.

        What it leaves of them is noticed later: an unsent older version refuses itself when it is claimed,
        and a task of an ended hold finds nothing to release.
        """
        room = max(MOST_PARTS - parts_needed(new), 0)
        parts = list(self._recorded(referral, new, arrival))
        for there in new.elsewhere:
            unsent = there.unsent[: room // 2]
            parts += self._recorded_there(there, unsent, new, arrival)
            room -= 2 * len(unsent)
        done = [referral.tasks[sk] for sk in new.done_tasks][:room]
        waits = new.child_state.get(REFERRER_WAITS, "")
        unsent = referral.unsent_before(new.child, new.seq, referrer_waits=waits)
        superseded = unsent[: (room - len(done)) // 2]
        facts = [*new.facts, *(self._superseded_fact(item, new) for item in superseded)]
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, facts, arrival.at),
                *parts,
                *(done_task(self._store, item) for item in done),
                *(supersede(self._store, item) for item in superseded),
            ]
        )

    def set_clocks_left(self, referral: Referral, child: int, clocks: Sequence[MovedClock]) -> None:
        """Sets the clocks of the child's newest version, of which its row tells already.

        Raises ConditionsFailedError if they are set, or a clock is not as it was read.
        """
        dver = referral.newest(child)
        for parts in clocks_that_were_left(self._store, referral.pk, child, dver, clocks):
            self._store.write(parts)

    def _recorded(self, referral: Referral, new: AcceptedDecision, arrival: Arrival) -> Iterator[Part]:
        older = Condition("attribute_not_exists(#dver) OR #dver < :new_dver", {"new_dver": new.seq})
        yield marker(self._store, new.event_id, arrival, referral.pk, new.fingerprint)
        yield self._store.update(
            "child",
            self._store.state,
            (referral.pk, keys.child(new.child)),
            change=Change(
                {"dver": new.seq, **new.child_state},
                remove=tuple(name for name in _OF_ONE_VERSION if name not in new.child_state),
            ),
            condition=older,
        )
        yield from new_key(self._store, referral.pk, new.new_key)
        yield from (notice(self._store, referral.pk, one) for one in new.notices)
        yield from (delivery(self._store, one, arrival.at) for one in new.deliveries)
        for task in new.tasks:
            yield open_task(self._store, referral.pk, OpenedTask(new.child, new.seq, task), arrival.at)
        yield from moved_clocks(self._store, referral.pk, new.clocks)

    def _recorded_there(
        self, there: Elsewhere, unsent: Sequence[Item], new: AcceptedDecision, arrival: Arrival
    ) -> Iterator[Part]:
        """What joins or leaves another referral; its chain's head says that nobody wrote there meanwhile."""
        referral, state = there.referral, self._store.state
        facts = [*there.facts, *(self._superseded_fact(item, new) for item in unsent)]
        yield from self._chain.append(referral.pk, referral.tip, facts, arrival.at)
        for join in there.joins:
            # Said again by a newer version of the duplicate, it is the same join.
            item = {name: value for name, value in join.items() if name != "sk"}
            yield self._store.update(
                f"join {join['sk']}", state, (referral.pk, join["sk"]), change=Change(item)
            )
        for task in there.tasks:
            opened = OpenedTask(there.child or 0, there.at_version, task)
            yield open_task(self._store, referral.pk, opened, arrival.at)
        if there.child is not None:
            yield self._store.check(
                "original", state, (referral.pk, keys.child(there.child)), _at_version(there.at_version)
            )
        yield from (notice(self._store, referral.pk, one) for one in there.notices)
        yield from (delivery(self._store, one, arrival.at) for one in there.deliveries)
        for sk in there.done_tasks:
            yield done_task(self._store, referral.tasks[sk])
        for item in unsent:
            yield supersede(self._store, item)

    def arrive(self, referral: Referral, new: ReceivedReferral, arrival: Arrival) -> None:
        """Records a referral's arrival; a child that is decided already keeps its own check."""
        state = self._store.state
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, new.facts, arrival.at, head=new.head),
                marker(self._store, new.event_id, arrival, referral.pk, new.fingerprint),
                *new_key(self._store, referral.pk, new.new_key),
                *(
                    self._store.update(
                        f"child {child}",
                        state,
                        (referral.pk, keys.child(child)),
                        change=Change(attributes),
                        condition=_at_version(referral.newest(child)),
                    )
                    for child, attributes in new.children.items()
                ),
                *moved_clocks(self._store, referral.pk, new.clocks),
            ]
        )

    def keep_form(self, scope: str, referral: Referral, form: KeptForm, arrival: Arrival) -> None:
        """Records a form, keeps it as the newest of `form.children`, and moves the checked children's
        RA status."""
        rank = form.attributes["rank"]
        outranked = Condition("attribute_not_exists(#rank) OR #rank < :new_rank", {"new_rank": rank})
        state = self._store.state
        kept = {
            **form.attributes,
            "uid": form.sealed.uid,
            "cipher": form.sealed.cipher,
            "audit_pk": referral.pk,
        }
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, form.facts, arrival.at),
                marker(self._store, form.event_id, arrival, referral.pk, form.fingerprint),
                *new_key(self._store, scope, form.new_key),
                *(
                    self._store.put(
                        f"form {child}",
                        state,
                        {"pk": scope, "sk": keys.form(child), **kept},
                        condition=outranked,
                    )
                    for child in form.children
                ),
                *(
                    self._store.update(
                        f"child {child}", state, (scope, keys.child(child)), change=Change(learnt)
                    )
                    for child, learnt in form.checked.items()
                ),
                *moved_clocks(self._store, referral.pk, form.clocks),
            ]
        )

    def heard_from_feed(
        self, event_id: str, status: str, fact: Fact, arrival: Arrival, fingerprint: str
    ) -> None:
        """Records a heartbeat, by the time we received it; its event's fingerprint is the fact's own
        identity."""
        nowhere = self.without_referral(arrival)
        sign = {"last_heartbeat_at": at_text(arrival.at), "feed_status": status}
        self._store.write(
            [
                *self._chain.append(nowhere.pk, nowhere.tip, [fact], arrival.at),
                marker(self._store, event_id, arrival, nowhere.pk, fingerprint=fingerprint),
                self._store.update(
                    "feed", self._store.state, (keys.FEED, arrival.source), change=Change(sign)
                ),
            ]
        )

    def note_duplicate(self, referral: Referral, fact: Fact, arrival: Arrival) -> None:
        """Records one more arrival of an event; its own marker stands already."""
        self._note(referral, fact, arrival, event_id=f"bus-{arrival.bus_id}", fingerprint="")

    def note_stale(
        self, referral: Referral, fact: Fact, arrival: Arrival, *, event_id: str, fingerprint: str
    ) -> None:
        """Records a decision that came after a newer one, marked so that its return is a duplicate."""
        self._note(referral, fact, arrival, event_id=event_id, fingerprint=fingerprint)

    def _note(
        self, referral: Referral, fact: Fact, arrival: Arrival, *, event_id: str, fingerprint: str
    ) -> None:
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, [fact], arrival.at),
                marker(self._store, event_id, arrival, referral.pk, fingerprint),
            ]
        )

    @staticmethod
    def _superseded_fact(item: Item, new: AcceptedDecision) -> Fact:
        return superseded_fact(DeliveryKey.of(item), by=new.seq, cause=new.event_id)


def parts_needed(new: AcceptedDecision) -> int:
    """How many parts a decision's transaction has at least: a row, and what it changes, for each thing."""
    own = len(("head", "event", "child", "key"))
    own += sum(map(len, (new.facts, new.notices, new.deliveries, new.tasks)))
    own += sum(one.parts for one in new.clocks)
    return own + sum(
        len(("head",) if there.child is None else ("head", "original"))
        + sum(
            map(
                len,
                (there.facts, there.joins, there.notices, there.deliveries, there.tasks, there.done_tasks),
            )
        )
        for there in new.elsewhere
    )


def room_for_clocks(*, rows: int, kept_for: int, checked: int) -> int:
    """How many clocks a form's transaction could move."""
    return MOST_PARTS - len(("head", "event", "key")) - rows - kept_for - checked


def _at_version(dver: int) -> Condition:
    """The child is decided, or not, as it was read: nothing may be told by what is no longer so."""
    if dver:
        return Condition("#dver = :read_dver", {"read_dver": dver})
    return Condition("attribute_not_exists(#dver)", {})
