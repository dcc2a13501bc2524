"""Rows about the service itself: who looked something up, what the registry became, a day's account."""

from functions.adapters.ledger.store import Item
from functions.cli.story.named import actor_words


def registry(row: Item) -> str:
    return f"The registry's entry became version {row['version']}, approved by {row['approver']}."


def read(row: Item) -> str:
    return f"{actor_words(row['actor'])} read {row['rows']} rows of {row['referral']}."


def query(row: Item) -> str:
    return f"{actor_words(row['actor'])} asked for {row['asked']}: {row['rows']} found."


def export(row: Item) -> str:
    also = " as CSV and Parquet" if "parquet_sha256" in row else ""
    return (
        f"{actor_words(row['actor'])} took away {row['exported']} of {row['since']} to {row['until']}: "
        f"{row['rows']} rows{also} ({row['purpose']})."
    )


def reconciled(row: Item) -> str:
    return (
        f"Account of {row['day']}: {row['decisions']} decisions in, {row['accounted']} accounted for, "
        f"{row['differences']} differences."
    )
