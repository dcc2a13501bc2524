"""Taking events in: what is already known of a referral, and the one transaction that records each event."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import AcceptedDecision, Arrival, KeptForm, NewDelivery, Referral
from functions.adapters.ledger.store import MOST_PARTS, Change, Condition, Item, Part, Store
from functions.domain.record import uid
from schemas.codes import AuditKind, Channel, DeliveryState


class Intake:
    """Reads what is known and writes what has come, each event in one transaction."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def referral(self, ref: str) -> Referral:
        """One referral's state, in one query."""
        pk = keys.referral(ref)
        return Referral.of(pk, self._store.partition(self._store.state, pk))

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
        """Records one decision whole: rows, child, notice, deliveries; supersedes that child's unsent
        older ones."""
        superseded = referral.unsent_before(new.child, new.seq)[: _room_to_supersede(new)]
        facts = [*new.facts, *(self._superseded_fact(item, new) for item in superseded)]
        older = Condition("attribute_not_exists(#dver) OR #dver < :new_dver", {"new_dver": new.seq})
        state = self._store.state
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, facts, arrival.at),
                self._marker(new.event_id, arrival, referral.pk, new.fingerprint),
                self._store.update(
                    "child",
                    state,
                    (referral.pk, keys.child(new.child)),
                    change=Change({"dver": new.seq, **new.child_state}),
                    condition=older,
                ),
                self._store.put(
                    "notice",
                    state,
                    {
                        "pk": referral.pk,
                        "sk": keys.notice(new.child, new.seq),
                        "uid": new.notice.uid,
                        "cipher": new.notice.cipher,
                    },
                ),
                *self._new_key(referral.pk, new.new_key),
                *(
                    self._store.put(f"delivery {item.key.sk}", state, _row(item, arrival.at))
                    for item in new.deliveries
                ),
                *(self._supersede(item) for item in superseded),
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
                self._marker(form.event_id, arrival, referral.pk, form.fingerprint),
                *self._new_key(scope, form.new_key),
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
                        f"child {child}", state, (scope, keys.child(child)), change=Change({"ra": ra})
                    )
                    for child, ra in form.checked.items()
                ),
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
                self._marker(event_id, arrival, nowhere.pk, fingerprint=fingerprint),
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
                self._marker(event_id, arrival, referral.pk, fingerprint),
            ]
        )

    def _marker(self, event_id: str, arrival: Arrival, pk: str, fingerprint: str) -> Part:
        marker = {
            "pk": keys.marker(event_id),
            "sk": keys.EVENT,
            "bus_id": arrival.bus_id,
            "at": at_text(arrival.at),
        }
        return self._store.put(
            "event", self._store.state, {**marker, "partition": pk, "fingerprint": fingerprint}
        )

    def _new_key(self, scope: str, wrapped: bytes | None) -> list[Part]:
        if wrapped is None:
            return []
        return [self._store.put("key", self._store.keys, {"pk": scope, "sk": keys.KEY, "wrapped": wrapped})]

    def _supersede(self, item: Item) -> Part:
        still_unsent = Condition("#st = :old_st", {"old_st": item["st"]})
        change = Change({"st": DeliveryState.SUPERSEDED.value}, remove=("due_at", "due_pk", "due_sk"))
        return self._store.update(
            f"supersede {item['sk']}",
            self._store.state,
            (item["pk"], item["sk"]),
            change=change,
            condition=still_unsent,
        )

    @staticmethod
    def _superseded_fact(item: Item, new: AcceptedDecision) -> Fact:
        return superseded_fact(DeliveryKey.parse(item["pk"], item["sk"]), by=new.seq, cause=new.event_id)


def _room_to_supersede(new: AcceptedDecision) -> int:
    """How many older deliveries fit into the transaction, a row and an update each.

    The others refuse themselves when they are claimed: their child's version is no longer theirs.
    """
    beside = len(("head", "event", "child", "notice", "key")) + len(new.facts) + len(new.deliveries)
    return (MOST_PARTS - beside) // 2


def superseded_fact(key: DeliveryKey, *, by: int, cause: str) -> Fact:
    """The trail's row for a delivery that a newer version replaced before it was sent."""
    return Fact(
        kind=AuditKind.SUPERSEDED,
        uid=uid("SUPERSEDED", key.text, str(by)),
        actor="mash-outcomes",
        cause=cause,
        details={"child": key.child, "dver": key.seq, "chan": key.channel.value, "by": by},
        agency_id=key.agency_id,
    )


def due_attributes(key: DeliveryKey, due_at: datetime) -> dict[str, str]:
    """What puts a delivery into the due index."""
    text = at_text(due_at)
    return {"due_at": text, "due_pk": key.due_shard, "due_sk": f"{text}#{key.text}"}


def _row(new: NewDelivery, at: datetime) -> dict[str, Any]:
    pins = new.pins.model_dump(mode="json", exclude_none=True, exclude={"agency_id", "channel"})
    row: dict[str, Any] = {
        "pk": new.key.pk,
        "sk": new.key.sk,
        "st": DeliveryState.PENDING.value,
        "agency": new.key.agency_id,
        "chan": Channel(new.key.channel).value,
        "child": new.key.child,
        "dver": new.key.seq,
        "attempt": 0,
        "endpoint_version": new.endpoint_version,
        "created_at": at_text(at),
        **pins,
    }
    if new.held:
        return row | {"held": [code.value for code in new.held]}
    return row | due_attributes(new.key, at)
