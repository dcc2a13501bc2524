"""A hub's year up to this moment, as `mash up --history` has it made: `... -m tests.simulation.history FILE`.

The real flows play it over tables in memory; what they leave there is the file, compressed, a JSON object on
each line. The first says until when it was played, which registry holds then, and whose endpoint is down.
Each other is an item and its table, as DynamoDB spells it, with bytes in base64; beside the item of a data
key stands the key itself (`plain`), because only the KMS of the stack that loads it can wrap it for that
stack. Whatever it opens is invented.
"""

import argparse
import base64
import gzip
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from functions.adapters.ledger.store import from_item
from functions.domain.clock import uk_day
from functions.log_lines import say_nothing
from tests.simulation.outside import Mood
from tests.simulation.year.calendar import Calendar
from tests.simulation.year.county import AGREE_TO_TESTS, POLICE
from tests.simulation.year.doors import Spell
from tests.simulation.year.hub import Hub
from tests.simulation.year.outages import SPELLS
from tests.simulation.year.progress import Progress
from tests.simulation.year.run import Player
from tests.simulation.year.until import count, play_until

SEED = 1
DOWN_SINCE = timedelta(hours=20)
"""So long has the police's endpoint been down at the end, that somebody has a system to ask about."""


def a_year_until(now: datetime, contacts: int, seed: int = SEED) -> Hub:
    """A hub that so many contacts reach in the 365 days that end with today, as it stands at `now`."""
    calendar = Calendar(uk_day(now) - timedelta(days=364))
    down = Spell(now - DOWN_SINCE, calendar.followed_until, Mood.FAILS)
    progress = Progress(contacts, calendar.begins)
    spells = {**SPELLS, POLICE: [down]}
    player = Player(seed, contacts, progress.say, calendar=calendar, spells=spells)
    play_until(now, player)
    player.hub.agree_to_tests(*AGREE_TO_TESTS)
    count(player.hub)
    progress.then("the year is over")
    return player.hub


def lines(hub: Hub) -> Iterator[str]:
    """The file's."""
    now = hub.clock.now()
    about = {"until": now.isoformat(), "registry": hub.registry.model_dump(mode="json"), "down": POLICE}
    yield json.dumps(about)
    vault, store = hub.intake.vault, hub.store
    for table in (store.keys, store.state, store.audit):
        for item in hub.tables.tables[table].items.values():
            line: dict[str, Any] = {"table": table, "item": item}
            if table == store.keys:
                key = from_item(item)
                line["plain"] = vault.unwrap(key["pk"], key["wrapped"]).plain
            if not _has_expired(item, now):
                yield json.dumps(line, default=_text_of_bytes)


def _has_expired(item: Mapping[str, Any], now: datetime) -> bool:
    """What DynamoDB would have deleted by now."""
    return "expires_at" in item and int(item["expires_at"]["N"]) <= now.timestamp()


def _text_of_bytes(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()


def write(path: Path, hub: Hub) -> None:
    """Whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    with gzip.open(waiting, "wt", encoding="utf-8", compresslevel=4) as file:
        file.writelines(f"{line}\n" for line in lines(hub))
    waiting.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.history", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--contacts", type=int, required=True)
    arguments = parser.parse_args()
    say_nothing()
    write(arguments.file, a_year_until(datetime.now(UTC), arguments.contacts))


if __name__ == "__main__":
    main()
