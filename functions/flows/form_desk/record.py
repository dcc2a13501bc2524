"""A form is recorded at the police desk: put on the bus, for the intake to take it in as any source's form.

The desk never says how a form stands: the check does, once the form is in. Its event's id follows from what
was answered, so that whoever sends the page twice has it recorded once.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from functions.adapters.event_bus import EventBus
from functions.adapters.patience import Patience
from functions.domain.completeness import check
from functions.flows.form_desk.outstanding import Owed
from functions.log_lines import FORM_GIVEN, log
from schemas.base import instant_text
from schemas.codes import EventType
from schemas.decision import Envelope
from schemas.risk_assessment import POLICE_DESK, PoliceCheck, RaFormMetadata, RaPolicy
from schemas.risk_codes import FormSource

OF_DESK_FORMS: Final = UUID("c2f7a1d8-5b3e-5e60-9a4c-70e81b6f2d45")
"""The name space of their events' ids."""
NOT_YET: Final = UUID(int=0)

Wire = dict[str, Any]


def form_of(answers: Wire, owed: Owed, now: datetime) -> RaFormMetadata:
    """The next version of the child's form, with these answers; raises pydantic's ValidationError."""
    form = RaFormMetadata.model_validate_json(
        json.dumps(
            {
                **answers,
                "schema_version": "1.0",
                "event_id": str(NOT_YET),
                "event_type": EventType.RA_FORM_METADATA.value,
                "source": POLICE_DESK,
                "occurred_at": instant_text(now),
                "form_source": FormSource.DESK_CHECK.value,
                "referral_ref": owed.ref,
                "form_id": owed.form.form_id if owed.form else f"DESK-{owed.ref}-{owed.child}",
                "form_version": owed.next_version,
            }
        )
    )
    return form.model_copy(update={"event_id": _event_id(form)})


def found_in(form: RaFormMetadata, owed: Owed, policy: RaPolicy, now: datetime) -> PoliceCheck:
    """What the check will find, by the very rules that it goes by."""
    return check(owed.referred, [form], owed.feed, policy, now)


def pass_on(form: RaFormMetadata, child: int, bus: EventBus, patience: Patience) -> None:
    """Raises BusyError if the bus did not take it in time."""
    patience.persist(lambda: bus.put(form))
    log(
        FORM_GIVEN,
        event=str(form.event_id),
        referral=form.referral_ref,
        child=child,
        form_version=form.form_version,
    )


def _event_id(form: RaFormMetadata) -> UUID:
    answers = form.model_dump(mode="json", exclude=set(Envelope.model_fields))
    contents = sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()
    return uuid5(OF_DESK_FORMS, f"{form.form_id}|{form.form_version}|{contents}")
