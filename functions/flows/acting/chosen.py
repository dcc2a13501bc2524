"""Which messages of a referral an order means, and how whoever ordered can say it better."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.wording.updates.names import SUBJECTS
from functions.flows.acting.order import THE_DECISION, ActDesk, NotPossibleError, Which
from schemas.codes import Outcome

ID_PREFIX = "msg_"
SHORT_ID = 8
"""How much of a message's id is shown where only it tells two messages apart."""
_OPTIONS = ("child", "agency", "about", "channel", "message")


def meant(referral: Referral, which: Which, desk: ActDesk) -> list[Item]:
    """Every message that fits, whatever its version and state, without those that were sent again since.

    Raises NotPossibleError if there is none.
    """
    if not referral.children:
        raise NotPossibleError(f"No referral {which.ref} is known here. Check the reference.", "ref")
    names = desk.names_of(which.agency_id) if which.agency_id else None
    found = [item for item in _standing(referral) if _fits(item, which, names)]
    if not found:
        raise NotPossibleError(
            " ".join((f"No message of {which.ref} is that one.", *_hints(referral))),
            _rules_all_out(referral, which, names),
            on_a_page=f"No message of {which.ref} is that one any more.",
        )
    return found


def the_one(referral: Referral, which: Which, desk: ActDesk) -> Item:
    """The one message that fits; the newest version's come first. Raises NotPossibleError."""
    found = meant(referral, which, desk)
    found = [item for item in found if referral.is_newest(item)] or found
    if len(found) > 1:
        listed = _listed(referral, found)
        raise NotPossibleError(
            f"That means several messages of {which.ref}. Say which:\n{listed}",
            "message",
            on_a_page=f"That means several messages of {which.ref}: open the one that you mean.",
        )
    return found[0]


def of_one_child(items: Sequence[Item], which: Which) -> list[Item]:
    """The messages, if all are about one child. Raises NotPossibleError if they are not."""
    children = sorted({item["child"] for item in items})
    if len(children) > 1:
        listed = ", ".join(map(str, children))
        raise NotPossibleError(
            f"That means children {listed} of {which.ref}: say which with --child.",
            "child",
            on_a_page=f"That means children {listed} of {which.ref}: open the one that you mean.",
        )
    return list(items)


def _standing(referral: Referral) -> Iterator[Item]:
    return (item for item in referral.messages if "resent" not in item)


def _fits(item: Item, which: Which, names: Collection[str] | None) -> bool:
    return all(_answers(item, which, names).values())


def _answers(item: Item, which: Which, names: Collection[str] | None) -> dict[str, bool]:
    """By option: whether the message is one that it may mean."""
    begins = (which.message or "").removeprefix(ID_PREFIX)
    return {
        "child": which.child in (None, item["child"]),
        "agency": names is None or item["agency"] in names,
        "about": which.about in (None, DeliveryKey.of(item).series or THE_DECISION),
        "channel": which.channel in (None, item["chan"]),
        "message": item["message_id"].removeprefix(ID_PREFIX).startswith(begins),
    }


def _rules_all_out(referral: Referral, which: Which, names: Collection[str] | None) -> str:
    """The option to change: the first that no message answers, else the one that tells them all apart."""
    answered = [_answers(item, which, names) for item in _standing(referral)]
    wrong = (option for option in _OPTIONS if not any(one[option] for one in answered))
    return next(wrong, "message")


def _hints(referral: Referral) -> Iterator[str]:
    current = [item for item in _standing(referral) if referral.is_newest(item)]
    if current:
        yield f"There are:\n{_listed(referral, current)}"
    duplicates = (child for child in referral.children.values() if child.get("outcome") == Outcome.DUP)
    if originals := sorted({child["duplicate_of"] for child in duplicates}):
        yield f"It is a duplicate: what is decided for it stands under {', '.join(originals)}."


def _listed(referral: Referral, items: Iterable[Item]) -> str:
    """A line for each, as the command line would name it."""
    return "\n".join(f"  {as_option(item, several=len(referral.children) > 1)}" for item in items)


def as_option(item: Item, *, several: bool) -> str:
    """How the command line names a message; `several` where the referral has more than one child."""
    child = f"--child {item['child']} " if several else ""
    short = item["message_id"].removeprefix(ID_PREFIX)[:SHORT_ID]
    return (
        f"{child}--agency {item['agency']} --channel {item['chan']} --message {short}  "
        f"({', '.join((item['st'], *_about(item)))})"
    )


def _about(item: Item) -> Iterator[str]:
    """What tells it apart from the decision's own message to whom the decision is about."""
    if (series := DeliveryKey.of(item).series) is not None:
        yield f"about {SUBJECTS[series]}"
    if "duplicate" in item:
        yield f"about {item['duplicate']['referral_ref']}"
