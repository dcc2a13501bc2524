"""A test message to an agency's system: sending one, why none can be sent, and what came of the newest."""

from collections.abc import Sequence
from datetime import datetime

from functions.adapters.ledger.store import Item
from functions.adapters.registry.endpoint_health import TEST_ASKED
from functions.adapters.registry.entry import Entry
from functions.adapters.registry.obstacles import Pause
from functions.console.agencies.endpoint_acts import endpoint_of
from functions.console.door.problems import not_possible
from functions.console.door.request import Answer
from functions.console.door.visit import Visit
from functions.console.shown.form import Form
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.words.acted import leads_back
from functions.console.words.messages import refused
from functions.console.words.moments import short
from functions.flows.acting.endpoint import send_test, why_no_test
from functions.flows.orders import OrderRefusedError
from functions.story.named import upper
from functions.story.troubles import TRIED
from schemas.codes import CanaryResult, ErrorWord

_CAME_OF_IT = {
    CanaryResult.CANARY_SENT: Tag(text="On its way", tone=Tone.INFO),
    CanaryResult.CANARY_OK: Tag(text="Taken", tone=Tone.GOOD),
    CanaryResult.CANARY_FAILED: Tag(text="Not taken", tone=Tone.BAD),
    CanaryResult.CANARY_UNKNOWN: Tag(text="Not known whether it arrived", tone=Tone.WARN),
}
_ASKED = Tag(text="Leaves within a minute", tone=Tone.INFO)


def trial_sent(visit: Visit) -> Answer:
    """One leaves with the next sweep; the agency's page then says what came of it."""
    entry = endpoint_of(visit)
    visit.note("AGENCY_TEST", 1, {"agency": entry.agency_id})
    here = f"/agencies/{entry.agency_id}"
    try:
        send_test(entry.agency_id, by=visit.actor, request=visit.request.request_id, desk=visit.desk.acts)
    except OrderRefusedError as exc:
        return not_possible(exc.on_a_page, Link(text=f"Back to {entry.name}", path=here))
    visit.acted()
    return leads_back(here, "test", visit)


def trial_form(entry: Entry, pause: Pause | None) -> Form | None:
    """One button: it changes nothing, so nobody is asked why. None where no test message can be sent."""
    if entry.url is None or why_no_test(entry, pause):
        return None
    return Form(id="test", path=f"/agencies/{entry.agency_id}", fields=(), button="Send a test message")


def newest_trial(entry: Entry, pause: Pause | None, newest: Sequence[Item], now: datetime) -> Fact:
    """What came of it, by the agency's newest entries; where there is none, why."""
    told = {*CanaryResult, TEST_ASKED}
    row = next((row for row in newest if row.get("result") in told), None)
    label = "Newest test message"
    if row is None:
        return Fact(label=label, text="None yet", detail=why_no_test(entry, pause))
    at = short(datetime.fromisoformat(row["at"]), now)
    if row["result"] == TEST_ASKED:
        return Fact(label=label, tag=_ASKED, text=f"asked for {at}")
    took = f" It took {row['took_ms'] / 1000:.1f} seconds." if "took_ms" in row else ""
    return Fact(label=label, tag=_CAME_OF_IT[CanaryResult(row["result"])], text=at, detail=_why(row) + took)


def _why(row: Item) -> str:
    if "error" not in row:
        return ""
    return f"{refused(row) or upper(TRIED[ErrorWord(row['error'])].what)}."
