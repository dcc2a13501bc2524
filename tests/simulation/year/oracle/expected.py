"""Every firing that there should be in a year."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from functions.domain.due import acknowledgement_due_at, early_event_due_at
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import Counts, Heard, Hearing, hear
from tests.simulation.year.oracle.afterwards import AFTERWARDS, WITHDRAWN
from tests.simulation.year.oracle.paper import Firing, Paper, Sweep
from tests.simulation.year.oracle.police_forms import chased
from tests.simulation.year.oracle.until_decided import contributions, to_decide, transfers

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Oracle:
    """What should fire until the end of a year; `heard` by referral."""

    heard: Mapping[str, Sequence[Heard]]
    sweep: Sweep
    ends: datetime

    def expects(self) -> Iterator[Firing]:
        """Every firing there should be."""
        for ref, heard in self.heard.items():
            told = hear(heard)
            yield from self._early(ref, told)
            yield from self._acknowledgement(ref, told)
            for child in told.children:
                yield from self._of_a_child(ref, child, told)

    def _fired(self, ref: str, name: str, paper: Paper) -> Iterator[Firing]:
        paper.until(self.ends + _A_MOMENT)
        yield from (Firing(ref, name, at) for at in paper.fired)

    def _early(self, ref: str, told: Hearing) -> Iterator[Firing]:
        """An event that waits for longer than a working day."""
        for one in told.waited:
            paper = Paper(self.sweep)
            paper.set(one.since, one.since, early_event_due_at(one.since, POLICY))
            if one.until is not None:
                paper.until(one.until)
                paper.over("ANSWERED", one.until)
            child = one.event.get("child_index", 0)
            yield from self._fired(ref, f"EARLY#{child:02d}#{one.event['event_id']}", paper)

    def _acknowledgement(self, ref: str, told: Hearing) -> Iterator[Firing]:
        """From the receipt until the acknowledgement, or until each child is decided, which says more."""
        paper, known, decided = Paper(self.sweep), set[int](), set[int]()
        for one in told.counts:
            paper.until(one.at)
            if one.type == "REFERRAL_RECEIVED":
                listed = {entry["child_index"] for entry in one.event["children"]}
                known |= listed
                if listed - decided and paper.since is None:
                    since = one.moment_of("received_at")
                    paper.set(one.at, since, acknowledgement_due_at(since, POLICY))
            elif one.type == "ACKNOWLEDGED":
                paper.over("ANSWERED", one.at)
            elif one.is_a_decision:
                known.add(one.child)
                decided.add(one.child)
                if known == decided:
                    paper.over("ANSWERED", one.at)
        yield from self._fired(ref, "ACKNOWLEDGE#00", paper)

    def _of_a_child(self, ref: str, child: int, told: Hearing) -> Iterator[Firing]:
        mine = [one for one in told.counts if one.child in (0, child)]
        settled_at: datetime | None = None
        told_there = partial(self._is_told_there, mine)
        for firing in self._fired(ref, f"DECIDE#{child:02d}", to_decide(mine, child, self.sweep, told_there)):
            settled = told_there(firing.at)
            settled_at = firing.at if settled else settled_at
            yield firing._replace(settled=settled)
        for agency, paper in contributions(mine, child, self.sweep).items():
            for firing in self._fired(ref, f"CONTRIBUTE#{child:02d}#{agency}", paper):
                yield firing._replace(settled=settled_at is not None and firing.at >= settled_at)
        for council, paper in transfers(mine, self.sweep).items():
            yield from self._fired(ref, f"TRANSFER#{child:02d}#{council}", paper)
        for kind, rules in AFTERWARDS.items():
            yield from self._fired(ref, f"{kind}#{child:02d}", rules(mine, self.sweep))
        for at, step, unread in chased(mine, self.sweep, self.ends + _A_MOMENT):
            settled = not step and not unread
            yield Firing(ref, f"POLICE_FORM#{child:02d}", at, settled, step)

    def _is_told_there(self, mine: Sequence[Counts], at: datetime) -> bool:
        """Whether the child is a duplicate then, not in error, of one that is decided."""
        says = [one for one in mine if (one.is_a_decision or one.type == WITHDRAWN) and one.at <= at]
        newest = [one for one in says[-1:] if one.is_a_decision and "DUP" in one.outcomes]
        if not newest:
            return False
        original, child = newest[0].event["duplicate_of"], newest[0].event["duplicate_of_child"]
        told = [one for one in hear(self.heard.get(original, ())).counts if one.at <= at]
        there = [one for one in told if one.child in (0, child)]
        paper = to_decide(there, child, self.sweep)
        paper.until(at)
        return any(one.is_a_decision for one in there) and not paper.waits
