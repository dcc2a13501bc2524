"""What the mail service said of an e-mail, in plain words."""

from functions.adapters.ledger.store import Item
from schemas.codes import Receipt, ReceiptCause

CAUSES = {
    ReceiptCause.MAILBOX_UNKNOWN: "there is no such mailbox",
    ReceiptCause.REFUSED_FOR_GOOD: "the mailbox does not take it",
    ReceiptCause.SUPPRESSED_BY_PROVIDER: "mail to this address came back before, so it was not even tried",
    ReceiptCause.UNSUBSCRIBED: "the address asked for no more mail",
    ReceiptCause.MARKED_AS_SPAM: "it was marked as spam",
    ReceiptCause.REFUSED_FOR_NOW: "the mailbox does not take it at the moment",
    ReceiptCause.MAILBOX_FULL: "the mailbox is full",
    ReceiptCause.MESSAGE_TOO_LARGE: "the message is too large for the mailbox",
    ReceiptCause.CONTENT_REFUSED: "the mail system does not take what it says",
    ReceiptCause.TAKES_TOO_LONG: "it could not be handed over in time",
    ReceiptCause.LOOKS_LIKE_SPAM: "the mail system takes it for spam",
    ReceiptCause.MAIL_SYSTEM_FAILING: "the agency's mail system is failing",
    ReceiptCause.NO_CONNECTION: "the agency's mail system cannot be reached",
    ReceiptCause.PROVIDER_FAILING: "the mail service itself is failing",
    ReceiptCause.NOT_STATED: "nobody said why",
    ReceiptCause.PROVIDER_REJECTED: "the mail service found something harmful in it and did not send it",
    ReceiptCause.NOT_RENDERED: "the mail service could not make the message",
}


def mail_words(row: Item, message: str) -> str:
    """The sentence of a RECEIPT row about `message`, such as `the e-mail to north-probation`."""
    match Receipt(row["receipt"]):
        case Receipt.ACCEPTED:
            return f"The mail service confirms that {message} has left."
        case Receipt.DELIVERED:
            return f"The agency's mail system has taken {message}."
        case Receipt.DELAYED if "gave_up" in row:
            return f"The mail service has given up {message}: {_why(row)}. A call is due."
        case Receipt.DELAYED:
            return f"The mail service still has {message}, and tries on: {_why(row)}."
        case Receipt.BOUNCED:
            became = f"came back: {_why(row)}"
        case Receipt.COMPLAINED:
            became = f"arrived, and {_why(row)}"
    return f"The mail service says that {message} {became}. A call is due.{_no_more(row)}"


def _why(row: Item) -> str:
    return f"{CAUSES[ReceiptCause(row['reason'])]} ({row['reason']})"


def _no_more(row: Item) -> str:
    return " Nothing more is sent to that address until it is verified anew." if "suppressed" in row else ""
