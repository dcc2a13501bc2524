"""What came back: a word of the mail service, a word of whoever read the message."""

from functions.adapters.ledger.store import Item
from functions.domain.wording.reader_roles import READER_ROLES
from functions.story.mail_words import mail_words
from functions.story.named import its_message, lower, the_message
from functions.story.sent import no_call
from functions.story.tasks import wanted
from schemas.codes import AckMethod, AckResult, ReaderRole

_ACK_METHODS = {AckMethod.PAGE: "on the page", AckMethod.SIGNED_POST: "by its own system"}


def receipt(row: Item) -> str:
    said = mail_words(row, the_message(row)) + no_call(row)
    return f"{said} {wanted(row)}" if "task" in row else said


def ack(row: Item) -> str:
    """Who says that a message was read, by role and how; what came of it."""
    agency, message = row["agency"], its_message(row)
    role, how = lower(READER_ROLES[ReaderRole(row["role"])]), _ACK_METHODS[AckMethod(row["method"])]
    match AckResult(row["result"]):
        case AckResult.CONFIRMED:
            return f"{agency} read and confirmed {message}: {role}, {how}.{no_call(row)}"
        case AckResult.ALREADY:
            return f"{agency} confirmed {message} once more: {role}, {how}. It was on record already."
        case AckResult.EXPIRED:
            return (
                f"{agency} confirmed {message} too late: {role}, {how}. Its link had ended, or a "
                "later message had taken its place; it does not count as read."
            )
