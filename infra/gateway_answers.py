"""What API Gateway answers by itself, for requests that never reach our function: in the words of a problem
document, like ours."""

import json
from dataclasses import dataclass

from aws_cdk import aws_apigateway

from schemas.console import CLOSED

TRY_AGAIN_SECONDS = 10
"""For whom the throttle held back: by then a burst of all that one route takes is over."""
WHILE_WE_MEND_SECONDS = 60
HEADERS = {
    "cache-control": "no-store",
    "content-type": "application/problem+json",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class Words:
    """What to do, by what happened; `closed` is for whoever calls from where nobody may."""

    not_here: str
    turned_away: str
    too_many: str
    not_taken: str
    not_answered: str
    closed: str | None = None


OF_CONFIRMATIONS = Words(
    not_here="Nothing is at this address, or not for this method. Post a confirmation to /confirmations.",
    turned_away=(
        "The firewall turned this away. If it was one of very many, wait five minutes; else ring the MASH."
    ),
    too_many="Too many at once. Nothing was recorded: send it again.",
    not_taken="This is no request that can be taken. Nothing was recorded.",
    not_answered="It may not be recorded. Send it again in a minute: the same again does no harm.",
)
OF_THE_CONSOLE = Words(
    not_here="Nothing is at this address, or not for this method.",
    turned_away="The firewall turned this away. Wait five minutes; if it lasts, ring the service desk.",
    too_many="Too many at once. Your change was not made: go back, and try again in a minute.",
    not_taken="This is no request that can be taken. Your change was not made.",
    not_answered="Your change may not have been made. Go back and look before you try again.",
    closed=CLOSED,
)


def answer_alike(api: aws_apigateway.RestApi, words: Words) -> None:
    """Each of API Gateway's own answers, with not a word of the request in it: any could hold a token."""
    kinds = aws_apigateway.ResponseType
    _add(api, "NotHere", kinds.MISSING_AUTHENTICATION_TOKEN, words.not_here, 404)
    _add(api, "TurnedAway", kinds.WAF_FILTERED, words.turned_away, 403)
    if words.closed:
        _add(api, "Closed", kinds.ACCESS_DENIED, words.closed, 403)
    _add(api, "TooMany", kinds.THROTTLED, words.too_many, 429, again_after=TRY_AGAIN_SECONDS)
    _add(api, "NotTaken", kinds.DEFAULT_4_XX, words.not_taken)
    _add(api, "NotAnswered", kinds.DEFAULT_5_XX, words.not_answered, again_after=WHILE_WE_MEND_SECONDS)


def _add(
    api: aws_apigateway.RestApi,
    name: str,
    kind: aws_apigateway.ResponseType,
    what_to_do: str,
    status: int | None = None,
    *,
    again_after: int | None = None,
) -> None:
    """Without a `status` it is whichever API Gateway has, and the body does not name it.

    The template is the one that API Gateway falls back to, whatever a client accepts.
    """
    body = {"title": what_to_do} | ({"status": status} if status else {})
    headers = HEADERS | ({"retry-after": str(again_after)} if again_after else {})
    api.add_gateway_response(
        name,
        type=kind,
        status_code=str(status) if status else None,
        response_headers={header: f"'{value}'" for header, value in headers.items()},
        templates={"application/json": json.dumps(body)},
    )
