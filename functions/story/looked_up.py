"""Rows about the service itself: who looked something up, what the registry became, a day's account."""

from functions.adapters.ledger.store import Item
from functions.story.named import actor_words
from schemas.codes import SessionEvent


def registry(row: Item) -> str:
    return f"The registry's entry became version {row['version']}, approved by {row['approver']}."


def read(row: Item) -> str:
    return f"{actor_words(row['actor'])} read {row['rows']} rows of {row['referral']}."


def query(row: Item) -> str:
    return f"{actor_words(row['actor'])} asked for {row['asked']}: {row['rows']} found."


def session(row: Item) -> str:
    who, reason = actor_words(row["actor"]), f" ({row['reason']})" if "reason" in row else ""
    return f"{who} {_AT_THE_DOOR[SessionEvent(row['event'])]}{reason}."


_AT_THE_DOOR = {
    SessionEvent.SIGNED_IN: "signed in to the console",
    SessionEvent.SIGNED_OUT: "signed out of the console",
    SessionEvent.NO_ROLE: "has no role in the console, and was not let in",
    SessionEvent.SIGN_IN_FAILED: "could not be signed in to the console",
}


def export(row: Item) -> str:
    also = " as CSV and Parquet" if "parquet_sha256" in row else ""
    days = f" of {row['since']} to {row['until']}" if "since" in row else ""
    only = ", ".join(f"{name} {value}" for name, value in sorted((row.get("filters") or {}).items()))
    return (
        f"{actor_words(row['actor'])} took away {row['exported']}{days}{f' ({only})' if only else ''}: "
        f"{row['rows']} rows{also} ({row['purpose']})."
    )


def reconciled(row: Item) -> str:
    return (
        f"Account of {row['day']}: {row['decisions']} decisions in, {row['accounted']} accounted for, "
        f"{row['differences']} differences."
    )
