"""The table of places where nothing may go, met by a send, by an endpoint's check and by a redirect."""

from dataclasses import replace

import pytest

from functions.adapters.webhook import TARGETS, guarded_client
from schemas.codes import AttemptResult, ErrorWord
from tests.adapters.hostile import Listener, answering
from tests.adapters.hostile_destinations import (
    CATEGORIES,
    DESTINATIONS,
    NAME,
    PUBLIC,
    PUBLIC_V6,
    Destination,
    asked_at,
    is_refused_by_a_check,
    is_refused_by_a_send,
    main,
    sent_to,
    watched,
)

each_destination = pytest.mark.parametrize("destination", DESTINATIONS, ids=str)


def test_every_category_has_a_row_and_every_row_a_category() -> None:
    assert {row.category for row in DESTINATIONS} == set(CATEGORIES)
    assert len(set(DESTINATIONS)) == len(DESTINATIONS)


@each_destination
def test_no_outcome_goes_there(destination: Destination) -> None:
    assert is_refused_by_a_send(destination) == (True, 0)


@each_destination
def test_nobody_is_asked_there_whether_they_agree(destination: Destination) -> None:
    assert is_refused_by_a_check(destination) == (True, 0)


@each_destination
def test_no_redirect_leads_there(destination: Destination) -> None:
    """A 3xx is an answer: the only connections are to whoever gave it, one for each request."""
    location = destination.url.encode("ascii", "replace").decode()
    redirect = answering(307, location=location)
    with (
        Listener(redirect) as listener,
        watched(*filter(None, [destination.answers]), reaching=listener.port) as tried,
    ):
        answer = sent_to(listener.origin, listener.origin)
        verdict = asked_at(listener.origin, listener.origin)
    assert (answer.result, answer.http_status, answer.retryable) == (AttemptResult.FAILED, 307, True)
    assert (verdict.agreed, verdict.status) == (False, 307)
    assert tried == [("127.0.0.1", listener.port)] * 3
    assert listener.accepts == 3


@pytest.mark.parametrize("public", [PUBLIC, PUBLIC_V6, "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_is_tried_so_the_refusals_are_the_guards(public: str) -> None:
    with watched([public]) as tried:
        assert sent_to(f"https://{NAME}/outcomes").error is ErrorWord.E_CONNECTION
        assert asked_at(f"https://{NAME}/outcomes").result == ErrorWord.E_CONNECTION
    assert {address[:2] for address in tried} == {(public, 443)}


def test_an_answer_that_changes_between_the_check_and_the_connection_changes_nothing() -> None:
    """First public, then this machine, where a listener waits: the checked address alone is tried."""
    with Listener(answering(200)) as listener:
        here = replace(TARGETS, allowed_schemes=frozenset({"http"}), allowed_ports=frozenset({listener.port}))
        with (
            watched([PUBLIC], ["127.0.0.1"], reaching=listener.port) as tried,
            guarded_client(here) as client,
            pytest.raises(Exception, match="reaches nobody"),
        ):
            client.post(f"http://{NAME}:{listener.port}/outcomes", content=b"{}")
        assert tried == [(PUBLIC, listener.port)]
        assert listener.accepts == 0


@pytest.mark.parametrize("meets", [sent_to, asked_at])
def test_the_same_change_meets_a_send_and_a_check_alike(meets: object) -> None:
    assert callable(meets)
    with watched([PUBLIC], ["127.0.0.1"]) as tried:
        meets(f"https://{NAME}/outcomes")
    assert set(tried) <= {(PUBLIC, 443)}
    assert tried


def test_the_figure_says_that_all_were_refused_and_that_no_packet_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main() == 0
    count = len(DESTINATIONS)
    assert capsys.readouterr().out == f"hostile destinations refused: {count}/{count}, packets: 0\n"
