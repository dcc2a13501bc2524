"""The project's own store, chain and flows on tables in memory: as on moto's."""

from collections.abc import Callable, Sequence

import pytest

from functions.adapters.ledger.everything import Everything
from functions.adapters.ledger.store import Item, Store

# What holds of the store and the chain on moto's tables, held of them on ours: `store` is this file's.
from tests.adapters.test_chain import (  # noqa: F401
    chain,
    test_a_row_about_an_agency_is_listed_under_it_by_month_and_time,
    test_a_step_that_another_condition_stops_leaves_no_row,
    test_a_writer_with_an_old_tip_writes_nothing_and_is_told_to_read_again,
    test_no_row_lands_beyond_the_heads_next_number,
    test_partitions_do_not_share_a_sequence,
    test_rows_are_gapless_linked_and_salted_over_many_transactions,
    test_the_head_keeps_what_a_step_sets_on_it,
    test_the_same_fact_written_again_after_a_lost_reply_stays_one_row,
)
from tests.adapters.test_store import (  # noqa: F401
    test_a_check_changes_nothing_and_holds_back_what_stands_beside_it,
    test_a_part_repeated_after_its_reply_was_lost_is_a_success,
    test_a_put_stands_only_where_nothing_stood,
    test_all_of_a_transaction_happens_or_none_of_it,
    test_an_update_can_only_set_or_only_remove_and_needs_no_condition,
    test_an_update_sets_and_removes_under_its_condition_reserved_words_included,
    test_many_items_are_read_in_one_call_from_several_tables,
)
from tests.an_aws import an_aws
from tests.stage_tables import on_moto, stage_tables, store_over
from tests.world import World, a_bucket, a_decision, a_key, a_registry, a_revision, told_to


@pytest.fixture
def store() -> Store:
    """The three tables in memory, paged as finely as can be."""
    return store_over(stage_tables(largest_page=1))


def a_story(make_store: Callable[[], Store]) -> list[Sequence[object]]:
    """A decision whose first sending fails, a revision, what is sent then; and what is kept of it all."""
    with an_aws():
        world = World(store=make_store(), bucket=a_bucket(), kms_key=a_key())
        world.apply(a_registry())
        world.take(a_decision())
        world.police.refuses["north-police"] = 1
        world.send_due()
        world.take(a_revision())
        world.later(minutes=5)
        world.send_due()
        everything = Everything(world.store)
        return [
            [(row.partition, row.seq, row.item["type"], row.item["uid"]) for row in everything.rows()],
            sorted((key.text, _but_the_bytes(item)) for key, item in everything.deliveries().items()),
            list(told_to(world)),
        ]


def _but_the_bytes(item: Item) -> str:
    """A message carries a link made with its referral's key, and that key is another one each time."""
    return str({name: value for name, value in item.items() if name != "body_sha256"})


@pytest.mark.usefixtures("_no_real_account")
def test_a_story_ends_on_tables_in_memory_as_it_does_on_motos() -> None:
    on_motos = a_story(on_moto)
    assert len(on_motos[-1]) == 4
    assert a_story(lambda: store_over(stage_tables(largest_page=2))) == on_motos
