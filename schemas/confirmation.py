"""What an agency's system posts, signed, once somebody there has read a message: which one, their role."""

from schemas.base import Contract, MessageId
from schemas.codes import ReaderRole


class Confirmation(Contract):
    """One message, by the id that it came with; a role and never a person."""

    id: MessageId
    role: ReaderRole
