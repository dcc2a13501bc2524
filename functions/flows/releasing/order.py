"""A person's order to end a hold: who, which, why; what it works with, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from functions.adapters.ledger.store import Item
from functions.flows.orders import OrderRefusedError
from schemas.codes import HoldTrigger, NotReleasable, Outcome, ReleaseReason, TaskKind


class NotReleasableError(OrderRefusedError):
    """Nothing is held there, or it may not be released as things stand; the message says what to do."""

    def __init__(
        self, code: NotReleasable, what_to_do: str, field: str | None = None, *, on_a_page: str | None = None
    ) -> None:
        super().__init__(what_to_do, field, on_a_page=on_a_page)
        self.code = code


@dataclass(frozen=True, slots=True)
class Order:
    """Who ends which hold, and why. `agency_id` means that recipient alone; neither it nor `allegation` means
    the child. `request` tells two orders apart, and makes a repeated one the same.

    `seen` is the hold's task as whoever decides was shown it. At the command line nobody is shown any: they
    decide of what is held when the order is first worked out.
    """

    ref: str
    child: int | None
    reason: ReleaseReason
    actor: str
    request: str
    agency_id: str | None = None
    allegation: bool = False
    seen: Item | None = field(default=None, compare=False)

    @property
    def task(self) -> TaskKind:
        """The task that this order does."""
        if self.allegation:
            return TaskKind.RELEASE_ALLEGATION
        return TaskKind.RELEASE_AGENCY if self.agency_id else TaskKind.RELEASE_CHILD


THE_ONLY_REASON: Mapping[Outcome, tuple[HoldTrigger, ReleaseReason]] = {
    Outcome.EMP: (HoldTrigger.EMERGENCY, ReleaseReason.TOLD_BY_PHONE_FIRST),
    Outcome.LAD: (HoldTrigger.LADO, ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER),
}
"""What must have happened before anything of an outcome is sent (domain section 2: of emergency protection by
telephone first). The trigger follows from the outcome, so it was not set in error."""


_UNFIT = NotReleasable.REASON_DOES_NOT_FIT


_ON_A_PAGE: Mapping[ReleaseReason, str] = {
    ReleaseReason.TOLD_BY_PHONE_FIRST: "once it was told by telephone first",
    ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER: "when the designated officer agrees",
}


def fitting_reasons(
    triggers: Collection[HoldTrigger], outcomes: Collection[Outcome]
) -> tuple[ReleaseReason, ...]:
    """Each reason that ends what holds these outcomes."""
    only, is_of_an_address = _only(triggers, outcomes), set(triggers) == {HoldTrigger.UNVERIFIED_ADDRESS}
    return tuple(
        reason
        for reason in ReleaseReason
        if (not only or reason in only) and (reason is not ReleaseReason.ADDRESS_VERIFIED or is_of_an_address)
    )


def require_fitting_reason(
    order: Order, triggers: Collection[HoldTrigger], outcomes: Collection[Outcome]
) -> None:
    """Raises NotReleasableError where the reason is not one that ends what holds these outcomes."""
    if order.reason in fitting_reasons(triggers, outcomes):
        return
    if only := _only(triggers, outcomes):
        held, reasons = ", ".join(sorted(triggers)), " or ".join(sorted(only))
        raise NotReleasableError(
            _UNFIT,
            f"Only {reasons} ends {held}: give that once it is so.",
            "reason",
            on_a_page=f"This may be released only {' or '.join(_ON_A_PAGE[one] for one in sorted(only))}.",
        )
    others = ", ".join(sorted(set(triggers) - {HoldTrigger.UNVERIFIED_ADDRESS}))
    raise NotReleasableError(
        _UNFIT,
        f"{order.reason} is no reason to end {others}: give the manager's own.",
        "reason",
        on_a_page="It is not held for its address alone: that this is verified is no reason to release it.",
    )


def _only(triggers: Collection[HoldTrigger], outcomes: Collection[Outcome]) -> set[ReleaseReason]:
    """The reasons beside which no other will do; empty where any may."""
    known = [THE_ONLY_REASON[outcome] for outcome in THE_ONLY_REASON if outcome in outcomes]
    return {reason for trigger, reason in known if trigger in triggers}


@dataclass(frozen=True, slots=True)
class Released:
    """What came of it: how many messages are due now, and how many something else still holds.

    `entries` say where that stands in the trail; two that came to the same are equal wherever they stand.
    """

    child: int
    due: int
    still_held: int
    entries: tuple[str, ...] = field(default=(), compare=False)
