"""What an agency's system posts, signed, once somebody there has read a message: which one, their role."""

from typing import Annotated

from pydantic import Field

from schemas.base import Contract
from schemas.codes import ReaderRole


class Confirmation(Contract):
    """One message, by the id that it came with; a role and never a person."""

    id: Annotated[str, Field(pattern=r"^msg_[0-9a-f]{32}$")]
    role: ReaderRole
