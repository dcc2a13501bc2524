"""One event of our own, put on the bus that the sources put theirs on."""

from typing import TYPE_CHECKING

from functions.adapters.errors import BusyError, busy_told
from schemas.lifecycle import LifecycleEvent
from schemas.risk_assessment import RaFormMetadata

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient


class EventBus:
    """The hub's bus: what it has taken is delivered to the intake's queue, or ends in a dead-letter queue."""

    def __init__(self, events: "EventBridgeClient", bus_name: str) -> None:
        self._events = events
        self._bus_name = bus_name

    def put(self, event: LifecycleEvent | RaFormMetadata) -> None:
        """Puts the event on the bus, as the source that it names.

        Raises BusyError if the bus did not take it, or did not say so.
        """
        with busy_told():
            answer = self._events.put_events(
                Entries=[
                    {
                        "EventBusName": self._bus_name,
                        "Source": event.source,
                        "DetailType": event.event_type.value,
                        "Detail": event.model_dump_json(exclude_none=True),
                    }
                ]
            )
        if answer["FailedEntryCount"]:
            raise BusyError(answer["Entries"][0].get("ErrorCode", "the bus did not say why"))
